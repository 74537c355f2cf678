"""The sun over Albania, held to published times, and its length to the length of the day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from data.nouns import TIRANE
from geo.daylight import daylight

TIRANA = (19.8187, 41.3275)


def at(day: date, hour: int, minute: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=TIRANE)


@pytest.mark.parametrize(
    ("day", "rises", "sets"),
    [  # timetables of Tirana, to a few minutes: they are the same every year
        (date(2026, 12, 21), (7, 3), (16, 14)),
        (date(2026, 6, 21), (5, 7), (20, 18)),
        (date(2026, 3, 20), (5, 46), (17, 52)),
    ],
)
def test_the_sun_rises_and_sets_in_tirana_as_timetables_say(day, rises, sets):
    sun = daylight(day, *TIRANA)

    assert abs(sun.opens - at(day, *rises)) <= timedelta(minutes=4)
    assert abs(sun.closes - at(day, *sets)) <= timedelta(minutes=4)


@pytest.mark.parametrize("month", range(1, 13))
def test_it_is_light_at_noon_and_dark_at_midnight_in_whole_minutes(month: int):
    day = date(2026, month, 15)

    sun = daylight(day, *TIRANA)

    assert at(day, 0, 0) < sun.opens < at(day, 12, 0) < sun.closes < at(day, 23, 0)
    assert sun.opens.second == sun.closes.second == sun.opens.microsecond == 0
    assert sun.closes.tzinfo is TIRANE


def test_the_farther_east_the_earlier_by_four_minutes_a_degree():
    west, east = (daylight(date(2026, 9, 1), lon, 41.0) for lon in (19.0, 21.0))

    assert west.opens - east.opens == pytest.approx(timedelta(minutes=8), abs=timedelta(minutes=1))


def test_in_a_polar_night_there_is_no_light_and_in_a_polar_day_there_is_no_end():
    night, day = (daylight(date(2026, month, 21), 20.0, 78.0) for month in (12, 6))

    assert night.closes - night.opens <= timedelta(0)
    assert day.closes.astimezone(UTC) - day.opens.astimezone(UTC) >= timedelta(hours=23, minutes=58)
