"""The chart of `bench.feedback`: visits to each fifth of places against what it deserves."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

__all__ = ["draw"]


def draw(path: Path, cities: Mapping[str, Mapping[str, Mapping[str, object]]], note: str) -> None:
    """Draw visits to each fifth against what it deserves."""
    mpl.rcParams["svg.hashsalt"] = "feedback"
    figure = Figure(figsize=(9, 4.2), layout="constrained")
    axes = figure.subplots(1, 2, sharey=True)
    titles = {
        "equal": "Equal rates: fifths by how well the first data knew them",
        "unequal": "Unequal rates: fifths by true rate",
    }
    looks = {"ours": ("Fener", "#00695c", -0.2), "raw_counts": ("raw counts", "#b85c00", 0.2)}
    for axis, city in zip(axes, cities, strict=True):
        for planner, (label, colour, shift) in looks.items():
            heights = 100 * np.array(cities[city][planner]["share_ending"])
            axis.bar(np.arange(5) + shift, heights, 0.38, label=label, color=colour)
        deserved = 100 * np.array(cities[city]["ours"]["deserved"])
        axis.hlines(
            deserved, np.arange(5) - 0.45, np.arange(5) + 0.45, color="black", label="deserved"
        )
        axis.set_xticks(range(5), ["lowest", "2", "3", "4", "highest"])
        axis.set_title(titles[city], fontsize=10)
    axes[0].set_ylabel("% of visits in the last quarter")
    axes[0].legend(frameon=False)
    figure.suptitle(note, fontsize=10)
    figure.savefig(path, dpi=120)
