"""What everybody knows and children are often near: beaches, schools, border crossings."""

from __future__ import annotations

import folium
from geopandas import GeoDataFrame

from data.vocabulary import PlaceKind
from layers.drawing import LegendEntry, symbols, tip
from layers.glyphs import landmark
from layers.words import Words

__all__ = ["layer", "legend"]

_SIGN_PX = 22


def layer(landmarks: GeoDataFrame, words: Words, *, kind: PlaceKind) -> folium.FeatureGroup:
    """Return landmarks of a kind; `approximate`, where there is such a column, is said."""
    group = folium.FeatureGroup(name=f"landmarks_{kind}")
    if landmarks.empty:
        return group
    word = words(f"word.kind.{kind}")
    rough = (
        landmarks["approximate"].tolist()
        if "approximate" in landmarks.columns
        else [False] * len(landmarks)
    )
    tips = [
        tip(name, word, words("map.approximate") if unsure else "")
        for name, unsure in zip(landmarks["name"], rough, strict=True)
    ]
    icons = [landmark(kind, size_px=_SIGN_PX)] * len(landmarks)
    symbols(list(landmarks.geometry), icons, tips, size_px=_SIGN_PX).add_to(group)
    return group


def legend(words: Words, *, kind: PlaceKind) -> tuple[LegendEntry, ...]:
    """Return what the sign means."""
    return (LegendEntry(sign=landmark(kind), text=words(f"word.kind.{kind}")),)
