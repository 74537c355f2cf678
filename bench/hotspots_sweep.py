"""Next month's events on last months' map, at the sizes our users have: the whole table.

``python -m bench.hotspots_sweep FILE.csv.gz [--months 2010-06 2010-07 2010-08] [--seeds 5]``

Every size, offence, month and seed of `bench.hotspots`, with the mean PAI of each
method over offences and months, and ours against the best of the others *chosen
with hindsight* for that size and share; and how well the forecast knows how sure
it is. Prints both tables, and one JSON object as its last line.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bench.hotspots import StudyArea, hit_rate, method_scores, study_area
from bench.hotspots_calibration import calibration

__all__ = ["Task", "main", "pai_table", "ratios", "tasks"]

OFFENCES = ("robbery", "burglary", "auto theft", "aggravated assault")
#: Training events; zero stands for all of them.
SIZES = (60, 120, 300, 1000, 0)
SHARES = (0.01, 0.05)
CELL_M = 250.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Task:
    """One map to draw and to judge.

    Parameters
    ----------
    size
        Of the sample; zero stands for all events.
    past_m, days_ago
        The events the map is drawn from, shape (n, 2), metres, and how old each is, shape (n,).
    days_ahead
        Length of the month.
    drawn
        Share of the past events that the sample holds.
    hits
        Events of the month, shape (cells of the study area,).
    """

    offence: str
    month: str
    size: int
    seed: int
    past_m: NDArray[np.float64]
    days_ago: NDArray[np.float64]
    days_ahead: float
    drawn: float
    hits: NDArray[np.float64]


def tasks(
    events: pd.DataFrame, area: StudyArea, months: Sequence[str], seeds: int
) -> Iterator[Task]:
    """Yield every offence, month, size and seed; all events need no seed but the first."""
    events = events[area.kept]
    for offence in OFFENCES:
        wanted = events["offence"].eq(offence)
        for month in months:
            begins = pd.Timestamp(month)
            ends = begins + pd.offsets.MonthBegin(1)
            now = wanted & events["local_time"].between(begins, ends, inclusive="left")
            past = (wanted & (events["local_time"] < begins)).to_numpy()
            days_ago = (begins - events["local_time"][past]).dt.total_seconds().to_numpy() / 86_400
            if not past.any() or not now.any():
                continue
            cells = area.grid.cells_of(area.xy_m[now.to_numpy()])
            hits = np.bincount(cells, minlength=len(area.inside))[area.inside].astype(np.float64)
            for size in SIZES:
                for seed in range(1, seeds + 1 if size else 2):
                    chosen = _sample(len(days_ago), size, seed)
                    yield Task(
                        offence=offence,
                        month=month,
                        size=size,
                        seed=seed,
                        past_m=area.xy_m[past][chosen],
                        days_ago=days_ago[chosen],
                        days_ahead=float((ends - begins).days),
                        drawn=len(chosen) / len(days_ago),
                        hits=hits,
                    )


def _sample(n: int, size: int, seed: int) -> NDArray[np.int64]:
    if not size or size >= n:
        return np.arange(n)
    return np.sort(np.random.default_rng(seed).choice(n, size=size, replace=False))


def pai_table(drawn: Sequence[Task], area: StudyArea) -> pd.DataFrame:
    """Return the PAI of every task, method and share, one row each."""
    rows = []
    for task in drawn:
        for method, score in method_scores(task.past_m, area).items():
            for share in SHARES:
                n = max(round(share * len(score)), 1)
                pai = hit_rate(score, task.hits, n) / (n / len(score))
                rows.append((task.offence, task.month, task.size, share, method, pai))
    names = ["offence", "month", "size", "share", "method", "pai"]
    return pd.DataFrame(rows, columns=names)


def ratios(table: pd.DataFrame) -> pd.DataFrame:
    """Return mean PAI by size and share, a column a method, and `ratio`: ours to the best other.

    Seeds are averaged first, so that each offence and month has the same say.
    """
    of_month = table.groupby(["size", "share", "method", "offence", "month"])["pai"].mean()
    means = of_month.reset_index().pivot_table(
        index=["size", "share"], columns="method", values="pai", aggfunc="mean"
    )[table["method"].unique()]
    return means.assign(ratio=means["ours"] / means.drop(columns="ours").max(axis=1))


def _printed(means: pd.DataFrame) -> None:
    methods = [name for name in means.columns if name != "ratio"]
    print(" ".join([f"{'events':>6s} {'area':>5s}", *(f"{m:>9s}" for m in methods), "    ratio"]))
    for size in SIZES:
        for share in SHARES:
            row = means.loc[(size, share)]
            values = " ".join(f"{row[name]:9.2f}" for name in methods)
            print(f"{size or 'all':>6} {share:5.0%} {values} {row['ratio']:9.3f}")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print the table and one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--months", nargs="+", default=["2010-06", "2010-07", "2010-08"])
    parser.add_argument("--seeds", type=int, default=5)
    options = parser.parse_args(arguments)

    began = time.perf_counter()
    events = pd.read_csv(options.file, parse_dates=["local_time"])
    area = study_area(events, CELL_M)
    drawn = list(tasks(events, area, options.months, options.seeds))
    if not drawn:
        parser.error("no event before the months, or none in them")
    means, sure = ratios(pai_table(drawn, area)), calibration(drawn, area)
    _printed(means)
    print(sure.rename(index={0: "all"}).round(3).to_string())
    by_size = means["ratio"].groupby("size").mean()
    result = {
        "ratios": {
            str(size or "all"): [round(float(means.loc[(size, s), "ratio"]), 4) for s in SHARES]
            for size in SIZES
        },
        "least": round(float(means["ratio"].min()), 4),
        "mean": round(float(by_size.mean()), 4),
        "calibration": {
            str(size or "all"): {
                "groups": int(sure.loc[size, "groups"]),
                "pit": round(float(sure.loc[size, "pit"]), 4),
                "coverage": round(float(sure.loc[size, "coverage"]), 4),
            }
            for size in SIZES
        },
        "seconds": round(time.perf_counter() - began, 3),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
