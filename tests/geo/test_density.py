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
    event = np.array([[5017.0, 3141.0]])

    found = kernel_density(event, GRID, 1000.0).reshape(GRID.shape)

    edges = np.arange(41) * 250.0
    east = np.diff(norm.cdf(edges, loc=5017.0, scale=1000.0))
    north = np.diff(norm.cdf(edges, loc=3141.0, scale=1000.0))
    np.testing.assert_allclose(found, np.outer(north, east), atol=1e-15)


def test_many_events_gathered_give_what_they_give_one_by_one(monkeypatch: pytest.MonkeyPatch):
    events = np.vstack([corners(400), strewn(400)])

    one_by_one = estimate_density(events, GRID)
    monkeypatch.setattr("geo.density.EXACT_UP_TO", 100)
    gathered = estimate_density(events, GRID)

    # A corner may move by half a fine cell, 25 m: little beside the narrowest kernel's 150 m.
    assert np.abs(gathered.share - one_by_one.share).sum() < 0.02
    assert gathered.weights == pytest.approx(one_by_one.weights, abs=0.03)


def test_events_at_one_place_count_as_often_as_they_are():
    events = np.vstack([strewn(40), strewn(40)[:10], strewn(40)[:10]])

    nudged = events + np.random.default_rng(2).uniform(-1e-6, 1e-6, size=events.shape)

    together, apart = estimate_density(events, GRID), estimate_density(nudged, GRID)

    np.testing.assert_allclose(together.share, apart.share, atol=1e-9)


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
