"""The side of a plan on which its rounds are changed by hand: order, times, teams, locks."""

from __future__ import annotations

from datetime import date, datetime

import streamlit as st

from data.changes import Change
from data.errors import HouseError
from data.nouns import Plan
from data.vocabulary import ChangeKind, PlanStatus
from desk import revising
from desk.edits import open_shifts
from desk.timetable import changes_in, days_of, lanes_of
from ui import session
from ui.shell import Here
from ui.views.plan_change import change, ground, make, moment, shift_label, short_label
from ui.widgets import timetable
from ui.widgets.text import capital, distinct

__all__ = ["edit"]


def edit(now: Here, plan: Plan) -> None:
    """Let the rounds of a day be changed on a timetable, and places be added."""
    words, at = now.words, moment()
    days = days_of(plan, at)
    if not days or plan.status is PlanStatus.UNDONE:
        st.info(words("decide.closed"), icon=":material/info:")
        return
    if plan.status is PlanStatus.APPROVED:
        st.info(words("decide.of_approved"), icon=":material/info:")
    with st.spinner(words("decide.ready"), show_time=False):
        ground(now, plan)  # so that no change waits for the streets
    labels = {str(day): capital(words.day(day, "EEE dd.MM")) for day in days}
    picked = st.segmented_control(
        words("page_plan.col_day"), list(labels), default=str(days[0]), required=True,
        format_func=labels.__getitem__, key="edit_day",
    )  # fmt: skip
    _timetable(now, plan, date.fromisoformat(picked), at)
    rounds = {shift.id: shift_label(plan, shift, words) for shift in open_shifts(plan, at)}
    _add(now, plan, distinct(rounds))


def _timetable(now: Here, plan: Plan, day: date, at: datetime) -> None:
    """Show the rounds of a day, and make the changes that are sent from them."""
    words = now.words
    rounds = {shift.id: short_label(plan, shift, words) for shift in open_shifts(plan, at)}
    turn = f"{session.PLAN_TURN.get()}_{plan.version}_{day}"
    n_refused, of, why = session.PLAN_REFUSED.get()
    names = {team.id: team.name for team in plan.teams}
    teams = {shift.team: names.get(shift.team, shift.team) for shift in plan.shifts}
    data = timetable.timetable_data(lanes_of(plan, day, at), distinct(rounds), teams, words)
    refusal = words.message(why) if why is not None and of == turn else ""
    draft = f"{plan.id}_{day}"
    told = {"draft": draft, "turn": turn, "n_refused": n_refused, "refusal": refusal}
    sent = timetable.show({**data, **told})
    if sent is not None:
        try:
            make(now, plan, changes_in(plan, day, at, sent, turn=turn))
        except HouseError as fault:
            session.PLAN_REFUSED.set((n_refused + 1, turn, fault.message))
            st.rerun()


def _add(now: Here, plan: Plan, labels: dict[str, str]) -> None:
    """Let a place be put into a round, or wherever it costs least."""
    words = now.words
    known = revising.spots(now.house, now.viewer, plan.municipality or "")
    names = distinct({stop: spot.name for stop, spot in known.items()})
    with (
        st.expander(words("decide.add"), icon=":material/add_location_alt:"),
        st.form(f"add_{session.PLAN_TURN.get()}", border=False),
    ):
        stop = st.selectbox(
            words("decide.place"), list(names), index=None, format_func=names.__getitem__,
            placeholder=words("decide.choose_place"), key="add_place",
        )  # fmt: skip
        rounds = {"": words("decide.anywhere"), **labels}
        to_shift = st.selectbox(
            words("decide.whose"), list(rounds), format_func=rounds.__getitem__, key="add_shift"
        )
        asked = st.form_submit_button(words("decide.add_yes"), key="add_yes")
    if asked and stop is not None:
        wanted = Change(kind=ChangeKind.ADD, stop=stop, to_shift=to_shift, spot=known[stop])
        change(now, plan, [wanted])
