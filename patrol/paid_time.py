"""The time of a shift by how it is paid: ordinary, evening and night hours, day by day.

Bands are hours of the local clock; their lengths are true ones, also in the
nights when the clock is changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise

from data.nouns import TIRANE

__all__ = ["Band", "BandHours", "Piece", "pieces", "seconds_between", "seconds_outside"]


class Band(StrEnum):
    """Which part of the day an hour is in, as far as its pay goes."""

    ORDINARY = "ordinary"
    EVENING = "evening"
    NIGHT = "night"


@dataclass(frozen=True, slots=True, kw_only=True)
class BandHours:
    """Hours of the day at which evening and night begin, and at which the night ends.

    The defaults are those of `DOMAIN.md` (Labour Code of Albania).
    """

    evening_from_h: int = 19
    night_from_h: int = 22
    night_until_h: int = 6

    def band(self, hour: int) -> Band:
        """Return the band of an hour of the day, 0 to 23."""
        if hour >= self.night_from_h or hour < self.night_until_h:
            return Band.NIGHT
        return Band.EVENING if hour >= self.evening_from_h else Band.ORDINARY


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of a shift that lies in one band of one local day."""

    day: date
    band: Band
    seconds: int


def pieces(start: datetime, end: datetime, hours: BandHours) -> tuple[Piece, ...]:
    """Return a span of time cut where the band or the local day changes; none is empty."""
    first, last = start.astimezone(UTC), end.astimezone(UTC)
    cuts = {first, last, *(cut for cut in _edges(start, end, hours) if first < cut < last)}
    found = []
    for begin, until in pairwise(sorted(cuts)):
        local = begin.astimezone(TIRANE)
        piece = Piece(
            day=local.date(), band=hours.band(local.hour), seconds=seconds_between(begin, until)
        )
        found.append(piece)
    return tuple(found)


def _edges(start: datetime, end: datetime, hours: BandHours) -> Iterable[datetime]:
    """Yield the moments at which a band or a day begins, of every day that a span touches."""
    day, last = start.astimezone(TIRANE).date(), end.astimezone(TIRANE).date()
    while day <= last:
        for hour in (0, hours.night_until_h, hours.evening_from_h, hours.night_from_h):
            yield datetime.combine(day, time(hour), TIRANE).astimezone(UTC)
        day += timedelta(days=1)


def seconds_between(start: datetime, end: datetime) -> int:
    """Return the true seconds from one moment to another."""
    return round((end.astimezone(UTC) - start.astimezone(UTC)).total_seconds())


def seconds_outside(
    start: datetime, end: datetime, taken: Sequence[tuple[datetime, datetime]]
) -> int:
    """Return the seconds of a span that lie in none of others, which may overlap each other."""
    at, last = start.astimezone(UTC), end.astimezone(UTC)
    outside = 0
    for begin, until in sorted((a.astimezone(UTC), b.astimezone(UTC)) for a, b in taken):
        if begin < last and until > at:
            outside += max(0, seconds_between(at, begin))
            at = max(at, until)
    return outside + max(0, seconds_between(at, last))
