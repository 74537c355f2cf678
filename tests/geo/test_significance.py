"""Units that stand out: as esda and a sheet of paper have it, and refused where too few."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from geo.significance import LEAST_CASES, LEAST_UNITS, getis_ord

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of the oracle's own imports
    from esda import G_Local
    from libpysal.weights import DistanceBand


def grid(side: int = 8, step_m: float = 100.0) -> np.ndarray:
    x, y = np.meshgrid(np.arange(side), np.arange(side))
    return np.column_stack([x.ravel(), y.ravel()]) * step_m


@pytest.mark.parametrize("band_m", [110.0, 250.0, 420.0])
def test_it_agrees_with_esda(band_m: float):
    rng = np.random.default_rng(5)
    xy_m = rng.uniform(0, 1500, (60, 2))
    value = rng.gamma(1.0, 2.0, 60)

    ours = getis_ord(xy_m, value, band_m, n_cases=60)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        weights = DistanceBand(xy_m, band_m, binary=True, silence_warnings=True)
        oracle = G_Local(value, weights, transform="B", star=True, permutations=0)
    assert ours.verdict is None
    np.testing.assert_allclose(ours.z, oracle.Zs, atol=1e-9)


def test_it_agrees_with_a_case_worked_by_hand():
    # 36 units in a row, 1 apart; only the first has a value, 6. Mean 1/6, variance 1 - 1/36.
    # Unit 0 has itself and unit 1 for neighbours: (6 - 2/6) / (S sqrt((36*2 - 4) / 35)).
    xy_m = np.column_stack([np.arange(36.0), np.zeros(36)])
    value = np.zeros(36)
    value[0] = 6.0

    z = getis_ord(xy_m, value, 1.0, n_cases=40).z

    spread = np.sqrt(35 / 36)
    assert z[0] == pytest.approx((6 - 2 / 6) / (spread * np.sqrt(68 / 35)), abs=1e-12)
    assert z[1] == pytest.approx((6 - 3 / 6) / (spread * np.sqrt((36 * 3 - 9) / 35)), abs=1e-12)
    assert z[9] == pytest.approx((0 - 3 / 6) / (spread * np.sqrt((36 * 3 - 9) / 35)), abs=1e-12)


def test_a_warm_corner_stands_out_and_nothing_else_does():
    xy_m = grid()
    value = np.where((xy_m < 250).all(axis=1), 5.0, 1.0) + np.tile([0.0, 0.1], 32)

    found = getis_ord(xy_m, value, 110.0, n_cases=64)

    out = found.q <= 0.05
    assert out.any()
    assert (xy_m[out] < 350).all()


def test_noise_gives_no_discovery_in_nearly_all_cities():
    rng = np.random.default_rng(3)
    found = [
        (getis_ord(grid(), rng.normal(size=64), 110.0, n_cases=64).q <= 0.05).any()
        for _ in range(100)
    ]

    assert np.mean(found) <= 0.05


def test_what_was_looked_at_often_is_never_surer_for_it():
    rng = np.random.default_rng(4)
    found = getis_ord(grid(), rng.normal(size=64), 110.0, n_cases=64)

    assert (found.q >= found.p).all()


@pytest.mark.parametrize(
    ("units", "cases", "said", "missing"),
    [
        (LEAST_UNITS, LEAST_CASES - 1, "findings.missing_cases", 1),
        (LEAST_UNITS - 4, LEAST_CASES, "findings.missing_units", 4),
    ],
)
def test_too_few_is_a_result_with_what_is_missing(units: int, cases: int, said: str, missing: int):
    rng = np.random.default_rng(1)

    found = getis_ord(rng.uniform(size=(units, 2)), rng.uniform(size=units), 0.2, n_cases=cases)

    assert len(found.z) == 0
    assert found.verdict is not None
    assert (found.verdict.id, found.verdict.params["n"]) == (said, missing)


def test_units_that_are_all_alike_are_not_compared():
    found = getis_ord(grid(), np.ones(64), 110.0, n_cases=64)

    assert found.verdict is not None
    assert found.verdict.id == "findings.units_alike"


def test_a_unit_to_which_all_are_near_stands_out_from_nothing():
    assert (getis_ord(grid(), np.arange(64.0), 1e6, n_cases=64).z == 0).all()
