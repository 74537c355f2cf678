"""Where the next events will be: several smoothing scales at once, their weights learned.

Each event is spread by Gaussian kernels of several widths; beside them stand
the plain count per cell and an even spread. The weights are those under which
each event is best foretold by all the others, so that sixty events give a
broad picture and ten thousand a sharp one, and no width has to be chosen.

References
----------
Habbema, Hermans and van den Broek (1974), COMPSTAT: leave-one-out likelihood.
Dempster, Laird and Rubin (1977), JRSS B 39 (1): the EM algorithm.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from geo.grid import Grid

__all__ = ["Density", "DensitySettings", "estimate_density", "kernel_density"]

#: Kernels are cut off after so many bandwidths.
TRUNCATE = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DensitySettings:
    """How densities are estimated.

    Parameters
    ----------
    scales_m
        Bandwidths of the kernels, metres.
    fine
        Each cell is cut into so many by so many before smoothing.
    pseudo_events
        Strength of the prior, which holds every scale to be equally likely.
    iterations
        Of the search for weights.
    """

    scales_m: tuple[float, ...] = (150.0, 300.0, 600.0, 1000.0, 1500.0, 2500.0, 5000.0)
    fine: int = 5
    pseudo_events: float = 4.0
    iterations: int = 300


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Density:
    """Share of the events to come in each cell.

    Parameters
    ----------
    share
        Shape (cells,), summing to one over the cells of the study area, zero elsewhere.
    weights
        Of ``count``, of every scale in metres (``kernel_600``), and of ``even``.
    """

    share: NDArray[np.float64]
    weights: dict[str, float]


def kernel_density(
    xy_m: NDArray[np.float64], grid: Grid, bandwidth_m: float, *, fine: int = 5
) -> NDArray[np.float64]:
    """Return each cell's share of points spread by a Gaussian kernel, shape (cells,).

    Parameters
    ----------
    xy_m
        Points, shape (n, 2), metres; those outside the grid are not seen.
    fine
        Each cell is cut into so many by so many before smoothing.
    """
    finer = grid.split(fine)
    return _gathered(_smoothed(_counts(xy_m, finer), finer, bandwidth_m), grid, fine)


def estimate_density(
    xy_m: NDArray[np.float64],
    grid: Grid,
    *,
    inside: NDArray[np.bool_] | None = None,
    settings: DensitySettings | None = None,
) -> Density:
    """Return the share of coming events in each cell, learned from past ones.

    Parameters
    ----------
    xy_m
        Past events, shape (n, 2), metres; those outside the study area are not seen.
    inside
        The cells of the study area, shape (cells,); by default all.
    """
    settings = settings or DensitySettings()
    area = np.ones(grid.n_x * grid.n_y, dtype=bool) if inside is None else inside
    cell = grid.cells_of(xy_m)
    seen = (cell >= 0) & area[cell]
    xy_m, cell = xy_m[seen], cell[seen]
    even = area / max(int(area.sum()), 1)
    names = ["count", *(f"kernel_{s:g}" for s in settings.scales_m), "even"]
    if len(cell) < 2:  # noqa: PLR2004 - one event cannot be foretold by the others
        return Density(share=even, weights=dict.fromkeys(names[:-1], 0.0) | {"even": 1.0})
    layers = _layers(xy_m, grid, settings)
    left_out = _left_out(xy_m, cell, grid, layers, settings)
    foretold = np.column_stack([left_out, even[cell]])
    weights = _weights(foretold, settings)
    share = np.where(area, weights @ np.vstack([layers, even]), 0.0)
    return Density(
        share=share / share.sum(), weights=dict(zip(names, weights.tolist(), strict=True))
    )


def _counts(xy_m: NDArray[np.float64], grid: Grid) -> NDArray[np.float64]:
    cells = grid.cells_of(xy_m)
    found = np.bincount(cells[cells >= 0], minlength=grid.n_x * grid.n_y)
    return found.reshape(grid.shape).astype(np.float64)


def _smoothed(counts: NDArray[np.float64], finer: Grid, bandwidth_m: float) -> NDArray[np.float64]:
    total = max(counts.sum(), 1.0)
    sigma = bandwidth_m / finer.cell_m
    return gaussian_filter(counts / total, sigma, mode="constant", truncate=TRUNCATE)


def _gathered(fine_values: NDArray[np.float64], grid: Grid, fine: int) -> NDArray[np.float64]:
    blocks = fine_values.reshape(grid.n_y, fine, grid.n_x, fine)
    return blocks.sum(axis=(1, 3)).ravel()


def _layers(
    xy_m: NDArray[np.float64], grid: Grid, settings: DensitySettings
) -> NDArray[np.float64]:
    """Return the shares by plain count and by each kernel, shape (1 + scales, cells)."""
    finer = grid.split(settings.fine)
    counts = _counts(xy_m, finer)
    smooth = [
        _gathered(_smoothed(counts, finer, scale), grid, settings.fine)
        for scale in settings.scales_m
    ]
    return np.vstack([_gathered(counts / counts.sum(), grid, settings.fine), *smooth])


def _left_out(
    xy_m: NDArray[np.float64],
    cell: NDArray[np.int64],
    grid: Grid,
    layers: NDArray[np.float64],
    settings: DensitySettings,
) -> NDArray[np.float64]:
    """Return each event's cell's share foretold by the other events, shape (n, 1 + scales)."""
    n = len(cell)
    finer = grid.split(settings.fine)
    fine_cell = finer.cells_of(xy_m)
    offset_x = fine_cell % finer.n_x % settings.fine
    offset_y = fine_cell // finer.n_x % settings.fine
    own = [np.ones(n)]
    for scale in settings.scales_m:
        kept = _own_mass(scale / finer.cell_m, settings.fine)
        own.append(kept[offset_x] * kept[offset_y])
    others = n * layers[:, cell].T - np.column_stack(own)
    return np.maximum(others, 0.0) / (n - 1)


def _own_mass(sigma: float, fine: int) -> NDArray[np.float64]:
    """Return how much of a kernel stays in its own cell, by where in the cell it stands."""
    reach = int(TRUNCATE * sigma + 0.5)
    line = np.zeros(2 * reach + 1)
    line[reach] = 1.0
    kernel = gaussian_filter(line, sigma, mode="constant", truncate=TRUNCATE)
    steps = np.arange(fine)[:, None] - np.arange(fine)[None, :]
    within = np.abs(steps) <= reach
    return np.where(within, kernel[np.clip(steps + reach, 0, 2 * reach)], 0.0).sum(axis=1)


def _weights(foretold: NDArray[np.float64], settings: DensitySettings) -> NDArray[np.float64]:
    """Return the weights under which the events are likeliest, by expectation and maximisation."""
    k = foretold.shape[1]
    prior = settings.pseudo_events / k
    weights = np.full(k, 1.0 / k)
    for _ in range(settings.iterations):
        parts = foretold * weights
        due = (parts / np.maximum(parts.sum(axis=1, keepdims=True), 1e-300)).sum(axis=0)
        weights = (due + prior) / (due.sum() + settings.pseudo_events)
    return weights
