"""Two versions of a week beside each other: what each has that the other has not, and its price."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import zip_longest

from data.nouns import Plan, RouteStop, Shift
from patrol.plan_gaps import gaps

__all__ = ["Compared", "Figures", "Moved", "compare", "figures"]

_MINUTE_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a plan does, in numbers.

    Parameters
    ----------
    visits, places
        How many visits, and to how many places.
    at_places_min, on_the_way_min, km
        Minutes at places and on the way, and kilometres.
    worth
        Prizes of all visits, without a unit.
    covered
        Share of the places that could be visited which are, 0 to 1.
    longest_gap_d
        Longest time without a visit to one of these places until the week is over, days;
        `None` where nothing is known of earlier visits.
    """

    visits: int
    places: int
    at_places_min: float
    on_the_way_min: float
    km: float
    worth: float
    covered: float
    longest_gap_d: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A visit to a place of both plans at another time or by another team, or of one alone."""

    place: str
    before: tuple[Shift, RouteStop] | None
    after: tuple[Shift, RouteStop] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Two plans beside each other: names of places only in one, and visits that moved."""

    one: Figures
    other: Figures
    only_one: tuple[str, ...]
    only_other: tuple[str, ...]
    moved: tuple[Moved, ...]


def compare(one: Plan, other: Plan, last_visit: Mapping[str, datetime]) -> Compared:
    """Return two plans of a week beside each other.

    Parameters
    ----------
    last_visit
        When each place was last visited before the week, by its id.
    """
    visits, others = _visits(one), _visits(other)
    names = _names(one) | _names(other)
    return Compared(
        one=figures(one, last_visit),
        other=figures(other, last_visit),
        only_one=tuple(sorted(names[p] for p in visits.keys() - others.keys())),
        only_other=tuple(sorted(names[p] for p in others.keys() - visits.keys())),
        moved=tuple(
            Moved(place=names[place], before=before, after=after)
            for place in sorted(visits.keys() & others.keys(), key=lambda p: (names[p], p))
            for before, after in _differing(visits[place], others[place])
        ),
    )


def figures(plan: Plan, last_visit: Mapping[str, datetime]) -> Figures:
    """Return what a plan does, in numbers."""
    met = [one for route in plan.routes for one in route.stops]
    legs = [leg for route in plan.routes for leg in route.legs]
    places = {one.stop.place_id for one in met}
    could = places | {one.place_id for one in plan.left_out if one.candidate is not None}
    known = gaps([plan], could & last_visit.keys(), last_visit)
    return Figures(
        visits=len(met),
        places=len(places),
        at_places_min=sum(_seconds(one.arrive, one.leave) for one in met) / 60,
        on_the_way_min=sum(leg.travel_s for leg in legs) / 60,
        km=sum(leg.distance_m for leg in legs) / 1000,
        worth=sum(one.stop.prize for one in met),
        covered=len(places) / len(could) if could else 1.0,
        longest_gap_d=max((max(own) for own in known.values()), default=None),
    )


def _seconds(begin: datetime, end: datetime) -> float:
    return (end.astimezone(UTC) - begin.astimezone(UTC)).total_seconds()


def _visits(plan: Plan) -> dict[str, list[tuple[Shift, RouteStop]]]:
    """Return the visits to each place, by time."""
    shifts = {shift.id: shift for shift in plan.shifts}
    found: dict[str, list[tuple[Shift, RouteStop]]] = {}
    for route in plan.routes:
        for met in route.stops:
            found.setdefault(met.stop.place_id, []).append((shifts[route.shift], met))
    return {place: sorted(own, key=lambda v: v[1].arrive) for place, own in found.items()}


def _names(plan: Plan) -> dict[str, str]:
    return {met.stop.place_id: met.stop.name for route in plan.routes for met in route.stops}


def _differing(
    before: list[tuple[Shift, RouteStop]], after: list[tuple[Shift, RouteStop]]
) -> list[tuple[tuple[Shift, RouteStop] | None, tuple[Shift, RouteStop] | None]]:
    """Return pairs of visits to a place that are not by the same shift at the same minute.

    Visits by one shift belong together; of the others the first of each plan, and so on.
    """
    mine, theirs = {one[0].id: one for one in before}, {one[0].id: one for one in after}
    pairs = [(mine[shift], theirs[shift]) for shift in mine if shift in theirs]
    found: list[tuple[tuple[Shift, RouteStop] | None, tuple[Shift, RouteStop] | None]] = [
        (one, other)
        for one, other in pairs
        if abs(_seconds(one[1].arrive, other[1].arrive)) >= _MINUTE_S
    ]
    left = [one for shift, one in mine.items() if shift not in theirs]
    new = [one for shift, one in theirs.items() if shift not in mine]
    return [*found, *zip_longest(left, new)]
