"""What the rules of a problem allow: which window serves which round, when a route is where.

Both engines ask here before they search and after it; the compiled search keeps
the same rules in its own arrays, and its tests count again what both say.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from patrol.problem import NO_WAY, Node, Problem, Solution, Visit, arrives

__all__ = ["Reach", "Timed", "filled", "kept", "reach", "solution", "tiers", "timed"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reach:
    """Which windows of a node each round could serve on its own.

    Parameters
    ----------
    windows
        Those of each node by opening, what overlaps or touches is one; behind them the windows
        of rounds with hours of their own, so that those of any round stand together.
    low, high
        The first one that a round could serve and the one after the last, shape (nodes, rounds);
        the same number where it could serve none.
    """

    windows: tuple[tuple[tuple[int, int], ...], ...]
    low: NDArray[np.int32]
    high: NDArray[np.int32]

    def of(self, node: int, number: int) -> tuple[tuple[int, int], ...]:
        """Return the windows of a node that a round could serve."""
        return self.windows[node][self.low[node, number] : self.high[node, number]]

    def nodes(self) -> list[int]:
        """Return the nodes that some round could serve."""
        return [int(i) for i in np.flatnonzero(np.any(self.high > self.low, axis=1))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """A route with the earliest moments of its services, its break, and when it is over."""

    visits: tuple[Visit, ...]
    pause: int | None
    over: int


def tiers(node: Node) -> tuple[bool, int, int]:
    """Return what counts in a node, the first of it before all that follows."""
    return node.required, 0 if node.required else node.urgency, node.prize


def reach(problem: Problem) -> Reach:
    """Return which windows could be served by which rounds."""
    windows: list[tuple[tuple[int, int], ...]] = []
    shape = (len(problem.nodes), len(problem.rounds))
    low, high = np.zeros(shape, dtype=np.int32), np.zeros(shape, dtype=np.int32)
    where = np.array([node.location for node in problem.nodes], dtype=np.intp)
    service = np.array([node.service for node in problem.nodes], dtype=np.int64)
    there = np.empty(shape, dtype=np.int64)
    back = np.empty(shape, dtype=np.int64)
    for r, trip in enumerate(problem.rounds):
        there[:, r] = problem.travel[trip.matrix][trip.start, where]
        back[:, r] = problem.travel[trip.matrix][where, trip.end]
    opens = np.array([trip.opens for trip in problem.rounds], dtype=np.int64)
    closes = np.array([trip.closes for trip in problem.rounds], dtype=np.int64)
    earliest, latest = opens + there, closes - service[:, None] - back
    can = (there < NO_WAY) & (back < NO_WAY) & (earliest <= latest)
    for i, node in enumerate(problem.nodes):
        if node.rounds is not None:
            can[i, np.setdiff1d(np.arange(shape[1]), node.rounds)] = False
        together: tuple[tuple[int, int], ...] = ()
        for own, served in _by_rounds(node, shape[1]):
            low[i, served] = len(together) + np.searchsorted(
                [closes for _, closes in own], earliest[i, served]
            )
            high[i, served] = len(together) + np.searchsorted(
                [opens for opens, _ in own], latest[i, served], side="right"
            )
            together += own
        windows.append(together)
    high = np.where(can & (high > low), high, low)
    return Reach(windows=tuple(windows), low=low, high=high)


def _by_rounds(
    node: Node, n_rounds: int
) -> list[tuple[tuple[tuple[int, int], ...], NDArray[np.intp]]]:
    """Return the different windows of a node, each with the rounds that they hold for."""
    found: dict[tuple[tuple[int, int], ...], list[int]] = {node.windows: []}
    for r in range(n_rounds):
        found.setdefault(node.windows_of(r), []).append(r)
    return [(_joined(own), np.array(served, dtype=np.intp)) for own, served in found.items()]


def _joined(windows: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    for opens, closes in sorted(windows):
        if opens > closes:
            continue
        if found and opens <= found[-1][1] + 1:  # ticks are whole: nothing lies between
            found[-1] = (found[-1][0], max(closes, found[-1][1]))
        else:
            found.append((opens, closes))
    return tuple(found)


def timed(problem: Problem, number: int, route: Sequence[int]) -> Timed | None:
    """Return when a round's route is where, over as early as can be; `None` if it breaks a rule.

    Among breaks after which a route is over equally early, the one nearest the
    middle of its span is taken.
    """
    trip = problem.rounds[number]
    if trip.most is not None and len(route) > trip.most:
        return None
    if any(own is not None and number not in own for own in _rounds(problem, route)):
        return None
    if trip.pause is None or not route:
        return _walked(problem, number, route, None)
    middle = (trip.pause.opens + trip.pause.closes) / 2
    ways = [_walked(problem, number, route, before) for before in range(len(route) + 1)]
    found = [one for one in ways if one is not None and one.pause is not None]
    return min(found, key=lambda one: (one.over, abs((one.pause or 0) - middle)), default=None)


def _rounds(problem: Problem, route: Sequence[int]) -> list[tuple[int, ...] | None]:
    return [problem.nodes[i].rounds for i in route]


def _walked(
    problem: Problem, number: int, route: Sequence[int], before: int | None
) -> Timed | None:
    """Return a round's route whose break lies before one of its ways, counted from 0."""
    trip = problem.rounds[number]
    travel = problem.travel[trip.matrix]
    clock, here, visits, pause = trip.opens, trip.start, [], None
    for k in range(len(route) + 1):
        if k == before and trip.pause is not None:
            pause = max(clock, trip.pause.opens)
            if pause > trip.pause.closes:
                return None
            clock = pause + trip.pause.ticks
        there = trip.end if k == len(route) else problem.nodes[route[k]].location
        way = int(travel[here, there]) if route else 0  # who visits nobody stays where they are
        if way >= NO_WAY:
            return None
        clock, here = arrives(trip.waits, clock, way), there
        if k < len(route):
            node = problem.nodes[route[k]]
            windows = node.windows_of(number)
            begins = min(
                (max(clock, opens) for opens, closes in windows if clock <= closes >= opens),
                default=None,
            )
            if begins is None:
                return None
            visits.append(Visit(node=route[k], begins=begins))
            clock = begins + node.service
    if clock > trip.closes:
        return None
    return Timed(visits=tuple(visits), pause=pause, over=clock)


def kept(problem: Problem, routes: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return routes as they are where they keep every rule, and else without what breaks one."""
    found: list[list[int]] = []
    days: dict[str, list[tuple[int, int]]] = {}
    seen: set[int] = set()
    for r, trip in enumerate(problem.rounds):
        wanted: list[int] = []
        for i in routes[r] if r < len(routes) else ():
            if i not in seen and not _too_soon(problem.nodes[i], trip.day, days):
                wanted.append(i)
                seen.add(i)
                _note(problem.nodes[i], trip.day, days)
        if timed(problem, r, wanted) is None:
            own: list[int] = []
            for i in sorted(wanted, key=lambda i: tiers(problem.nodes[i])[:2], reverse=True):
                longer = [j for j in wanted if j in {*own, i}]
                if timed(problem, r, longer) is not None:
                    own = longer
                else:
                    _forget(problem.nodes[i], trip.day, days)
            seen -= set(wanted) - set(own)
            wanted = own
        found.append(wanted)
    return found


def filled(
    problem: Problem, routes: Sequence[Sequence[int]], nodes: Collection[int]
) -> list[list[int]]:
    """Return routes with unvisited ones of some nodes put in where there is room for them."""
    found = [list(route) for route in routes]
    days: dict[str, list[tuple[int, int]]] = {}
    visited = set()
    for trip, route in zip(problem.rounds, found, strict=True):
        for i in route:
            _note(problem.nodes[i], trip.day, days)
            visited.add(i)
    order = sorted(sorted(nodes), key=lambda i: tiers(problem.nodes[i]), reverse=True)
    for i in order:
        for r, trip in enumerate(problem.rounds):
            if i in visited or _too_soon(problem.nodes[i], trip.day, days):
                continue
            longer = _with(problem, r, found[r], i)
            if longer is not None:
                found[r] = longer
                visited.add(i)
                _note(problem.nodes[i], trip.day, days)
    return found


def _with(problem: Problem, number: int, route: list[int], node: int) -> list[int] | None:
    """Return a round's route with a node put in so that it is over soonest, if it fits."""
    ways = [[*route[:k], node, *route[k:]] for k in range(len(route) + 1)]
    over = [(one.over, k) for k, way in enumerate(ways) if (one := timed(problem, number, way))]
    return ways[min(over)[1]] if over else None


def _too_soon(node: Node, day: int, days: dict[str, list[tuple[int, int]]]) -> bool:
    others = days.get(node.group, []) if node.group is not None else []
    return any(abs(day - other) < max(node.rest_days, rest) for other, rest in others)


def _note(node: Node, day: int, days: dict[str, list[tuple[int, int]]]) -> None:
    if node.group is not None:
        days.setdefault(node.group, []).append((day, node.rest_days))


def _forget(node: Node, day: int, days: dict[str, list[tuple[int, int]]]) -> None:
    if node.group is not None:
        days[node.group].remove((day, node.rest_days))


def solution(problem: Problem, routes: Sequence[Sequence[int]], *, cut_by_time: bool) -> Solution:
    """Return routes that keep every rule with the moments of their services and breaks."""
    found = [timed(problem, r, route) for r, route in enumerate(routes)]
    return Solution(
        routes=tuple(() if one is None else one.visits for one in found),
        cut_by_time=cut_by_time,
        pauses=tuple(None if one is None else one.pause for one in found),
    )
