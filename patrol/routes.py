"""Stops into rounds: each day's shifts as one team orienteering problem, day after day.

What a second visit in the week is worth falls with each visit made, and a place
rests between two of them, so that presence spreads over places and days. Every
stop that no round reaches is handed back with the reason.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from data.messages import Message
from data.nouns import TIRANE, Base, LeftOut, Leg, Route, RouteStop, Shift, Stop, TimeWindow
from data.vocabulary import TravelMode
from geo.travel import Router
from patrol.orienteering import NO_WAY, Node, Problem, Round, Solution, Visit, solve

__all__ = ["RouteSettings", "Routes", "make_routes"]

logger = logging.getLogger(__name__)

#: Prizes are whole points up to this many.
_POINTS = 200
_HOUR_S = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteSettings:
    """How rounds are made.

    Parameters
    ----------
    iterations
        Budget of the search a day, of a hundred ruins each (about a second in all); the same
        budget and seed give the same rounds.
    safety_stop_s
        Processor seconds after which a day's search is stopped whatever it has found.
    rest_days
        Days between two visits to a place.
    repeat_factor
        What another visit in the week is worth, as a share of the one before.
    break_after_h, break_min
        A shift longer than this keeps so many minutes free for a break.
    """

    iterations: int = 700
    safety_stop_s: float = 20.0
    rest_days: int = 2
    repeat_factor: float = 0.4
    break_after_h: float = 6.0
    break_min: int = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Routes:
    """The rounds of a week, the stops without one, and whether the clock cut a search short."""

    routes: tuple[Route, ...]
    left_out: tuple[LeftOut, ...]
    cut_by_time: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Ways:
    """Travel between bases and stops: whole seconds, rounded up, for each way of moving."""

    row: Mapping[str, int]
    modes: tuple[TravelMode, ...]
    seconds: tuple[NDArray[np.int64], ...]

    def between(self, mode: TravelMode, origin: str, destination: str) -> int:
        """Return the seconds from one base or stop to another."""
        matrix = self.seconds[self.modes.index(mode)]
        return int(matrix[self.row[origin], self.row[destination]])


def make_routes(  # noqa: PLR0913 - the week's work, who goes, and the streets
    stops: Sequence[Stop],
    visits_wanted: Mapping[str, int],
    shifts: Sequence[Shift],
    bases: Sequence[Base],
    routers: Mapping[TravelMode, Router],
    *,
    settings: RouteSettings,
    seed: int,
    progress: Callable[[float], None] | None = None,
) -> Routes:
    """Return the rounds of a week's shifts.

    Parameters
    ----------
    visits_wanted
        Visits a week at most, by stop id; one where a stop is not named.
    routers
        A router for each way of moving that a shift uses.
    progress
        Told after each day which share of the days is done.
    """
    stops = sorted(stops, key=lambda stop: stop.id)
    ways = _travel(stops, bases, routers)
    made: list[Route] = []
    visited: dict[str, list[date]] = {}
    cut = False
    days = sorted({shift.start.astimezone(TIRANE).date() for shift in shifts})
    for number, day in enumerate(days):
        own = sorted((s for s in shifts if s.start.date() == day), key=lambda s: (s.start, s.id))
        due = _due(stops, visits_wanted, visited, day, settings)
        problem = _problem(due, own, ways, settings)
        solution = solve(
            problem,
            iterations=settings.iterations,
            seconds=settings.safety_stop_s,
            seed=(seed + number) % 2**32,
        )
        cut = cut or solution.cut_by_time
        for route in _routes(due, own, ways, solution, settings):
            made.append(_with_legs(route, own, ways, bases, routers))
            for met in route.stops:
                visited.setdefault(met.stop.id, []).append(day)
        if progress is not None:
            progress((number + 1) / len(days))
    without = [stop for stop in stops if stop.id not in visited]
    logger.info("routes: %d rounds, %d stops without one", len(made), len(without))
    left_out = tuple(_left_out(stop, shifts, ways, settings) for stop in without)
    return Routes(routes=tuple(made), left_out=left_out, cut_by_time=cut)


def _travel(
    stops: Sequence[Stop], bases: Sequence[Base], routers: Mapping[TravelMode, Router]
) -> _Ways:
    spots = [(b.id, b.lon, b.lat) for b in sorted(bases, key=lambda b: b.id)]
    spots += [(s.id, s.lon, s.lat) for s in stops]
    lonlat = np.array([(lon, lat) for _, lon, lat in spots]).reshape(-1, 2)
    modes = tuple(sorted(routers))
    seconds = []
    for mode in modes:
        found = routers[mode].matrix(lonlat).seconds
        seconds.append(np.where(np.isfinite(found), np.ceil(found), NO_WAY).astype(np.int64))
    return _Ways(
        row={name: i for i, (name, _, _) in enumerate(spots)}, modes=modes, seconds=tuple(seconds)
    )


def _due(
    stops: Sequence[Stop],
    wanted: Mapping[str, int],
    visited: Mapping[str, list[date]],
    day: date,
    settings: RouteSettings,
) -> list[Stop]:
    """Return the stops that may be visited on a day, worth less after each visit."""
    due = []
    for stop in stops:
        before = visited.get(stop.id, [])
        rested = not before or (day - before[-1]).days >= settings.rest_days
        if rested and len(before) < wanted.get(stop.id, 1):
            worth = stop.prize * settings.repeat_factor ** len(before)
            due.append(replace(stop, prize=worth, must=stop.must and not before))
    return due


def _seconds(moment: datetime) -> int:
    return math.floor(moment.astimezone(UTC).timestamp())


def _closes(shift: Shift, settings: RouteSettings) -> datetime:
    """Return when the work of a shift has to be over if its break is still to be taken."""
    hours = (_seconds(shift.end) - _seconds(shift.start)) / _HOUR_S
    pause = settings.break_min if hours > settings.break_after_h else 0
    return shift.end - timedelta(minutes=pause)


def _problem(
    due: Sequence[Stop], shifts: Sequence[Shift], ways: _Ways, settings: RouteSettings
) -> Problem:
    most = max((stop.prize for stop in due), default=0.0) or 1.0
    opens = min((_seconds(shift.start) for shift in shifts), default=0)
    closes = max((_seconds(shift.end) for shift in shifts), default=0)
    nodes = tuple(
        Node(
            location=ways.row[stop.id],
            service=round(stop.service_min * 60),
            windows=tuple(
                (max(_seconds(w.opens) - opens, 0), _seconds(w.closes) - opens)
                for w in stop.windows
                if _seconds(w.closes) >= opens and _seconds(w.opens) <= closes
            ),
            prize=max(1, round(_POINTS * stop.prize / most)),
            required=stop.must,
        )
        for stop in due
    )
    rounds = tuple(
        Round(
            start=ways.row[shift.base],
            end=ways.row[shift.base],
            opens=_seconds(shift.start) - opens,
            closes=_seconds(_closes(shift, settings)) - opens,
            matrix=ways.modes.index(shift.mode),
        )
        for shift in shifts
    )
    return Problem(travel=ways.seconds, nodes=nodes, rounds=rounds)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bare:
    """A round before its ways are drawn."""

    shift: str
    stops: tuple[RouteStop, ...]


def _routes(
    due: Sequence[Stop],
    shifts: Sequence[Shift],
    ways: _Ways,
    solution: Solution,
    settings: RouteSettings,
) -> list[_Bare]:
    """Return the rounds as moments of the clock; a shift without a stop has none."""
    opens = min((shift.start for shift in shifts), default=datetime.now(TIRANE))
    made = []
    for shift, visits in zip(shifts, solution.routes, strict=True):
        met = [_met(due[visit.node], visit, opens) for visit in visits]
        if _closes(shift, settings) < shift.end:
            met = _with_break(met, shift, ways, timedelta(minutes=settings.break_min))
        if met:
            made.append(_Bare(shift=shift.id, stops=tuple(met)))
    return made


def _later(moment: datetime, span: timedelta) -> datetime:
    """Return the local time a true span later, also in the nights when the clock changes."""
    return (moment.astimezone(UTC) + span).astimezone(TIRANE)


def _met(stop: Stop, visit: Visit, opens: datetime) -> RouteStop:
    arrive = _later(opens, timedelta(seconds=visit.begins))
    window = next(w for w in stop.windows if w.opens <= arrive <= w.closes)
    leave = _later(arrive, timedelta(minutes=stop.service_min))
    return RouteStop(stop=stop, arrive=arrive, leave=leave, window=window)


def _with_break(
    met: list[RouteStop], shift: Shift, ways: _Ways, pause: timedelta
) -> list[RouteStop]:
    """Move what comes after the break; it is taken as near the middle as the windows allow."""
    middle = shift.start + (shift.end - shift.start) / 2
    for first in sorted(range(1, len(met)), key=lambda i: (abs(met[i].arrive - middle), i)):
        moved = met[:first]
        for one in met[first:]:
            earliest = _earliest(moved[-1], one, shift.mode, ways)
            if len(moved) == first:
                earliest = _later(earliest, pause)
            arrive = max(one.arrive, earliest)
            leave = _later(arrive, timedelta(minutes=one.stop.service_min))
            moved.append(replace(one, arrive=arrive, leave=leave))
        home = ways.between(shift.mode, moved[-1].stop.id, shift.base)
        if _later(moved[-1].leave, timedelta(seconds=home)) <= shift.end and all(
            one.arrive <= one.window.closes for one in moved
        ):
            return moved
    return met


def _earliest(before: RouteStop, after: RouteStop, mode: TravelMode, ways: _Ways) -> datetime:
    travel = ways.between(mode, before.stop.id, after.stop.id)
    return _later(before.leave, timedelta(seconds=travel))


def _with_legs(
    bare: _Bare,
    shifts: Sequence[Shift],
    ways: _Ways,
    bases: Sequence[Base],
    routers: Mapping[TravelMode, Router],
) -> Route:
    """Draw the ways from the base over the stops and back."""
    shift = next(s for s in shifts if s.id == bare.shift)
    base = next(b for b in bases if b.id == shift.base)
    points = [(base.id, base.lon, base.lat)]
    points += [(s.stop.id, s.stop.lon, s.stop.lat) for s in bare.stops]
    points += [(base.id, base.lon, base.lat)]
    legs = []
    for (origin, *a), (destination, *b) in pairwise(points):
        path = routers[shift.mode].path((a[0], a[1]), (b[0], b[1]))
        legs.append(
            Leg(
                origin=origin,
                destination=destination,
                travel_s=float(ways.between(shift.mode, origin, destination)),
                distance_m=round(path.metres, 1),
                line=tuple((round(float(x), 6), round(float(y), 6)) for x, y in path.lonlat),
            )
        )
    return Route(shift=bare.shift, stops=bare.stops, legs=tuple(legs))


def _left_out(stop: Stop, shifts: Sequence[Shift], ways: _Ways, settings: RouteSettings) -> LeftOut:
    return LeftOut(
        stop=stop.id,
        place_id=stop.place_id,
        name=stop.name,
        reason=_why(stop, shifts, ways, settings),
    )


def _why(stop: Stop, shifts: Sequence[Shift], ways: _Ways, settings: RouteSettings) -> Message:
    """Return the first rule that keeps a stop out of every round."""
    if not shifts:
        return Message("left_out.no_shift")
    there = [(shift, ways.between(shift.mode, shift.base, stop.id)) for shift in shifts]
    reached = [
        (shift, seconds)
        for shift, seconds in there
        if max(seconds, ways.between(shift.mode, stop.id, shift.base)) < NO_WAY
    ]
    if not reached:
        return Message("left_out.no_way")
    inside = [
        (shift, seconds, window)
        for shift, seconds in reached
        for window in stop.windows
        if window.opens < _closes(shift, settings) and window.closes > shift.start
    ]
    if not inside:
        return Message("left_out.no_shift_in_hours")
    if not any(_fits(stop, shift, s, w, ways, settings) for shift, s, w in inside):
        nearest_s = min(seconds for _, seconds, _ in inside)
        return Message("left_out.too_far", {"minutes": math.ceil(nearest_s / 60)})
    if stop.must:
        return Message("left_out.must_no_room")
    return Message("left_out.others_first")


def _fits(  # noqa: PLR0913, PLR0917 - a stop, a shift and the time between them
    stop: Stop,
    shift: Shift,
    there_s: int,
    window: TimeWindow,
    ways: _Ways,
    settings: RouteSettings,
) -> bool:
    begin = max(_seconds(shift.start) + there_s, _seconds(window.opens))
    back = ways.between(shift.mode, stop.id, shift.base)
    done = begin + round(stop.service_min * 60) + back
    return begin <= _seconds(window.closes) and done <= _seconds(_closes(shift, settings))
