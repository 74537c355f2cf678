"""The week of a municipality's people: what a plan says, and what was noted since."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from data.errors import AccessDeniedError
from data.messages import Message
from data.nouns import TIRANE, Absence, Base, Plan, Shift, Team, Viewer, Week, Worker
from data.vocabulary import PlanStatus, Role, Skill, TravelMode
from desk.schedule import WeekGrid, hours_of, week_grid
from desk.wiring import House, open_house
from layers.words import LANGUAGES, Words
from tests.builders import DURRES
from tests.plans import plan_of

WEEK = Week(year=2026, number=28)
MONDAY = WEEK.monday
BASE = Base(id="b", name="NJMF", municipality=DURRES, lon=19.45, lat=41.32)
TEAM = Team(
    id="t1",
    name="Ekipi 1",
    municipality=DURRES,
    base="b",
    mode=TravelMode.WALK,
    start=time(9),
    end=time(15),
    weekdays=(0, 2),
    members=("w1", "w2"),
)


def worker(code: str, name: str) -> Worker:
    return Worker(
        id=code, name=name, municipality=DURRES, skills=frozenset({Skill.CHILD_PROTECTION})
    )


def viewer(role: Role = Role.COORDINATOR, town: str = DURRES) -> Viewer:
    return Viewer(account="c", name="c", role=role, municipalities=frozenset({town}))


@pytest.fixture
def house(tmp_path: Path) -> House:
    """Return a house in which one team of two works on Monday and Wednesday."""
    made = open_house(tmp_path)
    people = [worker("w1", "Ana"), worker("w2", "Ben"), worker("w3", "Cen")]
    made.store.put_crew(bases=[BASE], workers=people, teams=[TEAM])
    return made


def shift(day: int, *, start: int = 9, hours: int = 6, on_call: tuple[str, ...] = ()) -> Shift:
    begins = datetime.combine(MONDAY + timedelta(days=day), time(start), TIRANE)
    return Shift(
        id=f"s{day}",
        team="t1",
        base="b",
        mode=TravelMode.WALK,
        start=begins,
        end=begins + timedelta(hours=hours),
        workers=("w1", "w2"),
        on_call=on_call,
    )


def plan(*shifts: Shift, status: PlanStatus = PlanStatus.DRAFT) -> Plan:
    made = plan_of(WEEK, status=status)
    people = (worker("w1", "Ana"), worker("w2", "Ben"), worker("gone", "Dea"))
    return replace(made, shifts=shifts, routes=(), workers=people, teams=(TEAM,), notes=())


def grid(house: House, week: Week = WEEK) -> WeekGrid:
    return week_grid(house, viewer(), DURRES, week)


def test_without_a_plan_there_are_the_usual_hours_and_nobody_in_them(house: House):
    found = grid(house)

    assert (found.status, found.version) == (None, 0)
    assert [one.start.date() for one in found.shifts] == [MONDAY, MONDAY + timedelta(days=2)]
    assert [one.workers for one in found.shifts] == [(), ()]
    assert found.clashes == ()


def test_the_approved_plan_comes_before_a_newer_draft(house: House):
    house.store.save_plan(plan(shift(0), status=PlanStatus.APPROVED))
    house.store.save_plan(plan(shift(1)))

    found = grid(house)

    assert (found.status, found.version) == (PlanStatus.APPROVED, 1)
    assert [one.id for one in found.shifts] == ["s0"]


def test_without_an_approved_plan_the_newest_draft_is_shown(house: House):
    house.store.save_plan(plan(shift(0)))
    house.store.save_plan(plan(shift(1)))

    assert (grid(house).status, grid(house).version) == (PlanStatus.DRAFT, 2)


def test_a_persons_day_says_shift_on_call_and_absence(house: House):
    house.store.save_plan(plan(shift(0, on_call=("w3",)), shift(2)))
    house.store.put_crew(absences=[Absence(worker="w3", first=MONDAY, last=MONDAY)])
    found = grid(house)

    ana, cen = (found.person_day(code, MONDAY) for code in ("w1", "w3"))
    assert ([one.id for one in ana.shifts], ana.on_call, ana.absent) == (["s0"], (), False)
    assert (cen.shifts, [one.id for one in cen.on_call], cen.absent) == ((), ["s0"], True)
    assert found.person_day("w1", MONDAY + timedelta(days=1)).shifts == ()


def test_hours_are_of_work_and_being_on_call_is_none(house: House):
    house.store.save_plan(plan(shift(0, on_call=("w3",)), shift(2, hours=7)))
    found = grid(house)

    assert (found.hours("w1"), found.hours("w3")) == (13.0, 0.0)


def test_a_night_on_which_the_clocks_change_is_as_long_as_it_was():
    begins = datetime(2026, 10, 24, 22, tzinfo=TIRANE)
    night = replace(shift(0), start=begins, end=datetime(2026, 10, 25, 6, tzinfo=TIRANE))

    assert hours_of(night) == 9.0


@pytest.mark.parametrize(("who", "n"), [("w1", 1), ("w3", 1), ("w2", 0)])
def test_an_absence_noted_after_the_plan_is_a_clash(house: House, who: str, n: int):
    house.store.save_plan(plan(shift(0, on_call=("w3",)), shift(2)))
    day = MONDAY if n else MONDAY + timedelta(days=1)
    house.store.put_crew(absences=[Absence(worker=who, first=day, last=day)])

    assert [(code, one.id) for code, one in grid(house).clashes] == [(who, "s0")] * n


def test_a_shift_past_midnight_clashes_with_an_absence_of_the_next_day(house: House):
    house.store.save_plan(plan(shift(0, start=20, hours=8)))
    next_day = MONDAY + timedelta(days=1)
    house.store.put_crew(absences=[Absence(worker="w1", first=next_day, last=next_day)])

    assert [code for code, _ in grid(house).clashes] == ["w1"]


def test_absences_are_those_that_touch_the_week(house: House):
    before, after = MONDAY - timedelta(days=9), MONDAY + timedelta(days=20)
    whole = Absence(worker="w1", first=before, last=after)
    edge = Absence(worker="w2", first=WEEK.days[-1], last=after)
    past = Absence(worker="w3", first=before, last=MONDAY - timedelta(days=1))
    house.store.put_crew(absences=[whole, edge, past])

    assert set(grid(house).absences) == {whole, edge}


def test_who_was_erased_since_is_still_named_and_who_came_since_is_there(house: House):
    house.store.save_plan(plan(shift(0)))

    assert [one.name for one in grid(house).workers] == ["Ana", "Ben", "Cen", "Dea"]


def test_a_name_is_as_it_is_now(house: House):
    house.store.save_plan(plan(shift(0)))
    house.store.put_crew(workers=[worker("w1", "Anila")])

    assert grid(house).workers[0].name == "Anila"


def test_notes_are_of_people_and_not_of_places(house: House):
    people = (Message("roster.note.sunday", {"n": 1}), Message("plan.idle_shifts", {"n": 2}))
    made = replace(plan(shift(0)), notes=(Message("geo.too_few"), *people))
    house.store.save_plan(made)

    assert grid(house).notes == people


def test_a_public_holiday_is_marked_and_has_no_usual_shift(house: House):
    november = Week.of(date(2026, 11, 30))

    found = grid(house, november)

    assert found.holidays == (date(2026, 11, 30), date(2026, 12, 1))
    assert [one.start.date() for one in found.shifts] == [date(2026, 12, 2)]


def test_every_rule_of_working_time_has_its_sentence(house: House):
    for language in LANGUAGES:
        sentences = {Words(language).message(rule) for rule in grid(house).rules}
        assert len(sentences) == len(grid(house).rules) > 10


@pytest.mark.parametrize(
    "stranger",
    [
        viewer(town="AL0302"),
        viewer(Role.FIELD),
        viewer(Role.AGENCY),
        viewer(Role.ADMINISTRATOR),
    ],
)
def test_nobody_else_sees_a_schedule(house: House, stranger: Viewer):
    with pytest.raises(AccessDeniedError):
        week_grid(house, stranger, DURRES, WEEK)


def test_a_look_leaves_a_line_in_the_audit(house: House):
    grid(house)

    (line,) = house.store.audit.last(1)
    assert (line.action, line.scope) == ("schedule.see", DURRES)
