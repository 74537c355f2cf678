"""Which municipality and which week a page looks at; pages share the choice."""

from __future__ import annotations

from datetime import datetime, timedelta

import streamlit as st

from data.nouns import TIRANE, Viewer, Week
from desk.directory import municipality_names
from layers.words import Words
from ui import session

__all__ = ["choose"]

_WEEKS_BACK, _WEEKS_AHEAD = 2, 6


def choose(viewer: Viewer, words: Words) -> tuple[str, Week]:
    """Let the viewer choose the municipality, where they have several, and the week."""
    codes = sorted(viewer.municipalities)
    town = codes[0]
    left, right = st.columns(2)
    if len(codes) > 1:
        known = session.PLAN_TOWN.get()
        town = left.selectbox(
            words("page_plan.municipality"),
            codes,
            index=codes.index(known) if known in codes else 0,
            format_func=municipality_names().__getitem__,
            key="plan_town",
        )
        session.PLAN_TOWN.set(town)
    today = datetime.now(TIRANE).date()
    weeks = [
        Week.of(today + timedelta(weeks=step)) for step in range(-_WEEKS_BACK, _WEEKS_AHEAD + 1)
    ]
    written = {str(week): week for week in weeks}
    known = session.PLAN_WEEK.get()
    picked = (right if len(codes) > 1 else left).selectbox(
        words("page_plan.week"),
        list(written),
        index=list(written).index(known) if known in written else _WEEKS_BACK + 1,
        format_func=lambda text: _week_label(written[text], words),
        key="plan_week",
    )
    session.PLAN_WEEK.set(picked)
    return town, written[picked]


def _week_label(week: Week, words: Words) -> str:
    days = week.days
    return words(
        "page_plan.week_label",
        first=words.day(days[0], "dd.MM"),
        last=words.day(days[-1]),
        week=str(week),
    )
