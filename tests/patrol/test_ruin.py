"""The house's own search for rounds: never a rule broken, whatever the town and the teams."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patrol import orienteering
from patrol.orienteering import NO_WAY, Node, Problem, Round, solve
from tests.patrol.test_orienteering import best, faults, problems, town, value

pytestmark = pytest.mark.skipif(
    not orienteering.is_compiled(), reason="numba is not installed here; PyVRP serves"
)


@st.composite
def days(draw: st.DrawFn) -> Problem:
    """Return a day of several bases and shifts on streets where a detour may be shorter."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n, n_rounds, spots = draw(st.integers(1, 40)), draw(st.integers(1, 5)), 45
    travel = tuple(rng.integers(0, 400, size=(spots, spots)) for _ in range(2))
    for matrix in travel:
        matrix[rng.random(matrix.shape) < draw(st.sampled_from([0.0, 0.3]))] = NO_WAY
    nodes = []
    for i in range(n):
        opens = rng.integers(-500, 3000, size=draw(st.integers(0, 3)))
        nodes.append(
            Node(
                location=i,
                service=int(rng.integers(0, 200)),
                windows=tuple((int(a), int(a + rng.integers(0, 2000))) for a in opens),
                prize=int(rng.integers(0, 100)),
                required=bool(rng.random() < draw(st.sampled_from([0.0, 0.2, 1.0]))),
            )
        )
    rounds = []
    for _ in range(n_rounds):
        start, end = (int(spot) for spot in rng.integers(40, spots, size=2))
        opens = int(rng.integers(100, 1000))
        closes = opens + int(rng.integers(0, 3000))
        rounds.append(
            Round(start=start, end=end, opens=opens, closes=closes, matrix=int(rng.integers(0, 2)))
        )
    return Problem(travel=travel, nodes=tuple(nodes), rounds=tuple(rounds))


@settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
@given(days(), st.integers(0, 9))
def test_no_rule_is_broken_on_any_streets_by_any_teams(problem: Problem, seed: int):
    solution = solve(problem, iterations=3, seed=seed)

    assert faults(problem, solution) == []
    assert solution == solve(problem, iterations=3, seed=seed)


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(problems(), st.integers(0, 9))
def test_on_tiny_problems_a_thousand_ruins_find_the_best_there_is(problem: Problem, seed: int):
    assert value(problem, solve(problem, iterations=10, seed=seed)) == best(problem)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_of_equal_plans_the_one_with_less_time_under_way_is_taken(seed: int):
    places = [(0, 0), *[(10 * i, (i % 3) * 7) for i in range(1, 9)]]
    xy = np.array(places, dtype=float)
    travel = np.ceil(np.hypot(*(xy[:, None] - xy[None]).T)).astype(np.int64)
    nodes = tuple(Node(location=i, service=1, windows=((0, 9999),), prize=5) for i in range(1, 9))
    trip = Round(start=0, end=0, opens=0, closes=9999)
    problem = Problem(travel=(travel,), nodes=nodes, rounds=(trip,))

    (route,) = solve(problem, iterations=20, seed=seed).routes

    path = [0, *(nodes[visit.node].location for visit in route), 0]
    assert len(route) == len(nodes)
    assert sum(travel[a, b] for a, b in pairwise(path)) == shortest(travel)


def shortest(travel: np.ndarray) -> int:
    """Return the length of the shortest tour from 0 over all places (Held and Karp)."""
    n = len(travel)
    reached = {(1 << i, i): int(travel[0, i]) for i in range(1, n)}
    for mask in range(2, 1 << n, 2):
        for last in range(1, n):
            if (mask, last) not in reached:
                continue
            for to in range(1, n):
                if not mask & 1 << to:
                    key, length = (mask | 1 << to, to), reached[mask, last] + int(travel[last, to])
                    reached[key] = min(reached.get(key, length), length)
    return min(reached[(1 << n) - 2, i] + int(travel[i, 0]) for i in range(1, n))


def test_a_place_worth_nothing_is_visited_only_where_it_is_required():
    problem = town(6)
    idle = replace(problem, nodes=tuple(replace(node, prize=0) for node in problem.nodes))
    due = replace(idle, nodes=(replace(idle.nodes[0], required=True), *idle.nodes[1:]))

    assert value(idle, solve(idle, iterations=5, seed=1)) == (0, 0)
    assert [len(route) for route in solve(idle, iterations=5, seed=1).routes] == [0, 0, 0]
    assert sorted(len(route) for route in solve(due, iterations=5, seed=1).routes) == [0, 0, 1]


def test_a_day_of_too_many_ticks_is_refused():
    problem = town(3)
    long = replace(problem, rounds=(replace(problem.rounds[0], closes=1 << 31),))

    with pytest.raises(ValueError, match="more ticks"):
        solve(long, iterations=1, seed=1)


def test_where_numba_is_missing_pyvrp_serves_by_the_same_rules(monkeypatch: pytest.MonkeyPatch):
    problem = town(20)
    monkeypatch.setattr(orienteering, "is_compiled", lambda: False)

    solution = solve(problem, iterations=100, seed=1)

    assert orienteering.prepare() == 0.0
    assert faults(problem, solution) == []
    assert value(problem, solution)[1] > 0.4 * sum(node.prize for node in problem.nodes)
    assert solution == solve(problem, iterations=100, seed=1)
