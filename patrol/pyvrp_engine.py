"""Team orienteering by PyVRP, as a prize-collecting routing problem.

It serves where the house's own search (`patrol.ruin`) does not install, and
stands beside it in the bench.

References
----------
Wouda, Lan and Kool (2024), INFORMS Journal on Computing 36 (4).
"""

from __future__ import annotations

from itertools import pairwise

import pyvrp
from pyvrp.stop import MaxIterations, MultipleCriteria, StoppingCriterion

from patrol.problem import NO_WAY, Problem, ProcessorTime, Solution, Visit, usable

__all__ = ["search"]

#: What a moment too late may cost in the search, next to prizes that are worth whole shifts.
_MOST_PENALTY = 1e8


def search(
    problem: Problem, *, iterations: int | None, seconds: float | None, seed: int
) -> Solution:
    """Return a good solution; at least one of the budgets is given."""
    reached = usable(problem)
    if not reached or not problem.rounds:
        return Solution(routes=((),) * len(problem.rounds), cut_by_time=False)
    model, clients = _model(problem, reached)
    clock = ProcessorTime(seconds if seconds is not None else float("inf"))
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


def _model(
    problem: Problem, reached: list[tuple[int, tuple[int, int]]]
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
    for i, _ in reached:
        windows_of[i] = windows_of.get(i, 0) + 1
    groups = {
        i: model.add_client_group(required=False) for i, many in windows_of.items() if many > 1
    }
    clients = []
    for i, (opens, closes) in reached:
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
