"""How anything gets onto a map: one GeoJSON layer a thing, every text escaped.

A layer of canvas circles carries ten thousand points where one object a point
does not. Styles travel in the features, so that no rule runs in the browser.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import folium
import numpy as np
import shapely
from folium.utilities import JsCode
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from data.messages import Message
from layers.words import Words

__all__ = ["LegendEntry", "circles", "escaped", "hatch", "said", "shapes", "symbols", "tip"]

#: Five decimals of a degree are about a metre: finer is bytes without meaning.
_DECIMALS: Final = 5
#: Tooltip texts are HTML that `tip` escaped.
_BIND_TIP: Final = """
function (feature, layer) {
  if (feature.properties.tip) { layer.bindTooltip(feature.properties.tip, {sticky: true}); }
}
"""
_SET_ICON: Final = """
function (feature, layer) {
  const p = feature.properties;
  layer.setIcon(L.divIcon({html: p.icon, className: "", iconSize: [p.size, p.size]}));
  if (p.tip) { layer.bindTooltip(p.tip, {direction: "top"}); }
}
"""

Style = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class LegendEntry:
    """One line of a legend: a sign of ours (SVG), and what it means."""

    sign: str
    text: str


def escaped(text: object) -> str:
    """Return a text in which HTML means nothing."""
    return html.escape(str(text), quote=True)


def said(value: object, words: Words) -> str:
    """Return a message as a sentence; anything else has none."""
    return words.message(value) if isinstance(value, Message) else ""


def tip(*lines: object) -> str:
    """Return a tooltip of lines, the first one strong; every line is escaped here."""
    kept = [escaped(line) for line in lines if str(line)]
    if not kept:
        return ""
    return "<br>".join([f"<b>{kept[0]}</b>", *kept[1:]])


def shapes(
    geometries: Sequence[BaseGeometry],
    styles: Sequence[Style],
    tips: Sequence[str] | None = None,
) -> folium.GeoJson:
    """Return lines and polygons as one layer; without tips nothing answers to a touch."""
    rounded = [_rounded(geometry) for geometry in geometries]
    features = _features([mapping(g) for g in rounded], styles, tips)
    return _layer(features, interactive=tips is not None)


def circles(
    points: Sequence[BaseGeometry], styles: Sequence[Style], tips: Sequence[str]
) -> folium.GeoJson:
    """Return points as one layer of circles on canvas; `radius` in a style is in pixels."""
    features = _features(_points(points), styles, tips)
    return _layer(features, interactive=True, marker=folium.CircleMarker(fill=True))


def symbols(
    points: Sequence[BaseGeometry], icons: Sequence[str], tips: Sequence[str], *, size_px: int
) -> folium.GeoJson:
    """Return points as signs of ours; for hundreds, not for thousands."""
    features = [
        {
            "type": "Feature",
            "geometry": geometry,
            "properties": {"icon": icon, "tip": text, "size": size_px},
        }
        for geometry, icon, text in zip(_points(points), icons, tips, strict=True)
    ]
    return folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        marker=folium.Marker(icon=folium.DivIcon(html="")),
        on_each_feature=JsCode(_SET_ICON),
    )


def hatch(shape: BaseGeometry, spacing_deg: float) -> BaseGeometry:
    """Return diagonal lines inside a shape: a canvas has no patterns of its own."""
    west, south, east, north = shape.bounds
    height = north - south
    # Multiples of the spacing from a common origin: neighbours' lines meet.
    first = np.floor((west - height - south) / spacing_deg) * spacing_deg + south
    starts = np.arange(first, east + spacing_deg, spacing_deg)
    ends = np.column_stack([starts, np.full_like(starts, south)])
    tops = ends + height
    lines = shapely.linestrings(np.stack([ends, tops], axis=1))
    return shapely.intersection(shapely.multilinestrings(lines), shape)


def _points(points: Sequence[BaseGeometry]) -> list[dict[str, Any]]:
    lonlat = shapely.get_coordinates(np.asarray(points, dtype=object)).round(_DECIMALS)
    return [{"type": "Point", "coordinates": pair} for pair in lonlat.tolist()]


def _rounded(geometry: BaseGeometry) -> BaseGeometry:
    return shapely.transform(geometry, lambda lonlat: lonlat.round(_DECIMALS))


def _features(
    geometries: Sequence[Any], styles: Sequence[Style], tips: Sequence[str] | None
) -> list[dict[str, Any]]:
    texts = tips if tips is not None else [""] * len(geometries)
    return [
        {
            "type": "Feature",
            "geometry": geometry,
            "properties": {"style": style, "tip": text} if text else {"style": style},
        }
        for geometry, style, text in zip(geometries, styles, texts, strict=True)
    ]


def _layer(
    features: list[dict[str, Any]], *, interactive: bool, marker: folium.CircleMarker | None = None
) -> folium.GeoJson:
    return folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        marker=marker,
        interactive=interactive,
        on_each_feature=JsCode(_BIND_TIP) if interactive else None,
    )
