"""Illustrative streets: plausible ones, laid by lot into real settlements, coast and roads.

They let a newcomer try the whole way before anybody brought a street file. They
are no map: the network says so, and whoever shows it or plans on it says so too.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, minimum_spanning_tree
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from data.crs import to_lonlat, to_metres
from data.nouns import Area
from data.streetnet import RoadClass, StreetNetwork
from data.ways import Way, network_of

__all__ = ["lay_streets"]

#: Metres between parallel streets, and how far a crossing lies off the grid.
_BLOCK_M = 150.0
_JITTER_M = 22.0
#: A settlement's streets reach this far: metres, and metres per root of an inhabitant.
_REACH_M, _REACH_PER_ROOT_M, _MOST_REACH_M = 220.0, 6.0, 4200.0
#: Every so many streets one is a main street.
_MAIN_EVERY = 4
_MISSING = 0.15
_ONEWAY = 0.12
_STEP_M = 300.0
_METRES = NDArray[np.float64]


@dataclass(slots=True, kw_only=True)
class _Sketch:
    """Crossings in metres and the streets between them, while they are being laid."""

    xy_m: list[tuple[float, float]] = field(default_factory=list)
    streets: list[tuple[int, int, RoadClass, int]] = field(default_factory=list)

    def add(self, points: _METRES) -> NDArray[np.int64]:
        """Add crossings; return their numbers."""
        first = len(self.xy_m)
        self.xy_m += [(float(x), float(y)) for x, y in points]
        return np.arange(first, len(self.xy_m))

    def chain(self, points: _METRES, road_class: RoadClass) -> None:
        """Add a street along points."""
        ids = self.add(points)
        self.streets += [(int(a), int(b), road_class, 0) for a, b in pairwise(ids)]


def lay_streets(
    area: Area, settlements: GeoDataFrame, roads: GeoDataFrame, coast: GeoDataFrame, *, seed: int
) -> StreetNetwork:
    """Return illustrative streets of an area, all of them connected.

    Parameters
    ----------
    settlements
        `name`, `population` and point of the area's populated places.
    roads
        `road_class` and line of inter-city roads, in and around the area.
    coast
        Lines of the shore, in and around the area.
    seed
        The same seed lays the same streets.
    """
    rng = np.random.default_rng(seed)
    crs = area.metric_crs
    ground = shapely.transform(area.boundary, lambda lonlat: to_metres(lonlat, crs))
    sketch = _Sketch()
    for row in settlements.sort_values("name").itertuples():
        centre = to_metres(np.array([[row.geometry.x, row.geometry.y]]), crs)[0]
        _town(sketch, centre, float(row.population), ground, rng)
    for name, line in zip(roads["road_class"], roads.geometry, strict=True):
        _along(sketch, line, ground, crs, RoadClass(name))
    for line in coast.geometry:
        _along(sketch, line, ground, crs, RoadClass.UNCLASSIFIED)
    if not sketch.xy_m:
        sketch.chain(_cross(ground), RoadClass.RESIDENTIAL)
    _join(sketch)
    return _network(sketch, crs)


def _town(
    sketch: _Sketch,
    centre: _METRES,
    people: float,
    ground: BaseGeometry,
    rng: np.random.Generator,
) -> None:
    """Lay a turned, uneven grid around a centre, without the sea and the neighbours."""
    reach = min(_REACH_M + _REACH_PER_ROOT_M * math.sqrt(max(people, 0.0)), _MOST_REACH_M)
    half = math.ceil(reach / _BLOCK_M)
    column, row = np.meshgrid(np.arange(-half, half + 1), np.arange(-half, half + 1))
    grid = np.column_stack([column.ravel(), row.ravel()])
    turn = rng.uniform(0, math.pi / 2)
    rotation = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    points = centre + grid * _BLOCK_M @ rotation.T + rng.normal(0, _JITTER_M, size=grid.shape)
    shapely.prepare(ground)
    stays = (np.hypot(*(points - centre).T) <= reach) & shapely.contains_xy(ground, points)
    if not stays.any():
        return
    number = np.full(len(points), -1)
    number[stays] = sketch.add(points[stays])
    table = number.reshape(column.shape)
    pairs = np.concatenate(
        [
            np.column_stack([table[:, :-1].ravel(), table[:, 1:].ravel()]),
            np.column_stack([table[:-1, :].ravel(), table[1:, :].ravel()]),
        ]
    )
    main = np.concatenate(
        [(row[:, :-1] % _MAIN_EVERY == 0).ravel(), (column[:-1, :] % _MAIN_EVERY == 0).ravel()]
    )
    both = (pairs >= 0).all(axis=1)
    _pave(sketch, pairs[both], main[both], rng)


def _pave(
    sketch: _Sketch, pairs: NDArray[np.int64], main: NDArray[np.bool_], rng: np.random.Generator
) -> None:
    """Add streets between neighbours; some are missing, never one that holds the town together."""
    if not len(pairs):
        return
    weights = rng.uniform(1.0, 2.0, size=len(pairs))
    n = len(sketch.xy_m)
    tree = minimum_spanning_tree(coo_array((weights, pairs.T), shape=(n, n))).tocoo()
    needed = set(zip(tree.row.tolist(), tree.col.tolist(), strict=True))
    lots = rng.random(size=(len(pairs), 2))
    for (a, b), is_main, (missing, oneway) in zip(pairs.tolist(), main, lots, strict=True):
        if is_main:
            sketch.streets.append((a, b, RoadClass.TERTIARY, 0))
        elif (a, b) in needed or missing > _MISSING:
            narrow = (a, b) not in needed and oneway < _ONEWAY
            sketch.streets.append((a, b, RoadClass.RESIDENTIAL, int(narrow)))


def _along(
    sketch: _Sketch, line: BaseGeometry, ground: BaseGeometry, crs: str, road_class: RoadClass
) -> None:
    """Lay a street along the part of a line on the area's ground, a crossing every few hundred."""
    metric = shapely.transform(line, lambda lonlat: to_metres(lonlat, crs))
    for part in shapely.get_parts(shapely.intersection(metric, ground.buffer(60.0))):
        if part.geom_type == "LineString" and part.length > _STEP_M / 2:
            steps = np.linspace(0.0, part.length, max(2, round(part.length / _STEP_M)))
            points = shapely.get_coordinates(shapely.line_interpolate_point(part, steps))
            sketch.chain(points, road_class)


def _cross(ground: BaseGeometry) -> _METRES:
    """Return a short street in the middle of an area that has nothing else."""
    middle = ground.representative_point()
    return np.array([[middle.x - _BLOCK_M, middle.y], [middle.x + _BLOCK_M, middle.y]])


def _join(sketch: _Sketch) -> None:
    """Connect what lies apart, each piece by the shortest way to another one."""
    points = np.array(sketch.xy_m)
    while True:
        ends = np.array([(a, b) for a, b, _, _ in sketch.streets], dtype=np.int64).reshape(-1, 2)
        links = coo_array((np.ones(len(ends)), ends.T), shape=(len(points),) * 2)
        n, label = connected_components(links, directed=False)
        if n == 1:
            return
        for piece in range(1, n):
            inside = np.flatnonzero(label == piece)
            others = np.flatnonzero(label != piece)
            gap, near = cKDTree(points[others]).query(points[inside])
            best = int(np.argmin(gap))
            link = (int(inside[best]), int(others[near[best]]), RoadClass.TERTIARY, 0)
            sketch.streets.append(link)


def _network(sketch: _Sketch, crs: str) -> StreetNetwork:
    lonlat = to_lonlat(np.array(sketch.xy_m), crs).round(6)
    ways = [
        Way(
            road_class=road_class,
            oneway=oneway,
            foot=road_class not in {RoadClass.MOTORWAY, RoadClass.TRUNK},
            car=True,
            maxspeed_kph=0,
            refs=(a, b),
            lonlat=((lonlat[a, 0], lonlat[a, 1]), (lonlat[b, 0], lonlat[b, 1])),
        )
        for a, b, road_class, oneway in sketch.streets
    ]
    digest = hashlib.sha256(lonlat.tobytes() + repr(sketch.streets).encode()).hexdigest()
    return network_of(ways, source="illustrative", as_of=None, sha256=digest, illustrative=True)
