"""The season rises and falls evenly, drives come before school, and closed days are closed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.calendar import CalendarEntry
from data.nouns import Team, Week
from data.reference.calendar import usual_entries
from data.vocabulary import CalendarKind, PlaceKind, TravelMode, VisitPurpose
from patrol.roster import RosterSettings, make_demand
from patrol.season import Effect, Season, SeasonSettings

DURRES = "AL0301"
USUAL = Season(entries=usual_entries(range(2026, 2029)), coastal=True)
FIRST, LAST = date(2027, 6, 1), date(2027, 9, 15)
DAY = timedelta(days=1)


def entry(kind: CalendarKind, first: date, last: date, **more: object) -> CalendarEntry:
    return CalendarEntry(
        id=f"e-{kind}", municipality=DURRES, kind=kind, first=first, last=last, **more
    )


def test_the_season_is_counted_by_days_and_not_by_months():
    assert USUAL.strength(FIRST) == USUAL.strength(LAST) == 1.0
    assert 0.0 < USUAL.strength(LAST + DAY) < 1.0
    assert USUAL.strength(date(2027, 9, 30)) == 0.0
    assert USUAL.strength(date(2027, 2, 1)) == 0.0


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 120))
def test_the_ramp_never_falls_before_the_season_nor_rises_after_it(up: int, down: int, long: int):
    summer = entry(CalendarKind.SEASON, FIRST, FIRST + long * DAY)
    season = Season(
        entries=(summer,), settings=SeasonSettings(ramp_up_days=up, wind_down_days=down)
    )
    before = [season.strength(FIRST - n * DAY) for n in reversed(range(70))]
    after = [season.strength(summer.last + n * DAY) for n in range(70)]

    assert all(a <= b for a, b in pairwise(before))
    assert all(a >= b for a, b in pairwise(after))
    assert before[-1] == after[0] == 1.0
    assert sum(s > 0 for s in before) == up + 1
    assert sum(s > 0 for s in after) == down + 1


def test_the_steps_of_a_ramp_are_equal():
    steps = [
        b - a for a, b in pairwise([USUAL.strength(FIRST - n * DAY) for n in reversed(range(16))])
    ]

    assert steps == pytest.approx([1 / 15] * 15)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(1, 60))
def test_a_stronger_season_never_makes_a_place_wait_longer(one: float, other: float, usual: float):
    weak, strong = sorted((one, other))

    waits = [Effect(strength=s).interval_days(usual) for s in (0.0, weak, strong, 1.0)]

    assert all(a >= b - 1e-9 for a, b in pairwise(waits))
    assert waits[0] == usual
    assert waits[-1] == pytest.approx(min(7.0, usual))


def test_enrolment_comes_in_the_four_weeks_before_school_and_not_in_it():
    effect = {
        day: USUAL.week(Week.of(day)).effect("p", PlaceKind.SETTLEMENT).purpose
        for day in (date(2027, 8, 9), date(2027, 8, 16), date(2027, 9, 6), date(2027, 9, 13))
    }

    assert list(effect.values()) == [
        VisitPurpose.IDENTIFICATION,
        VisitPurpose.SCHOOL_ENROLMENT,
        VisitPurpose.SCHOOL_ENROLMENT,
        VisitPurpose.IDENTIFICATION,
    ]


def test_a_drive_of_its_own_takes_the_place_of_the_usual_one():
    own = entry(CalendarKind.ENROLMENT_DRIVE, date(2027, 8, 23), date(2027, 8, 29))
    season = replace(USUAL, entries=(*USUAL.entries, own))

    purposes = [
        season.week(Week.of(own.first + n * 7 * DAY)).effect("p", PlaceKind.SCHOOL).purpose
        for n in (-1, 0, 1)
    ]

    assert purposes == [
        VisitPurpose.IDENTIFICATION,
        VisitPurpose.SCHOOL_ENROLMENT,
        VisitPurpose.IDENTIFICATION,
    ]


@pytest.mark.parametrize(
    ("kind", "purpose"),
    [
        (CalendarKind.HEALTH_ROUND, VisitPurpose.HEALTH),
        (CalendarKind.REGISTRATION_ROUND, VisitPurpose.REGISTRATION),
    ],
)
def test_a_round_has_a_purpose_of_its_own_and_weighs_more(
    kind: CalendarKind, purpose: VisitPurpose
):
    week = Week.parse("2027-W10")
    season = Season(entries=(entry(kind, week.monday, week.days[6]),))

    effect = season.week(week).effect("p", PlaceKind.SETTLEMENT)

    assert (effect.purpose, effect.factor, effect.only) == (purpose, 1.5, ())


def test_an_entry_that_names_places_concerns_these_and_no_others():
    week = Week.parse("2027-W10")
    named = entry(CalendarKind.OTHER, week.monday, week.days[6], places=("p1",), factor=2.0)
    calendar = Season(entries=(named,)).week(week)

    assert calendar.effect("p1", PlaceKind.JUNCTION).factor == 2.0
    assert calendar.effect("p2", PlaceKind.MARKET) == Effect()


def test_two_reasons_do_not_weigh_more_than_the_heavier_one():
    week = Week.parse("2027-W28")
    feast = entry(CalendarKind.PILGRIMAGE, week.monday, week.days[6], factor=2.0)
    feast = replace(feast, place_kinds=(PlaceKind.BEACH,))
    season = replace(USUAL, entries=(*USUAL.entries, feast))

    assert season.week(week).effect("p", PlaceKind.BEACH).factor == 2.0


def test_an_awareness_day_that_raises_nothing_sends_nobody_anywhere():
    calendar = USUAL.week(Week.of(date(2027, 4, 12)))

    assert CalendarKind.AWARENESS_DAY in {e.kind for e, _ in calendar.on}
    assert calendar.effect("p", PlaceKind.SQUARE) == Effect()


def test_holidays_are_closed_unless_the_calendar_lost_them():
    kept = [e for e in USUAL.entries if e.first != date(2027, 3, 14)]

    assert date(2027, 3, 14) in USUAL.closed(date(2027, 3, 1), date(2027, 3, 31))
    assert date(2027, 3, 14) not in replace(USUAL, entries=tuple(kept)).closed(
        date(2027, 3, 14), date(2027, 3, 14)
    )


@pytest.mark.parametrize(
    ("day", "school"),
    [
        (date(2027, 9, 12), False),
        (date(2027, 9, 13), True),
        (date(2027, 9, 18), False),
        (date(2027, 11, 29), False),
        (date(2028, 6, 15), True),
        (date(2028, 7, 3), False),
    ],
)
def test_school_is_on_weekdays_of_its_year_but_holidays(day: date, school: bool):  # noqa: FBT001 - a table
    assert USUAL.is_school_day(day) is school


def test_the_calendar_says_on_which_days_nobody_works():
    week = Week.of(date(2027, 3, 15))
    team = Team(
        id="t1",
        name="1",
        municipality=DURRES,
        base="b",
        mode=TravelMode.WALK,
        start=time(9),
        end=time(15),
        weekdays=(0, 1, 2, 3, 4),
    )

    days = [
        [
            one.shift.start.date().day
            for one in make_demand([team], (week,), settings=RosterSettings(holidays=closed))
        ]
        for closed in (None, (), (date(2027, 3, 17),))
    ]

    # The law gives Monday in lieu of Summer Day; the calendar may have lost that or added one.
    assert days == [[16, 17, 18, 19], [15, 16, 17, 18, 19], [15, 16, 18, 19]]
