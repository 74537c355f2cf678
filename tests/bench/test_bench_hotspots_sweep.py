"""The sweep gives every month the same say, and compares with the best that hindsight finds."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bench.hotspots import study_area
from bench.hotspots_calibration import distance_to_uniform
from bench.hotspots_sweep import SIZES, main, ratios, tasks


@pytest.fixture(scope="module")
def events() -> pd.DataFrame:
    """Return two offences at thirty corners of an invented town, some busier than others."""
    rng = np.random.default_rng(3)
    corner = rng.uniform([-95.40, 29.70], [-95.37, 29.73], size=(30, 2))
    of = rng.choice(30, size=1200, p=(w := 1 / np.arange(1, 31)) / w.sum())
    days = pd.Timestamp("2010-01-01") + pd.to_timedelta(rng.integers(0, 212, 1200), unit="D")
    return pd.DataFrame(
        {
            "local_time": days,
            "longitude": corner[of, 0],
            "latitude": corner[of, 1],
            "offence": np.where(np.arange(1200) % 2, "robbery", "burglary"),
        }
    )


def test_every_offence_has_every_size_and_seed_and_all_events_once(events: pd.DataFrame):
    drawn = list(tasks(events, study_area(events, 250.0), ["2010-06"], 2))

    assert {(t.offence, t.size, t.seed) for t in drawn} == {
        (offence, size, seed)
        for offence in ("robbery", "burglary")
        for size in SIZES
        for seed in ((1, 2) if size else (1,))
    }
    assert all(len(t.past_m) == t.size for t in drawn if 0 < t.size <= 300)
    assert all(t.hits.sum() > 0 for t in drawn)


def test_the_ratio_is_to_the_best_other_method_of_that_size_and_share():
    table = pd.DataFrame(
        [
            ("robbery", "2010-06", 60, 0.01, "ours", 6.0),
            ("robbery", "2010-06", 60, 0.01, "count", 1.0),
            ("robbery", "2010-06", 60, 0.01, "kde_500", 5.0),
            # Two seeds of another month: their mean is 2, and has as much say as the 6 above.
            ("robbery", "2010-07", 60, 0.01, "ours", 1.0),
            ("robbery", "2010-07", 60, 0.01, "ours", 3.0),
            ("robbery", "2010-07", 60, 0.01, "count", 1.0),
            ("robbery", "2010-07", 60, 0.01, "kde_500", 0.0),
        ],
        columns=["offence", "month", "size", "share", "method", "pai"],
    )

    row = ratios(table).loc[(60, 0.01)]

    assert row["ours"] == pytest.approx(4.0)
    assert row["ratio"] == pytest.approx(4.0 / 2.5)


def test_the_last_line_has_every_size_and_the_mean(
    events: pd.DataFrame, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    file = tmp_path / "town.csv.gz"
    events.to_csv(file, index=False)

    main([str(file), "--months", "2010-07", "--seeds", "1"])

    result = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert list(result["ratios"]) == ["60", "120", "300", "1000", "all"]
    assert result["least"] <= result["mean"]
    assert list(result["calibration"]) == ["60", "120", "300", "1000", "all"]
    assert all(0 <= row["coverage"] <= 1 for row in result["calibration"].values())


@pytest.mark.parametrize(("values", "gap"), [([0.25, 0.75], 0.25), ([0.5], 0.5), ([0.9, 0.9], 0.9)])
def test_the_distance_to_uniform_is_the_greatest_gap(values: list[float], gap: float):
    assert distance_to_uniform(np.array(values)) == pytest.approx(gap)
