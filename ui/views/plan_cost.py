"""The side of a plan that says what it costs, into which lines of the budget, and by what numbers.

It is the coordinator's: what a team of two costs an hour is what two people earn.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import pandas as pd
import streamlit as st

from data.nouns import TIRANE, Plan
from data.vocabulary import Skill
from desk import cost as costs
from desk.cost import KeptSettings
from layers.cost_sheet import budget_name
from layers.words import Words
from patrol.cost import Cost
from patrol.cost_settings import MOST, BudgetLine, CostKind, CostSettings
from ui.session import Slot
from ui.shell import Here, here
from ui.widgets.messages import keep_fault, listed
from ui.widgets.tables import number_table
from ui.widgets.text import distinct, plain

__all__ = ["cost"]

#: The numbers of the form, in its order; those whole, and those with a tenth.
_WHOLE: Final = (
    "pay_lek",
    "evening_pct",
    "night_pct",
    "overtime_pct",
    "holiday_pct",
    "weekend_pct",
    "on_call_pct",
    "fuel_lek_per_litre",
    "lek_per_km",
    "half_per_diem_lek",
    "per_diem_lek",
    "other_lek_a_round",
)
_TENTHS: Final = {
    "litres_per_100_km": 50.0,
    "half_per_diem_from_h": MOST["h"],
    "per_diem_from_h": MOST["h"],
    "away_km": MOST["km"],
}
_KINDS: Final = (CostKind.KILOMETRES, CostKind.FUEL, CostKind.PER_DIEM, CostKind.OTHER)


def cost(now: Here, plan: Plan) -> None:
    """Say what the plan costs and where the money belongs; let the numbers be put right."""
    words = now.words
    kept = costs.cost_settings(now.house, now.viewer, plan.municipality)
    found = costs.plan_cost(now.house, now.viewer, plan)
    _answer(found, kept, words)
    _by_line(found, words)
    _by_kind(found, words)
    _by_team(found, plan, words)
    if plan.municipality is not None:
        _form(plan.municipality, kept.settings, words)
    _details(kept.settings, words)


def _answer(found: Cost, kept: KeptSettings, words: Words) -> None:
    kinds = found.by_kind()
    km = kinds[CostKind.KILOMETRES].quantity if CostKind.KILOMETRES in kinds else 0
    text = words("cost.answer", lek=found.lek, hours=float(found.hours), km=float(km))
    st.markdown(f"**{text}**")
    if kept.confirmed_at is None:
        st.warning(words("cost.assumed"), icon=":material/help:")
    else:
        st.markdown(words("cost.confirmed", at=kept.confirmed_at))


def _by_line(found: Cost, words: Words) -> None:
    st.subheader(words("cost.by_line"), anchor=False)
    frame = pd.DataFrame(
        [
            {
                "line": f"{plain(budget_name(found, line))}  \n"
                + words(f"cost.line.{line.name.lower()}"),
                "lek": lek,
            }
            for line, lek in found.by_budget_line().items()
        ]
    )
    number_table(frame, _headers(words, "line", "lek"), words)


def _by_kind(found: Cost, words: Words) -> None:
    st.subheader(words("cost.by_kind"), anchor=False)
    frame = pd.DataFrame(
        [
            {
                "kind": words(f"cost.kind.{kind}"),
                "quantity": f"{words.number(float(amount.quantity))} "
                + words(f"cost.unit.{kind.unit}", n=float(amount.quantity)),
                "lek": amount.lek,
            }
            for kind, amount in found.by_kind().items()
        ]
    )
    number_table(frame, _headers(words, "kind", "quantity", "lek"), words)


def _by_team(found: Cost, plan: Plan, words: Words) -> None:
    st.subheader(words("cost.by_team"), anchor=False)
    names = {
        "": words("cost.no_team"),
        **distinct({team.id: team.name for team in plan.teams}),
    }
    rows = [
        {"team": plain(names.get(team, team)), "lek": lek} for team, lek in found.by_team().items()
    ]
    number_table(pd.DataFrame(rows), _headers(words, "team", "lek"), words)


def _headers(words: Words, *columns: str) -> dict[str, str]:
    return {name: words(f"cost.col.{name}") for name in columns}


def _form(town: str, usual: CostSettings, words: Words) -> None:
    with st.expander(words("cost.form")), st.form("cost_settings", border=False):
        columns = st.columns(3)
        for n, name in enumerate((*_WHOLE, *_TENTHS)):
            with columns[n % 3]:
                _number(name, town, usual, words)
        st.markdown(words("cost.form.by_skill"))
        columns = st.columns(3)
        for n, skill in enumerate(Skill):
            paid, most = usual.pay_by_skill.get(skill), int(MOST["lek"])
            columns[n % 3].number_input(
                words(f"word.skill.{skill}"), 0, most, paid, 10, key=_key(town, skill)
            )
        kinds = {kind: words(f"cost.kind.{kind}") for kind in _KINDS}
        st.multiselect(
            words("cost.form.material"),
            list(kinds),
            [kind for kind in _KINDS if kind in usual.material],
            format_func=kinds.__getitem__,
            placeholder=words("cost.form.material_empty"),
            key=_key(town, "material"),
        )
        for line in BudgetLine:
            st.text_input(
                words(f"cost.form.code.{line.name.lower()}"),
                usual.budget_codes.get(line, ""),
                max_chars=40,
                key=_key(town, line.name),
            )
        st.form_submit_button(
            words("cost.form.keep"), key="cost_keep", on_click=_keep, args=(town,)
        )


def _number(name: str, town: str, usual: CostSettings, words: Words) -> None:
    label, key, value = words(f"cost.form.{name}"), _key(town, name), getattr(usual, name)
    if name in _TENTHS:
        st.number_input(label, 0.0, _TENTHS[name], float(value), 0.5, key=key)
    else:
        is_percent = name.endswith("_pct")
        most = int(MOST["pct" if is_percent else "lek"])
        st.number_input(label, 0, most, int(value), 5 if is_percent else 10, key=key)


def _key(town: str, name: str) -> str:
    return f"cost_{town}_{name}"


def _keep(town: str) -> None:
    """Keep what the form holds; what it does not ask stays as it was."""
    now = here()

    def held(name: str) -> Any:  # noqa: ANN401 - a number, a text or a list, as the field has it
        return Slot[Any](_key(town, name), None).get()

    with keep_fault():
        before = costs.cost_settings(now.house, now.viewer, town).settings
        others = [kind for kind in before.material if kind not in _KINDS]
        record = {
            **costs.settings_record(before),
            **{name: held(name) for name in (*_WHOLE, *_TENTHS)},
            "pay_by_skill": {skill: held(skill) for skill in Skill if held(skill) is not None},
            "material": [*others, *held("material")],
            "budget_codes": {
                line: held(line.name).strip() for line in BudgetLine if held(line.name).strip()
            },
        }
        at = datetime.now(TIRANE).replace(microsecond=0)
        costs.keep_cost_settings(now.house, now.viewer, town, costs.settings_of(record), at)


def _details(settings: CostSettings, words: Words) -> None:
    bands = settings.bands
    lines = [
        words(
            "cost.how.bands",
            evening=bands.evening_from_h,
            night=bands.night_from_h,
            morning=bands.night_until_h,
            evening_pct=settings.evening_pct,
            night_pct=settings.night_pct,
        ),
        words(
            "cost.how.overtime",
            daily=settings.daily_hours,
            weekly=settings.weekly_hours,
            pct=settings.overtime_pct,
        ),
        words("cost.how.nought"),
        words("cost.how.away", km=settings.away_km),
        words("cost.how.plan"),
        words("cost.how.rounded"),
    ]
    with st.expander(words("cost.details")):
        st.markdown(listed(lines))
