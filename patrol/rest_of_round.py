"""The rest of a round planned again: a child was met, and not everything fits any more.

What has to be visited comes first, then what is worth most. Without a router a
team goes on in the order of its round: the way to a later stop leads past those
given up, which is never shorter than the way there is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import accumulate

import numpy as np

from data.messages import Message
from data.nouns import LeftOut, Route, RouteStop, Shift
from patrol.limits import Limits, whole
from patrol.orienteering_rules import Timed, filled, timed
from patrol.problem import NO_WAY, Node, Pause, Problem, Round, held
from patrol.ways import later, seconds

__all__ = ["Rest", "Travel", "plan_rest"]

#: Seconds from one stop or base to another, by id; infinite where there is no way.
Travel = Callable[[str, str], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """What a team still meets and when, and what it gives up and why."""

    stops: tuple[RouteStop, ...]
    dropped: tuple[LeftOut, ...]


def plan_rest(  # noqa: PLR0913 - a round, and where its team stands
    route: Route,
    shift: Shift,
    *,
    here: str,
    now: datetime,
    done: Collection[str],
    travel: Travel | None = None,
    limits: Limits | None = None,
) -> Rest:
    """Return the rest of a round.

    Parameters
    ----------
    here
        Id of the stop or base the team is at and leaves now.
    done
        Ids of the stops that need no visit any more.
    travel
        Between all of them; without it the order stays.
    limits
        What the rules of safety that the plan was made by leave to its shifts.
    """
    limits, begin, travel = limits or Limits(), (here, now), travel or _along(route)
    unheld = [replace(met, stop=whole(met.stop)) for met in route.stops if met.stop.id not in done]
    left = [replace(met, stop=limits.held(met.stop, shift.id)) for met in unheld]
    free = _problem(route, shift, begin, unheld, travel)
    problem = _problem(route, shift, begin, left, travel)
    (trip,) = problem.rounds
    problem = replace(problem, rounds=(held(trip, limits.spans(shift.id)),))
    kept = list(range(len(left)))
    plan = timed(problem, 0, kept)
    if plan is None:  # as planned it does not fit
        (kept,) = filled(problem, [[]], kept)
        plan = timed(problem, 0, kept)
    stops = () if plan is None else _stops(left, plan)
    return Rest(
        stops=stops,
        dropped=tuple(
            LeftOut(
                stop=met.stop.id,
                place_id=met.stop.place_id,
                name=met.stop.name,
                reason=limits.why(met.stop, shift.id)
                if timed(problem, 0, [i]) is None and timed(free, 0, [i]) is not None
                else _why(problem, i),
            )
            for i, met in enumerate(left)
            if i not in kept
        ),
    )


def _problem(
    route: Route,
    shift: Shift,
    begin: tuple[str, datetime],
    left: list[RouteStop],
    travel: Travel,
) -> Problem:
    here, now = begin
    spots = [here, *(met.stop.id for met in left), route.legs[-1].destination]
    ways = np.array([[0.0 if a == b else travel(a, b) for b in spots] for a in spots])
    # Moments are counted in seconds since 1970.
    matrix = np.where(np.isfinite(ways), np.ceil(ways), NO_WAY).astype(np.int64)
    nodes = tuple(
        Node(
            location=i + 1,
            service=round(60 * met.stop.service_min),
            windows=tuple((seconds(w.opens), seconds(w.closes)) for w in met.stop.windows),
            # Whole numbers in the order of the prizes.
            prize=1 + sum(other.stop.prize < met.stop.prize for other in left),
            required=met.stop.must,
            urgency=met.stop.urgency,
        )
        for i, met in enumerate(left)
    )
    trip = Round(
        start=0,
        end=len(spots) - 1,
        opens=seconds(now),
        closes=seconds(shift.end),
        pause=_pause(route, shift, now),
    )
    return Problem(travel=(matrix,), nodes=nodes, rounds=(trip,))


def _pause(route: Route, shift: Shift, now: datetime) -> Pause | None:
    """Return the break that is still to come: as planned, or later."""
    if route.pause is None or route.pause.closes <= now:
        return None
    ticks = seconds(route.pause.closes) - seconds(route.pause.opens)
    return Pause(ticks=ticks, opens=seconds(route.pause.opens), closes=seconds(shift.end) - ticks)


def _along(route: Route) -> Travel:
    """Return travel along a route's own ways, forward only; the base is both its ends."""
    names = [route.legs[0].origin, *(leg.destination for leg in route.legs)]
    gone = list(accumulate((leg.travel_s for leg in route.legs), initial=0.0))
    first = {name: k for k, name in reversed(list(enumerate(names)))}
    last = {name: k for k, name in enumerate(names)}

    def travel(origin: str, destination: str) -> float:
        way = gone[last[destination]] - gone[first[origin]]
        return way if last[destination] > first[origin] else float("inf")

    return travel


def _stops(left: list[RouteStop], plan: Timed) -> tuple[RouteStop, ...]:
    found = []
    for visit in plan.visits:
        met = left[visit.node]
        # In the zone of the plan, whatever that of this machine is.
        arrive = later(met.arrive, timedelta(seconds=visit.begins - seconds(met.arrive)))
        found.append(
            RouteStop(
                stop=met.stop,
                arrive=arrive,
                leave=later(arrive, timedelta(minutes=met.stop.service_min)),
                window=next(w for w in met.stop.windows if w.opens <= arrive <= w.closes),
            )
        )
    return tuple(found)


def _why(problem: Problem, stop: int) -> Message:
    if timed(problem, 0, [stop]) is None:
        return Message("left_out.rest_too_late")
    return Message("left_out.rest_no_time")
