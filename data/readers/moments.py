"""Days, times and moments as people and programs write them, made aware in Europe/Tirane.

Two rules for what could be read two ways. A day written with a slash or a
dash and no year first is day-month-year, as in Albania, unless some value of
the column can only be month-day-year and none only day-month-year. An hour
that the clocks skip in March is read as one hour later; one they repeat in
October is its first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final

from data.nouns import TIRANE

__all__ = ["Moment", "is_month_first", "parse_day", "parse_moment", "parse_time"]

_ISO: Final = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_LOCAL: Final = re.compile(r"(\d{1,2})\s*([-/.])\s*(\d{1,2})\s*[-/.]\s*(\d{4}|\d{2})\.?")
_TIME: Final = re.compile(
    r"(?:ora\s*)?(\d{1,2})(?:[:.h](\d{2}))?(?::(\d{2})(?:\.\d+)?)?\s*h?\s*(am|pm|pd|md)?",
    re.IGNORECASE,
)
_ZONE: Final = re.compile(r"(.*?)(Z|[+-]\d{2}:?\d{2})", re.IGNORECASE | re.DOTALL)
_YEARS: Final = (1990, 2100)
_CENTURY: Final = 2000
_NOON: Final = 12


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment in UTC, whether its hour was written, and whether the clocks skipped that hour."""

    at: datetime
    has_hour: bool
    moved: bool = False


def is_month_first(texts: Iterable[str]) -> bool:
    """Return whether the days of a column are month-day-year: some must be, none can be else."""
    month_first = day_first = False
    for text in texts:
        found = _LOCAL.match(text)
        if found and found[2] == "/":
            day_first |= int(found[1]) > _NOON
            month_first |= int(found[3]) > _NOON
    return month_first and not day_first


def parse_day(text: str, *, month_first: bool = False) -> date:
    """Return the day a text names; raise `ValueError` if it names none."""
    found = _ISO.fullmatch(text)
    if found:
        year, month, day = (int(part) for part in found.groups())
    else:
        found = _LOCAL.fullmatch(text)
        if not found:
            msg = "not a day"
            raise ValueError(msg)
        day, month, year = int(found[1]), int(found[3]), int(found[4])
        if month_first and found[2] == "/":
            day, month = month, day
        year += _CENTURY * (year < _YEARS[0] and len(found[4]) == 2)  # noqa: PLR2004 - two digits
    if not _YEARS[0] <= year <= _YEARS[1]:
        msg = "not a year of the living"
        raise ValueError(msg)
    return date(year, month, day)


def parse_time(text: str) -> time:
    """Return the time of day a text names; raise `ValueError` if it names none."""
    found = _TIME.fullmatch(text.strip())
    if not found:
        msg = "not a time of day"
        raise ValueError(msg)
    hour, minute, second = (int(part or 0) for part in found.groups()[:3])
    half = (found[4] or "").lower()
    if half:  # pm and, in Albanian, md (mbasdite)
        hour = hour % _NOON + _NOON * (half in {"pm", "md"})
    return time(hour, minute, second)


def parse_moment(text: str, hour: str = "", *, month_first: bool = False) -> Moment:
    """Return the moment that a day, perhaps with its time and zone, names.

    Parameters
    ----------
    text
        A day, or a day and a time parted by a blank or T, perhaps with a zone.
    hour
        A time of day from another column, for a day without one.
    month_first
        Whether days with slashes begin with the month.

    Raises
    ------
    ValueError
        If the text names no moment.
    """
    zoned = _ZONE.fullmatch(text) if ":" in text else None
    body, zone = (zoned[1], zoned[2]) if zoned else (text, "")
    head, _, tail = body.strip().replace("T", " ", 1).partition(" ")
    tail = tail.strip() or hour.strip()
    day = parse_day(head.rstrip(","), month_first=month_first)
    local = datetime.combine(day, parse_time(tail) if tail else time(), tzinfo=TIRANE)
    if zone:
        offset = datetime.strptime(zone.upper().replace(":", ""), "%z").tzinfo
        return Moment(local.replace(tzinfo=offset).astimezone(UTC), has_hour=True)
    at = local.astimezone(UTC)
    moved = at.astimezone(TIRANE).replace(tzinfo=None) != local.replace(tzinfo=None)
    return Moment(at, has_hour=bool(tail), moved=moved)
