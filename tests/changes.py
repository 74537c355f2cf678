"""A small plan to be changed, and a checker that knows nothing of how changes are made."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise

import numpy as np

from data import reference
from data.messages import Message
from data.nouns import (
    TIRANE,
    Base,
    LeftOut,
    Leg,
    Plan,
    Route,
    RouteStop,
    Shift,
    Stop,
    Team,
    TimeWindow,
    Week,
    Worker,
)
from data.vocabulary import PlaceKind, Skill, TravelMode
from geo.illustrative import lay_streets
from geo.travel import Router, prepare
from patrol.revise_ground import ReviseGround
from tests.builders import CENTRE, DURRES, durres
from tests.plans import plan_of

WEEK = Week.parse("2026-W28")
BEFORE = datetime.combine(WEEK.monday, time(), TIRANE)
LON, LAT = CENTRE
N_PLACES = 24
#: The first two are beaches, the last is a mine heap, worth least of all.
KINDS = {
    **{f"p{n}": PlaceKind.MARKET for n in range(N_PLACES)},
    "p0": PlaceKind.BEACH,
    "p1": PlaceKind.BEACH,
    f"p{N_PLACES - 1}": PlaceKind.MINE_HEAP,
}
TEAMS = ("t1", "t2")
#: The rounds as they were planned: no search may change them when it gets better.
ROUNDS = {
    "t1-0": [f"stop-p{n}" for n in (0, 7, 8, 13, 14, 9, 4, 3, 2, 1)],
    "t2-0": [f"stop-p{n}" for n in (6, 12, 16, 15, 11, 5)],
    "t1-2": [f"stop-p{n}" for n in (18, 17, 21, 10, 20)],
}
AFTER_BREAK = "stop-p4"


@cache
def router() -> Router:
    """Return walking on streets drawn for Durrës."""
    known = reference.settlements()
    network = lay_streets(
        durres(),
        known[known["municipality"] == DURRES],
        reference.roads(),
        reference.coastline(),
        seed=1,
    )
    return prepare(network, TravelMode.WALK)


def ground() -> ReviseGround:
    """Return what changes are worked out on."""
    return ReviseGround(routers={TravelMode.WALK: router()}, kinds=KINDS)


def stop(n: int, **more: object) -> Stop:
    """Return a place that may be met every day from nine to five."""
    every_day = tuple(
        TimeWindow(
            opens=datetime.combine(day, time(9), TIRANE),
            closes=datetime.combine(day, time(17), TIRANE),
        )
        for day in WEEK.days
    )
    made = Stop(
        id=f"stop-p{n}",
        place_id=f"p{n}",
        name=f"Vend {n}",
        lon=LON + 0.004 * (n % 5),
        lat=LAT + 0.003 * (n // 5),
        prize=1.0 + 0.1 * (N_PLACES - n),
        service_min=30.0,
        windows=every_day,
        must=False,
        exploration=n % 3 == 0,
        reason=Message("stop.usual"),
    )
    return replace(made, **more)


def shift(team: str, day: int, start: int, hours: float) -> Shift:
    """Return a shift of a team; a long one holds a break."""
    begin = datetime.combine(WEEK.days[day], time(start), TIRANE)
    first = 2 * TEAMS.index(team)
    return Shift(
        id=f"{team}-{day}",
        team=team,
        base="base",
        mode=TravelMode.WALK,
        start=begin,
        end=begin + timedelta(hours=hours),
        workers=(f"w{first}", f"w{first + 1}"),
    )


def worker(n: int) -> Worker:
    """Return somebody trained; every second one is a child protection worker."""
    skills = {Skill.OUTREACH} | ({Skill.CHILD_PROTECTION} if n % 2 == 0 else set())
    return Worker(id=f"w{n}", name=f"Punonjës {n}", municipality=DURRES, skills=frozenset(skills))


@cache
def small_plan() -> Plan:
    """Return a plan of two teams on two days, one shift long enough for a break."""
    base = Base(id="base", name="NJMF", municipality=DURRES, lon=LON, lat=LAT)
    shifts = (shift("t1", 0, 9, 7), shift("t2", 0, 12, 4), shift("t1", 2, 9, 4))
    left = [
        stop(n)
        for n in range(N_PLACES)
        if f"stop-p{n}" not in {s for own in ROUNDS.values() for s in own}
    ]
    teams = tuple(
        Team(
            id=name,
            name=f"Ekipi {name}",
            municipality=DURRES,
            base="base",
            mode=TravelMode.WALK,
            start=time(9),
            end=time(16),
            weekdays=(0, 2),
        )
        for name in TEAMS
    )
    return replace(
        plan_of(WEEK),
        shifts=shifts,
        routes=tuple(_route(one, base) for one in shifts),
        left_out=tuple(
            LeftOut(
                stop=one.id,
                place_id=one.place_id,
                name=one.name,
                reason=Message("left_out.others_first"),
                candidate=one,
            )
            for one in left
        ),
        bases=(base,),
        teams=teams,
        workers=tuple(worker(n) for n in range(5)),
        absences=(),
        settings={"routes": {"break_after_h": 6.0, "break_min": 30, "rest_days": 2}},
    )


def _route(duty: Shift, base: Base) -> Route:
    """Return a round by hand: every visit as soon as it can be, a break in a long shift."""
    met = [stop(int(name.removeprefix("stop-p"))) for name in ROUNDS[duty.id]]
    points = [(base.lon, base.lat), *((one.lon, one.lat) for one in met), (base.lon, base.lat)]
    seconds = np.ceil(router().matrix(np.array(points)).seconds)
    clock, visited = duty.start, []
    for i, one in enumerate(met):
        pause = timedelta(minutes=30) if one.id == AFTER_BREAK else timedelta()
        arrive = clock + timedelta(seconds=float(seconds[i, i + 1])) + pause
        window = next(w for w in one.windows if w.opens <= arrive <= w.closes)
        clock = arrive + timedelta(minutes=one.service_min)
        visited.append(RouteStop(stop=one, arrive=arrive, leave=clock, window=window))
    names = [base.id, *(one.id for one in met), base.id]
    legs = []
    for i, (origin, destination) in enumerate(pairwise(names)):
        path = router().path(points[i], points[i + 1])
        legs.append(
            Leg(
                origin=origin,
                destination=destination,
                travel_s=float(seconds[i, i + 1]),
                distance_m=round(path.metres, 1),
                line=tuple((round(float(x), 6), round(float(y), 6)) for x, y in path.lonlat),
            )
        )
    return Route(shift=duty.id, stops=tuple(visited), legs=tuple(legs))


def faults(plan: Plan, *, closed: bool = False) -> list[str]:
    """Return every rule of the road that a plan breaks, by times worked out anew.

    Parameters
    ----------
    closed
        A road is closed: ways take longer than the open streets say, so that only the
        plan's own legs can be held to.
    """
    own = {one.id: one for one in plan.shifts}
    bases = {base.id: (base.lon, base.lat) for base in plan.bases}
    found: list[str] = []
    for route in plan.routes:
        duty = own[route.shift]
        points = [bases[duty.base], *((m.stop.lon, m.stop.lat) for m in route.stops)]
        seconds = router().matrix(np.array([*points, bases[duty.base]])).seconds
        names = [duty.base, *(met.stop.id for met in route.stops), duty.base]
        found += ["legs"] * ([(a, b) for a, b in pairwise(names)] != _ends(route.legs))
        clock, waits = duty.start, [timedelta()]
        for i, (met, leg) in enumerate(zip(route.stops, route.legs, strict=False)):
            way = leg.travel_s if closed else float(seconds[i, i + 1])
            earliest = _later(clock, way)
            found += [f"too early {met.stop.id}"] * (_true(met.arrive) < _true(earliest))
            found += ["window"] * (not met.window.opens <= met.arrive <= met.window.closes)
            found += ["whose window"] * (met.window not in met.stop.windows)
            stays = (_true(met.leave) - _true(met.arrive)).total_seconds()
            found += ["service"] * (stays < 60 * met.stop.service_min)
            waits.append(_true(met.arrive) - _true(earliest))
            clock = met.leave
        home = _later(clock, route.legs[-1].travel_s if closed else float(seconds[-2, -1]))
        found += ["late home"] * (_true(home) > _true(duty.end))
        waits.append(_true(duty.end) - _true(home))
        long = _true(duty.end) - _true(duty.start) > timedelta(hours=6)
        found += ["no break"] * (long and max(waits) < timedelta(minutes=30))
    days = Counter(
        (own[route.shift].start.date(), met.stop.id)
        for route in plan.routes
        for met in route.stops
        if met.stop.reason.id != "stop.promised"  # a call may come from where a team was today
    )
    found += [f"twice a day {key}" for key, n in days.items() if n > 1]
    visited = {met.stop.id for route in plan.routes for met in route.stops}
    left = [one.stop for one in plan.left_out]
    found += ["in and out"] * bool(visited & set(left))
    found += ["lost a place"] * (len(left) != len(set(left)))
    return found


def visits(plan: Plan) -> dict[tuple[str, str], tuple[datetime, datetime]]:
    """Return when each visit begins and ends, by shift and stop."""
    return {
        (route.shift, met.stop.id): (met.arrive, met.leave)
        for route in plan.routes
        for met in route.stops
    }


def order(plan: Plan, shift_id: str) -> list[str]:
    """Return the stops of a round in their order."""
    return [met.stop.id for route in plan.routes if route.shift == shift_id for met in route.stops]


def day_of(plan: Plan, shift_id: str) -> date:
    """Return the day of a shift."""
    return next(one.start.date() for one in plan.shifts if one.id == shift_id)


def _ends(legs: tuple) -> list[tuple[str, str]]:
    return [(leg.origin, leg.destination) for leg in legs]


def _true(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def _later(moment: datetime, seconds: float) -> datetime:
    return _true(moment) + timedelta(seconds=seconds)
