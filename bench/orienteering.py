"""Team orienteering on public instances, scored as the literature does.

``python -m bench.orienteering FILE --teams 2 --seconds 10 --seed 1``

Prints one JSON object; compiling does not count in its seconds. With `--compare`
a line each for PyVRP and OR-Tools comes before it, with the same seconds.

Points are numbered as in the file. Where a file numbers none (no windows), they
are counted from the start, which is 0, as in the other files.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from patrol.orienteering import Node, Problem, Round, prepare, solve

__all__ = ["Instance", "check", "main", "read_instance"]

#: Ticks for a unit of real-valued distance, rounded up: never shorter than it is.
FINE = 10_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Instance:
    """An instance in whole ticks; `points` maps our nodes to the file's numbers."""

    problem: Problem
    points: tuple[int, ...]


def read_instance(path: Path, teams: int | None = None) -> Instance:
    """Return an instance with or without time windows, told apart by the first line.

    Without `teams` there are as many as the file says; a file with windows says one.
    """
    lines = [line.split() for line in path.read_text().splitlines() if line.strip()]
    return _top(lines, teams) if lines[0][0] == "n" else _toptw(path, lines, teams or 1)


def _toptw(path: Path, lines: list[list[str]], teams: int) -> Instance:
    ticks = 100 if path.name.startswith("pr") else 10
    rows = [[float(word) for word in line] for line in lines[2:]]
    xy = np.array([row[1:3] for row in rows])
    # The literature cuts distances at one decimal (two for pr*) and does not round.
    travel = np.floor(np.hypot(*(xy[:, None] - xy[None]).T) * ticks + 1e-9).astype(np.int64)
    nodes = tuple(
        Node(
            location=i,
            service=round(row[3] * ticks),
            windows=((round(row[-2] * ticks), round(row[-1] * ticks)),),
            prize=round(row[4]),
        )
        for i, row in enumerate(rows)
        if i
    )
    day = Round(start=0, end=0, opens=round(rows[0][-2] * ticks), closes=round(rows[0][-1] * ticks))
    problem = Problem(travel=(travel,), nodes=nodes, rounds=(day,) * teams)
    return Instance(problem=problem, points=tuple(int(row[0]) for row in rows[1:]))


def _top(lines: list[list[str]], teams: int | None) -> Instance:
    teams, tmax = teams or int(lines[1][1]), float(lines[2][1])
    rows = np.array([[float(word) for word in line] for line in lines[3:]])
    xy = rows[:, :2]
    travel = np.ceil(np.hypot(*(xy[:, None] - xy[None]).T) * FINE - 1e-6).astype(np.int64)
    limit = int(tmax * FINE)
    last = len(rows) - 1
    nodes = tuple(
        Node(location=i, service=0, windows=((0, limit),), prize=round(rows[i, 2]))
        for i in range(1, last)
    )
    trip = Round(start=0, end=last, opens=0, closes=limit)
    problem = Problem(travel=(travel,), nodes=nodes, rounds=(trip,) * teams)
    return Instance(problem=problem, points=tuple(range(1, last)))


def check(problem: Problem, routes: list[list[int]]) -> int:
    """Return the score of routes of node positions; raise `ValueError` where one is infeasible."""
    seen: set[int] = set()
    for trip, route in zip(problem.rounds, routes, strict=True):
        travel: NDArray[np.int64] = problem.travel[trip.matrix]
        clock, at = trip.opens, trip.start
        for index in route:
            node = problem.nodes[index]
            clock += int(travel[at, node.location])
            starts = [max(clock, opens) for opens, closes in node.windows if clock <= closes]
            if not starts or index in seen:
                msg = f"node {index} is late or visited twice"
                raise ValueError(msg)
            clock, at = min(starts) + node.service, node.location
            seen.add(index)
        if clock + int(travel[at, trip.end]) > trip.closes:
            msg = "a route ends too late"
            raise ValueError(msg)
    return sum(problem.nodes[index].prize for index in seen)


def _compare(problem: Problem, seconds: float, seed: int) -> None:
    """Print what PyVRP and OR-Tools reach; OR-Tools' limit is of the wall's time."""
    from bench.orienteering_rivals import by_ortools, by_pyvrp  # noqa: PLC0415 - slow to load

    for name, routes in (
        ("PyVRP", by_pyvrp(problem, seconds=seconds, seed=seed)),
        ("OR-Tools", by_ortools(problem, seconds=seconds)),
    ):
        print(f"{name:10} score {check(problem, routes)}")


def main(arguments: Sequence[str] | None = None) -> None:
    """Solve and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--teams", type=int, help="default: as many as the file says, else one")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--compare", action="store_true", help="show PyVRP and OR-Tools beside it")
    options = parser.parse_args(arguments)
    instance = read_instance(options.file, options.teams)
    if options.compare:
        _compare(instance.problem, options.seconds, options.seed)
    prepare()
    began = time.process_time()
    solution = solve(instance.problem, seconds=options.seconds, seed=options.seed)
    took = time.process_time() - began
    routes = [[visit.node for visit in route] for route in solution.routes]
    print(
        json.dumps(
            {
                "score": check(instance.problem, routes),
                "routes": [[instance.points[node] for node in route] for route in routes],
                "seconds": round(took, 3),
            }
        )
    )


if __name__ == "__main__":
    main()
