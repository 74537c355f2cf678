"""Somebody falls ill: as few people as can be are asked to come instead."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bench.roster_month import month
from data.nouns import TIRANE, Absence, Roster, Shift
from data.vocabulary import Skill
from patrol.roster import make_duties, make_roster
from patrol.roster_repair import Repair, repair_roster
from tests.crews import PEOPLE, WEEK, asked, shift, worker

CREW = (*PEOPLE, worker("W3"), worker("P3", Skill.CHILD_PROTECTION))
MONDAY = datetime.combine(WEEK.monday, datetime.min.time(), TIRANE)


def made() -> Roster:
    rounds = asked(*(shift(day, 9, 6, team=team) for day in range(5) for team in ("T1", "T2")))
    return make_roster([*rounds, *make_duties(CREW, (WEEK,))], CREW, (), (WEEK,), seed=1)


def repaired(
    roster: Roster, absences: Sequence[Absence], since: datetime = MONDAY, crew=CREW
) -> Repair:
    return repair_roster(
        roster.shifts, roster.duties, (), crew, absences, (WEEK,), seed=1, since=since
    )


def ill(name: str, first: int, last: int) -> list[Absence]:
    return [Absence(worker=name, first=WEEK.days[first], last=WEEK.days[last], kind="illness")]


def seats(shifts: Sequence[Shift], name: str, days: range) -> int:
    return sum(name in s.workers and s.start.weekday() in days for s in shifts)


def test_without_a_new_absence_nothing_changes():
    roster = made()

    repair = repaired(roster, [])

    assert repair.changes == ()
    assert repair.shifts == roster.shifts


def test_for_somebody_ill_as_many_are_asked_to_come_as_seats_are_empty():
    roster = made()
    name = roster.shifts[0].workers[0]

    repair = repaired(roster, ill(name, 0, 1))

    empty = seats(roster.shifts, name, range(2))
    assert empty > 0
    assert sum(len(one.joins) for one in repair.changes if one.shift.startswith("T")) == empty
    rounds = [one for one in repair.changes if one.shift.startswith("T")]
    assert {gone for one in rounds for gone in one.leaves} == {name}
    assert seats(repair.shifts, name, range(2)) == 0
    assert seats(repair.shifts, name, range(2, 7)) == seats(roster.shifts, name, range(2, 7))


def test_what_has_begun_stays_as_it_was():
    roster = made()
    name = roster.shifts[0].workers[0]

    repair = repaired(roster, ill(name, 0, 6), since=MONDAY + timedelta(days=2))

    assert [s for s in repair.shifts if s.start.weekday() < 2] == [
        s for s in roster.shifts if s.start.weekday() < 2
    ]
    assert seats(repair.shifts, name, range(2, 7)) == 0


def test_a_shift_that_nobody_can_take_is_named_and_the_others_take_place():
    roster = made()
    away = [absence for who in CREW[1:] for absence in ill(who.id, 0, 0)]

    repair = repaired(roster, away)

    assert len(repair.unstaffed) == 2
    assert len(repair.shifts) == len(roster.shifts) - 2
    assert "T1 06.07.2026" in str(repair.unstaffed[0].params["shift"])


def test_the_same_absence_has_the_same_repair():
    roster = made()

    assert repaired(roster, ill("P1", 0, 4)) == repaired(roster, ill("P1", 0, 4))


def test_a_joint_round_keeps_the_one_who_goes_along():
    officer = worker("O1", Skill.POLICE)
    [plain] = asked(shift(0, 9, 6))
    joint = replace(plain, joint=frozenset({Skill.POLICE}))
    roster = make_roster([joint], (*CREW, officer), (), (WEEK,), seed=1)
    name = next(who for who in roster.shifts[0].workers if who != "O1")

    repair = repaired(roster, ill(name, 0, 0), crew=(*CREW, officer))

    assert "O1" in repair.shifts[0].workers
    assert len(repair.shifts[0].workers) == 3


def test_a_month_is_repaired_in_two_seconds_of_the_processor():
    problem = month(4)
    roster = make_roster(
        problem.demand, problem.workers, (), problem.weeks, seed=1, wishes=problem.wishes
    )
    since = datetime.combine(problem.weeks[1].monday, datetime.min.time(), TIRANE)
    away = Absence(worker="w1", first=since.date(), last=since.date() + timedelta(days=6))

    began = time.process_time()
    repair = repair_roster(
        roster.shifts, roster.duties, (), problem.workers, (away,), problem.weeks,
        seed=1, since=since, wishes_of=problem.wishes,
    )  # fmt: skip
    took_s = time.process_time() - began

    assert repair.changes
    assert all(
        "w1" not in s.workers for s in repair.shifts if since <= s.start < since + timedelta(days=7)
    )
    assert took_s < 4.0  # twice as long as on a machine with nothing else to do
