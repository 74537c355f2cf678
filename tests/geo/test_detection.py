"""How many visits without a meeting make a place empty, learned from repeat visits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from data.frames import VISITS
from data.messages import Message
from geo.detection import Detection, empty_in_a_row, estimate, learn, visits_needed
from tests.builders import NOON, places, visits

NOW = NOON + timedelta(days=1)


def quarters(*met_of: tuple[int, int], times: int = 1) -> Detection | None:
    """Estimate from (met, looked) of each quarter of a place."""
    met, looked = np.array(met_of * times, dtype=np.int64).T
    return estimate(met, looked)


def known(*met_of: tuple[int, int], times: int = 1) -> Detection:
    found = quarters(*met_of, times=times)
    assert found is not None
    return found


def simulated(
    p: float, use: float, n: int, rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return meetings and visits of n places, of which a share is in use at all."""
    looked = rng.integers(1, 9, n)
    return rng.binomial(looked, p) * (rng.random(n) < use), looked


# The number of visits


@pytest.mark.parametrize(
    ("p", "confidence", "n"),
    [
        (0.3, 0.95, 9),
        (0.5, 0.95, 5),
        (0.5, 0.75, 2),
        (0.1, 0.95, 29),
        (0.95, 0.95, 1),
        (1.0, 0.9, 1),
    ],
)
def test_so_many_visits_are_needed_before_a_place_may_be_called_empty(
    p: float, confidence: float, n: int
):
    assert visits_needed(p, confidence) == n


@given(p=st.floats(0.01, 0.99), confidence=st.floats(0.5, 0.99))
def test_they_are_the_fewest_after_which_somebody_would_surely_have_been_met(
    p: float, confidence: float
):
    n = visits_needed(p, confidence)

    assert 1 - (1 - p) ** n >= confidence - 1e-6
    assert n == 1 or 1 - (1 - p) ** (n - 1) < confidence


# The chance of a meeting


def test_of_two_visits_each_the_chance_is_two_less_two_over_the_mean_number_of_meetings():
    # By hand: a binomial of two, at least one, has the mean 2 / (2 - p); here it is 4 / 3.
    found = known((1, 2), (1, 2), (2, 2), times=4)

    assert found.p == pytest.approx(0.5)
    assert (found.n_quarters, found.n_visits) == (12, 24)
    assert found.needed == 5


def test_counting_meetings_at_places_where_somebody_was_met_would_promise_too_much():
    found = known((1, 2), (1, 2), (2, 2), times=4)

    assert found.p < 16 / 24  # the share of visits with a meeting, of a chosen lot


def test_a_place_where_nobody_was_met_or_that_was_seen_once_says_nothing_of_the_chance():
    alone = known((1, 2), (1, 2), (2, 2), times=4)
    beside = known((1, 2), (1, 2), (2, 2), (0, 9), (1, 1), (0, 1), times=4)

    assert beside == alone


def test_the_chance_is_where_the_likelihood_is_highest_and_the_interval_where_it_has_dropped():
    met, looked = np.array([1, 3, 2, 1, 4, 2]), np.array([4, 5, 6, 3, 8, 2])
    found = estimate(met, looked)
    assert found is not None

    # Brute force, from scipy's own binomial.
    grid = np.linspace(0.001, 0.999, 9981)
    log = sum(
        stats.binom.logpmf(k, n, grid) - stats.binom.logsf(0, n, grid)
        for k, n in zip(met, looked, strict=True)
    )
    near = {share: grid[2 * (log.max() - log) <= stats.chi2.ppf(share, 1)] for share in (0.8, 0.95)}

    assert found.p == pytest.approx(grid[log.argmax()], abs=2e-4)
    assert (found.low80, found.high80) == pytest.approx((near[0.8][0], near[0.8][-1]), abs=2e-4)
    assert (found.low95, found.high95) == pytest.approx((near[0.95][0], near[0.95][-1]), abs=2e-4)


@pytest.mark.parametrize(("p", "use"), [(0.3, 0.6), (0.5, 0.3), (0.8, 0.9)])
def test_visits_with_a_known_chance_give_it_back_and_the_intervals_hold_it(p: float, use: float):
    rng = np.random.default_rng(11)
    found = [estimate(*simulated(p, use, 60, rng)) for _ in range(300)]
    told = [one for one in found if one is not None]

    assert len(told) > 290
    assert np.mean([one.p for one in told]) == pytest.approx(p, abs=0.02)
    held80 = np.mean([one.low80 <= p <= one.high80 for one in told])
    held95 = np.mean([one.low95 <= p <= one.high95 for one in told])
    assert 0.74 <= held80 <= 0.86
    assert 0.92 <= held95 <= 0.98
    needed = visits_needed(p)
    assert np.mean([one.needed80[0] <= needed <= one.needed80[1] for one in told]) >= 0.74


def test_where_every_visit_met_somebody_one_is_enough_and_more_may_be_needed():
    found = known((4, 4), times=6)

    assert (found.p, found.high95, found.needed) == (1.0, 1.0, 1)
    assert 0.8 < found.low95 < found.low80 < 1.0
    assert found.needed95[1] > 1


@pytest.mark.parametrize(
    ("met_of", "times"),
    [
        (((2, 6),), 4),  # four places
        (((2, 3),), 6),  # eighteen visits
        (((1, 6),), 30),  # never twice: as if met by chance once in a thousand
        (((0, 9),), 40),  # never
        (((1, 9), (1, 9), (1, 9), (1, 9), (1, 9), (2, 9)), 1),  # the chance may be next to none
    ],
)
def test_with_too_little_nothing_is_said(met_of: Sequence[tuple[int, int]], times: int):
    assert quarters(*met_of, times=times) is None


# From visits


def met_now_and_then(
    places_: Sequence[str], pattern: Sequence[bool], *, days_ago: int = 1
) -> pd.DataFrame:
    """Return visits a day apart to each place, the last one so many days ago."""
    at = [place for place in places_ for _ in pattern]
    when = [NOON - timedelta(days=days_ago + i) for _ in places_ for i in range(len(pattern))]
    outcomes = ["seen" if met else "nobody" for _ in places_ for met in pattern]
    codes = [f"{place}-{days_ago}-{i}" for i, place in enumerate(at)]
    return visits(at, when=when, outcome=outcomes, visit_id=codes)


RARELY, OFTEN = [True, False, True, False, False, False], [True, True, False, True, True, True]


def test_a_municipality_learns_from_its_places_together_and_a_kind_that_differs_from_itself():
    some = places(23).assign(kind=["market"] * 15 + ["school"] * 5 + ["beach"] * 3)
    ids = some["place_id"].tolist()
    met = [met_now_and_then(ids[:15], RARELY), met_now_and_then(ids[15:], OFTEN)]

    told = learn(pd.concat(met, ignore_index=True), some, NOW)

    assert told.verdict is None
    assert told.overall is not None
    assert told.of("beach") == told.overall  # three of them are too few for themselves
    assert told.of("school") == told.by_kind["school"] != told.overall
    assert told.by_kind["school"].low95 > told.overall.p > told.by_kind["market"].high95


def test_a_kind_that_is_like_the_others_learns_from_all_of_them():
    some = places(20).assign(kind=["market"] * 10 + ["school"] * 10)
    looked = met_now_and_then(some["place_id"].tolist(), RARELY)

    told = learn(looked, some, NOW)

    assert told.by_kind == {}
    assert told.of("school") == told.of("market") == told.overall


def test_two_quarters_of_a_place_are_two_answers():
    ids = places(3)["place_id"].tolist()
    old = met_now_and_then(ids, [True, False, True, False], days_ago=95)
    new = met_now_and_then(ids, [True, False, True, False])

    told = learn(pd.concat([old, new], ignore_index=True), places(3), NOW)

    assert told.overall is not None
    assert (told.overall.n_quarters, told.overall.n_visits) == (6, 24)


def test_too_few_repeats_are_a_verdict_that_says_what_is_missing():
    told = learn(met_now_and_then(["p000"], [True, False]), places(3), NOW)

    assert told.overall is None
    assert told.of("market") is None
    assert told.verdict == Message("geo.too_few_repeats", {"n": 1, "needed": 5})


def test_without_a_visit_it_is_too_few_as_well():
    told = learn(VISITS.empty(), places(3), NOW)

    assert told.verdict == Message("geo.too_few_repeats", {"n": 0, "needed": 5})


def test_visits_that_were_never_finished_or_fell_out_of_season_say_nothing():
    ids = places(6)["place_id"].tolist()
    met = met_now_and_then(ids, [True, False, True, False])
    arrived = met.assign(ended_at=met["started_at"])

    assert learn(met, places(6), NOW).overall is not None
    assert learn(met, places(6, awake_from=9, awake_to=2), NOW).overall is None
    assert learn(arrived, places(6), NOW).overall is None


# In a row


def test_visits_in_a_row_are_those_since_somebody_was_last_met_or_reported():
    looked = met_now_and_then(["p000", "p001"], [False, False, False, True, False])
    signs = {"p000": NOON - timedelta(days=3, hours=2)}

    row = empty_in_a_row(looked, places(3), signs, NOW)

    assert row.to_dict() == {"p000": 3, "p001": 5, "p002": 0}


def test_a_place_that_sleeps_is_not_called_empty_for_it():
    looked = met_now_and_then(["p000"], [False] * 4)

    row = empty_in_a_row(looked, places(1, awake_from=9, awake_to=2), {}, NOW)

    assert row.to_dict() == {"p000": 0}


def test_later_visits_are_not_counted():
    looked = visits(["p000"] * 2, when=[NOON, NOON + timedelta(days=9)])

    assert empty_in_a_row(looked, places(1), {}, NOW)["p000"] == 1
