"""Near repeats: as counted pair by pair, seeded, said in a sentence, refused where too few."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from geo.near_repeat import LEAST_CASES, NearRepeat, RepeatSettings, near_repeat

BAND_M, BAND_DAYS = 200.0, 7


def town(n: int = 60, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.uniform(0, 1500, (n, 2)), rng.integers(0, 120, n)


def knox(xy_m: np.ndarray, day: np.ndarray, *, seed: int = 7) -> NearRepeat:
    return near_repeat(xy_m, day, seed=seed)


def by_hand(xy_m: np.ndarray, day: np.ndarray) -> int:
    return sum(
        np.hypot(*(xy_m[i] - xy_m[j])) <= BAND_M and 0 < abs(day[i] - day[j]) <= BAND_DAYS
        for i, j in combinations(range(len(day)), 2)
    )


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_pairs_are_those_counted_one_by_one(seed: int):
    xy_m, day = town(seed=seed)

    assert knox(xy_m, day).n_pairs == by_hand(xy_m, day)


def test_chance_is_what_shuffled_dates_give_on_average():
    xy_m, day = town()
    near = [
        (i, j)
        for i, j in combinations(range(len(day)), 2)
        if np.hypot(*(xy_m[i] - xy_m[j])) <= BAND_M
    ]
    soon = [0 < abs(a - b) <= BAND_DAYS for a, b in combinations(day, 2)]

    found = knox(xy_m, day)

    assert found.expected == pytest.approx(len(near) * np.mean(soon), rel=0.05)


def test_cases_that_return_are_found_with_how_much_oftener():
    xy_m, day = town(40)
    again = slice(0, 15)
    xy_m, day = np.vstack([xy_m, xy_m[again] + 20]), np.concatenate([day, day[again] + 3])

    found = knox(xy_m, day)

    assert found.p <= 0.01
    assert found.ratio > 2
    assert found.rule.id == "findings.near_repeat"
    assert found.rule.params == {"n": 7, "metres": 200.0, "times": round(found.ratio, 1)}


def test_children_met_on_one_day_are_no_repeat():
    xy_m, day = town(40)
    alone = knox(xy_m, day)

    together = knox(np.vstack([xy_m, xy_m[:1]]), np.concatenate([day, day[:1]]))

    partners = by_hand(np.vstack([xy_m, xy_m[:1]]), np.concatenate([day, day[:1]]))
    assert together.n_pairs == partners
    assert together.n_pairs - alone.n_pairs <= 2


def test_without_a_pattern_p_is_spread_evenly():
    wide = RepeatSettings(band_m=400, band_days=14, shuffles=99)
    ps = [near_repeat(*town(40, seed), seed=seed, settings=wide).p for seed in range(100)]

    assert np.mean(np.array(ps) <= 0.2) == pytest.approx(0.2, abs=0.12)
    assert np.mean(ps) == pytest.approx(0.5, abs=0.1)


def test_without_a_pattern_no_rule_is_made():
    assert knox(*town()).rule.id == "findings.no_near_repeat"


def test_so_few_near_pairs_that_their_lack_says_nothing_are_no_reassurance():
    rng = np.random.default_rng(1)
    scattered = rng.uniform(0, 20000, (40, 2))

    assert knox(scattered, rng.integers(0, 300, 40)).rule.id == "findings.few_repeats"


def test_one_seed_gives_one_answer():
    assert knox(*town()) == knox(*town())
    assert knox(*town()).expected != knox(*town(), seed=8).expected


def test_too_few_cases_are_a_result_with_what_is_missing():
    found = knox(*town(LEAST_CASES - 3))

    assert found.rule.id == "findings.missing_cases"
    assert found.rule.params == {"n": 3, "have": 27, "needed": 30}
