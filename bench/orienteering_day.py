"""A typical day of a municipality: how near one second comes to what a minute finds.

``python -m bench.orienteering_day --days 1 2 3 --seconds 1 --long 60``

Sixty invented candidate stops, six teams on foot and by car from three bases in
two shifts, the long ones with a break. One line a day, then the largest gap. Both
results are of the same seed, in processor seconds, without compiling.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

import numpy as np

from patrol.orienteering import Node, Pause, Problem, Round, prepare, solve

__all__ = ["main", "typical_day"]

_STOPS, _BASES = 60, 3
_MINUTE, _HOUR = 60, 3600
#: Metres a second on the way, and how much longer streets are than the air line.
_SPEEDS, _DETOUR = (1.25, 6.0), 1.35


def typical_day(seed: int) -> Problem:
    """Return a day in seconds from eight in the morning: a town of four by four kilometres."""
    rng = np.random.default_rng(seed)
    xy = rng.uniform(0, 4000, size=(_BASES + _STOPS, 2))
    metres = _DETOUR * np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    travel = tuple(np.ceil(metres / speed).astype(np.int64) for speed in _SPEEDS)
    nodes = []
    for i in range(_STOPS):
        opens = int(rng.choice([0, 4, 8])) * _HOUR
        windows = [(opens, opens + 4 * _HOUR)]
        if rng.random() < 0.3:  # noqa: PLR2004 - three in ten are busy twice a day
            later = opens + 6 * _HOUR
            windows.append((later, later + 2 * _HOUR))
        nodes.append(
            Node(
                location=_BASES + i,
                service=int(rng.choice([30, 45])) * _MINUTE,
                windows=tuple(windows),
                prize=int(1 + 199 * rng.random() ** 2),
                required=bool(rng.random() < 0.05),  # noqa: PLR2004 - one in twenty was promised
            )
        )
    rounds = []
    for team in range(6):
        opens = (0, 7)[team % 2] * _HOUR
        span = (opens + 2 * _HOUR, opens + 5 * _HOUR)
        rounds.append(
            Round(
                start=team // 2,
                end=team // 2,
                opens=opens,
                closes=opens + 7 * _HOUR,
                matrix=int(team >= 4),  # noqa: PLR2004 - the teams of the third base drive
                pause=Pause(ticks=30 * _MINUTE, opens=span[0], closes=span[1]),
            )
        )
    return Problem(travel=travel, nodes=tuple(nodes), rounds=tuple(rounds))


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the gaps."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, nargs="+", default=[1, 2, 3], help="seeds of the days")
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--long", type=float, default=60.0)
    options = parser.parse_args(arguments)
    prepare()
    gaps = []
    for day in options.days:
        problem = typical_day(day)
        short, long = (
            _prizes(problem, seconds, day) for seconds in (options.seconds, options.long)
        )
        gaps.append(100 * (1 - short / long))
        print(f"day {day}: {short} after {options.seconds:g} s, {long} after {options.long:g} s, "
              f"gap {gaps[-1]:.2f} %", flush=True)  # fmt: skip
    print(f"mean gap {sum(gaps) / len(gaps):.2f} %, largest {max(gaps):.2f} %")


def _prizes(problem: Problem, seconds: float, seed: int) -> int:
    found = solve(problem, seconds=seconds, seed=seed)
    return sum(problem.nodes[visit.node].prize for route in found.routes for visit in route)


if __name__ == "__main__":
    main()
