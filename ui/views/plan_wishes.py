"""The parts of the plan's form beyond its minutes: weeks, rounds, rhythms, promises, variety."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

import streamlit as st

from desk import plans
from desk.choices import PlanChoices
from desk.planning import MOST_WEEKS
from ui.shell import Here
from ui.widgets.text import capital, distinct, plain

__all__ = ["choose_places", "wishes"]

#: A Monday, to name the days of the week by.
_MONDAY: Final = date(2026, 6, 1)
_SPANS: Final = {7: "week", 28: "month"}
#: Hours that rounds begin and end in, and the one that is offered first.
_HOURS: Final = range(6, 23)
_USUAL_HOUR: Final = 17


def choose_places(now: Here, town: str, names: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Let the viewer choose places with a rhythm or a promise of their own, before the form.

    A form draws no further field while it is filled in, so what needs fields comes first.
    """
    needs, promises = (
        st.multiselect(
            now.words(f"page_plan.{what}"),
            list(names),
            format_func=names.__getitem__,
            placeholder=now.words("page_plan.must_empty"),
            help=now.words(f"page_plan.{what}_help"),
            key=f"plan_{what}_{town}",
            persist_state="session",
        )
        for what in ("needs", "promises")
    )
    return needs, promises


def wishes(
    now: Here, town: str, names: Mapping[str, str], chosen: tuple[list[str], list[str]]
) -> dict[str, Any]:
    """Draw the fields inside the form; return the choices of theirs."""
    words, usual = now.words, PlanChoices()
    left, right = st.columns(2, vertical_alignment="bottom")
    weeks = left.number_input(
        words("page_plan.weeks"), 1, MOST_WEEKS, usual.weeks, 1,
        help=words("page_plan.weeks_help"), key="plan_weeks", persist_state="session",
    )  # fmt: skip
    most = right.number_input(
        words("page_plan.most_stops"), 1, 40, None, 1,
        help=words("page_plan.most_stops_help"), key="plan_most_stops", persist_state="session",
    )  # fmt: skip
    left, right = st.columns(2, vertical_alignment="bottom")
    price = left.number_input(
        words("page_plan.variety"), 0, 50, usual.variety_pct, 1,
        help=words("page_plan.variety_help"), key="plan_variety", persist_state="session",
    )  # fmt: skip
    every = right.number_input(
        words("page_plan.same_hour"), 1, 10, usual.same_hour_in, 1,
        help=words("page_plan.same_hour_help"), key="plan_same_hour", persist_state="session",
    )  # fmt: skip
    return {
        "weeks": weeks,
        "variety_pct": price,
        "same_hour_in": every,
        "most_stops": most,
        "needs": tuple(_need(now, town, place, names[place]) for place in chosen[0]),
        "promises": tuple(_promise(now, town, place, names[place]) for place in chosen[1]),
        "end_bases": _ends(now, town),
    }


def _need(now: Here, town: str, place: str, name: str) -> tuple[str, int, int, int]:
    """Ask how often a place is needed and how far apart."""
    words, key = now.words, f"{town}_{place}"
    st.markdown(f"**{plain(name)}**")
    left, middle, right = st.columns(3, vertical_alignment="bottom")
    visits = left.number_input(
        words("page_plan.need_visits"), 1, 20, 1, 1, key=f"plan_visits_{key}",
        persist_state="session",
    )  # fmt: skip
    days = middle.selectbox(
        words("page_plan.need_span"),
        list(_SPANS),
        format_func=lambda one: words(f"page_plan.need_{_SPANS[one]}"),
        key=f"plan_span_{key}",
        persist_state="session",
    )
    gap = right.number_input(
        words("page_plan.need_gap"), 0, 28, 2, 1, key=f"plan_gap_{key}", persist_state="session"
    )
    return place, visits, days, gap


def _promise(now: Here, town: str, place: str, name: str) -> tuple[str, int, int]:
    """Ask on which day and at which hour a team said it would be back."""
    words, key = now.words, f"{town}_{place}"
    left, right = st.columns(2, vertical_alignment="bottom")
    weekday = left.selectbox(
        words("page_plan.promise_day", place=plain(name)),
        range(7),
        format_func=lambda one: capital(words.day(_MONDAY + timedelta(days=one), "cccc")),
        key=f"plan_promise_day_{key}",
        persist_state="session",
    )
    hour = right.selectbox(
        words("page_plan.promise_hour"),
        _HOURS,
        index=_HOURS.index(_USUAL_HOUR),
        format_func=lambda one: f"{one:02d}:00",
        key=f"plan_promise_hour_{key}",
        persist_state="session",
    )
    return place, weekday, hour


def _ends(now: Here, town: str) -> tuple[tuple[str, str], ...]:
    """Ask where each team's rounds end, where there is more than one base."""
    teams, bases = plans.teams_and_bases(now.house, now.viewer, town)
    if len(bases) < 2:  # noqa: PLR2004 - there is nowhere else to end
        return ()
    labels = distinct({base.id: base.name for base in bases})
    found = []
    for team in teams:
        end = st.selectbox(
            now.words("page_plan.ends_at", team=plain(team.name)),
            list(labels),
            index=list(labels).index(team.base),
            format_func=labels.__getitem__,
            key=f"plan_end_{team.id}",
            persist_state="session",
        )
        if end != team.base:
            found.append((team.id, end))
    return tuple(found)
