"""The still part of a map, drawn from our own data: land, sea, borders, roads, names, marks.

No tile server is asked, no content network, nobody: Leaflet comes from the
folder that the app itself serves.

Notes
-----
What the map says of itself (invented data, illustrative streets, masked points,
the moment of its data) is drawn into the map, so that a picture of it says so too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import folium
import shapely
from branca.element import MacroElement
from folium.template import Template
from geopandas import GeoDataFrame
from shapely.geometry.base import BaseGeometry

from data.nouns import Area, Marks
from layers.drawing import cased, escaped, shapes
from layers.mark_box import MarkBox
from layers.marks import mark_lines
from layers.palette import BORDER, HAZE, LAND, MUTED, PAPER, ROAD, ROAD_CASING, SEA
from layers.words import Words

__all__ = ["LEAFLET", "GroundFrames", "OfflineMap", "base_map"]

#: Where Streamlit serves `static/leaflet`.
LEAFLET: Final = "/app/static/leaflet"
#: Longitude west of which there is only sea, and how far the picture goes, degrees.
_FAR_WEST: Final = 18.3
_MOST_NAMES: Final = 60
_TOWN: Final = 8000
_AROUND_DEG: Final = 0.35
_NEIGHBOUR_DEG: Final = 0.05
_ROAD_WIDTHS_PX: Final = {"motorway": 5.0, "trunk": 5.0, "primary": 4.0, "secondary": 3.5}
_STREET_PX: Final = 2.0
_MAIN_ROADS: Final = frozenset({"motorway", "trunk", "primary", "secondary", "tertiary"})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GroundFrames:
    """What a base map is drawn from.

    Parameters
    ----------
    area
        What the map looks at first.
    municipalities
        `code` and polygon.
    names
        The municipalities' names by code.
    coast
        Lines of the sea shore; the longest one is the mainland's.
    roads
        `road_class` and line: between towns.
    settlements
        `name`, `population`, `municipality`, point.
    streets
        `road_class` and line inside the area, if there are any.
    """

    area: Area
    municipalities: GeoDataFrame
    names: Mapping[str, str]
    coast: GeoDataFrame
    roads: GeoDataFrame
    settlements: GeoDataFrame
    streets: GeoDataFrame | None = None


class OfflineMap(folium.Map):
    """A Leaflet map that asks nobody: no tiles, no content network."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - folium's options are of any kind
        super().__init__(
            tiles=None,
            prefer_canvas=True,
            zoom_control=False,
            # Without tiles any zoom is sharp: an area fills its map.
            zoom_snap=0.25,
            attribution_control=False,
            **options,
        )
        self._name = "Map"
        self.default_js = [("leaflet", f"{LEAFLET}/leaflet.js")]
        self.default_css = [("leaflet_css", f"{LEAFLET}/leaflet.css")]


class _Furniture(MacroElement):
    """Where it looks, buttons in the reader's language, a scale; names do not overlap.

    With a `view`, where somebody was looking is kept in their tab under that
    name, so that a map mounted anew goes on there.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        (function (map) {
          map.getContainer().style.background = {{ this.haze|tojson }};
          L.control.zoom({
            position: "topleft",
            zoomInTitle: {{ this.zoom_in|tojson }},
            zoomOutTitle: {{ this.zoom_out|tojson }},
          }).addTo(map);
          L.control.scale({position: "bottomleft", imperial: false}).addTo(map);
          const tidy = function () {
            const taken = [];
            map.getContainer().querySelectorAll(".fener-name").forEach(function (name) {
              const r = name.firstChild.getBoundingClientRect();
              const hit = taken.some((t) => r.left < t.right && t.left < r.right
                && r.top < t.bottom && t.top < r.bottom);
              name.style.visibility = hit ? "hidden" : "visible";
              if (!hit) { taken.push(r); }
            });
          };
          let soon = setTimeout(tidy, 200);
          map.on("zoomend resize layeradd", function () {
            clearTimeout(soon);
            soon = setTimeout(tidy, 60);
          });
          const view = {{ this.view|tojson }};
          const kept = view && JSON.parse(sessionStorage.getItem(view) || "null");
          if (kept) { map.setView([kept[0], kept[1]], kept[2], {animate: false}); }
          else { map.fitBounds({{ this.bounds|tojson }}, {padding: [8, 8], animate: false}); }
          if (!view) { return; }
          map.on("moveend", function () {
            const c = map.getCenter();
            // A hidden map has no size, and looks nowhere.
            if (map.getSize().x) {
              sessionStorage.setItem(view, JSON.stringify([c.lat, c.lng, map.getZoom()]));
            }
          });
        })({{ this._parent.get_name() }});
        {% endmacro %}
        """
    )

    def __init__(self, words: Words, bounds: list[list[float]], view: str) -> None:
        super().__init__()
        self._name = "Furniture"
        self.haze = HAZE
        self.zoom_in, self.zoom_out = words("map.zoom_in"), words("map.zoom_out")
        self.bounds, self.view = bounds, view


def base_map(
    ground: GroundFrames, words: Words, marks: Marks, *, lasting: bool = False
) -> folium.Map:
    """Return the still part of a map, looking at the ground's area.

    A lasting one stays on the page while its data change: of when they are
    stands in a layer (`layers.mark_box.mark_group`), not in the still part, and
    a map mounted anew looks where the last one looked.
    """
    west, south, east, north = ground.area.boundary.bounds
    canvas = OfflineMap(location=[(south + north) / 2, (west + east) / 2], zoom_start=11)
    _areas(ground).add_to(canvas)
    a = _AROUND_DEG
    _roads(ground.roads, shapely.box(west - a, south - a, east + a, north + a)).add_to(canvas)
    if ground.streets is not None and len(ground.streets):
        for streets in _streets(ground.streets):
            streets.add_to(canvas)
    _borders(ground).add_to(canvas)
    _names(ground).add_to(canvas)
    view = f"fener.view.{ground.area.id}" if lasting else ""
    canvas.add_child(_Furniture(words, [[south, west], [north, east]], view))
    canvas.add_child(MarkBox(mark_lines(marks, words, dated=not lasting)))
    return canvas


def _areas(ground: GroundFrames) -> folium.GeoJson:
    """Return sea and land, the area itself a little lighter."""
    land = list(ground.municipalities.geometry)
    fill = {"stroke": False, "fill": True, "fillOpacity": 1.0}
    geometries: list[BaseGeometry] = [_sea(ground.coast), *land, ground.area.boundary]
    styles = [
        {**fill, "fillColor": SEA},
        *[{**fill, "fillColor": LAND, "stroke": True, "color": LAND, "weight": 1}] * len(land),
        {**fill, "fillColor": PAPER},
    ]
    return shapes(geometries, styles)


def _sea(coast: GeoDataFrame) -> BaseGeometry:
    """Return the water between the coast and the far west; beyond its ends nothing is claimed."""
    shore = max(coast.geometry, key=lambda line: line.length)
    points = [(x, y) for x, y in shapely.get_coordinates(shore)]
    return shapely.Polygon([*points, (_FAR_WEST, points[-1][1]), (_FAR_WEST, points[0][1])])


def _roads(roads: GeoDataFrame, around: BaseGeometry) -> MacroElement:
    near = roads[roads.geometry.intersects(around)]
    return _road(list(near.geometry), 4.5, 2.5)


def _streets(streets: GeoDataFrame) -> Iterator[MacroElement]:
    """Return the streets by class, small ones first, each white and cased."""
    for word in sorted(set(streets["road_class"]), key=lambda word: (word in _MAIN_ROADS, word)):
        width = _ROAD_WIDTHS_PX.get(word, 3.0 if word in _MAIN_ROADS else _STREET_PX)
        yield _road(list(streets.geometry[streets["road_class"] == word]), width, width - 1.0)


def _road(lines: list[BaseGeometry], width_px: float, inside_px: float) -> MacroElement:
    styles = [
        {"color": ROAD_CASING, "weight": width_px},
        {"color": ROAD, "weight": inside_px},
    ]
    return cased(lines, styles)


def _borders(ground: GroundFrames) -> folium.GeoJson:
    dotted = {"color": BORDER, "weight": 1.2, "dashArray": "2 4", "fill": False}
    strong = {"color": BORDER, "weight": 2.2, "fill": False}
    lines = [polygon.boundary for polygon in ground.municipalities.geometry]
    return shapes([*lines, ground.area.boundary.boundary], [*[dotted] * len(lines), strong])


def _names(ground: GroundFrames) -> folium.FeatureGroup:
    """Return the names of the largest places in sight, as text that nothing answers to."""
    group = folium.FeatureGroup(name="names", control=False)
    known, code = ground.settlements, ground.area.municipality
    inside = known[known["municipality"] == code] if code else known[known["population"] > _TOWN]
    largest = inside.sort_values(["population", "name"], ascending=[False, True])[:_MOST_NAMES]
    for n, (name, point) in enumerate(zip(largest["name"], largest.geometry, strict=True)):
        _label(str(name), point, large=n == 0 or not code).add_to(group)
    if code:
        others = ground.municipalities[ground.municipalities["code"] != code]
        near = others[shapely.dwithin(others.geometry, ground.area.boundary, _NEIGHBOUR_DEG)]
        for other, shape in zip(near["code"], near.geometry, strict=True):
            _label(ground.names.get(other, ""), shape.representative_point()).add_to(group)
    return group


def _label(name: str, point: BaseGeometry, *, large: bool = False) -> folium.Marker:
    size = 14 if large else 12
    halo = f"text-shadow:0 0 3px {PAPER},0 0 3px {PAPER},0 0 3px {PAPER}"
    text = (
        f'<span style="font:{size}px sans-serif;color:{MUTED};white-space:nowrap;'
        f'display:inline-block;transform:translate(-50%,-50%);{halo}">'
        f"{escaped(name)}</span>"
    )
    return folium.Marker(
        [round(point.y, 5), round(point.x, 5)],
        icon=folium.DivIcon(html=text, icon_size=(1, 1), class_name="fener-name"),
        interactive=False,
        keyboard=False,
    )
