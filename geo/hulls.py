"""The outlines of groups of places: along their streets where there are any."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from data.crs import to_lonlat, to_metres
from data.streetnet import StreetNetwork

__all__ = ["hulls"]

#: Metres: how far along a street a group reaches, and how wide its outline is drawn.
REACH_M = 180.0
WIDTH_M = 35.0
POINT_M = 60.0
#: Groups drawn at once: enough to be quick, few enough for a million cases to fit in memory.
_AT_ONCE = 1000

Shapes = NDArray[np.object_]


def hulls(
    xy_m: NDArray[np.float64], labels: NDArray[np.int64], streets: StreetNetwork | None, crs: str
) -> Shapes:
    """Return a polygon in EPSG:4326 around each group of points, shape (groups,).

    With streets it follows those within reach that lead to the points; without,
    or where they leave points apart, a concave hull joins the points.

    Parameters
    ----------
    xy_m
        Points, shape (n, 2), metres.
    labels
        The group of each, shape (n,), numbered from 0; -1 is of none.
    """
    inside = labels >= 0
    # Of points in another order a hull may begin, and so be smoothed, elsewhere.
    order = np.lexsort((xy_m[inside, 1], xy_m[inside, 0], labels[inside]))
    xy_m, group = xy_m[inside][order], labels[inside][order]
    tree = shapely.STRtree(_lines(streets, crs))
    firsts = np.arange(0, group[-1] + 1, _AT_ONCE)
    ends = np.searchsorted(group, firsts)[1:]
    made = [
        _outlines(own_m, own - first, tree)
        for own_m, own, first in zip(
            np.split(xy_m, ends), np.split(group, ends), firsts, strict=True
        )
    ]
    return shapely.transform(np.concatenate(made), lambda xy: to_lonlat(xy, crs))


def _lines(streets: StreetNetwork | None, crs: str) -> Shapes:
    """Return streets in metres, shape (edges,)."""
    if streets is None or not streets.n_edges:
        return np.empty(0, dtype=object)
    return shapely.transform(streets.lines(), lambda lonlat: to_metres(lonlat, crs))


def _outlines(
    xy_m: NDArray[np.float64], group: NDArray[np.int64], streets: shapely.STRtree
) -> Shapes:
    """Return the polygons in metres of groups from 0, whose points stand in their order."""
    points = shapely.multipoints(shapely.points(xy_m), indices=group)
    core, corridors = _discs(xy_m, group, POINT_M), _corridors(xy_m, group, streets)
    whole = shapely.union_all(np.column_stack([core, corridors]), axis=1)
    pieces, of = shapely.get_parts(whole, return_index=True)
    led_to = shapely.intersects(pieces, points[of])
    made = _joined(pieces[led_to], of[led_to], points)
    return shapely.simplify(shapely.polygons(shapely.get_exterior_ring(made)), 5.0)


def _joined(pieces: Shapes, of: NDArray[np.int64], points: Shapes) -> Shapes:
    """Return each group's pieces as one polygon, bridged where there are several."""
    made = np.empty(len(points), dtype=object)
    ends = np.cumsum(np.bincount(of, minlength=len(points)))
    for group, own in enumerate(np.split(pieces, ends[:-1])):
        made[group] = own[0]
        if len(own) > 1:
            bridge = shapely.concave_hull(points[group], ratio=0.4).buffer(POINT_M)
            made[group] = shapely.union_all([*own, bridge])
    return made


def _discs(xy_m: NDArray[np.float64], group: NDArray[np.int64], radius_m: float) -> Shapes:
    """Return the ground around each group's points, shape (groups,).

    One disc after the other is fifty times as fast as all at once.
    """
    corners = xy_m.round()  # many cases share a place
    order = np.lexsort((corners[:, 1], corners[:, 0], group))
    corners, group = corners[order], group[order]
    again = (corners[1:] == corners[:-1]).all(axis=1) & (group[1:] == group[:-1])
    first = np.concatenate([[True], ~again])
    ring = shapely.get_coordinates(shapely.Point(0, 0).buffer(radius_m, quad_segs=8))
    discs = shapely.polygons(corners[first][:, None, :] + ring)
    return _united(discs, group[first], int(group[-1]) + 1)


def _corridors(
    xy_m: NDArray[np.float64], group: NDArray[np.int64], streets: shapely.STRtree
) -> Shapes:
    """Return the ground along the streets around each group's points, shape (groups,)."""
    n_groups = int(group[-1]) + 1
    if not len(streets):
        return np.full(n_groups, shapely.Point(), dtype=object)
    reach = _discs(xy_m, group, REACH_M)
    of, street = streets.query(reach, predicate="intersects")
    order = np.lexsort((street, of))
    of, street = of[order], street[order]
    within = shapely.intersection(streets.geometries[street], reach[of])
    # One street after the other: all of a town's at once take forty times as long.
    return _united(shapely.buffer(within, WIDTH_M, quad_segs=4), of, n_groups)


def _united(shapes: Shapes, of: NDArray[np.int64], count: int) -> Shapes:
    """Return one shape of those of each group, empty where a group has none, shape (count,)."""
    gathered = np.full(count, shapely.GeometryCollection(), dtype=object)
    shapely.geometrycollections(shapes, indices=of, out=gathered)
    return np.asarray(shapely.union_all(gathered[:, None], axis=1))
