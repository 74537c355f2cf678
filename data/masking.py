"""A keyed donut: the same place always lands on the same wrong point.

Bearing and distance come from HMAC-SHA256 over place, role and epoch, uniform
over the ring's area. The place is masked, not each case, because repeated cases
at one place would average out; the point stays in its municipality, so it is
neither in the sea nor at a neighbour's. Masked points are never computed with.

References
----------
Hampton et al. (2010), American Journal of Epidemiology 172 (9): the donut.
Allshouse et al. (2010), Geospatial Health 4 (2): uneven population.
"""

from __future__ import annotations

import hashlib
import hmac
import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from geopandas import GeoDataFrame
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from data.crs import EDGE_CRS, METRIC_CRS, to_lonlat, to_metres
from data.vocabulary import Role

__all__ = ["RURAL_M", "URBAN_M", "Mask", "donut_offset"]

#: Metres: nearest and farthest, in towns and outside them.
URBAN_M = (250.0, 750.0)
RURAL_M = (1000.0, 3000.0)
#: A point that falls outside its municipality is drawn again this often.
_TRIES = 64
_WORD = float(2**64)
#: About ten metres: finer digits would only pretend.
_DECIMALS = 4


def donut_offset(
    key: bytes, label: str, ring_m: tuple[float, float], attempt: int = 0
) -> tuple[float, float]:
    """Return the easting and northing in metres by which a label is moved.

    Parameters
    ----------
    key
        The secret; the same key, label and attempt give the same offset.
    label
        What is masked, for whom, in which epoch.
    ring_m
        Nearest and farthest distance, metres; the draw is uniform over the area.
    attempt
        Counts the draws that fell outside.
    """
    digest = hmac.new(key, f"{label}|{attempt}".encode(), hashlib.sha256).digest()
    turn = int.from_bytes(digest[:8], "big") / _WORD
    share = int.from_bytes(digest[8:16], "big") / _WORD
    near, far = ring_m
    distance = math.sqrt(near**2 + share * (far**2 - near**2))
    return distance * math.cos(2 * math.pi * turn), distance * math.sin(2 * math.pi * turn)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mask:
    """What is needed to move places for one role.

    Parameters
    ----------
    key, epoch
        The secret and the year it serves; epochs are never mixed in one release.
    role
        For whom; two roles get two points that tell nothing of each other.
    municipalities
        Boundaries by P-code, EPSG:4326.
    towns
        Where the urban ring is enough, EPSG:4326; elsewhere the rural one.
    """

    key: bytes
    epoch: str
    role: Role
    municipalities: Mapping[str, BaseGeometry]
    towns: BaseGeometry

    @property
    def precision_m(self) -> tuple[float, float]:
        """Return the widest claim that is true of every point: nearest and farthest move."""
        return URBAN_M[0], RURAL_M[1]

    def apply(self, places: GeoDataFrame) -> GeoDataFrame:
        """Return places moved, without their names; one that cannot be hidden is left out."""
        moved = [
            self._moved(str(place), str(code), point)
            for place, code, point in zip(
                places["place_id"], places["municipality"], places.geometry, strict=True
            )
        ]
        kept = np.array([point is not None for point in moved], dtype=bool)
        labels = [self._label(str(place)) for place in places["place_id"][kept]]
        released = GeoDataFrame(
            places[kept].assign(name="", place_id=labels, unit=""),
            geometry=[point for point in moved if point is not None],
            crs=EDGE_CRS,
        )
        # The order of the true ids would tell two releases' points of one place.
        return released.sort_values("place_id", ignore_index=True)

    def _moved(self, place: str, code: str, point: Point) -> Point | None:
        within = self.municipalities.get(code)
        if within is None:
            return None
        near, far = URBAN_M if self.towns.contains(point) else RURAL_M
        true = to_metres(np.array([[point.x, point.y]]), METRIC_CRS)[0]
        for attempt in range(_TRIES):
            offset = donut_offset(self.key, self._salted(place), (near, far), attempt)
            # Rounded first: what is claimed has to be true of the point that is shown.
            lonlat = to_lonlat((true + offset).reshape(1, 2), METRIC_CRS).round(_DECIMALS)
            moved_m = math.dist(to_metres(lonlat, METRIC_CRS)[0], true)
            if near <= moved_m <= far and shapely.contains_xy(within, *lonlat[0]):
                return Point(lonlat[0])
        return None

    def _salted(self, place: str) -> str:
        return f"{place}|{self.role}|{self.epoch}"

    def _label(self, place: str) -> str:
        """Return a code that stands for a place in this release and in no other."""
        text = f"label|{self._salted(place)}"
        return hmac.new(self.key, text.encode(), hashlib.sha256).hexdigest()[:10]
