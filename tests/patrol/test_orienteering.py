"""The orienteering solver: feasible by another's count, best where everything can be tried."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from patrol import pyvrp_engine
from patrol.orienteering import NO_WAY, Node, Problem, Round, Solution, Visit, solve

ITERATIONS = 300


def ways(xy: NDArray[np.float64], speed: float = 1.0) -> NDArray[np.int64]:
    """Return whole ticks between points, rounded up so that no detour is shorter."""
    return np.ceil(np.hypot(*(xy[:, None] - xy[None]).T) / speed).astype(np.int64)


def faults(problem: Problem, solution: Solution) -> list[str]:
    """Return every rule that a solution breaks, worked out from the problem alone."""
    found: list[str] = []
    seen: set[int] = set()
    n = len(problem.rounds)
    found += ["rounds"] * (len(solution.routes) != n or len(solution.pauses) != n)
    for r, (trip, route) in enumerate(zip(problem.rounds, solution.routes, strict=False)):
        travel = problem.travel[trip.matrix]
        free, here, gaps = trip.opens, trip.start, []
        found += ["too many stops"] * (trip.most is not None and len(route) > trip.most)
        for visit in route:
            node = problem.nodes[visit.node]
            step = int(travel[here, node.location])
            gaps.append((free, latest_start(trip, visit.begins, step)))
            found += ["no way"] * (step >= NO_WAY)
            found += ["too early"] * (gaps[-1][0] > gaps[-1][1])
            hours = node.hours.get(r, node.windows)
            inside = any(opens <= visit.begins <= closes for opens, closes in hours)
            found += ["outside every window"] * (not inside)
            found += ["twice"] * (visit.node in seen)
            found += ["not its round"] * (node.rounds is not None and r not in node.rounds)
            seen.add(visit.node)
            free, here = visit.begins + node.service, node.location
        if route:
            home = int(travel[here, trip.end])
            found += ["no way"] * (home >= NO_WAY)
            gaps.append((free, latest_start(trip, trip.closes, home)))
            found += ["late home"] * (gaps[-1][0] > gaps[-1][1])
        found += pause_faults(trip, gaps, solution.pauses[r])
    return found + rest_faults(problem, solution)


def latest_start(trip: Round, until: int, ticks: int) -> int:
    """Return the last moment to set out so that a way is over in time and lies in no wait."""
    starts = [until - ticks, *(begins - ticks for begins, _ in trip.waits if ticks)]
    lasting = [(at, at + ticks) for at in starts if at + ticks <= until]
    return max(a for a, b in lasting if not ticks or is_clear(trip, a, b))


def is_clear(trip: Round, leaves: int, arrives: int) -> bool:
    """Say whether a way meets no wait of a round."""
    return all(arrives <= begins or ends <= leaves for begins, ends in trip.waits)


def pause_faults(trip: Round, gaps: list[tuple[int, int]], begins: int | None) -> list[str]:
    """Return what is wrong with a round's break, given the spans between its visits."""
    if trip.pause is None or not gaps:
        return ["a break that nobody asked for"] * (begins is not None)
    if begins is None:
        return ["no break"]
    is_in_span = trip.pause.opens <= begins <= trip.pause.closes
    fits = any(a <= begins and begins + trip.pause.ticks <= b for a, b in gaps)
    return ["break out of its span"] * (not is_in_span) + ["break while at work"] * (not fits)


def rest_faults(problem: Problem, solution: Solution) -> list[str]:
    """Return a word for each two visits of a group that lie too near each other."""
    met = [
        (trip.day, problem.nodes[visit.node])
        for trip, route in zip(problem.rounds, solution.routes, strict=False)
        for visit in route
    ]
    return [
        "too soon again"
        for (day, node), (other_day, other) in combinations(met, 2)
        if node.group is not None
        and node.group == other.group
        and abs(day - other_day) < max(node.rest_days, other.rest_days)
    ]


def worth(problem: Problem, visited: set[int]) -> tuple[int, int]:
    """Return how many required nodes are visited, and the prizes of all: compared in this order."""
    nodes = [problem.nodes[i] for i in visited]
    return sum(node.required for node in nodes), sum(node.prize for node in nodes)


def value(problem: Problem, solution: Solution) -> tuple[int, int]:
    return worth(problem, {visit.node for route in solution.routes for visit in route})


def is_feasible(problem: Problem, number: int, order: tuple[int, ...]) -> bool:
    """Say whether a round can visit nodes in an order, with a break before whichever way."""
    trip = problem.rounds[number]
    allowed = all(number in (problem.nodes[i].rounds or (number,)) for i in order)
    if not allowed or (trip.most is not None and len(order) > trip.most):
        return False
    if trip.pause is None or not order:
        return is_in_time(problem, number, order, None)
    return any(is_in_time(problem, number, order, k) for k in range(len(order) + 1))


def gone(trip: Round, clock: int, ticks: int) -> int:
    """Return when a way is over that sets out as soon as it meets no wait."""
    starts = [clock, *(ends for _, ends in trip.waits if ends > clock)]
    return min(a for a in starts if not ticks or is_clear(trip, a, a + ticks)) + ticks


def is_in_time(problem: Problem, number: int, order: tuple[int, ...], before: int | None) -> bool:
    trip = problem.rounds[number]
    travel, clock, here = problem.travel[trip.matrix], trip.opens, trip.start
    for k, index in enumerate((*order, None)):
        if k == before and trip.pause is not None:
            clock = max(clock, trip.pause.opens)
            if clock > trip.pause.closes:
                return False
            clock += trip.pause.ticks
        if index is None:
            break
        node = problem.nodes[index]
        clock = gone(trip, clock, int(travel[here, node.location]))
        hours = node.hours.get(number, node.windows)
        begins = [max(clock, opens) for opens, closes in hours if clock <= closes]
        if not begins:
            return False
        clock, here = min(begins) + node.service, node.location
    return gone(trip, clock, int(travel[here, trip.end])) <= trip.closes


def shares(nodes: frozenset[int], n_rounds: int) -> Iterator[tuple[frozenset[int], ...]]:
    """Return every way of giving nodes to rounds, none to nobody."""
    if not n_rounds:
        yield ()
        return
    for size in range(len(nodes) + 1):
        for own in combinations(sorted(nodes), size):
            for rest in shares(nodes - set(own), n_rounds - 1):
                yield frozenset(own), *rest


def best(problem: Problem) -> tuple[int, int]:
    """Return the value of the best solution there is: every set in every order is tried."""
    reached = [
        {
            frozenset(order)
            for size in range(len(problem.nodes) + 1)
            for order in permutations(range(len(problem.nodes)), size)
            if is_feasible(problem, number, order)
        }
        for number in range(len(problem.rounds))
    ]
    everything = frozenset(range(len(problem.nodes)))
    return max(
        worth(problem, set().union(*given))
        for given in shares(everything, len(problem.rounds))
        if all(own in sets for own, sets in zip(given, reached, strict=True))
        and is_rested(problem, given)
    )


def is_rested(problem: Problem, given: tuple[frozenset[int], ...]) -> bool:
    routes = tuple(tuple(Visit(node=i, begins=0) for i in own) for own in given)
    return not rest_faults(problem, Solution(routes=routes, cut_by_time=False))


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    n = draw(st.integers(1, 5))
    xy = np.array(
        draw(
            st.lists(
                st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=n + 1, max_size=n + 1
            )
        ),
        dtype=float,
    )
    matrices = [ways(xy), ways(xy, speed=0.5)]
    if draw(st.booleans()):  # the last place cannot be left on foot
        matrices[1][n, :n] = NO_WAY
    nodes = []
    for i in range(n):
        first = draw(st.integers(0, 80))
        windows = [(first, first + draw(st.integers(0, 60)))]
        if draw(st.booleans()):
            windows.append((windows[0][1] + 20, windows[0][1] + 50))
        nodes.append(
            Node(
                location=i + 1,
                service=draw(st.integers(0, 25)),
                windows=tuple(windows),
                prize=draw(st.integers(1, 20)),
                required=draw(st.integers(0, 3)) == 0,
            )
        )
    rounds = tuple(
        Round(start=0, end=0, opens=opens, closes=opens + draw(st.integers(20, 260)), matrix=k % 2)
        for k, opens in enumerate(draw(st.lists(st.integers(0, 30), min_size=1, max_size=2)))
    )
    return Problem(travel=tuple(matrices), nodes=tuple(nodes), rounds=rounds)


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(problems(), st.integers(0, 5))
def test_tiny_problems_are_solved_to_the_best_there_is(problem: Problem, seed: int):
    solution = solve(problem, iterations=ITERATIONS, seed=seed)

    assert faults(problem, solution) == []
    assert value(problem, solution) == best(problem)


def town(n: int = 40, *, n_rounds: int = 3, seed: int = 1, **more: object) -> Problem:
    """Return places scattered around a base, each open for a third of the day."""
    rng = np.random.default_rng(seed)
    xy = np.vstack([[500, 500], rng.integers(0, 1000, size=(n, 2))]).astype(float)
    opens = rng.integers(0, 2000, size=n)
    nodes = tuple(
        Node(
            location=i + 1,
            service=int(rng.integers(20, 120)),
            windows=((int(opens[i]), int(opens[i] + 1000)),),
            prize=int(rng.integers(1, 200)),
            **more,
        )
        for i in range(n)
    )
    trip = Round(start=0, end=0, opens=0, closes=3000)
    return Problem(travel=(ways(xy),), nodes=nodes, rounds=(trip,) * n_rounds)


@pytest.mark.parametrize("seed", range(3))
def test_a_towns_rounds_keep_every_rule(seed: int):
    problem = town(seed=seed)

    solution = solve(problem, iterations=ITERATIONS, seed=seed)

    assert faults(problem, solution) == []
    assert value(problem, solution)[1] > 0.4 * sum(node.prize for node in problem.nodes)


def test_no_sum_of_prizes_is_worth_a_required_place():
    # The required place is far and poor; around the base lies a fortune.
    xy = np.array([(0, 0), (90, 0), *[(1 + i, 5) for i in range(12)]], dtype=float)
    open_all_day = ((0, 10_000),)
    rich = [Node(location=i, service=0, windows=open_all_day, prize=10_000) for i in range(2, 14)]
    poor = Node(location=1, service=15, windows=open_all_day, prize=1, required=True)
    trip = Round(start=0, end=0, opens=0, closes=196)
    problem = Problem(travel=(ways(xy),), nodes=(poor, *rich), rounds=(trip,))

    solution = solve(problem, iterations=ITERATIONS, seed=2)
    without = solve(
        replace(problem, nodes=(replace(poor, required=False), *rich)),
        iterations=ITERATIONS,
        seed=2,
    )

    assert 0 in {visit.node for visit in solution.routes[0]}
    assert 0 not in {visit.node for visit in without.routes[0]}
    assert faults(problem, solution) == []


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(problems(), st.lists(st.sampled_from([0, 1, 7, 10**9]), min_size=5, max_size=5))
@pytest.mark.parametrize("compiled", [True, False])
def test_what_is_urgent_comes_before_all_prizes_and_after_what_is_required(
    compiled: bool,  # noqa: FBT001 - a case
    problem: Problem,
    urgencies: list[int],
):
    nodes = [replace(n, urgency=u) for n, u in zip(problem.nodes, urgencies, strict=False)]
    urgent = replace(problem, nodes=tuple(nodes))
    # What is best of the first two tiers: the prizes beside them are nothing.
    points = [0 if n.required else n.urgency for n in nodes]
    alone = [replace(n, prize=own) for n, own in zip(nodes, points, strict=True)]
    alone = replace(urgent, nodes=tuple(alone))
    search = solve if compiled else pyvrp_engine.search

    solution = search(urgent, iterations=ITERATIONS, seconds=None, seed=1)

    assert faults(urgent, solution) == []
    met = value(alone, solution)
    if compiled:
        assert met == best(alone)
    assert met[0] == best(alone)[0]


def test_of_required_places_that_do_not_all_fit_as_many_as_can_be_are_visited():
    problem = town(30, n_rounds=1, required=True)

    visited = value(problem, solve(problem, iterations=ITERATIONS, seed=1))[0]

    some = replace(problem, nodes=tuple(replace(node, required=False) for node in problem.nodes))
    assert visited >= len(solve(some, iterations=ITERATIONS, seed=1).routes[0])


def test_the_same_problem_and_seed_have_the_same_solution():
    problem = town()

    first, again = (solve(problem, iterations=ITERATIONS, seed=7) for _ in range(2))
    others = [solve(problem, iterations=ITERATIONS, seed=seed).routes for seed in (8, 9, 10)]

    assert first == again
    assert any(routes != first.routes for routes in others)


def test_a_larger_budget_is_never_worse_with_the_same_seed():
    problem = town(60)

    small, large = (value(problem, solve(problem, iterations=n, seed=3)) for n in (20, 400))

    assert large >= small


def test_each_round_moves_at_its_own_speed():
    xy = np.array([(0, 0), (100, 0)], dtype=float)
    node = Node(location=1, service=10, windows=((0, 1000),), prize=5)
    walk = Round(start=0, end=0, opens=0, closes=300, matrix=1)
    drive = replace(walk, matrix=0)
    problem = Problem(travel=(ways(xy), ways(xy, 0.25)), nodes=(node,), rounds=(walk, drive))

    solution = solve(problem, iterations=50, seed=1)

    assert [len(route) for route in solution.routes] == [0, 1]
    assert solution.routes[1][0].begins >= 100


def test_a_round_may_end_elsewhere_than_it_began():
    xy = np.array([(0, 0), (50, 0), (100, 0)], dtype=float)
    node = Node(location=1, service=0, windows=((0, 1000),), prize=5)
    trip = Round(start=0, end=2, opens=0, closes=100)
    there = Problem(travel=(ways(xy),), nodes=(node,), rounds=(trip,))
    back = replace(there, rounds=(replace(trip, end=0, closes=99),))

    assert len(solve(there, iterations=20, seed=1).routes[0]) == 1
    assert solve(back, iterations=20, seed=1).routes == ((),)


def test_a_place_without_a_way_is_not_visited_whatever_it_is_worth():
    xy = np.array([(0, 0), (10, 0), (20, 0)], dtype=float)
    travel = ways(xy)
    travel[:, 2] = travel[2, :] = NO_WAY
    travel[2, 2] = 0
    nodes = (
        Node(location=1, service=0, windows=((0, 100),), prize=1),
        Node(location=2, service=0, windows=((0, 100),), prize=10**6, required=True),
    )
    trip = Round(start=0, end=0, opens=0, closes=100)

    solution = solve(Problem(travel=(travel,), nodes=nodes, rounds=(trip,)), iterations=50, seed=1)

    assert [[visit.node for visit in route] for route in solution.routes] == [[0]]


def test_a_place_with_two_windows_is_visited_once_and_inside_one():
    xy = np.array([(0, 0), (10, 0), (10, 10)], dtype=float)
    nodes = tuple(
        Node(location=i, service=5, windows=((20, 25), (60, 65)), prize=10) for i in (1, 2)
    )
    problem = Problem(
        travel=(ways(xy),), nodes=nodes, rounds=(Round(start=0, end=0, opens=0, closes=100),) * 2
    )

    solution = solve(problem, iterations=100, seed=1)

    assert faults(problem, solution) == []
    assert value(problem, solution) == (0, 20)


@pytest.mark.parametrize(
    "empty",
    [
        Problem(travel=(np.zeros((1, 1), dtype=np.int64),), nodes=(), rounds=()),
        replace(town(3), rounds=()),
        replace(town(3), nodes=()),
        replace(town(3), rounds=(Round(start=0, end=0, opens=0, closes=1),)),
    ],
    ids=["nothing", "no round", "no place", "no time"],
)
def test_where_nothing_can_be_done_every_round_is_empty(empty: Problem):
    solution = solve(empty, iterations=10, seed=1)

    assert solution.routes == ((),) * len(empty.rounds)
    assert not solution.cut_by_time


def test_a_search_that_the_clock_ends_before_its_budget_says_so():
    problem = town()

    cut = solve(problem, iterations=10**9, seconds=0.3, seed=1)
    done = solve(problem, iterations=30, seconds=60.0, seed=1)
    timed = solve(problem, seconds=0.3, seed=1)

    assert (cut.cut_by_time, done.cut_by_time, timed.cut_by_time) == (True, False, False)
    assert faults(problem, cut) == faults(problem, timed) == []


def test_a_search_without_a_budget_is_a_fault_of_the_programmer():
    with pytest.raises(ValueError, match="budget"):
        solve(town(3), seed=1)
