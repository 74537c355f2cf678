"""The plan page asks why a week's roster is impossible, and a choice mends it."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest

from data.errors import AccessDeniedError, ContractError
from data.nouns import Base, Team, Viewer, Week, Worker
from data.vocabulary import Role, Skill, TravelMode
from desk import jobs
from desk.choices import PlanChoices
from desk.mending import mended, mends_of
from desk.wiring import House, open_house
from tests.builders import DURRES

WEEK = Week.parse("2026-W28")
BOSS = Viewer(account="c", name="c", role=Role.COORDINATOR, municipalities=frozenset({DURRES}))


@pytest.fixture
def house(tmp_path: Path) -> House:
    """Return a house whose two people would have to work six days of seven hours."""
    made = open_house(tmp_path)
    people = [
        Worker(id=f"w{n}", name="", municipality=DURRES, skills=frozenset({Skill.CHILD_PROTECTION}))
        for n in range(2)
    ]
    team = Team(
        id="t1",
        name="Ekipi 1",
        municipality=DURRES,
        base="b",
        mode=TravelMode.WALK,
        start=time(9),
        end=time(16),
        weekdays=(0, 1, 2, 3, 4, 5),
    )
    base = Base(id="b", name="NJMF", municipality=DURRES, lon=19.45, lat=41.32)
    made.store.put_crew(bases=[base], workers=people, teams=[team])
    return made


def test_an_impossible_week_has_mends_and_a_choice_can_do_some_of_them(house: House):
    found = mends_of(house, BOSS, DURRES, WEEK, PlanChoices())

    assert found is not None
    choices = [mended(PlanChoices(), mend) for mend in found.mends]
    assert PlanChoices(overtime_h=2.0) in choices
    assert PlanChoices(leave_unstaffed=True) in choices
    assert None in choices  # nobody is hired by a button


def test_a_week_that_was_mended_needs_no_more(house: House):
    assert mends_of(house, BOSS, DURRES, WEEK, PlanChoices(overtime_h=2.0)) is None


def test_the_choices_of_the_job_that_failed_are_known(house: House):
    assert jobs.asked(house, DURRES, WEEK) == PlanChoices()
    folder = house.home / "jobs" / f"{DURRES}-{WEEK}"
    folder.mkdir(parents=True)
    (folder / "request.json").write_text('{"choices": {"must_places": [], "overtime_h": 4.0}}')

    assert jobs.asked(house, DURRES, WEEK) == PlanChoices(overtime_h=4.0)


def test_only_who_plans_there_learns_what_would_help(house: House):
    other = Viewer(
        account="c", name="c", role=Role.COORDINATOR, municipalities=frozenset({"AL0302"})
    )
    with pytest.raises(AccessDeniedError):
        mends_of(house, other, DURRES, WEEK, PlanChoices())


def test_overtime_beyond_a_day_a_week_is_no_choice():
    with pytest.raises(ContractError):
        PlanChoices(overtime_h=9.0)
