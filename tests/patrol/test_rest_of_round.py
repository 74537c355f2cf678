"""The rest of a round planned again: what has to be first, what is worth most next, and why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from data.messages import Message
from data.nouns import TIRANE, Leg, Route, RouteStop, Shift, Stop, TimeWindow
from data.vocabulary import TravelMode
from patrol.rest_of_round import plan_rest

NINE = datetime(2026, 7, 8, 9, tzinfo=TIRANE)
SHIFT = Shift(
    id="s",
    team="t",
    base="base",
    mode=TravelMode.WALK,
    start=NINE,
    end=NINE + timedelta(hours=5),
)


def at(minutes: float) -> datetime:
    return NINE + timedelta(minutes=minutes)


def stop(name: str, prize: float, *, must: bool = False, closes: float = 300) -> RouteStop:
    window = TimeWindow(opens=NINE, closes=at(closes))
    place = Stop(
        id=name,
        place_id=name,
        name=name,
        lon=19.4,
        lat=41.3,
        prize=prize,
        service_min=30.0,
        windows=(window,),
        must=must,
        exploration=False,
        reason=Message("stop.planned"),
    )
    return RouteStop(stop=place, arrive=at(0), leave=at(30), window=window)


def round_of(*stops: RouteStop) -> Route:
    """Return a round with ten minutes between each two of its points."""
    names = ["base", *(met.stop.id for met in stops), "base"]
    legs = tuple(
        Leg(origin=a, destination=b, travel_s=600.0, distance_m=800.0, line=())
        for a, b in pairwise(names)
    )
    return Route(shift="s", stops=stops, legs=legs)


ROUND = round_of(stop("a", 9), stop("b", 1), stop("c", 5), stop("d", 3, must=True))


def test_what_fits_stays_in_its_order_at_new_times():
    rest = plan_rest(ROUND, SHIFT, here="a", now=at(60), done={"a"})

    assert [met.stop.id for met in rest.stops] == ["b", "c", "d"]
    assert [met.arrive for met in rest.stops] == [at(70), at(110), at(150)]
    assert [met.leave for met in rest.stops] == [at(100), at(140), at(180)]
    assert rest.dropped == ()


def test_what_has_to_be_visited_comes_before_what_is_worth_more():
    # 75 minutes: one visit, and a way of forty minutes in all.
    rest = plan_rest(ROUND, SHIFT, here="a", now=at(225), done={"a"})

    assert [met.stop.id for met in rest.stops] == ["d"]
    assert [one.stop for one in rest.dropped] == ["b", "c"]
    assert {one.reason.id for one in rest.dropped} == {"left_out.rest_no_time"}


def test_of_the_others_what_is_worth_least_is_given_up():
    rest = plan_rest(ROUND, SHIFT, here="a", now=at(195), done={"a"})

    assert [met.stop.id for met in rest.stops] == ["c", "d"]
    # The way to c leads past b, and a visit needs its time.
    assert [met.arrive for met in rest.stops] == [at(215), at(255)]
    assert [one.stop for one in rest.dropped] == ["b"]


def test_a_place_whose_hours_are_over_says_so():
    late = round_of(stop("a", 9), stop("b", 1, closes=60), stop("c", 5))

    rest = plan_rest(late, SHIFT, here="a", now=at(120), done={"a"})

    assert [met.stop.id for met in rest.stops] == ["c"]
    assert [one.reason.id for one in rest.dropped] == ["left_out.rest_too_late"]


def test_with_streets_another_order_saves_a_place_that_closes():
    hurried = round_of(stop("a", 9), stop("b", 1), stop("c", 5, closes=140))

    along = plan_rest(hurried, SHIFT, here="a", now=at(120), done={"a"})
    by_street = plan_rest(
        hurried, SHIFT, here="a", now=at(120), done={"a"}, travel=lambda _a, _b: 600.0
    )

    assert [met.stop.id for met in along.stops] == ["c"]
    assert [met.stop.id for met in by_street.stops] == ["c", "b"]


@pytest.mark.parametrize(("now", "kept"), [(150, ["b", "c", "d"]), (165, ["c", "d"])])
def test_a_break_still_to_come_keeps_its_time(now: float, kept: list[str]):
    pause = TimeWindow(opens=at(160), closes=at(180))

    rest = plan_rest(replace(ROUND, pause=pause), SHIFT, here="a", now=at(now), done={"a"})
    taken = plan_rest(
        replace(ROUND, pause=TimeWindow(opens=at(20), closes=at(40))),
        SHIFT,
        here="a",
        now=at(165),
        done={"a"},
    )

    assert [met.stop.id for met in rest.stops] == kept
    assert [met.stop.id for met in taken.stops] == ["b", "c", "d"]


def test_nothing_left_is_nothing_to_plan():
    rest = plan_rest(ROUND, SHIFT, here="d", now=at(100), done={"a", "b", "c", "d"})

    assert rest.stops == rest.dropped == ()


def test_a_day_that_is_over_drops_everything_with_a_reason():
    rest = plan_rest(ROUND, SHIFT, here="base", now=at(299), done=set())

    assert rest.stops == ()
    assert len(rest.dropped) == 4
