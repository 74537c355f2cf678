"""Every inhabited area gets its visits: one in which no place is known yet is a place itself.

The action plan asks for field work in all inhabited areas. Administrative units and
settlements are known to everybody; where none of a municipality's places lies in or
near one, its middle becomes a place to go to, ask, and map what is there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from data import frames
from data.crs import EDGE_CRS, to_metres
from data.nouns import Unit
from data.vocabulary import PlaceKind

__all__ = ["INHABITED", "inhabited_places"]

#: How the ids of such places begin.
INHABITED: Final = "area-"
#: Who looks at a place looks at what lies so near.
_NEAR_M: Final = 2000.0


def inhabited_places(
    units: Sequence[Unit], settlements: GeoDataFrame, places: GeoDataFrame
) -> GeoDataFrame:
    """Return PLACES for the inhabited areas of a municipality in which no place is known.

    Their ids come from the area alone, so that visits to them are found again.

    Parameters
    ----------
    units
        The municipality's administrative units with their seats.
    settlements
        `name`, `municipality` and points, of this municipality.
    places
        Those that are known there.
    """
    there = _metres(places)
    seats = [(f"u{u.id}", u.name, u.municipality, u.id, u.lon, u.lat) for u in units]
    named = set(places["unit"]) - {""}
    found = [seat for seat in seats if seat[3] not in named and not _is_near(seat[4:], there)]
    # A settlement beside the seat of its own unit is looked at with it.
    there = np.vstack([there, _lonlat_m([seat[4:] for seat in seats])])
    for row in settlements.sort_values(["name"], kind="stable").itertuples():
        point = (float(row.geometry.x), float(row.geometry.y))
        if not _is_near(point, there):
            code = hashlib.sha256(f"{row.municipality}|{row.name}|{point}".encode()).hexdigest()
            found.append((f"s{code[:12]}", str(row.name), str(row.municipality), "", *point))
            there = np.vstack([there, _lonlat_m([point])])
    return _places(found)


def _places(found: Sequence[tuple[str, str, str, str, float, float]]) -> GeoDataFrame:
    if not found:
        return frames.PLACES.empty()
    ids, names, owners, units, lons, lats = zip(*found, strict=True)
    data = pd.DataFrame(
        {
            "place_id": [f"{INHABITED}{code}" for code in ids],
            "name": list(names),
            "kind": str(PlaceKind.SETTLEMENT),
            "municipality": list(owners),
            "unit": list(units),
            "awake_from": 1,
            "awake_to": 12,
            "synthetic": False,
        }
    )
    points = shapely.points(np.array(lons), np.array(lats))
    return frames.PLACES.check(GeoDataFrame(data, geometry=points, crs=EDGE_CRS))


def _metres(places: GeoDataFrame) -> NDArray[np.float64]:
    points = places.geometry.to_numpy()
    return _lonlat_m(list(zip(shapely.get_x(points), shapely.get_y(points), strict=True)))


def _lonlat_m(points: Sequence[tuple[float, ...]]) -> NDArray[np.float64]:
    if not points:
        return np.empty((0, 2))
    return to_metres(np.array(points, dtype=np.float64))


def _is_near(point: tuple[float, ...], there: NDArray[np.float64]) -> bool:
    here = _lonlat_m([point])
    return bool((np.hypot(*(there - here).T) <= _NEAR_M).any())
