"""Groups of cases that belong together in space, with noise left alone.

References
----------
Campello, Moulavi and Sander (2013), PAKDD: HDBSCAN.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray
from sklearn.cluster import HDBSCAN

from data.crs import EDGE_CRS, to_metres
from data.frames import CLUSTERS
from data.messages import Message
from data.nouns import Area
from data.streetnet import StreetNetwork
from geo.hierarchy import join_near, told_apart
from geo.hulls import hulls

__all__ = [
    "ClusterSettings",
    "Clusters",
    "child_place_weeks",
    "cluster_labels",
    "find_clusters",
]

#: More points than this are told apart by `geo.hierarchy`: scikit-learn looks at every pair.
EVERY_PAIR_UP_TO = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterSettings:
    """When cases make a group.

    Parameters
    ----------
    min_size
        Least number of child-place-weeks in a group.
    min_cases
        Below this many in the area there is too little to say.
    join_m
        Nearer groups are not told apart, metres.
    """

    min_size: int = 5
    min_cases: int = 15
    join_m: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Clusters:
    """The groups (CLUSTERS), and why there are none where there are too few cases to say."""

    frame: GeoDataFrame
    verdict: Message | None = None


def cluster_labels(xy_m: NDArray[np.float64], settings: ClusterSettings) -> NDArray[np.int64]:
    """Return the group of each point, shape (n,), numbered from 0 by size; -1 is noise.

    Parameters
    ----------
    xy_m
        Points, shape (n, 2), metres; their order changes nothing.
    """
    order = np.lexsort((xy_m[:, 1], xy_m[:, 0]))
    in_order = xy_m[order]
    first = np.ones(len(xy_m), dtype=bool)
    first[1:] = (in_order[1:] != in_order[:-1]).any(axis=1)
    starts = np.flatnonzero(first)
    found = _told_apart(in_order, starts, settings)
    labels = np.empty(len(xy_m), dtype=np.int64)
    labels[order] = found[np.cumsum(first) - 1]
    return _by_size(labels, xy_m)


def _by_size(labels: NDArray[np.int64], xy_m: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return labels numbered from the largest group; of two as large the western one is first."""
    inside = labels >= 0
    count = int(labels.max(initial=-1)) + 1
    size = np.bincount(labels[inside], minlength=count)
    least = np.full(count, np.inf)
    np.minimum.at(least, labels[inside], xy_m[inside].min(axis=1))
    number = np.empty(count, dtype=np.int64)
    number[np.lexsort((least, -size))] = np.arange(count)
    return np.where(inside, number[labels], -1) if count else labels


def _told_apart(
    xy_m: NDArray[np.float64], starts: NDArray[np.int64], settings: ClusterSettings
) -> NDArray[np.int64]:
    """Return HDBSCAN's label of each spot, groups nearer than `join_m` being one.

    Parameters
    ----------
    xy_m
        Points in the order of their coordinates, shape (n, 2), metres.
    starts
        Where in it each spot's points begin: those at one spot are of one group,
        which of them came first is nobody's choice.
    """
    if len(xy_m) > EVERY_PAIR_UP_TO:
        spots_m = xy_m[starts]
        weight = np.diff(starts, append=len(xy_m))
        found = told_apart(spots_m, weight, min_size=settings.min_size, join_m=settings.join_m)
        return join_near(spots_m, found, settings.join_m)

    def labels(join_m: float) -> NDArray[np.int64]:
        model = HDBSCAN(
            min_cluster_size=settings.min_size,
            cluster_selection_epsilon=join_m,
            allow_single_cluster=True,
            copy=True,
        )
        return np.asarray(model.fit_predict(xy_m), dtype=np.int64)

    try:
        found = labels(settings.join_m)
    except TypeError:
        # scikit-learn 1.9 cannot join groups under NumPy 2.4: it takes an array for a number.
        found = join_near(xy_m, labels(0.0), settings.join_m)
    return found[starts]


def find_clusters(
    cases: GeoDataFrame,
    area: Area,
    *,
    settings: ClusterSettings | None = None,
    streets: StreetNetwork | None = None,
) -> Clusters:
    """Return the groups of cases of an area.

    A child met twice in a week at one place counts once: repeated sightings
    would make a group of a single corner.
    """
    settings = settings or ClusterSettings()
    unique = child_place_weeks(cases)
    needed = max(settings.min_cases, settings.min_size)
    if len(unique) < needed:
        verdict = Message("geo.too_few_cases", {"n": len(unique), "needed": needed})
        return Clusters(frame=CLUSTERS.empty(), verdict=verdict)
    xy_m = to_metres(shapely.get_coordinates(unique.geometry.to_numpy()), area.metric_crs)
    labels = cluster_labels(xy_m, settings)
    count = int(labels.max()) + 1
    if not count:
        return Clusters(frame=CLUSTERS.empty(), verdict=Message("geo.no_groups"))
    made = _rows(labels, unique)
    shapes = hulls(xy_m, labels, streets, area.metric_crs)
    return Clusters(frame=CLUSTERS.check(GeoDataFrame(made, geometry=shapes, crs=EDGE_CRS)))


def child_place_weeks(cases: GeoDataFrame) -> GeoDataFrame:
    """Return the cases that have a point, a child met twice in a week at one place once."""
    there = cases[cases.geometry.notna() & ~cases.geometry.is_empty]
    week = there["identified_at"].dt.isocalendar()
    keys = ["case_code", "place_id", "year", "week"]
    return there[~there[keys[:2]].join(week).duplicated(keys)]


def _rows(labels: NDArray[np.int64], cases: GeoDataFrame) -> pd.DataFrame:
    """Return a row for each group, without its shape."""
    inside = labels >= 0
    members = pd.DataFrame(cases[["place_id", "synthetic"]])[inside].groupby(labels[inside])
    n_cases, n_places = members.size(), members["place_id"].nunique()
    return pd.DataFrame(
        {
            "cluster_id": [f"group-{number + 1}" for number in n_cases.index],
            "n_cases": n_cases,
            "n_places": n_places,
            "share": n_cases / inside.sum(),
            "reason": [
                Message("geo.group_reason", {"n": int(n), "places": int(places)})
                for n, places in zip(n_cases, n_places, strict=True)
            ],
            "synthetic": members["synthetic"].any(),
        }
    )
