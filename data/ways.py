"""Ways as they are drawn, cut where they meet into a street network."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod

from data.streetnet import ROAD_CLASSES, RoadClass, StreetNetwork

__all__ = ["Way", "network_of"]

_GEOD = Geod(ellps="WGS84")


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way of the map with its points, before it is cut at junctions."""

    road_class: RoadClass
    oneway: int
    foot: bool
    car: bool
    maxspeed_kph: int
    refs: tuple[int, ...]
    lonlat: tuple[tuple[float, float], ...]


def network_of(
    ways: list[Way], *, source: str, as_of: date | None, sha256: str, illustrative: bool = False
) -> StreetNetwork:
    """Return the network of ways, cut where they meet."""
    used = Counter(ref for way in ways for ref in way.refs)
    for way in ways:
        used.update((way.refs[0], way.refs[-1]))  # ends are junctions
    index: dict[int, int] = {}
    where: list[tuple[float, float]] = []
    rows: list[tuple[int, int, int, int, bool, bool, int]] = []
    shapes: list[NDArray[np.float64]] = []
    for way in ways:
        cuts = [i for i, ref in enumerate(way.refs) if used[ref] > 1]
        for start, end in pairwise(cuts):
            for at in (start, end):
                if way.refs[at] not in index:
                    index[way.refs[at]] = len(where)
                    where.append(way.lonlat[at])
            shape = np.array(way.lonlat[start : end + 1], dtype=np.float64)
            rows.append(
                (
                    index[way.refs[start]],
                    index[way.refs[end]],
                    ROAD_CLASSES.index(way.road_class),
                    way.oneway,
                    way.foot,
                    way.car,
                    way.maxspeed_kph,
                )
            )
            shapes.append(shape)
    columns = list(zip(*rows, strict=True)) or [()] * 7
    flat = np.concatenate(shapes) if shapes else np.empty((0, 2))
    starts = np.concatenate([[0], np.cumsum([len(s) for s in shapes])]).astype(np.int64)
    points = np.array(where, dtype=np.float64).reshape(-1, 2)
    return StreetNetwork(
        lon=points[:, 0].copy(),
        lat=points[:, 1].copy(),
        tail=np.array(columns[0], dtype=np.int64),
        head=np.array(columns[1], dtype=np.int64),
        length_m=_lengths(flat, starts),
        road_class=np.array(columns[2], dtype=np.uint8),
        oneway=np.array(columns[3], dtype=np.int8),
        foot=np.array(columns[4], dtype=np.bool_),
        car=np.array(columns[5], dtype=np.bool_),
        maxspeed_kph=np.array(columns[6], dtype=np.uint8),
        shape_start=starts,
        shape_lonlat=flat,
        illustrative=illustrative,
        source=source,
        as_of=as_of,
        sha256=sha256,
    )


def _lengths(flat: NDArray[np.float64], starts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the length of each shape, metres on the ellipsoid."""
    if len(flat) < 2:  # noqa: PLR2004 - a line has two ends
        return np.zeros(len(starts) - 1)
    _, _, steps = _GEOD.inv(flat[:-1, 0], flat[:-1, 1], flat[1:, 0], flat[1:, 1])
    steps = np.asarray(steps)
    steps[starts[1:-1] - 1] = 0.0  # from one shape's end to the next one's start
    total = np.concatenate([[0.0], np.cumsum(steps)])
    return total[starts[1:] - 1] - total[starts[:-1]]
