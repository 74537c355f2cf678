"""What the neighbours of each unit have in common: a smoothed rate that leaves the unit out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

__all__ = ["rate_around"]

Floats = NDArray[np.float64]

#: Bins to a bandwidth, and how many bins there may be before they are made coarser.
_FINE = 3.0
_MOST_BINS = 16_000_000
_TRUNCATE = 3.0


def rate_around(
    xy_m: Floats, n: Floats, exposure: Floats, bandwidth_m: float, town: Floats
) -> Floats:
    """Return the rate of each unit's surroundings, without the unit itself, shape (n,).

    Neighbours count by a Gaussian of their distance, on bins of a third of the
    bandwidth that belong to the metric system and not to the data. With one
    expected case the municipality's rate is weighed against them, so that a lonely
    unit has that.

    Parameters
    ----------
    xy_m
        Points, shape (n, 2), metres.
    n, exposure
        Count and exposure of each unit, shape (n,).
    town
        The municipality's rate without the unit, shape (n,); above nought.
    """
    bin_m = bandwidth_m / _FINE
    spread = np.ptp(xy_m, axis=0) / bin_m + 1.0
    bin_m *= max(np.sqrt(spread.prod() / _MOST_BINS), 1.0)
    bins = np.floor(xy_m / bin_m).astype(np.int64)
    bins -= bins.min(axis=0)
    own = tuple(bins.T)
    shape = tuple(bins.max(axis=0) + 1)
    sigma = bandwidth_m / bin_m
    middle = _at_middle(sigma)

    def around(values: Floats) -> Floats:
        raster = np.zeros(shape)
        np.add.at(raster, own, values)
        smooth = gaussian_filter(raster, sigma, mode="constant", truncate=_TRUNCATE)
        # A neighbour at no distance counts once.
        return np.maximum(smooth[own] / middle - values, 0.0)

    return np.asarray((around(n) + 1.0) / (around(exposure) + 1.0 / town))


def _at_middle(sigma: float) -> float:
    """Return what the filter leaves of a single value in its own bin."""
    reach = int(_TRUNCATE * sigma + 0.5)
    single = np.zeros(2 * reach + 1)
    single[reach] = 1.0
    return float(gaussian_filter(single, sigma, mode="constant", truncate=_TRUNCATE)[reach] ** 2)
