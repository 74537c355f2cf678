"""Intervals are held to account: calibrated ones pass, too narrow ones are told so."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray

import geo.calibration
from data.crs import EDGE_CRS, METRIC_CRS, to_lonlat, to_metres
from data.nouns import TIRANE
from geo.calibration import Calibration, check, check_forecasts, held_at
from geo.evaluate import EvaluationSettings, Known, inhabited_ground
from geo.forecast import Forecast, forecast
from tests.builders import CENTRE, cases, durres, places, visits
from tests.geo.test_evaluate import settlement

FIRST = datetime(2020, 1, 1, tzinfo=TIRANE)
SETTINGS = EvaluationSettings()
YEARS_DAYS = 6 * 365


def checked(days: NDArray[np.float64], as_of_day: float = YEARS_DAYS) -> Calibration:
    """Return how forecasts of cases on these days, scattered round a market, held."""
    days = np.sort(days)
    xy_m = np.random.default_rng(1).normal([300.0, 500.0], 350.0, size=(len(days), 2))
    points = to_lonlat(xy_m + to_metres(np.array([CENTRE]), METRIC_CRS), METRIC_CRS)
    found = cases([""] * len(days), when=[FIRST + timedelta(days=float(day)) for day in days])
    known = Known(
        cases=found.set_geometry(shapely.points(points), crs=EDGE_CRS),
        visits=visits([]),
        places=places(3),
        area=durres(),
    )
    ground = inhabited_ground(settlement(20_000), places(3), durres(), SETTINGS)
    as_of = FIRST + timedelta(days=as_of_day)
    return check_forecasts(known, ground, settings=SETTINGS, as_of=as_of)


def steady(seed: int, weekly: float = 0.7) -> NDArray[np.float64]:
    rng = np.random.default_rng(seed)
    return rng.uniform(0.0, YEARS_DAYS, rng.poisson(weekly * YEARS_DAYS / 7))


def in_bursts(seed: int) -> NDArray[np.float64]:
    """Return as many cases, in quarters of which each is worth many or hardly any."""
    rng = np.random.default_rng(seed)
    quarter = rng.choice(24, p=rng.dirichlet(np.full(24, 0.6)), size=220)
    return quarter * YEARS_DAYS / 24 + rng.uniform(0.0, YEARS_DAYS / 24, 220)


def poisson(*args: Any) -> Forecast:
    """Return the house's forecast without its doubt: neither the total nor a part is unsure."""
    return replace(forecast(*args), level_shape=1e9, excess=0.0)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_steady_municipality_has_forecasts_about_as_sure_as_they_say(seed: int):
    found = checked(steady(seed))

    at_80, at_95 = found.levels
    assert at_80.n >= 20
    assert (at_80.verdict.id, at_95.verdict.id) == ("evaluation.held_well",) * 2


@pytest.mark.parametrize("seed", [1, 2])
def test_bursts_foretold_as_if_cases_were_independent_are_told_to_be_too_narrow(
    seed: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(geo.calibration, "forecast", poisson)

    found = checked(in_bursts(seed))

    assert [one.verdict.id for one in found.levels] == ["evaluation.held_too_narrow"] * 2


def test_intervals_that_always_hold_are_told_to_be_too_wide_once_there_are_enough():
    always, claims = np.ones(40, dtype=bool), np.full(40, 0.8)

    assert held_at(0.8, always, claims, np.arange(40)).verdict.id == "evaluation.held_too_wide"
    few = held_at(0.8, always[:11], claims[:11], np.arange(11)).verdict
    assert (few.id, few.params) == ("evaluation.held_too_few", {"n": 11, "needed": 12})


def test_the_interval_on_a_share_is_the_exact_one_where_periods_have_one_part_each():
    # Clopper and Pearson (1934) for 14 of 17, as every table has it.
    held = np.array([True] * 14 + [False] * 3)

    low, high = held_at(0.8, held, np.full(17, 0.8), np.arange(17)).share_95

    assert low == pytest.approx(0.566, abs=0.02)
    assert high == pytest.approx(0.962, abs=0.01)


def test_parts_that_err_together_are_worth_less_than_parts_that_err_alone():
    together = np.repeat([True, True, True, False, True], 8)
    alone = np.tile([True, True, True, False, True], 8)
    period, claims = np.repeat(np.arange(5), 8), np.full(40, 0.8)

    wide, narrow = (held_at(0.8, held, claims, period).share_95 for held in (together, alone))

    assert wide[0] < narrow[0] - 0.1
    assert wide[1] > narrow[1]


def test_a_period_in_which_nothing_came_is_judged_like_any_other():
    busy = np.linspace(0.0, 546.0, 110)  # to the last day of June 2021

    found = checked(busy, as_of_day=546.0 + 92.0 + 92.0)

    autumn, winter = found.said[-2:]
    assert (autumn.met, winter.met) == (0, 0)
    assert found.said[-2].start < FIRST + timedelta(days=600)
    assert autumn.low > 0
    assert found.levels[0].held < found.levels[0].n


def test_a_period_that_is_not_over_is_foretold_only_so_far():
    days = steady(4)

    whole, half = (checked(days, as_of_day=day).said[-1] for day in (5 * 365 + 92, 5 * 365 + 46))

    assert whole.start == half.start
    assert half.expected == pytest.approx(whole.expected / 2, rel=0.1)
    assert half.met < whole.met


def test_what_was_said_of_a_period_does_not_know_what_came_in_it():
    days = steady(5)
    last = checked(days).said[-2]
    begins = (last.start - FIRST).total_seconds() / 86_400
    more = begins + np.linspace(1.0, 40.0, 9)

    other = checked(np.concatenate([days, more])).said[-2]

    assert (other.expected, other.low, other.high) == (last.expected, last.low, last.high)
    assert other.met == last.met + 9


def test_without_a_case_there_is_nothing_to_hold_to_account():
    found = checked(np.empty(0))

    assert found.said == ()
    assert found.pit_distance is None
    assert {one.verdict.id for one in found.levels} == {"evaluation.held_too_few"}


def test_the_gap_to_uniform_is_told_where_there_are_enough_forecasts():
    assert checked(steady(2)).pit_distance is None

    gap = checked(steady(2, weekly=2.0)).pit_distance  # two parts a quarter or more

    assert gap is not None
    assert gap < 0.3


def test_an_interval_claims_what_its_whole_numbers_hold():
    made = Forecast(expected=np.array([2.0]), level_shape=1e9, excess=0.0)
    mean = np.full(5000, 2.0)
    counts = np.random.default_rng(1).poisson(2.0, 5000).astype(float)

    found = check(made, mean, counts, np.random.default_rng(2))

    assert found.held.mean(axis=1) == pytest.approx(found.claimed.mean(axis=1), abs=0.02)
    assert geo.calibration.distance_to_uniform(found.pit) < 0.025
