"""Team orienteering by ruin and recreate, cooled slowly: from a problem to arrays and back.

Required stops come first: a fifth of the budget at most goes to visiting as
many of them as can be, and afterwards each is worth more than all prizes
together. Of plans with equal prizes the one with less time under way is better.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from patrol.problem import NO_WAY, Node, Problem, Round, Solution, Visit, usable
from patrol.ruin_kernel import Given, Plan, Work, copy, refresh, ruin_and_recreate

__all__ = ["prepare", "search"]

#: Ruins in an iteration: between two looks at the clock.
_RUINS = 100
#: Temperatures at the begin and the end, in mean prizes.
_HOT, _COLD = 1.0, 0.03
#: What a tenth of a mean round under way costs, in mean prizes.
_TENTH_UNDER_WAY = 0.2
#: The share of the budget that may go to required stops alone.
_FOR_REQUIRED = 0.2
#: A way that no team can take, and so the longest day; and a moment after all others.
_NEVER, _LAST = 1 << 30, 1 << 59


class _Budget:
    """What the search may use: iterations, processor seconds, or whichever ends first."""

    def __init__(self, iterations: int | None, seconds: float | None) -> None:
        self._iterations, self._seconds = iterations, seconds
        self._began = time.process_time()
        self.done = 0
        self.clock_ended_it = False

    def used(self) -> float:
        """Return the share that is used up; where iterations count, the clock only ends it."""
        spent = 0.0
        if self._seconds is not None:
            spent = (time.process_time() - self._began) / max(self._seconds, 1e-9)
        if self._iterations is None:
            return min(spent, 1.0)
        share = self.done / max(self._iterations, 1)
        if spent >= 1.0 > share:
            self.clock_ended_it = True
            return 1.0
        return share


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """What one cooling is about.

    Parameters
    ----------
    stops
        Nodes by position in the problem, required ones first.
    windows
        Those of each stop that some round can serve, by opening.
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
    windows: tuple[tuple[tuple[int, int], ...], ...]
    prizes: tuple[float, ...]
    n_required: int
    point: float
    until: float = 1.0
    enough: float = float("inf")


def search(
    problem: Problem, *, iterations: int | None, seconds: float | None, seed: int
) -> Solution:
    """Return a good solution; at least one of the budgets is given."""
    prepare()
    budget = _Budget(iterations, seconds)
    chance = np.random.SeedSequence(seed).generate_state(1, np.uint64) | np.uint64(1)
    routes: list[list[int]] = [[] for _ in problem.rounds]
    for task in _tasks(problem):
        routes = _anneal(problem, task, routes, budget, chance)
    visits = tuple(map(_visits, (problem,) * len(routes), problem.rounds, routes))
    return Solution(routes=visits, cut_by_time=budget.clock_ended_it)


@cache
def prepare() -> float:
    """Compile the search, or load what was compiled before; return the seconds it took."""
    began = time.perf_counter()
    node = Node(location=0, service=0, windows=((0, 1),), prize=1)
    trip = Round(start=0, end=0, opens=0, closes=1)
    tiny = Problem(travel=(np.zeros((1, 1), dtype=np.int64),), nodes=(node,), rounds=(trip,))
    for task in _tasks(tiny):
        _anneal(tiny, task, [[]], _Budget(1, None), np.ones(1, dtype=np.uint64))
    return time.perf_counter() - began


def _tasks(problem: Problem) -> list[_Task]:
    """Return the coolings that a problem needs: for required stops alone, then for all."""
    windows: dict[int, list[tuple[int, int]]] = {}
    for i, window in usable(problem):
        if problem.nodes[i].required or problem.nodes[i].prize > 0:
            windows.setdefault(i, []).append(window)
    if not windows:
        return []
    stops = tuple(sorted(windows, key=lambda i: (not problem.nodes[i].required, i)))
    prizes = np.array([problem.nodes[i].prize for i in stops], dtype=float)
    required = np.array([problem.nodes[i].required for i in stops])
    n_required = int(required.sum())
    everything = _Task(
        stops=stops,
        windows=tuple(tuple(sorted(windows[i])) for i in stops),
        prizes=tuple(prizes + required * (1.0 + prizes.sum())),
        n_required=n_required,
        point=float(prizes.mean()) or 1.0,
    )
    if not n_required:
        return [everything]
    musts = replace(
        everything,
        stops=stops[:n_required],
        windows=everything.windows[:n_required],
        prizes=(1.0,) * n_required,
        point=1.0,
        until=_FOR_REQUIRED,
        enough=float(n_required),
    )
    return [musts, everything]


def _anneal(
    problem: Problem,
    task: _Task,
    routes: list[list[int]],
    budget: _Budget,
    chance: NDArray[np.uint64],
) -> list[list[int]]:
    """Return the best routes over a task's stops, cooling down as the budget is used."""
    given = _given(problem, task)
    now, trial, best = plans = (_plan(given), _plan(given), _plan(given))
    _set_out(given, now, [[task.stops.index(i) for i in route] for route in routes])
    copy(now, trial)
    copy(now, best)
    work = _work(given, chance)
    long = float(np.mean(given.ends - given.begins)) or 1.0
    tick = 10 * _TENTH_UNDER_WAY * task.point / long
    begun = budget.used()
    while best.worth[0] < task.enough:
        share = (budget.used() - begun) / max(task.until - begun, 1e-9)
        if share >= 1.0:
            break
        hot = _HOT * task.point * (_COLD / _HOT) ** share
        ruin_and_recreate(given, plans, work, (hot, tick), _RUINS)
        budget.done += 1
    return [
        [task.stops[j] for j in best.route[r, 1 : best.size[r] + 1]]
        for r in range(len(problem.rounds))
    ]


def _given(problem: Problem, task: _Task) -> Given:
    nodes = [problem.nodes[i] for i in task.stops]
    points = [node.location for node in nodes]
    points += [end for trip in problem.rounds for end in (trip.start, trip.end)]
    zero = min(trip.opens for trip in problem.rounds)
    if max(trip.closes for trip in problem.rounds) - zero >= _NEVER:
        msg = "a day has more ticks than a matrix can hold"
        raise ValueError(msg)
    own = [travel[np.ix_(points, points)] for travel in problem.travel]
    ways = np.stack([np.where(way >= NO_WAY, _NEVER, way) for way in own])
    n, many = len(nodes), max(len(windows) for windows in task.windows)
    opens, closes = np.full((n, many), _LAST), np.full((n, many), -1)
    for j, windows in enumerate(task.windows):
        for k, window in enumerate(windows):
            opens[j, k], closes[j, k] = window[0] - zero, window[1] - zero
    service = np.array([node.service for node in nodes], dtype=np.int64)
    apart = (ways + ways.transpose(0, 2, 1)).min(axis=0)
    first, last = opens.min(axis=1), closes.max(axis=1)
    prize = np.array(task.prizes)
    around = np.sort(apart[:n, :n], axis=1)[:, 1:6].sum(axis=1) / 10  # to and from the nearest
    away = apart[:n, n:].mean(axis=1)
    keys = (-prize, -prize / (service + around + 1), away, -away, last - first, last)
    is_optional = np.arange(n) >= task.n_required
    return Given(
        ways=ways.astype(np.int32),
        near=np.argsort(apart[:n, :n], axis=1, kind="stable").astype(np.int32),
        service=service,
        opens=opens,
        closes=closes,
        first=first,
        last=last,
        prize=prize,
        orders=np.stack([np.lexsort((key, is_optional)) for key in keys]),
        matrix=np.array([trip.matrix for trip in problem.rounds]),
        begins=np.array([trip.opens - zero for trip in problem.rounds]),
        ends=np.array([trip.closes - zero for trip in problem.rounds]),
        n_required=task.n_required,
    )


def _plan(given: Given) -> Plan:
    n, rounds = len(given.prize), len(given.begins)
    wide = (rounds, n + 2)
    return Plan(
        route=np.zeros(wide, dtype=np.int32),
        size=np.zeros(rounds, dtype=np.int64),
        leave=np.zeros(wide, dtype=np.int64),
        latest=np.zeros(wide, dtype=np.int64),
        owner=np.full(n, -1),
        worth=np.zeros(2),
    )


def _set_out(given: Given, plan: Plan, routes: list[list[int]]) -> None:
    """Write routes into an empty plan."""
    n = len(given.prize)
    for r, route in enumerate(routes):
        plan.route[r, : len(route) + 2] = [n + 2 * r, *route, n + 2 * r + 1]
        plan.size[r] = len(route)
        plan.owner[route] = r
        plan.worth[0] += given.prize[route].sum()
        refresh(given, plan, r)
    plan.worth[1] = np.inf  # the first plan tried counts its own


def _work(given: Given, chance: NDArray[np.uint64]) -> Work:
    n = len(given.prize)
    return Work(
        chance=chance,
        marked=np.zeros(n, dtype=np.bool_),
        ruined=np.zeros(len(given.begins), dtype=np.bool_),
        waiting=np.zeros(n, dtype=np.int64),
        round=np.zeros(n, dtype=np.int64),
        place=np.zeros(n, dtype=np.int64),
        value=np.zeros(n),
    )


def _visits(problem: Problem, trip: Round, route: list[int]) -> tuple[Visit, ...]:
    """Return a route with the earliest moments at which its services can begin."""
    clock, here, visits = trip.opens, trip.start, []
    for i in route:
        node = problem.nodes[i]
        there = clock + int(problem.travel[trip.matrix][here, node.location])
        begins = min(max(there, opens) for opens, closes in node.windows if there <= closes)
        visits.append(Visit(node=i, begins=begins))
        clock, here = begins + node.service, node.location
    return tuple(visits)
