"""How long it takes from place to place: whole seconds for each way of moving."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from data.nouns import TIRANE, Base, Stop
from data.vocabulary import TravelMode
from geo.travel import Router
from patrol.problem import NO_WAY

__all__ = ["Ways", "later", "measure_ways", "seconds"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ways:
    """Travel between bases and places: whole seconds, rounded up, for each way of moving.

    Parameters
    ----------
    row
        The row of each base and stop, by id; a stop of several weeks has one.
    matrices
        Arrays of shape (rows, rows), in the order of `modes`.
    """

    row: Mapping[str, int]
    modes: tuple[TravelMode, ...]
    matrices: tuple[NDArray[np.int64], ...]

    def between(self, mode: TravelMode, origin: str, destination: str) -> int:
        """Return the seconds from one base or stop to another; `NO_WAY` where there is none."""
        matrix = self.matrices[self.modes.index(mode)]
        return int(matrix[self.row[origin], self.row[destination]])


def measure_ways(
    stops: Iterable[Stop], bases: Iterable[Base], routers: Mapping[TravelMode, Router]
) -> Ways:
    """Return the ways between all bases and stops; a stop may be named more than once."""
    spots = sorted({(b.id, b.lon, b.lat) for b in bases})
    spots += sorted({(s.id, s.lon, s.lat) for s in stops})
    lonlat = np.array([(lon, lat) for _, lon, lat in spots]).reshape(-1, 2)
    modes = tuple(sorted(routers))
    matrices = []
    for mode in modes:
        found = routers[mode].matrix(lonlat).seconds
        matrices.append(np.where(np.isfinite(found), np.ceil(found), NO_WAY).astype(np.int64))
    return Ways(
        row={name: i for i, (name, _, _) in enumerate(spots)},
        modes=modes,
        matrices=tuple(matrices),
    )


def seconds(moment: datetime) -> int:
    """Return a moment as whole seconds, true ones also in the nights when the clock changes."""
    return math.floor(moment.astimezone(UTC).timestamp())


def later(moment: datetime, span: timedelta) -> datetime:
    """Return the local time a true span later, also in the nights when the clock changes."""
    return (moment.astimezone(UTC) + span).astimezone(TIRANE)
