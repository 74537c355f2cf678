"""The nouns of team orienteering: what is asked of a solver, and what it answers."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["NO_WAY", "Node", "Pause", "Problem", "ProcessorTime", "Round", "Solution", "Visit"]

#: A way that does not exist: longer than any shift, and no route may use it.
NO_WAY = 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A place to visit, or one of several visits to a place.

    Times are whole ticks of whatever clock the caller keeps. Service begins
    inside one of the windows (both ends included); `prize` is whole points.

    Parameters
    ----------
    rounds
        The rounds that may serve it, by number; `None`: any.
    group, rest_days
        Nodes of one group lie at least so many days apart, by the days of their rounds: never
        two on a day where it is 1 or more. Of two nodes the longer rest holds.
    """

    location: int
    service: int
    windows: tuple[tuple[int, int], ...]
    prize: int
    required: bool = False
    rounds: tuple[int, ...] | None = None
    group: str | None = None
    rest_days: int = 0


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
    """

    start: int
    end: int
    opens: int
    closes: int
    matrix: int = 0
    day: int = 0
    most: int | None = None
    pause: Pause | None = None


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
