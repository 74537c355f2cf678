"""Solve a public shift-scheduling instance with the roster's engine and print what came out.

``python -m bench.rostering FILE --seconds 60 --seed 1``: the last line is one
JSON object with the penalty, the bound that was proven, the assignments (by
person, then day) and the wall seconds used.

References
----------
T. Curtois and R. Qu, *Computational results on new staff scheduling benchmark
instances*, 2014: the format and the rules.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ortools.sat.python import cp_model

__all__ = ["Instance", "Person", "main", "read_instance", "solve"]

_SATURDAY, _DAYS = 5, 7
_WORKERS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One line of the staff section and of the days off."""

    name: str
    max_of_shift: Mapping[str, int]
    max_minutes: int
    min_minutes: int
    max_run: int
    min_run: int
    min_days_off: int
    max_weekends: int
    days_off: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """A file: days, shifts with their minutes and forbidden successors, people, wishes, cover.

    `wish_on` and `wish_off` are (person, day, shift, weight); `cover` is
    (day, shift, wanted, weight for each too few, weight for each too many).
    """

    n_days: int
    minutes: Mapping[str, int]
    not_after: Mapping[str, tuple[str, ...]]
    people: tuple[Person, ...]
    wish_on: tuple[tuple[str, int, str, int], ...]
    wish_off: tuple[tuple[str, int, str, int], ...]
    cover: tuple[tuple[int, str, int, int, int], ...]


def read_instance(path: Path) -> Instance:
    """Return the instance a file holds."""
    sections: dict[str, list[list[str]]] = defaultdict(list)
    name = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("SECTION_"):
            name = line.strip().removeprefix("SECTION_")
        elif line.strip() and not line.startswith("#"):
            sections[name].append([cell.strip() for cell in line.split(",")])
    off = {row[0]: frozenset(map(int, filter(None, row[1:]))) for row in sections["DAYS_OFF"]}
    return Instance(
        n_days=int(sections["HORIZON"][0][0]),
        minutes={row[0]: int(row[1]) for row in sections["SHIFTS"]},
        not_after={row[0]: tuple(filter(None, row[2].split("|"))) for row in sections["SHIFTS"]},
        people=tuple(_person(row, off) for row in sections["STAFF"]),
        wish_on=tuple(_wish(row) for row in sections["SHIFT_ON_REQUESTS"]),
        wish_off=tuple(_wish(row) for row in sections["SHIFT_OFF_REQUESTS"]),
        cover=tuple(
            (int(row[0]), row[1], int(row[2]), int(row[3]), int(row[4]))
            for row in sections["COVER"]
        ),
    )


def _person(row: Sequence[str], days_off: Mapping[str, frozenset[int]]) -> Person:
    most = (part.split("=") for part in row[1].split("|"))
    return Person(
        name=row[0],
        max_of_shift={shift: int(n) for shift, n in most},
        max_minutes=int(row[2]),
        min_minutes=int(row[3]),
        max_run=int(row[4]),
        min_run=int(row[5]),
        min_days_off=int(row[6]),
        max_weekends=int(row[7]),
        days_off=days_off.get(row[0], frozenset()),
    )


def _wish(row: Sequence[str]) -> tuple[str, int, str, int]:
    return row[0], int(row[1]), row[2], int(row[3])


class _Model:
    """The plain boolean model: one unknown for each person, day and shift."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.cp = cp_model.CpModel()
        self.does = {
            (p.name, day, shift): self.cp.new_bool_var(f"{p.name}_{day}_{shift}")
            for p in instance.people
            for day in range(instance.n_days)
            for shift in instance.minutes
        }
        self.works = {
            (p.name, day): self.cp.new_bool_var(f"{p.name}_{day}")
            for p in instance.people
            for day in range(instance.n_days)
        }
        for person in instance.people:
            self._one_shift_a_day(person)
            self._amounts(person)
            self._runs(person)
            self._weekends(person)
        self.cp.minimize(self._penalty())

    def _one_shift_a_day(self, person: Person) -> None:
        instance = self.instance
        for day in range(instance.n_days):
            shifts = [self.does[person.name, day, shift] for shift in instance.minutes]
            self.cp.add(sum(shifts) == self.works[person.name, day])
            if day in person.days_off:
                self.cp.add(self.works[person.name, day] == 0)
            for shift, banned in instance.not_after.items():
                for after in banned if day + 1 < instance.n_days else ():
                    self.cp.add_at_most_one(
                        self.does[person.name, day, shift], self.does[person.name, day + 1, after]
                    )

    def _amounts(self, person: Person) -> None:
        instance, days = self.instance, range(self.instance.n_days)
        worked = sum(
            length * self.does[person.name, day, shift]
            for day in days
            for shift, length in instance.minutes.items()
        )
        self.cp.add_linear_constraint(worked, person.min_minutes, person.max_minutes)
        for shift, most in person.max_of_shift.items():
            self.cp.add(sum(self.does[person.name, day, shift] for day in days) <= most)

    def _runs(self, person: Person) -> None:
        """Forbid every run that is too long, and every one that is too short between two others.

        A run that touches an end of the horizon may be part of a longer one.
        """
        works = [self.works[person.name, day] for day in range(self.instance.n_days)]
        for first in range(len(works) - person.max_run):
            self.cp.add_bool_or(~work for work in works[first : first + person.max_run + 1])
        for length in range(1, max(person.min_run, person.min_days_off)):
            for before in range(len(works) - length - 1):
                inside = works[before + 1 : before + 1 + length]
                left, right = works[before], works[before + 1 + length]
                if length < person.min_run:
                    self.cp.add_bool_or(left, right, *(~work for work in inside))
                if length < person.min_days_off:
                    self.cp.add_bool_or(~left, ~right, *inside)

    def _weekends(self, person: Person) -> None:
        worked = []
        for saturday in range(_SATURDAY, self.instance.n_days, _DAYS):
            weekend = self.cp.new_bool_var(f"{person.name}_weekend_{saturday}")
            for day in range(saturday, min(saturday + 2, self.instance.n_days)):
                self.cp.add_implication(self.works[person.name, day], weekend)
            worked.append(weekend)
        self.cp.add(sum(worked) <= person.max_weekends)

    def _penalty(self) -> cp_model.LinearExpr:
        instance, terms = self.instance, []
        terms += [w * (1 - self.does[who, day, shift]) for who, day, shift, w in instance.wish_on]
        terms += [w * self.does[who, day, shift] for who, day, shift, w in instance.wish_off]
        for day, shift, wanted, too_few, too_many in instance.cover:
            under = self.cp.new_int_var(0, wanted, "under")
            over = self.cp.new_int_var(0, len(instance.people), "over")
            there = sum(self.does[p.name, day, shift] for p in instance.people)
            self.cp.add(there + under - over == wanted)
            terms += [too_few * under, too_many * over]
        return cp_model.LinearExpr.sum(terms)


def solve(instance: Instance, *, seconds: float, seed: int) -> dict[str, object]:
    """Return penalty, bound, assignments and wall seconds; penalty is None if nothing was found."""
    began = time.perf_counter()
    model = _Model(instance)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = _WORKERS
    solver.parameters.random_seed = seed
    solver.parameters.max_time_in_seconds = max(0.1, seconds - (time.perf_counter() - began))
    found = solver.solve(model.cp) in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    assignments: dict[str, dict[str, str]] = {person.name: {} for person in instance.people}
    for (who, day, shift), does in model.does.items():
        if found and solver.value(does):
            assignments[who][str(day)] = shift
    return {
        "penalty": round(solver.objective_value) if found else None,
        "bound": round(solver.best_objective_bound, 3),
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
