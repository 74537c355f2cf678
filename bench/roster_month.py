"""Measure a municipality's month: eight people, 28 days, three teams, sixty wishes.

``python -m bench.roster_month --seeds 1 2 3 --long 60``: every seed is another
month with people, absences and wishes of its own; a wish is for a day with shifts.
The last line is one JSON object: seconds (of the clock and of the processor) and
points of the roster as the house makes it, the points of a search of so many
seconds (fewer where the best one is proven before), the gap between the two in
percent, and the proven bound.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from datetime import time as clock

import numpy as np

from data.duties import Wish
from data.nouns import Absence, Team, Week, Worker
from data.vocabulary import Language, Sex, Skill, TravelMode, Wants
from patrol.roster import RosterSettings, make_demand, make_duties
from patrol.roster_problem import Problem, start_day
from patrol.roster_solve import points

__all__ = ["main", "month"]

_WEEKS = tuple(Week(year=2026, number=n) for n in range(36, 40))
_N_WISHES, _N_PEOPLE = 60, 8
_HOURS = ((clock(14), clock(20)), (clock(9), clock(15)), (clock(16), clock(21)))
_DAYS = ((0, 1, 2, 3, 4), (1, 2, 3, 4, 5), (0, 2, 4, 5, 6))


def month(seed: int) -> Problem:
    """Return the problem of one invented month."""
    rng = np.random.default_rng(seed)
    people = tuple(_worker(n, rng) for n in range(_N_PEOPLE))
    teams = tuple(_team(n, people) for n in range(len(_HOURS)))
    first = _WEEKS[int(rng.integers(0, 4))].monday + timedelta(days=int(rng.integers(0, 5)))
    away = people[int(rng.integers(0, _N_PEOPLE))].id
    rounds = make_demand(teams, _WEEKS)
    return Problem.of(
        (*rounds, *make_duties(people, _WEEKS)),
        people,
        (Absence(worker=away, first=first, last=first + timedelta(days=4)),),
        _WEEKS,
        RosterSettings(),
        wishes=_wishes(people, sorted({start_day(one.shift) for one in rounds}), rng),
    )


def _worker(n: int, rng: np.random.Generator) -> Worker:
    skills = [{Skill.CHILD_PROTECTION}, {Skill.OUTREACH, Skill.DRIVER}, {Skill.MEDIATOR}][n % 3]
    return Worker(
        id=f"w{n}",
        name=f"{n}",
        municipality=None,
        skills=frozenset(skills),
        weekly_hours=40.0 if n % 4 else 30.0,
        languages=frozenset({Language.ROMANI} if n % 4 == 1 else set()),
        sex=Sex.FEMALE if rng.random() < 0.5 else Sex.MALE,  # noqa: PLR2004 - a fair coin
    )


def _team(n: int, people: Sequence[Worker]) -> Team:
    start, end = _HOURS[n]
    return Team(
        id=f"t{n}",
        name=f"{n}",
        municipality=None,
        base="b",
        mode=TravelMode.DRIVE if n else TravelMode.WALK,
        start=start,
        end=end,
        weekdays=_DAYS[n],
        members=tuple(who.id for who in people[n::3]),
        languages=frozenset({Language.ROMANI} if n == 1 else set()),
    )


def _wishes(
    people: Sequence[Worker], days: Sequence[date], rng: np.random.Generator
) -> tuple[Wish, ...]:
    pairs = [(who.id, day) for who in people for day in days]
    picked = rng.permutation(len(pairs))[:_N_WISHES]
    return tuple(
        Wish(
            worker=pairs[i][0],
            day=pairs[i][1],
            wants=Wants.OFF if rng.random() < 0.75 else Wants.WORK,  # noqa: PLR2004 - three in four
            weight=int(rng.integers(1, 4)),
        )
        for i in picked
    )


def _measured(problem: Problem, seed: int, long_s: float) -> dict[str, float]:
    began, cpu = time.perf_counter(), time.process_time()
    found, _ = points(problem, seed)
    seconds, cpu_s = time.perf_counter() - began, time.process_time() - cpu
    endless = replace(problem.settings, effort=long_s / 2, safety_stop_s=long_s)
    best, bound = points(replace(problem, settings=endless), seed)
    best = min(best, found)
    return {
        "seconds": round(seconds, 2),
        "processor_s": round(cpu_s, 2),
        "points": found,
        "long": best,
        "gap_pct": round(100 * (found - best) / best, 3) if best else 0.0,
        "bound": round(bound, 1),
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line, measure, and print the result as the last line."""
    parser = argparse.ArgumentParser(prog="python -m bench.roster_month", description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=list(range(1, 13)))
    parser.add_argument("--long", type=float, default=60.0, help="seconds of the long search")
    options = parser.parse_args(arguments)
    found = {str(seed): _measured(month(seed), seed, options.long) for seed in options.seeds}
    worst = {
        "seconds": max(one["seconds"] for one in found.values()),
        "gap_pct": max(one["gap_pct"] for one in found.values()),
    }
    print(json.dumps({"months": found, "worst": worst}))


if __name__ == "__main__":
    main()
