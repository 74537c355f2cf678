"""Rounds that end in time whoever is met.

The plan counts a visit as its dwell and its chance of meeting a child times the
contact (`patrol.contact`): on average that is right, but a round in which more
are met than on average would overrun its shift. So rounds are searched whose
end, with whatever chance brings, keeps the shift at a percentile.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from patrol.orienteering import Problem, Solution, solve
from patrol.orienteering_rules import Timed, solution, tiers, timed
from patrol.problem import arrives

__all__ = ["People", "ends", "solve_for_people", "too_long"]

#: The share of the budget that looks where reserves are needed, and that of each later mend.
_SCOUTING, _MEND = 0.3, 0.1
#: Searches after the main one in which rounds that would still overrun get shorter.
_MENDS = 3
#: What sums of chances may be off by.
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """What a search has to know of meetings.

    Parameters
    ----------
    chances
        Of meeting a child, by node. The service of a node is the expected one.
    contacts
        What a meeting takes, by node, in ticks of the problem.
    percentile
        Of a hundred outings of a round at least so many end inside its shift.
    held
        The rounds that are held to it, by number; `None`: all of them.
    """

    chances: tuple[float, ...]
    contacts: tuple[int, ...]
    percentile: float
    held: frozenset[int] | None = None

    def dwell(self, problem: Problem, node: int) -> int:
        """Return the ticks of a visit that meets nobody."""
        expected = round(self.chances[node] * self.contacts[node])
        return max(0, problem.nodes[node].service - expected)


def ends(problem: Problem, number: int, plan: Timed, people: People) -> dict[int, float]:
    """Return when a round is over, with the chance of each moment.

    Waits are counted: time won where nobody was met is lost again before a place
    that opens later, time lost is not. The order stays, the break is where it was
    planned, and who comes too late still visits: a round is never over later than that. Whose
    way would lie in a wait has it after that.
    """
    trip = problem.rounds[number]
    travel = problem.travel[trip.matrix]
    clock, here = {trip.opens: 1.0}, trip.start
    for k in range(len(plan.visits) + 1):
        if k == _before(problem, plan):
            clock = _at(clock, partial(_rested, problem, number))
        if k == len(plan.visits):
            way = int(travel[here, trip.end]) if k else 0
            return _at(clock, partial(arrives, trip.waits, way=way))
        node = plan.visits[k].node
        way = int(travel[here, problem.nodes[node].location])
        clock = _at(clock, partial(_begins, problem, number, node, way))
        chance, dwell = people.chances[node], people.dwell(problem, node)
        met: dict[int, float] = {}
        for at, share in clock.items():
            long = at + dwell + people.contacts[node]
            met[at + dwell] = met.get(at + dwell, 0.0) + share * (1.0 - chance)
            met[long] = met.get(long, 0.0) + share * chance
        clock, here = met, problem.nodes[node].location
    return clock


def _at(clock: dict[int, float], move: Callable[[int], int]) -> dict[int, float]:
    moved: dict[int, float] = {}
    for at, share in clock.items():
        moved[move(at)] = moved.get(move(at), 0.0) + share
    return moved


def _before(problem: Problem, plan: Timed) -> int | None:
    """Return before which way, counted from 0, a break is planned."""
    if plan.pause is None:
        return None
    return sum(v.begins + problem.nodes[v.node].service <= plan.pause for v in plan.visits)


def _rested(problem: Problem, number: int, at: int) -> int:
    pause = problem.rounds[number].pause
    return at if pause is None else max(at, pause.opens) + pause.ticks


def _begins(problem: Problem, number: int, node: int, way: int, at: int) -> int:
    trip = problem.rounds[number]
    there, windows = arrives(trip.waits, at, way), problem.nodes[node].windows_of(number)
    # Who comes too late does not wait for the hours of the day after.
    open_ = ((a, b) for a, b in windows if there <= b and a <= trip.closes)
    return min((max(there, a) for a, _ in open_), default=there)


def too_long(problem: Problem, number: int, plan: Timed, people: People) -> int:
    """Return by how many ticks a round is over its end at the percentile; nought if it is not."""
    below, last = 0.0, 0
    for at, share in sorted(ends(problem, number, plan, people).items()):
        below, last = below + share, at
        if below >= people.percentile / 100.0 - _ROUNDING:
            break
    return max(0, last - problem.rounds[number].closes)


def solve_for_people(  # noqa: PLR0913 - what `solve` takes, and who may be met
    problem: Problem,
    people: People,
    *,
    iterations: int | None = None,
    seconds: float | None = None,
    seed: int,
    start: Sequence[Sequence[int]] | None = None,
) -> Solution:
    """Return a good solution whose rounds end in time at the percentile.

    A short search shows how much each round needs beyond its expected minutes; the
    main one has rounds as much shorter. What would still overrun gets shorter
    again, and after a few searches gives up the stop that is worth least.
    """
    if not any(map(operator.mul, people.chances, people.contacts)):
        return solve(problem, iterations=iterations, seconds=seconds, seed=seed, start=start)
    shorter, cut = problem, False
    for share in (_SCOUTING, 1.0 - _SCOUTING, *(_MEND,) * _MENDS):
        found = solve(
            shorter,
            iterations=None if iterations is None else max(1, round(share * iterations)),
            seconds=None if seconds is None else share * seconds,
            seed=seed,
            start=start,
        )
        cut = cut or found.cut_by_time
        routes = [[visit.node for visit in route] for route in found.routes]
        over = [_over(problem, r, route, people) for r, route in enumerate(routes)]
        shorter = _shorter(shorter, over)
        if share != _SCOUTING:
            start = routes
            if not any(over):
                break
    routes = [_in_time(problem, r, route, people) for r, route in enumerate(routes)]
    return solution(problem, routes, cut_by_time=cut)


def _over(problem: Problem, number: int, route: Sequence[int], people: People) -> int:
    plan = timed(problem, number, route)
    is_held = people.held is None or number in people.held
    return 0 if plan is None or not is_held else too_long(problem, number, plan, people)


def _shorter(problem: Problem, over: Sequence[int]) -> Problem:
    """Return a problem whose rounds end so many ticks sooner."""
    rounds = tuple(
        replace(trip, closes=max(trip.opens, trip.closes - ticks))
        for trip, ticks in zip(problem.rounds, over, strict=True)
    )
    return replace(problem, rounds=rounds)


def _in_time(problem: Problem, number: int, route: Sequence[int], people: People) -> list[int]:
    """Return a route without the stops worth least that would make it too long."""
    left = list(route)
    while left and _over(problem, number, left, people):
        order = sorted(left, key=lambda i: (*tiers(problem.nodes[i]), i))
        shorter = ([i for i in left if i != one] for one in order)
        # Where a detour is shorter, or a wait lies between, not every one can be left out.
        left = next((some for some in shorter if timed(problem, number, some) is not None), [])
    return left
