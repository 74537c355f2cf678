"""Rounds on several days: whose they are, rest, breaks, stops at most, and warm starts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patrol import orienteering
from patrol.orienteering import Node, Pause, Problem, Round, solve
from patrol.orienteering_rules import kept, timed
from tests.patrol.test_orienteering import best, faults, town, value, ways, worth

DAY = 400


@st.composite
def weeks(draw: st.DrawFn) -> Problem:
    """Return a few places, some of them wanted twice, and rounds on up to three days."""
    n_places = draw(st.integers(1, 3))
    xy = np.array(
        draw(
            st.lists(
                st.tuples(st.integers(0, 40), st.integers(0, 40)),
                min_size=n_places + 1,
                max_size=n_places + 1,
            )
        ),
        dtype=float,
    )
    rounds = []
    for _ in range(draw(st.integers(1, 2))):
        day = draw(st.integers(0, 2))
        opens = day * DAY + draw(st.integers(0, 30))
        closes = opens + draw(st.integers(40, 260))
        pause = None
        if draw(st.booleans()):
            first = opens + draw(st.integers(-10, 120))
            pause = Pause(
                ticks=draw(st.integers(1, 40)),
                opens=first,
                closes=first + draw(st.integers(0, 60)),
            )
        rounds.append(
            Round(
                start=0,
                end=0,
                opens=opens,
                closes=closes,
                day=day,
                most=draw(st.sampled_from([None, None, 1, 2])),
                pause=pause,
            )
        )
    nodes = []
    for place in range(n_places):
        first = draw(st.integers(0, 80))
        length = draw(st.integers(10, 150))
        rest, service = draw(st.integers(0, 3)), draw(st.integers(0, 25))
        for copy in range(draw(st.integers(1, 2))):
            nodes.append(  # noqa: PERF401 - each draws of its own
                Node(
                    location=place + 1,
                    service=service,
                    windows=tuple((d * DAY + first, d * DAY + first + length) for d in range(3)),
                    prize=draw(st.integers(1, 20)),
                    required=not copy and draw(st.integers(0, 3)) == 0,
                    rounds=draw(st.sampled_from([None, None, (0,), (len(rounds) - 1,)])),
                    group=f"place-{place}",
                    rest_days=rest,
                )
            )
    return Problem(travel=(ways(xy),), nodes=tuple(nodes[:5]), rounds=tuple(rounds))


@settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
@given(weeks(), st.integers(0, 5))
def test_tiny_weeks_are_solved_to_the_best_there_is(problem: Problem, seed: int):
    solution = solve(problem, iterations=10 if orienteering.is_compiled() else 300, seed=seed)

    assert faults(problem, solution) == []
    if orienteering.is_compiled():
        assert value(problem, solution) == best(problem)


def fortnight(*, n_places: int = 14, seed: int = 1, n_days: int = 10) -> Problem:
    """Return places wanted four times at falling worth, two teams a day, each with a break."""
    rng = np.random.default_rng(seed)
    xy = np.vstack([[500, 500], rng.integers(0, 1000, size=(n_places, 2))]).astype(float)
    rounds = tuple(
        Round(
            start=0,
            end=0,
            opens=4000 * day,
            closes=4000 * day + 3000,
            day=day,
            most=(None, 5)[k],
            pause=Pause(ticks=200, opens=4000 * day + 1000, closes=4000 * day + 1700),
        )
        for day in range(n_days)
        for k in range(2)
    )
    nodes = []
    for place in range(n_places):
        opens, prize = int(rng.integers(0, 2000)), int(rng.integers(20, 200))
        windows = tuple((4000 * day + opens, 4000 * day + opens + 1000) for day in range(n_days))
        nodes += [
            Node(
                location=place + 1,
                service=int(rng.integers(100, 300)),
                windows=windows,
                prize=max(1, round(prize * 0.4**copy)),
                required=not copy and place < 4,
                group=str(place),
                rest_days=3,
                rounds=tuple(range(0, len(rounds), 2)) if place == n_places - 1 else None,
            )
            for copy in range(4)
        ]
    return Problem(travel=(ways(xy),), nodes=tuple(nodes), rounds=rounds)


@pytest.mark.parametrize("compiled", [True, False], ids=["ours", "PyVRP"])
def test_a_fortnights_rounds_keep_every_rule(monkeypatch: pytest.MonkeyPatch, compiled: bool):  # noqa: FBT001 - a case
    problem = fortnight()
    if not compiled:
        monkeypatch.setattr(orienteering, "is_compiled", lambda: False)

    solution = solve(problem, iterations=60, seed=1)

    assert faults(problem, solution) == []
    n_required, prizes = value(problem, solution)
    assert n_required == 4
    assert prizes > (0.8 if compiled else 0.5) * sum(node.prize for node in problem.nodes)
    assert solution == solve(problem, iterations=60, seed=1)


@pytest.mark.parametrize("compiled", [True, False], ids=["ours", "PyVRP"])
def test_a_warm_start_is_never_left_for_less(monkeypatch: pytest.MonkeyPatch, compiled: bool):  # noqa: FBT001 - a case
    problem = fortnight(seed=2)
    good = solve(problem, iterations=60, seed=1)
    start = [[visit.node for visit in route] for route in good.routes]
    if not compiled:
        monkeypatch.setattr(orienteering, "is_compiled", lambda: False)

    for seed in range(3):
        warm = solve(problem, iterations=1, seed=seed, start=start)

        assert faults(problem, warm) == []
        assert value(problem, warm) >= value(problem, good)


def test_a_warm_start_of_some_rounds_reaches_required_places_it_lacks():
    problem = fortnight(seed=3)
    start = [[n for n in range(16, 20) if n % 4 == 0], *[[] for _ in problem.rounds[1:]]]

    warm = solve(problem, iterations=40, seed=1, start=start)

    assert faults(problem, warm) == []
    assert value(problem, warm)[0] == 4


def test_a_start_that_breaks_rules_is_taken_as_far_as_it_keeps_them():
    problem = fortnight(seed=1)
    everything = [list(range(len(problem.nodes)))] * len(problem.rounds)

    routes = kept(problem, everything)
    solution = solve(problem, iterations=1, seed=1, start=everything)

    assert sum(map(len, routes)) > 0
    assert all(timed(problem, r, route) is not None for r, route in enumerate(routes))
    assert faults(problem, solution) == []
    assert value(problem, solution) >= worth(problem, {i for route in routes for i in route})


def test_a_break_costs_a_round_no_more_than_its_time():
    problem = town(30, n_rounds=1, seed=4)
    trip = problem.rounds[0]
    pause = Pause(ticks=300, opens=1200, closes=1800)
    with_break = replace(problem, rounds=(replace(trip, pause=pause),))
    shorter = replace(problem, rounds=(replace(trip, closes=trip.closes - 300),))

    found, without = (solve(p, iterations=100, seed=1) for p in (with_break, shorter))

    assert faults(with_break, found) == []
    assert 1200 <= (found.pauses[0] or 0) <= 1800
    assert without.pauses == (None,)
    assert value(with_break, found)[1] >= 0.8 * value(shorter, without)[1]


def test_a_round_that_goes_nowhere_has_no_break():
    problem = fortnight()
    shut = replace(problem, nodes=tuple(replace(node, rounds=(0,)) for node in problem.nodes))

    solution = solve(shut, iterations=5, seed=1)

    assert solution.pauses[0] is not None
    assert set(solution.pauses[1:]) == {None}


def test_another_visit_to_a_place_waits_for_the_longer_rest_of_the_two():
    trip = Round(start=0, end=0, opens=0, closes=100)
    rounds = tuple(replace(trip, opens=100 * d, closes=100 * d + 90, day=d) for d in range(4))
    node = Node(location=0, service=1, windows=((0, 999),), prize=5, group="a", rest_days=1)
    problem = Problem(
        travel=(np.zeros((1, 1), dtype=np.int64),),
        nodes=(node, replace(node, rest_days=3), node),
        rounds=rounds,
    )

    solution = solve(problem, iterations=20, seed=1)

    assert faults(problem, solution) == []
    assert value(problem, solution) == (0, 10)
