"""Several weeks are one roster: rules hold in each of them, burdens are shared over all."""

from __future__ import annotations

import pytest

from data.errors import RosterError
from data.nouns import Absence, Week
from patrol.roster import RosterSettings, make_demand, make_roster
from tests.crews import PEOPLE, asked, shift, worker

MONTH = tuple(Week(year=2026, number=n) for n in range(27, 31))


def test_the_hours_of_a_week_hold_in_each_of_the_weeks():
    first = asked(*(shift(day, 8, 8, week=MONTH[0]) for day in range(6)))
    alone = PEOPLE[:2]

    with pytest.raises(RosterError):
        make_roster(first, alone, (), MONTH, seed=1)
    spread = asked(*(shift(day, 8, 8, week=week) for week in MONTH for day in range(5)))
    assert len(make_roster(spread, alone, (), MONTH, seed=1).shifts) == 20


def test_nights_are_limited_in_each_of_the_weeks():
    limits = RosterSettings(max_night_h=8.0)
    one_a_week = asked(*(shift(2, 22, 8, week=week) for week in MONTH))

    roster = make_roster(one_a_week, PEOPLE[:2], (), MONTH, settings=limits, seed=1)

    assert len(roster.shifts) == 4


def test_rest_between_two_days_holds_over_the_end_of_a_week():
    late_then_early = asked(shift(6, 16, 6, week=MONTH[0]), shift(0, 8, 6, week=MONTH[1]))

    roster = make_roster(late_then_early, PEOPLE, (), MONTH[:2], seed=1)

    assert not set(roster.shifts[0].workers) & set(roster.shifts[1].workers)


def test_weekends_are_shared_over_all_of_the_weeks():
    pairs = tuple(worker(f"W{i}") for i in range(6))
    saturdays = asked(*(shift(5, 9, 4, week=week) for week in MONTH))
    limits = RosterSettings(need_protection_worker=False)

    roster = make_roster(saturdays, pairs, (), MONTH, settings=limits, seed=1)

    shares = sorted(sum(w.id in s.workers for s in roster.shifts) for w in pairs)
    assert shares == [1, 1, 1, 1, 2, 2]


def test_who_was_away_for_a_week_is_not_made_to_work_it_off():
    people = (worker("A"), worker("B"), worker("C"))
    daily = asked(*(shift(day, 9, 8, week=week) for week in MONTH for day in range(5)), size=1)
    away = (Absence(worker="A", first=MONTH[0].monday, last=MONTH[1].days[-1]),)
    limits = RosterSettings(need_protection_worker=False, min_trained=1)

    roster = make_roster(daily, people, away, MONTH, settings=limits, seed=1)

    worked = {w.id: sum(w.id in s.workers for s in roster.shifts) for w in people}
    assert worked == {"A": 4, "B": 8, "C": 8}


def test_only_weeks_that_follow_one_another_are_planned_together():
    for weeks in (
        (),
        MONTH[::2],
        MONTH[::-1],
        tuple(Week(year=2026, number=n) for n in range(1, 10)),
    ):
        with pytest.raises(ValueError, match="1 to 8 weeks"):
            make_demand((), weeks)
    over_new_year = (Week(year=2026, number=53), Week(year=2027, number=1))
    assert make_roster((), PEOPLE, (), over_new_year, seed=1).weeks == over_new_year
