"""Groups of cases that belong together in space, with noise left alone.

References
----------
Campello, Moulavi and Sander (2013), PAKDD: HDBSCAN.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree
from sklearn.cluster import HDBSCAN

from data.crs import EDGE_CRS, to_metres
from data.frames import CLUSTERS
from data.messages import Message
from data.nouns import Area
from data.streetnet import StreetNetwork
from geo.hulls import hull

__all__ = [
    "ClusterSettings",
    "Clusters",
    "child_place_weeks",
    "cluster_labels",
    "find_clusters",
]


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
    spots, spot = np.unique(xy_m, axis=0, return_inverse=True)
    order = np.argsort(spot, kind="stable")
    told = _told_apart(xy_m[order], settings)
    # Points at one spot are of one group: which of them came first is nobody's choice.
    found = told[np.searchsorted(spot[order], np.arange(len(spots)))][spot]
    names = [name for name in np.unique(found) if name >= 0]
    by_size = sorted(names, key=lambda name: (-(found == name).sum(), xy_m[found == name].min()))
    labels = np.full(len(xy_m), -1, dtype=np.int64)
    for number, name in enumerate(by_size):
        labels[found == name] = number
    return labels


def _told_apart(xy_m: NDArray[np.float64], settings: ClusterSettings) -> NDArray[np.int64]:
    """Return HDBSCAN's labels, groups nearer than `join_m` being one."""

    def labels(join_m: float) -> NDArray[np.int64]:
        model = HDBSCAN(
            min_cluster_size=settings.min_size,
            cluster_selection_epsilon=join_m,
            allow_single_cluster=True,
            copy=True,
        )
        return np.asarray(model.fit_predict(xy_m), dtype=np.int64)

    try:
        return labels(settings.join_m)
    except TypeError:
        # scikit-learn 1.9 cannot join groups under NumPy 2.4: it takes an array for a number.
        return _joined(xy_m, labels(0.0), settings.join_m)


def _joined(
    xy_m: NDArray[np.float64], labels: NDArray[np.int64], join_m: float
) -> NDArray[np.int64]:
    """Return labels in which groups are one whose nearest members are nearer than `join_m`."""
    trees = [cKDTree(xy_m[labels == i]) for i in range(labels.max() + 1)]
    near = np.zeros((len(trees), len(trees)), dtype=bool)
    for i, tree in enumerate(trees):
        for j in range(i):
            gaps_m, _ = tree.query(trees[j].data, distance_upper_bound=join_m)
            near[i, j] = bool((gaps_m < join_m).any())
    _, owner = connected_components(near, directed=False)
    return np.where(labels >= 0, owner[labels], -1)


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
    rows = [_row(i, labels, unique) for i in range(count)]
    shapes = [hull(xy_m[labels == i], streets, area.metric_crs) for i in range(count)]
    return Clusters(frame=CLUSTERS.check(GeoDataFrame(rows, geometry=shapes, crs=EDGE_CRS)))


def child_place_weeks(cases: GeoDataFrame) -> GeoDataFrame:
    """Return the cases that have a point, a child met twice in a week at one place once."""
    there = cases[cases.geometry.notna() & ~cases.geometry.is_empty]
    week = there["identified_at"].dt.strftime("%G-%V")
    return there.assign(week=week).drop_duplicates(["case_code", "place_id", "week"])


def _row(number: int, labels: NDArray[np.int64], cases: GeoDataFrame) -> dict[str, object]:
    members = cases[labels == number]
    n_places = int(members["place_id"].nunique())
    return {
        "cluster_id": f"group-{number + 1}",
        "n_cases": len(members),
        "n_places": n_places,
        "share": float((labels == number).sum() / max((labels >= 0).sum(), 1)),
        "reason": Message("geo.group_reason", {"n": len(members), "places": n_places}),
        "synthetic": bool(members["synthetic"].any()),
    }
