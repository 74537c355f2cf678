"""The fields that ask for one scenario: what is different, and how."""

from __future__ import annotations

from typing import Final

import streamlit as st

from data.nouns import Plan
from data.vocabulary import TravelMode
from layers.words import Words
from patrol.cost_settings import MOST
from patrol.scenarios import (
    Budget,
    CarLess,
    Holiday,
    MoreHours,
    MorePeople,
    MoreTeam,
    PersonLess,
    Scenario,
)
from ui.views.teams import day_name
from ui.widgets.text import capital, distinct

__all__ = ["own"]

_KINDS: Final = (
    "more_team",
    "car_less",
    "holiday",
    "more_hours",
    "more_people",
    "person_less",
    "budget",
)
_MOST_HOURS: Final = 80
_BUDGET_STEP: Final = 5_000


def own(plan: Plan, words: Words) -> Scenario | None:
    """Return the scenario that the fields ask for, or `None` where there can be none."""
    names = {kind: words(f"what_if.kind.{kind}") for kind in _KINDS}
    kind = st.selectbox(
        words("what_if.which"), list(names), format_func=names.__getitem__, key="what_if_kind"
    )
    made = {
        "more_team": _more_team,
        "car_less": _car_less,
        "holiday": _holiday,
        "more_hours": _more_hours,
        "more_people": _more_people,
        "person_less": _person_less,
        "budget": _budget,
    }
    return made[kind](plan, words)


def _more_team(plan: Plan, words: Words) -> Scenario:
    like = _team(plan, words("what_if.like_team"))
    team = next(one for one in plan.teams if one.id == like)
    left, right = st.columns(2)
    # Each team has its own fields: another one's hours must not stay behind.
    start = left.time_input(words("what_if.from"), team.start, key=f"what_if_from_{like}")
    end = right.time_input(words("what_if.to"), team.end, key=f"what_if_to_{like}")
    days = {day: capital(day_name(day, words)) for day in range(7)}
    weekdays = st.pills(
        words("what_if.days"),
        list(days),
        selection_mode="multi",
        default=list(team.weekdays),
        format_func=days.__getitem__,
        key=f"what_if_days_{like}",
    )
    return MoreTeam(like=like, start=start, end=end, weekdays=tuple(sorted(weekdays)))


def _team(plan: Plan, label: str, *, drives: bool = False) -> str:
    teams = [one for one in plan.teams if not drives or one.mode is TravelMode.DRIVE]
    names = distinct({team.id: team.name for team in teams})
    return st.selectbox(
        label, list(names), format_func=names.__getitem__, key=f"what_if_team_{drives}"
    )


def _car_less(plan: Plan, words: Words) -> Scenario | None:
    if not any(team.mode is TravelMode.DRIVE for team in plan.teams):
        st.markdown(words("what_if.no_car"))
        return None
    team = _team(plan, words("what_if.car_team"), drives=True)
    walks = st.checkbox(words("what_if.walks"), value=True, key="what_if_walks")
    return CarLess(team=team, walks=walks)


def _holiday(plan: Plan, words: Words) -> Scenario:
    days = {day: capital(words.weekday(day)) for day in plan.week.days}
    day = st.selectbox(
        words("what_if.day"), list(days), format_func=days.__getitem__, key="what_if_day"
    )
    return Holiday(day=day)


def _more_hours(_plan: Plan, words: Words) -> Scenario:
    usual = MoreHours()
    hours = st.number_input(
        words("what_if.hours"), 1, _MOST_HOURS, usual.hours, 1, key="what_if_hours"
    )
    longer = st.checkbox(words("what_if.longer"), value=usual.longer, key="what_if_longer")
    return MoreHours(hours=hours, longer=longer)


def _more_people(plan: Plan, words: Words) -> Scenario | None:
    worker = _worker(plan, words("what_if.like_person"))
    return None if worker is None else MorePeople(like=worker)


def _person_less(plan: Plan, words: Words) -> Scenario | None:
    worker = _worker(plan, words("what_if.without"))
    return None if worker is None else PersonLess(worker=worker)


def _worker(plan: Plan, label: str) -> str | None:
    names = distinct({worker.id: worker.name for worker in plan.workers})
    return st.selectbox(label, list(names), format_func=names.__getitem__, key="what_if_worker")


def _budget(_plan: Plan, words: Words) -> Scenario:
    lek = st.number_input(
        words("what_if.lek"), 0, int(MOST["lek"]), 20 * _BUDGET_STEP, _BUDGET_STEP,
        key="what_if_lek",
    )  # fmt: skip
    return Budget(lek=lek)
