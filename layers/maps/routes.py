"""Rounds in their team's colour and dash, cased in ink, with arrows and numbered stops."""

from __future__ import annotations

import math
from collections.abc import Set as AbstractSet

import folium
import shapely
from shapely.geometry.base import BaseGeometry

from data.nouns import Leg, Plan, Route, RouteStop
from layers.drawing import LegendEntry, shapes, symbols, tip
from layers.glyphs import arrow, base, numbered, stroke
from layers.palette import INK, Line, team_line
from layers.words import Words

__all__ = ["layer", "legend", "lines_of_teams", "look_at"]

_STOP_PX = 30
_ARROW_PX = 18
_BASE_PX = 26
#: What the boxes of a map cover is no place for a stop: right and down of the corner, left and up.
_UNDER_THE_MARKS_PX, _OVER_THE_LEGEND_PX = (24, 150), (24, 50)
#: A round of one street is not looked at from closer.
_CLOSEST = 16
#: A shorter leg has no room for an arrow, degrees.
_LONG_ENOUGH_DEG = 0.0015


def lines_of_teams(plan: Plan) -> dict[str, Line]:
    """Return each team's line, by the order of the teams' ids."""
    return {team: team_line(n) for n, team in enumerate(sorted({s.team for s in plan.shifts}))}


def layer(
    plan: Plan,
    words: Words,
    *,
    shifts: AbstractSet[str] | None = None,
    done: AbstractSet[str] = frozenset(),
) -> folium.FeatureGroup:
    """Return the rounds of a plan, of some shifts where they are named.

    Parameters
    ----------
    done
        Ids of stops that were visited: they are ticked, and their tooltip says so.
    """
    group = folium.FeatureGroup(name="routes")
    teams, lines = {s.id: s.team for s in plan.shifts}, lines_of_teams(plan)
    for route in plan.routes:
        if shifts is None or route.shift in shifts:
            _ways(route, lines[teams[route.shift]]).add_to(group)
            _arrows(route, lines[teams[route.shift]]).add_to(group)
    homes = {s.base for s in plan.shifts if shifts is None or s.id in shifts}
    homes |= {r.legs[-1].destination for r in plan.routes if shifts is None or r.shift in shifts}
    for home in (one for one in plan.bases if one.id in homes):
        points = [shapely.Point(home.lon, home.lat)]
        text = tip(words("map.base", name=home.name))
        symbols(points, [base(size_px=_BASE_PX)], [text], size_px=_BASE_PX).add_to(group)
    for route in plan.routes:
        if route.stops and (shifts is None or route.shift in shifts):
            _stops(route, lines[teams[route.shift]], words, done).add_to(group)
    return group


def _ways(route: Route, line: Line) -> folium.GeoJson:
    """Return the legs twice: a casing of ink below, the colour with its dash above."""
    drawn = [_line_of(leg) for leg in route.legs if len(leg.line) > 1]
    if not drawn:
        return shapes([], [])
    way = shapely.multilinestrings(drawn)
    return shapes(
        [way, way],
        [
            {"color": INK, "weight": line.width_px + 2.0, "opacity": 0.9},
            {"color": line.colour, "weight": line.width_px, "dashArray": line.dash, "opacity": 1.0},
        ],
    )


def _line_of(leg: Leg) -> BaseGeometry:
    return shapely.LineString(leg.line)


def _arrows(route: Route, line: Line) -> folium.GeoJson:
    points, icons = [], []
    for leg in route.legs:
        if len(leg.line) < 2 or (way := _line_of(leg)).length < _LONG_ENOUGH_DEG:  # noqa: PLR2004
            continue
        middle = way.interpolate(0.5, normalized=True)
        ahead = way.interpolate(0.55, normalized=True)
        east = (ahead.x - middle.x) * math.cos(math.radians(middle.y))
        degrees = math.degrees(math.atan2(east, ahead.y - middle.y))
        points.append(middle)
        icons.append(arrow(degrees, line.colour, size_px=_ARROW_PX))
    return symbols(points, icons, [""] * len(points), size_px=_ARROW_PX)


def _stops(route: Route, line: Line, words: Words, done: AbstractSet[str]) -> folium.GeoJson:
    points = [shapely.Point(visit.stop.lon, visit.stop.lat) for visit in route.stops]
    icons = [
        numbered(n, line.colour, done=visit.stop.id in done, size_px=_STOP_PX)
        for n, visit in enumerate(route.stops, start=1)
    ]
    tips = [_tip(n, visit, words, done) for n, visit in enumerate(route.stops, start=1)]
    return symbols(points, icons, tips, size_px=_STOP_PX)


def _tip(number: int, visit: RouteStop, words: Words, done: AbstractSet[str]) -> str:
    return tip(
        f"{number}. {visit.stop.name}",
        f"{words.clock(visit.arrive)}\N{EN DASH}{words.clock(visit.leave)}",
        words.message(visit.stop.reason),
        words("map.legend_done") if visit.stop.id in done else "",
    )


def legend(
    plan: Plan, words: Words, *, shifts: AbstractSet[str] | None = None, done: bool = False
) -> tuple[LegendEntry, ...]:
    """Return the line of each team with its name, the base, and the tick where something is done.

    Parameters
    ----------
    shifts
        Only the teams of these shifts are named.
    """
    names = {team.id: team.name for team in plan.teams}
    shown = {shift.team for shift in plan.shifts if shifts is None or shift.id in shifts}
    entries = [
        LegendEntry(sign=stroke(line.colour, line.width_px, line.dash), text=names.get(team, team))
        for team, line in lines_of_teams(plan).items()
        if team in shown
    ]
    entries.append(LegendEntry(sign=base(size_px=20), text=words("map.legend_base")))
    if done:
        sign = numbered(1, INK, done=True, size_px=20)
        entries.append(LegendEntry(sign=sign, text=words("map.legend_done")))
    return tuple(entries)


def look_at(canvas: folium.Map, plan: Plan, shifts: AbstractSet[str]) -> None:
    """Let a map look at the rounds of some shifts: their stops and ways, and not far beyond."""
    routes = [route for route in plan.routes if route.shift in shifts]
    points = [(visit.stop.lon, visit.stop.lat) for route in routes for visit in route.stops]
    points += [point for route in routes for leg in route.legs for point in leg.line]
    if points:
        west, south, east, north = shapely.multipoints(points).bounds
        canvas.fit_bounds(
            [[south, west], [north, east]],
            padding_top_left=_UNDER_THE_MARKS_PX,
            padding_bottom_right=_OVER_THE_LEGEND_PX,
            max_zoom=_CLOSEST,
        )
