"""What a change of a plan is worked out on: the streets, with the closed ones taken away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from data.errors import ContractError
from data.messages import Message
from data.nouns import Leg, Shift
from data.vocabulary import PlaceKind, TravelMode
from geo.travel import Router, prepare
from patrol.limits import Limits
from patrol.problem import NO_WAY

__all__ = ["ReviseGround", "Travel", "travel_between"]

#: A base, or a place by the id of its stop: longitude and latitude.
Points = Mapping[str, tuple[float, float]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReviseGround:
    """The ground under a plan.

    Parameters
    ----------
    routers
        One for each way of moving that a shift of the plan uses.
    kinds
        What sort of place each is, by its id: rain means something else on a beach.
    """

    routers: Mapping[TravelMode, Router]
    kinds: Mapping[str, PlaceKind] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Travel:
    """Travel between bases and places: whole seconds, rounded up, for each way of moving.

    Parameters
    ----------
    row
        Row of each base or stop in the matrices.
    seconds
        By way of moving, shape (n, n); `NO_WAY` where there is none.
    known
        Ways that are drawn already, by way of moving and ends.
    limits
        What the rules of safety leave to each shift.
    """

    points: Points
    row: Mapping[str, int]
    modes: tuple[TravelMode, ...]
    seconds: tuple[NDArray[np.int64], ...]
    routers: Mapping[TravelMode, Router]
    known: Mapping[tuple[TravelMode, str, str], Leg]
    limits: Limits = field(default_factory=Limits)

    def arrives(self, shift: Shift, origin: str, destination: str, at: int) -> int:
        """Return when a shift is there that could set out at a second since 1970."""
        return self.limits.arrives(shift.id, at, self.between(shift.mode, origin, destination))

    def between(self, mode: TravelMode, origin: str, destination: str) -> int:
        """Return the seconds from one base or stop to another."""
        matrix = self.seconds[self.modes.index(mode)]
        return int(matrix[self.row[origin], self.row[destination]])

    def leg(self, mode: TravelMode, origin: str, destination: str) -> Leg:
        """Return the way from one base or stop to another, drawn only where it is a new one."""
        seconds = self.between(mode, origin, destination)
        before = self.known.get((mode, origin, destination))
        if before is not None and before.travel_s == seconds:
            return before
        path = self.routers[mode].path(self.points[origin], self.points[destination])
        return Leg(
            origin=origin,
            destination=destination,
            travel_s=float(seconds),
            distance_m=round(path.metres, 1),
            line=tuple((round(float(x), 6), round(float(y), 6)) for x, y in path.lonlat),
        )


def travel_between(
    points: Points,
    routers: Mapping[TravelMode, Router],
    closed: Sequence[tuple[str, str]],
    known: Mapping[tuple[TravelMode, str, str], Leg],
) -> Travel:
    """Return the travel between points on the streets that are open.

    Parameters
    ----------
    closed
        Ends of the roads that are closed.

    Raises
    ------
    ContractError
        If a road is named by an end that is not among the points.
    """
    if any(end not in points for pair in closed for end in pair):
        raise ContractError(Message("revise.unknown_place"))
    names = sorted(points)
    lonlat = np.array([points[name] for name in names]).reshape(-1, 2)
    modes = tuple(sorted(routers))
    opened = {mode: _without(routers[mode], mode, points, closed) for mode in modes}
    row = {name: i for i, name in enumerate(names)}
    seconds = []
    for mode in modes:
        found = opened[mode].matrix(lonlat).seconds
        whole = np.where(np.isfinite(found), np.ceil(found), NO_WAY).astype(np.int64)
        for one, other in closed:
            if not _streets_of(routers[mode], points, one, other):
                # Neighbours on one street: nothing but the way between them can be closed.
                whole[row[one], row[other]] = whole[row[other], row[one]] = NO_WAY
        seconds.append(whole)
    return Travel(
        points=points,
        row=row,
        modes=modes,
        seconds=tuple(seconds),
        routers=opened,
        known={} if closed else known,
    )


def _streets_of(router: Router, points: Points, one: str, other: str) -> set[int]:
    """Return the streets that the fastest ways between two points run along, there and back."""
    there = router.edges_between(points[one], points[other])
    return {*there, *router.edges_between(points[other], points[one])}


def _without(
    router: Router, mode: TravelMode, points: Points, closed: Sequence[tuple[str, str]]
) -> Router:
    """Return a router without the streets of the closed roads; places keep their own street."""
    gone = {edge for one, other in closed for edge in _streets_of(router, points, one, other)}
    if not gone:
        return router
    keep = np.ones(router.network.n_edges, dtype=bool)
    keep[sorted(gone)] = False
    return prepare(router.network.keep(keep), mode)
