"""The bench judges every method on the same ground, and nobody by luck."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bench.hotspots import hit_rate, main, study_area

METHODS = {"ours", "count", "kde_150", "kde_250", "kde_500", "kde_1000", "kde_2000"}


def run(file: Path, capsys: pytest.CaptureFixture[str], *more: str) -> dict:
    main(
        [
            str(file),
            *("--train-until", "2010-07-01", "--test-until", "2010-08-01"),
            *("--cell-m", "250", "--shares", "0.01", "0.05"),
            *more,
        ]
    )
    return json.loads(capsys.readouterr().out.splitlines()[-1])


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a small invented town: thirty corners, some much busier than others."""
    rng = np.random.default_rng(3)
    corner = rng.uniform([-95.40, 29.70], [-95.34, 29.76], size=(30, 2))
    of = rng.choice(30, size=1200, p=(w := 1 / np.arange(1, 31)) / w.sum())
    days = pd.Timestamp("2010-01-01") + pd.to_timedelta(rng.integers(0, 212, 1200), unit="D")
    file = tmp_path_factory.mktemp("town") / "town.csv.gz"
    pd.DataFrame(
        {
            "local_time": days.strftime("%Y-%m-%dT%H:%M"),
            "longitude": corner[of, 0],
            "latitude": corner[of, 1],
            "offence": np.where(np.arange(1200) % 2, "robbery", "burglary"),
        }
    ).to_csv(file, index=False)
    return file


def test_the_last_line_has_every_method_at_every_share(
    town: Path, capsys: pytest.CaptureFixture[str]
):
    result = run(town, capsys)

    assert set(result) == {"cells", "train", "test", "shares", "methods", "seconds"}
    assert set(result["methods"]) == METHODS
    assert all(len(m["pai"]) == len(m["hit_rate"]) == 2 for m in result["methods"].values())
    assert result["shares"] == [0.01, 0.05]


def test_a_sample_and_an_offence_are_kept_to(town: Path, capsys: pytest.CaptureFixture[str]):
    result = run(town, capsys, "--offence", "robbery", "--sample", "60")

    assert result["train"] == 60
    assert result["test"] < 120


def test_the_same_seed_gives_the_same_numbers(town: Path, capsys: pytest.CaptureFixture[str]):
    first = run(town, capsys, "--sample", "60", "--seed", "4")
    again = run(town, capsys, "--sample", "60", "--seed", "4")
    other = run(town, capsys, "--sample", "60", "--seed", "5")

    assert first["methods"] == again["methods"]
    assert first["methods"] != other["methods"]


def test_cells_that_tie_share_the_remaining_choices():
    score = np.array([3.0, 1.0, 1.0, 1.0, 0.0])
    hits = np.array([4.0, 3.0, 0.0, 0.0, 3.0])

    assert hit_rate(score, hits, 1) == pytest.approx(0.4)
    assert hit_rate(score, hits, 2) == pytest.approx(0.5)  # one of three: a third of three hits
    assert hit_rate(score, hits, 5) == pytest.approx(1.0)


def test_the_study_area_is_the_cells_within_a_kilometre_of_an_event():
    events = pd.DataFrame({"longitude": [-95.3] * 3, "latitude": [29.7] * 3})

    area = study_area(events, 250.0)

    assert area.inside.sum() * 250.0**2 == pytest.approx(np.pi * 1000**2, rel=0.1)


def test_on_real_events_ours_is_near_the_best_single_kernel(
    shared_data: Path, capsys: pytest.CaptureFixture[str]
):
    file = shared_data / "events" / "houston_2010.csv.gz"

    methods = run(file, capsys, "--offence", "robbery", "--sample", "300")["methods"]

    best = max(m["pai"][1] for name, m in methods.items() if name != "ours")
    assert methods["ours"]["pai"][1] >= 0.95 * best
