"""The week at a place: its peak is found, what nobody looked at stays unknown, few say little."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest

from data.nouns import TIRANE
from geo.cycle import week_kernels
from geo.risk import RiskSurface, risk_surface
from geo.slots import HOURS
from geo.week import Run, high_hours, week_clocks
from tests.builders import cases, durres, places, visits

#: A Monday at midnight, no clock being changed in the weeks after it.
MONDAY = datetime(2026, 4, 6, tzinfo=TIRANE)
AS_OF = MONDAY + timedelta(weeks=16)
FRIDAY_EVENING = [4 * 24 + hour for hour in range(18, 22)]


def at_hours(hours: list[int], *, later: timedelta = timedelta(0)) -> list[datetime]:
    """Return a moment in each hour of the week, each in a week of its own."""
    return [MONDAY + later + timedelta(weeks=i % 12, hours=h) for i, h in enumerate(hours)]


def made(
    found: list[int],
    seen: list[int] | None = None,
    *,
    later: timedelta = timedelta(0),
    others: int = 0,
    **more: object,
) -> RiskSurface:
    """Return a surface of two markets: cases at the first one, presence at both."""
    elsewhere = [14 + 24 * (i % 5) for i in range(others)]
    seen = list(range(HOURS)) if seen is None else seen
    known = cases(
        ["p000"] * len(found) + ["p001"] * others,
        when=at_hours(found, later=later) + at_hours(elsewhere, later=later),
        **more,
    )
    looked = visits(
        ["p000"] * len(seen) + ["p001"] * HOURS,
        when=at_hours(seen, later=later) + at_hours(list(range(HOURS)), later=later),
    )
    return risk_surface(known, looked, places(2), durres(), as_of=AS_OF)


def day_by_day(surface: RiskSurface) -> RiskSurface:
    """Return the surface with a course that knows no day from another, and smooths within days."""
    times = surface.times
    flat = replace(times, week=np.ones_like(times.week), kernel=week_kernels()[6])
    return replace(surface, times=flat)


def test_an_evening_that_is_known_to_be_the_worst_is_found():
    (clock,) = week_clocks(made(FRIDAY_EVENING * 8, others=6), ["p000"])

    assert int(clock.share.argmax()) in FRIDAY_EVENING
    high = {int(hour) for run in clock.high for hour in run.of_week}
    assert set(FRIDAY_EVENING) <= high
    assert len(high) <= 12
    assert not clock.of_kind
    assert clock.held >= 0.45
    assert clock.unseen == 0


def test_an_hour_in_which_nobody_looked_is_unknown_even_where_others_reported_from_it():
    seen = [hour for hour in range(HOURS) if hour not in FRIDAY_EVENING]

    (clock,) = week_clocks(made(FRIDAY_EVENING * 4, seen, others=20, source="helpline"), ["p000"])

    assert np.isnan(clock.rate_per_hour[FRIDAY_EVENING]).all()
    assert (clock.rate_per_hour[seen] > 0).all()
    assert clock.reported[FRIDAY_EVENING].tolist() == [4.0] * 4
    assert clock.reported[seen].sum() == 0
    assert clock.unseen >= 4


def test_at_a_place_that_nobody_visited_no_rate_is_known():
    (clock,) = week_clocks(made(FRIDAY_EVENING * 4, [], source="police"), ["p000"])

    assert np.isnan(clock.rate_per_hour).all()
    assert clock.share.sum() == pytest.approx(1.0)


@pytest.mark.parametrize("days", [1, 3, 7])
def test_everything_a_day_later_is_the_same_week_a_day_later(days: int):
    found, later = FRIDAY_EVENING * 3 + [34, 35], timedelta(days=days)

    (before,) = week_clocks(day_by_day(made(found, others=20)), ["p000"])
    (after,) = week_clocks(day_by_day(made(found, later=later, others=20)), ["p000"])

    assert after.share == pytest.approx(np.roll(before.share, 24 * days))
    assert before.high
    assert after.high == tuple(
        sorted(
            (replace(run, day=(run.day + days) % 7) for run in before.high),
            key=lambda run: (run.day, (run.hour - 6) % 24),
        )
    )


def test_a_case_known_to_its_day_only_is_spread_over_that_day():
    noon, evening, tuesdays = 4 * 24 + 13, 4 * 24 + 21, 24 + 21

    (timed,) = week_clocks(day_by_day(made([noon] * 12)), ["p000"])
    (mixed,) = week_clocks(
        day_by_day(made([noon] * 24, hour_known=[True] * 12 + [False] * 12)), ["p000"]
    )

    assert timed.share[evening] == pytest.approx(timed.share[tuesdays], rel=0.01)
    assert mixed.share[evening] > 2 * mixed.share[tuesdays]
    # Only those known to their hour are told as of that hour.
    assert mixed.found[noon] == mixed.n_timed == 12


def test_without_events_of_its_own_a_place_has_the_week_of_its_kind():
    surface = made([], others=30)

    (clock,) = week_clocks(surface, ["p000"])

    kind = surface.times.week[surface.times.kind_of[0]]
    rate = surface.overall["expected_per_hour"].iloc[0]
    assert clock.share == pytest.approx(kind / kind.sum())
    assert clock.rate_per_hour == pytest.approx(rate * kind)
    assert clock.of_kind


def test_the_course_keeps_the_level_that_the_places_rate_was_worked_out_with():
    # Teams come at the kind's best hours only: the rate is one of those hours.
    surface = made(FRIDAY_EVENING * 4, FRIDAY_EVENING * 10, others=40)

    (clock,) = week_clocks(surface, ["p000"])

    kind = surface.times.week[surface.times.kind_of[0]]
    rate = surface.overall["expected_per_hour"].iloc[0]
    seen = clock.hours > 0
    foretold = (clock.rate_per_hour[seen] * clock.hours[seen]).sum()
    assert foretold == pytest.approx((rate * kind * clock.hours)[seen].sum(), rel=0.05)


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_with_too_few_cases_of_its_own_the_high_hours_are_those_of_its_kind(n: int):
    surface = made(FRIDAY_EVENING[:n], others=30)

    (clock,) = week_clocks(surface, ["p000"])

    kind = surface.times.week[surface.times.kind_of[0]]
    hours = np.concatenate([run.of_week for run in clock.high])
    of_kind, own = (kind / kind.sum())[hours].sum(), clock.share[hours].sum()
    assert own < 0.97 * of_kind
    assert clock.of_kind is (n < 3)
    assert clock.held == pytest.approx(of_kind if n < 3 else own)


def test_too_few_hours_known_in_the_municipality_are_a_result_with_what_is_missing():
    surface = made(FRIDAY_EVENING * 2, hour_known=[True] * 5 + [False] * 3)

    (clock,) = week_clocks(surface, ["p000"])

    assert clock.high == ()
    assert clock.verdict is not None
    assert clock.verdict.id == "when.missing_timed"
    assert dict(clock.verdict.params) == {"n": 25, "have": 5, "needed": 30}


def test_a_place_is_the_same_alone_and_among_others():
    surface = made(FRIDAY_EVENING * 4, others=12)

    (alone,) = week_clocks(surface, ["p001"])
    _, among = week_clocks(surface, ["p000", "p001"])

    assert alone.share.tolist() == among.share.tolist()
    assert (alone.place_id, alone.high) == (among.place_id, among.high)


def week(**at: float) -> np.ndarray:
    """Return a week that is nearly flat but for the hours named, as `d4h18`."""
    share = np.full(HOURS, 1e-4)
    for name, worth in at.items():
        day, hour = name[1:].split("h")
        share[24 * int(day) + int(hour)] = worth
    return share / share.sum()


def test_the_same_hours_on_neighbouring_days_are_one_run():
    weekdays = week(**{f"d{day}h{hour}": 1.0 for day in range(5) for hour in (17, 18)})

    assert high_hours(weekdays) == (Run(day=0, days=5, hour=17, hours=2),)


def test_a_night_belongs_to_the_day_it_begins_on():
    night = week(d4h23=1.0, d5h0=1.0, d5h1=1.0)

    (run,) = high_hours(night)

    assert run == Run(day=4, days=1, hour=23, hours=3)
    assert sorted(run.of_week) == [119, 120, 121]


def test_the_week_goes_round():
    around = week(d6h18=1.0, d0h18=1.0)

    assert high_hours(around) == (Run(day=6, days=2, hour=18, hours=1),)
    assert sorted(Run(day=6, days=1, hour=3, hours=1).of_week) == [3]


def test_hours_far_apart_are_up_to_three_runs():
    apart = week(d0h8=1.0, d2h20=1.0, d5h12=1.0)

    found = high_hours(apart)

    assert [(run.day, run.hour, run.hours) for run in found] == [(0, 8, 1), (2, 20, 1)]


def test_where_every_hour_is_alike_none_is_high():
    assert high_hours(np.full(HOURS, 1 / HOURS)) == ()


def test_runs_never_share_an_hour():
    rng = np.random.default_rng(3)
    for _ in range(20):
        share = rng.gamma(0.3, size=HOURS)
        found = high_hours(share / share.sum())
        hours = [int(hour) for run in found for hour in run.of_week]
        assert len(hours) == len(set(hours))
