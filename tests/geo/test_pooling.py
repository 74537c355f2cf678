"""Units borrow from the means that foretell the others, and as much as their own hours are few."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from geo.pooling import PoolSettings, pool

COUNTS = arrays(np.float64, 6, elements=st.integers(0, 12).map(float))
HOURS = arrays(np.float64, 6, elements=st.sampled_from([0.0, 0.2, 1.0, 7.0, 60.0]))


def test_with_one_mean_and_one_concentration_it_is_the_conjugate_gamma():
    n, hours = np.array([0.0, 3.0, 11.0]), np.array([2.0, 0.0, 40.0])

    made = pool(n, hours, np.full((3, 1), 0.2), settings=PoolSettings(concentrations=(2.0,)))

    oracle = stats.gamma(2.0 + n, scale=1.0 / (2.0 / 0.2 + hours))
    assert made.mean == pytest.approx(oracle.mean())
    assert made.quantile(0.9) == pytest.approx(oracle.ppf(0.9))
    assert made.above(0.3) == pytest.approx(oracle.sf(0.3))
    assert made.prior == pytest.approx(np.full(3, 0.2))


def test_several_means_give_the_mean_and_spread_of_their_mixture():
    # Without iterations the weights are even: the mixture can be summed on a fine line.
    even = PoolSettings(concentrations=(1.0, 8.0), iterations=0)
    made = pool(np.array([4.0]), np.array([10.0]), np.array([[0.1, 0.9]]), settings=even)

    rate = np.linspace(1e-5, 6.0, 600_001)
    prior = sum(
        stats.gamma(a, scale=m / a).pdf(rate) for m in (0.1, 0.9) for a in even.concentrations
    )
    weight = prior * stats.poisson(10.0 * rate).pmf(4)
    weight /= weight.sum()
    mean = (weight * rate).sum()
    assert made.mean[0] == pytest.approx(mean, rel=1e-4)
    assert made.shape[0] / made.rate[0] ** 2 == pytest.approx(
        (weight * (rate - mean) ** 2).sum(), rel=1e-3
    )


def test_the_mean_that_foretells_is_believed_and_the_one_that_misleads_is_not():
    rng = np.random.default_rng(3)
    truth = rng.gamma(2.0, 0.1, size=400)
    n, hours = rng.poisson(truth * 30.0).astype(float), np.full(400, 30.0)

    made = pool(n, hours, np.column_stack([rng.permutation(truth), truth]))

    assert made.weights[1] > 0.9
    assert made.weights.sum() == pytest.approx(1.0)


@pytest.mark.parametrize("spread", [0.0, 0.5, 1.2])
def test_eight_in_ten_rates_lie_in_their_intervals_however_unequal_they_are(spread: float):
    rng = np.random.default_rng(5)
    truth = 0.1 * np.exp(rng.normal(0.0, spread, size=3000) - spread**2 / 2.0)
    hours = rng.choice([2.0, 10.0, 50.0], size=3000)
    n = rng.poisson(truth * hours).astype(float)

    made = pool(n, hours, np.full((3000, 1), n.sum() / hours.sum()))

    held = (made.quantile(0.1) <= truth) & (truth <= made.quantile(0.9))
    # Equal rates can only be held more often than they are said to be.
    assert 0.75 < held.mean() < (0.85 if spread else 1.01)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(COUNTS, HOURS)
def test_more_hours_with_the_same_count_never_raise_a_rate(n, hours):
    n = np.where(hours > 0, n, 0.0)  # without hours there are no finds
    means, few = np.full((6, 1), 0.3), PoolSettings(iterations=0)

    before, after = (pool(n, h, means, settings=few).mean for h in (hours, hours + 1.0))

    assert (after < before).all()


@settings(max_examples=60, deadline=None, derandomize=True)
@given(COUNTS, HOURS, st.permutations(range(6)))
def test_the_order_of_units_changes_nothing(n, hours, order):
    means = np.column_stack([np.full(6, 0.2), 0.1 + 0.1 * np.arange(6)])

    one, other = pool(n, hours, means), pool(n[order], hours[order], means[order])

    assert other.mean == pytest.approx(one.mean[order])


def test_without_any_exposure_a_unit_is_what_was_expected_of_it():
    made = pool(np.zeros(2), np.zeros(2), np.array([[0.2], [0.7]]))

    assert made.mean == pytest.approx([0.2, 0.7])


def test_a_doubt_that_all_share_widens_the_interval_and_keeps_the_mean():
    sure = pool(np.array([6.0]), np.array([20.0]), np.array([[0.3]]))

    unsure = sure.widened(np.array([0.5]))

    assert unsure.mean == pytest.approx(sure.mean)
    assert unsure.quantile(0.9) > sure.quantile(0.9)
    assert unsure.quantile(0.1) < sure.quantile(0.1)
