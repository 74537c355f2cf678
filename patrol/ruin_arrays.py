"""From a problem to the arrays of the compiled search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from patrol.orienteering_rules import Reach
from patrol.problem import NO_WAY, Problem
from patrol.ruin_state import NOBODY, Given, Plan, Work

__all__ = ["Task", "given_of", "plan_of", "work_of"]

#: A way that no team can take, and so the longest day; and a moment after all others.
_NEVER, _LAST = 1 << 30, 1 << 59
#: The nearest stops that say how far away a stop lies.
_NEAREST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What one cooling is about.

    Parameters
    ----------
    stops
        Nodes by position in the problem, required ones first.
    reached
        Which windows of all nodes which rounds could serve.
    prizes
        What each stop counts.
    n_required
        How many of them are required.
    point
        The prize that temperatures are measured in.
    until
        The share of the budget after which it ends.
    enough
        The sum of prizes at which it ends at once.
    """

    stops: tuple[int, ...]
    reached: Reach
    prizes: tuple[float, ...]
    n_required: int
    point: float
    until: float = 1.0
    enough: float = float("inf")


def given_of(problem: Problem, task: Task) -> Given:
    """Return a task's problem as arrays.

    Raises
    ------
    ValueError
        If there are more ticks than a matrix can hold.
    """
    nodes = [problem.nodes[i] for i in task.stops]
    points = [node.location for node in nodes]
    points += [end for trip in problem.rounds for end in (trip.start, trip.end)]
    zero = min(trip.opens for trip in problem.rounds)
    if max(trip.closes for trip in problem.rounds) - zero >= _NEVER:
        msg = "a day has more ticks than a matrix can hold"
        raise ValueError(msg)
    own = [travel[np.ix_(points, points)] for travel in problem.travel]
    ways = np.stack([np.where(way >= NO_WAY, _NEVER, way) for way in own]).astype(np.int32)
    n = len(nodes)
    opens, closes = _windows(task, zero)
    rows = np.array(task.stops)
    low, high = task.reached.low[rows], task.reached.high[rows]
    can = high > low
    first = np.where(can, np.take_along_axis(opens, np.minimum(low, opens.shape[1] - 1), 1), _LAST)
    last = np.where(can, np.take_along_axis(closes, np.maximum(high - 1, 0), 1), -1)
    able = np.argsort(~can, axis=1, kind="stable").astype(np.int32)
    prize = np.array(task.prizes)
    service = np.array([node.service for node in nodes], dtype=np.int64)
    mates, gaps = _mates(problem, task)
    days = [trip.day for trip in problem.rounds]
    return Given(
        ways=ways,
        near=_near(ways, n),
        service=service,
        opens=opens,
        closes=closes,
        low=low,
        high=high,
        first=first,
        last=last,
        least=_least(ways, service),
        able=able,
        n_able=can.sum(axis=1),
        prize=prize,
        mates=mates,
        gaps=gaps,
        orders=_orders(task, ways, service, (first, last)),
        matrix=np.array([trip.matrix for trip in problem.rounds]),
        begins=np.array([trip.opens - zero for trip in problem.rounds]),
        ends=np.array([trip.closes - zero for trip in problem.rounds]),
        day=np.array(days) - min(days),
        most=np.array([n if trip.most is None else trip.most for trip in problem.rounds]),
        pause=np.array(
            [
                (0, 0, 0)
                if trip.pause is None
                else (trip.pause.ticks, trip.pause.opens - zero, trip.pause.closes - zero)
                for trip in problem.rounds
            ]
        ),
        waits=_waits(problem, zero),
        n_required=task.n_required,
    )


def _waits(problem: Problem, zero: int) -> NDArray[np.int64] | None:
    most = max(len(trip.waits) for trip in problem.rounds)
    if not most:
        return None
    waits = np.full((len(problem.rounds), most, 2), _LAST)
    for r, trip in enumerate(problem.rounds):
        for k, span in enumerate(trip.waits):
            waits[r, k] = span[0] - zero, span[1] - zero
    return waits


def _windows(task: Task, zero: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    windows = [task.reached.windows[i] for i in task.stops]
    shape = (len(windows), max(map(len, windows)))
    opens, closes = np.full(shape, _LAST), np.full(shape, -1)
    for j, own in enumerate(windows):
        for k, window in enumerate(own):
            opens[j, k], closes[j, k] = window[0] - zero, window[1] - zero
    return opens, closes


def _apart(ways: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the shorter way between two points, there or back, by whoever moves fastest."""
    return np.minimum(ways, ways.transpose(0, 2, 1)).min(axis=0)


def _least(ways: NDArray[np.int32], service: NDArray[np.int64]) -> NDArray[np.int64]:
    n = len(service)
    others = ways.astype(np.int64)
    others[:, np.arange(n), np.arange(n)] = _NEVER
    nearest = others[:, :, :n].min(axis=1) + others[:, :n].min(axis=2)
    return np.ascontiguousarray((nearest + service).T)


def _near(ways: NDArray[np.int32], n: int) -> NDArray[np.int32]:
    return np.argsort(_apart(ways)[:n, :n], axis=1, kind="stable").astype(np.int32)


def _orders(
    task: Task,
    ways: NDArray[np.int32],
    service: NDArray[np.int64],
    hours: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> NDArray[np.int64]:
    n = len(task.stops)
    apart = _apart(ways).astype(np.int64)
    prize = np.array(task.prizes)
    # Half of the ways to and from the nearest.
    around = np.sort(apart[:n, :n], axis=1)[:, 1 : 1 + _NEAREST].sum(axis=1) / (2 * _NEAREST)
    away = apart[:n, n:].mean(axis=1)
    first, last = hours[0].min(axis=1), hours[1].max(axis=1)
    keys = (-prize, -prize / (service + around + 1), away, -away, last - first, last)
    is_optional = np.arange(n) >= task.n_required
    return np.stack([np.lexsort((key, is_optional)) for key in keys])


def _mates(problem: Problem, task: Task) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the other stops of each stop's group and the days between, padded."""
    groups: dict[str, list[int]] = {}
    for j, i in enumerate(task.stops):
        if (group := problem.nodes[i].group) is not None:
            groups.setdefault(group, []).append(j)
    most = max((len(own) - 1 for own in groups.values()), default=0)
    mates = np.full((len(task.stops), most), NOBODY, dtype=np.int32)
    gaps = np.zeros_like(mates)
    rest = np.array([problem.nodes[i].rest_days for i in task.stops], dtype=np.int32)
    for own in groups.values():
        for j in own:
            others = [mate for mate in own if mate != j]
            mates[j, : len(others)] = others
            gaps[j, : len(others)] = np.maximum(rest[j], rest[others])
    return mates, gaps


def plan_of(given: Given, routes: Sequence[Sequence[int]] = ()) -> Plan:
    """Return a plan of routes whose times are not known yet; of none, an empty one."""
    n, rounds = len(given.prize), len(given.begins)
    could = (given.high > given.low).sum(axis=0)
    wide = (rounds, int(np.minimum(could, given.most).max(initial=0)) + 2)
    plan = Plan(
        route=np.zeros(wide, dtype=np.int32),
        size=np.zeros(rounds, dtype=np.int64),
        leave=np.zeros(wide, dtype=np.int64),
        latest=np.zeros(wide, dtype=np.int64),
        eager=np.zeros(wide, dtype=np.int64),
        patient=np.zeros(wide, dtype=np.int64),
        room=np.zeros(rounds, dtype=np.int64),
        ticks=np.zeros(rounds, dtype=np.int64),
        version=np.zeros(rounds, dtype=np.int64),
        owner=np.full(n, NOBODY),
        worth=np.zeros(2),
    )
    for r in range(rounds):
        route = list(routes[r]) if r < len(routes) else []
        plan.route[r, : len(route) + 2] = [n + 2 * r, *route, n + 2 * r + 1]
        plan.size[r] = len(route)
        plan.owner[route] = r
        plan.worth[0] += given.prize[route].sum()
    return plan


def work_of(given: Given, chance: NDArray[np.uint64]) -> Work:
    """Return room to work in."""
    n, rounds = len(given.prize), len(given.begins)
    return Work(
        chance=chance,
        counted=np.zeros(2, dtype=np.int64),
        marked=np.zeros(n, dtype=np.bool_),
        changed=np.zeros(rounds, dtype=np.bool_),
        stale=np.zeros(rounds, dtype=np.bool_),
        full=np.zeros((n, rounds), dtype=np.int64),
        banned=np.zeros(int(given.day.max()) + 1, dtype=np.int64),
        waiting=np.zeros(n, dtype=np.int64),
        round=np.zeros(n, dtype=np.int64),
        place=np.zeros(n, dtype=np.int64),
        value=np.zeros(n),
    )
