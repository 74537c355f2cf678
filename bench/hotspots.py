"""Next month's events on last months' map: ours against counting and single kernels.

``python -m bench.hotspots FILE.csv.gz --train-until 2010-07-01 --test-until 2010-08-01
--cell-m 250 --shares 0.01 0.05 [--offence robbery] [--sample 120] [--seed 1]``

Public crime reports stand in for events with a place and a time; nothing here
is about children, and nothing in the estimator is fitted to a city.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from data.crs import metric_crs_at, to_metres
from geo.density import estimate_density, kernel_density
from geo.grid import Grid, grid_over

__all__ = ["StudyArea", "hit_rate", "main", "method_scores", "study_area"]

BANDWIDTHS_M = (150, 250, 500, 1000, 2000)
#: Events outside these quantiles of either axis are dropped: misplaced addresses.
TRIM = (0.001, 0.999)
REACH_M = 1000.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StudyArea:
    """The cells every method is judged on, and the events that belong to them.

    Parameters
    ----------
    inside
        Which cells of the grid count, shape (cells,).
    kept
        Which rows of the file are not dropped, shape (rows,).
    xy_m
        Of the kept rows, shape (n, 2), metres.
    """

    grid: Grid
    inside: NDArray[np.bool_]
    kept: NDArray[np.bool_]
    xy_m: NDArray[np.float64]


def study_area(events: pd.DataFrame, cell_m: float) -> StudyArea:
    """Return the cells within a kilometre of any event of the file, misplaced ones dropped."""
    lonlat = events[["longitude", "latitude"]].to_numpy(dtype=np.float64)
    low, high = np.quantile(lonlat, TRIM, axis=0)
    kept = ((lonlat >= low) & (lonlat <= high)).all(axis=1)
    centre = np.median(lonlat[kept], axis=0)
    xy_m = to_metres(lonlat[kept], metric_crs_at(float(centre[0]), float(centre[1])))
    grid = grid_over(xy_m, cell_m, margin_m=REACH_M)
    gap, _ = cKDTree(np.unique(xy_m, axis=0)).query(grid.centres(), distance_upper_bound=REACH_M)
    return StudyArea(grid=grid, inside=np.isfinite(gap), kept=kept, xy_m=xy_m)


def hit_rate(score: NDArray[np.float64], hits: NDArray[np.float64], n_chosen: int) -> float:
    """Return the share of hits in the highest cells.

    Cells that tie at the edge share the remaining choices evenly: the mean over
    every way of breaking the tie, so no method is lucky.
    """
    edge = np.partition(score, len(score) - n_chosen)[len(score) - n_chosen]
    above, tied = score > edge, score == edge
    left = n_chosen - int(above.sum())
    found = hits[above].sum() + hits[tied].sum() * left / int(tied.sum())
    return float(found / hits.sum())


def method_scores(xy_m: NDArray[np.float64], area: StudyArea) -> dict[str, NDArray[np.float64]]:
    """Return every method's score of each cell of the study area, by its name."""
    cells = area.grid.cells_of(xy_m)
    scores = {
        "ours": estimate_density(xy_m, area.grid, inside=area.inside).share,
        "count": np.bincount(cells, minlength=len(area.inside)).astype(np.float64),
    }
    for bandwidth in BANDWIDTHS_M:
        scores[f"kde_{bandwidth}"] = kernel_density(xy_m, area.grid, float(bandwidth))
    return {name: score[area.inside] for name, score in scores.items()}


def _judged(
    scores: dict[str, NDArray[np.float64]], hits: NDArray[np.float64], shares: Sequence[float]
) -> dict[str, dict[str, list[float]]]:
    judged = {}
    for name, score in scores.items():
        chosen = [max(round(share * len(score)), 1) for share in shares]
        rates = [hit_rate(score, hits, n) for n in chosen]
        pai = [rate / (n / len(score)) for rate, n in zip(rates, chosen, strict=True)]
        judged[name] = {
            "pai": [round(p, 4) for p in pai],
            "hit_rate": [round(r, 5) for r in rates],
        }
    return judged


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--train-until", type=pd.Timestamp, required=True)
    parser.add_argument("--test-until", type=pd.Timestamp, required=True)
    parser.add_argument("--cell-m", type=float, default=250.0)
    parser.add_argument("--shares", type=float, nargs="+", default=[0.01, 0.05])
    parser.add_argument("--offence")
    parser.add_argument("--sample", type=int)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)

    began = time.perf_counter()
    events = pd.read_csv(options.file, parse_dates=["local_time"])
    area = study_area(events, options.cell_m)
    events = events[area.kept]
    wanted = events["offence"].eq(options.offence) if options.offence else events["offence"].notna()
    past = (wanted & (events["local_time"] < options.train_until)).to_numpy()
    later = events["local_time"].between(options.train_until, options.test_until, inclusive="left")
    train, test = area.xy_m[past], area.xy_m[(wanted & later).to_numpy()]
    if not len(train) or not len(test):
        parser.error("no event before --train-until, or none before --test-until")
    if options.sample is not None and options.sample < len(train):
        rng = np.random.default_rng(options.seed)
        train = train[np.sort(rng.choice(len(train), size=options.sample, replace=False))]
    hits = np.bincount(area.grid.cells_of(test), minlength=len(area.inside))[area.inside]
    methods = _judged(method_scores(train, area), hits.astype(np.float64), options.shares)
    result = {
        "cells": int(area.inside.sum()),
        "train": len(train),
        "test": len(test),
        "shares": options.shares,
        "methods": methods,
        "seconds": round(time.perf_counter() - began, 3),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
