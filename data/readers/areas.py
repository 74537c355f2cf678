"""A GeoJSON file with polygons as the area of a plan."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from shapely import make_valid
from shapely.errors import ShapelyError
from shapely.geometry import MultiPolygon, Polygon, shape
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from data.errors import ContractError, CrsError
from data.messages import Message
from data.names import visible
from data.nouns import Area
from data.readers.tables import fold, read_bytes

__all__ = ["read_area"]

_DEGREES_CRS: Final = ("CRS84", "4326")
_LONGEST_NAME: Final = 80


def read_area(path: Path | str) -> Area:
    """Return the area that the polygons of a GeoJSON file make together.

    Its name is the property `name` of the file's first feature, or the name of the file.

    Parameters
    ----------
    path
        A GeoJSON file: a polygon, a feature or a collection; longitude first, degrees.

    Raises
    ------
    ContractError
        If the file is no GeoJSON, or holds no polygon.
    CrsError
        If its coordinates are not degrees, or longitude and latitude are exchanged.
    """
    content = read_bytes(path)
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError) as fault:
        raise ContractError(Message("import.file.no_geojson")) from fault
    if not isinstance(found, dict):
        raise ContractError(Message("import.file.no_geojson"))
    system = str(found.get("crs") or "CRS84")
    if not any(known in system for known in _DEGREES_CRS):
        raise CrsError(Message("import.file.area_not_degrees"))
    boundary = _boundary(found)
    _check_degrees(boundary)
    properties = _properties(found)
    stem = Path(path).stem
    return Area(
        id=f"area-{fold(stem).replace(' ', '-') or 'file'}",
        name=_name(properties.get("name")) or _name(stem),
        boundary=boundary,
        coastal=properties.get("coastal") is True,
    )


def _boundary(found: Mapping[str, Any]) -> BaseGeometry:
    try:
        shapes = [make_valid(shape(geometry)) for geometry in _geometries(found)]
    except (ShapelyError, ValueError, TypeError, KeyError, AttributeError, IndexError) as fault:
        raise ContractError(Message("import.file.no_geojson")) from fault
    parts = [part for whole in shapes for part in _polygons(whole)]
    if not parts:
        raise ContractError(Message("import.file.no_polygon"))
    return unary_union(parts)


def _geometries(found: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if found.get("type") == "FeatureCollection":
        for feature in found["features"]:
            yield from _geometries(feature)
    elif found.get("type") == "Feature":
        if found["geometry"] is not None:
            yield found["geometry"]
    else:
        yield found


def _polygons(geometry: BaseGeometry) -> Iterator[Polygon]:
    if isinstance(geometry, Polygon):
        if not geometry.is_empty:
            yield geometry
    elif isinstance(geometry, MultiPolygon) or hasattr(geometry, "geoms"):
        for part in geometry.geoms:
            yield from _polygons(part)


def _properties(found: Mapping[str, Any]) -> Mapping[str, Any]:
    features = found.get("features") or [found]
    properties = features[0].get("properties")
    return properties if isinstance(properties, dict) else {}


def _name(found: object) -> str:
    """Return a name as it stands on a sheet: one line, and no longer than fits there."""
    return " ".join(visible(str(found or "")).split())[:_LONGEST_NAME]


def _check_degrees(boundary: BaseGeometry) -> None:
    west, south, east, north = boundary.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):  # noqa: PLR2004 - degrees
        raise CrsError(Message("import.file.area_not_degrees"))
    if west >= 39 and east <= 43 and south >= 19 and north <= 22:  # noqa: PLR2004 - Albania, exchanged
        raise CrsError(Message("import.file.area_swapped"))
