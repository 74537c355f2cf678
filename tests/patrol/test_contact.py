"""Time for people: chances, expected minutes, and rounds that end in time whoever is met."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patrol.contact import chance_of_meeting, expected_visit, meetings, reserve_min
from patrol.in_time import People, ends, solve_for_people, too_long
from patrol.orienteering import Pause, Problem, Solution, solve
from patrol.orienteering_rules import timed
from tests.patrol.test_orienteering import faults, town, value

CONTACT = 200


def test_the_chance_of_meeting_grows_with_time_and_never_reaches_certainty():
    chances = [chance_of_meeting(0.5, minutes) for minutes in (0, 30, 60, 600)]

    assert chances[0] == 0.0
    assert chances == sorted(chances)
    assert chances[2] == pytest.approx(1 - math.exp(-0.5))
    assert chances[3] < 1.0
    assert chance_of_meeting(-0.1, 30) == 0.0


def test_two_visits_meet_nobody_as_often_as_one_twice_as_long():
    once, twice = chance_of_meeting(0.7, 60), chance_of_meeting(0.7, 30)

    assert (1 - twice) ** 2 == pytest.approx(1 - once)


def test_a_visit_takes_its_dwell_and_its_share_of_a_contact():
    chance, minutes = expected_visit(0.8, 30, 30)

    assert chance == pytest.approx(chance_of_meeting(0.8, 30), abs=1e-4)
    assert minutes == pytest.approx(30 + 30 * chance, abs=0.01)


@settings(max_examples=50, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(st.floats(0, 1), max_size=6))
def test_meetings_of_a_round_are_counted_exactly(chances: list[float]):
    counted = np.zeros(len(chances) + 1)
    for met in product((0, 1), repeat=len(chances)):
        counted[sum(met)] += math.prod(p if m else 1 - p for p, m in zip(chances, met, strict=True))

    assert meetings(chances) == pytest.approx(counted)


def test_the_reserve_covers_the_meetings_of_all_but_the_rarest_outings():
    chances = [0.4] * 10

    reserve = reserve_min(chances, 30, 90)

    # Of ten visits with 0.4 each at most six meet a child in 94.5 of a hundred outings.
    assert reserve == pytest.approx((6 - 4) * 30)
    assert reserve_min([0.0] * 5, 30, 90) == 0.0
    assert reserve_min([1.0] * 5, 30, 90) == 0.0
    assert reserve_min(chances, 30, 99) > reserve > reserve_min(chances, 30, 50)


def people_of(problem: Problem, chance: float, percentile: float = 90.0) -> People:
    n = len(problem.nodes)
    return People(chances=(chance,) * n, contacts=(CONTACT,) * n, percentile=percentile)


def with_people(problem: Problem, chance: float) -> Problem:
    """Return a problem whose visits take as much longer as meetings do on average."""
    more = round(chance * CONTACT)
    nodes = tuple(replace(node, service=node.service + more) for node in problem.nodes)
    return replace(problem, nodes=nodes)


def walked(problem: Problem, number: int, found: Solution, met: list[bool], people: People) -> int:
    """Return when a round is over if its visits meet children or not: told step by step.

    Who comes after the last window of a place walks by.
    """
    trip, route = problem.rounds[number], found.routes[number]
    travel, clock, here = problem.travel[trip.matrix], trip.opens, trip.start
    pause, leaves = found.pauses[number], trip.opens
    due = trip.pause if pause is not None else None
    for visit, is_met in zip(route, met, strict=True):
        node = problem.nodes[visit.node]
        if due is not None and pause is not None and leaves <= pause < visit.begins:
            way = int(travel[here, node.location])
            if pause + due.ticks + way <= visit.begins:
                clock, due = max(clock, due.opens) + due.ticks, None
        clock += int(travel[here, node.location])
        here = node.location
        begins = [max(clock, opens) for opens, closes in node.windows if clock <= closes]
        if begins:
            dwell = people.dwell(problem, visit.node)
            clock = min(begins) + dwell + is_met * people.contacts[visit.node]
        leaves = visit.begins + node.service
    if due is not None:
        clock = max(clock, due.opens) + due.ticks
    return clock + int(travel[here, trip.end])


@pytest.mark.parametrize("with_break", [False, True])
@pytest.mark.parametrize("percentile", [75.0, 90.0])
def test_shifts_overrun_no_more_often_than_was_chosen(percentile: float, with_break: bool):  # noqa: FBT001 - a case
    problem = with_people(town(40, seed=5), 0.4)
    if with_break:
        trip = replace(problem.rounds[0], pause=Pause(ticks=150, opens=1000, closes=2000))
        problem = replace(problem, rounds=(trip,) * 3)
    people = people_of(problem, 0.4, percentile)

    found = solve_for_people(problem, people, iterations=60, seed=1)

    assert faults(problem, found) == []
    rng = np.random.default_rng(7)
    n = 2000
    for r, route in enumerate(found.routes):
        late = sum(
            walked(problem, r, found, list(rng.random(len(route)) < 0.4), people)
            > problem.rounds[r].closes
            for _ in range(n)
        )
        asked = 1 - percentile / 100
        assert late / n <= asked + 3 * math.sqrt(asked * (1 - asked) / n)


def test_without_the_percentile_the_same_rounds_would_overrun():
    problem = with_people(town(40, seed=5), 0.4)
    people = people_of(problem, 0.4)

    found = solve(problem, iterations=60, seed=1)

    plans = [timed(problem, r, [v.node for v in route]) for r, route in enumerate(found.routes)]
    assert any(too_long(problem, r, plan, people) for r, plan in enumerate(plans) if plan)


def test_where_children_are_met_more_often_a_team_gets_to_fewer_places():
    bare = town(40, seed=5)
    met = with_people(bare, 0.4)

    none = solve_for_people(bare, people_of(bare, 0.0), iterations=60, seed=1)
    some = solve_for_people(met, people_of(met, 0.4), iterations=60, seed=1)

    assert sum(map(len, some.routes)) < sum(map(len, none.routes))
    assert value(met, some) < value(bare, none)
    plans = [timed(met, r, [v.node for v in route]) for r, route in enumerate(some.routes)]
    assert [too_long(met, r, p, people_of(met, 0.4)) for r, p in enumerate(plans) if p] == [0] * 3


def test_chances_of_the_end_are_those_of_every_outing_told_step_by_step():
    problem = with_people(town(25, n_rounds=1, seed=8), 0.3)
    trip = replace(problem.rounds[0], pause=Pause(ticks=150, opens=1000, closes=2000))
    problem = replace(problem, rounds=(trip,))
    # Windows that close late, so that nobody walks by: there both tell the same.
    nodes = tuple(replace(n, windows=((n.windows[0][0], 9000),)) for n in problem.nodes)
    problem = replace(problem, nodes=nodes)
    people = people_of(problem, 0.3)
    found = solve(problem, iterations=20, seed=1)
    route = [visit.node for visit in found.routes[0]]
    counted: dict[int, float] = {}
    for met in product((False, True), repeat=len(route)):
        over = walked(problem, 0, found, list(met), people)
        chance = math.prod(0.3 if one else 0.7 for one in met)
        counted[over] = counted.get(over, 0.0) + chance

    plan = timed(problem, 0, route)
    assert plan is not None
    told = ends(problem, 0, plan, people)
    assert set(told) == set(counted)
    assert all(told[at] == pytest.approx(counted[at]) for at in told)


def test_who_comes_after_the_hours_of_a_place_does_not_wait_for_those_of_the_next_day():
    problem = with_people(town(25, n_rounds=1, seed=8), 0.5)
    found = solve(problem, iterations=20, seed=1)
    plan = timed(problem, 0, [visit.node for visit in found.routes[0]])
    assert plan is not None
    last = plan.visits[-1]
    today = (0, last.begins)
    people = people_of(problem, 0.5)

    def told(*windows: tuple[int, int]) -> dict[int, float]:
        nodes = list(problem.nodes)
        nodes[last.node] = replace(nodes[last.node], windows=windows)
        return ends(replace(problem, nodes=tuple(nodes)), 0, plan, people)

    assert told(today, (86_400, 90_000)) == told(today)


def test_a_round_that_cannot_end_in_time_gives_up_what_is_worth_least():
    problem = with_people(town(6, n_rounds=1, seed=3), 1.0)
    trip = replace(problem.rounds[0], closes=900)
    problem = replace(problem, rounds=(trip,))
    unsure = replace(people_of(problem, 0.5), contacts=(2 * CONTACT,) * 6)

    found = solve_for_people(problem, unsure, iterations=10, seed=1)

    plans = [timed(problem, 0, [v.node for v in route]) for route in found.routes]
    assert [too_long(problem, 0, plan, unsure) for plan in plans if plan] == [0]
