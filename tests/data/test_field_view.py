"""Hours that go to the field are whole five minutes: to the minute they tell the chance."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.field_view import field_hours, fit_for_field
from data.nouns import TIRANE, Plan, RouteStop, TimeWindow, Week
from tests.plans import plan_of

PLAN = plan_of(Week.parse("2026-W28"))
VISIT = PLAN.routes[0].stops[0]
NINE = datetime.combine(PLAN.week.monday, time(9), TIRANE)
FIVE = timedelta(minutes=5)
seconds = st.integers(0, 6 * 3600).map(lambda n: timedelta(seconds=n))


def whole(moment: datetime) -> bool:
    return moment.minute % 5 == moment.second == moment.microsecond == 0


def visit(arrive: datetime, stay_min: float, window: TimeWindow | None = None) -> RouteStop:
    leave = arrive + timedelta(minutes=stay_min)
    return replace(VISIT, arrive=arrive, leave=leave, window=window or VISIT.window)


def with_stay(dwell_min: float, chance: float, contact_min: float = 30.0) -> Plan:
    """Return a plan whose visits last their dwell and the chance of a meeting times the contact."""
    stay = dwell_min + chance * contact_min
    stops = tuple(
        replace(
            met,
            stop=replace(met.stop, service_min=stay, chance=chance, contact_min=contact_min),
            leave=met.arrive + timedelta(minutes=stay),
        )
        for met in PLAN.routes[0].stops
    )
    return replace(PLAN, routes=(replace(PLAN.routes[0], stops=stops),))


@pytest.mark.parametrize("dwell", [30.0, 45.0])
@pytest.mark.parametrize("chance", [0.01, 0.05, 0.15])
def test_a_round_of_a_small_chance_looks_like_one_of_none(dwell: float, chance: float):
    assert fit_for_field(with_stay(dwell, chance)) == fit_for_field(with_stay(dwell, 0.0))


@given(begins=seconds, ends=seconds, at=seconds, stay_min=st.floats(5, 120))
def test_a_visit_begins_and_ends_at_whole_five_minutes_in_its_window_and_near_its_time(
    begins: timedelta, ends: timedelta, at: timedelta, stay_min: float
):
    first, planned, last = sorted((begins, ends, at))
    window = TimeWindow(opens=NINE + first, closes=NINE + last)
    exact = visit(NINE + planned, stay_min, window)

    shown = field_hours(exact)

    assert window.opens <= shown.arrive <= window.closes
    assert whole(shown.arrive) or shown.arrive == window.opens
    assert whole(shown.leave) or shown.leave == shown.arrive
    assert shown.arrive <= shown.leave
    assert abs(shown.arrive - exact.arrive) < FIVE
    assert abs(shown.leave - exact.leave) < FIVE
    assert shown.window.opens == window.opens
    assert shown.arrive <= shown.window.closes <= window.closes
    assert whole(shown.window.closes) or shown.window.closes == shown.arrive
    assert replace(shown, arrive=exact.arrive, leave=exact.leave, window=window) == exact


@given(stays=st.lists(st.tuples(st.floats(0, 90), st.floats(5, 90)), min_size=1, max_size=8))
def test_visits_stay_in_their_order_and_never_overlap(stays: list[tuple[float, float]]):
    window = TimeWindow(opens=NINE, closes=NINE + timedelta(days=1))
    at, shown = NINE, []
    for way_min, stay_min in stays:
        one = visit(at + timedelta(minutes=way_min), stay_min, window)
        shown.append(field_hours(one))
        at = one.leave

    assert all(a.leave <= b.arrive for a, b in pairwise(shown))


def test_the_break_is_told_in_whole_five_minutes_too():
    pause = TimeWindow(opens=NINE + timedelta(minutes=63.7), closes=NINE + timedelta(minutes=93.7))
    plan = replace(PLAN, routes=(replace(PLAN.routes[0], pause=pause),))

    told = fit_for_field(plan).routes[0].pause

    assert told == TimeWindow(opens=NINE + 12 * FIVE, closes=NINE + 18 * FIVE)


def test_the_hour_that_comes_twice_is_told_apart():
    second = datetime(2026, 10, 25, 2, 33, tzinfo=TIRANE, fold=1)
    window = TimeWindow(opens=second - timedelta(hours=2), closes=second + timedelta(hours=2))

    shown = field_hours(visit(second, 30, window))

    assert shown.arrive.astimezone(UTC) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_nothing_else_of_a_stop_tells_its_minutes():
    stop = fit_for_field(with_stay(45.0, 0.31)).routes[0].stops[0].stop

    assert (stop.chance, stop.contact_min, stop.service_min % 5) == (0.0, 0.0, 0.0)
