"""The development set of team orienteering: gaps to the best known, by instance and on average.

``python -m bench.orienteering_set ../shared/data/orienteering --seconds 10 --seeds 1 2 3``

One line an instance, then the mean. A gap below zero is better than what the
folder knows. Every solution is checked by `bench.orienteering.check`, which
knows nothing of the solver.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Sequence
from pathlib import Path

from bench.orienteering import check, read_instance
from patrol.orienteering import prepare, solve

__all__ = ["INSTANCES", "best_known", "main"]

#: File and teams.
INSTANCES = (
    *("c104/1", "r104/2", "r108/1", "rc104/1", "rc107/2", "pr02/2"),
    *("pr03/3", "pr04/4", "pr05/2", "pr06/3", "pr07/4", "pr08/1"),
)


def best_known(folder: Path) -> dict[tuple[str, int], int]:
    """Return the best known score of a file with so many teams."""
    with (folder / "best_known.csv").open(encoding="utf-8") as file:
        return {(r["instance"], int(r["m"])): int(r["best"]) for r in csv.DictReader(file)}


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the gaps."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--instances", nargs="+", default=INSTANCES, metavar="FILE/TEAMS")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    options = parser.parse_args(arguments)
    best = best_known(options.folder)
    prepare()
    gaps = []
    for name in options.instances:
        file, teams = name.split("/")
        problem = read_instance(options.folder / f"{file}.txt", int(teams)).problem
        scores = []
        for seed in options.seeds:
            solution = solve(problem, seconds=options.seconds, seed=seed)
            scores.append(check(problem, [[v.node for v in route] for route in solution.routes]))
        known = best[file, int(teams)]
        own = [100 * (1 - score / known) for score in scores]
        gaps += own
        print(
            f"{name:10} best known {known:5}  scores {scores}  gap {sum(own) / len(own):5.2f} %",
            flush=True,
        )
    print(f"mean gap {sum(gaps) / len(gaps):.3f} %, none better counted {_floored(gaps):.3f} %")


def _floored(gaps: Sequence[float]) -> float:
    """Return the mean with nothing given for beating the best known."""
    return sum(max(gap, 0.0) for gap in gaps) / len(gaps)


if __name__ == "__main__":
    main()
