"""The team orienteering problem with time windows: matrix in, orders out.

Which nodes are visited, by whom, in which order, so that the prizes collected
are highest and every team is back in time. Required nodes come before prizes as
a tier: none is given up for any amount of them. Solved by PyVRP as a
prize-collecting routing problem; with an iteration budget and a seed the same
problem has the same solution on any machine.

References
----------
Vansteenwegen, Souffriau and Van Oudheusden (2011), European Journal of
Operational Research 209 (1): the problem.
Wouda, Lan and Kool (2024), INFORMS Journal on Computing 36 (4): PyVRP.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyvrp
from numpy.typing import NDArray
from pyvrp.stop import MaxIterations, MultipleCriteria, StoppingCriterion

__all__ = ["Node", "Problem", "Round", "Solution", "Visit", "solve"]

#: A way that does not exist: longer than any shift, and no route may use it.
NO_WAY = 10**9
#: What a moment too late may cost in the search, next to prizes that are worth whole shifts.
_MOST_PENALTY = 1e8


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


class _ProcessorTime:
    """Stops after so many processor seconds: machines are shared, and walls lie."""

    def __init__(self, seconds: float) -> None:
        self._until = time.process_time() + seconds
        self.was_reached = False

    def __call__(self, best_cost: float) -> bool:
        del best_cost
        self.was_reached = time.process_time() >= self._until
        return self.was_reached


def solve(
    problem: Problem, *, iterations: int | None = None, seconds: float | None = None, seed: int
) -> Solution:
    """Return a good solution.

    Parameters
    ----------
    iterations
        Budget of the search; reproducible.
    seconds
        Processor seconds after which it stops in any case.

    Raises
    ------
    ValueError
        If neither budget is given.
    """
    if iterations is None and seconds is None:
        msg = "a search needs a budget: iterations, seconds, or both"
        raise ValueError(msg)
    usable = _usable(problem)
    if not usable or not problem.rounds:
        return Solution(routes=((),) * len(problem.rounds), cut_by_time=False)
    model, clients = _model(problem, usable)
    clock = _ProcessorTime(seconds if seconds is not None else float("inf"))
    stops: list[StoppingCriterion] = [clock]
    if iterations is not None:
        stops.append(MaxIterations(iterations))
    data = model.data()
    result = pyvrp.solve(
        data,
        MultipleCriteria(stops),
        seed=seed,
        display=False,
        params=pyvrp.SolveParams(penalty=pyvrp.PenaltyParams(max_penalty=_MOST_PENALTY)),
        # Nobody going anywhere keeps every rule: there is always something to fall back on.
        initial_solution=pyvrp.Solution(data, []),
    )
    routes = _routes(problem, result.best if result.is_feasible() else None, clients)
    cut = clock.was_reached and iterations is not None
    return Solution(routes=routes, cut_by_time=cut)


def _usable(problem: Problem) -> list[tuple[int, tuple[int, int]]]:
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


def _model(
    problem: Problem, usable: list[tuple[int, tuple[int, int]]]
) -> tuple[pyvrp.Model, list[int]]:
    model = pyvrp.Model()
    n = len(problem.travel[0])
    locations = [model.add_location(0, 0) for _ in range(n)]
    profiles = [model.add_profile() for _ in problem.travel]
    ends = sorted({node for trip in problem.rounds for node in (trip.start, trip.end)})
    depots = {node: model.add_depot(locations[node]) for node in ends}
    for trip in problem.rounds:
        model.add_vehicle_type(
            start_depot=depots[trip.start],
            end_depot=depots[trip.end],
            tw_early=trip.opens,
            tw_late=trip.closes,
            profile=profiles[trip.matrix],
        )
    point, tier = _scale(problem)
    windows_of: dict[int, int] = {}
    for i, _ in usable:
        windows_of[i] = windows_of.get(i, 0) + 1
    groups = {
        i: model.add_client_group(required=False) for i, many in windows_of.items() if many > 1
    }
    clients = []
    for i, (opens, closes) in usable:
        node = problem.nodes[i]
        model.add_client(
            locations[node.location],
            service_duration=node.service,
            tw_early=opens,
            tw_late=closes,
            prize=node.prize * point + (tier if node.required else 0),
            required=False,
            group=groups.get(i),
        )
        clients.append(i)
    # In the model a way that does not exist is only too long: larger numbers would overflow.
    never = 2 * max(trip.closes for trip in problem.rounds) + 1
    for profile, travel in zip(profiles, problem.travel, strict=True):
        for a in range(n):
            for b in range(n):
                ticks = int(min(travel[a, b], never))
                model.add_edge(locations[a], locations[b], ticks, ticks, profile)
    return model, clients


def _scale(problem: Problem) -> tuple[int, int]:
    """Return the cost of a prize point and the extra of a required node.

    Travel of all rounds together is less than a point, and all prizes together
    less than the extra.
    """
    horizon = sum(trip.closes - trip.opens for trip in problem.rounds)
    point = horizon + 1
    return point, point * (sum(node.prize for node in problem.nodes) + 1)


def _routes(
    problem: Problem, best: pyvrp.Solution | None, clients: list[int]
) -> tuple[tuple[Visit, ...], ...]:
    """Return the visits of each round; a route over a way that does not exist is emptied."""
    routes: list[tuple[Visit, ...]] = [()] * len(problem.rounds)
    if best is None:
        return tuple(routes)
    for route in best.routes():
        visits = tuple(
            Visit(node=clients[step.idx], begins=step.start_time)  # the wait lies before it
            for step in route.schedule()
            if step.is_client()
        )
        if _exists(problem, route.vehicle_type(), visits):
            routes[route.vehicle_type()] = visits
    return tuple(routes)


def _exists(problem: Problem, number: int, visits: tuple[Visit, ...]) -> bool:
    trip = problem.rounds[number]
    travel = problem.travel[trip.matrix]
    path = [trip.start, *(problem.nodes[v.node].location for v in visits), trip.end]
    return all(travel[a, b] < NO_WAY for a, b in pairwise(path))
