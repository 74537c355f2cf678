"""Rounds keep every rule of the road, and every stop without one knows why."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data import reference
from data.messages import Message
from data.nouns import TIRANE, Base, Route, Shift, Stop, TimeWindow
from data.vocabulary import TravelMode
from geo.illustrative import lay_streets
from geo.travel import Router, prepare
from patrol.routes import Routes, RouteSettings, make_routes
from tests.builders import CENTRE, DURRES, durres

MONDAY = date(2026, 6, 8)
LON, LAT = CENTRE
BASE = Base(id="base", name="NJMF", municipality=DURRES, lon=LON, lat=LAT)
QUICK = RouteSettings(iterations=150)


@cache
def router(mode: TravelMode = TravelMode.WALK) -> Router:
    known = reference.settlements()
    network = lay_streets(
        durres(),
        known[known["municipality"] == DURRES],
        reference.roads(),
        reference.coastline(),
        seed=1,
    )
    return prepare(network, mode)


def shift(day: int = 0, start: int = 9, hours: float = 6, team: str = "t1") -> Shift:
    begin = datetime.combine(MONDAY + timedelta(days=day), time(start), TIRANE)
    return Shift(
        id=f"{team}-{day}",
        team=team,
        base="base",
        mode=TravelMode.WALK,
        start=begin,
        end=begin + timedelta(hours=hours),
    )


def stop(n: int, **more) -> Stop:
    lon, lat = LON + 0.003 * (n % 4), LAT + 0.003 * (n // 4)
    every_day = tuple(
        TimeWindow(
            opens=datetime.combine(MONDAY + timedelta(days=d), time(8), TIRANE),
            closes=datetime.combine(MONDAY + timedelta(days=d), time(20), TIRANE),
        )
        for d in range(7)
    )
    made = Stop(
        id=f"s{n}",
        place_id=f"p{n}",
        name=f"Vend {n}",
        lon=lon,
        lat=lat,
        prize=1.0,
        service_min=30.0,
        windows=every_day,
        must=False,
        exploration=False,
        reason=Message("stop.planned"),
    )
    return replace(made, **more)


def routed(stops: list[Stop], shifts: list[Shift], wanted: int = 1, seed: int = 1) -> Routes:
    return make_routes(
        stops,
        {s.id: wanted for s in stops},
        shifts,
        [BASE],
        {TravelMode.WALK: router()},
        settings=QUICK,
        seed=seed,
    )


def faults(route: Route, own: Shift) -> list[str]:
    """Return every rule of the road that a round breaks."""
    found = []
    clock, here = own.start, own.base
    for met, leg in zip(route.stops, route.legs, strict=False):
        arrive = clock + timedelta(seconds=leg.travel_s)
        found += ["legs"] * ((leg.origin, leg.destination) != (here, met.stop.id))
        found += ["too early"] * (met.arrive < arrive)
        found += ["window"] * (not met.window.opens <= met.arrive <= met.window.closes)
        found += ["service"] * (met.leave - met.arrive < timedelta(minutes=met.stop.service_min))
        clock, here = met.leave, met.stop.id
    home = route.legs[-1]
    found += ["legs"] * ((home.origin, home.destination) != (here, own.base))
    found += ["late home"] * (clock + timedelta(seconds=home.travel_s) > own.end)
    return found


def test_a_round_starts_and_ends_at_the_base_and_keeps_every_time():
    shifts = [shift(0), shift(0, 14, team="t2"), shift(2)]
    made = routed([stop(n) for n in range(12)], shifts)
    own = {s.id: s for s in shifts}
    assert made.routes
    assert [faults(route, own[route.shift]) for route in made.routes] == [[]] * len(made.routes)


@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    n=st.integers(1, 8),
    hours=st.sampled_from([2.0, 4.0, 7.5]),
    service=st.sampled_from([10.0, 45.0]),
    opens=st.integers(8, 15),
    seed=st.integers(0, 3),
)
def test_no_round_ever_breaks_a_rule_of_the_road(n, hours, service, opens, seed):
    window = TimeWindow(
        opens=datetime.combine(MONDAY, time(opens), TIRANE),
        closes=datetime.combine(MONDAY, time(opens + 2), TIRANE),
    )
    stops = [stop(i, service_min=service, windows=(window,)) for i in range(n)]
    own = shift(hours=hours)
    made = routed(stops, [own], seed=seed)
    assert [faults(route, own) for route in made.routes] == [[]] * len(made.routes)
    seen = {met.stop.id for route in made.routes for met in route.stops}
    assert seen | {one.stop for one in made.left_out} == {s.id for s in stops}
    assert not seen & {one.stop for one in made.left_out}


def test_a_place_rests_between_two_visits_and_gets_no_more_than_are_wanted():
    shifts = [shift(day) for day in range(5)]
    made = routed([stop(0), stop(1)], shifts, wanted=2)
    days: dict[str, list[int]] = {}
    for route in made.routes:
        for met in route.stops:
            days.setdefault(met.stop.id, []).append((met.arrive.date() - MONDAY).days)
    assert days == {"s0": [0, 2], "s1": [0, 2]}


def test_what_has_to_be_visited_comes_before_any_prize():
    rich = [stop(n, prize=1000.0, service_min=60.0) for n in range(1, 8)]
    made = routed([*rich, stop(0, prize=0.001, must=True, service_min=60.0)], [shift(hours=2)])
    assert "s0" in {met.stop.id for route in made.routes for met in route.stops}


@pytest.mark.parametrize(
    ("one", "shifts", "reason"),
    [
        (stop(0), [], "left_out.no_shift"),
        (stop(0, lon=21.9, lat=42.9), [shift()], "left_out.no_way"),
        (stop(0), [shift(start=21, hours=2)], "left_out.no_shift_in_hours"),
        (stop(0, lon=19.6, lat=41.545), [shift(hours=3)], "left_out.too_far"),
    ],
)
def test_a_stop_that_no_round_reaches_says_which_rule_kept_it_out(one, shifts, reason):
    made = routed([one], shifts)
    assert [left.reason.id for left in made.left_out] == [reason]


def test_a_place_that_others_outweigh_says_so_and_a_must_says_that_there_was_no_room():
    long = [stop(n, prize=5.0 + n, service_min=50.0) for n in range(4)]
    made = routed(long, [shift(hours=1.5)])
    assert {left.reason.id for left in made.left_out} == {"left_out.others_first"}
    made = routed([replace(s, must=True) for s in long], [shift(hours=1.5)])
    assert {left.reason.id for left in made.left_out} == {"left_out.must_no_room"}


def test_a_long_shift_leaves_room_for_its_break():
    own = shift(hours=8)
    made = routed([stop(n) for n in range(12)], [own])
    stops = made.routes[0].stops
    legs = made.routes[0].legs
    waits = [
        after.arrive - before.leave - timedelta(seconds=leg.travel_s)
        for before, after, leg in zip(stops, stops[1:], legs[1:], strict=False)
    ]
    assert max(waits) >= timedelta(minutes=30)
    assert faults(made.routes[0], own) == []


def test_the_same_stops_and_seed_give_the_same_rounds_whatever_their_order():
    stops = [stop(n) for n in range(9)]
    shifts = [shift(0, hours=3), shift(1, hours=3)]
    assert routed(stops, shifts) == routed(stops[::-1], shifts[::-1])


def test_legs_lie_on_the_streets_from_place_to_place():
    made = routed([stop(n) for n in range(4)], [shift()])
    for leg in made.routes[0].legs:
        line = np.array(leg.line)
        assert len(line) >= 2
        assert leg.distance_m > 0


def test_hours_are_true_ones_in_the_night_when_the_clock_changes():
    day = date(2026, 10, 25)
    begin = datetime.combine(day, time(0, 30), TIRANE)
    end = datetime.combine(day, time(6), TIRANE)
    window = TimeWindow(opens=begin, closes=end)
    own = replace(shift(), id="night", start=begin, end=end)
    made = routed([stop(n, windows=(window,), service_min=60.0) for n in range(6)], [own])
    last = made.routes[0].stops[-1]
    assert (last.leave.astimezone(UTC) - last.arrive.astimezone(UTC)) == timedelta(hours=1)
    assert len(made.routes[0].stops) >= 5, "six and a half hours, not five and a half"


def test_a_team_that_waits_for_a_place_to_open_is_there_when_it_does():
    def open_at(hour: int) -> tuple[TimeWindow, ...]:
        opens = datetime.combine(MONDAY, time(hour), TIRANE)
        return (TimeWindow(opens=opens, closes=opens + timedelta(minutes=20)),)

    early, late = stop(0, windows=open_at(9)), stop(1, windows=open_at(13))
    own = shift(hours=6)
    made = routed([early, late], [own])
    assert [met.stop.id for met in made.routes[0].stops] == ["s0", "s1"]
    assert made.routes[0].stops[1].arrive == late.windows[0].opens
    assert faults(made.routes[0], own) == []


def test_only_the_shifts_that_may_serve_a_stop_do():
    shifts = [shift(day, team=team) for day in range(3) for team in ("t1", "t2")]
    own = ("t2-1", "t1-2")
    stops = [stop(n, shifts=own if n % 2 else None) for n in range(6)]

    made = routed(stops, shifts)

    served = {met.stop.id: route.shift for route in made.routes for met in route.stops}
    assert set(served) == {one.id for one in stops}
    assert {served[one.id] for one in stops if one.shifts} <= set(own)


def test_a_stop_that_may_be_served_by_a_shift_too_far_away_is_too_far():
    near, short = shift(0), shift(0, team="t2", hours=0.5)

    made = routed([stop(7, shifts=(short.id,))], [near, short])

    assert [one.reason.id for one in made.left_out] == ["left_out.too_far"]
