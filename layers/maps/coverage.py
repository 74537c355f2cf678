"""Municipalities in classes of something good: the more, the darker, and the class in figures."""

from __future__ import annotations

from collections.abc import Sequence

import folium
import shapely
from geopandas import GeoDataFrame

from layers.drawing import LegendEntry, escaped, hatch, shapes, tip
from layers.glyphs import hatched, swatch
from layers.palette import BORDER, CLASS_COLOURS, INK, MUTED, PAPER
from layers.words import Words

__all__ = ["CLASS_ENDS", "class_of", "layer", "legend"]

#: Upper ends of the classes of a share; the first class is nothing at all, the last is all.
CLASS_ENDS = (0.0, 0.34, 0.67, 0.999, 1.0)
_HATCH_DEG = 0.02


def class_of(share: float) -> int:
    """Return the class of a share from 0 to 1, counted from 0."""
    return next((n for n, end in enumerate(CLASS_ENDS) if share <= end), len(CLASS_ENDS) - 1)


def layer(
    frame: GeoDataFrame, words: Words, *, column: str, details: Sequence[Sequence[str]]
) -> folium.FeatureGroup:
    """Return municipalities by the class of a share.

    Parameters
    ----------
    frame
        `name` and polygon; `column` holds a share from 0 to 1, empty where nothing is known.
    details
        Lines that the tooltip says below the name, one sequence a row.
    """
    group = folium.FeatureGroup(name="coverage")
    if frame.empty:
        return group
    known = frame[column].notna().tolist()
    styles = [
        _style(float(share)) if there else _unknown()
        for share, there in zip(frame[column], known, strict=True)
    ]
    tips = [tip(name, *lines) for name, lines in zip(frame["name"], details, strict=True)]
    shapes(list(frame.geometry), styles, tips).add_to(group)
    blank = frame[~frame[column].notna()]
    if len(blank):
        lines = [hatch(shape, _HATCH_DEG) for shape in blank.geometry]
        shapes(lines, [{"color": MUTED, "weight": 0.8}] * len(lines)).add_to(group)
    for share, shape, there in zip(frame[column], frame.geometry, known, strict=True):
        if there:
            _figure(words.number(100 * float(share), "0"), shape, float(share)).add_to(group)
    return group


def _style(share: float) -> dict[str, object]:
    return {
        "color": BORDER,
        "weight": 1.0,
        "fill": True,
        "fillColor": CLASS_COLOURS[class_of(share)],
        "fillOpacity": 0.92,
    }


def _unknown() -> dict[str, object]:
    return {"color": BORDER, "weight": 1.0, "fill": True, "fillColor": PAPER, "fillOpacity": 0.9}


def _figure(text: str, shape: shapely.Geometry, share: float) -> folium.Marker:
    """Return the share in per cent on the municipality: the second cue beside its colour."""
    ink = "#fff" if class_of(share) >= len(CLASS_COLOURS) - 2 else INK
    point = shape.representative_point()
    label = (
        f'<span style="font:bold 12px sans-serif;color:{ink};display:inline-block;'
        f'transform:translate(-50%,-50%)">{escaped(text)}</span>'
    )
    return folium.Marker(
        [round(point.y, 5), round(point.x, 5)],
        icon=folium.DivIcon(html=label, icon_size=(1, 1), class_name="fener-name"),
        interactive=False,
        keyboard=False,
    )


def legend(words: Words, *, with_unknown: bool) -> tuple[LegendEntry, ...]:
    """Return the classes in per cent, and what hatching means."""
    entries = [
        LegendEntry(
            sign=swatch(CLASS_COLOURS[n]),
            text=_range(n, words),
        )
        for n in range(len(CLASS_ENDS))
    ]
    if with_unknown:
        entries.append(LegendEntry(sign=hatched(), text=words("map.legend_unknown")))
    return tuple(entries)


def _range(number: int, words: Words) -> str:
    if number == 0:
        return words("map.legend_share_0")
    if number == len(CLASS_ENDS) - 1:
        return words("map.legend_share_4")
    low, high = CLASS_ENDS[number - 1], CLASS_ENDS[number]
    return words("map.legend_share", low=round(100 * low) + 1, high=int(100 * high))
