"""The outline of a group of places: along its streets where there are any."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from data.crs import to_lonlat, to_metres
from data.streetnet import StreetNetwork

__all__ = ["hull"]

#: Metres: how far along a street a group reaches, and how wide its outline is drawn.
REACH_M = 180.0
WIDTH_M = 35.0
POINT_M = 60.0


def hull(xy_m: NDArray[np.float64], streets: StreetNetwork | None, crs: str) -> BaseGeometry:
    """Return a polygon in EPSG:4326 around points, shape (n, 2), metres.

    With streets it follows those within reach of the points; without, or where
    they leave pieces apart, a concave hull joins the points.
    """
    points = shapely.multipoints(xy_m)
    core = points.buffer(POINT_M)
    shape = shapely.union_all([core, _corridor(points, streets, crs)])
    if shape.geom_type != "Polygon":
        bridge = shapely.concave_hull(points, ratio=0.4).buffer(POINT_M)
        shape = shapely.union_all([shape, bridge])
    if shape.geom_type != "Polygon":
        shape = shape.convex_hull
    smooth = shapely.simplify(shapely.Polygon(shape.exterior), 5.0)
    return shapely.transform(smooth, lambda xy: to_lonlat(xy, crs))


def _corridor(points: BaseGeometry, streets: StreetNetwork | None, crs: str) -> BaseGeometry:
    if streets is None or not streets.n_edges:
        return shapely.Point()
    reach = points.buffer(REACH_M)
    around = shapely.transform(reach, lambda xy: to_lonlat(xy, crs))
    near = streets.clip(around)
    if not near.n_edges:
        return shapely.Point()
    lines = shapely.transform(near.lines(), lambda lonlat: to_metres(lonlat, crs))
    return shapely.intersection(shapely.union_all(lines), reach).buffer(WIDTH_M)
