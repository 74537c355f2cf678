"""Absences: who cannot work from when to when; why is nobody's business here."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

import streamlit as st

from data.nouns import TIRANE, Absence, Week
from desk import crew as crew_desk
from desk.crew import Crew
from layers.words import Words
from ui.shell import here
from ui.widgets.messages import keep_fault, telling
from ui.widgets.text import distinct, plain

__all__ = ["absences"]

_DATES: Final = "DD.MM.YYYY"


def absences(crew: Crew, week: Week, words: Words) -> None:
    """List the absences of the week looked at and of later, and let them be added."""
    if not crew.workers:
        return
    st.subheader(words("page_schedule.absences"), anchor=False)
    names = {worker.id: worker.name for worker in crew.workers}
    since = min(week.monday, _today())
    shown = sorted(
        (one for one in crew.absences if one.last >= since),
        key=lambda one: (one.first, names[one.worker]),
    )
    if not shown:
        st.markdown(words("page_schedule.no_absence"))
    for one in shown:
        _one(crew, one, names[one.worker], words)
    with st.expander(words("page_schedule.add_absence"), icon=":material/event_busy:"):
        _form(crew, week, names, words)


def _one(crew: Crew, absence: Absence, name: str, words: Words) -> None:
    with st.container(horizontal=True, vertical_alignment="center", border=True):
        same = "one_day" if absence.first == absence.last else "days"
        st.markdown(
            words(
                f"page_schedule.{same}", name=plain(name), first=absence.first, last=absence.last
            ),
            width="stretch",
        )
        st.button(
            words("page_schedule.take_back"),
            key=f"take_back_{absence.worker}_{absence.first}",
            icon=":material/undo:",
            on_click=_take_back,
            args=(crew, absence),
        )


def _form(crew: Crew, week: Week, names: dict[str, str], words: Words) -> None:
    begins = max(week.monday, _today())
    labels = distinct(names)
    with st.form("absence", border=False, clear_on_submit=True):
        worker = st.selectbox(
            words("page_schedule.person"),
            sorted(names, key=lambda one: (names[one], one)),
            format_func=labels.__getitem__,
            key="absence_worker",
        )
        left, right = st.columns(2)
        first = left.date_input(
            words("page_schedule.first"), begins, format=_DATES, key="absence_first"
        )
        last = right.date_input(
            words("page_schedule.last"), begins, format=_DATES, key="absence_last"
        )
        asked = st.form_submit_button(
            words("page_schedule.add_absence"), type="primary", key="absence_add"
        )
    if asked and worker is not None:
        now = here()
        with telling(words):
            absence = Absence(worker=worker, first=first, last=last)
            crew_desk.add_absence(now.house, now.viewer, crew, absence)
            st.rerun()


def _take_back(crew: Crew, absence: Absence) -> None:
    with keep_fault():
        now = here()
        crew_desk.erase_absence(now.house, now.viewer, crew, absence)


def _today() -> date:
    return datetime.now(TIRANE).date()
