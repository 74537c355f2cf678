"""Today's parts that keep a team safe: the sign that it is well, help, and stops passed by."""

from __future__ import annotations

import re
from datetime import datetime

import streamlit as st

from data.fieldwork import Contact
from data.nouns import TIRANE, RouteStop
from data.vocabulary import CheckInState, SkipReason
from desk import check_ins, skips
from desk.rounds import Round
from desk.safety import rhythm_of
from desk.settings import NO_PHONE, cpu_phone
from layers.words import Words
from patrol.checkins import Standing, State
from ui.shell import Here, here
from ui.widgets.messages import keep_fault
from ui.widgets.text import capital, plain

__all__ = ["call_line", "check_in", "passed_by", "skip"]


def check_in(now: Here, outing: Round, moment: datetime) -> None:
    """Draw the sign of the team as one large button, with when the next one is due, and help."""
    words = now.words
    stands = check_ins.own_standing(now.house, outing, moment)
    with st.container(border=True, key="check_in"):
        _said(stands, words)
        st.button(
            f"**{words('check_in.well')}**  \n{words('check_in.well_hint')}",
            key="we_are_well",
            width="stretch",
            icon=":material/thumb_up:",
            on_click=_say,
            args=(outing, CheckInState.WELL),
        )
        with st.popover(
            words("check_in.help"), icon=":material/sos:", width="stretch", key="need_help"
        ):
            _numbers(now, outing)
            st.button(
                words("check_in.help_tell"),
                key="tell_help",
                type="primary",
                width="stretch",
                on_click=_say,
                args=(outing, CheckInState.HELP),
            )
        st.button(
            words("check_in.back"),
            key="we_are_back",
            type="tertiary",
            icon=":material/home:",
            on_click=_say,
            args=(outing, CheckInState.BACK),
        )


def _said(stands: Standing, words: Words) -> None:
    """Say how the team stands for whoever waits for its sign."""
    if stands.state is State.HELP:
        st.error(words("check_in.own_help"), icon=":material/sos:")
    elif stands.state is State.MISSED and stands.due is not None:
        text = words("check_in.own_missed", clock=words.clock(stands.due))
        st.error(text, icon=":material/notification_important:")
    elif stands.due is None:
        st.markdown(words("check_in.own_back"))
    else:
        text = words("check_in.own_due", clock=words.clock(stands.due))
        st.markdown(f":orange[**{text}**]" if stands.state is State.DUE else text)


def _numbers(now: Here, outing: Round) -> None:
    """List whom a team may call by itself: the police first, then its own people."""
    words, town = now.words, outing.team.municipality
    st.markdown(words("check_in.police"))
    if outing.plan.marks.synthetic:
        st.markdown(words("check_in.invented"))
    phone = cpu_phone(now.house, town)
    contacts = list(rhythm_of(now.house, town).chain)
    if phone != NO_PHONE:
        contacts.append(Contact(name=words("app.the_unit"), phone=phone))
    for contact in contacts:
        st.markdown(call_line(contact, invented=outing.plan.marks.synthetic))


def call_line(contact: Contact, *, invented: bool = False) -> str:
    """Return a name with a number that a thumb can call; of an invented round the name alone."""
    if invented:
        return plain(contact.name)
    digits = re.sub(r"[^\d+]", "", contact.phone)
    return f"{plain(contact.name)}: **[{plain(contact.phone)}](tel:{digits})**"


def skip(outing: Round, stop: RouteStop, words: Words) -> None:
    """Offer to pass a stop by for one of a few reasons."""
    with st.popover(
        words("page_today.skip"), icon=":material/redo:", key=f"skip_of_{stop.stop.id}"
    ):
        st.markdown(words("page_today.skip_why"))
        for reason in SkipReason:
            st.button(
                capital(words(f"word.skip.{reason}")),
                key=f"skip_{reason}",
                width="stretch",
                on_click=_skip,
                args=(outing, stop, reason),
            )


def passed_by(outing: Round, words: Words) -> None:
    """List the stops that were passed by, each with its reason and a way back."""
    found = [(stop, outing.skip_of(stop)) for stop in outing.route.stops]
    if not any(one for _, one in found):
        return
    st.subheader(words("page_today.passed_by"), anchor=False)
    for number, (stop, one) in enumerate(found, start=1):
        if one is None:
            continue
        with st.container(border=True):
            why, at = capital(words(f"word.skip.{one.reason}")), words.clock(one.at)
            st.markdown(f"**{number}. {plain(stop.stop.name)}**  \n{why} · {at}")
            st.button(
                words("page_today.unskip"),
                key=f"unskip_{stop.stop.id}",
                icon=":material/undo:",
                on_click=_unskip,
                args=(outing, stop),
            )


def _say(outing: Round, state: CheckInState) -> None:
    with keep_fault():
        now = here()
        check_ins.say(now.house, now.viewer, outing, state, datetime.now(TIRANE))


def _skip(outing: Round, stop: RouteStop, reason: SkipReason) -> None:
    with keep_fault():
        now = here()
        skips.skip_stop(now.house, now.viewer, outing, stop, reason, datetime.now(TIRANE))


def _unskip(outing: Round, stop: RouteStop) -> None:
    with keep_fault():
        now = here()
        skips.take_back_skip(now.house, now.viewer, outing, stop)
