"""A day or a time is read as it was meant, and what could be read two ways by a rule."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.nouns import TIRANE
from data.readers.moments import is_month_first, parse_day, parse_moment, parse_time


@pytest.mark.parametrize(
    "text",
    ["2026-07-06", "06.07.2026", "6.7.2026", "6.7.26", "06/07/2026", "06-07-2026", "6.7.2026."],
)
def test_a_day_is_read_as_albanians_and_programs_write_it(text: str):
    assert parse_day(text) == date(2026, 7, 6)


@pytest.mark.parametrize("text", ["31.06.2026", "13.13.2026", "tomorrow", "2026", "1.1.1026", ""])
def test_what_is_no_day_is_refused(text: str):
    with pytest.raises(ValueError, match=r"."):
        parse_day(text)


@pytest.mark.parametrize(
    ("texts", "month_first"),
    [
        (["06/07/2026", "05/04/2026"], False),  # nothing says: as in Albania
        (["06/23/2026", "05/04/2026"], True),
        (["23/06/2026", "05/04/2026"], False),
        (["23/06/2026", "06/23/2026"], False),  # both ways: the rows that do not fit are refused
        (["06.23.2026"], False),  # points are never American
    ],
)
def test_slashed_days_begin_with_the_month_only_where_they_must(
    texts: list[str], *, month_first: bool
):
    assert is_month_first(texts) is month_first


def test_points_stay_day_first_in_a_month_first_column():
    assert parse_day("06/07/2026", month_first=True) == date(2026, 6, 7)
    assert parse_day("06.07.2026", month_first=True) == date(2026, 7, 6)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("16:20", time(16, 20)),
        ("16.20", time(16, 20)),
        ("16h20", time(16, 20)),
        ("16:20:30", time(16, 20, 30)),
        ("16", time(16)),
        ("ora 9", time(9)),
        ("4:20 PM", time(16, 20)),
        ("12:05 am", time(0, 5)),
        ("4:20 MD", time(16, 20)),
    ],
)
def test_a_time_of_day_is_read(text: str, expected: time):
    assert parse_time(text) == expected


@pytest.mark.parametrize("text", ["25:00", "16:70", "noon", "1620"])
def test_what_is_no_time_is_refused(text: str):
    with pytest.raises(ValueError, match=r"."):
        parse_time(text)


def test_a_moment_is_local_unless_it_names_its_zone():
    local = parse_moment("2026-07-06T16:20")

    assert local.at == datetime(2026, 7, 6, 14, 20, tzinfo=UTC)
    assert parse_moment("2026-07-06T14:20:00Z").at == local.at
    assert parse_moment("2026-07-06 15:20+01:00").at == local.at
    assert parse_moment("06.07.2026", "16:20").at == local.at


def test_a_day_without_its_hour_says_so():
    assert not parse_moment("06.07.2026").has_hour
    assert parse_moment("06.07.2026 00:00").has_hour


def test_an_hour_the_clocks_skip_is_one_hour_later_and_told():
    skipped = parse_moment("29.03.2026 02:30")

    assert skipped.moved
    assert skipped.at.astimezone(TIRANE).hour == 3
    assert not parse_moment("29.03.2026 03:30").moved


def test_an_hour_the_clocks_repeat_is_its_first():
    assert parse_moment("25.10.2026 02:30").at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1)),  # noqa: DTZ001 - local, as written
    st.sampled_from(["%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M", "%d/%m/%Y %H:%M", "%Y-%m-%dT%H:%M"]),
)
def test_every_way_of_writing_a_moment_comes_back(when: datetime, pattern: str):
    when = when.replace(second=0, microsecond=0)

    found = parse_moment(when.strftime(pattern))

    back = found.at.astimezone(TIRANE).replace(tzinfo=None)
    assert back == when + timedelta(hours=int(found.moved))
