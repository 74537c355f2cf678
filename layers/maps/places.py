"""Places as rings with their kind inside; a sign says which are overdue and which were visited."""

from __future__ import annotations

from collections.abc import Mapping

import folium
from geopandas import GeoDataFrame

from data.vocabulary import PlaceKind
from layers.drawing import LegendEntry, circles, symbols, tip
from layers.glyphs import dot, place
from layers.palette import DONE, INK, PAPER, WARNING
from layers.words import Words

__all__ = ["OVERDUE", "VISITED", "layer", "legend"]

OVERDUE = "overdue"
VISITED = "visited"
#: Beyond this many, signs are too slow and too dense: rings on canvas say the state alone.
_MOST_SIGNS = 400
_RING_PX = 5.0
_SIGN_PX = 26


def layer(
    places: GeoDataFrame,
    words: Words,
    *,
    states: Mapping[str, str] | None = None,
    counts: Mapping[str, int] | None = None,
    masked: bool = False,
) -> folium.FeatureGroup:
    """Return places; `states` says of some ids that they are overdue or were visited.

    `counts` says how many cases there are at some: a sign hides the circles below
    it, and many cases at one place look like one. Masked places are rings without
    a sign, as wide as a wrong point deserves.
    """
    group = folium.FeatureGroup(name="places")
    if places.empty:
        return group
    known = states or {}
    kinds = {kind: words(f"word.kind.{kind}") for kind in places["kind"].unique()}
    found = counts or {}
    rows = [
        (str(name), str(kind), known.get(str(place_id), ""), found.get(str(place_id), 0))
        for name, kind, place_id in zip(
            places["name"], places["kind"], places["place_id"], strict=True
        )
    ]
    said = {state: words(f"map.place_{state}") for state in (OVERDUE, VISITED)}
    tips = [
        tip(name, kinds[kind], said.get(state, ""), words("map.place_cases", n=n) if n else "")
        for name, kind, state, n in rows
    ]
    points = list(places.geometry)
    if masked or len(places) > _MOST_SIGNS:
        circles(points, [_ring(state) for _, _, state, _ in rows], tips).add_to(group)
    else:
        icons = [
            place(PlaceKind(kind), state=state, n_cases=n, size_px=_SIGN_PX)
            for _, kind, state, n in rows
        ]
        symbols(points, icons, tips, size_px=_SIGN_PX).add_to(group)
    return group


def legend(
    places: GeoDataFrame,
    words: Words,
    *,
    with_states: bool,
    with_counts: bool = False,
    masked: bool = False,
) -> tuple[LegendEntry, ...]:
    """Return what the rings mean: the states, the number, and the kinds that are there."""
    if masked or len(places) > _MOST_SIGNS:
        sign = dot(INK, _RING_PX, filled=False)
        text = words("map.legend_masked" if masked else "map.legend_place")
        return (LegendEntry(sign=sign, text=text),)
    there = [kind for kind in PlaceKind if (places["kind"] == kind).any()]
    entries = []
    if with_counts:
        sign = place(PlaceKind.OTHER, n_cases=3, size_px=20)
        entries.append(LegendEntry(sign=sign, text=words("map.legend_place_cases")))
    if with_states:
        entries += [
            LegendEntry(
                sign=place(PlaceKind.OTHER, state=state, size_px=20),
                text=words(f"map.place_{state}"),
            )
            for state in (OVERDUE, VISITED)
        ]
    entries += [
        LegendEntry(sign=place(kind, size_px=20), text=words(f"word.kind.{kind}")) for kind in there
    ]
    return tuple(entries)


def _ring(state: str) -> dict[str, object]:
    return {
        "radius": _RING_PX + (1.5 if state == OVERDUE else 0.0),
        "color": {OVERDUE: WARNING, VISITED: DONE}.get(state, INK),
        "weight": 2.0,
        "fillColor": PAPER,
        "fillOpacity": 0.8,
    }
