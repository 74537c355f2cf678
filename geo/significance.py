"""Which units stand out from their surroundings, with the false discoveries held down.

References
----------
Ord and Getis (1995), Geographical Analysis 27 (4): the local statistic G*.
Benjamini and Yekutieli (2001), Annals of Statistics 29 (4): the false discovery
rate under dependence, as neighbouring units have it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.spatial import cKDTree
from scipy.stats import false_discovery_control, norm

from data.messages import Message
from geo.guard import missing_cases

__all__ = ["LEAST_CASES", "LEAST_UNITS", "Standout", "getis_ord"]

#: Below this many units or cases the statistic's normal law does not hold.
LEAST_UNITS = 30
LEAST_CASES = 30


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Standout:
    """How far each unit stands out, shape (n,) each; empty with a verdict where it cannot be said.

    Parameters
    ----------
    z
        Standard deviations above (or below) what the whole area would give.
    p
        Chance of standing out so far or farther by luck alone, one-sided.
    q
        The same, corrected for having looked at every unit.
    """

    z: NDArray[np.float64]
    p: NDArray[np.float64]
    q: NDArray[np.float64]
    verdict: Message | None = None


def getis_ord(
    xy_m: NDArray[np.float64], value: NDArray[np.float64], band_m: float, *, n_cases: int
) -> Standout:
    """Return G* of each unit: its own value and its neighbours' against all.

    Where there are too few units or cases, or all units are alike, nothing is
    returned but why.

    Parameters
    ----------
    xy_m
        Middle of each unit, shape (n, 2), metres.
    value
        What is compared, shape (n,): a rate per hour of presence.
    band_m
        Units nearer than this are neighbours, metres.
    n_cases
        How many cases the values rest on.
    """
    n = len(value)
    verdict = _refusal(value, n_cases)
    if verdict is not None:
        nothing = np.empty(0)
        return Standout(z=nothing, p=nothing, q=nothing, verdict=verdict)
    pairs = cKDTree(xy_m).query_pairs(band_m, output_type="ndarray")
    rows = np.concatenate([pairs[:, 0], pairs[:, 1], np.arange(n)])
    columns = np.concatenate([pairs[:, 1], pairs[:, 0], np.arange(n)])
    weights = csr_array((np.ones(len(rows)), (rows, columns)), shape=(n, n))
    mean, spread = value.mean(), value.std()
    count = weights.sum(axis=1)
    expected_spread = spread * np.sqrt((n * count - count**2) / (n - 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (weights @ value - mean * count) / expected_spread
    z = np.where(expected_spread > 0, z, 0.0)  # a unit with everybody as neighbour
    p = norm.sf(z)
    return Standout(z=z, p=p, q=false_discovery_control(p, method="by"))


def _refusal(value: NDArray[np.float64], n_cases: int) -> Message | None:
    """Return why nothing can be said, with what is missing."""
    if n_cases < LEAST_CASES:
        return missing_cases(n_cases, LEAST_CASES)
    if len(value) < LEAST_UNITS:
        have = {"have": len(value), "needed": LEAST_UNITS}
        return Message("findings.missing_units", {"n": LEAST_UNITS - len(value), **have})
    return None if np.ptp(value) > 0 else Message("findings.units_alike")
