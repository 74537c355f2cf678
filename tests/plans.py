"""A small plan made by hand, with everything in it that somebody must not see."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from itertools import pairwise

from data.messages import Message
from data.nouns import (
    TIRANE,
    Absence,
    Base,
    LeftOut,
    Leg,
    Marks,
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
from data.vocabulary import PlanStatus, Skill, TravelMode
from tests.builders import CENTRE, DURRES

#: A stop's reason that speaks of cases, one that must not reach the field, and one that may.
EVIDENCE = Message(
    "stop.evidence_hotspot", {"n": 9, "hours": 3.5, "slot": "@word.slot.weekday-evening"}
)
PROMISED = Message("stop.promised")
OVERDUE = Message("stop.overdue", {"n": 4})
REASONS = (EVIDENCE, PROMISED, OVERDUE)
TEAMS = ("t1", "t2")
SECRET_SEED = 90210


def plan_of(
    week: Week, *, municipality: str | None = DURRES, status: PlanStatus = PlanStatus.DRAFT
) -> Plan:
    """Return a plan on real streets: each of two teams has a round on Monday and one on Friday."""
    shifts = tuple(_shift(team, week, day) for day in (0, 4) for team in TEAMS)
    return Plan(
        id=f"{municipality or 'area'}-{week}",
        version=1,
        status=status,
        area=municipality or "area",
        area_name="Durrës",
        municipality=municipality,
        week=week,
        seed=SECRET_SEED,
        cut_by_time=False,
        shifts=shifts,
        routes=tuple(_route(shift, offset) for offset, shift in enumerate(shifts)),
        left_out=(
            LeftOut(
                stop="stop-hidden",
                place_id="hidden",
                name="Vend i fshehtë",
                reason=Message("left_out.too_far", {"minutes": 75.5}),
            ),
        ),
        workers=tuple(_worker(n, municipality) for n in range(4)),
        absences=(Absence(worker="w0", first=week.days[2], last=week.days[3], kind="leave"),),
        bases=tuple(_base(team, municipality) for team in TEAMS),
        teams=tuple(_team(team, municipality) for team in TEAMS),
        notes=(Message("plan.idle_shifts", {"n": 1}),),
        marks=Marks(
            synthetic=False,
            illustrative_streets=False,
            as_of=datetime.combine(week.monday, time(6, 30), TIRANE),
        ),
        settings={"stops": {"service_min": 30.0, "daylight": (7, 18), "must_places": ()}},
    )


def _worker(n: int, municipality: str | None) -> Worker:
    return Worker(
        id=f"w{n}",
        name=f"Punonjës {n}",
        municipality=municipality,
        skills=frozenset({Skill.OUTREACH, Skill.CHILD_PROTECTION}),
    )


def _base(team: str, municipality: str | None) -> Base:
    lon, lat = CENTRE
    return Base(id=f"b-{team}", name=f"Baza {team}", municipality=municipality, lon=lon, lat=lat)


def _team(team: str, municipality: str | None) -> Team:
    return Team(
        id=team,
        name=f"Ekipi {team}",
        municipality=municipality,
        base=f"b-{team}",
        mode=TravelMode.WALK,
        start=time(9),
        end=time(15),
        weekdays=(0, 4),
        members=("w0", "w1"),
    )


def _shift(team: str, week: Week, day: int) -> Shift:
    start = datetime.combine(week.days[day], time(9), TIRANE)
    return Shift(
        id=f"{team}-{week.days[day]}",
        team=team,
        base=f"b-{team}",
        mode=TravelMode.WALK,
        start=start,
        end=start + timedelta(hours=6),
        workers=("w0", "w1"),
        on_call=("w2",),
    )


def _route(shift: Shift, offset: int) -> Route:
    lon, lat = CENTRE
    window = TimeWindow(opens=shift.start, closes=shift.end)
    stops = []
    for n, reason in enumerate(REASONS):
        place = f"p{3 * offset + n:03d}"
        arrive = shift.start + timedelta(minutes=20 + 60 * n)
        stop = Stop(
            id=f"stop-{place}",
            place_id=place,
            name=f"Vend {place}",
            lon=round(lon + 0.0031 * n, 6),
            lat=round(lat + 0.0017 * offset, 6),
            prize=1.234567,
            urgency=3 * n,
            waited_days=30 if n else None,
            service_min=30,
            windows=(window,),
            must=n == 1,
            exploration=n == 2,
            reason=reason,
            mode=TravelMode.WALK if n else None,
        )
        leave = arrive + timedelta(minutes=30)
        stops.append(RouteStop(stop=stop, arrive=arrive, leave=leave, window=window))
    names = [shift.base, *(s.stop.id for s in stops), shift.base]
    legs = tuple(
        Leg(
            origin=a,
            destination=b,
            travel_s=600.25,
            distance_m=820.5,
            line=((lon, lat), (lon + 0.001, lat + 0.001)),
        )
        for a, b in pairwise(names)
    )
    return Route(shift=shift.id, stops=tuple(stops), legs=legs)
