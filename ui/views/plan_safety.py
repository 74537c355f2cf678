"""The side of the plan page with the rules of safety: as sentences, and to be changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import streamlit as st

from data.nouns import TIRANE, Plan, Week
from data.vocabulary import PlaceKind
from desk import plans, safety
from patrol.safety import KEPT_OUT, SafetySettings, rule_sentences
from ui.session import Slot
from ui.shell import Here, here
from ui.widgets.messages import keep_fault, listed
from ui.widgets.text import capital, distinct, plain

__all__ = ["rules"]

_MONTHS = tuple(range(1, 13))


def rules(now: Here, plan: Plan) -> None:
    """Say what the plan leaves out for safety, list the rules, and let them be changed."""
    words, town = now.words, plan.municipality or ""
    kept = safety.safety_for(now.house, now.viewer, town)
    n_out = sum(one.reason.id in KEPT_OUT for one in plan.left_out)
    n_escort = len({s.stop.place_id for r in plan.routes for s in r.stops if s.stop.needs_escort})
    if n_out or n_escort:
        out = words("safety.left_out", n=n_out)
        st.markdown(f"**{out}** {words('safety.with_escort', n=n_escort)}")
    else:
        st.markdown(words("safety.none_left_out"))
    made_with = plan.settings.get("safety")
    if isinstance(made_with, dict) and SafetySettings(**made_with) != kept:
        st.info(words("safety.changed_since"), icon=":material/info:")
    st.markdown(listed([capital(plain(words.message(rule))) for rule in rule_sentences(kept)]))
    _alerts(now, town, plan.week)
    with st.expander(words("safety.change"), icon=":material/tune:"):
        _form(now, town)


def _alerts(now: Here, town: str, week: Week) -> None:
    """Offer a heat alert on a day, and its taking back."""
    words = now.words
    st.subheader(words("safety.alert_title"), anchor=False)
    given = safety.safety_of(now.house, town).heat_alerts
    for day in given:
        with st.container(horizontal=True, vertical_alignment="center", border=True):
            st.markdown(capital(words.weekday(day)), width="stretch")
            st.button(
                words("safety.alert_back"),
                key=f"alert_back_{day}",
                icon=":material/undo:",
                on_click=_alert,
                args=(town, day),
            )
    today = datetime.now(TIRANE).date()
    days = [day for day in week.days if day >= today and day not in given] or [today]
    labels = {str(day): capital(words.weekday(day)) for day in days}
    with st.form("heat_alert", border=False):
        left, right = st.columns(2, vertical_alignment="bottom")
        left.selectbox(
            words("safety.alert_day"), list(labels), format_func=labels.__getitem__,
            key="alert_day",
        )  # fmt: skip
        right.form_submit_button(
            words("safety.alert_give"), key="alert_give", icon=":material/thermostat:",
            on_click=_alert, args=(town, None),
        )  # fmt: skip
    st.markdown(words("safety.alert_next"))


def _form(now: Here, town: str) -> None:
    words, kept = now.words, safety.safety_of(now.house, town)
    names = distinct(plans.place_names(now.house, now.viewer, town))
    teams = distinct(safety.team_names(now.house, now.viewer, town))
    kinds = {str(kind): capital(words(f"word.kind.{kind}")) for kind in PlaceKind}
    months = {n: capital(words(f"word.month.{n}")) for n in _MONTHS}
    empty = words("safety.none_chosen")
    with st.form("safety", border=False):
        for label, options, chosen, key in (
            ("escort_places", names, kept.escort_places, f"safety_escort_{town}"),
            ("daylight_kinds", kinds, kept.daylight_kinds, "safety_kinds"),
            ("daylight_teams", teams, kept.daylight_teams, f"safety_teams_{town}"),
            ("heat_months", months, kept.heat_months, "safety_months"),
            ("sheltered_kinds", kinds, kept.sheltered_kinds, "safety_sheltered"),
        ):
            st.multiselect(
                words(f"safety.{label}"),
                list(options),
                default=[one for one in chosen if one in options],
                format_func=options.__getitem__,
                placeholder=empty,
                key=key,
            )
        for label, hours in (
            ("daylight", kept.daylight),
            ("heat_hours", kept.heat_hours),
            ("alert_hours", kept.alert_hours),
        ):
            st.slider(words(f"safety.{label}"), 0, 24, hours, key=f"safety_{label}")
        st.form_submit_button(
            words("safety.keep"), key="safety_keep", type="primary", on_click=_keep, args=(town,)
        )


def _keep(town: str) -> None:
    with keep_fault():
        now = here()
        kept = safety.safety_of(now.house, town)
        asked = replace(
            kept,
            escort_places=tuple(Slot[list[str]](f"safety_escort_{town}", []).get()),
            daylight_kinds=_kinds("safety_kinds"),
            daylight_teams=tuple(Slot[list[str]](f"safety_teams_{town}", []).get()),
            heat_months=tuple(Slot[list[int]]("safety_months", []).get()),
            sheltered_kinds=_kinds("safety_sheltered"),
            daylight=Slot("safety_daylight", kept.daylight).get(),
            heat_hours=Slot("safety_heat_hours", kept.heat_hours).get(),
            alert_hours=Slot("safety_alert_hours", kept.alert_hours).get(),
        )
        safety.keep_safety(now.house, now.viewer, town, asked)


def _kinds(key: str) -> tuple[PlaceKind, ...]:
    return tuple(PlaceKind(kind) for kind in Slot[list[str]](key, []).get())


def _alert(town: str, taken_back: date | None) -> None:
    """Give an alert on the day of the form, or take back that of another day."""
    with keep_fault():
        now = here()
        day = taken_back or date.fromisoformat(Slot("alert_day", "").get())
        safety.set_heat_alert(now.house, now.viewer, town, day, on=taken_back is None)
