"""Groups of cases that belong together, as soft hulls with a number."""

from __future__ import annotations

import folium
from geopandas import GeoDataFrame

from layers.drawing import LegendEntry, said, shapes, symbols, tip
from layers.glyphs import numbered, swatch
from layers.words import Words

__all__ = ["layer", "legend"]

_COLOUR = "#5B3A7D"
_PALE = "#CFC3DC"
_NUMBER_PX = 26


def layer(clusters: GeoDataFrame, words: Words) -> folium.FeatureGroup:
    """Return the groups, the largest first by number."""
    group = folium.FeatureGroup(name="clusters")
    if clusters.empty:
        return group
    soft = {
        "color": _COLOUR,
        "weight": 2.0,
        "dashArray": "1 5",
        "lineCap": "round",
        "fill": True,
        "fillColor": _COLOUR,
        "fillOpacity": 0.18,
    }
    tips = [
        tip(words("map.group", number=n), said(reason, words))
        for n, reason in enumerate(clusters["reason"], start=1)
    ]
    shapes(list(clusters.geometry), [soft] * len(clusters), tips).add_to(group)
    middles = list(clusters.geometry.representative_point())
    icons = [numbered(n, _COLOUR, size_px=_NUMBER_PX) for n in range(1, len(clusters) + 1)]
    symbols(middles, icons, tips, size_px=_NUMBER_PX).add_to(group)
    return group


def legend(words: Words) -> tuple[LegendEntry, ...]:
    """Return what a hull means."""
    return (LegendEntry(sign=swatch(_PALE), text=words("map.legend_group")),)
