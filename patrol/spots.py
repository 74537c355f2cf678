"""A place that somebody wants in the plan, as a stop: at the hours of its kind, or right now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import shapely

from data.changes import Spot
from data.messages import Message
from data.nouns import Pace, Plan, Stop, TimeWindow, Week
from patrol.limits import Limits, limits_of
from patrol.plan_settings import plan_settings
from patrol.safety import SafetySettings
from patrol.stop_hours import stop_windows, usual_slots
from patrol.stops import StopSettings

__all__ = ["limits_in", "pace_of", "safety_of", "stop_at"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A place as the rules of hours look at it."""

    kind: str
    geometry: shapely.Point


def pace_of(stop: Stop, settings: StopSettings) -> Pace:
    """Return how often a stop may be met, also where the plan did not keep it with the stop."""
    if stop.pace is not None:
        return stop.pace
    asked = next((one.need for one in settings.needs if one.place_id == stop.place_id), None)
    if asked is None:
        return Pace(least_gap_days=settings.least_gap_days, most=settings.visits)
    return Pace(
        least_gap_days=asked.least_gap_days,
        needed=asked.in_a_week,
        most=max(settings.visits, asked.in_a_week),
    )


def safety_of(settings: Mapping[str, Any]) -> SafetySettings | None:
    """Return the rules of safety that a plan was made by, or `None` for one of before them."""
    known = settings.get("safety")
    return None if known is None else SafetySettings(**known)


def limits_in(plan: Plan) -> Limits:
    """Return what the rules of safety that a plan was made by leave to each of its shifts."""
    return limits_of(plan.shifts, plan.workers, plan.bases, safety_of(plan.settings))


def stop_at(
    spot: Spot,
    week: Week,
    settings: Mapping[str, Any],
    *,
    now: tuple[datetime, datetime] | None = None,
) -> Stop:
    """Return a place as a stop of a week.

    Parameters
    ----------
    settings
        Of the plan it is to be in.
    now
        Between when and when a team has to be there, of a call; daylight rules stay.
    """
    row = _Row(kind=spot.kind, geometry=shapely.Point(spot.lon, spot.lat))
    safety, usual = safety_of(settings) or SafetySettings(), plan_settings(settings).stops
    # Who calls has seen a child: there will be somebody to talk to.
    stay = usual.service_min + (usual.contact_min if now else 0.0)
    windows = stop_windows(row, week, usual_slots(spot.kind), stay, safety)
    if now is not None and spot.kind not in safety.daylight_kinds:
        windows = (TimeWindow(opens=now[0], closes=now[1]),)
    return Stop(
        id=f"stop-{spot.place_id}",
        place_id=spot.place_id,
        name=spot.name,
        lon=spot.lon,
        lat=spot.lat,
        prize=0.0,
        service_min=stay,
        windows=windows,
        must=True,
        exploration=False,
        reason=Message("stop.promised" if now else "stop.asked"),
        kind=spot.kind,
        needs_escort=spot.place_id in safety.escort_places,
        chance=1.0 if now else 0.0,
        contact_min=usual.contact_min if now else 0.0,
        # Who calls is not told that somebody was there the day before.
        pace=Pace(least_gap_days=0) if now else None,
    )
