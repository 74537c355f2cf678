"""The engines that stand beside ours in the orienteering bench: PyVRP and OR-Tools' routing."""

from __future__ import annotations

from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from patrol.orienteering import Problem
from patrol.pyvrp_engine import search

__all__ = ["by_ortools", "by_pyvrp"]

#: Of the search; a distance of a tick costs one, so prizes have to be worth whole days.
_MOST_PRIZE = 1 << 40


def by_pyvrp(problem: Problem, *, seconds: float, seed: int) -> list[list[int]]:
    """Return the routes of PyVRP after so many processor seconds."""
    solution = search(problem, iterations=None, seconds=seconds, seed=seed)
    return [[visit.node for visit in route] for route in solution.routes]


def by_ortools(problem: Problem, *, seconds: float) -> list[list[int]]:
    """Return the routes of OR-Tools' routing, which knows no seed, after so many wall seconds.

    Only for problems with one window a node and one way of moving, as all public ones are.
    """
    n = len(problem.nodes)
    ends = [(n + 2 * r, n + 2 * r + 1) for r in range(len(problem.rounds))]
    manager = pywrapcp.RoutingIndexManager(
        n + 2 * len(ends), len(ends), [a for a, _ in ends], [b for _, b in ends]
    )
    routing = pywrapcp.RoutingModel(manager)
    points = [node.location for node in problem.nodes]
    points += [end for trip in problem.rounds for end in (trip.start, trip.end)]
    service = [node.service for node in problem.nodes] + [0] * (2 * len(ends))
    travel = problem.travel[0].tolist()

    def ticks(origin: int, destination: int) -> int:
        a, b = manager.IndexToNode(origin), manager.IndexToNode(destination)
        return int(travel[points[a]][points[b]]) + service[a]

    transit = routing.RegisterTransitCallback(ticks)
    routing.SetArcCostEvaluatorOfAllVehicles(transit)
    horizon = max(trip.closes for trip in problem.rounds)
    routing.AddDimension(transit, horizon, horizon, False, "clock")  # noqa: FBT003 - its own order
    clock = routing.GetDimensionOrDie("clock")
    point = min(horizon * len(ends), _MOST_PRIZE // (1 + max(node.prize for node in problem.nodes)))
    for i, node in enumerate(problem.nodes):
        opens, closes = node.windows[0]
        clock.CumulVar(manager.NodeToIndex(i)).SetRange(max(opens, 0), min(closes, horizon))
        routing.AddDisjunction([manager.NodeToIndex(i)], node.prize * point)
    for r, trip in enumerate(problem.rounds):
        clock.CumulVar(routing.Start(r)).SetRange(trip.opens, trip.closes)
        clock.CumulVar(routing.End(r)).SetRange(trip.opens, trip.closes)
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    heuristics = routing_enums_pb2.FirstSolutionStrategy
    parameters.first_solution_strategy = heuristics.PARALLEL_CHEAPEST_INSERTION
    walks = routing_enums_pb2.LocalSearchMetaheuristic
    parameters.local_search_metaheuristic = walks.GUIDED_LOCAL_SEARCH
    parameters.time_limit.FromMilliseconds(int(1000 * seconds))
    found = routing.SolveWithParameters(parameters)
    return [_route(routing, manager, found, r) if found else [] for r in range(len(ends))]


def _route(
    routing: pywrapcp.RoutingModel,
    manager: pywrapcp.RoutingIndexManager,
    found: pywrapcp.Assignment,
    number: int,
) -> list[int]:
    route, at = [], found.Value(routing.NextVar(routing.Start(number)))
    while not routing.IsEnd(at):
        route.append(manager.IndexToNode(at))
        at = found.Value(routing.NextVar(at))
    return route
