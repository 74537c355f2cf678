"""Find a place by its name as people write it: without accents, definite or indefinite."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from geopandas import GeoDataFrame

from data import reference
from data.names import fold, forms
from data.vocabulary import PlaceKind
from layers.map_view import MapFrames

__all__ = ["Hit", "find"]

_SHORTEST: Final = 2
#: How far a map goes in to see a thing of a kind whole.
_ZOOMS: Final = {"municipality": 11, "unit": 13, "settlement": 14}
_CLOSE: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Something with a name and a point.

    Parameters
    ----------
    kind
        ``municipality``, ``unit``, or a word of `PlaceKind`.
    place_id
        Of a place of the house; empty for what everybody knows.
    zoom
        How close a map has to go.
    """

    name: str
    kind: str
    lon: float
    lat: float
    place_id: str = ""

    @property
    def zoom(self) -> int:
        """Return how close a map has to go to see it whole."""
        return _ZOOMS.get(self.kind, _CLOSE)


def find(
    text: str, frames: MapFrames, municipality: str | None, *, most: int = 6
) -> tuple[Hit, ...]:
    """Return what a text names, the best first: released places, landmarks, units, settlements.

    Parameters
    ----------
    frames
        What the viewer may have: a place that was moved has no name to be found by.
    municipality
        Where to look, or the country.
    """
    wanted = fold(text)
    if len(wanted) < _SHORTEST:
        return ()
    ranked = [(_rank(wanted, hit.name), hit) for hit in _known(frames, municipality)]
    found = sorted(
        ((rank, hit) for rank, hit in ranked if rank is not None),
        key=lambda pair: (pair[0], not pair[1].place_id, fold(pair[1].name), pair[1].kind),
    )
    return tuple(hit for _, hit in found[:most])


def _rank(wanted: str, name: str) -> int | None:
    """Return how well a name fits, 0 best, or `None`."""
    plain = fold(name)
    if plain == wanted:
        return 0
    if forms(wanted) & forms(name):
        return 1
    if plain.startswith(wanted):
        return 2
    if any(word.startswith(wanted) for word in plain.split()):
        return 3
    return 4 if wanted in plain else None


def _known(frames: MapFrames, municipality: str | None) -> Iterator[Hit]:
    for places in (frames.places, frames.schools):
        if "place_id" in places.columns:
            yield from _of(places, ids=True)
    yield from _of(frames.beaches, kind=PlaceKind.BEACH)
    yield from _of(frames.borders, kind=PlaceKind.BORDER)
    for unit in reference.units(municipality):
        yield Hit(name=unit.name, kind="unit", lon=unit.lon, lat=unit.lat)
    settlements = reference.settlements()
    if municipality is not None:
        settlements = settlements[settlements["municipality"] == municipality]
    yield from _of(settlements, kind=PlaceKind.SETTLEMENT)
    if municipality is None:
        for town in reference.municipalities():
            at = (town.seat_lon, town.seat_lat)
            yield Hit(name=town.name_sq, kind="municipality", lon=at[0], lat=at[1])


def _of(frame: GeoDataFrame, *, kind: str = "", ids: bool = False) -> Iterator[Hit]:
    kinds = [kind] * len(frame) if kind else frame["kind"].tolist()
    keys = frame["place_id"].tolist() if ids else [""] * len(frame)
    for name, word, key, point in zip(frame["name"], kinds, keys, frame.geometry, strict=True):
        if name and point is not None and not point.is_empty:
            yield Hit(name=str(name), kind=str(word), lon=point.x, lat=point.y, place_id=str(key))
