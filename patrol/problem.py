"""The nouns of team orienteering: what is asked of a solver, and what it answers."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["NO_WAY", "Node", "Problem", "ProcessorTime", "Round", "Solution", "Visit", "usable"]

#: A way that does not exist: longer than any shift, and no route may use it.
NO_WAY = 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A place to visit.

    Times are whole ticks of whatever clock the caller keeps. Service begins
    inside one of the windows (both ends included); `prize` is whole points.
    """

    location: int
    service: int
    windows: tuple[tuple[int, int], ...]
    prize: int
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One team's outing: from where to where, between when and when, by which matrix."""

    start: int
    end: int
    opens: int
    closes: int
    matrix: int = 0


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
    """One tuple of visits a round; `cut_by_time`: the clock ended the search, not its budget."""

    routes: tuple[tuple[Visit, ...], ...]
    cut_by_time: bool


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


def usable(problem: Problem) -> list[tuple[int, tuple[int, int]]]:
    """Return node and window for each window that some round could serve."""
    found = []
    for i, node in enumerate(problem.nodes):
        for window in node.windows:
            for trip in problem.rounds:
                travel = problem.travel[trip.matrix]
                there = int(travel[trip.start, node.location])
                back = int(travel[node.location, trip.end])
                begin = max(window[0], trip.opens + there)
                if begin <= window[1] and begin + node.service + back <= trip.closes:
                    found.append((i, window))
                    break
    return found
