"""Frames that a viewer may see, put together as the layers of one map with its legend."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import folium
from geopandas import GeoDataFrame

from data.vocabulary import PlaceKind
from geo.explain import Why
from layers.drawing import LegendEntry
from layers.legend import legend_group
from layers.maps import cases, clusters, hotspots, landmarks, perimeters, places, risk
from layers.words import Words

__all__ = ["LAYERS", "MapFrames", "count_of", "map_groups"]

#: The layers from the lowest to the highest.
LAYERS: Final = (
    "risk",
    "clusters",
    "perimeters",
    "beaches",
    "schools",
    "borders",
    "cases",
    "places",
    "hotspots",
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MapFrames:
    """What stands on a map; every frame was released to whoever looks.

    Parameters
    ----------
    risk
        RISK as it is computed: cells by slot.
    risk_week
        The same over all hours of the week: one row a cell.
    risk_slots
        The slots it is shown for; none are all.
    states
        Which places are overdue, which were visited in time.
    counts
        How many of the cases there are at which place.
    beaches, schools, borders
        Landmarks: `name`, point, and `approximate` where it is.
    why
        Why a place or cell is as it is, by `place_id` and `cell_id`.
    kept
        How well groups hold: in which share of redrawings each stays together, by its id.
    masked
        Places were moved on purpose.
    """

    places: GeoDataFrame
    perimeters: GeoDataFrame
    segments: GeoDataFrame
    cases: GeoDataFrame
    hotspots: GeoDataFrame
    clusters: GeoDataFrame
    risk: GeoDataFrame
    risk_week: GeoDataFrame
    beaches: GeoDataFrame
    schools: GeoDataFrame
    borders: GeoDataFrame
    zones: GeoDataFrame | None = None
    crossings: GeoDataFrame | None = None
    risk_slots: tuple[str, ...] = ()
    states: Mapping[str, str] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    why: Mapping[str, Why] = field(default_factory=dict)
    kept: Mapping[str, float] = field(default_factory=dict)
    masked: bool = False


Drawn = tuple[folium.FeatureGroup, tuple[LegendEntry, ...]]


def map_groups(
    frames: MapFrames, chosen: Iterable[str], words: Words
) -> tuple[folium.FeatureGroup, ...]:
    """Return the chosen layers from the lowest to the highest, and the legend of what is there."""
    wanted = set(chosen)
    drawn = [_DRAW[name](frames, words) for name in LAYERS if name in wanted]
    entries = [entry for _, legend in drawn for entry in legend]
    return (*(group for group, _ in drawn), legend_group(entries, words))


def count_of(frames: MapFrames, name: str) -> int:
    """Return how many things a layer shows; of risk, how many cells."""
    if name == "risk":
        return int(frames.risk["cell_id"].nunique())
    frame = getattr(frames, name)
    return int((frame.geometry.notna() & ~frame.geometry.is_empty).sum())


def _risk(frames: MapFrames, words: Words) -> Drawn:
    if frames.risk.empty:
        return folium.FeatureGroup(name="risk"), ()
    slots = frames.risk_slots
    cells = risk.over_slots(frames.risk, slots) if slots else frames.risk_week
    return risk.layer(cells, words, why=frames.why), risk.legend(cells, words)


def _clusters(frames: MapFrames, words: Words) -> Drawn:
    group = clusters.layer(frames.clusters, words, frames.kept)
    return group, clusters.legend(words, frames.kept) if len(frames.clusters) else ()


def _perimeters(frames: MapFrames, words: Words) -> Drawn:
    group = perimeters.layer(
        frames.perimeters,
        frames.segments,
        words,
        zones=frames.zones,
        crossings=frames.crossings,
    )
    entered = frames.crossings is not None and len(frames.crossings) > 0
    legend = perimeters.legend(words, with_crossings=entered) if len(frames.perimeters) else ()
    return group, legend


def _landmarks(name: str, kind: PlaceKind) -> Callable[[MapFrames, Words], Drawn]:
    def draw(frames: MapFrames, words: Words) -> Drawn:
        shown = getattr(frames, name)
        legend = landmarks.legend(words, kind=kind) if len(shown) else ()
        return landmarks.layer(shown, words, kind=kind), legend

    return draw


def _cases(frames: MapFrames, words: Words) -> Drawn:
    return cases.layer(frames.cases, words), cases.legend(words) if len(frames.cases) else ()


def _places(frames: MapFrames, words: Words) -> Drawn:
    group = places.layer(
        frames.places,
        words,
        states=frames.states,
        counts=frames.counts,
        masked=frames.masked,
    )
    legend = places.legend(
        frames.places,
        words,
        with_states=bool(frames.states),
        with_counts=bool(frames.counts),
        masked=frames.masked,
    )
    return group, legend if len(frames.places) else ()


def _hotspots(frames: MapFrames, words: Words) -> Drawn:
    group = hotspots.layer(frames.hotspots, words)
    return group, hotspots.legend(words) if len(frames.hotspots) else ()


_DRAW: Final[Mapping[str, Callable[[MapFrames, Words], Drawn]]] = {
    "risk": _risk,
    "clusters": _clusters,
    "perimeters": _perimeters,
    "beaches": _landmarks("beaches", PlaceKind.BEACH),
    "schools": _landmarks("schools", PlaceKind.SCHOOL),
    "borders": _landmarks("borders", PlaceKind.BORDER),
    "cases": _cases,
    "places": _places,
    "hotspots": _hotspots,
}
