"""What every change of a plan goes through on its page: made with words, kept, said, undone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from data.changes import Change
from data.messages import Message
from data.nouns import TIRANE, Plan, Shift
from data.vocabulary import PlanStatus
from desk import revising
from desk.picture import edition
from layers.words import Words
from patrol.changes_said import changes_said
from patrol.compare import Compared
from patrol.revise_ground import ReviseGround
from ui import cache, session
from ui.shell import Here, here
from ui.widgets.messages import keep_fault, listed, telling
from ui.widgets.text import capital, plain

__all__ = [
    "broken",
    "change",
    "ground",
    "make",
    "moment",
    "said",
    "shift_label",
    "short_label",
    "show_next",
    "undo_button",
]


def moment() -> datetime:
    """Return the moment: what begins before it has happened."""
    return datetime.now(TIRANE).replace(microsecond=0)


def ground(now: Here, plan: Plan) -> ReviseGround:
    """Return the streets that changes are worked out on; the first time they are got ready."""
    modes = tuple(sorted({shift.mode for shift in plan.shifts}))
    key = cache.MapKey(plan.municipality, edition(now.house))
    return cache.ground_for_changes(now.viewer, key, modes, now.house)


def change(now: Here, plan: Plan, changes: Sequence[Change]) -> None:
    """Make changes, keep the new version, and draw the page anew with it; or say why not."""
    with telling(now.words):
        make(now, plan, changes)


def make(now: Here, plan: Plan, changes: Sequence[Change]) -> None:
    """Make changes, keep the new version, and draw the page anew with it.

    Raises
    ------
    HouseError
        If a change cannot be had, with the rule or the lock that stands in the way.
    """
    with st.spinner(now.words("decide.working"), show_time=False):
        made = revising.change_plan(
            now.house, now.viewer, plan, changes, ground(now, plan), at=moment()
        )
        found = revising.compared(now.house, now.viewer, plan, made)
    session.PLAN_SAID.set(_told(found, made))
    show_next(made)
    st.rerun()


def show_next(plan: Plan) -> None:
    """Have a version shown when the page is drawn again, and every table drawn anew."""
    session.PLAN_SHOWN.set(plan.version)
    session.PLAN_TURN.set(session.PLAN_TURN.get() + 1)


def _told(found: Compared, made: Plan) -> tuple[Message, ...]:
    """Return what a change did to the plan, as sentences."""
    lines = [Message("decide.kept", {"number": made.version})]
    if made.status is PlanStatus.APPROVED:
        lines.append(Message("decide.kept_approved"))
    lines += changes_said(made)
    for name, places in (("decide.came_in", found.only_other), ("decide.fell_out", found.only_one)):
        if places:
            lines.append(Message(name, {"n": len(places), "places": ", ".join(places)}))
    lines.append(Message("decide.n_moved", {"n": len(found.moved)}))
    return tuple(lines)


def said(words: Words, plan: Plan) -> None:
    """Say what the last change did, with the way back."""
    lines = session.PLAN_SAID.take()
    if lines:
        text = listed([plain(words.message(line)) for line in lines])
        st.success(text, icon=":material/check_circle:")
    undo_button(words, plan)


def broken(words: Words, found: Sequence[Message]) -> None:
    """Say what a plan breaks of what plans hold, each with its numbers and its mend."""
    if found:
        lines = listed([plain(words.message(line)) for line in found])
        st.warning(f"{words('breaks.title', n=len(found))}\n\n{lines}", icon=":material/warning:")


def undo_button(words: Words, plan: Plan) -> None:
    """Offer to go back to the version that this one was made from."""
    if plan.based_on is not None and plan.status is not PlanStatus.UNDONE:
        st.button(
            words("decide.undo", number=plan.based_on),
            key="plan_undo",
            icon=":material/undo:",
            on_click=_undo,
            args=(plan,),
        )


def _undo(plan: Plan) -> None:
    with keep_fault():
        now = here()
        before = revising.undo(now.house, now.viewer, plan, at=moment())
        lines = [Message("decide.undone", {"number": plan.version})]
        if plan.status is PlanStatus.APPROVED and before.status is PlanStatus.DRAFT:
            lines.append(Message("decide.undone_draft", {"number": before.version}))
        session.PLAN_SAID.set(tuple(lines))
        show_next(before)


def shift_label(plan: Plan, shift: Shift, words: Words) -> str:
    """Return the name of a round in a list of choices."""
    team = next((one.name for one in plan.teams if one.id == shift.team), shift.team)
    day = capital(words.weekday(shift.start.astimezone(TIRANE).date()))
    return f"{day} · {team} · {words.span(shift.start, shift.end)}"


def short_label(plan: Plan, shift: Shift, words: Words) -> str:
    """Return a name of a round that a narrow column holds."""
    team = next((one.name for one in plan.teams if one.id == shift.team), shift.team)
    return f"{words.day(shift.start.astimezone(TIRANE), 'EEE dd.MM')} · {team}"
