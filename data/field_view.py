"""What of a plan is fit for a field team: places and hours, never the evidence behind them.

`data.access` says who gets it; here stands what is taken away. Hours are whole five
minutes: a visit lasts as long as its chance of meeting a child makes it on average,
so to the minute it would tell that chance.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from data.messages import Message
from data.nouns import TIRANE, Plan, Route, RouteStop, Shift, Stop, TimeWindow

__all__ = ["FIELD_REASONS", "field_hours", "fit_for_field", "rounds_of"]

_STEP_MIN: Final = 5

#: What a stop may say of itself to a field team: season, hours, overdue, exploration.
FIELD_REASONS = frozenset(
    {
        "stop.high_hours",
        "stop.due",
        "stop.overdue",
        "stop.season",
        "stop.calendar",
        "stop.purpose",
        "stop.inhabited",
        "stop.inhabited_due",
        "stop.exploration",
        "stop.usual",
    }
)


def fit_for_field(plan: Plan) -> Plan:
    """Return the plan for what leaves on paper or a phone: places and hours, never evidence."""
    return replace(plan, routes=tuple(_field_route(route) for route in plan.routes))


def rounds_of(plan: Plan, shifts: Iterable[Shift], teams: AbstractSet[str]) -> Plan:
    """Return only the rounds of some shifts, as their teams may have them."""
    shifts = tuple(shifts)
    own, bases = {shift.id for shift in shifts}, {shift.base for shift in shifts}
    return replace(
        plan,
        seed=0,
        shifts=shifts,
        routes=tuple(_field_route(route) for route in plan.routes if route.shift in own),
        left_out=(),
        duties=(),
        workers=(),
        absences=(),
        notes=(),
        bases=tuple(base for base in plan.bases if base.id in bases),
        teams=tuple(team for team in plan.teams if team.id in teams),
        settings={},
        changes=(),
        standing=(),
        based_on=None,
        made_by="",
        made_at=None,
        at_once=False,
    )


def field_hours(visit: RouteStop) -> RouteStop:
    """Return a visit that begins and ends at whole five minutes, not later if its window allows.

    Where the window holds no such moment, it begins when the window opens.
    """
    window, begins = visit.window, _earlier(visit.arrive)
    if begins < window.opens:
        following = (begins.astimezone(UTC) + timedelta(minutes=_STEP_MIN)).astimezone(TIRANE)
        begins = following if following <= window.closes else window.opens
    # Hours that end so that a visit is over before heat or dark would tell how long it lasts.
    shown = replace(window, closes=max(begins, _earlier(window.closes)))
    leave = max(begins, _earlier(visit.leave))
    return replace(visit, arrive=begins, leave=leave, window=shown)


def _field_route(route: Route) -> Route:
    stops = tuple(field_hours(replace(met, stop=_plain(met.stop))) for met in route.stops)
    pause = route.pause
    if pause is not None:
        pause = TimeWindow(opens=_earlier(pause.opens), closes=_earlier(pause.closes))
    return replace(route, stops=stops, pause=pause)


def _earlier(moment: datetime) -> datetime:
    """Return the last moment at whole five minutes that is not after another."""
    return moment.replace(minute=moment.minute // _STEP_MIN * _STEP_MIN, second=0, microsecond=0)


def _plain(stop: Stop) -> Stop:
    """Return a stop whose reason is fit for a pack; its worth, minutes and pace tell nothing."""
    reason = stop.reason
    if reason.id not in FIELD_REASONS:
        slot = reason.params.get("slot")
        reason = Message("stop.high_hours", {"slot": slot}) if slot else Message("stop.planned")
    return replace(
        stop,
        reason=reason,
        prize=0.0,
        urgency=0,
        waited_days=None,
        chance=0.0,
        service_min=stop.service_min // _STEP_MIN * _STEP_MIN,
        contact_min=0.0,
        shifts=None,
        pace=None,
        windows=stop.usual or stop.windows,
        usual=(),
    )
