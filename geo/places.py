"""Places first: a case joins a known place near it, or makes a new one."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from data.crs import EDGE_CRS, to_lonlat, to_metres
from data.frames import CASES, PLACES
from data.nouns import Area
from data.vocabulary import PlaceKind

__all__ = ["JOIN_M", "is_awake", "join_cases"]

#: A case this near to a place is a case of that place.
JOIN_M = 75.0


def is_awake(first: int, last: int, month: int) -> bool:
    """Say whether a place awake from one month to another, both included, is so in a third."""
    return first <= month <= last if first <= last else month >= first or month <= last


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
    joined[rows] = new.place_of
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
    """New places, and which of them each case belongs to."""

    def __init__(self, frame: GeoDataFrame, place_of: NDArray[np.object_]) -> None:
        self.frame = frame
        self.place_of = place_of


def _new_places(cases: GeoDataFrame, xy_m: NDArray[np.float64], area: Area, join_m: float) -> _New:
    order = np.lexsort((xy_m[:, 1], xy_m[:, 0]))  # nothing may depend on the file's order
    cases, xy_m = cases.iloc[order], xy_m[order]
    knot = _knots(xy_m, join_m)
    members = np.split(np.argsort(knot, kind="stable"), np.cumsum(np.bincount(knot))[:-1])
    centres = np.array([xy_m[own].mean(axis=0) for own in members])
    codes = cases["case_code"].to_numpy(dtype=object)
    # The id comes from the cases' random codes: a coordinate could be guessed back from a hash.
    ids = np.array([_id(sorted(codes[own])) for own in members], dtype=object)
    towns = cases["municipality_found"].fillna("").to_numpy(dtype=object)
    invented = cases["synthetic"].to_numpy(dtype=bool)
    frame = GeoDataFrame(
        {
            "place_id": ids,
            "name": [f"Vend {i[-4:].upper()}" for i in ids],
            "kind": str(PlaceKind.OTHER),
            # Of a knot of which some cases say no town, the one that others say.
            "municipality": [max(towns[own]) or area.municipality or "" for own in members],
            "unit": "",
            "awake_from": 1,
            "awake_to": 12,
            "synthetic": [bool(invented[own].any()) for own in members],
        },
        geometry=shapely.points(to_lonlat(centres, area.metric_crs)),
        crs=EDGE_CRS,
    )
    place_of = np.empty(len(knot), dtype=object)
    place_of[order] = ids[knot]
    return _New(frame, place_of)


def _knots(xy_m: NDArray[np.float64], join_m: float) -> NDArray[np.int64]:
    """Return the knot of each point, shape (n,), numbered from 0: no two of it are farther apart.

    Points that no chain of short steps joins never share a knot, so that each
    chain is looked at by itself: all at once would need every pair of a country.
    """
    n = len(xy_m)
    pairs = cKDTree(xy_m).query_pairs(join_m, output_type="ndarray")
    steps = csr_matrix((np.ones(len(pairs), dtype=np.int8), tuple(pairs.T)), shape=(n, n))
    n_chains, chain = connected_components(steps, directed=False)
    knot = np.empty(n, dtype=np.int64)
    used = 0
    ends = np.cumsum(np.bincount(chain, minlength=n_chains))
    for own in np.split(np.argsort(chain, kind="stable"), ends[:-1]):
        # Most chains are so short that nothing has to be cut.
        if np.hypot(*np.ptp(xy_m[own], axis=0)) > join_m:
            tree = linkage(xy_m[own], method="complete")
            knot[own] = used + fcluster(tree, join_m, criterion="distance") - 1
        else:
            knot[own] = used
        used = int(knot[own].max()) + 1
    return knot


def _id(codes: list[str]) -> str:
    return f"place-{hashlib.sha256('|'.join(codes).encode()).hexdigest()[:10]}"
