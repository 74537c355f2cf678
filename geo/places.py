"""Places first: a case joins a known place near it, or makes a new one."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage

from data.crs import EDGE_CRS, to_lonlat, to_metres
from data.frames import CASES, PLACES
from data.nouns import Area
from data.vocabulary import PlaceKind

__all__ = ["JOIN_M", "join_cases"]

#: A case this near to a place is a case of that place.
JOIN_M = 75.0


def join_cases(
    cases: GeoDataFrame, places: GeoDataFrame, area: Area, *, join_m: float = JOIN_M
) -> tuple[GeoDataFrame, GeoDataFrame]:
    """Return the cases with their places, and the places with the new ones.

    A case that names a place keeps it. Others join the nearest place within
    `join_m` metres; those left over make new places, one for each knot of cases
    that lie within `join_m` of each other. A case without coordinates and
    without a place stays as it is.
    """
    known = set(places["place_id"])
    open_ = ~cases["place_id"].isin(known) & cases.geometry.notna() & ~cases.geometry.is_empty
    joined = cases["place_id"].where(cases["place_id"].isin(known), "").to_numpy(object, copy=True)
    rows = np.flatnonzero(open_.to_numpy())
    if not len(rows):
        return CASES.check(cases.assign(place_id=joined)), places
    xy_m = to_metres(shapely.get_coordinates(cases.geometry.to_numpy()[rows]), area.metric_crs)
    if len(places):
        left = _join_known(joined, rows, xy_m, places, area.metric_crs, join_m)
        rows, xy_m = rows[left], xy_m[left]
    if not len(rows):
        return CASES.check(cases.assign(place_id=joined)), places
    new = _new_places(cases.iloc[rows], xy_m, area, join_m)
    joined[rows] = new.index_of
    grown = new.frame if places.empty else pd.concat([places, new.frame], ignore_index=True)
    return CASES.check(cases.assign(place_id=joined)), PLACES.check(grown)


def _join_known(  # noqa: PLR0913, PLR0917 - one step of the join, its arrays in hand
    joined: NDArray[np.object_],
    rows: NDArray[np.int64],
    xy_m: NDArray[np.float64],
    places: GeoDataFrame,
    crs: str,
    join_m: float,
) -> NDArray[np.bool_]:
    """Write the nearest known place of each row; return which rows are left over."""
    spots = shapely.points(to_metres(shapely.get_coordinates(places.geometry.to_numpy()), crs))
    near, gap = shapely.STRtree(spots).query_nearest(
        shapely.points(xy_m), all_matches=False, return_distance=True
    )
    close = gap <= join_m
    ids = places["place_id"].to_numpy(dtype=object)
    joined[rows[near[0][close]]] = ids[near[1][close]]
    left = np.ones(len(rows), dtype=bool)
    left[near[0][close]] = False
    return left


class _New:
    """New places, and the id of each case's."""

    def __init__(self, frame: GeoDataFrame, index_of: NDArray[np.object_]) -> None:
        self.frame = frame
        self.index_of = index_of


def _new_places(cases: GeoDataFrame, xy_m: NDArray[np.float64], area: Area, join_m: float) -> _New:
    order = np.lexsort((xy_m[:, 1], xy_m[:, 0]))  # labels must not depend on the file's order
    knot = np.zeros(len(xy_m), dtype=np.int64)
    if len(xy_m) > 1:
        tree = linkage(xy_m[order], method="complete")
        knot[order] = fcluster(tree, join_m, criterion="distance")
    names, first = np.unique(knot, return_index=True)
    centres = np.array([xy_m[knot == name].mean(axis=0) for name in names])
    codes = cases["case_code"].to_numpy(dtype=object)
    # The id comes from the cases' random codes: a coordinate could be guessed back from a hash.
    ids = np.array([_id(sorted(codes[knot == name])) for name in names], dtype=object)
    lonlat = to_lonlat(centres, area.metric_crs)
    towns = cases["municipality_found"].to_numpy(dtype=object)
    frame = GeoDataFrame(
        {
            "place_id": ids,
            "name": [f"Vend {i[-4:].upper()}" for i in ids],
            "kind": str(PlaceKind.OTHER),
            "municipality": [towns[i] or area.municipality or "" for i in first],
            "unit": "",
            "awake_from": 1,
            "awake_to": 12,
            "synthetic": [bool(cases["synthetic"].to_numpy()[i]) for i in first],
        },
        geometry=shapely.points(lonlat),
        crs=EDGE_CRS,
    )
    return _New(frame, ids[np.searchsorted(names, knot)])


def _id(codes: list[str]) -> str:
    return f"place-{hashlib.sha256('|'.join(codes).encode()).hexdigest()[:10]}"
