"""Slots tile the week, and hours of presence are split over them exactly."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.nouns import TIRANE
from geo.slots import SLOT_IDS, SLOT_OF_HOUR, hour_pieces, hours_of_week, slots_of, windows

MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone


def tirane(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=TIRANE)  # type: ignore[arg-type,misc]


def one(moment: datetime) -> pd.Series:
    return pd.Series(pd.to_datetime([moment], utc=True))


def slot_of(moment: datetime) -> str:
    return SLOT_IDS[slots_of(one(moment))[0]]


def hours_by_slot(started: datetime, ended: datetime) -> dict[str, float]:
    """Return the hours of one visit by the slots it touches."""
    _, begin, length = hour_pieces(one(started), one(ended))
    hours = np.bincount(slots_of(begin), length, len(SLOT_IDS))
    return {slot: float(h) for slot, h in zip(SLOT_IDS, hours, strict=True) if h > 0}


def test_a_week_of_presence_fills_the_eight_slots_with_its_168_hours():
    hours = hours_by_slot(tirane(2026, 6, 1, 6), tirane(2026, 6, 8, 6))

    assert len(hours) == len(SLOT_IDS) == 8
    assert sum(hours.values()) == 168
    assert hours["weekday-night"] == 5 * 8


@pytest.mark.parametrize(
    ("moment", "slot"),
    [
        (tirane(2026, 6, 5, 6), "weekday-morning"),
        (tirane(2026, 6, 5, 11, 59), "weekday-morning"),
        (tirane(2026, 6, 5, 12), "weekday-afternoon"),
        (tirane(2026, 6, 5, 17), "weekday-evening"),
        (tirane(2026, 6, 5, 22), "weekday-night"),
        (tirane(2026, 6, 6, 2), "weekday-night"),  # Friday's night
        (tirane(2026, 6, 6, 6), "weekend-morning"),
        (tirane(2026, 6, 8, 5, 59), "weekend-night"),  # Sunday's night
        (datetime(2026, 6, 5, 20, 30, tzinfo=UTC), "weekday-night"),  # half past ten in Tirana
    ],
)
def test_a_moment_has_the_slot_of_its_hour_in_tirana(moment: datetime, slot: str):
    assert slot_of(moment) == slot


def test_every_hour_of_the_week_has_the_slot_of_its_moments():
    monday = pd.Series(pd.date_range("2026-06-01", periods=168, freq="h", tz="Europe/Tirane"))

    assert hours_of_week(monday).tolist() == list(range(168))
    assert [SLOT_IDS[i] for i in SLOT_OF_HOUR] == [slot_of(m) for m in monday]


@settings(max_examples=40, deadline=None, derandomize=True)
@given(MOMENTS, st.integers(0, 60 * 40))
def test_hours_of_presence_are_split_without_loss(started: datetime, minutes: int):
    ended = started + timedelta(minutes=minutes)

    hours = hours_by_slot(started, ended)

    assert sum(hours.values()) == pytest.approx(minutes / 60)
    if minutes:
        assert slot_of(started) in hours


def test_a_visit_over_a_boundary_counts_in_both_slots():
    assert hours_by_slot(tirane(2026, 6, 5, 16, 30), tirane(2026, 6, 5, 19)) == {
        "weekday-afternoon": 0.5,
        "weekday-evening": 2.0,
    }


def test_the_night_the_clock_goes_back_has_an_hour_more():
    started, ended = tirane(2026, 10, 24, 22), tirane(2026, 10, 25, 6)

    assert hours_by_slot(started, ended) == {"weekend-night": 9.0}


def test_the_night_the_clock_goes_forward_has_an_hour_less():
    started, ended = tirane(2026, 3, 28, 22), tirane(2026, 3, 29, 6)

    assert hours_by_slot(started, ended) == {"weekend-night": 7.0}


def test_nobody_was_there_for_no_hours():
    none = pd.Series([], dtype="datetime64[us, Europe/Tirane]")

    owner, _, length = hour_pieces(none, none)

    assert (len(owner), len(length)) == (0, 0)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.sampled_from(SLOT_IDS), MOMENTS)
def test_a_moment_is_inside_the_windows_of_its_slot_and_of_no_other(slot: str, moment: datetime):
    day = (moment.astimezone(TIRANE) - timedelta(days=1)).date()
    near = [w for i in range(3) for w in windows([slot], day + timedelta(days=i))]

    inside = any(w.opens <= moment < w.closes for w in near)

    assert inside == (slot_of(moment) == slot)


def test_the_slots_of_a_day_follow_each_other_without_a_gap():
    found = windows(SLOT_IDS, date(2026, 6, 5))

    assert found[0].opens == tirane(2026, 6, 5, 6)
    assert found[-1].closes == tirane(2026, 6, 6, 6)
    assert [w.closes for w in found[:-1]] == [w.opens for w in found[1:]]


def test_a_slot_opens_on_its_days_only():
    assert [w.opens for w in windows(["weekend-evening"], date(2026, 6, 6))] == [
        tirane(2026, 6, 6, 17)
    ]
    assert windows(["weekend-evening"], date(2026, 6, 5)) == ()
