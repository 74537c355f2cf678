"""Whether a group of cases would be found again, had other cases come to be known.

References
----------
Hennig (2007), Computational Statistics and Data Analysis 52 (1): cluster-wise
assessment of cluster stability, by the mean Jaccard similarity over bootstraps.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.clusters import ClusterSettings, cluster_labels

__all__ = ["Stability", "stability"]

#: A group less like any of a redrawing's is dissolved there (Hennig's limit).
_SAME = 0.5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stability:
    """How well each group holds, shape (n groups,) each.

    Parameters
    ----------
    labels
        The group of each point, -1 for none, shape (n points,).
    jaccard
        Mean likeness of a group to the most alike one of a redrawing, 0 to 1.
    kept
        Share of the redrawings in which it stays together: likeness of a half or more.
    """

    labels: NDArray[np.int64]
    jaccard: NDArray[np.float64]
    kept: NDArray[np.float64]


def stability(
    xy_m: NDArray[np.float64],
    *,
    seed: int,
    settings: ClusterSettings | None = None,
    redrawings: int = 100,
) -> Stability:
    """Return how often the groups of points come out again from redrawn points.

    Each redrawing takes as many points with replacement. Only the points that
    came into it are compared, since of the others it can say nothing; where
    none of a group came, the redrawing says nothing of that group.

    Parameters
    ----------
    xy_m
        Points, shape (n, 2), metres: the child-place-weeks that the groups are of.
    """
    settings = settings or ClusterSettings()
    labels = cluster_labels(xy_m, settings)
    groups = int(labels.max(initial=-1)) + 1
    rng = np.random.default_rng(seed)
    likeness = np.full((redrawings, groups), np.nan)
    for row in likeness if groups else ():
        drawn = np.sort(rng.integers(0, len(xy_m), len(xy_m)))
        again = cluster_labels(xy_m[drawn], settings)
        came, first = np.unique(drawn, return_index=True)
        row[:] = _likeness(labels[came], again[first], groups)
    told = np.isfinite(likeness)
    times = np.maximum(told.sum(axis=0), 1)
    return Stability(
        labels=labels,
        jaccard=np.where(told, likeness, 0.0).sum(axis=0) / times,
        kept=(np.where(told, likeness, 0.0) >= _SAME).sum(axis=0) / times,
    )


def _likeness(
    before: NDArray[np.int64], after: NDArray[np.int64], groups: int
) -> NDArray[np.float64]:
    """Return the Jaccard similarity of each group to the most alike one after; NaN if empty."""
    shared = np.zeros((groups, int(after.max(initial=-1)) + 1))
    both = (before >= 0) & (after >= 0)
    np.add.at(shared, (before[both], after[both]), 1.0)
    own = np.bincount(before[before >= 0], minlength=groups).astype(np.float64)
    new = np.bincount(after[after >= 0], minlength=shared.shape[1]).astype(np.float64)
    union = own[:, None] + new[None, :] - shared
    best = (shared / np.maximum(union, 1.0)).max(axis=1, initial=0.0)
    return np.where(own > 0, best, np.nan)
