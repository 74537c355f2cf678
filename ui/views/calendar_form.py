"""What can be done to the calendar: add, change, drop, undo, and bring a file in."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import streamlit as st

from data.calendar import MOST_FACTOR, CalendarEntry
from data.messages import Message
from data.vocabulary import CalendarKind, PlaceKind
from desk import calendar as desk
from desk.calendar import EntryForm
from layers.words import Words
from ui import session
from ui.shell import Here, here
from ui.widgets.messages import keep_fault, listed, telling
from ui.widgets.text import distinct, plain

__all__ = ["add", "bring", "done", "drop", "edit"]

_DATES: Final = "DD.MM.YYYY"
_TYPES: Final = ("csv", "xlsx", "ics")
#: A new entry raises its places unless somebody says otherwise.
_USUAL_FACTOR: Final = 1.5
#: So many refused rows are listed.
_MOST: Final = 50


def done(now: Here, town: str | None) -> None:
    """Say what was done last, and let it be undone."""
    last = session.CALENDAR_DONE.get()
    if last is None:
        return
    said, change = last
    with st.container(horizontal=True, vertical_alignment="center"):
        st.success(plain(now.words.message(said)), icon=":material/check_circle:")
        if change is not None:
            st.button(
                now.words("page_calendar.undo"),
                key="calendar_undo",
                icon=":material/undo:",
                on_click=_undo,
                args=(town, change),
            )


def add(now: Here, town: str | None, year: int) -> None:
    """Draw the form of a new entry."""
    words = now.words
    with st.expander(words("page_calendar.add"), icon=":material/add:"):
        begins = max(date(year, 1, 1), min(date(year, 12, 31), _today()))
        teams = desk.team_choices(now.house, now.viewer, town)
        made = _form(words, f"new_{session.CALENDAR_TURN.get()}", (None, teams), begins)
        if made is not None:
            _save(now, town, made, "")


def edit(now: Here, town: str | None, entry: CalendarEntry) -> None:
    """Draw the form of an entry that is there."""
    key = f"{entry.id}_{session.CALENDAR_TURN.get()}"
    teams = desk.team_choices(now.house, now.viewer, town)
    made = _form(now.words, key, (entry, teams), entry.first)
    st.button(
        now.words("page_calendar.close"),
        key=f"calendar_close_{key}",
        type="tertiary",
        on_click=session.CALENDAR_OPEN.clear,
    )
    if made is not None:
        _save(now, town, made, entry.id)


def _save(now: Here, town: str | None, made: EntryForm, entry: str) -> None:
    with telling(now.words):
        change = desk.save_entry(now.house, now.viewer, town, made, entry)
        session.CALENDAR_DONE.set((Message("page_calendar.kept"), change))
        session.CALENDAR_OPEN.clear()
        session.CALENDAR_TURN.set(session.CALENDAR_TURN.get() + 1)
        st.rerun()


def _form(
    words: Words, key: str, known: tuple[CalendarEntry | None, dict[str, str]], begins: date
) -> EntryForm | None:
    """Draw the fields of an entry, or of a new one; return what was entered once it is sent."""
    entry, teams = known
    kinds = list(CalendarKind)
    with st.form(f"calendar_form_{key}", border=False):
        kind = st.selectbox(
            words("page_calendar.field.kind"),
            kinds,
            index=kinds.index(entry.kind if entry else CalendarKind.MARKET),
            format_func={one: words(f"word.calendar.{one}") for one in kinds}.__getitem__,
            key=f"calendar_kind_{key}",
        )
        title = st.text_input(
            words("page_calendar.field.title"),
            desk.title_of(entry, words) if entry else "",
            help=words("page_calendar.field.title_help"),
            key=f"calendar_title_{key}",
        )
        left, right = st.columns(2)
        first = left.date_input(
            words("page_calendar.field.first"), begins, format=_DATES, key=f"calendar_first_{key}"
        )
        last = right.date_input(
            words("page_calendar.field.last"),
            entry.last if entry else begins,
            format=_DATES,
            key=f"calendar_last_{key}",
        )
        yearly = st.checkbox(
            words("page_calendar.field.yearly"),
            value=bool(entry and entry.yearly),
            key=f"calendar_yearly_{key}",
        )
        more = _more(words, key, entry) | {"team": _team(words, key, entry, teams)}
        sent = st.form_submit_button(
            words("page_calendar.keep"), type="primary", key=f"calendar_keep_{key}"
        )
    if not sent:
        return None
    if entry is not None and title == desk.title_of(entry, words):
        title = entry.title  # what the house brings along keeps its name in both languages
    return EntryForm(kind=kind, title=title, first=first, last=last, yearly=yearly, **more)


def _more(words: Words, key: str, entry: CalendarEntry | None) -> dict[str, Any]:
    """Draw the fields that few entries need: days of the week, hours, what it raises."""
    days = {day: words.day(date(2024, 1, 1 + day), "ccc") for day in range(7)}
    weekdays = st.pills(
        words("page_calendar.field.weekdays"),
        list(days),
        selection_mode="multi",
        default=list(entry.weekdays) if entry else [],
        format_func=days.__getitem__,
        key=f"calendar_weekdays_{key}",
    )
    left, right = st.columns(2)
    start = left.time_input(
        words("page_calendar.field.start"),
        entry.start if entry else None,
        key=f"calendar_start_{key}",
    )
    end = right.time_input(
        words("page_calendar.field.end"), entry.end if entry else None, key=f"calendar_end_{key}"
    )
    kinds = list(PlaceKind)
    concerned = st.multiselect(
        words("page_calendar.field.place_kinds"),
        kinds,
        list(entry.place_kinds) if entry else [],
        format_func={one: words(f"word.kind.{one}") for one in kinds}.__getitem__,
        placeholder=words("page_calendar.field.usual_kinds"),
        key=f"calendar_place_kinds_{key}",
    )
    factor = st.number_input(
        words("page_calendar.field.factor"),
        1.0,
        MOST_FACTOR,
        entry.factor if entry else _USUAL_FACTOR,
        0.1,
        help=words("page_calendar.field.factor_help"),
        key=f"calendar_factor_{key}",
    )
    return {
        "weekdays": tuple(sorted(weekdays)),
        "start": start,
        "end": end,
        "place_kinds": tuple(concerned),
        "factor": round(float(factor), 1),
        "places": entry.places if entry else (),
    }


def _team(words: Words, key: str, entry: CalendarEntry | None, teams: dict[str, str]) -> str:
    """Draw whose round a joint inspection is, where there are teams."""
    known = entry.team if entry else ""
    if not teams:
        return known
    labels = {"": words("page_calendar.field.any_team"), **distinct(teams)}
    return st.selectbox(
        words("page_calendar.field.team"),
        list(labels),
        index=list(labels).index(known) if known in labels else 0,
        format_func=labels.__getitem__,
        key=f"calendar_team_{key}",
    )


def drop(town: str | None, entry: CalendarEntry) -> None:
    """Take an entry out; it can be put back at once."""
    with keep_fault():
        now = here()
        change = desk.drop_entry(now.house, now.viewer, town, entry)
        session.CALENDAR_DONE.set((Message("page_calendar.dropped"), change))
        session.CALENDAR_OPEN.clear()


def _undo(town: str | None, change: desk.Change) -> None:
    session.CALENDAR_DONE.clear()
    with keep_fault():
        now = here()
        desk.undo(now.house, now.viewer, town, change)
        session.CALENDAR_DONE.set((Message("page_calendar.undone"), None))


def bring(now: Here, town: str | None) -> None:
    """Let a file be brought in; what is refused of it is listed with its rule."""
    words = now.words
    file = st.file_uploader(
        words("page_calendar.bring"),
        list(_TYPES),
        key=f"calendar_file_{session.CALENDAR_TURN.get()}",
    )
    if file is None:
        return
    if not st.button(words("page_calendar.take_in"), key="calendar_take_in", type="primary"):
        return
    with telling(words):
        outcome = desk.import_calendar(now.house, now.viewer, town, file.getvalue(), file.name)
        session.CALENDAR_DONE.set((Message("page_calendar.taken_in", {"n": outcome.n_valid}), None))
        if outcome.rejected:
            lines = [
                words("desk.row", row=one.row, rule=words.message(one.rule))
                for one in outcome.rejected[:_MOST]
            ]
            st.warning(listed([plain(line) for line in lines]), icon=":material/warning:")
        else:
            session.CALENDAR_TURN.set(session.CALENDAR_TURN.get() + 1)
            st.rerun()


def _today() -> date:
    return date.today()  # noqa: DTZ011 - only where a form begins
