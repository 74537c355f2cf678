"""The schedule page's board of who is out now: the teams to be called first, and whom to call."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from data.access import Action, may
from data.nouns import TIRANE
from data.vocabulary import CheckInState
from desk import check_ins
from desk.check_ins import TeamOut
from layers.words import Words
from patrol.checkins import State
from ui.navigation import file_of
from ui.shell import here
from ui.views.today_safety import call_line
from ui.widgets.messages import keep_fault, quiet
from ui.widgets.text import plain

__all__ = ["alarm", "board"]

#: States in which somebody has to be called.
_PRESSING = frozenset({State.HELP, State.MISSED})
_COLOURS = {State.HELP: "red", State.MISSED: "red", State.DUE: "orange"}


@st.fragment(run_every=60.0)
def alarm() -> None:
    """Say on any page that a team of the viewer's has to be called, and lead to the board."""
    now, moment = here(), datetime.now(TIRANE)
    if now.person is None:
        return
    viewer = now.viewer
    n = sum(
        one.standing.state in _PRESSING and not one.synthetic
        for town in sorted(viewer.municipalities)
        if may(viewer, Action.SEE_SCHEDULE, town)
        for one in check_ins.teams_out(now.house, viewer, town, moment)
    )
    if n:
        st.error(now.words("check_in.board_calls", n=n), icon=":material/notification_important:")
        label = now.words("check_in.whom_to_call")
        st.page_link(file_of("schedule"), label=label, icon=":material/call:")


@st.fragment(run_every=30.0)
def board(town: str) -> None:
    """Draw the teams that are out; it looks again by itself as long as somebody has it open."""
    now, moment = here(), datetime.now(TIRANE)
    words = now.words
    found = check_ins.teams_out(now.house, now.viewer, town, moment)
    if not found:
        quiet(words("check_in.nobody_out"))
        return
    st.subheader(words("check_in.out_now"), anchor=False)
    st.markdown(_summary(found, words))
    for one in found:
        with st.container(border=True):
            _team(one, town, words)
    quiet(words("check_in.looked_at", clock=words.clock(moment)))


def _summary(found: Sequence[TeamOut], words: Words) -> str:
    """Say how many have to be called; of invented rounds nobody is out."""
    real = [one for one in found if not one.synthetic]
    if not real:
        return words("check_in.board_invented", n=len(found))
    pressing = sum(one.standing.state in _PRESSING for one in real)
    if pressing:
        return words("check_in.board_calls", n=pressing)
    return words("check_in.board_well", n=len(real))


def _team(one: TeamOut, town: str, words: Words) -> None:
    stands = one.standing
    colour = _COLOURS.get(stands.state)
    state = f"**{words(f'check_in.state_{stands.state}')}**"
    said = f":{colour}[{state}]" if colour else state
    st.markdown(f"**{plain(one.name)}** · {said}  \n{_times(one, words)}")
    if stands.state not in _PRESSING:
        return
    if one.synthetic:
        st.markdown(words("check_in.invented"))
    if stands.call is not None:
        line = call_line(stands.call, invented=one.synthetic)
        st.markdown(f"{words('check_in.call_next')} {line}")
    elif not one.synthetic:
        over = f":red[{words('check_in.chain_over')}]"
        st.markdown(over if stands.n_tried else words("check_in.no_chain"))
    notes = {CheckInState.REACHED: ":material/check:"}
    if stands.call is not None or not stands.n_tried:
        notes[CheckInState.TRIED] = ":material/phone_missed:"
    with st.container(horizontal=True):
        for state_, icon in notes.items():
            st.button(
                words(f"check_in.{state_}"),
                key=f"call_{state_}_{stands.shift.id}",
                icon=icon,
                type="primary" if state_ is CheckInState.REACHED else "secondary",
                on_click=_note,
                args=(town, one, state_),
            )


def _times(one: TeamOut, words: Words) -> str:
    stands = one.standing
    hours = words("check_in.hours", span=words.span(stands.shift.start, stands.shift.end))
    last = (
        words("check_in.no_sign")
        if stands.last is None
        else words("check_in.last_sign", clock=words.clock(stands.last))
    )
    due = ""
    if stands.due is not None:
        is_over = stands.state in {State.MISSED, State.DUE}
        name = "check_in.due_since" if is_over else "check_in.next_due"
        due = words(name, clock=words.clock(stands.due))
    return " ".join(part for part in (hours, last, due) if part)


def _note(town: str, one: TeamOut, state: CheckInState) -> None:
    with keep_fault():
        now = here()
        check_ins.note_call(now.house, now.viewer, town, one, state, at=datetime.now(TIRANE))
