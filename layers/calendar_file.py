"""The calendar as files that other programs read: CSV, as the house reads it too, and iCalendar."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from icalendar import Calendar, Event

from data.calendar import CalendarEntry
from data.nouns import TIRANE
from layers.csv_file import safe_cell

__all__ = ["calendar_csv", "calendar_ics"]

_COLUMNS: Final = (
    "title",
    "kind",
    "first",
    "last",
    "yearly",
    "weekdays",
    "start",
    "end",
    "place_kinds",
    "factor",
)
_DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

Titled = Callable[[CalendarEntry], str]


def calendar_csv(entries: Iterable[CalendarEntry], title: Titled) -> bytes:
    """Return entries as UTF-8 CSV in the columns of ``docs/schema.md``."""
    out = io.StringIO(newline="")
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(_COLUMNS)
    for entry in entries:
        table.writerow(
            [
                safe_cell(title(entry)),
                str(entry.kind),
                entry.first.isoformat(),
                entry.last.isoformat(),
                str(entry.yearly).lower(),
                ",".join(str(day + 1) for day in entry.weekdays),
                _clock(entry.start),
                _clock(entry.end),
                ",".join(entry.place_kinds),
                f"{entry.factor:g}",
            ]
        )
    return out.getvalue().encode("utf-8-sig")


def calendar_ics(entries: Iterable[CalendarEntry], title: Titled, *, made_at: datetime) -> bytes:
    """Return an event an entry; a later export updates the same events."""
    calendar = Calendar()
    calendar.add("prodid", "-//Fener//calendar//SQ")
    calendar.add("version", "2.0")
    for entry in entries:
        event = Event()
        event.add("uid", f"{entry.id}.{entry.municipality or 'AL'}@fener.invalid")
        event.add("dtstamp", made_at.astimezone(UTC))
        event.add("summary", title(entry))
        event.add("categories", [str(entry.kind)])
        _when(event, entry)
        calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _when(event: Event, entry: CalendarEntry) -> None:
    """Say when the entry is on: a weekly one begins on its first day that counts."""
    first = _first_day(entry)
    weekly = bool(entry.weekdays) and not entry.yearly
    daily = not weekly and entry.start is not None and entry.last > entry.first
    one_day = weekly or daily
    if entry.start is None or entry.end is None:
        event.add("dtstart", first)
        event.add("dtend", (first if one_day else entry.last) + timedelta(days=1))
    else:
        over_midnight = timedelta(days=int(entry.end <= entry.start))
        event.add("dtstart", datetime.combine(first, entry.start, TIRANE))
        event.add("dtend", datetime.combine(first + over_midnight, entry.end, TIRANE))
    until: date | datetime = entry.last
    if entry.start is not None:
        until = datetime.combine(entry.last, time(23, 59), TIRANE).astimezone(UTC)
    if entry.yearly:
        event.add("rrule", {"freq": "yearly"})
    elif weekly:
        days = [_DAYS[day] for day in entry.weekdays]
        event.add("rrule", {"freq": "weekly", "byday": days, "until": until})
    elif daily:
        event.add("rrule", {"freq": "daily", "until": until})


def _first_day(entry: CalendarEntry) -> date:
    days = (entry.first + timedelta(days=n) for n in range((entry.last - entry.first).days + 1))
    if not entry.weekdays or entry.yearly:
        return entry.first
    return next((day for day in days if day.weekday() in entry.weekdays), entry.first)


def _clock(moment: time | None) -> str:
    return "" if moment is None else moment.isoformat("minutes")
