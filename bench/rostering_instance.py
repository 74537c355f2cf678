"""Shift-scheduling instances as Curtois publishes them.

References
----------
T. Curtois and R. Qu, *Computational results on new staff scheduling benchmark
instances*, 2014: the format and the rules.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Instance", "Person", "read_instance"]


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
