"""Wishes are kept by whoever keeps the teams, and the week says which of them came true."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from data.duties import Duty, Wish
from data.errors import AccessDeniedError, ContractError
from data.nouns import Viewer, Worker
from data.vocabulary import DutyKind, Role, Skill, Wants
from desk.crew import crew_of
from desk.schedule import week_grid
from desk.wiring import House, open_house
from desk.wishes import add_wish, erase_wish, wishes_of
from tests.builders import DURRES
from tests.desk.test_schedule import BASE, MONDAY, TEAM, WEEK, plan, shift, worker

BOSS = Viewer(account="c", name="c", role=Role.COORDINATOR, municipalities=frozenset({DURRES}))


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = open_house(tmp_path)
    officer = Worker(id="o1", name="O", municipality=DURRES, skills=frozenset({Skill.POLICE}))
    people = [worker("w1", "Ana"), worker("w2", "Ben"), officer]
    made.store.put_crew(bases=[BASE], workers=people, teams=[TEAM])
    return made


def test_a_wish_is_kept_and_taken_back(house: House):
    crew = crew_of(house, BOSS, DURRES)
    wish = Wish(worker="w1", day=MONDAY, weight=2)

    add_wish(house, BOSS, crew, wish)
    assert wishes_of(house, BOSS, crew) == (wish,)
    erase_wish(house, BOSS, crew, wish)
    assert wishes_of(house, BOSS, crew) == ()


def test_a_wish_of_somebody_or_for_a_team_that_is_not_there_is_refused(house: House):
    crew = crew_of(house, BOSS, DURRES)

    for wish in (
        Wish(worker="nobody", day=MONDAY),
        Wish(worker="w1", day=MONDAY, wants=Wants.WORK, team="nowhere"),
    ):
        with pytest.raises(ContractError):
            add_wish(house, BOSS, crew, wish)


def test_only_who_keeps_the_teams_sees_and_changes_wishes(house: House):
    crew = crew_of(house, BOSS, DURRES)
    field = replace(BOSS, role=Role.FIELD, teams=frozenset({"t1"}))

    with pytest.raises(AccessDeniedError):
        wishes_of(house, field, crew)
    with pytest.raises(AccessDeniedError):
        add_wish(house, field, crew, Wish(worker="w1", day=MONDAY))


def test_the_week_says_which_wishes_the_plan_keeps(house: House):
    house.store.save_plan(plan(shift(0)))
    grid = week_grid(house, BOSS, DURRES, WEEK)

    assert not grid.keeps(Wish(worker="w1", day=MONDAY))
    assert grid.keeps(Wish(worker="w1", day=WEEK.days[1]))
    assert grid.keeps(Wish(worker="w1", day=MONDAY, wants=Wants.WORK, team="t1"))
    assert not grid.keeps(Wish(worker="w1", day=MONDAY, wants=Wants.WORK, team="t2"))


def test_casework_stands_in_the_week_and_counts_as_work_and_a_day_on_call_does_not(house: House):
    begins = shift(1).start
    duties = (
        Duty(
            id="a", kind=DutyKind.CASEWORK, start=begins, end=shift(1, hours=4).end, workers=("w1",)
        ),
        Duty(id="b", kind=DutyKind.ON_CALL, start=begins, end=shift(2).start, workers=("w1",)),
    )
    house.store.save_plan(replace(plan(shift(0)), duties=duties))
    grid = week_grid(house, BOSS, DURRES, WEEK)

    assert grid.person_day("w1", WEEK.days[1]).duties == duties
    assert grid.hours("w1") == 10.0


def test_a_round_with_a_police_officer_is_joint(house: House):
    joint = replace(shift(0), workers=("w1", "w2", "o1"))
    house.store.save_plan(plan(joint, shift(2)))
    grid = week_grid(house, BOSS, DURRES, WEEK)

    assert [grid.is_joint(one) for one in grid.shifts] == [True, False]
