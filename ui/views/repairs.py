"""The offer of the smallest repair: who changes, said before anybody takes it; one button."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from data.nouns import TIRANE, Week
from data.vocabulary import PlanStatus
from desk import repair
from desk.repair import Offer
from desk.schedule import WeekGrid
from layers.words import Words
from ui.shell import Here, here
from ui.widgets.messages import keep_fault, listed
from ui.widgets.text import plain

__all__ = ["offered"]


def offered(now: Here, town: str, week: Week, grid: WeekGrid) -> None:
    """Show the smallest repair of a week in which somebody stands although absent."""
    if not grid.clashes:
        return
    found = repair.offer(now.house, now.viewer, town, week)
    if found is None:
        return
    words = now.words
    with st.container(border=True):
        st.subheader(words("page_schedule.repair"), anchor=False)
        st.markdown(words("page_schedule.repair_says", n=found.repair.n_changes))
        st.markdown(listed(_lines(found, grid, words)))
        approved = found.plan.status is PlanStatus.APPROVED
        st.button(
            words("page_schedule.repair_approve" if approved else "page_schedule.repair_take"),
            key="repair_take",
            type="primary",
            icon=":material/healing:",
            on_click=_take,
            args=(found,),
        )


def _lines(found: Offer, grid: WeekGrid, words: Words) -> list[str]:
    names = {who.id: who.name for who in grid.workers} | {
        who.id: who.name for who in found.plan.workers
    }
    teams = {team.id: team.name for team in grid.teams}
    shifts = {shift.id: shift for shift in found.plan.shifts}
    duties = {duty.id: duty for duty in (*found.plan.duties, *found.repair.duties)}

    def called(people: tuple[str, ...]) -> str:
        return plain(", ".join(names.get(one, one) for one in people))

    lines = []
    starts = {shift.id: shift.start for shift in shifts.values()}
    starts |= {duty.id: duty.start for duty in duties.values()}
    for change in sorted(found.repair.changes, key=lambda one: (starts[one.shift], one.shift)):
        what = shifts.get(change.shift) or duties[change.shift]
        start = what.start.astimezone(TIRANE)
        shift = shifts.get(change.shift)
        title = (
            words(f"word.duty.{duties[change.shift].kind}")
            if shift is None
            else plain(teams.get(shift.team, shift.team))
        )
        parts = [
            words(f"page_schedule.repair_{kind}", names=called(people))
            for kind, people in (
                ("leaves", change.leaves),
                ("joins", change.joins),
                ("called_off", change.called_off),
                ("called", change.called),
            )
            if people
        ]
        day = words.day(start.date(), "ccc dd.MM")
        lines.append(f"**{day}, {title}**: {'; '.join(parts)}")
    return lines + [plain(words.message(one)) for one in found.repair.unstaffed]


def _take(found: Offer) -> None:
    now = here()
    with keep_fault():
        repair.take(now.house, now.viewer, found, datetime.now(TIRANE).replace(microsecond=0))
