"""Who works in the same plan with something different: whom the scenario leaves alone stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from functools import cache

import pytest

from data.errors import RosterError
from data.nouns import Plan
from data.vocabulary import DutyKind, Skill, TravelMode
from patrol.otherwise_crew import Crew, crew_of
from patrol.roster import make_demand, make_duties, make_roster
from patrol.scenarios import (
    CarLess,
    Holiday,
    MoreHours,
    MoreTeam,
    PersonLess,
    Scenario,
    changed,
)
from patrol.task import PlanTask
from tests.patrol.test_scenarios import WEEK, task
from tests.plans import plan_of

NOBODY = frozenset[str]()


def given() -> PlanTask:
    """Return two teams and five people, of whom a team takes whoever is free."""
    made = task()
    skills = frozenset({Skill.OUTREACH, Skill.CHILD_PROTECTION})
    people = tuple(
        replace(made.workers[0], id=f"w{n}", name=f"P{n}", skills=skills) for n in range(5)
    )
    teams = tuple(replace(team, members=()) for team in made.teams)
    return replace(made, workers=people, teams=teams)


@cache
def plan() -> Plan:
    own = given()
    settings = own.settings.roster
    demand = make_demand(own.teams, (WEEK,), settings=settings)
    duties = make_duties(own.workers, (WEEK,), settings=settings)
    roster = make_roster((*demand, *duties), own.workers, (), (WEEK,), settings=settings, seed=7)
    return replace(
        plan_of(WEEK),
        shifts=roster.shifts,
        duties=roster.duties,
        routes=(),
        teams=own.teams,
        workers=own.workers,
        absences=(),
    )


def crew(scenario: Scenario, made: Plan | None = None) -> Crew:
    own = given()
    return crew_of([made or plan()], own, changed(scenario, own), NOBODY, seed=7)


def test_where_nothing_is_different_all_have_the_shifts_they_had():
    found = crew_of([plan()], given(), given(), NOBODY, seed=7)

    assert set(found.shifts) == set(plan().shifts)
    assert set(found.duties) == set(plan().duties)
    assert found.differing == NOBODY


def test_one_more_team_goes_out_with_people_of_its_own_and_the_others_as_before():
    found = crew(MoreTeam(like="t1"))

    before = {shift.id for shift in plan().shifts}
    assert {one for one in found.shifts if one.id in before} == set(plan().shifts)
    new = [one for one in found.shifts if one.id not in before]
    assert len(new) == 5
    assert {one.id for one in new} == found.differing
    assert all(one.workers for one in new)
    assert set(plan().duties) <= set(found.duties)
    more = [duty for duty in found.duties if duty not in plan().duties]
    assert all(who.endswith("-what-if") for duty in more for who in duty.workers)


def test_a_team_that_lost_its_car_goes_with_the_same_people():
    found = crew(CarLess(team="t2"))

    assert found.differing == {one.id for one in plan().shifts if one.team == "t2"}
    assert [one.workers for one in found.shifts] == [one.workers for one in plan().shifts]
    assert {one.mode for one in found.shifts} == {TravelMode.WALK}


def test_on_a_holiday_nobody_goes_out_or_has_casework():
    day = WEEK.days[2]

    found = crew(Holiday(day=day))

    assert set(found.shifts) == {one for one in plan().shifts if one.start.date() != day}
    assert set(found.duties) == {one for one in plan().duties if one.start.date() != day}
    assert {one.kind for one in plan().duties} == {DutyKind.CASEWORK}
    assert found.differing == NOBODY


def test_without_a_person_others_take_their_shifts_and_no_round_is_another_one():
    found = crew(PersonLess(worker="w1"))

    assert all("w1" not in one.workers for one in (*found.shifts, *found.duties))
    assert found.differing == NOBODY
    theirs = {one.id for one in plan().shifts if "w1" in {*one.workers, *one.on_call}}
    assert theirs
    assert {one for one in plan().shifts if one.id not in theirs} <= set(found.shifts)


def test_where_nobody_can_keep_a_shift_that_is_longer_the_whole_roster_is_made_anew():
    # By hand somebody was put into both shifts of a day: no rule of hours allows that.
    early, late = (one for one in plan().shifts if one.start.date() == WEEK.monday)
    others = [one for one in plan().shifts if one.id not in {early.id, late.id}]
    twice = replace(late, workers=early.workers)
    by_hand = replace(plan(), shifts=(early, twice, *others))

    found = crew(MoreHours(hours=10), by_hand)

    assert len(found.shifts) == len(plan().shifts)
    monday = [one for one in found.shifts if one.start.date() == WEEK.monday]
    assert not set(monday[0].workers) & set(monday[1].workers)


def test_a_team_that_nobody_can_be_in_is_said():
    nobody = replace(given(), workers=given().workers[:1])

    with pytest.raises(RosterError):
        crew_of(
            [replace(plan(), shifts=(), duties=())],
            replace(nobody, teams=()),
            replace(nobody, teams=(replace(given().teams[0], start=time(8)),)),
            NOBODY,
            seed=7,
        )
