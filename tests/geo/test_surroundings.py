"""Surroundings are those of the neighbours alone, by a Gaussian of their distance."""

from __future__ import annotations

import numpy as np
import pytest

from geo.surroundings import rate_around


def spread(seed: int, n: int = 60) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.uniform(0, 4000, (n, 2)), rng.poisson(2.0, n).astype(float), rng.gamma(2.0, 5.0, n)


def test_it_is_near_the_exact_sum_over_all_neighbours():
    xy_m, n, hours = spread(1)
    town = np.full(len(n), 0.2)

    made = rate_around(xy_m, n, hours, 800.0, town)

    gap_m = np.linalg.norm(xy_m[:, None] - xy_m[None, :], axis=2)
    near = np.exp(-0.5 * (gap_m / 800.0) ** 2) * ~np.eye(len(n), dtype=bool)
    exact = (near @ n + 1.0) / (near @ hours + 5.0)
    assert np.abs(made / exact - 1.0).max() < 0.12
    assert np.corrcoef(made, exact)[0, 1] > 0.95


def test_what_a_unit_found_itself_says_nothing_of_its_surroundings():
    xy_m, n, hours = spread(2)
    town = np.full(len(n), 0.2)
    more = n.copy()
    more[7] += 50.0

    before, after = (rate_around(xy_m, counts, hours, 500.0, town) for counts in (n, more))

    assert after[7] == pytest.approx(before[7], rel=1e-6)
    assert (np.delete(after, 7) >= np.delete(before, 7) - 1e-9).all()


def test_a_lonely_unit_has_the_rate_of_its_municipality():
    xy_m = np.array([[0.0, 0.0], [90_000.0, 40_000.0]])

    made = rate_around(
        xy_m, np.array([5.0, 9.0]), np.array([1.0, 2.0]), 300.0, np.array([0.4, 0.7])
    )

    assert made == pytest.approx([0.4, 0.7])
