"""The benches that take longer: started from outside, exactly as the house promises."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
METHODS = {"ours", "count", "kde_150", "kde_250", "kde_500", "kde_1000", "kde_2000"}


def last_line(command: str) -> dict[str, object]:
    outcome = subprocess.run(
        [sys.executable, "-m", *command.split()],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(outcome.stdout.splitlines()[-1])


def test_rostering_prints_penalty_bound_assignments_and_seconds(shared_data: Path):
    result = last_line(
        f"bench.rostering {shared_data}/rostering/Instance1.txt --seconds 5 --seed 1"
    )

    assert set(result) == {"penalty", "bound", "assignments", "seconds"}
    assert result["seconds"] < 10
    assert {type(person) for person in result["assignments"].values()} == {dict}
    days = {day for person in result["assignments"].values() for day in person}
    assert days <= {str(day) for day in range(14)}


def test_hotspots_prints_every_method_at_every_share(shared_data: Path):
    result = last_line(
        f"bench.hotspots {shared_data}/events/houston_2010.csv.gz --train-until 2010-07-01"
        " --test-until 2010-08-01 --cell-m 1000 --shares 0.01 0.05 --offence robbery"
        " --sample 120 --seed 1"
    )

    assert set(result) == {"cells", "train", "test", "shares", "methods", "seconds"}
    assert set(result["methods"]) == METHODS
    assert result["train"] == 120
    for measured in result["methods"].values():
        assert set(measured) == {"pai", "hit_rate"}
        for pai, rate, share in zip(*measured.values(), result["shares"], strict=True):
            assert 0.0 < rate < 1.0
            chosen = round(share * result["cells"]) / result["cells"]
            assert pai == pytest.approx(rate / chosen, rel=1e-3)
