"""Mines, quarries, landfills: hatched, with what is open, fenced, guarded, and danger zones."""

from __future__ import annotations

import folium
import pandas as pd
from branca.element import MacroElement
from geopandas import GeoDataFrame

from data.vocabulary import SegmentStatus
from layers.drawing import LegendEntry, circles, hatch, shapes, tip
from layers.glyphs import dot, hatched, stroke
from layers.palette import DANGER, INK, MUTED, PAPER, SEGMENT_LINES
from layers.words import Words

__all__ = ["layer", "legend"]

_HATCH_DEG = 0.0012
_CROSSING_PX = 6.0


def layer(
    perimeters: GeoDataFrame,
    segments: GeoDataFrame,
    words: Words,
    *,
    zones: GeoDataFrame | None = None,
    crossings: GeoDataFrame | None = None,
) -> folium.FeatureGroup:
    """Return perimeters with their segments; danger zones and entries where they are given.

    A column `near` names the homes and schools close to each, where that is known.
    """
    group = folium.FeatureGroup(name="perimeters")
    if perimeters.empty:
        return group
    if zones is not None and len(zones):
        dashed = {"color": DANGER, "weight": 1.5, "dashArray": "2 5", "fillColor": DANGER}
        styles = [{**dashed, "fill": True, "fillOpacity": 0.06}] * len(zones)
        shapes(list(zones.geometry), styles).add_to(group)
    area = {"color": MUTED, "weight": 1.0, "fill": True, "fillColor": MUTED, "fillOpacity": 0.12}
    near = perimeters.get("near", pd.Series("", index=perimeters.index))
    tips = [
        tip(
            name,
            words(f"word.perimeter.{kind}"),
            words("map.perimeter_approximate") if approximate else "",
            words("map.perimeter_danger", metres=round(float(danger_m))),
            words("map.perimeter_near", names=beside) if beside else "",
        )
        for name, kind, approximate, danger_m, beside in zip(
            perimeters["name"],
            perimeters["kind"],
            perimeters["approximate"],
            perimeters["danger_m"],
            near,
            strict=True,
        )
    ]
    lines = [hatch(shape, _HATCH_DEG) for shape in perimeters.geometry]
    shapes(lines, [{"color": MUTED, "weight": 1.0}] * len(lines)).add_to(group)
    shapes(list(perimeters.geometry), [area] * len(perimeters), tips).add_to(group)
    _segments(segments, words).add_to(group)
    if crossings is not None and len(crossings):
        _crossings(crossings, words).add_to(group)
    return group


def _segments(segments: GeoDataFrame, words: Words) -> folium.GeoJson:
    geometries, styles, tips = [], [], []
    for status in SegmentStatus:
        line = SEGMENT_LINES[status]
        text = tip(words("map.segment", status=f"@word.segment.{status}"))
        for shape in segments.geometry[segments["status"] == status]:
            geometries.append(shape)
            styles.append({"color": line.colour, "weight": line.width_px, "dashArray": line.dash})
            tips.append(text)
            if line.double:
                geometries.append(shape)
                styles.append({"color": PAPER, "weight": line.width_px / 3, "dashArray": ""})
                tips.append(text)
    return shapes(geometries, styles, tips)


def _crossings(crossings: GeoDataFrame, words: Words) -> MacroElement:
    style = {
        "radius": _CROSSING_PX,
        "color": DANGER,
        "weight": 3.0,
        "fillColor": PAPER,
        "fillOpacity": 1.0,
    }
    tips = [tip(words("map.crossing"))] * len(crossings)
    return circles(list(crossings.geometry), [style] * len(crossings), tips)


def legend(words: Words, *, with_crossings: bool = False) -> tuple[LegendEntry, ...]:
    """Return what hatching and lines mean."""
    entries = [LegendEntry(sign=hatched(INK), text=words("map.legend_perimeter"))]
    for status in SegmentStatus:
        line = SEGMENT_LINES[status]
        entries.append(
            LegendEntry(
                sign=stroke(line.colour, line.width_px, line.dash, double=line.double),
                text=words("map.segment", status=f"@word.segment.{status}"),
            )
        )
    if with_crossings:
        sign = dot(DANGER, _CROSSING_PX, filled=False)
        entries.append(LegendEntry(sign=sign, text=words("map.crossing")))
    return tuple(entries)
