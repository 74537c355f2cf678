"""Groups redrawn: knots hold, a string of points does not, and likeness is that of sets."""

from __future__ import annotations

import numpy as np
import pytest

from geo.clusters import ClusterSettings, cluster_labels
from geo.stability import _likeness, stability


def knots(n: int = 20, *, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    centres = np.repeat([[0.0, 0.0], [3000.0, 0.0], [0.0, 3000.0]], n, axis=0)
    return centres + rng.normal(0, 30, centres.shape)


def jaccard(one: set[int], other: set[int]) -> float:
    return len(one & other) / len(one | other)


def test_likeness_is_that_of_sets():
    rng = np.random.default_rng(2)
    before, after = rng.integers(-1, 4, 50), rng.integers(-1, 3, 50)

    found = _likeness(before, after, 4)

    for group in range(4):
        own = set(np.flatnonzero(before == group).tolist())
        best = max(jaccard(own, set(np.flatnonzero(after == g).tolist())) for g in range(3))
        assert found[group] == pytest.approx(best)


def test_a_group_of_which_nothing_came_is_not_spoken_of():
    found = _likeness(np.array([0, 0, -1]), np.array([0, 0, 0]), 2)

    assert found[0] == pytest.approx(2 / 3)
    assert np.isnan(found[1])


def test_a_redrawing_without_groups_is_like_none():
    assert _likeness(np.array([0, 0]), np.array([-1, -1]), 1) == 0


def test_knots_far_apart_stay_together():
    found = stability(knots(), seed=3, redrawings=40)

    assert len(found.jaccard) == 3
    assert (found.jaccard > 0.8).all()
    assert (found.kept >= 0.9).all()


def test_a_loose_group_holds_less_than_a_knot():
    rng = np.random.default_rng(4)
    loose = rng.uniform([6000, 6000], [9000, 9000], (25, 2))

    xy_m = np.vstack([knots(), loose])
    found = stability(xy_m, seed=3, redrawings=40)

    knot = np.unique(found.labels[:60])
    others = [g for g in range(len(found.jaccard)) if g not in knot]
    assert (found.jaccard[knot[knot >= 0]] > 0.7).all()
    assert all(found.jaccard[g] < found.jaccard[knot].min() for g in others)


def test_the_groups_are_those_that_the_map_shows():
    xy_m = knots()

    found = stability(xy_m, seed=3, redrawings=2)

    assert (found.labels == cluster_labels(xy_m, ClusterSettings())).all()


def test_one_seed_gives_one_answer():
    xy_m = knots(8)

    one, same = (stability(xy_m, seed=5, redrawings=10) for _ in range(2))

    assert (one.jaccard == same.jaccard).all()


def test_without_groups_there_is_nothing_to_redraw():
    xy_m = np.arange(12.0).reshape(6, 2) * 1e5

    found = stability(xy_m, seed=1, settings=ClusterSettings(min_size=6, join_m=1.0))

    assert len(found.jaccard) == len(found.kept) == max(int(found.labels.max()) + 1, 0)
