"""On which days an entry is on, which entries stand, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.calendar import CalendarEntry, days_of, is_on, laid_over, spans_of, standing
from data.errors import ContractError
from data.reference.calendar import holiday_name, second_monday, usual_entries
from data.vocabulary import CalendarKind, PlaceKind

DURRES, KRUJE = "AL0301", "AL0302"
MARKET = CalendarEntry(
    id="m",
    municipality=DURRES,
    kind=CalendarKind.MARKET,
    first=date(2027, 1, 1),
    last=date(2027, 12, 31),
    title="Tregu",
    weekdays=(1,),
    start=time(7),
    end=time(13),
    place_kinds=(PlaceKind.MARKET,),
    factor=1.5,
)
WINTER = replace(
    MARKET, id="w", first=date(2024, 12, 20), last=date(2025, 1, 8), yearly=True, weekdays=()
)
DAYS = st.dates(date(2020, 1, 1), date(2032, 12, 31))


def test_a_weekly_entry_is_on_on_its_weekdays_only():
    days = days_of(MARKET, date(2027, 3, 1), date(2027, 3, 31))

    assert [day.day for day in days] == [2, 9, 16, 23, 30]


def test_a_yearly_entry_comes_back_and_runs_over_new_year():
    assert is_on(WINTER, date(2027, 1, 5))
    assert is_on(WINTER, date(2029, 12, 31))
    assert not is_on(WINTER, date(2027, 1, 9))


def test_a_yearly_entry_is_not_on_before_its_first_year():
    assert not is_on(WINTER, date(2024, 1, 5))


def test_a_yearly_leap_day_is_kept_at_the_end_of_february():
    leap = replace(WINTER, first=date(2024, 2, 29), last=date(2024, 2, 29))

    assert spans_of(leap, date(2027, 1, 1), date(2028, 12, 31)) == (
        (date(2027, 2, 28), date(2027, 2, 28)),
        (date(2028, 2, 29), date(2028, 2, 29)),
    )


@given(DAYS, DAYS, st.booleans())
def test_the_days_of_a_period_are_those_on_which_it_is_on(one: date, other: date, yearly: bool):  # noqa: FBT001 - drawn
    first, last = min(one, other), min(max(one, other), min(one, other) + timedelta(days=400))
    entry = replace(WINTER, yearly=yearly)
    period = [first + timedelta(days=n) for n in range((last - first).days + 1)]

    assert days_of(entry, first, last) == tuple(day for day in period if is_on(entry, day))


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"last": date(2026, 12, 31)}, "order"),
        ({"last": date(2028, 1, 3)}, "too_long"),
        ({"title": "x" * 81}, "title"),
        ({"factor": 0.9}, "factor"),
        ({"factor": 3.1}, "factor"),
        ({"factor": float("nan")}, "factor"),
        ({"end": None}, "hours"),
        ({"weekdays": (7,)}, "weekdays"),
    ],
)
def test_an_entry_that_makes_no_sense_is_refused_with_its_rule(changes: dict[str, Any], rule: str):
    with pytest.raises(ContractError) as fault:
        replace(MARKET, **changes)

    assert fault.value.message.id == f"calendar.fault.{rule}"


def test_what_people_keep_is_laid_over_what_the_house_brings():
    usual = usual_entries([2027])
    season = next(e for e in usual if e.kind is CalendarKind.SEASON)
    longer = replace(season, last=season.last + timedelta(days=15))
    gone = replace(usual[-1], dropped=True)

    found = laid_over(usual, [longer, gone, MARKET])

    assert longer in found
    assert season not in found
    assert gone.id not in {entry.id for entry in found}
    assert len(found) == len(usual)


def test_a_municipalitys_own_season_stands_in_the_place_of_the_countrys():
    country = replace(MARKET, id="s", municipality=None, kind=CalendarKind.SEASON)
    own = replace(country, id="own", municipality=DURRES)
    feast = replace(MARKET, id="f", municipality=None, kind=CalendarKind.PILGRIMAGE)
    theirs = replace(MARKET, id="k", municipality=KRUJE)

    assert standing([country, own, feast, theirs], DURRES) == (own, feast)
    assert standing([country, own, feast, theirs], KRUJE) == (country, feast, theirs)
    assert standing([country, own, feast], None) == (country, feast)


def test_the_names_of_holidays_are_good_albanian():
    assert holiday_name(date(2027, 11, 28), "sq") == "Dita e Flamurit dhe e Pavarësisë"
    eid = [holiday_name(date(2027, 3, day), "sq") for day in range(1, 20)]
    assert any("(datë e pritshme)" in name for name in eid)


def test_the_house_brings_the_awareness_days_the_season_school_and_holidays():
    entries = usual_entries([2027])
    on = {
        kind: {e.id for e in entries if e.kind is kind and is_on(e, day)}
        for kind, day in (
            (CalendarKind.AWARENESS_DAY, date(2027, 6, 12)),
            (CalendarKind.SEASON, date(2027, 9, 15)),
            (CalendarKind.SCHOOL_YEAR, date(2027, 9, 13)),
            (CalendarKind.PUBLIC_HOLIDAY, date(2027, 11, 28)),
        )
    }

    assert all(len(found) == 1 for found in on.values())
    assert len({e.id for e in entries}) == len(entries)
    assert {
        (e.first.month, e.first.day) for e in entries if e.kind is CalendarKind.AWARENESS_DAY
    } == {(4, 12), (6, 12), (11, 20)}


@pytest.mark.parametrize(("year", "day"), [(2025, 8), (2026, 14), (2027, 13), (2031, 8)])
def test_school_begins_on_the_second_monday_of_september(year: int, day: int):
    assert second_monday(year) == date(year, 9, day)
