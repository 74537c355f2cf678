"""Groups of cases that belong together, as soft hulls with a number.

A group that comes out again from most redrawings has a firm outline; one that may
be chance, or of which that is not known, a dotted one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import folium
from geopandas import GeoDataFrame

from layers.drawing import LegendEntry, said, shapes, symbols, tip
from layers.glyphs import numbered, stroke, swatch
from layers.words import Words

__all__ = ["HOLDS", "TEN", "layer", "legend"]

#: A group that stays together in so many of ten redrawings is said to hold.
HOLDS: Final = 8
TEN: Final = 10
_COLOUR = "#5B3A7D"
_PALE = "#CFC3DC"
_NUMBER_PX = 26
_SOFT: Final[Mapping[str, Any]] = {
    "color": _COLOUR,
    "weight": 2.0,
    "dashArray": "1 5",
    "lineCap": "round",
    "fill": True,
    "fillColor": _COLOUR,
    "fillOpacity": 0.18,
}
_FIRM: Final[Mapping[str, Any]] = {**_SOFT, "weight": 3.0, "dashArray": ""}


def layer(clusters: GeoDataFrame, words: Words, kept: Mapping[str, float]) -> folium.FeatureGroup:
    """Return the groups, the largest first by number.

    Parameters
    ----------
    kept
        In which share of its redrawings each group stays together, where that is known.
    """
    group = folium.FeatureGroup(name="clusters")
    if clusters.empty:
        return group
    rows = clusters[["cluster_id", "reason"]].to_dict("records")
    tenths = [
        round(TEN * kept[row["cluster_id"]]) if row["cluster_id"] in kept else None for row in rows
    ]
    tips = [
        tip(words("map.group", number=n), said(row["reason"], words), _how_sure(times, words))
        for n, (row, times) in enumerate(zip(rows, tenths, strict=True), start=1)
    ]
    styles = [_FIRM if times is not None and times >= HOLDS else _SOFT for times in tenths]
    shapes(list(clusters.geometry), styles, tips).add_to(group)
    middles = list(clusters.geometry.representative_point())
    icons = [numbered(n, _COLOUR, size_px=_NUMBER_PX) for n in range(1, len(clusters) + 1)]
    symbols(middles, icons, tips, size_px=_NUMBER_PX).add_to(group)
    return group


def _how_sure(times: int | None, words: Words) -> str:
    if times is None:
        return words("map.group_unknown", details="@findings.title")
    return words("map.group_holds" if times >= HOLDS else "map.group_chance", times=times)


def legend(words: Words, kept: Mapping[str, float]) -> tuple[LegendEntry, ...]:
    """Return what a hull means, and its outline where groups were compared with chance."""
    hull = LegendEntry(sign=swatch(_PALE), text=words("map.legend_group"))
    if not kept:
        return (hull,)
    firm = stroke(_COLOUR, float(_FIRM["weight"]))
    soft = stroke(_COLOUR, float(_SOFT["weight"]), str(_SOFT["dashArray"]))
    return (
        hull,
        LegendEntry(sign=firm, text=words("map.legend_group_holds")),
        LegendEntry(sign=soft, text=words("map.legend_group_chance")),
    )
