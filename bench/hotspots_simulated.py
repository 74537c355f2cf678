"""Ours against counting and single kernels in towns whose truth is known: four simulated kinds.

``python -m bench.hotspots_simulated [--seeds 5]``

A year of events is drawn from a known intensity, and each method's map is judged by
how much of the *true* intensity of the following month its best cells hold: no luck
of a test month, and the best possible is known. Nothing in the estimator is tuned
on these towns. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bench.hotspots import StudyArea, hit_rate, method_scores
from geo.grid import Grid

__all__ = ["FAMILIES", "drawn", "main", "measured"]

SIZES = (60, 120, 300, 1000)
SHARES = (0.01, 0.05, 0.10)
MONTHS = 12
#: A town of ten kilometres by ten.
SIDE_CELLS, CELL_M = 40, 250.0
_SIDE_M = SIDE_CELLS * CELL_M
#: Points of a street are this far apart, and a case this far from its street.
_STEP_M, _KERB_M = 25.0, 30.0

#: The intensity of each month and of the one after them, shape (months + 1, cells).
Truth = NDArray[np.float64]


def _grid() -> Grid:
    return Grid(west=0, south=0, n_x=SIDE_CELLS, n_y=SIDE_CELLS, cell_m=CELL_M)


def _bumps(centres: NDArray[np.float64], weights: NDArray[np.float64], spread_m: float) -> Truth:
    """Return the mass of Gaussians at the cells' centres, shape (cells,), summing to one."""
    gap = _grid().centres()[:, None, :] - centres[None, :, :]
    mass = np.exp(-0.5 * (gap**2).sum(axis=2) / spread_m**2) @ weights
    return mass / mass.sum()


def _even() -> Truth:
    return np.full(SIDE_CELLS**2, 1.0 / SIDE_CELLS**2)


def _always(truth: Truth) -> Truth:
    return np.tile(truth, (MONTHS + 1, 1))


def points_on_even_ground(rng: np.random.Generator) -> Truth:
    """Return eight strong points, half of all events, and even ground."""
    centres, weights = rng.uniform(0.0, _SIDE_M, (8, 2)), rng.dirichlet(np.full(8, 2.0))
    return _always(0.5 * _bumps(centres, weights, 150.0) + 0.5 * _even())


def broad_gradient(rng: np.random.Generator) -> Truth:
    """Return one hill three kilometres wide, somewhere."""
    centre = rng.uniform(0.25 * _SIDE_M, 0.75 * _SIDE_M, (1, 2))
    return _always(_bumps(centre, np.ones(1), 3000.0))


def along_streets(rng: np.random.Generator) -> Truth:
    """Return a log-Gaussian Cox process on fifteen straight streets: some stretches are busy."""
    total = np.zeros(SIDE_CELLS**2)
    for _ in range(15):
        ends = rng.uniform(0.0, _SIDE_M, (2, 2))
        n = max(int(np.linalg.norm(ends[1] - ends[0]) / _STEP_M), 2)
        along = ends[0] + np.linspace(0.0, 1.0, n)[:, None] * (ends[1] - ends[0])
        walk = np.convolve(rng.normal(size=n + 20), np.ones(21) / np.sqrt(21.0), mode="valid")
        cells = _grid().cells_of(along + rng.normal(0.0, _KERB_M, along.shape))
        np.add.at(total, cells[cells >= 0], np.exp(1.2 * walk)[cells >= 0])
    return _always(total / total.sum())


def points_that_move(rng: np.random.Generator) -> Truth:
    """Return eight strong points that walk some 300 metres each month, on even ground."""
    centres, weights = rng.uniform(0.0, _SIDE_M, (8, 2)), rng.dirichlet(np.full(8, 2.0))
    months = []
    for _ in range(MONTHS + 1):
        months.append(0.7 * _bumps(centres, weights, 150.0) + 0.3 * _even())
        centres = np.clip(centres + rng.normal(0.0, 300.0 / np.sqrt(2.0), (8, 2)), 0.0, _SIDE_M - 1)
    return np.array(months)


FAMILIES: dict[str, Callable[[np.random.Generator], Truth]] = {
    one.__name__: one
    for one in (points_on_even_ground, broad_gradient, along_streets, points_that_move)
}


def drawn(truth: Truth, n: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return events of all months but the last, shape (n, 2), anywhere in their cells."""
    month = rng.integers(0, MONTHS, n)
    cells = np.array([rng.choice(truth.shape[1], p=truth[m]) for m in month])
    corner = _grid().centres()[cells] - CELL_M / 2.0
    return corner + rng.uniform(0.0, CELL_M, (n, 2))


def measured(family: str, size: int, seeds: int) -> pd.DataFrame:
    """Return the share of the coming month found, a row a seed and share, a column a method."""
    rows = []
    for seed in range(1, seeds + 1):
        # A town has the same truth at every size.
        town, events = np.random.default_rng([seed, 0]), np.random.default_rng([seed, size])
        truth = FAMILIES[family](town)
        xy_m = drawn(truth, size, events)
        everywhere = np.ones(SIDE_CELLS**2, dtype=bool)
        area = StudyArea(grid=_grid(), inside=everywhere, kept=np.ones(size, bool), xy_m=xy_m)
        scores = {**method_scores(xy_m, area), "possible": truth[-1]}
        for share in SHARES:
            n = max(round(share * SIDE_CELLS**2), 1)
            found = {name: hit_rate(score, truth[-1], n) for name, score in scores.items()}
            rows.append({"share": share, "seed": seed, **found})
    return pd.DataFrame(rows)


def _row(family: str, size: int, seeds: int) -> list[dict[str, Any]]:
    table = measured(family, size, seeds).drop(columns="seed").groupby("share").mean()
    rows: list[dict[str, Any]] = []
    for share, means in table.iterrows():
        others = means.drop(["ours", "possible"])
        rows.append(
            {
                "family": family,
                "events": size,
                "share": share,
                "ours": round(float(means["ours"]), 4),
                "best_other": str(others.idxmax()),
                "other": round(float(others.max()), 4),
                "possible": round(float(means["possible"]), 4),
                "to_other": round(float(means["ours"] / others.max()), 4),
                "to_possible": round(float(means["ours"] / means["possible"]), 4),
            }
        )
    return rows


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    options = parser.parse_args(arguments)
    began = time.perf_counter()
    rows = [
        row
        for name in FAMILIES
        for size in options.sizes
        for row in _row(name, size, options.seeds)
    ]
    result = {
        "rows": rows,
        "least": min(row["to_other"] for row in rows),
        "seconds": round(time.perf_counter() - began, 3),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
