"""The calendar: what a year holds that changes where and when teams go, and on which days.

An entry belongs to one municipality or to the whole country. Entries that the
house brings along (`data.reference.calendar`) are laid under those people keep:
one that is kept under the same id stands in its place, and a dropped one takes
it away.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Final

from data.errors import ContractError
from data.messages import Message
from data.vocabulary import CalendarKind, PlaceKind

__all__ = [
    "LONGEST_TITLE",
    "MOST_FACTOR",
    "ONE_FOR_ALL",
    "CalendarEntry",
    "days_of",
    "is_on",
    "laid_over",
    "spans_of",
    "standing",
]

LONGEST_TITLE: Final = 80
#: More would let one market day outweigh every child seen anywhere else.
MOST_FACTOR: Final = 3.0
#: Of these there is one at a time: a municipality's own stands in the place of the country's.
ONE_FOR_ALL: Final = frozenset({CalendarKind.SEASON, CalendarKind.SCHOOL_YEAR})
#: No entry runs longer: a school year does not, and a slip of the pen in a year does.
_LONGEST: Final = timedelta(days=366)
_LEAP: Final = (2, 29)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEntry:
    """One thing in the calendar.

    Parameters
    ----------
    municipality
        Whose it is; `None` for the whole country.
    title
        In its users' words; empty for what the house brings along, which is named by its id.
    first, last
        Days, both included; of a yearly entry those of its first year.
    yearly
        Whether it comes back on the same days of every later year.
    weekdays
        Only these days of the week, 0 is Monday; empty: every day.
    start, end
        Hours, where it has any; the end may lie after midnight.
    places, place_kinds
        The places, or kinds of places, that it concerns; empty: those usual for its kind.
    factor
        By how much a visit to them is worth more; 1 raises nothing.
    team
        Who goes along on a joint inspection.
    dropped
        Whether it takes away what the house brings along under the same id.

    Raises
    ------
    ContractError
        If the days, the hours, the title or the factor make no sense.
    """

    id: str
    municipality: str | None
    kind: CalendarKind
    first: date
    last: date
    title: str = ""
    yearly: bool = False
    weekdays: tuple[int, ...] = ()
    start: time | None = None
    end: time | None = None
    places: tuple[str, ...] = ()
    place_kinds: tuple[PlaceKind, ...] = ()
    factor: float = 1.0
    team: str = ""
    dropped: bool = False

    def __post_init__(self) -> None:
        """Hold the entry to what makes sense."""
        if self.last < self.first:
            raise ContractError(Message("calendar.fault.order"))
        if self.last - self.first > _LONGEST:
            raise ContractError(Message("calendar.fault.too_long"))
        if len(self.title) > LONGEST_TITLE:
            raise ContractError(Message("calendar.fault.title", {"n": LONGEST_TITLE}))
        if not 1.0 <= self.factor <= MOST_FACTOR:
            raise ContractError(Message("calendar.fault.factor", {"most": MOST_FACTOR}))
        if (self.start is None) != (self.end is None):
            raise ContractError(Message("calendar.fault.hours"))
        if any(day not in range(7) for day in self.weekdays):
            raise ContractError(Message("calendar.fault.weekdays"))


def spans_of(entry: CalendarEntry, first: date, last: date) -> tuple[tuple[date, date], ...]:
    """Return the entry's spans of days that touch a period, each whole, the earliest first."""
    if not entry.yearly:
        spans = [(entry.first, entry.last)]
    else:
        # One that runs over New Year and began last year may still be on.
        years = range(max(first.year - 1, entry.first.year), last.year + 1)
        spans = [_moved(entry, year - entry.first.year) for year in years]
    return tuple(span for span in spans if span[0] <= last and first <= span[1])


def days_of(entry: CalendarEntry, first: date, last: date) -> tuple[date, ...]:
    """Return the days of a period on which the entry is on, in order."""
    found = []
    for begins, ends in spans_of(entry, first, last):
        begin, end = max(begins, first), min(ends, last)
        days = (begin + timedelta(days=n) for n in range((end - begin).days + 1))
        found += [day for day in days if not entry.weekdays or day.weekday() in entry.weekdays]
    return tuple(dict.fromkeys(found))


def is_on(entry: CalendarEntry, day: date) -> bool:
    """Say whether the entry is on, on a day."""
    return bool(days_of(entry, day, day))


def laid_over(
    usual: Iterable[CalendarEntry], kept: Iterable[CalendarEntry]
) -> tuple[CalendarEntry, ...]:
    """Return what the house brings along with what people keep laid over it, by day and id."""
    by_id = {entry.id: entry for entry in usual} | {entry.id: entry for entry in kept}
    found = [entry for entry in by_id.values() if not entry.dropped]
    return tuple(sorted(found, key=lambda entry: (entry.first, entry.id)))


def standing(
    entries: Iterable[CalendarEntry], municipality: str | None
) -> tuple[CalendarEntry, ...]:
    """Return the entries that count in a municipality: its own, and the country's."""
    near = [e for e in entries if e.municipality in {None, municipality} and not e.dropped]
    own = {e.kind for e in near if e.municipality is not None and e.kind in ONE_FOR_ALL}
    return tuple(e for e in near if e.municipality is not None or e.kind not in own)


def _moved(entry: CalendarEntry, years: int) -> tuple[date, date]:
    return _in_year(entry.first, years), _in_year(entry.last, years)


def _in_year(day: date, years: int) -> date:
    """Return the same day so many years later; the 29th of February is the 28th elsewhere."""
    if (day.month, day.day) == _LEAP:
        return (day + timedelta(days=1)).replace(year=day.year + years) - timedelta(days=1)
    return day.replace(year=day.year + years)
