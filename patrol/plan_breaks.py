"""What a plan breaks of what its search holds, each with its mend: a person may do so knowingly.

Rounds that end in time at the percentile, days between two visits to a place, and
hours in which it was met too often. What a search chose holds them; what a person
set wins over them, and is told here before the plan is approved.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from data.messages import Message, Param
from data.nouns import TIRANE, Plan, Route, RouteStop, Shift
from data.vocabulary import ChangeKind
from patrol.plan_settings import plan_settings
from patrol.problem import arrives
from patrol.round_ends import Outing, closed_to, late_s, pause_in, share_in_time
from patrol.spots import limits_in, pace_of
from patrol.task import PlanSettings
from patrol.variety import most_in_an_hour, open_hours, week_hour
from patrol.ways import later, seconds

__all__ = ["breaks"]

_DAYS: Final = (
    "@breaks.on.0",
    "@breaks.on.1",
    "@breaks.on.2",
    "@breaks.on.3",
    "@breaks.on.4",
    "@breaks.on.5",
    "@breaks.on.6",
)
#: Times are given by so many minutes.
_STEP_MIN: Final = 5


def breaks(
    plan: Plan, now: datetime | None = None, before: Plan | None = None
) -> tuple[Message, ...]:
    """Return what a plan breaks of what its search holds; nothing where no person set it so.

    Parameters
    ----------
    now
        What began before it has happened, and nothing is said of it.
    before
        The version that the teams go by: rounds under way that go on as in it are in time or
        not, whatever anybody decides now.
    """
    settings = plan_settings(plan.settings)
    shifts = {shift.id: shift for shift in plan.shifts}
    routes = sorted(plan.routes, key=lambda one: (shifts[one.shift].start, one.shift))
    return (
        *_late(plan, _to_be_judged(routes, shifts, now, before), settings, now),
        *_too_soon(plan, routes, settings, now),
        *_too_often(routes, settings, now),
    )


def _to_be_judged(
    routes: list[Route],
    shifts: Mapping[str, Shift],
    now: datetime | None,
    before: Plan | None,
) -> list[Route]:
    """Return the rounds that are still to begin, and those under way that were changed."""
    if now is None:
        return routes
    was = {} if before is None else {one.shift: _times(one) for one in before.routes}
    return [
        one
        for one in routes
        if shifts[one.shift].start > now
        or (shifts[one.shift].end > now and was.get(one.shift, _times(one)) != _times(one))
    ]


def _times(route: Route) -> list[tuple[str, datetime]]:
    return [(met.stop.id, met.arrive) for met in route.stops]


def _late(
    plan: Plan, routes: list[Route], settings: PlanSettings, now: datetime | None
) -> Iterator[Message]:
    """Say which rounds end late too often, and what would mend it."""
    asked = settings.routes.overrun_percentile
    teams = {team.id: team.name for team in plan.teams}
    for route in routes:
        outing = _outing(plan, route, settings, now)
        late = late_s(outing, asked)
        if not late:
            continue
        shift = outing.shift
        said: dict[str, Param] = {
            "team": teams[shift.team],
            "day": shift.start.astimezone(TIRANE).date(),
            "n": math.floor(100 * share_in_time(outing)),
            "asked": asked,
        }
        out, sooner = _out(outing, asked), _sooner(outing, asked, late)
        if out is not None:
            said["place"] = out.stop.name
        if sooner is not None:
            said |= {"other": sooner[0].stop.name, "minutes": sooner[1]}
        if out is not None and sooner is not None:
            yield Message("breaks.late_either", said)
        elif out is not None:
            yield Message("breaks.late_out", said)
        elif sooner is not None:
            yield Message("breaks.late_sooner", said)
        else:
            yield Message("breaks.late_more", said)


def _outing(plan: Plan, route: Route, settings: PlanSettings, now: datetime | None) -> Outing:
    shift = next(one for one in plan.shifts if one.id == route.shift)
    ways = tuple(math.ceil(leg.travel_s) for leg in route.legs)
    waits = limits_in(plan).spans(shift.id)
    usual = pause_in(shift, route.stops, ways, settings.routes.pause_s(shift), waits)
    return Outing(
        shift=shift,
        visits=route.stops,
        ways_s=ways,
        held={
            one.stop
            for one in plan.standing
            if one.kind is ChangeKind.LOCK and one.shift == shift.id and one.at is not None
        },
        settings=settings.routes,
        variety=settings.variety,
        pause=route.pause or usual,
        now=now,
        waits=waits,
    )


def _out(outing: Outing, asked: float) -> RouteStop | None:
    """Return the visit that is worth least of those without which a round would end in time.

    One whose time a person set comes last.
    """
    found = [
        met
        for k, met in enumerate(outing.visits)
        if outing.now is None or met.arrive > outing.now
        if not late_s(_without(outing, k), asked)
    ]

    def order(met: RouteStop) -> tuple[bool, bool, float, str]:
        return met.stop.must, met.stop.id in outing.held, met.stop.prize, met.stop.id

    return min(found, key=order, default=None)


def _without(outing: Outing, k: int) -> Outing:
    """Return a round that passes a place by: no way is longer than the one that leads past it."""
    ways = outing.ways_s
    return replace(
        outing,
        visits=(*outing.visits[:k], *outing.visits[k + 1 :]),
        ways_s=(*ways[:k], ways[k] + ways[k + 1], *ways[k + 2 :]),
    )


def _sooner(outing: Outing, asked: float, late: int) -> tuple[RouteStop, int] | None:
    """Return a visit with a time set by hand that could begin so many minutes sooner, and mend it.

    Of several it is the one that has to move least.
    """
    minutes = _STEP_MIN * math.ceil(late / (60 * _STEP_MIN))
    for k, met in enumerate(outing.visits):
        begin = met.arrive - timedelta(minutes=minutes)
        if met.stop.id not in outing.held or begin < _soonest(outing, k):
            continue
        spans = open_hours(met.stop.windows, closed_to(met.stop.pace, outing.variety))
        moved = replace(met, arrive=begin, leave=met.leave - timedelta(minutes=minutes))
        other = replace(outing, visits=(*outing.visits[:k], moved, *outing.visits[k + 1 :]))
        if any(span.opens <= begin <= span.closes for span in spans) and not late_s(other, asked):
            return met, minutes
    return None


def _soonest(outing: Outing, k: int) -> datetime:
    """Return when a team can be at a visit after what comes before it, its break included."""
    free = outing.visits[k - 1].leave if k else outing.shift.start
    pause, arrive = outing.pause, outing.visits[k].arrive
    if pause is not None and free <= pause.opens and pause.closes <= arrive:
        free += pause.closes - pause.opens
    there = later(free, timedelta(seconds=_way_s(outing, k, free)))
    return there if outing.now is None else max(there, outing.now)


def _way_s(outing: Outing, k: int, free: datetime) -> int:
    """Return the seconds to a visit for who could set out at a moment, heat and dark waited for."""
    return arrives(outing.waits, seconds(free), outing.ways_s[k]) - seconds(free)


def _too_soon(
    plan: Plan, routes: list[Route], settings: PlanSettings, now: datetime | None
) -> Iterator[Message]:
    """Say which visits come sooner after another than their place is to be met."""
    days = {one.id: one.start.astimezone(TIRANE).date() for one in plan.shifts}
    visits = sorted(
        ((days[route.shift], met) for route in routes for met in route.stops),
        key=lambda one: (one[1].stop.id, one[1].arrive),
    )
    last, before = plan.week.days[-1], None
    for day, met in visits:
        pace = pace_of(met.stop, settings.stops)
        own = before is not None and before[1].stop.id == met.stop.id
        rests = pace.rests_until
        if before is not None and own:
            rests = before[0] + timedelta(days=pace.least_gap_days)
        # A call may come from where a team was on the same day.
        is_call = before is not None and own and before[0] == day
        before = (day, met)
        if rests is None or day >= rests or is_call or not _is_ahead(met, now):
            continue
        seen = rests - timedelta(days=pace.least_gap_days)
        said: dict[str, Param] = {"place": met.stop.name, "day": day, "n": (day - seen).days}
        said |= {"before": seen, "asked": pace.least_gap_days}
        if rests <= last:
            said["until"] = rests
            yield Message("breaks.gap" if own else "breaks.rest", said)
        else:
            yield Message("breaks.gap_out" if own else "breaks.rest_out", said)


def _too_often(
    routes: list[Route], settings: PlanSettings, now: datetime | None
) -> Iterator[Message]:
    """Say which places would be met at the same weekday and hour more often than the set share."""
    for met in (met for route in routes for met in route.stops):
        pace, (weekday, hour) = met.stop.pace, week_hour(met.arrive)
        if pace is None or pace.hours is None or not _is_ahead(met, now):
            continue
        before = {(day, at): n for day, at, n in pace.hours}
        n, of = before.get((weekday, hour), 0) + 1, sum(before.values()) + 1
        most = most_in_an_hour(of, settings.variety)
        if n > most:
            said: dict[str, Param] = {"place": met.stop.name, "weekday": _DAYS[weekday]}
            said |= {"hours": f"{hour}\u2013{hour + 1}", "n": n, "of": of, "most": most}
            yield Message("breaks.hour", said)


def _is_ahead(met: RouteStop, now: datetime | None) -> bool:
    return now is None or met.arrive > now
