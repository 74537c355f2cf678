"""Rounds that wait, and places whose hours hang on the round: no way in a wait, and best anyway."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patrol import orienteering
from patrol.orienteering import Node, Pause, Problem, Round, solve
from patrol.orienteering_rules import timed
from patrol.problem import arrives, held
from tests.patrol.test_orienteering import best, faults, problems, town, value, ways
from tests.patrol.test_orienteering_weeks import fortnight, weeks
from tests.patrol.test_ruin import days

compiled = pytest.mark.skipif(
    not orienteering.is_compiled(), reason="numba is not installed here; PyVRP serves"
)


@st.composite
def waiting(draw: st.DrawFn, plain: st.SearchStrategy[Problem], scale: int) -> Problem:
    """Return a problem whose rounds wait now and then, and some hours hold for one round only."""
    problem = draw(plain)
    rounds = []
    for trip in problem.rounds:
        spans, at = [], trip.opens
        for _ in range(draw(st.integers(0, 3))):
            begins = at + draw(st.integers(-scale // 2, scale))
            at = begins + draw(st.integers(0, scale))
            spans.append((begins, at))
        rounds.append(held(trip, spans))
    nodes = []
    for node in problem.nodes:
        hours = {}
        for r in draw(st.sets(st.integers(0, max(len(rounds) - 1, 0)), max_size=len(rounds))):
            first = draw(st.integers(-scale, 4 * scale))
            hours[r] = draw(
                st.sampled_from(
                    [
                        (),
                        ((first, first + scale),),
                        ((first, first), (first + 2, first + 3 * scale)),
                    ]
                )
            )
        nodes.append(replace(node, hours=hours))
    return replace(problem, nodes=tuple(nodes), rounds=tuple(rounds))


@compiled
@settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
@given(st.one_of(waiting(problems(), 40), waiting(weeks(), 50)), st.integers(0, 5))
def test_tiny_problems_with_waits_are_solved_to_the_best_there_is(problem: Problem, seed: int):
    solution = solve(problem, iterations=10, seed=seed)

    assert faults(problem, solution) == []
    assert value(problem, solution) == best(problem)


@compiled
@settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
@given(waiting(days(), 500), st.integers(0, 9))
def test_no_way_lies_in_a_wait_on_any_streets_by_any_teams(problem: Problem, seed: int):
    solution = solve(problem, iterations=3, seed=seed)

    assert faults(problem, solution) == []
    assert solution == solve(problem, iterations=3, seed=seed)


@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.one_of(waiting(problems(), 40), waiting(weeks(), 50)), st.integers(0, 5))
def test_where_numba_is_missing_no_way_lies_in_a_wait_either(problem: Problem, seed: int):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(orienteering, "is_compiled", lambda: False)
        solution = solve(problem, iterations=100, seed=seed)

    assert faults(problem, solution) == []


@compiled
def test_a_fortnight_with_a_wait_a_day_keeps_most_of_what_it_is_worth():
    problem = fortnight()
    rounds = tuple(held(trip, [(trip.opens + 1200, trip.opens + 1500)]) for trip in problem.rounds)

    solution = solve(replace(problem, rounds=rounds), iterations=300, seed=1)

    assert faults(replace(problem, rounds=rounds), solution) == []
    assert (
        value(problem, solution)[1]
        > 0.8 * value(problem, solve(problem, iterations=300, seed=1))[1]
    )


def test_a_break_is_taken_while_a_team_waits():
    travel = ways(np.array([(0, 0), (10, 0), (20, 0)], dtype=float))
    nodes = tuple(Node(location=i, service=5, windows=((0, 200),), prize=1) for i in (1, 2))
    pause = Pause(ticks=30, opens=15, closes=60)
    trip = Round(start=0, end=0, opens=0, closes=85, pause=pause, waits=((12, 50),))
    problem = Problem(travel=(travel,), nodes=nodes, rounds=(trip,))

    solution = solve(problem, iterations=20, seed=1)

    assert faults(problem, solution) == []
    assert [visit.begins for visit in solution.routes[0]] == [10, 60]
    assert solution.pauses == (15,)


def test_a_way_of_no_length_waits_for_nobody_and_one_that_ends_as_a_wait_begins_goes():
    assert arrives([(10, 20)], 15, 0) == 15
    assert arrives([(10, 20)], 4, 6) == 10
    assert arrives([(10, 20)], 5, 6) == 26
    assert arrives([(10, 20)], 20, 6) == 26
    assert arrives([(10, 20), (24, 30)], 5, 6) == 36


def test_a_wait_until_the_end_of_a_round_ends_it_sooner():
    trip = Round(start=0, end=0, opens=0, closes=100)

    assert held(trip, [(80, 130), (20, 30)]) == replace(trip, closes=80, waits=((20, 30),))
    assert held(trip, [(60, 90), (85, 100)]) == replace(trip, closes=60)
    assert held(trip, [(-10, 200)]) == replace(trip, closes=0)
    assert held(trip, [(-10, 0), (100, 120), (50, 50)]) == trip


def test_a_place_is_open_to_a_round_in_its_own_hours_alone():
    travel = ways(np.array([(0, 0), (10, 0)], dtype=float))
    node = Node(location=1, service=0, windows=((0, 100),), prize=5, hours={0: ((70, 80),)})
    trip = Round(start=0, end=0, opens=0, closes=100)
    problem = Problem(travel=(travel,), nodes=(node,), rounds=(trip, trip))

    assert timed(problem, 0, [0]).visits[0].begins == 70
    assert timed(problem, 1, [0]).visits[0].begins == 10
    first_only = replace(problem, rounds=(trip, replace(trip, closes=19)))
    assert [len(route) for route in solve(first_only, iterations=10, seed=1).routes] == [1, 0]


def test_a_problem_where_no_rule_holds_is_solved_as_if_there_were_none():
    problem = town()
    named = tuple(replace(n, hours=dict.fromkeys(range(3), n.windows)) for n in problem.nodes)

    assert solve(replace(problem, nodes=named), iterations=100, seed=1) == solve(
        problem, iterations=100, seed=1
    )
