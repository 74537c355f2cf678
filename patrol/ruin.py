"""Team orienteering by ruin and recreate, cooled slowly: from a problem to arrays and back.

Required stops come first: a fifth of the budget at most goes to visiting as
many of them as can be, and afterwards each is worth more than all prizes
together. Of plans with equal prizes the one with less time under way is better.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from patrol.orienteering_rules import kept, reach, solution
from patrol.problem import Node, Problem, Round, Solution
from patrol.ruin_arrays import Task, given_of, plan_of, work_of
from patrol.ruin_kernel import ruin_and_recreate, set_out

__all__ = ["prepare", "search"]

#: Ruins in an iteration: between two looks at the clock.
_RUINS = 100
#: Temperatures at the begin and the end, in mean prizes.
_HOT, _COLD = 1.0, 0.1
#: What a tenth of a mean round under way costs, in mean prizes.
_TENTH_UNDER_WAY = 0.2
#: The share of the budget that may go to required stops alone.
_FOR_REQUIRED = 0.2
#: The temperature at which a search goes on from routes that are good already.
_WARM = 0.2


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


def search(
    problem: Problem,
    *,
    iterations: int | None,
    seconds: float | None,
    seed: int,
    start: Sequence[Sequence[int]] | None = None,
) -> Solution:
    """Return a good solution, no worse than what of `start` keeps the rules."""
    _compiled(any(trip.waits for trip in problem.rounds))
    budget = _Budget(iterations, seconds)
    chance = np.random.SeedSequence(seed).generate_state(1, np.uint64) | np.uint64(1)
    hot = _HOT if start is None else _WARM
    routes = kept(problem, start or [[] for _ in problem.rounds])
    for task in _tasks(problem):
        own = set(task.stops)
        begun = [[i for i in route if i in own] for route in routes]
        found = _anneal(problem, task, kept(problem, begun), budget, chance, hot)
        is_last = task.until == 1.0
        if is_last or _n_visits(found) > _n_visits(begun):  # required ones that were not met
            routes = found
    return solution(problem, routes, cut_by_time=budget.clock_ended_it)


def _n_visits(routes: list[list[int]]) -> int:
    return sum(map(len, routes))


def prepare() -> float:
    """Compile the search, or load what was compiled before; return the seconds it took."""
    return sum(_compiled(waiting) for waiting in (False, True))


@cache
def _compiled(waiting: bool) -> float:  # noqa: FBT001 - the one that is asked for
    """Compile the search, with or without rounds that wait; return the seconds it took."""
    began = time.perf_counter()
    node = Node(location=0, service=0, windows=((0, 1),), prize=1)
    trip = Round(start=0, end=0, opens=0, closes=1, waits=((0, 1),) if waiting else ())
    tiny = Problem(travel=(np.zeros((1, 1), dtype=np.int64),), nodes=(node,), rounds=(trip,))
    for task in _tasks(tiny):
        _anneal(tiny, task, [[]], _Budget(1, None), np.ones(1, dtype=np.uint64), _HOT)
    return time.perf_counter() - began


def _tasks(problem: Problem) -> list[Task]:
    """Return the coolings that a problem needs: for required stops alone, then for all."""
    reached = reach(problem)
    nodes = problem.nodes
    worthy = [i for i in reached.nodes() if nodes[i].required or nodes[i].prize > 0]
    if not worthy:
        return []
    stops = tuple(sorted(worthy, key=lambda i: (not problem.nodes[i].required, i)))
    prizes = np.array([problem.nodes[i].prize for i in stops], dtype=float)
    required = np.array([problem.nodes[i].required for i in stops])
    n_required = int(required.sum())
    everything = Task(
        stops=stops,
        reached=reached,
        prizes=tuple(prizes + required * (1.0 + prizes.sum())),
        n_required=n_required,
        point=float(prizes.mean()) or 1.0,
    )
    if not n_required:
        return [everything]
    musts = replace(
        everything,
        stops=stops[:n_required],
        prizes=(1.0,) * n_required,
        point=1.0,
        until=_FOR_REQUIRED,
        enough=float(n_required),
    )
    return [musts, everything]


def _anneal(  # noqa: PLR0913, PLR0917 - what to search, from where, for how long
    problem: Problem,
    task: Task,
    routes: list[list[int]],
    budget: _Budget,
    chance: NDArray[np.uint64],
    hottest: float,
) -> list[list[int]]:
    """Return the best routes over a task's stops, cooling down as the budget is used."""
    given = given_of(problem, task)
    at = {i: j for j, i in enumerate(task.stops)}
    begun = [[at[i] for i in route] for route in routes]
    _, _, best = plans = (plan_of(given, begun), plan_of(given), plan_of(given))
    work = work_of(given, chance)
    set_out(given, plans, work)
    long = float(np.mean(given.ends - given.begins)) or 1.0
    tick = 10 * _TENTH_UNDER_WAY * task.point / long
    first = budget.used()
    while best.worth[0] < task.enough:
        share = (budget.used() - first) / max(task.until - first, 1e-9)
        if share >= 1.0:
            break
        hot = hottest * task.point * (_COLD / hottest) ** share
        ruin_and_recreate(given, plans, work, (hot, tick), _RUINS)
        budget.done += 1
    return [
        [task.stops[j] for j in best.route[r, 1 : best.size[r] + 1]]
        for r in range(len(problem.rounds))
    ]
