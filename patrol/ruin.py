"""Team orienteering by ruin and recreate, cooled slowly: from a problem to arrays and back.

Required stops come first: a fifth of the budget at most goes to visiting as
many of them as can be, and afterwards each is worth more than all else together.
Urgent stops come next: as much again goes to what is most urgent, and what of it
is met is held from then on. Of plans with equal prizes the one with less time under
way is better.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from patrol.orienteering_rules import Reach, kept, reach, solution, tiers
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
#: The share of the budget that may go to required stops alone, and to urgent ones after them.
_FOR_REQUIRED, _FOR_URGENT = 0.2, 0.2
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
    reached = reach(problem)
    for task_of in (_required, _urgent, _everything):
        task = task_of(problem, reached, routes)
        if not task.stops:
            continue
        worth = dict(zip(task.stops, task.prizes, strict=True))
        begun = kept(problem, [[i for i in route if i in worth] for route in routes])
        found = _anneal(problem, task, begun, budget, chance, hot)
        # What comes later stays as it was where nothing that comes first was won.
        if task_of is _everything or _sum(worth, found) > _sum(worth, begun):
            routes = found
    return solution(problem, routes, cut_by_time=budget.clock_ended_it)


def _sum(worth: Mapping[int, float], routes: list[list[int]]) -> float:
    return sum(worth[i] for route in routes for i in route)


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
    task = _everything(tiny, reach(tiny), [[]])
    _anneal(tiny, task, [[]], _Budget(1, None), np.ones(1, dtype=np.uint64), _HOT)
    return time.perf_counter() - began


def _required(problem: Problem, reached: Reach, _: list[list[int]]) -> Task:
    """Return the cooling for required stops alone: as many of them as can be."""
    stops = [i for i in reached.nodes() if problem.nodes[i].required]
    each = [1.0] * len(stops)
    return _task(stops, (), reached, each, until=_FOR_REQUIRED, enough=float(len(stops)))


def _urgent(problem: Problem, reached: Reach, _: list[list[int]]) -> Task:
    """Return the cooling for urgent stops, required ones first."""
    counted = {i: tiers(problem.nodes[i])[1] for i in reached.nodes()}
    urgent = [i for i, points in counted.items() if points]
    first = [i for i in counted if problem.nodes[i].required] if urgent else []
    stops = [*first, *urgent]
    points = [counted[i] for i in stops]
    least = min((counted[i] for i in urgent), default=1)
    until = _FOR_URGENT + (_FOR_REQUIRED if first else 0.0)
    task = _task(stops, first, reached, points, until=until, point=float(least))
    return replace(task, enough=sum(task.prizes))


def _everything(problem: Problem, reached: Reach, routes: list[list[int]]) -> Task:
    """Return the cooling for all stops, what is required or met of the urgent ones first."""
    nodes = problem.nodes
    held = {i for route in routes for i in route if nodes[i].urgency > 0}
    stops = [i for i in reached.nodes() if any(tiers(nodes[i]))]
    first = [i for i in stops if nodes[i].required or i in held]
    prizes = [nodes[i].prize for i in stops]
    mean = float(np.mean(prizes)) if prizes else 0.0
    return _task(stops, first, reached, prizes, point=mean or 1.0)


def _task(  # noqa: PLR0913 - which stops, what counts in them, and for how long
    stops: Sequence[int],
    first: Sequence[int],
    reached: Reach,
    points: Sequence[float],
    *,
    point: float = 1.0,
    until: float = 1.0,
    enough: float = float("inf"),
) -> Task:
    """Return a cooling in which each of the first stops counts more than all points together."""
    front = set(first)
    more = 1.0 + sum(points)
    counted = {i: own + more * (i in front) for i, own in zip(stops, points, strict=True)}
    ordered = sorted(stops, key=lambda i: (i not in front, i))
    return Task(
        stops=tuple(ordered),
        reached=reached,
        prizes=tuple(float(counted[i]) for i in ordered),
        n_required=len(front),
        point=point,
        until=until,
        enough=enough,
    )


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
