"""The shift-scheduling bench: read as published, solved, and counted again by somebody else."""

from __future__ import annotations

import csv
import json
from itertools import groupby, product
from pathlib import Path

import numpy as np
import pytest

from bench.rostering import Instance, Person, main, read_instance
from bench.rostering_columns import Columns

Table = dict[str, dict[str, str]]

SMALL = """# a comment
SECTION_HORIZON
7
SECTION_SHIFTS
E,480,
L,480,E
SECTION_STAFF
A,E=7|L=7,2400,960,5,2,2,1
B,E=7|L=0,2400,960,5,2,2,1
SECTION_DAYS_OFF
A,0
SECTION_SHIFT_ON_REQUESTS
B,2,E,3
SECTION_SHIFT_OFF_REQUESTS
A,3,L,2
SECTION_COVER
1,E,1,100,1
1,L,1,100,1
2,E,1,100,1
5,L,2,10,1
"""


def runs(days: list[bool]) -> list[tuple[bool, int, bool]]:
    """Return (works, length, touches an end) of every run of equal days."""
    lengths = [(works, len(list(group))) for works, group in groupby(days)]
    last = len(lengths) - 1
    return [(works, n, i in (0, last)) for i, (works, n) in enumerate(lengths)]


def broken_rules(instance: Instance, table: Table) -> list[str]:
    found = []
    for p in instance.people:
        mine = {int(day): shift for day, shift in table[p.name].items()}
        worked = sum(instance.minutes[s] for s in mine.values())
        found += ["minutes"] * (not p.min_minutes <= worked <= p.max_minutes)
        found += ["day off"] * bool(p.days_off & set(mine))
        for shift, most in p.max_of_shift.items():
            found += ["shift"] * (list(mine.values()).count(shift) > most)
        for day, shift in mine.items():
            found += ["order"] * (mine.get(day + 1) in instance.not_after[shift])
        for works, n, at_end in runs([day in mine for day in range(instance.n_days)]):
            found += ["long run"] * (works and n > p.max_run)
            found += ["short run"] * (works and n < p.min_run and not at_end)
            found += ["short rest"] * (not works and n < p.min_days_off and not at_end)
        weekends = {day // 7 for day in mine if day % 7 >= 5}
        found += ["weekends"] * (len(weekends) > p.max_weekends)
    return found


def penalty(instance: Instance, table: Table) -> int:
    total = sum(w for who, day, s, w in instance.wish_on if table[who].get(str(day)) != s)
    total += sum(w for who, day, s, w in instance.wish_off if table[who].get(str(day)) == s)
    for day, shift, wanted, too_few, too_many in instance.cover:
        there = sum(row.get(str(day)) == shift for row in table.values())
        total += too_few * max(0, wanted - there) + too_many * max(0, there - wanted)
    return total


def printed(capsys: pytest.CaptureFixture[str], path: Path, seconds: float) -> dict[str, object]:
    main([str(path), "--seconds", str(seconds), "--seed", "1"])
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def test_an_instance_is_read_as_it_is_written(tmp_path: Path):
    (tmp_path / "small.txt").write_text(SMALL, encoding="utf-8")

    instance = read_instance(tmp_path / "small.txt")

    assert instance.n_days == 7
    assert instance.not_after == {"E": (), "L": ("E",)}
    assert [p.max_of_shift["L"] for p in instance.people] == [7, 0]
    assert instance.people[0].days_off == {0}
    assert instance.wish_on == (("B", 2, "E", 3),)
    assert instance.cover[-1] == (5, "L", 2, 10, 1)


def test_a_small_instance_is_solved_to_its_known_best(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "small.txt").write_text(SMALL, encoding="utf-8")

    result = printed(capsys, tmp_path / "small.txt", 5)

    # only A may do L, so one of the two L of day 5 stays open: 10
    assert result["penalty"] == result["bound"] == 10
    assert set(result) == {"penalty", "bound", "assignments", "seconds"}


@pytest.mark.parametrize("name", ["Instance2", "Instance4"])
def test_a_public_instance_is_solved_to_the_best_known(
    shared_data: Path, capsys: pytest.CaptureFixture[str], name: str
):
    folder = shared_data / "rostering"
    with (folder / "best_known.csv").open(encoding="utf-8") as file:
        best = {r["instance"]: int(r["best_known_solution"]) for r in csv.DictReader(file)}

    result = printed(capsys, folder / f"{name}.txt", 30)

    instance, table = read_instance(folder / f"{name}.txt"), result["assignments"]
    assert broken_rules(instance, table) == []
    assert result["penalty"] == penalty(instance, table) == best[name]
    assert result["bound"] <= best[name]
    assert result["seconds"] < 40


def a_month(seed: int, *, rationed: bool) -> Instance:
    """Return an instance of one person with wishes at random, small enough to try every month."""
    rng = np.random.default_rng(seed)
    wishes = tuple(
        ("A", int(day), str(shift), int(rng.integers(1, 9)))
        for day in range(7)
        for shift in rng.choice(["E", "L"], 1)
    )
    person = Person(
        name="A",
        max_of_shift={"E": 2 if rationed else 7, "L": 2 if rationed else 7},
        max_minutes=2160,
        min_minutes=960,
        max_run=3,
        min_run=2,
        min_days_off=2,
        max_weekends=int(rng.integers(0, 2)),
        days_off=frozenset({int(rng.integers(0, 7))}),
    )
    return Instance(
        n_days=7,
        minutes={"E": 480, "L": 360},
        not_after={"E": (), "L": ("E",)},
        people=(person,),
        wish_on=wishes[:4],
        wish_off=wishes[4:],
        cover=(),
    )


@pytest.mark.parametrize("rationed", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_the_cheapest_month_is_the_cheapest_of_all_months_that_keep_the_rules(
    seed: int, *, rationed: bool
):
    instance = a_month(seed, rationed=rationed)
    every = (
        {str(day): shift for day, shift in enumerate(days) if shift}
        for days in product(["", "E", "L"], repeat=7)
    )
    best = min(
        penalty(instance, {"A": row}) for row in every if not broken_rules(instance, {"A": row})
    )

    bound, months = Columns(instance).cheapest(0, np.zeros((7, 2)))

    assert bound <= best
    assert min(worth for worth, _ in months) == best


def test_every_roster_of_a_short_search_keeps_every_rule(
    shared_data: Path, capsys: pytest.CaptureFixture[str]
):
    path = shared_data / "rostering" / "Instance3.txt"

    result = printed(capsys, path, 4)

    instance, table = read_instance(path), result["assignments"]
    assert broken_rules(instance, table) == []
    assert result["penalty"] == penalty(instance, table)
    assert result["bound"] <= result["penalty"]
