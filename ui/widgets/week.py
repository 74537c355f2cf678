"""Which municipality and which week a page looks at; pages share the choice."""

from __future__ import annotations

from datetime import datetime, timedelta

import streamlit as st

from data.nouns import TIRANE, Viewer, Week
from desk.directory import municipality_names
from layers.words import Words
from ui import session

__all__ = ["choose", "choose_town"]

_WEEKS_BACK, _WEEKS_AHEAD = 2, 6


def choose_town(viewer: Viewer, words: Words) -> str:
    """Let the viewer choose the municipality, where they have several."""
    codes = sorted(viewer.municipalities)
    if len(codes) < 2:  # noqa: PLR2004 - one municipality is no choice
        return codes[0]
    known = session.PLAN_TOWN.get()
    town = st.selectbox(
        words("page_plan.municipality"),
        codes,
        index=codes.index(known) if known in codes else 0,
        format_func=municipality_names().__getitem__,
        key="plan_town",
    )
    session.PLAN_TOWN.set(town)
    return town


def choose(viewer: Viewer, words: Words) -> tuple[str, Week]:
    """Let the viewer choose the municipality, where they have several, and the week."""
    left, right = st.columns(2)
    several = len(viewer.municipalities) > 1
    with left:
        town = choose_town(viewer, words)
    with right if several else left:
        return town, _choose_week(words)


def _choose_week(words: Words) -> Week:
    today = datetime.now(TIRANE).date()
    weeks = [
        Week.of(today + timedelta(weeks=step)) for step in range(-_WEEKS_BACK, _WEEKS_AHEAD + 1)
    ]
    written = {str(week): week for week in weeks}
    labels = {text: _week_label(week, words) for text, week in written.items()}
    known = session.PLAN_WEEK.get()
    picked = st.selectbox(
        words("page_plan.week"),
        list(written),
        index=list(written).index(known) if known in written else _WEEKS_BACK + 1,
        format_func=labels.__getitem__,
        key="plan_week",
    )
    session.PLAN_WEEK.set(picked)
    return written[picked]


def _week_label(week: Week, words: Words) -> str:
    days = week.days
    return words(
        "page_plan.week_label",
        first=words.day(days[0], "dd.MM"),
        last=words.day(days[-1]),
        week=str(week),
    )
