"""When children are met, at equal effort; what others see is worth hours of presence."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from data.nouns import TIRANE
from geo.effort import Ledger, make_ledger
from geo.slots import HOURS
from geo.times import SIDES, exposure_of, learn_times, side_of
from tests.builders import cases, visits

AS_OF = datetime(2026, 7, 1, tzinfo=TIRANE)
BEGUN = AS_OF - timedelta(weeks=52)


def rounds(seed: int, places: int, n: int, hours: tuple[int, ...], *, rate: float = 0.3):
    """Return hour-long visits over a year and the finds of an equal rate at every hour."""
    rng = np.random.default_rng(seed)
    when = [
        BEGUN + timedelta(days=int(rng.integers(0, 363)), hours=int(rng.choice(hours)))
        for _ in range(n)
    ]
    at = [f"p{int(i):03d}" for i in rng.integers(0, places, n)]
    found = rng.poisson(rate, n)
    names = [p for p, k in zip(at, found, strict=True) for _ in range(k)]
    moments = [w + timedelta(minutes=5) for w, k in zip(when, found, strict=True) for _ in range(k)]
    return cases(names, when=moments), visits(at, when=when)


def ledger_of(found: pd.DataFrame, met: pd.DataFrame, places: int) -> Ledger:
    return make_ledger(found, met, pd.Series([f"p{i:03d}" for i in range(places)]), AS_OF)


def squares(places: int) -> tuple[np.ndarray, np.ndarray]:
    xy_m = np.column_stack([np.arange(places) * 900.0, np.zeros(places)])
    return np.full(places, "square", dtype=object), xy_m


def test_what_others_report_is_worth_as_many_hours_as_teams_would_have_needed():
    # Teams find 0.3 an hour everywhere; 120 reports are worth 400 hours over 8 places.
    found, met = rounds(1, 8, 600, (10, 15))
    rng = np.random.default_rng(2)
    told = cases(
        [f"p{int(i):03d}" for i in rng.integers(0, 8, 120)],
        when=[BEGUN + timedelta(hours=float(h)) for h in rng.uniform(0, 52 * 168 - 1, 120)],
        source="police",
    )

    times = learn_times(ledger_of(pd.concat([found, told]), met, 8), *squares(8))

    assert times.others_h * 52.0 * 8 == pytest.approx(120 / 0.3, rel=0.25)


def test_without_reports_others_see_nothing():
    found, met = rounds(3, 8, 300, (10, 15))

    assert learn_times(ledger_of(found, met, 8), *squares(8)).others_h == 0.0


def test_teams_that_are_out_at_some_hours_only_make_no_course():
    found, met = rounds(4, 8, 900, (17, 18, 19))

    week = learn_times(ledger_of(found, met, 8), *squares(8)).town_week

    assert np.abs(week - 1.0).max() < 0.4


def test_an_hour_at_a_bad_time_counts_less_than_one_at_a_good_one():
    morning, met_morning = rounds(5, 4, 600, (9,), rate=0.05)
    evening, met_evening = rounds(6, 4, 600, (18,), rate=0.6)
    found = pd.concat([morning, evening], ignore_index=True)
    met = pd.concat([met_morning, met_evening], ignore_index=True)
    ledger = ledger_of(found, met, 4)

    times = learn_times(ledger, *squares(4))
    whole = [
        exposure_of(ledger_of(cases([]), visits(["p000"], when=[at]), 4), times).whole[0]
        for at in (datetime(2026, 6, 10, h, tzinfo=TIRANE) for h in (9, 18))
    ]

    assert 3.0 * whole[0] < whole[1]
    # A rate is one of the hours that teams keep: theirs count as they are, all together.
    assert exposure_of(ledger, times).whole.sum() == pytest.approx(1200.0, rel=0.1)


def test_the_coast_has_its_year_apart_from_inland():
    rng = np.random.default_rng(7)
    when = [BEGUN + timedelta(days=int(d), hours=15) for d in rng.integers(0, 363, 2400)]
    place = rng.integers(0, 8, 2400)
    summer = np.array([6 <= moment.month <= 8 for moment in when])
    found = rng.poisson(np.where(place < 4, np.where(summer, 0.8, 0.05), 0.3))
    names = [f"p{int(p):03d}" for p in np.repeat(place, found)]
    moments = [w + timedelta(minutes=5) for w, k in zip(when, found, strict=True) for _ in range(k)]
    met = visits([f"p{int(p):03d}" for p in place], when=when)
    kinds = np.array(["beach"] * 4 + ["square"] * 4, dtype=object)
    xy_m = np.column_stack([np.where(np.arange(8) < 4, 0.0, 30_000.0), np.arange(8) * 50.0])

    year = learn_times(ledger_of(cases(names, when=moments), met, 8), kinds, xy_m).year

    inland, coast = SIDES.index("inland"), SIDES.index("coast")
    assert year[coast, 6] > 3.0 * year[coast, 0]
    assert year[inland, 6] < 1.5 * year[inland, 0]


def test_what_is_near_a_beach_or_promenade_is_on_the_coast():
    kinds = np.array(["promenade", "market", "market"], dtype=object)

    sides = side_of(kinds, np.array([[0.0, 0.0], [900.0, 0.0], [1100.0, 0.0]]))

    assert sides.tolist() == [1, 1, 0]


def test_nothing_known_is_no_course_and_no_fault():
    times = learn_times(ledger_of(cases([]), visits([]), 3), *squares(3))

    assert times.week == pytest.approx(np.ones((1, HOURS)))
    assert times.year == pytest.approx(np.ones((2, 12)))
