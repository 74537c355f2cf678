"""The ways that foretell are believed, and without events all of them alike."""

from __future__ import annotations

import numpy as np
import pytest

from geo.mixture import mixture_weights


def test_shares_of_a_known_mixture_are_found_again():
    rng = np.random.default_rng(1)
    from_first = rng.random(20_000) < 0.3
    event = rng.normal(np.where(from_first, 0.0, 4.0))
    likely = np.exp(-0.5 * (event[:, None] - np.array([0.0, 4.0])) ** 2)

    weights = mixture_weights(likely, np.ones(20_000), pseudo=4.0, iterations=200)

    assert weights == pytest.approx([0.3, 0.7], abs=0.02)


def test_an_event_that_happened_twice_counts_as_two():
    likely = np.array([[0.9, 0.2], [0.1, 0.6]])

    twice = mixture_weights(likely, np.array([2.0, 1.0]), pseudo=1.0, iterations=50)
    apart = mixture_weights(likely[[0, 0, 1]], np.ones(3), pseudo=1.0, iterations=50)

    assert twice == pytest.approx(apart)
    assert twice.sum() == pytest.approx(1.0)


def test_without_events_every_way_is_as_likely():
    weights = mixture_weights(np.empty((0, 4)), np.empty(0), pseudo=4.0, iterations=10)

    assert weights == pytest.approx([0.25] * 4)
