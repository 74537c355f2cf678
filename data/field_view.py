"""What of a plan is fit for a field team: places and hours, never the evidence behind them.

`data.access` says who gets it; here stands what is taken away.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import replace

from data.messages import Message
from data.nouns import Plan, Route, RouteStop, Shift, Stop

__all__ = ["FIELD_REASONS", "fit_for_field", "rounds_of"]

#: What a stop may say of itself to a field team: season, hours, overdue, exploration.
FIELD_REASONS = frozenset(
    {
        "stop.high_hours",
        "stop.overdue",
        "stop.season",
        "stop.calendar",
        "stop.purpose",
        "stop.inhabited",
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
    )


def _field_route(route: Route) -> Route:
    return replace(route, stops=tuple(_field_stop(stop) for stop in route.stops))


def _field_stop(visit: RouteStop) -> RouteStop:
    return replace(visit, stop=_plain(visit.stop))


def _plain(stop: Stop) -> Stop:
    """Return a stop whose reason is fit for a pack; its prize and chance give nothing away."""
    reason = stop.reason
    if reason.id not in FIELD_REASONS:
        slot = reason.params.get("slot")
        reason = Message("stop.high_hours", {"slot": slot}) if slot else Message("stop.planned")
    return replace(stop, reason=reason, prize=0.0, chance=0.0, shifts=None)
