"""The week at one place: what an hour of presence may give, hour by hour, and its high hours.

A place's own events are drawn towards the course of its kind (`geo.times`) as far
as they are few, and the course is set to the place's rate. Of an hour in which no
team ever was there the rate is unknown, whatever the neighbouring hours say; only
which hours are the high ones is worked out from all of them.

A day begins with its morning: two o'clock on Saturday is Friday's night.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time

import numpy as np
from numpy.typing import NDArray

from data.messages import Message, Param
from geo.cycle import Events, group_courses
from geo.risk import RiskSurface
from geo.slots import HOURS, PARTS
from geo.times import UNWRITTEN

__all__ = ["DAWN", "MIN_OWN", "MIN_TIMED", "Run", "WeekClock", "high_hours", "week_clocks"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: The hour at which a day of the clock begins.
DAWN = PARTS["morning"][0]
#: With fewer cases known to their hour a place's high hours are those of its kind.
MIN_OWN = 3
#: With fewer in the whole municipality any hours named would be as often invented as true.
MIN_TIMED = 30
_DAYS, _DAY = 7, 24
#: High hours hold about half of what is expected in a week, at least this share,
_HELD = 0.45
#: in so many runs at most, and of fewer runs if these need not be longer than this;
_RUNS = 3
_LONGER = 1.25
#: where it takes more of the week than this, no hours stand out. Simulated towns without any
#: course name hours at one place in twenty, and those with fourfold evenings at nine in ten.
_WIDEST = HOURS / 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Hours that follow each other, the same ones on neighbouring days.

    Parameters
    ----------
    day, days
        The first day, 0 being Monday, and how many there are; the week goes round.
    hour, hours
        The first hour of the clock, and how many there are, past midnight too.
    """

    day: int
    days: int
    hour: int
    hours: int

    @property
    def of_week(self) -> Ints:
        """Return its hours of the week, 0 to 167."""
        first = _DAY * (self.day + (self.hour < DAWN)) + self.hour
        each = first + _DAY * np.arange(self.days)[:, None] + np.arange(self.hours)
        return np.asarray(each.ravel() % HOURS, dtype=np.int64)

    @property
    def message(self) -> Message:
        """Return it in words: *Friday, 18:00-22:00*."""
        first, last = (f"@when.day.{d % _DAYS}" for d in (self.day, self.day + self.days - 1))
        days = {1: first, 2: "@when.two_days", _DAYS: "@when.every_day"}.get(
            self.days, "@when.several_days"
        )
        about: dict[str, Param] = {"days": days, "first": first, "last": last}
        if self.hours == _DAY:
            return Message("when.run_whole", about)
        opens, closes = (time(h % _DAY) for h in (self.hour, self.hour + self.hours))
        return Message("when.run", {**about, "opens": opens, "closes": closes})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WeekClock:
    """A place by the hour of the week, shape (168,) each, the first from midnight on Monday.

    Parameters
    ----------
    share
        Of what is expected in a week, were somebody there in every hour of it.
    rate_per_hour
        Expected cases per hour of presence; not a number where no team ever was.
    hours
        Of presence.
    found, reported
        Cases known to their hour, and those of them that others than a team reported.
    high
        The high hours; none where no hours stand out, or too few cases are known.
    held
        Share of what is expected that the high hours hold.
    of_kind
        The high hours are those of places of its kind: it has too few cases of its own.
    verdict
        Says that there are too few cases to say anything, or `None`.
    """

    place_id: str
    share: Floats
    rate_per_hour: Floats
    hours: Floats
    found: Floats
    reported: Floats
    high: tuple[Run, ...]
    held: float
    of_kind: bool
    verdict: Message | None

    @property
    def n_timed(self) -> float:
        """Return how many cases are known to their hour."""
        return float(self.found.sum())

    @property
    def unseen(self) -> int:
        """Return in how many of the high hours no team ever was."""
        return sum(int((self.hours[run.of_week] <= 0).sum()) for run in self.high)


def week_clocks(surface: RiskSurface, place_ids: Iterable[str]) -> tuple[WeekClock, ...]:
    """Return the weeks of the places asked for, and of no others.

    Each is worked out for itself: with which others it is asked for changes nothing.
    """
    position = {str(p): i for i, p in enumerate(surface.overall["place_id"])}
    verdict = _verdict(surface)
    return tuple(_clock(surface, place, position[place], verdict) for place in place_ids)


def _verdict(surface: RiskSurface) -> Message | None:
    """Return that too few cases are known to their hour, and how many are missing."""
    ledger = surface.ledger
    have = round(float(ledger.case_share[ledger.case_timed].sum()))
    if have >= MIN_TIMED:
        return None
    lacking: dict[str, Param] = {"n": MIN_TIMED - have, "have": have, "needed": MIN_TIMED}
    return Message("when.missing_timed", lacking)


def _clock(surface: RiskSurface, place: str, at: int, verdict: Message | None) -> WeekClock:
    ledger, times = surface.ledger, surface.times
    here, there = ledger.case_place == at, ledger.seen_place == at
    timed = here & ledger.case_timed
    reported = timed & ledger.case_reported
    hours = _by_hour(ledger.seen_hour[there], ledger.seen_h[there])
    found = _by_hour(ledger.case_hour[timed], ledger.case_share[timed])
    parent = times.week[times.kind_of[at]]
    course = _course(surface, at, hours, parent)
    per_hour = float(surface.overall["expected_per_hour"].iloc[at])
    share = course / course.sum()
    of_kind = bool(found.sum() < MIN_OWN)
    named = parent / parent.sum() if of_kind else share
    high = high_hours(named) if verdict is None else ()
    return WeekClock(
        place_id=place,
        share=share,
        rate_per_hour=np.where(hours > 0, per_hour * course, np.nan),
        hours=hours,
        found=found,
        reported=_by_hour(ledger.case_hour[reported], ledger.case_share[reported]),
        high=high,
        held=float(sum(named[run.of_week].sum() for run in high)),
        of_kind=of_kind,
        verdict=verdict,
    )


def _by_hour(hour: Ints, value: Floats) -> Floats:
    return np.bincount(hour, value, HOURS).astype(np.float64)


def _course(surface: RiskSurface, at: int, hours: Floats, parent: Floats) -> Floats:
    """Return the course of one place's week, at the level its rate was worked out with."""
    ledger, times = surface.ledger, surface.times
    here = ledger.case_place == at
    own = hours.sum()
    before = float(ledger.unrecorded()[at])
    expected = hours * (1.0 + before / own) if own > 0 else hours
    expected = expected + times.others_h * ledger.reported_month.sum() / HOURS
    expected = (1.0 - UNWRITTEN) * expected + UNWRITTEN * expected.mean()
    events = Events(
        group=np.zeros(here.sum(), dtype=np.int64),
        bin=ledger.case_hour[here],
        share=ledger.case_meeting[here],
        sure=ledger.case_timed[here],
        expected=expected[None, :],
    )
    return group_courses(events, parent, times.kernel)[0]


def high_hours(share: Floats) -> tuple[Run, ...]:
    """Return the fewest runs of hours that hold about half of what is expected, at most three.

    Runs are looked for that are worth their hours, at one price of an hour after
    another; of all that hold as much the shortest are kept. A run more is named only
    where it makes the hours notably fewer.

    Parameters
    ----------
    share
        Of what is expected in a week, by hour of the week, shape (168,); sums to one.
    """
    best: dict[int, tuple[int, tuple[Run, ...]]] = {}
    for price in np.linspace(share.max(), share.min(), 50)[1:-1]:
        runs = _worth(share, float(price))
        for k in range(1, len(runs) + 1):
            of_week = np.concatenate([run.of_week for run in runs[:k]])
            if share[of_week].sum() >= _HELD and len(of_week) < best.get(k, (HOURS + 1,))[0]:
                best[k] = (len(of_week), runs[:k])
    if not best:
        return ()
    shortest = min(length for length, _ in best.values())
    length, runs = next(best[k] for k in sorted(best) if best[k][0] <= _LONGER * shortest)
    if length > _WIDEST:
        return ()
    return tuple(sorted(runs, key=lambda run: (run.day, (run.hour - DAWN) % _DAY)))


def _worth(share: Floats, price: float) -> tuple[Run, ...]:
    """Return up to three runs that hold most beyond the price of their hours, the best first."""
    day, days, first, hours = _runs()
    worth = np.roll(share, -DAWN).reshape(_DAYS, _DAY) - price
    found: list[Run] = []
    for _ in range(_RUNS):
        sums = np.zeros((2 * _DAYS + 1, _DAY + 1))
        sums[1:, 1:] = np.tile(worth, (2, 1)).cumsum(axis=0).cumsum(axis=1)
        end, last = day + days, first + hours
        each = sums[end, last] - sums[day, last] - sums[end, first] + sums[day, first]
        at = int(each.argmax())
        if each[at] <= 0:
            break
        found.append(
            Run(
                day=int(day[at]),
                days=int(days[at]),
                hour=int(first[at] + DAWN) % _DAY,
                hours=int(hours[at]),
            )
        )
        taken = np.ix_((day[at] + np.arange(days[at])) % _DAYS, first[at] + np.arange(hours[at]))
        worth[taken] = -1.0  # no run is worth an hour of another one
    return tuple(found)


@functools.cache
def _runs() -> tuple[Ints, Ints, Ints, Ints]:
    """Return every run there can be: first day, days, first hour from dawn, hours."""
    made = [
        (day, days, first, hours)
        for days in range(1, _DAYS + 1)
        # All days of the week begin on Monday.
        for day in range(_DAYS if days < _DAYS else 1)
        for first in range(_DAY)
        for hours in range(1, _DAY - first + 1)
    ]
    day, days, first, hours = np.array(made, dtype=np.int64).T
    return day, days, first, hours
