"""The parts of the calendar page: what comes next, the year by month, files in and out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from itertools import groupby
from typing import Final

import streamlit as st

from data.calendar import CalendarEntry, days_of
from data.nouns import Viewer
from data.vocabulary import CalendarKind, Role
from desk.calendar import export_calendar, in_year, may_edit, title_of
from layers.words import Words
from ui import session
from ui.shell import Here
from ui.views.calendar_form import bring, drop, edit
from ui.widgets import week
from ui.widgets.text import capital, plain

__all__ = ["answer", "choose_calendar", "choose_year", "files", "listing"]

#: So far ahead the first sentence looks.
_SOON: Final = timedelta(days=28)
_KINDS_KEY: Final = "calendar_kinds"


def choose_calendar(viewer: Viewer, words: Words) -> str | None:
    """Return whose calendar is looked at: the own municipality's, or the country's."""
    if viewer.role in {Role.COORDINATOR, Role.FIELD} and viewer.municipalities:
        return week.choose_town(viewer, words)
    return None


def choose_year(today: date, words: Words) -> int:
    """Let the viewer choose the year; pages that look at a year share the choice."""
    years = [today.year - 1, today.year, today.year + 1, today.year + 2]
    known = session.CALENDAR_YEAR.get()
    chosen = st.segmented_control(
        words("page_calendar.year"),
        years,
        default=known if known in years else today.year,
        required=True,
        key="calendar_year",
    )
    year = int(chosen)
    session.CALENDAR_YEAR.set(year)
    return year


def answer(entries: Sequence[CalendarEntry], today: date, words: Words) -> None:
    """Say in a sentence or two what is on today, and what comes within four weeks."""
    own = [e for e in entries if e.kind is not CalendarKind.SCHOOL_YEAR]
    now = [title_of(e, words) for e in own if days_of(e, today, today)]
    coming = sorted(
        (days[0], title_of(e, words))
        for e in own
        if not days_of(e, today, today)
        and (days := days_of(e, today + timedelta(days=1), today + _SOON))
    )
    said = []
    if now:
        said.append(words("page_calendar.today", what=plain(", ".join(now))))
    if coming:
        day, title = coming[0]
        said.append(words("page_calendar.next", day=words.weekday(day), what=plain(title)))
    st.markdown(" ".join(said) or words("page_calendar.nothing_soon"))


def listing(now: Here, town: str | None, entries: Sequence[CalendarEntry], year: int) -> None:
    """List the year by month; an entry that runs longer stands where it begins."""
    words = now.words
    found = in_year(entries, year)
    kinds = [kind for kind in CalendarKind if any(e.kind is kind for _, _, e in found)]
    chosen = st.pills(
        words("page_calendar.only"),
        kinds,
        selection_mode="multi",
        format_func={kind: words(f"word.calendar.{kind}") for kind in kinds}.__getitem__,
        key=_KINDS_KEY,
    )
    shown = [one for one in found if not chosen or one[2].kind in chosen]
    begins = date(year, 1, 1)
    for month, rows in groupby(shown, key=lambda one: max(one[0], begins).month):
        with st.container(border=True):
            st.subheader(capital(words(f"word.month.{month}")), anchor=False)
            for first, last, entry in rows:
                _row(now, town, entry, (first, last))


def _row(now: Here, town: str | None, entry: CalendarEntry, span: tuple[date, date]) -> None:
    words = now.words
    mine = may_edit(now.viewer, town) and entry.municipality == town
    key = f"{entry.id}-{span[0]}"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(_line(entry, span, words), width="stretch")
        if mine:
            st.button(
                words("page_calendar.edit"),
                key=f"calendar_edit_{key}",
                icon=":material/edit:",
                on_click=session.CALENDAR_OPEN.set,
                args=(key,),
            )
            st.button(
                words("page_calendar.drop"),
                key=f"calendar_drop_{key}",
                icon=":material/delete:",
                on_click=drop,
                args=(town, entry),
            )
    if mine and session.CALENDAR_OPEN.get() == key:
        edit(now, town, entry)


def _line(entry: CalendarEntry, span: tuple[date, date], words: Words) -> str:
    """Say of an entry when, what, of which kind, in which hours, and whose it is."""
    first, last = span
    when = (
        words.weekday(first)
        if first == last
        else words("page_calendar.span", first=first, last=last)
    )
    parts = [words(f"word.calendar.{entry.kind}")]
    if entry.weekdays:
        monday = date(2024, 1, 1)
        days = (words.day(monday + timedelta(days=d), "cccc") for d in entry.weekdays)
        parts.append(", ".join(days))
    if entry.start is not None and entry.end is not None:
        parts.append(words.span(entry.start, entry.end))
    if entry.factor > 1:
        parts.append(words("page_calendar.raises", factor=entry.factor))
    if entry.yearly:
        parts.append(words("page_calendar.every_year"))
    parts.append(
        words("page_calendar.country" if entry.municipality is None else "page_calendar.own")
    )
    head = f"{capital(when)} · **{plain(title_of(entry, words))}**"
    return f"{head}  \n:small[:gray[{plain(' · '.join(parts))}]]"


def files(now: Here, town: str | None, year: int) -> None:
    """Offer the calendar as files, and to bring one in."""
    words = now.words
    with st.expander(words("page_calendar.files"), icon=":material/attach_file:"):
        st.markdown(words("page_calendar.files_note"))
        if may_edit(now.viewer, town):
            bring(now, town)
        left, right = st.columns(2)
        names = {"calendar.csv": (left, "text/csv"), "calendar.ics": (right, "text/calendar")}
        for name, (column, mime) in names.items():
            column.download_button(
                words("page_calendar.take", name=name),
                partial(_file, now, town, year, name),
                file_name=f"{year}-{name}",
                mime=mime,
                key=f"calendar_take_{name}",
                on_click="ignore",
                icon=":material/download:",
                width="stretch",
            )


def _file(now: Here, town: str | None, year: int, name: str) -> bytes:
    return export_calendar(now.house, now.viewer, town, year, now.words)[name]
