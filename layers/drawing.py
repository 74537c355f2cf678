"""How anything gets onto a map: one layer a thing, every text escaped.

A layer of canvas circles carries ten thousand points where one object of
folium's a point does not. Styles travel with the data, so that no rule runs in
the browser; what thousands share travels once.
"""

from __future__ import annotations

import html
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import folium
import numpy as np
import shapely
from branca.element import MacroElement
from folium.template import Template
from folium.utilities import JsCode
from numpy.typing import NDArray
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from data.messages import Message
from layers.words import Words

__all__ = [
    "LegendEntry",
    "cased",
    "circles",
    "escaped",
    "hatch",
    "said",
    "shapes",
    "symbols",
    "tip",
]

#: Five decimals of a degree are about a metre: finer is bytes without meaning.
_DECIMALS: Final = 5
#: Beside its sign a tooltip has half of the map: so wide and no wider, on a phone too.
_TIP_STYLE: Final = "white-space:normal;width:max-content;max-width:min(280px,42vw)"
#: Tooltip texts are HTML that `tip` escaped.
_TIP_HTML: Final = f"""(text) => '<div style="{_TIP_STYLE}">' + text + '</div>'"""
_BIND_TIP: Final = f"""
function (feature, layer) {{
  const text = feature.properties.tip, box = {_TIP_HTML};
  if (text) {{ layer.bindTooltip(box(text), {{sticky: true}}); }}
}}
"""
_SET_ICON: Final = f"""
function (feature, layer) {{
  const p = feature.properties, box = {_TIP_HTML};
  layer.setIcon(L.divIcon({{html: p.icon, className: "", iconSize: [p.size, p.size]}}));
  if (p.tip) {{ layer.bindTooltip(box(p.tip), {{direction: "auto"}}); }}
}}
"""
#: A name in braces would be read as a template, and no map would be drawn.
_BRACES: Final = str.maketrans({"{": "&#123;", "}": "&#125;"})

Style = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class LegendEntry:
    """One line of a legend: a sign of ours (SVG), and what it means."""

    sign: str
    text: str


class _Circles(MacroElement):
    """Points on canvas: a style and a tooltip that many share are there once."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        (function (map) {
          const styles = {{ this.styles }}, tips = {{ this.tips }}, box = {{ this.box }};
          const circles = L.featureGroup({{ this.points }}.map(function (p) {
            const circle = new L.CircleMarker([p[1], p[0]], styles[p[2]]);
            circle.tip = tips[p[3]];
            return circle;
          }));
          // One tooltip for all of them, which asks whoever is touched.
          circles.bindTooltip((circle) => box(circle.tip), {sticky: true});
          circles.addTo(map);
        })({{ this._parent.get_name() }});
        {% endmacro %}
        """
    )

    def __init__(self, points: list[list[float]], styles: list[Style], tips: list[str]) -> None:
        super().__init__()
        self._name = "Circles"
        self.points, self.styles, self.tips = (_script(part) for part in (points, styles, tips))
        self.box = _TIP_HTML


class _Cased(MacroElement):
    """Lines drawn twice, wide and then narrow, from coordinates that are there once."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        (function (map) {
          const lines = {{ this.lines }};
          {{ this.styles }}.forEach(function (style) {
            L.polyline(lines, Object.assign({interactive: false}, style)).addTo(map);
          });
        })({{ this._parent.get_name() }});
        {% endmacro %}
        """
    )

    def __init__(self, lines: list[Any], styles: Sequence[Style]) -> None:
        super().__init__()
        self._name = "Cased"
        self.lines, self.styles = _script(lines), _script(styles)


def _script(value: object) -> str:
    """Return a value as a script may hold it: nothing in it ends the script element."""
    return json.dumps(value, separators=(",", ":")).replace("<", "\\u003c")


def escaped(text: object) -> str:
    """Return a text in which HTML means nothing, nor what folium's templates are made of."""
    return html.escape(str(text), quote=True).translate(_BRACES)


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
) -> MacroElement:
    """Return points as one layer of circles on canvas; `radius` in a style is in pixels."""
    looks, look_of = _shared(styles)
    text_of = {text: n for n, text in enumerate(dict.fromkeys(tips))}
    rows = [
        [*lonlat, look, text_of[text]]
        for lonlat, look, text in zip(_lonlat(points).tolist(), look_of, tips, strict=True)
    ]
    return _Circles(rows, [{"fill": True, **look} for look in looks], list(text_of))


def _shared(styles: Sequence[Style]) -> tuple[list[Style], list[int]]:
    """Return the different styles, and which of them each one is."""
    looks: dict[str, int] = {}
    known: dict[int, int] = {}  # most are one and the same object, which need not be read again
    for style in styles:
        if id(style) not in known:
            known[id(style)] = looks.setdefault(json.dumps(style), len(looks))
    return [json.loads(look) for look in looks], [known[id(style)] for style in styles]


def cased(lines: Sequence[BaseGeometry], styles: Sequence[Style]) -> MacroElement:
    """Return lines without an answer to a touch, drawn once in each style, the widest first."""
    known = [
        line for line in shapely.get_parts(np.asarray(lines, dtype=object)) if len(line.coords)
    ]
    latlon = [shapely.get_coordinates(line)[:, ::-1].round(_DECIMALS).tolist() for line in known]
    return _Cased(latlon, styles)


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
    # Each line is cut by what it meets: all by all of it takes ten times as long.
    parts = shapely.get_parts(shape)
    part, line = shapely.STRtree(lines).query(parts, predicate="intersects")
    cut = shapely.get_parts(shapely.intersection(lines[line], parts[part]))
    return shapely.multilinestrings(cut[shapely.get_dimensions(cut) == 1])


def _lonlat(points: Sequence[BaseGeometry]) -> NDArray[np.float64]:
    return shapely.get_coordinates(np.asarray(points, dtype=object)).round(_DECIMALS)


def _points(points: Sequence[BaseGeometry]) -> list[dict[str, Any]]:
    return [{"type": "Point", "coordinates": pair} for pair in _lonlat(points).tolist()]


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


def _layer(features: list[dict[str, Any]], *, interactive: bool) -> folium.GeoJson:
    return folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        interactive=interactive,
        on_each_feature=JsCode(_BIND_TIP) if interactive else None,
    )
