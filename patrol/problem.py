"""The nouns of team orienteering: what is asked of a solver, and what it answers."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "NO_WAY",
    "Node",
    "Pause",
    "Problem",
    "ProcessorTime",
    "Round",
    "Solution",
    "Visit",
    "arrives",
    "held",
]

#: A way that does not exist: longer than any shift, and no route may use it.
NO_WAY = 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A place to visit, or one of several visits to a place.

    Times are whole ticks of whatever clock the caller keeps. Service begins
    inside one of the windows (both ends included); `prize` is whole points.

    Parameters
    ----------
    urgency
        Whole points that come before all prizes and after what is required, which needs none
        itself. Nought where a node is worth its prize alone.
    rounds
        The rounds that may serve it, by number; `None`: any.
    hours
        The windows of rounds for which they are others than `windows`, by their number.
    group, rest_days
        Nodes of one group lie at least so many days apart, by the days of their rounds: never
        two on a day where it is 1 or more. Of two nodes the longer rest holds.
    """

    location: int
    service: int
    windows: tuple[tuple[int, int], ...]
    prize: int
    required: bool = False
    urgency: int = 0
    rounds: tuple[int, ...] | None = None
    hours: Mapping[int, tuple[tuple[int, int], ...]] = field(default_factory=dict)
    group: str | None = None
    rest_days: int = 0

    def windows_of(self, number: int) -> tuple[tuple[int, int], ...]:
        """Return in which windows a round may begin to serve it."""
        return self.hours.get(number, self.windows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A break of so many ticks that begins within a span (both ends included)."""

    ticks: int
    opens: int
    closes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One team's outing: from where to where, between when and when, by which matrix.

    Parameters
    ----------
    day
        A whole number; days count for the rest between nodes of one group.
    most
        Stops at most.
    pause
        The break of a round that has any stop, taken before one of its ways (also the first or
        the last), while nothing else is done.
    waits
        Spans in which no way is under way (from when, until when; in order, none touching
        another): who would be on one waits for their end where they are, and may have the
        break meanwhile. Service goes on. Where one has no length it hinders nobody.
    """

    start: int
    end: int
    opens: int
    closes: int
    matrix: int = 0
    day: int = 0
    most: int | None = None
    pause: Pause | None = None
    waits: tuple[tuple[int, int], ...] = ()


def arrives(waits: Iterable[tuple[int, int]], at: int, way: int) -> int:
    """Return when a way is over for who could begin it at a moment.

    Who sets out later is never there sooner, so that the earliest moments of a route stay
    the best ones. A way of no length is none.
    """
    for begins, ends in waits:
        if way > 0 and at < ends and at + way > begins:
            at = ends
    return at + way


def held(trip: Round, spans: Iterable[tuple[int, int]]) -> Round:
    """Return a round that waits in some spans; one that lasts until its end ends it sooner.

    Somebody has to be back before it: so what chance makes longer is measured against that.
    """
    waits: list[tuple[int, int]] = []
    for begins, ends in sorted(spans):
        if begins >= ends or ends <= trip.opens or begins >= trip.closes:
            continue
        if waits and begins <= waits[-1][1]:
            waits[-1] = (waits[-1][0], max(ends, waits[-1][1]))
        else:
            waits.append((begins, ends))
    closes = trip.closes
    if waits and waits[-1][1] >= closes:
        closes = max(trip.opens, waits.pop()[0])
    return replace(trip, closes=closes, waits=tuple(waits))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Problem:
    """Nodes, rounds, and a matrix of ticks between locations for each way of moving.

    `travel` holds arrays of shape (locations, locations); `NO_WAY` or more means none.
    """

    travel: tuple[NDArray[np.int64], ...]
    nodes: tuple[Node, ...]
    rounds: tuple[Round, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A node on a route and when its service begins."""

    node: int
    begins: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """What a search has found.

    Parameters
    ----------
    routes
        One tuple of visits a round.
    cut_by_time
        The clock ended the search, not its budget.
    pauses
        When each round's break begins; `None` where it has none.
    """

    routes: tuple[tuple[Visit, ...], ...]
    cut_by_time: bool
    pauses: tuple[int | None, ...] = ()


class ProcessorTime:
    """Stops after so many processor seconds: machines are shared, and walls lie."""

    def __init__(self, seconds: float) -> None:
        self._until = time.process_time() + seconds
        self.was_reached = False

    def __call__(self, best_cost: float = 0.0) -> bool:
        """Say whether they are over; a search's best cost does not matter."""
        del best_cost
        self.was_reached = time.process_time() >= self._until
        return self.was_reached
