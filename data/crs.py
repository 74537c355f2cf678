"""The two coordinate systems of the house, and the only place that changes between them.

EPSG:4326 at the edges (files, maps, GPX); EPSG:6870, Albania TM 2010, for every
metre inside. An area outside Albania takes its local UTM zone.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray
from pyproj import Transformer
from pyproj.aoi import AreaOfInterest
from pyproj.database import query_utm_crs_info
from shapely.geometry.base import BaseGeometry

from data.errors import CrsError
from data.messages import Message

__all__ = [
    "ALBANIA_BOX",
    "EDGE_CRS",
    "METRIC_CRS",
    "around",
    "metric_crs_at",
    "require_metric",
    "to_edge",
    "to_lonlat",
    "to_metres",
    "to_metric",
]

EDGE_CRS = "EPSG:4326"
METRIC_CRS = "EPSG:6870"
#: Degrees: west, south, east, north of Albania with a margin.
ALBANIA_BOX = (19.0, 39.5, 21.2, 42.8)


def metric_crs_at(lon: float, lat: float) -> str:
    """Return the code of the metric system for a point: Albania's own, else the local UTM zone."""
    west, south, east, north = ALBANIA_BOX
    if west <= lon <= east and south <= lat <= north:
        return METRIC_CRS
    found = query_utm_crs_info("WGS 84", AreaOfInterest(lon, lat, lon, lat))
    if not found:
        raise CrsError(Message("error.crs_outside"))
    return f"EPSG:{found[0].code}"


@lru_cache(maxsize=16)
def _transformer(source: str, target: str) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def to_metres(lonlat: NDArray[np.float64], crs: str = METRIC_CRS) -> NDArray[np.float64]:
    """Return easting and northing (n, 2) in metres of longitude and latitude (n, 2)."""
    points = np.asarray(lonlat, dtype=np.float64).reshape(-1, 2)
    x, y = _transformer(EDGE_CRS, crs).transform(points[:, 0], points[:, 1])
    return np.column_stack([x, y])


def to_lonlat(xy_m: NDArray[np.float64], crs: str = METRIC_CRS) -> NDArray[np.float64]:
    """Return longitude and latitude (n, 2) of easting and northing (n, 2) in metres."""
    points = np.asarray(xy_m, dtype=np.float64).reshape(-1, 2)
    lon, lat = _transformer(crs, EDGE_CRS).transform(points[:, 0], points[:, 1])
    return np.column_stack([lon, lat])


def around(geometry: BaseGeometry, margin_m: float, crs: str = METRIC_CRS) -> BaseGeometry:
    """Return a geometry in EPSG:4326 widened by a margin in metres."""
    metric = shapely.transform(geometry, lambda lonlat: to_metres(lonlat, crs))
    return shapely.transform(metric.buffer(margin_m), lambda xy_m: to_lonlat(xy_m, crs))


def to_metric(frame: GeoDataFrame, crs: str = METRIC_CRS) -> GeoDataFrame:
    """Return the frame in a metric system.

    Raises
    ------
    CrsError
        If the frame has no reference system.
    """
    if frame.crs is None:
        raise CrsError(Message("error.crs_missing"))
    return frame.to_crs(crs)


def to_edge(frame: GeoDataFrame) -> GeoDataFrame:
    """Return the frame in EPSG:4326, the system of files and maps."""
    if frame.crs is None:
        raise CrsError(Message("error.crs_missing"))
    return frame.to_crs(EDGE_CRS)


def require_metric(frame: GeoDataFrame) -> None:
    """Raise `CrsError` unless the frame's coordinates are metres."""
    if frame.crs is None or not frame.crs.is_projected:
        raise CrsError(Message("error.crs_not_metric"))
