"""Team orienteering by PyVRP, as a prize-collecting routing problem.

It serves where the house's own search (`patrol.ruin`) does not install, and
stands beside it in the bench. PyVRP knows neither breaks, nor waits, nor days of
rest between visits, nor hours that hold for some rounds alone: rounds are searched
with the time of their break kept free, and what breaks such a rule in the end goes
where there is still room, or is given up. Every answer keeps every rule, but has
fewer visits than the house's own would; a start is no start for this search, only
what it does not fall behind.

References
----------
Wouda, Lan and Kool (2024), INFORMS Journal on Computing 36 (4).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyvrp
from pyvrp.stop import MaxIterations, MultipleCriteria, StoppingCriterion

from patrol.orienteering_rules import Reach, filled, kept, reach, solution, tiers
from patrol.problem import Problem, ProcessorTime, Round, Solution

__all__ = ["search"]

#: What a moment too late may cost in the search, next to prizes that are worth whole shifts.
_MOST_PENALTY = 1e8


def search(
    problem: Problem,
    *,
    iterations: int | None,
    seconds: float | None,
    seed: int,
    start: Sequence[Sequence[int]] | None = None,
) -> Solution:
    """Return a good solution, no worse than what of `start` keeps the rules."""
    begun = kept(problem, start or [[] for _ in problem.rounds])
    reached = reach(problem)
    if not problem.rounds or not reached.nodes():
        return solution(problem, begun, cut_by_time=False)
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
    found: list[list[int]] = [[] for _ in problem.rounds]
    if result.is_feasible():
        for route in result.best.routes():
            own = [clients[step.idx] for step in route.schedule() if step.is_client()]
            found[route.vehicle_type()] = own
    wanted = {i for route in found for i in route}
    found = filled(problem, kept(problem, found), wanted)
    best = max(begun, found, key=lambda routes: _worth(problem, routes))
    return solution(problem, best, cut_by_time=clock.was_reached and iterations is not None)


def _worth(problem: Problem, routes: list[list[int]]) -> tuple[int, ...]:
    counted = [tiers(problem.nodes[i]) for route in routes for i in route]
    return tuple(map(sum, zip(*counted, strict=True)))


def _model(problem: Problem, reached: Reach) -> tuple[pyvrp.Model, list[int]]:
    model = pyvrp.Model()
    nodes = reached.nodes()
    places = [problem.nodes[i].location for i in nodes]
    ends = sorted({node for trip in problem.rounds for node in (trip.start, trip.end)})
    locations = [model.add_location(0, 0) for _ in (*nodes, *ends)]
    depots = {node: model.add_depot(locations[len(nodes) + k]) for k, node in enumerate(ends)}
    # In the model a way that does not exist is only too long: larger numbers would overflow.
    never = 2 * max(trip.closes for trip in problem.rounds) + 1
    profiles: dict[tuple[int, tuple[int, ...]], pyvrp.Profile] = {}
    for r, trip in enumerate(problem.rounds):
        barred = _barred(problem, r, nodes)
        if (trip.matrix, barred) not in profiles:
            profile = profiles[trip.matrix, barred] = model.add_profile()
            ways = problem.travel[trip.matrix][np.ix_([*places, *ends], [*places, *ends])]
            ways = np.minimum(ways, never)
            ways[:, barred] = ways[barred, :] = never
            np.fill_diagonal(ways, 0)
            for a, row in enumerate(ways.tolist()):
                for b, ticks in enumerate(row):
                    model.add_edge(locations[a], locations[b], ticks, ticks, profile)
        model.add_vehicle_type(
            capacity=[len(nodes) if trip.most is None else trip.most],
            start_depot=depots[trip.start],
            end_depot=depots[trip.end],
            tw_early=trip.opens,
            tw_late=max(trip.opens, trip.closes - _break(trip)),
            profile=profiles[trip.matrix, barred],
        )
    point, urgent, required = _scale(problem)
    clients = []
    for k, i in enumerate(nodes):
        node = problem.nodes[i]
        own = sorted({one for r in range(len(problem.rounds)) for one in reached.of(i, r)})
        group = model.add_client_group(required=False) if len(own) > 1 else None
        for opens, closes in own:
            model.add_client(
                locations[k],
                delivery=[1],
                service_duration=node.service,
                tw_early=max(opens, 0),
                tw_late=closes,
                prize=node.prize * point
                + (required if node.required else urgent * (node.urgency > 0)),
                required=False,
                group=group,
            )
            clients.append(i)
    return model, clients


def _break(trip: Round) -> int:
    return 0 if trip.pause is None else trip.pause.ticks


def _barred(problem: Problem, number: int, nodes: list[int]) -> tuple[int, ...]:
    """Return which of the nodes, by position, a round must not serve."""
    allowed = [problem.nodes[i].rounds for i in nodes]
    return tuple(k for k, own in enumerate(allowed) if own is not None and number not in own)


def _scale(problem: Problem) -> tuple[int, int, int]:
    """Return the cost of a prize point and the extras of an urgent and a required node.

    Travel of all rounds together is less than a point, all prizes together less than
    the first extra, and these with all first extras less than the second. How urgent a
    node is does not count in the search: its whole numbers would not hold that.
    """
    horizon = sum(trip.closes - trip.opens for trip in problem.rounds)
    point = horizon + 1
    urgent = point * (sum(node.prize for node in problem.nodes) + 1)
    return point, urgent, urgent * (sum(node.urgency > 0 for node in problem.nodes) + 1)
