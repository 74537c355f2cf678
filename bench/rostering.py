"""Solve a public shift-scheduling instance by whole months and print what came out.

``python -m bench.rostering FILE --seconds 60 --seed 1``: the last line is one
JSON object with the penalty, the bound that was proven, the assignments (by
person, then day) and the wall seconds used. It works on two processors.

The house's own rosters (`patrol/roster.py`) bind people together by rules and
go to CP-SAT; here all rules bind one person alone, so months are made one
person at a time (`bench/rostering_columns.py`).
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from pathlib import Path

from bench.rostering_instance import Instance, Person, read_instance
from bench.rostering_search import search

__all__ = ["Instance", "Person", "main", "read_instance", "solve"]

_PROCESSES = 2
#: Seconds kept for starting, for the last step of a search, and for printing.
_SPARE_S = 1.5


def solve(instance: Instance, *, seconds: float, seed: int) -> dict[str, object]:
    """Return penalty, bound, assignments and wall seconds."""
    began = time.perf_counter()
    until = began + max(0.1, seconds - _SPARE_S)
    found = search(instance, until=until, seed=seed, n_processes=_PROCESSES)
    shifts = tuple(instance.minutes)
    assignments = {
        person.name: {str(day): shifts[at] for day, at in enumerate(column.month) if at >= 0}
        for person, column in zip(instance.people, found.chosen, strict=True)
    }
    return {
        "penalty": found.penalty,
        "bound": round(found.bound, 3),
        "assignments": assignments,
        "seconds": round(time.perf_counter() - began, 3),
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line, solve, and print the result as the last line."""
    parser = argparse.ArgumentParser(prog="python -m bench.rostering", description=__doc__)
    parser.add_argument("file", type=Path, help="an instance in the format of Curtois")
    parser.add_argument("--seconds", type=float, default=60.0, help="wall seconds (default 60)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the solver (default 1)")
    options = parser.parse_args(arguments)
    instance = read_instance(options.file)
    print(json.dumps(solve(instance, seconds=options.seconds, seed=options.seed)))


if __name__ == "__main__":
    main()
