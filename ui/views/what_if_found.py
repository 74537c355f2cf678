"""What came of scenarios: sentences, one table of all, and one scenario with its own numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd
import streamlit as st

from data.nouns import Plan
from layers.what_if_words import scenario_name, sentence
from layers.words import Words
from patrol.cost_settings import BudgetLine
from patrol.plan_reach import Reach
from patrol.what_if import Outcome
from ui.session import is_phone
from ui.widgets.messages import listed
from ui.widgets.tables import number_table
from ui.widgets.text import plain, together

__all__ = ["found"]

_COLUMNS: Final = ("places", "visits", "times", "worth", "gap", "mean", "wait", "lek")
_NUMBERS: Final = (
    "places",
    "visits",
    "left_out",
    "longest_gap_days",
    "mean_gap_days",
    "longest_wait_days",
    "never",
    "minutes",
    "km",
    "hours",
)
#: Where in them what is counted of places stands, that is no number of its own.
_AFTER_PLACES: Final = 3
_NOTHING: Final = "\N{EN DASH}"
_HOW: Final = ("times", "gap", "worth", "search", "longer", "budget")


def found(outcomes: Sequence[Outcome], plan: Plan, words: Words) -> None:
    """Show scenarios beside each other and beside the plan without them."""
    st.subheader(words("what_if.results"), anchor=False)
    weeks = max(one.before.weeks for one in outcomes)
    if weeks > 1:
        st.markdown(words("what_if.weeks", n=weeks))
    called = [scenario_name(one.scenario, plan, words) for one in outcomes]
    names = [plain(name) for name in called]
    said = [plain(sentence(one, words)) for one in outcomes]
    if is_phone():
        for name, text, one in zip(names, said, outcomes, strict=True):
            _card(name, text, one, words)
    else:
        st.markdown(listed([f"**{n}:** {s}" for n, s in zip(names, said, strict=True)]))
        _table(outcomes, names, words)
    _alone(dict(zip(called, outcomes, strict=True)), words)
    with st.expander(words("what_if.details")):
        st.markdown(listed([words(f"what_if.how.{name}") for name in _HOW]))


def _card(name: str, text: str, outcome: Outcome, words: Words) -> None:
    with st.container(border=True):
        st.markdown(f"**{name}**  \n{text}")
        if outcome.lek_a_visit is not None:
            lek = words.number(outcome.lek_a_visit)
            st.markdown(f"{words('what_if.col.lek_a_visit')}: {lek}")


def _table(outcomes: Sequence[Outcome], names: Sequence[str], words: Words) -> None:
    base = outcomes[-1].before
    plain_row = {c: words.number(v) if v is not None else _NOTHING for c, v in _values(base, base)}
    rows = [{"scenario": words("what_if.base"), **plain_row, "lek_a_visit": _NOTHING}]
    for name, one in zip(names, outcomes, strict=True):
        cells = dict.fromkeys(_COLUMNS, _NOTHING)
        if one.after is not None:
            was = dict(_values(one.before, one.before))
            cells = {c: _beside(was[c], v, words) for c, v in _values(one.after, one.before)}
        dear = _NOTHING if one.lek_a_visit is None else words.number(one.lek_a_visit)
        rows.append({"scenario": name, **cells, "lek_a_visit": dear})
    columns = ("scenario", *_COLUMNS, "lek_a_visit")
    headers = {name: words(f"what_if.col.{name}") for name in columns}
    number_table(pd.DataFrame(rows, columns=list(columns)), headers, words)


def _values(reach: Reach, base: Reach) -> list[tuple[str, float | None]]:
    return [
        ("places", reach.places),
        ("visits", reach.visits),
        ("times", reach.times_met),
        ("worth", round(_worth(reach, base)) if base.worth else None),
        ("gap", _whole(reach.longest_gap_days)),
        ("mean", reach.mean_gap_days),
        ("wait", _whole(reach.longest_wait_days)),
        ("lek", reach.lek),
    ]


def _worth(reach: Reach, base: Reach) -> float:
    """Return what visits are worth in percent of those of the plan: the prize has no unit."""
    return 100.0 * reach.worth / base.worth


def _whole(days: float | None) -> int | None:
    return None if days is None else round(days)


def _beside(was: float | None, is_now: float | None, words: Words) -> str:
    """Return a number with how much more or less it is than before."""
    if is_now is None:
        return _NOTHING
    text = words.number(is_now)
    return together(text if was is None else f"{text} ({_change(was, is_now, words)})")


def _change(was: float, is_now: float, words: Words) -> str:
    more = round(is_now - was, 1)
    if not more:
        return "="
    sign = "+" if more > 0 else "\N{MINUS SIGN}"
    return f"{sign}{words.number(abs(more))}"


def _alone(outcomes: Mapping[str, Outcome], words: Words) -> None:
    """Show the numbers of one scenario, with what its money goes to."""
    planned = {name: one for name, one in outcomes.items() if one.after is not None}
    if not planned:
        return
    with st.expander(words("what_if.alone"), key="what_if_alone_fold"):
        name = st.selectbox(words("what_if.col.scenario"), list(planned), key="what_if_alone")
        one = planned[name]
        if one.after is not None:
            _numbers(one.before, one.after, words)


def _numbers(before: Reach, after: Reach, words: Words) -> None:
    """Show all numbers of a scenario, then its money by kind, then by line of the budget."""
    done = [
        (words(f"what_if.number.{name}"), getattr(before, name), getattr(after, name))
        for name in _NUMBERS
    ]
    times = words("what_if.number.times", of=after.times_wanted)
    done.insert(_AFTER_PLACES, (times, before.times_met, after.times_met))
    if before.worth:
        worth = (words("what_if.number.worth"), 100.0, _worth(after, before))
        done.insert(_AFTER_PLACES + 1, worth)
    _side_by_side(done, words)
    kinds = dict.fromkeys((*before.lek_by_kind, *after.lek_by_kind))
    named = [(words(f"cost.kind.{kind}"), kind) for kind in kinds]
    spent = _lek(named, before.lek_by_kind, after.lek_by_kind, words)
    whole = (words("what_if.number.lek"), before.lek, after.lek)
    _side_by_side([*spent, whole], words)
    lines = [(words(f"cost.line.{line.name.lower()}"), str(line)) for line in BudgetLine]
    _side_by_side(_lek(lines, before.lek_by_line, after.lek_by_line, words), words)


def _lek(
    named: Sequence[tuple[str, str]],
    before: Mapping[str, int],
    after: Mapping[str, int],
    words: Words,
) -> list[tuple[str, float | None, float | None]]:
    """Return what each kind or line comes to, by its name."""
    return [
        (words("what_if.number.kind", kind=name), before.get(key, 0), after.get(key, 0))
        for name, key in named
    ]


def _side_by_side(pairs: Sequence[tuple[str, float | None, float | None]], words: Words) -> None:
    rows = [
        {
            "what": label,
            "before": _NOTHING if was is None else words.number(was),
            "after": _NOTHING if is_now is None else words.number(is_now),
            "change": _NOTHING if was is None or is_now is None else _change(was, is_now, words),
        }
        for label, was, is_now in pairs
    ]
    headers = {name: words(f"what_if.col.{name}") for name in ("what", "before", "after", "change")}
    number_table(pd.DataFrame(rows), headers, words)
