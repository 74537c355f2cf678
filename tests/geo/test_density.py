"""Densities are learned from the events alone, at the sharpness they can carry."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from geo.density import DensitySettings, estimate_density, kernel_density
from geo.grid import Grid

GRID = Grid(west=0, south=0, n_x=40, n_y=40, cell_m=250.0)


def corners(n: int, seed: int = 1) -> np.ndarray:
    """Return events that repeat exactly at ten corners."""
    rng = np.random.default_rng(seed)
    spots = rng.uniform(1000, 9000, size=(10, 2))
    return spots[rng.integers(0, 10, size=n)]


def strewn(n: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).uniform(0, 10_000, size=(n, 2))


def test_the_shares_of_the_study_area_sum_to_one():
    inside = np.ones(1600, dtype=bool)
    inside[:400] = False

    found = estimate_density(strewn(50), GRID, inside=inside)

    assert found.share.sum() == pytest.approx(1)
    assert (found.share[~inside] == 0).all()
    assert sum(found.weights.values()) == pytest.approx(1)


def test_repeating_corners_are_drawn_sharp_and_strewn_events_broad():
    sharp = estimate_density(corners(300), GRID).weights
    broad = estimate_density(strewn(300), GRID).weights

    assert sharp["count"] + sharp["kernel_150"] > 0.8
    assert broad["count"] + broad["kernel_150"] < 0.1
    assert broad["even"] + broad["kernel_5000"] > 0.5


def test_without_events_every_cell_is_equal():
    found = estimate_density(np.empty((0, 2)), GRID)

    assert np.ptp(found.share) == 0
    assert found.weights["even"] == 1


def test_the_order_of_the_events_changes_nothing():
    events = corners(80)

    there = estimate_density(events, GRID).share
    back = estimate_density(events[::-1], GRID).share

    np.testing.assert_allclose(there, back, rtol=1e-12)


def test_a_kernel_agrees_with_the_normal_distribution():
    event = np.array([[5025.0, 5025.0]])  # the middle of a fine cell

    found = kernel_density(event, GRID, 1000.0).reshape(GRID.shape)

    edges = np.arange(41) * 250.0
    line = np.diff(norm.cdf(edges, loc=5025.0, scale=1000.0))
    # kernels end at four bandwidths: three in ten thousand of the mass are missing
    np.testing.assert_allclose(found, np.outer(line, line), atol=5e-6)


def test_leaving_an_event_out_is_as_if_it_had_never_been():
    events = np.vstack([corners(30), strewn(30)])
    settings = DensitySettings(scales_m=(300.0, 1500.0), iterations=1, pseudo_events=0.0)

    by_hand = []
    for i in range(len(events)):
        others = np.delete(events, i, axis=0)
        cell = GRID.cells_of(events[i : i + 1])[0]
        count = np.bincount(GRID.cells_of(others), minlength=1600) / len(others)
        kernels = [kernel_density(others, GRID, s)[cell] for s in settings.scales_m]
        by_hand.append([count[cell], *kernels, 1 / 1600])
    parts = np.array(by_hand)
    expected = (parts / parts.sum(axis=1, keepdims=True)).mean(axis=0)

    found = estimate_density(events, GRID, settings=settings)

    np.testing.assert_allclose(list(found.weights.values()), expected, rtol=1e-9)
