"""A file of calendar entries: a table, or an iCalendar file of another program."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from icalendar import Calendar, Event

from data.calendar import LONGEST_TITLE, CalendarEntry
from data.errors import ContractError
from data.messages import Message
from data.nouns import TIRANE
from data.readers.headers import CALENDAR_HEADERS
from data.readers.lists import parse_list, parse_weekdays
from data.readers.moments import is_month_first, parse_day, parse_time
from data.readers.numbers import parse_real
from data.readers.reading import Field, Reading, Rejection
from data.readers.tables import Source, read_bytes, read_table
from data.readers.words import word_of
from data.vocabulary import CalendarKind, PlaceKind

__all__ = ["CalendarFile", "read_calendar"]

logger = logging.getLogger(__name__)

_BEGIN: Final = b"BEGIN:VCALENDAR"
#: iCalendar's days, Monday first.
_DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
#: What a year's repetition says beside its frequency where every year means every year.
_PLAIN: Final = frozenset({"FREQ", "INTERVAL", "BYMONTH", "BYMONTHDAY", "WKST", "BYDAY"})


@dataclass(frozen=True, kw_only=True)
class CalendarFile:
    """What a file gave: entries, and the rows (or events, by number) that were refused."""

    entries: tuple[CalendarEntry, ...]
    rejected: tuple[Rejection, ...]


def read_calendar(source: Source, filename: str, *, municipality: str | None) -> CalendarFile:
    """Return the entries of a CSV, XLSX or iCalendar file as entries of one municipality.

    The same file twice gives the same entries: their ids come from what they say.

    Parameters
    ----------
    municipality
        Whose calendar it is; `None` for the country's.

    Raises
    ------
    ContractError
        If the file cannot be read.
    """
    content = read_bytes(source)
    is_calendar = content.lstrip(b"\xef\xbb\xbf \r\n\t")[: len(_BEGIN)].upper() == _BEGIN
    read = _events(content) if is_calendar else _rows(content, filename)
    entries, rejected = [], []
    for row, described in read:
        if isinstance(described, Message):
            rejected.append(Rejection(row=row, rule=described))
            continue
        try:
            entry = CalendarEntry(id="", municipality=municipality, **described)
        except ContractError as fault:
            rejected.append(Rejection(row=row, rule=fault.message))
        else:
            entries.append(_named(entry))
    logger.info("calendar: %d entries, %d refused", len(entries), len(rejected))
    unique = {entry.id: entry for entry in entries}
    rejected.sort(key=lambda one: one.row)
    return CalendarFile(entries=tuple(unique.values()), rejected=tuple(rejected))


Described = Mapping[str, Any] | Message


def _named(entry: CalendarEntry) -> CalendarEntry:
    """Return the entry with an id made of what, when and whose it is."""
    what = f"{entry.municipality}|{entry.kind}|{entry.title}|{entry.first}|{entry.weekdays}"
    code = hashlib.sha256(what.encode()).hexdigest()[:16]
    fields = {name: getattr(entry, name) for name in entry.__slots__}
    return CalendarEntry(**{**fields, "id": f"c-{code}"})


def _rows(content: bytes, filename: str) -> Iterator[tuple[int, Described]]:
    reading = Reading.of(read_table(content, filename), CALENDAR_HEADERS, ("kind", "first"))
    first = _days(reading, "first")
    last = [b or a for a, b in zip(first, _days(reading, "last"), strict=True)]

    def field(wanted: Field, parse: Callable[[str], object]) -> list[Any]:
        return reading.parsed(wanted, parse)

    columns = {
        "kind": reading.words("kind", CalendarKind),
        "first": first,
        "last": last,
        "title": [" ".join(text.split()) for text in reading.texts("title")],
        "yearly": reading.flags("yearly"),
        "weekdays": field(Field(name="weekdays", rule="weekdays", empty=()), parse_weekdays),
        "start": field(Field(name="start", rule="time", empty=None), parse_time),
        "end": field(Field(name="end", rule="time", empty=None), parse_time),
        "place_kinds": field(Field(name="place_kinds", rule="word", empty=()), _kinds),
        "factor": field(Field(name="factor", rule="number", empty=1.0), parse_real),
    }
    rows = reading.table.frame.index
    for one in reading.rejected:
        yield one.row, one.rule
    for position in (i for i, good in enumerate(reading.valid) if good):
        described = {name: values[position] for name, values in columns.items()}
        yield int(rows[position]), {**described, "kind": CalendarKind(described["kind"])}


def _days(reading: Reading, name: str) -> list[Any]:
    month_first = is_month_first([*reading.texts("first"), *reading.texts("last")])
    wanted = Field(name=name, rule="date", required=name == "first")
    return reading.parsed(
        wanted, lambda text: parse_day(text.partition(" ")[0], month_first=month_first)
    )


def _kinds(text: str) -> tuple[PlaceKind, ...]:
    return tuple(PlaceKind(word_of(part, PlaceKind)) for part in parse_list(text))


def _events(content: bytes) -> Iterator[tuple[int, Described]]:
    """Read events one by one: what one of them breaks is no reason to lose the others."""
    try:
        calendar = Calendar.from_ical(content)
    except ValueError as fault:
        raise ContractError(Message("calendar.fault.unreadable")) from fault
    events = [part for part in calendar.walk("VEVENT") if isinstance(part, Event)]
    if not events:
        raise ContractError(Message("calendar.fault.no_events"))
    for number, event in enumerate(events, start=1):
        try:
            yield number, _described(event)
        except (ValueError, KeyError, TypeError, AttributeError):
            yield number, Message("calendar.fault.event")


def _described(event: Event) -> Described:
    begins: Any = event.decoded("DTSTART")
    ends: Any = event.decoded("DTEND", None)
    if ends is None:
        lasts: Any = event.decoded("DURATION", timedelta())
        ends = begins + lasts
    first, start = _local(begins)
    last, end = _local(ends)
    if start is None and last > first:
        last -= timedelta(days=1)  # the end of an event of whole days does not belong to it
    elif start is not None and end is not None:
        last = first if ends - begins < timedelta(days=1) else last
    if start == end:
        start = end = None
    described: dict[str, Any] = {
        "kind": _kind(event),
        "title": " ".join(str(event.get("SUMMARY", "")).split())[:LONGEST_TITLE],
        "first": first,
        "last": last,
        "start": start,
        "end": end,
    }
    return described | _repeated(event, first, last)


def _local(moment: date | datetime) -> tuple[date, time | None]:
    if isinstance(moment, datetime):
        there = moment.astimezone(TIRANE) if moment.tzinfo else moment
        return there.date(), there.time().replace(second=0, microsecond=0)
    return moment, None


def _kind(event: Event) -> CalendarKind:
    """Return the kind that a category names; another program's categories mean nothing here."""
    found: Any = event.get("CATEGORIES", [])
    for part in found if isinstance(found, list) else [found]:
        for name in getattr(part, "cats", [part]):
            try:
                return CalendarKind(word_of(str(name), CalendarKind))
            except ValueError:
                continue
    return CalendarKind.OTHER


def _repeated(event: Event, first: date, last: date) -> dict[str, Any]:
    """Return what a repetition means here; one that cannot be kept is a fault, not a guess."""
    rule: Any = event.get("RRULE")
    if rule is None:
        return {}
    frequency, every = str(rule["FREQ"][0]).upper(), int(rule.get("INTERVAL", [1])[0])
    if frequency == "YEARLY" and every == 1 and set(rule) <= _PLAIN and "BYDAY" not in rule:
        return {"yearly": True}
    if frequency not in {"WEEKLY", "DAILY"} or every != 1 or "UNTIL" not in rule:
        msg = "a repetition that a calendar entry cannot hold"
        raise ValueError(msg)
    until = rule["UNTIL"][0]
    if isinstance(until, datetime):
        until = (until if until.tzinfo else until.replace(tzinfo=UTC)).astimezone(TIRANE).date()
    if frequency == "DAILY":
        return {"last": max(until, last)}
    days = [str(day).upper() for day in rule.get("BYDAY", [_DAYS[first.weekday()]])]
    return {"last": max(until, last), "weekdays": tuple(sorted(_DAYS.index(day) for day in days))}
