"""The rounds of a plan as GeoJSON: a line a leg and a point a stop, in EPSG:4326."""

from __future__ import annotations

import json

from data.nouns import TIRANE, Leg, Plan, RouteStop
from layers.marks import plan_lines
from layers.rounds import PlannedRound, planned_rounds
from layers.words import Words

__all__ = ["routes_geojson"]


def routes_geojson(plan: Plan, words: Words) -> bytes:
    """Return a FeatureCollection as RFC 7946 has it; `marks` says what the plan says of itself."""
    features = [
        feature
        for one in planned_rounds(plan)
        for feature in (
            *(_leg(one, number, leg) for number, leg in enumerate(one.route.legs, start=1)),
            *(_stop(one, number, met) for number, met in enumerate(one.route.stops, start=1)),
        )
    ]
    record = {
        "type": "FeatureCollection",
        "marks": list(plan_lines(plan, words)),
        "synthetic": plan.marks.synthetic,
        "features": features,
    }
    return (json.dumps(record, ensure_ascii=False) + "\n").encode()


def _common(one: PlannedRound, number: int) -> dict[str, object]:
    return {
        "shift": one.shift.id,
        "team": one.team.name,
        "day": one.shift.start.astimezone(TIRANE).date().isoformat(),
        "order": number,
    }


def _leg(one: PlannedRound, number: int, leg: Leg) -> dict[str, object]:
    return {
        "type": "Feature",
        "geometry": {"type": "LineString", "coordinates": [list(point) for point in leg.line]},
        "properties": {
            **_common(one, number),
            "kind": "leg",
            "from": leg.origin,
            "to": leg.destination,
            "travel_s": leg.travel_s,
            "distance_m": leg.distance_m,
            "departs": None if leg.departs is None else leg.departs.isoformat(),
        },
    }


def _stop(one: PlannedRound, number: int, met: RouteStop) -> dict[str, object]:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [met.stop.lon, met.stop.lat]},
        "properties": {
            **_common(one, number),
            "kind": "stop",
            "stop": met.stop.id,
            "place": met.stop.name,
            "arrive": met.arrive.isoformat(),
            "leave": met.leave.isoformat(),
        },
    }
