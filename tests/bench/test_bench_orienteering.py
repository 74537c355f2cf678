"""The orienteering bench: its promised line, and a score that somebody else can count again."""

from __future__ import annotations

import csv
import json
import math
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from bench import orienteering_day, orienteering_set
from bench.orienteering import check, main, read_instance
from bench.orienteering_day import typical_day
from patrol.orienteering import Node, Problem, Round, solve
from tests.patrol.test_orienteering import faults

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Point:
    """One line of a file."""

    x: float
    y: float
    service: float
    prize: float
    opens: float
    closes: float


def read(path: Path) -> tuple[dict[int, Point], int, int, float]:
    """Return the file's points by number, start, end and longest route, as FORMAT.md says."""
    lines = [line.split() for line in path.read_text().splitlines() if line.strip()]
    if lines[0][0] == "n":
        tmax = float(lines[2][1])
        rows = [tuple(map(float, words)) for words in lines[3:]]
        points = {i: Point(x, y, 0.0, prize, 0.0, tmax) for i, (x, y, prize) in enumerate(rows)}
        return points, 0, len(points) - 1, tmax
    points = {}
    for words in lines[2:]:
        number, x, y, service, prize = int(words[0]), *map(float, words[1:5])
        points[number] = Point(x, y, service, prize, float(words[-2]), float(words[-1]))
    return points, 0, 0, points[0].closes


def counted(path: Path, routes: list[list[int]]) -> float:
    """Return the score of routes, or raise `AssertionError` where they break a rule."""
    points, start, end, limit = read(path)
    windows = not path.name.startswith("p4")
    decimals = 100 if path.name.startswith("pr") else 10
    visited = [number for route in routes for number in route]
    assert len(visited) == len(set(visited)), "no point twice"
    assert not {start, end} & set(visited), "start and end are left out"
    for route in routes:
        clock, here = 0.0, points[start]
        for there in (*(points[number] for number in route), points[end]):
            distance = math.hypot(here.x - there.x, here.y - there.y)
            if windows:
                distance = math.floor(distance * decimals + 1e-9) / decimals
            clock = max(clock + distance, there.opens)
            assert clock <= there.closes + 1e-6, "every service begins inside its window"
            clock, here = clock + there.service, there
        assert clock <= limit + 1e-6
    return sum(points[number].prize for number in visited)


def best_known(folder: Path) -> dict[tuple[str, int], int]:
    with (folder / "best_known.csv").open(encoding="utf-8") as file:
        return {(r["instance"], int(r["m"])): int(r["best"]) for r in csv.DictReader(file)}


@pytest.mark.parametrize(
    ("name", "teams"),
    [
        *(("c101", 1), ("c104", 2), ("r105", 1), ("rc103", 2)),
        *(("pr01", 1), ("pr07", 2), ("pr02", 4)),
        *(("p4.2.f", 2), ("p4.2.j", 2), ("p4.4.k", 4)),
    ],
)
def test_routes_are_feasible_and_their_score_is_what_another_counts(
    shared_data: Path, capsys: pytest.CaptureFixture[str], name: str, teams: int
):
    file = shared_data / "orienteering" / f"{name}.txt"

    main([str(file), "--teams", str(teams), "--seconds", "0.8", "--seed", "1"])

    result = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert set(result) == {"score", "routes", "seconds"}
    assert len(result["routes"]) == teams
    assert result["score"] == counted(file, result["routes"])
    # No bound from above: the best known is not proven, and a feasible round may beat it
    # (524 on rc103 with two teams, where the list has 523).
    best = best_known(file.parent).get((name, teams), 1)
    assert result["score"] >= 0.8 * best


def test_rivals_stand_before_the_promised_line_when_they_are_asked_for(
    shared_data: Path, capsys: pytest.CaptureFixture[str]
):
    file = shared_data / "orienteering" / "pr01.txt"

    main([str(file), "--teams", "2", "--seconds", "1", "--seed", "1", "--compare"])

    pyvrp, ortools, last = capsys.readouterr().out.splitlines()
    assert pyvrp.startswith("PyVRP")
    assert ortools.startswith("OR-Tools")
    best = best_known(file.parent)["pr01", 2]
    assert all(0.7 * best < int(line.split()[-1]) <= best for line in (pyvrp, ortools))
    assert set(json.loads(last)) == {"score", "routes", "seconds"}


def test_the_set_says_the_mean_of_its_gaps(shared_data: Path, capsys: pytest.CaptureFixture[str]):
    folder = str(shared_data / "orienteering")
    some = ["--instances", "c104/1", "rc104/1", "--seconds", "0.5", "--seeds", "1", "2"]

    orienteering_set.main([folder, *some])

    *lines, mean = capsys.readouterr().out.splitlines()
    gaps = [float(line.split()[-2]) for line in lines]
    assert len(gaps) == 2
    assert float(mean.split()[2]) == pytest.approx(sum(gaps) / 2, abs=0.01)
    assert sum(gaps) / 2 < 5


def test_without_teams_a_file_has_as_many_as_it_says(
    shared_data: Path, capsys: pytest.CaptureFixture[str]
):
    lengths = []
    for name in ("p4.4.k", "c101"):
        main([str(shared_data / "orienteering" / f"{name}.txt"), "--seconds", "0.2"])
        lengths.append(len(json.loads(capsys.readouterr().out.splitlines()[-1])["routes"]))

    assert lengths == [4, 1]


def test_the_door_is_the_one_that_the_house_promises(shared_data: Path):
    file = shared_data / "orienteering" / "rc101.txt"
    command = f"-m bench.orienteering {file} --teams 2 --seconds 1 --seed 1".split()

    outcome = subprocess.run(
        [sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=True
    )

    result = json.loads(outcome.stdout.splitlines()[-1])
    assert set(result) == {"score", "routes", "seconds"}
    assert result["score"] == counted(file, result["routes"])
    assert 0.9 < result["seconds"] < 3, "processor seconds"


def test_distances_are_cut_at_one_decimal_and_at_two_in_cordeaus_files(tmp_path: Path):
    text = "1 1 1 1\n0 200\n0 0 0 0 0 0 0 0 100\n1 1.999 0 0 7 0 0 0 100\n"
    for name, ticks in (("c1", 19), ("pr1", 199)):
        (tmp_path / f"{name}.txt").write_text(text)
        problem = read_instance(tmp_path / f"{name}.txt").problem
        assert problem.travel[0][0, 1] == ticks
        assert problem.rounds[0].closes == 100 * (100 if name == "pr1" else 10)


@pytest.mark.parametrize(
    ("window", "route", "closes"),
    [((0, 2), [0], 25), ((0, 99), [0, 0], 99), ((0, 20), [0], 24)],
    ids=["outside the window", "visited twice", "late home"],
)
def test_a_route_that_breaks_a_rule_is_not_scored(
    window: tuple[int, int], route: list[int], closes: int
):
    def scored(window: tuple[int, int], route: list[int], closes: int) -> int:
        node = Node(location=1, service=5, windows=(window,), prize=3)
        own = Round(start=0, end=0, opens=0, closes=closes)
        travel = np.array([[0, 10], [10, 0]], dtype=np.int64)
        return check(Problem(travel=(travel,), nodes=(node,), rounds=(own,)), [route])

    assert scored((0, 20), [0], 25) == 3
    with pytest.raises(ValueError, match="late"):
        scored(window, route, closes)


def test_a_typical_days_gap_is_told_for_each_day(capsys: pytest.CaptureFixture[str]):
    orienteering_day.main(["--days", "1", "2", "--seconds", "0.3", "--long", "0.6"])

    first, second, mean = capsys.readouterr().out.splitlines()
    assert [first.split()[:2], second.split()[:2]] == [["day", "1:"], ["day", "2:"]]
    gaps = [float(line.split()[-2]) for line in (first, second)]
    assert float(mean.split()[-2]) == pytest.approx(max(gaps))
    assert max(gaps) < 10
    assert faults(typical_day(1), solve(typical_day(1), iterations=5, seed=1)) == []
