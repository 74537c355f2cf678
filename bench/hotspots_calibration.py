"""Whether next month's counts are as sure as the forecast says: the sweep's other table.

A sample stands for a city with so many events, so the month is thinned alike:
each of its events is kept with the sample's share, twenty times over.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bench.hotspots import StudyArea
from geo.calibration import check, distance_to_uniform
from geo.forecast import forecast, parts_of, sum_parts

if TYPE_CHECKING:
    from bench.hotspots_sweep import Task

__all__ = ["calibration", "distance_to_uniform"]

THINNINGS = 20


def calibration(drawn: Sequence[Task], area: StudyArea) -> pd.DataFrame:
    """Return by size: groups judged, distance of the PIT to uniform, coverage of 80 % intervals.

    The groups are cells, the likeliest first, that expect five events together.
    """
    judged: dict[int, list[NDArray[np.float64]]] = {}
    for task in drawn:
        judged.setdefault(task.size, []).append(_judged(task, area))
    rows = []
    for size, parts in judged.items():
        pit, covered = np.vstack(parts).T
        rows.append((size, len(pit), distance_to_uniform(pit), covered.mean()))
    return pd.DataFrame(rows, columns=["size", "groups", "pit", "coverage"]).set_index("size")


def _judged(task: Task, area: StudyArea) -> NDArray[np.float64]:
    """Return the randomised PIT of each group, and whether its interval held it."""
    made = forecast(task.past_m, task.days_ago, task.days_ahead, area.grid, area.inside)
    expected = made.expected[area.inside]
    part = parts_of(expected)
    if part.max() < 0:
        return np.empty((0, 2))
    mean, met = sum_parts(part, expected), sum_parts(part, task.hits).astype(np.int64)
    rng = np.random.default_rng(task.seed)
    found = [met] if task.drawn >= 1.0 else rng.binomial(met, task.drawn, (THINNINGS, len(met)))
    rows = [check(made, mean, counts, rng) for counts in np.asarray(found, dtype=np.float64)]
    return np.vstack([np.column_stack([one.pit, one.held[0]]) for one in rows])
