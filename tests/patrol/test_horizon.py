"""A whole week, and more, is decided at once: days, teams, breaks, ends and the gaps between."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.nouns import TIRANE, Base, Shift, Stop, TimeWindow
from data.vocabulary import TravelMode
from patrol.horizon import RouteSettings, Work, open_windows, pause_of
from patrol.needs import MONTH_DAYS, WEEK_DAYS, VisitNeed
from patrol.routes import Found, Routes, draw_routes, find_rounds
from patrol.ways import measure_ways, seconds
from tests.patrol.test_routes import BASE, MONDAY, QUICK, router, shift, stop

OTHER = replace(BASE, id="other", name="Qendra", lon=BASE.lon + 0.004)
ROUTERS = {TravelMode.WALK: router()}


def searched(
    works: Sequence[Work], ended: Mapping[str, str] | None = None, most: int | None = None
) -> tuple[Found, tuple[Routes, ...]]:
    chosen = replace(QUICK, end_bases=ended or {}, most_stops=most)
    bases: tuple[Base, ...] = (BASE, OTHER)
    ways = measure_ways([one for work in works for one in work.stops], bases, ROUTERS)
    found = find_rounds(works, ways, chosen, seed=1)
    return found, tuple(draw_routes(found, w, ways, bases, ROUTERS, chosen) for w in works)


def open_on(*days: int, hours: tuple[int, int] = (8, 20)) -> tuple[TimeWindow, ...]:
    at = [MONDAY + timedelta(days=day) for day in days]
    return tuple(
        TimeWindow(
            opens=datetime.combine(day, time(hours[0]), TIRANE),
            closes=datetime.combine(day, time(hours[1]), TIRANE),
        )
        for day in at
    )


def days_of(found: Found) -> dict[str, list[int]]:
    days: dict[str, list[int]] = {}
    for own in found.met:
        for met in own:
            days.setdefault(met.stop.id, []).append((met.arrive.date() - MONDAY).days)
    return {name: sorted(own) for name, own in days.items()}


def test_a_place_waits_for_the_day_on_which_it_takes_nobody_elses_room():
    """Day after day, Monday would go to the better place, and the other one never be seen."""
    always = stop(0, prize=2.0, service_min=40.0, windows=open_on(0, 1))
    monday_only = stop(1, prize=1.0, service_min=40.0, windows=open_on(0))
    short = (shift(0, hours=1), shift(1, hours=1))

    found, _ = searched([Work(stops=(always, monday_only), shifts=short)])

    assert days_of(found) == {"s0": [1], "s1": [0]}


@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    gap=st.integers(1, 4),
    wanted=st.integers(1, 4),
    n=st.integers(1, 4),
    days=st.sets(st.integers(0, 6), min_size=1),
)
def test_visits_to_a_place_are_never_closer_than_its_least_gap(gap, wanted, n, days):
    stops = tuple(stop(i, windows=open_on(*range(7))) for i in range(n))
    need = VisitNeed(visits=wanted, days=WEEK_DAYS, least_gap_days=gap)
    work = Work(
        stops=stops,
        shifts=tuple(shift(day, team=f"t{team}") for day in sorted(days) for team in range(2)),
        wanted={one.id: wanted for one in stops},
        needs={one.id: need for one in stops},
    )

    found, _ = searched([work])

    for own in days_of(found).values():
        assert len(own) <= wanted
        assert all(later - before >= gap for before, later in pairwise(own))


def test_the_visits_that_are_needed_count_in_full_and_only_those_beyond_fall():
    need = VisitNeed(visits=2, days=WEEK_DAYS, least_gap_days=1)
    place = stop(0, windows=open_on(0, 2, 4))
    work = Work(
        stops=(place,),
        shifts=(shift(0), shift(2), shift(4)),
        wanted={"s0": 3},
        needs={"s0": need},
    )

    found, _ = searched([work])

    prizes = [met.stop.prize for own in found.met for met in own]
    assert prizes == pytest.approx([1.0, 1.0, 0.4])


def test_what_is_needed_in_a_month_is_spread_over_its_weeks():
    assert VisitNeed(visits=2, days=MONTH_DAYS, least_gap_days=3).interval_days == 14
    assert VisitNeed(visits=2, days=MONTH_DAYS, least_gap_days=3).in_a_week == 1
    assert VisitNeed(visits=6, days=MONTH_DAYS, least_gap_days=3).in_a_week == 2
    weekly = VisitNeed(visits=1, days=WEEK_DAYS, least_gap_days=3)
    assert weekly.of_at_least(3, MONTH_DAYS) == weekly
    assert weekly.of_at_least(6, MONTH_DAYS).visits == 6


def test_a_rest_holds_over_the_end_of_a_week():
    place = stop(0, windows=open_on(6))
    again = replace(place, windows=open_on(7, 8, 9))
    weeks = [
        Work(stops=(place,), shifts=(shift(6),)),
        Work(stops=(again,), shifts=(shift(7), shift(8), shift(9))),
    ]

    found, _ = searched(weeks)

    first, second = days_of(found)["s0"]
    assert first == 6
    assert second >= 8


def test_a_place_that_rests_from_before_says_so():
    place = stop(0, windows=open_on(0, 1))
    work = Work(
        stops=(place,),
        shifts=(shift(0), shift(1)),
        rests_until={"s0": date(2026, 6, 12)},
    )

    _, (made,) = searched([work])

    assert [one.reason.id for one in made.left_out] == ["left_out.rests"]


def test_no_round_has_more_stops_than_are_allowed_and_what_is_left_says_so():
    work = Work(stops=tuple(stop(n) for n in range(5)), shifts=(shift(0), shift(1)))

    _, (made,) = searched([work], most=2)

    assert [len(route.stops) for route in made.routes] == [2, 2]
    assert {one.reason.id for one in made.left_out} == {"left_out.most_stops"}
    assert made.left_out[0].reason.params == {"n": 2}


def test_a_round_ends_at_the_base_it_is_told_to_and_is_there_in_time():
    own = shift(0, hours=4)
    work = Work(stops=tuple(stop(n) for n in range(6)), shifts=(own,))

    _, (made,) = searched([work], ended={"t1": "other"})

    legs = made.routes[0].legs
    assert (legs[0].origin, legs[-1].destination) == ("base", "other")
    home = made.routes[0].stops[-1].leave + timedelta(seconds=legs[-1].travel_s)
    assert home <= own.end


@pytest.mark.parametrize("hours", [7.0, 8.0])
def test_a_long_shift_has_a_break_in_its_middle_half_in_which_nobody_is_met(hours):
    own = shift(0, hours=hours)
    work = Work(stops=tuple(stop(n) for n in range(14)), shifts=(own,))

    _, (made,) = searched([work])

    pause = made.routes[0].pause
    assert pause is not None
    assert pause.closes - pause.opens == timedelta(minutes=30)
    span = pause_of(own, RouteSettings())
    assert span is not None
    assert span.opens <= seconds(pause.opens) <= span.closes
    for met in made.routes[0].stops:
        assert met.leave <= pause.opens or met.arrive >= pause.closes


def test_a_short_shift_has_no_break():
    _, (made,) = searched([Work(stops=(stop(0),), shifts=(shift(0, hours=6),))])

    assert made.routes[0].pause is None


def closed_work(place: Stop, own: Shift, *hours: int) -> Work:
    closed = frozenset((MONDAY.weekday(), hour) for hour in hours)
    return Work(stops=(place,), shifts=(own,), closed={place.id: closed})


def test_in_a_closed_hour_nobody_is_met_and_before_and_after_it_they_are():
    place = stop(0, windows=open_on(0, hours=(9, 12)))
    assert open_windows(closed_work(place, shift(0), 10), place) == (
        TimeWindow(
            opens=place.windows[0].opens,
            closes=datetime.combine(MONDAY, time(9, 59, 59), TIRANE),
        ),
        TimeWindow(
            opens=datetime.combine(MONDAY, time(11), TIRANE),
            closes=place.windows[0].closes,
        ),
    )

    found, _ = searched([closed_work(place, shift(0), 9, 10)])

    assert [met.arrive.hour for own in found.met for met in own] == [11]


def test_a_place_whose_hours_are_all_closed_says_so():
    place = stop(0, windows=open_on(0, hours=(9, 10)))

    _, (made,) = searched([closed_work(place, shift(0), 9, 10)])

    assert [one.reason.id for one in made.left_out] == ["left_out.same_hour"]
