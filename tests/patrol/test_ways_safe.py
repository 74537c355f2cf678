"""No way on foot lies in heat or dark, and each round keeps its hours: by times counted anew."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, datetime, time, timedelta
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.changes import Change
from data.errors import HouseError
from data.nouns import TIRANE, Base, Plan, Route, RouteStop, Shift, Stop, TimeWindow
from data.vocabulary import ChangeKind, PlaceKind, TravelMode
from geo.daylight import daylight
from geo.travel import Router, prepare
from layers.rounds import planned_rounds
from patrol.horizon import RouteSettings, Work
from patrol.limits import limits_of
from patrol.rest_of_round import plan_rest
from patrol.revise import revise
from patrol.revise_ground import ReviseGround
from patrol.routes import draw_routes, find_rounds
from patrol.safety import SafetySettings, keep_safe
from patrol.ways import measure_ways
from tests.builders import DURRES
from tests.changes import LAT, LON, N_PLACES, WEEK, router, shift, small_plan, stop

BASE = Base(id="base", name="NJMF", municipality=DURRES, lon=LON, lat=LAT)
MONDAY = datetime.combine(WEEK.days[0], time(), TIRANE)
ROUTES = RouteSettings(iterations=20, most_stops=6)
WALK, DRIVE = TravelMode.WALK, TravelMode.DRIVE


@cache
def routers() -> dict[TravelMode, Router]:
    return {WALK: router(), DRIVE: prepare(router().network, DRIVE)}


def planned(
    safety: SafetySettings,
    shifts: tuple[Shift, ...],
    stops: tuple[Stop, ...] | None = None,
    most: int | None = ROUTES.most_stops,
) -> Plan:
    """Return the plan of some shifts of a hot week."""
    rounds = replace(ROUTES, most_stops=most)
    wanted = stops or tuple(stop(n, kind=PlaceKind.MARKET) for n in range(N_PLACES))
    plan = small_plan()
    safe = keep_safe(wanted, shifts, plan.workers, safety)
    limits = limits_of(shifts, plan.workers, (BASE,), safety)
    work = Work(stops=safe.stops, shifts=shifts, limits=limits)
    ways = measure_ways(wanted, [BASE], routers())
    found = find_rounds([work], ways, rounds, seed=1)
    made = draw_routes(found, work, ways, [BASE], routers(), rounds)
    return replace(
        plan,
        shifts=shifts,
        routes=made.routes,
        left_out=(*safe.left_out, *made.left_out),
        settings={"routes": asdict(rounds), "safety": asdict(safety)},
    )


def day_hours(moment: datetime, hours: tuple[int, int]) -> tuple[datetime, datetime]:
    first, last = (datetime.combine(moment.date(), time(h), TIRANE) for h in hours)
    return first, last


def closed(one: Shift, safety: SafetySettings) -> list[tuple[datetime, datetime]]:
    """Return when nobody of a shift may walk or be in the open, by the rules as they are said."""
    if one.mode is not WALK:
        return []
    found = []
    if one.start.month in safety.heat_months:
        found.append(day_hours(one.start, safety.heat_hours))
    if one.start.date() in safety.heat_alerts:
        found.append(day_hours(one.start, safety.alert_hours))
    if one.team in safety.daylight_teams:
        first, last = day_hours(one.start, safety.daylight)
        sun = daylight(one.start.date(), BASE.lon, BASE.lat)
        midnight = datetime.combine(one.start.date(), time(), TIRANE)
        found += [
            (midnight, max(first, sun.opens)),
            (min(last, sun.closes), midnight + timedelta(days=1)),
        ]
    return found


def unsafe(plan: Plan, safety: SafetySettings, since: datetime = MONDAY) -> list[str]:
    """Return every way that is walked, and every visit, in hours in which nobody may."""
    own = {one.id: one for one in plan.shifts}
    found: list[str] = []
    for route in plan.routes:
        duty = own[route.shift]
        spans = closed(duty, safety)
        ends = [*(met.arrive for met in route.stops), duty.end]
        for k, (leg, end) in enumerate(zip(route.legs, ends, strict=True)):
            free = route.stops[k - 1].leave if k else duty.start
            begins, way = leg.departs or rested(route, free, end), timedelta(seconds=leg.travel_s)
            found += ["sets out before it is free"] * (begins < free)
            found += ["comes too late"] * (begins.astimezone(UTC) + way > end.astimezone(UTC))
            if way and begins >= since:
                walks = [(a, b) for a, b in spans if a < begins + way and begins < b]
                found += [f"walks at {begins}"] * len(walks)
        for met in (met for met in route.stops if met.arrive > since):
            stays = [(a, b) for a, b in spans if a < met.leave and met.arrive < b]
            found += [f"stays at {met.arrive}"] * len(stays)
            inside = any(w.opens <= met.arrive <= w.closes for w in met.stop.windows)
            found += ["outside its windows"] * (not inside or met.window not in met.stop.windows)
    return found


def rested(route: Route, free: datetime, end: datetime) -> datetime:
    """Return when a team is free for a way, its break over where that lies before it."""
    pause = route.pause
    return pause.closes if pause and free <= pause.opens and pause.closes <= end else free


safeties = st.builds(
    SafetySettings,
    heat_months=st.sampled_from([(), (7,)]),
    heat_hours=st.sampled_from([(11, 13), (12, 16), (13, 14)]),
    heat_alerts=st.sampled_from([(), (WEEK.days[0],)]),
    alert_hours=st.sampled_from([(10, 12), (15, 18)]),
    daylight=st.sampled_from([(7, 18), (10, 15)]),
    daylight_teams=st.sampled_from([(), ("t1",), ("t2",)]),
)


def crew(modes: tuple[TravelMode, TravelMode]) -> tuple[Shift, ...]:
    return (
        replace(shift("t1", 0, 9, 9), mode=modes[0]),
        replace(shift("t2", 0, 8, 5), mode=modes[1]),
        replace(shift("t2", 2, 12, 7), mode=modes[1]),
    )


modes = st.sampled_from([(WALK, WALK), (WALK, DRIVE), (DRIVE, WALK)])


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(safety=safeties, how=modes)
def test_nobody_walks_or_stays_in_the_open_in_closed_hours(
    safety: SafetySettings, how: tuple[TravelMode, TravelMode]
):
    plan = planned(safety, crew(how))

    assert unsafe(plan, safety) == []
    assert {one.stop for one in plan.left_out} | {
        met.stop.id for route in plan.routes for met in route.stops
    } == {f"stop-p{n}" for n in range(N_PLACES)}
    shifts = {one.id: one for one in plan.shifts}
    assert all(one.back_at <= shifts[one.shift.id].end for one in planned_rounds(plan))


HOT = SafetySettings(heat_hours=(12, 15), daylight=(7, 17), daylight_teams=("t2",))


@cache
def hot_plan() -> Plan:
    return planned(HOT, crew((WALK, WALK)), most=None)


@cache
def mixed_plan() -> Plan:
    return planned(HOT, crew((WALK, DRIVE)), most=None)


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    kind=st.sampled_from(
        [
            ChangeKind.DROP,
            ChangeKind.MOVE,
            ChangeKind.TIME,
            ChangeKind.REORDER,
            ChangeKind.ADD,
            ChangeKind.CALL,
        ]
    ),
    mixed=st.booleans(),
    n=st.integers(0, 60),
    now=st.sampled_from([MONDAY, MONDAY + timedelta(hours=10, minutes=30)]),
)
def test_a_changed_plan_walks_in_no_closed_hours_either(
    kind: ChangeKind, n: int, now: datetime, *, mixed: bool
):
    plan = mixed_plan() if mixed else hot_plan()
    change = _change(plan, kind, n)
    ground = ReviseGround(routers=routers(), kinds={})

    try:
        made = revise(plan, [change], ground, now=now)
    except HouseError:
        return

    assert unsafe(made, HOT, now) == []


def _change(plan: Plan, kind: ChangeKind, n: int) -> Change:
    keys = [(route.shift, met.stop.id) for route in plan.routes for met in route.stops]
    shift_id, name = keys[n % len(keys)]
    if kind is ChangeKind.ADD and plan.left_out:
        return Change(
            kind=kind,
            stop=plan.left_out[n % len(plan.left_out)].stop,
            to_shift=["", "t1-0", "t2-0"][n % 3],
        )
    if kind is ChangeKind.CALL:
        return Change(kind=kind, stop=name)
    if kind is ChangeKind.MOVE:
        others = [one.id for one in plan.shifts if one.id != shift_id]
        return Change(kind=kind, shift=shift_id, stop=name, to_shift=others[n % len(others)])
    if kind is ChangeKind.TIME:
        begins = next(one.start for one in plan.shifts if one.id == shift_id)
        return Change(kind=kind, shift=shift_id, stop=name, at=begins + timedelta(minutes=9 * n))
    if kind is ChangeKind.REORDER:
        now = [stop for own, stop in keys if own == shift_id]
        return Change(kind=kind, shift=shift_id, order=(*now[n % len(now) :], *now[: n % len(now)]))
    return Change(kind=ChangeKind.DROP, shift=shift_id, stop=name)


def test_a_car_visits_at_noon_while_the_other_team_waits():
    at_noon = (shift("t1", 0, 12, 4), replace(shift("t2", 0, 12, 4), mode=DRIVE))

    plan = planned(SafetySettings(), at_noon)

    assert [route.shift for route in plan.routes] == ["t2-0"]
    assert len(plan.routes[0].stops) == ROUTES.most_stops
    assert plan.routes[0].stops[0].stop.usual == ()


def test_a_place_given_to_who_drives_is_met_in_hours_in_which_nobody_walks():
    plan = mixed_plan()
    walked = next(route for route in plan.routes if route.shift == "t1-0")
    name = walked.stops[0].stop.id
    noon = MONDAY.replace(hour=12, minute=20)
    free = replace(plan, routes=tuple(one for one in plan.routes if one.shift != "t2-0"))
    moved = Change(kind=ChangeKind.ADD, stop=name, to_shift="t2-0", at=noon)
    dropped = Change(kind=ChangeKind.DROP, stop=name, shift="t1-0")

    made = revise(free, [dropped, moved], ReviseGround(routers=routers(), kinds={}), now=MONDAY)

    met = next(m for r in made.routes if r.shift == "t2-0" for m in r.stops if m.stop.id == name)
    assert (met.arrive, unsafe(made, HOT)) == (noon, [])


def far(first: tuple[int, int], last: tuple[int, int]) -> Stop:
    """Return the place farthest from the base, open for a short while."""
    window = TimeWindow(
        opens=datetime.combine(WEEK.days[0], time(*first), TIRANE),
        closes=datetime.combine(WEEK.days[0], time(*last), TIRANE),
    )
    return stop(N_PLACES - 1, kind=PlaceKind.MARKET, windows=(window,))


@pytest.mark.parametrize(
    ("safety", "reason"),
    [
        (SafetySettings(), "left_out.heat"),
        (SafetySettings(heat_months=(), heat_alerts=WEEK.days, alert_hours=(12, 18)),
         "left_out.heat_alert"),
        (SafetySettings(heat_months=(), daylight=(7, 12), daylight_teams=("t1",)),
         "left_out.round_by_daylight"),
    ],
)  # fmt: skip
def test_a_place_that_cannot_be_left_in_time_names_the_rule(safety: SafetySettings, reason: str):
    place = far((11, 25), (11, 28))
    near_end = (shift("t1", 0, 9, 6), shift("t1", 2, 9, 2))

    plan = planned(safety, near_end, (place, stop(0, kind=PlaceKind.MARKET)))
    free = planned(SafetySettings(heat_months=()), near_end, (place, stop(0)))

    assert {one.stop: one.reason.id for one in plan.left_out}[place.id] == reason
    assert place.id not in {one.stop for one in free.left_out}


def test_the_rest_of_a_round_is_home_before_the_heat_and_names_the_rule_for_what_it_gives_up():
    plan = planned(SafetySettings(), (shift("t1", 0, 8, 7),))
    (route,), (own,) = plan.routes, plan.shifts
    limits = limits_of(plan.shifts, plan.workers, (BASE,), SafetySettings())
    late = MONDAY.replace(hour=11, minute=10)

    rest = plan_rest(route, own, here="base", now=late, done=set(), limits=limits)

    assert all(met.leave <= MONDAY.replace(hour=12) for met in rest.stops)
    assert {one.reason.id for one in rest.dropped} <= {"left_out.heat", "left_out.rest_no_time"}
    assert "left_out.heat" in {one.reason.id for one in rest.dropped}
    assert len(plan_rest(route, own, here="base", now=late, done=set()).stops) > len(rest.stops)
    gone = _along(route, rest.stops)
    assert gone <= MONDAY.replace(hour=12)


def _along(route: Route, stops: tuple[RouteStop, ...]) -> datetime:
    """Return when a team is home that passes by what it gave up."""
    names = [met.stop.id for met in route.stops]
    first = names.index(stops[-1].stop.id) + 1 if stops else 0
    leave = stops[-1].leave if stops else MONDAY.replace(hour=11, minute=10)
    return leave + timedelta(seconds=sum(leg.travel_s for leg in route.legs[first:]))
