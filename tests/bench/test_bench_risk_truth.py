"""Risk against the truth: reproducible, and ours comes nearer than what it replaces."""

from __future__ import annotations

import json

import numpy as np
import pytest

from bench.risk_truth import SCENARIOS, judged, main, make_town


def test_it_prints_one_object_with_every_way_and_scenario_asked_for(capsys: pytest.CaptureFixture):
    main(["--seeds", "2", "--scenario", "usual", "equal"])

    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert list(found["scenarios"]) == ["usual", "equal"]
    assert set(found["scenarios"]["usual"]) == {"ours", "one_prior", "cases_per_hour", "count"}
    assert "rank" not in found["scenarios"]["equal"]["ours"]


def test_the_same_seed_is_the_same_town_and_another_is_another():
    one, same, other = (make_town(SCENARIOS["usual"], seed) for seed in (3, 3, 4))

    assert one.cases["identified_at"].equals(same.cases["identified_at"])
    assert np.array_equal(one.rate, same.rate)
    assert not np.array_equal(one.rate, other.rate)


def test_ours_comes_nearer_to_the_truth_than_cases_an_hour_and_holds_what_it_says():
    years = [judged(make_town(SCENARIOS["more_cases"], seed)) for seed in range(6)]

    def mean(way: str, what: str) -> float:
        return float(np.mean([year[way][what] for year in years]))

    assert mean("ours", "rank") > mean("cases_per_hour", "rank") + 0.03
    assert mean("ours", "found") > mean("cases_per_hour", "found") + 0.05
    assert mean("ours", "held") > 0.7 > mean("one_prior", "held")
    assert mean("ours", "level") == pytest.approx(1.0, abs=0.2)
    assert mean("ours", "rank_unseen") > 0.3
