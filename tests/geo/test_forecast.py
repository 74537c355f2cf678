"""A forecast says how many events a part of the area gets, and is as sure as it should be."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from geo.forecast import Forecast, forecast, parts_of, sum_parts
from geo.grid import Grid

GRID = Grid(west=0, south=0, n_x=40, n_y=40, cell_m=250.0)
INSIDE = np.ones(1600, dtype=bool)


def past(per_week: list[int], seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Return events strewn over the area, so many in each week, the latest week last."""
    rng = np.random.default_rng(seed)
    ago = [
        rng.uniform(7 * (len(per_week) - 1 - week), 7 * (len(per_week) - week), size=n)
        for week, n in enumerate(per_week)
    ]
    days_ago = np.concatenate(ago)
    return rng.uniform(0, 10_000, size=(len(days_ago), 2)), days_ago


def test_a_level_that_stays_is_foretold_from_all_of_the_past():
    made = forecast(*past([20] * 30), 14.0, GRID, INSIDE)

    assert made.expected.sum() == pytest.approx(40, rel=0.05)
    assert made.level_shape > 300


def test_a_level_that_moved_is_foretold_from_its_last_weeks():
    made = forecast(*past([10] * 15 + [60] * 15), 7.0, GRID, INSIDE)

    assert made.expected.sum() == pytest.approx(60, rel=0.1)


def test_a_level_that_jumps_about_is_less_sure():
    steady = forecast(*past([20] * 20), 7.0, GRID, INSIDE)
    jumping = forecast(*past([5, 5, 40, 40, 10, 10, 50, 50, 5, 5] * 2), 7.0, GRID, INSIDE)

    assert jumping.level_shape < steady.level_shape / 3


def test_a_part_is_negative_binomial_with_the_variance_it_says():
    made = Forecast(expected=np.ones(4), level_shape=50.0, excess=0.5)
    counts = np.arange(200.0)

    mass = np.diff(made.at_most(counts, np.full(200, 5.0)), prepend=0.0)

    assert (counts * mass).sum() == pytest.approx(5.0)
    assert ((counts - 5) ** 2 * mass).sum() == pytest.approx(5.0 * (1 + 0.5 + 5.0 / 50.0))


def test_an_interval_of_whole_numbers_holds_as_nearly_as_it_can():
    made = Forecast(expected=np.ones(4), level_shape=1e12, excess=0.0)

    low, high = made.interval(np.array([5.0, 0.01]))

    # Poisson of five: 2 to 8 hold 0.891, 2 to 7 hold 0.826, 3 to 8 hold 0.807.
    assert (low[0], high[0]) == (3, 8)
    assert stats.poisson(5).cdf(8) - stats.poisson(5).cdf(2) == pytest.approx(0.807, abs=1e-3)
    assert (low[1], high[1]) == (0, 0)


def test_parts_expect_about_five_events_each_and_the_rest_belongs_to_none():
    expected = np.array([0.5, 3.0, 2.0, 4.0, 1.0, 0.5, 0.5])

    assert parts_of(expected).tolist() == [-1, 1, 1, 0, 1, -1, -1]


def test_a_cell_that_expects_more_than_a_part_leaves_no_part_empty():
    part = parts_of(np.array([14.0, 2.5, 2.5, 2.5, 2.5]))

    assert part.tolist() == [0, 1, 1, -1, -1]


def test_next_weeks_counts_lie_where_the_forecast_says():
    pit = []
    for seed in range(25):
        rng = np.random.default_rng(seed)
        centre = rng.uniform(2000, 8000, size=(5, 2))
        weekly = rng.poisson(20, size=16)
        xy_m, days_ago = past(weekly.tolist(), seed)
        xy_m = np.clip(
            centre[rng.integers(0, 5, len(xy_m))] + rng.normal(0, 900, xy_m.shape), 1, 9999
        )
        later = centre[rng.integers(0, 5, n := rng.poisson(80))] + rng.normal(0, 900, (n, 2))

        made = forecast(xy_m, days_ago, 28.0, GRID, INSIDE)

        part = parts_of(made.expected)
        cells = GRID.cells_of(np.clip(later, 1, 9999))
        found = sum_parts(part, np.bincount(cells, minlength=1600))
        mean = sum_parts(part, made.expected)
        below, upto = made.at_most(found - 1, mean), made.at_most(found, mean)
        pit += list(below + rng.random(len(mean)) * (upto - below))

    assert len(pit) > 200
    assert stats.kstest(pit, "uniform").statistic < 0.08
