"""A plan that holds rhythm, hours and percentile, and a checker that knows nothing of how."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta
from functools import cache
from itertools import product

import numpy as np

from data.nouns import TIRANE, Base, Pace, Plan, Route, RouteStop, Shift, Stop
from data.vocabulary import ChangeKind, TravelMode
from patrol.plan import PlanSettings
from patrol.round_ends import closed_to, pause_in
from patrol.routes import RouteSettings, Work, draw_routes, find_rounds
from patrol.variety import VarietySettings
from patrol.ways import measure_ways
from tests.builders import DURRES
from tests.changes import BEFORE, LAT, LON, router, shift, small_plan, stop, worker

N_PLACES = 26
ASKED = 90.0
#: Of ten visits before the week so many were on Mondays and Thursdays after ten and eleven.
OFTEN = ((0, 10, 3), (0, 12, 3), (3, 11, 3), (5, 9, 1))
VARIETY = VarietySettings()


def paced_stop(n: int) -> Stop:
    """Return a place where a child may be met, with a rhythm of its own."""
    chance, meeting = 0.1 + 0.05 * (n % 6), 40.0
    pace = Pace(
        least_gap_days=2 + n % 3,
        needed=1,
        most=2,
        rests_until=BEFORE.date() + timedelta(days=1 + n % 4) if n % 5 == 0 else None,
        hours=OFTEN if n % 2 == 0 else None,
    )
    made = stop(n, service_min=20.0 + chance * meeting, chance=chance, contact_min=meeting)
    return replace(made, pace=pace)


@cache
def paced_plan() -> Plan:
    """Return the best rounds of two teams on four days, as a search made them."""
    base = Base(id="base", name="NJMF", municipality=DURRES, lon=LON, lat=LAT)
    shifts = (
        shift("t1", 0, 9, 7),
        shift("t2", 0, 12, 4),
        shift("t1", 1, 9, 4),
        shift("t1", 3, 9, 7),
        shift("t2", 4, 12, 5),
    )
    stops = tuple(paced_stop(n) for n in range(N_PLACES))
    settings = PlanSettings(routes=RouteSettings(iterations=150, overrun_percentile=ASKED))
    work = Work(
        stops=stops,
        shifts=shifts,
        wanted={one.id: 2 for one in stops},
        needs={},
        rests_until={one.id: one.pace.rests_until for one in stops if one.pace.rests_until},
        closed={one.id: closed_to(one.pace, VARIETY) for one in stops},
    )
    rest = replace(settings.routes, rest_days=4)  # the longest that a place asks for
    routers = {TravelMode.WALK: router()}
    ways = measure_ways(stops, [base], routers)
    found = find_rounds([work], ways, rest, seed=3)
    made = draw_routes(found, work, ways, [base], routers, rest)
    return replace(
        small_plan(),
        shifts=shifts,
        routes=made.routes,
        left_out=made.left_out,
        bases=(base,),
        workers=tuple(worker(n) for n in range(5)),
        # No rules of safety: its hours are for those of rhythm and variety alone.
        settings={name: one for name, one in asdict(settings).items() if name != "safety"},
    )


def locked(plan: Plan) -> dict[tuple[str, str], datetime | None]:
    """Return what is locked, with the time that a person gave it."""
    return {(c.shift, c.stop): c.at for c in plan.standing if c.kind is ChangeKind.LOCK}


def too_soon(plan: Plan, now: datetime = BEFORE) -> Counter[tuple[str, date]]:
    """Return the visits ahead that come sooner after another than their place asks for."""
    return Counter(
        (met.stop.id, day)
        for day, met in days(plan)
        if met.arrive > now and any(day - other < gap(met) for other in befores(plan, day, met))
    )


def befores(plan: Plan, day: date, met: RouteStop) -> list[date]:
    """Return the days before one on which a place is met, or was before the week."""
    own = [other for other, one in days(plan) if one.stop.id == met.stop.id and other < day]
    rests = met.stop.pace.rests_until if met.stop.pace else None
    return own + ([] if rests is None or own else [rests - gap(met)])


def gap(met: RouteStop) -> timedelta:
    """Return how far apart a place is met; two days where nothing else is known."""
    return timedelta(days=met.stop.pace.least_gap_days if met.stop.pace else 2)


def days(plan: Plan) -> list[tuple[date, RouteStop]]:
    """Return all visits with the days of their shifts."""
    day = {one.id: one.start.astimezone(TIRANE).date() for one in plan.shifts}
    return [(day[route.shift], met) for route in plan.routes for met in route.stops]


def too_often(plan: Plan, now: datetime = BEFORE) -> Counter[tuple[str, datetime]]:
    """Return the visits ahead with which too large a share lies in one weekday and hour."""
    found: Counter[tuple[str, datetime]] = Counter()
    for _, met in days(plan):
        if met.stop.pace is None or met.stop.pace.hours is None or met.arrive <= now:
            continue
        at = met.arrive.astimezone(TIRANE)
        same = sum(
            n for day, hour, n in met.stop.pace.hours if (day, hour) == (at.weekday(), at.hour)
        )
        of = sum(n for _, _, n in met.stop.pace.hours) + 1
        if of >= VARIETY.from_visits and same + 1 > max(1, of // 3):
            found[met.stop.id, met.arrive] += 1
    return found


def share_in_time(plan: Plan, route: Route, now: datetime = BEFORE, *, bare: bool = False) -> float:
    """Return in which share of outings a round ends in its shift, whoever is met: all are tried.

    Parameters
    ----------
    bare
        Only what is locked or has happened is visited.
    """
    own = next(one for one in plan.shifts if one.id == route.shift)
    held = locked(plan)
    visits = [
        met for met in route.stops if not bare or met.arrive <= now or (own.id, met.stop.id) in held
    ]
    ways = _ways(plan, own, visits) if bare else [leg.travel_s for leg in route.legs]
    long = own.end - own.start > timedelta(hours=6)
    pause = pause_in(own, visits, ways, 1800 * long) if bare else route.pause
    first = sum(met.leave <= now for met in visits)
    share = 0.0
    for meets in product((False, True), repeat=len(visits) - first):
        odds, clock = 1.0, _start(own, visits, ways, first, now)
        for k in range(first, len(visits) + 1):
            before = visits[k - 1].leave if k else own.start
            after = visits[k].arrive if k < len(visits) else own.end
            taken = pause is None or (k == first and _s(pause.opens) < clock)
            if pause is not None and not taken and before <= pause.opens < after:
                quarter = own.start + (own.end - own.start) / 4
                clock = max(clock, _s(min(pause.opens, quarter))) + 1800
            if k == len(visits):
                break
            met = visits[k]
            there = clock + (0 if k == first and met.arrive <= now else ways[k])
            at = held.get((own.id, met.stop.id))
            if met.arrive <= now or at is not None:
                begin = max(there, _s(met.arrive))
            else:
                begin = _first_open(met, there)
            chance, long = met.stop.chance, round(60 * met.stop.contact_min)
            dwell = round(60 * met.stop.service_min) - round(chance * long)
            is_met = meets[k - first]
            odds *= chance if is_met else 1 - chance
            clock = begin + dwell + (long if is_met else 0)
        clock += ways[-1] if visits else 0
        share += odds * (clock <= _s(own.end))
    return share


def _start(
    own: Shift, visits: list[RouteStop], ways: list[float], first: int, now: datetime
) -> float:
    if first < len(visits) and visits[first].arrive <= now:
        return _s(visits[first].arrive)
    free = _s(visits[first - 1].leave if first else own.start)
    if now > BEFORE and first < len(visits):
        free = max(free, min(_s(now), _s(visits[first].arrive) - ways[first]))
    return free


def _first_open(met: RouteStop, there: float) -> float:
    """Return when a visit begins that nothing holds: at once, or when its place is open again."""
    shut = {
        (day, hour)
        for day, hour, n in (met.stop.pace.hours or () if met.stop.pace else ())
        if n + 1 > sum(one for _, _, one in met.stop.pace.hours) // 3  # eleven of them: three
    }
    for window in met.stop.windows:
        at = max(there, _s(window.opens))
        while at <= _s(window.closes):
            local = datetime.fromtimestamp(at, TIRANE)
            if (local.weekday(), local.hour) not in shut:
                return at
            at = 3600 * (math.floor(at / 3600) + 1)
    return there


def _ways(plan: Plan, own: Shift, visits: list[RouteStop]) -> list[float]:
    base = next((b.lon, b.lat) for b in plan.bases if b.id == own.base)
    points = [base, *((met.stop.lon, met.stop.lat) for met in visits), base]
    seconds = np.ceil(router().matrix(np.array(points)).seconds)
    return [float(seconds[i, i + 1]) for i in range(len(points) - 1)]


def _s(moment: datetime) -> float:
    return math.floor(moment.timestamp())
