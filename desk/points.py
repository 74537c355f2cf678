"""A point as somebody types or pastes it: latitude and longitude, in either order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from data.crs import ALBANIA_BOX
from data.errors import ContractError
from data.messages import Message

__all__ = ["TypedPoint", "typed_point"]

_NUMBER: Final = r"(-?\d{1,3}(?:[.,]\d+)?)\s*°?\s*[nNeElLvV]?"
_PAIR: Final = re.compile(rf"\s*\(?\s*{_NUMBER}(?:\s*[,;/]\s*|\s+){_NUMBER}\s*\)?\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedPoint:
    """A point in degrees, and whether longitude was written before latitude."""

    lon: float
    lat: float
    was_swapped: bool


def typed_point(text: str) -> TypedPoint:
    """Return the point that a text means.

    Maps write the latitude first, files often the longitude. Albania's latitudes
    and longitudes never overlap, so that the order of a point inside it is certain.

    Raises
    ------
    ContractError
        If the text is no pair of degrees, or the point lies outside Albania.
    """
    found = _PAIR.fullmatch(text)
    if found is None:
        raise ContractError(Message("record.point_malformed"))
    first, second = (float(number.replace(",", ".")) for number in found.groups())
    west, south, east, north = ALBANIA_BOX
    for lon, lat in ((second, first), (first, second)):
        if west <= lon <= east and south <= lat <= north:
            return TypedPoint(lon=lon, lat=lat, was_swapped=(lon, lat) == (first, second))
    raise ContractError(Message("record.point_outside"))
