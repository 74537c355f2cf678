"""Where the next events will be: several smoothing scales at once, their weights learned.

Each event is spread by Gaussian kernels of several widths; beside them stand
the plain count per cell and an even spread. The weights are those under which
each event is best foretold by all the others, so that sixty events give a
broad picture and ten thousand a sharp one, and no width has to be chosen.

A Gaussian is a product of one eastwards and one northwards, so what a kernel
puts into each cell is exact and cheap: two short tables of masses, one for the
columns and one for the rows, and a product of matrices. Many events are first
gathered onto a fine grid, and cost no more than its rows and columns do.

References
----------
Habbema, Hermans and van den Broek (1974), COMPSTAT: leave-one-out likelihood.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.special import ndtr

from geo.grid import Grid
from geo.mixture import mixture_weights

__all__ = ["Density", "DensitySettings", "estimate_density", "kernel_density"]

#: More events than this are gathered onto the fine grid; fewer stay where they are.
EXACT_UP_TO = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DensitySettings:
    """How densities are estimated.

    Parameters
    ----------
    scales_m
        Bandwidths of the kernels, metres.
    fine
        Many events are gathered onto a grid that cuts each cell into so many by so many.
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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Events:
    """Events in the order of their places, those at one place counted together.

    Parameters
    ----------
    x_m, y_m
        Every eastward and northward position that occurs, once, metres.
    column, row
        Of each place, its position in `x_m` and `y_m`.
    weight
        How many events are at each place.
    """

    x_m: NDArray[np.float64]
    y_m: NDArray[np.float64]
    column: NDArray[np.int64]
    row: NDArray[np.int64]
    weight: NDArray[np.float64]

    @property
    def xy_m(self) -> NDArray[np.float64]:
        """Return the places, shape (places, 2)."""
        return np.column_stack([self.x_m[self.column], self.y_m[self.row]])


def kernel_density(
    xy_m: NDArray[np.float64], grid: Grid, bandwidth_m: float, *, fine: int = 5
) -> NDArray[np.float64]:
    """Return each cell's share of points spread by a Gaussian kernel, shape (cells,).

    Parameters
    ----------
    xy_m
        Points, shape (n, 2), metres; those outside the grid are not seen.
    fine
        Many points are gathered onto a grid that cuts each cell into so many by so many.
    """
    events = _events(xy_m[grid.cells_of(xy_m) >= 0], grid, fine)
    spread, _ = _spread(events, grid, bandwidth_m)
    return spread / max(float(events.weight.sum()), 1.0)


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
    xy_m = xy_m[(cell >= 0) & area[cell]]
    even = area / max(int(area.sum()), 1)
    names = ["count", *(f"kernel_{s:g}" for s in settings.scales_m), "even"]
    if len(xy_m) < 2:  # noqa: PLR2004 - one event cannot be foretold by the others
        return Density(share=even, weights=dict.fromkeys(names[:-1], 0.0) | {"even": 1.0})
    events = _events(xy_m, grid, settings.fine)
    layers, left_out = _layers(events, grid, settings)
    foretold = np.column_stack([left_out, even[grid.cells_of(events.xy_m)]])
    weights = mixture_weights(
        foretold, events.weight, pseudo=settings.pseudo_events, iterations=settings.iterations
    )
    share = np.where(area, weights @ np.vstack([layers, even]), 0.0)
    return Density(
        share=share / share.sum(), weights=dict(zip(names, weights.tolist(), strict=True))
    )


def _events(xy_m: NDArray[np.float64], grid: Grid, fine: int) -> _Events:
    """Return points of the grid by place; many of them moved to the middle of a fine cell."""
    if len(xy_m) > EXACT_UP_TO:
        finer = grid.split(fine)
        cell, weight = np.unique(finer.cells_of(xy_m), return_counts=True)
        x_m = (finer.west + cell % finer.n_x + 0.5) * finer.cell_m
        y_m = (finer.south + cell // finer.n_x + 0.5) * finer.cell_m
    else:
        places, weight = np.unique(xy_m, axis=0, return_counts=True)
        x_m, y_m = places.T
    columns, column = np.unique(x_m, return_inverse=True)
    rows, row = np.unique(y_m, return_inverse=True)
    return _Events(x_m=columns, y_m=rows, column=column, row=row, weight=weight.astype(np.float64))


def _spread(
    events: _Events, grid: Grid, bandwidth_m: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what kernels put into each cell, and how much of one event stays in its own cell."""
    east = _masses(events.x_m, grid.west, grid.n_x, grid.cell_m, bandwidth_m)
    north = _masses(events.y_m, grid.south, grid.n_y, grid.cell_m, bandwidth_m)
    met = csr_array(
        (events.weight, (events.row, events.column)), shape=(len(events.y_m), len(events.x_m))
    )
    cell = grid.cells_of(events.xy_m)
    own = east[events.column, cell % grid.n_x] * north[events.row, cell // grid.n_x]
    return (north.T @ (met @ east)).ravel(), own


def _masses(
    at_m: NDArray[np.float64], first: int, n: int, cell_m: float, bandwidth_m: float
) -> NDArray[np.float64]:
    """Return how much of a normal curve around each position lies in each of n cells in a row."""
    edges = (first + np.arange(n + 1)) * cell_m
    return np.diff(ndtr((edges[None, :] - at_m[:, None]) / bandwidth_m), axis=1)


def _layers(
    events: _Events, grid: Grid, settings: DensitySettings
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the shares by plain count and by each kernel, and what the others foretell.

    The first has shape (1 + scales, cells). The second, shape (places, 1 + scales),
    is the share of an event's cell when that one event had never been.
    """
    n = float(events.weight.sum())
    cell = grid.cells_of(events.xy_m)
    count = np.bincount(cell, weights=events.weight, minlength=grid.n_x * grid.n_y)
    spread = [_spread(events, grid, scale) for scale in settings.scales_m]
    layers = np.vstack([count, *(masses for masses, _ in spread)])
    own = np.column_stack([np.ones(len(cell)), *(kept for _, kept in spread)])
    return layers / n, np.maximum(layers[:, cell].T - own, 0.0) / (n - 1.0)
