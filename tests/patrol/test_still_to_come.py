"""What is still visited before a week counts as visited, and nothing is said to have been seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

import numpy as np
import pytest

from data.messages import Message
from data.nouns import RouteStop, Stop, TimeWindow
from patrol.outlook import NOTHING, Outlook
from patrol.plan import PlanInputs, plan_task
from patrol.stops import Stops, make_stops
from patrol.task import PlanTask
from patrol.variety import week_hour
from tests.climb import make_plan
from tests.patrol.test_plan import MONDAY, QUICK, WEEK, inputs


def stops_of(task: PlanTask) -> Stops:
    return make_stops(
        task.prospects, WEEK, settings=QUICK.stops, rng=np.random.default_rng(7), like=NOTHING
    )


@cache
def before() -> Stops:
    return stops_of(plan_task(inputs(), QUICK))


def at_risk() -> Stop:
    """Return a place at risk whose reason names the hours that somebody was there."""
    return next(
        one
        for one in before().stops
        if one.id in before().at_risk and one.reason.id == "stop.evidence_hotspot"
    )


def given(stop: Stop, *arrivals: datetime) -> PlanInputs:
    """Return inputs by which a place is still visited at these moments."""
    met = tuple(
        RouteStop(
            stop=stop,
            arrive=at,
            leave=at + timedelta(minutes=45),
            window=TimeWindow(opens=at, closes=at),
        )
        for at in arrivals
    )
    return replace(inputs(), coming=met)


def coming(stop: Stop, *arrivals: datetime) -> PlanTask:
    return plan_task(given(stop, *arrivals), QUICK)


def test_a_place_that_is_still_visited_is_worth_less_and_rests_after_that_visit():
    was, sunday = at_risk(), MONDAY - timedelta(hours=12)

    after = stops_of(coming(was, sunday))

    now = next(one for one in after.stops if one.id == was.id)
    assert now.prize < was.prize
    assert not now.must
    rest = timedelta(days=after.needs[was.id].least_gap_days)
    assert after.rests_until[was.id] == sunday.date() + rest
    others = {one.id: one for one in after.stops if one.id != was.id}
    assert others == {one.id: one for one in before().stops if one.id != was.id}


def test_its_reason_names_the_hours_that_somebody_was_there_and_no_others():
    was = at_risk()

    after = stops_of(coming(was, MONDAY - timedelta(hours=12)))

    assert next(one for one in after.stops if one.id == was.id).reason == was.reason


def test_hours_in_which_a_place_is_still_visited_too_often_are_closed_to_it():
    was = at_risk()
    fridays = [MONDAY - timedelta(days=3 + 7 * n) + timedelta(hours=17) for n in range(11)]
    task = coming(was, *(at + timedelta(minutes=n) for at in fridays for n in range(6)))
    look = Outlook.of(task, [WEEK], [()], seed=7)

    work = look.work(0, stops_of(task), ())

    assert week_hour(fridays[0]) in work.closed[was.id]


@pytest.mark.parametrize("n", [0, 1])
def test_a_plan_says_how_many_visits_it_takes_as_made(n: int):
    sundays = [MONDAY - timedelta(hours=12)][:n]

    plan = make_plan(given(at_risk(), *sundays), seed=7, settings=QUICK, progress=lambda *_: None)

    said = [note for note in plan.notes if note.id == "plan.still_to_come"]
    assert said == [Message("plan.still_to_come", {"n": n})][:n]
