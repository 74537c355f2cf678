"""The rounds of a plan as GPX 1.1, for the navigation app of a phone: places and times only."""

from __future__ import annotations

import gpxpy.gpx

from data.names import visible
from data.nouns import Plan
from layers.marks import plan_lines
from layers.rounds import PlannedRound, planned_rounds
from layers.words import Words

__all__ = ["routes_gpx"]


def routes_gpx(plan: Plan, words: Words) -> bytes:
    """Return waypoints and, on real streets, a route for each round.

    On illustrative streets there are places only: a phone would lead somebody
    along streets that are not there.
    """
    gpx = gpxpy.gpx.GPX()
    gpx.creator = "Fener"
    gpx.name = visible(f"{words('sheet.title')} · {plan.area_name} · {plan.week}")
    gpx.description = " ".join(plan_lines(plan, words))
    for one in planned_rounds(plan):
        label = visible(f"{one.team.name} · {words.weekday(one.shift.start.date())}")
        names = _names(one, words)
        for met, name in zip(one.route.stops, names, strict=True):
            gpx.waypoints.append(
                gpxpy.gpx.GPXWaypoint(met.stop.lat, met.stop.lon, name=name, comment=label)
            )
        if not plan.marks.illustrative_streets:
            gpx.routes.append(_route(one, label, names))
    return gpx.to_xml(version="1.1").encode()


def _names(one: PlannedRound, words: Words) -> list[str]:
    """Return number, place and times for each stop; XML knows no control signs."""
    return [
        visible(f"{n:02d} {s.stop.name} {words.span(s.arrive, s.leave)}")
        for n, s in enumerate(one.route.stops, start=1)
    ]


def _route(one: PlannedRound, label: str, names: list[str]) -> gpxpy.gpx.GPXRoute:
    route = gpxpy.gpx.GPXRoute(name=label)
    point, base, home = gpxpy.gpx.GPXRoutePoint, one.base, one.home
    route.points.append(point(base.lat, base.lon, name=visible(base.name)))
    route.points += [
        point(met.stop.lat, met.stop.lon, name=name)
        for met, name in zip(one.route.stops, names, strict=True)
    ]
    route.points.append(point(home.lat, home.lon, name=visible(home.name)))
    return route
