"""An absence in a planned week: the smallest repair is offered, and taken as a new version."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from data.errors import AccessDeniedError, ContractError
from data.nouns import TIRANE, Absence, Base, Plan, Shift, Team, Viewer, Week, Worker
from data.vocabulary import PlanStatus, Role, Sex, Skill, TravelMode
from desk.repair import offer, take
from desk.revising import undo
from desk.wiring import House, open_house
from tests.builders import DURRES
from tests.plans import plan_of

WEEK = Week.of((datetime.now(TIRANE) + timedelta(days=14)).date())
NOW = datetime.now(TIRANE).replace(microsecond=0)
CREW = tuple(
    Worker(
        id=f"w{n}",
        name=f"w{n}",
        municipality=DURRES,
        skills=frozenset({Skill.CHILD_PROTECTION}),
        sex=Sex.FEMALE,
    )
    for n in range(4)
)
TEAM = Team(
    id="t1",
    name="Ekipi 1",
    municipality=DURRES,
    base="b",
    mode=TravelMode.WALK,
    start=time(9),
    end=time(15),
    weekdays=(0, 1, 2),
)
BOSS = Viewer(
    account="c", name="Mira Hoxha", role=Role.COORDINATOR, municipalities=frozenset({DURRES})
)


@pytest.fixture
def house(tmp_path: Path) -> House:
    """Return a house whose team goes out on three days, always with the same two people."""
    made = open_house(tmp_path)
    base = Base(id="b", name="NJMF", municipality=DURRES, lon=19.45, lat=41.32)
    made.store.put_crew(bases=[base], workers=CREW, teams=[TEAM])
    return made


def plan(*, status: PlanStatus = PlanStatus.DRAFT) -> Plan:
    made = plan_of(WEEK, status=status)
    shifts = tuple(
        Shift(
            id=f"t1-{day}",
            team="t1",
            base="b",
            mode=TravelMode.WALK,
            start=datetime.combine(day, time(9), TIRANE),
            end=datetime.combine(day, time(15), TIRANE),
            workers=("w0", "w1"),
        )
        for day in WEEK.days[:3]
    )
    people = tuple(replace(who, sex=Sex.UNKNOWN) for who in CREW[:2])
    routes = (replace(made.routes[0], shift=shifts[1].id),)
    settings = {"roster": {"work_on_holidays": True}}
    return replace(
        made,
        shifts=shifts,
        routes=routes,
        workers=people,
        teams=(TEAM,),
        notes=(),
        settings=settings,
    )


def fall_ill(house: House, *names: str) -> None:
    tuesday = WEEK.days[1]
    house.store.put_crew(
        absences=[Absence(worker=name, first=tuesday, last=tuesday) for name in names]
    )


def test_nothing_is_offered_without_a_plan_or_while_nobody_stands_in_it_though_absent(house: House):
    assert offer(house, BOSS, DURRES, WEEK) is None
    house.store.save_plan(plan())
    assert offer(house, BOSS, DURRES, WEEK) is None


def test_the_offer_names_who_changes_and_changes_nothing(house: House):
    house.store.save_plan(plan())
    fall_ill(house, "w1")

    found = offer(house, BOSS, DURRES, WEEK)

    assert found is not None
    [change] = found.repair.changes
    assert (change.shift, change.leaves, len(change.joins)) == (f"t1-{WEEK.days[1]}", ("w1",), 1)
    assert [p.version for p in house.store.plans(DURRES, WEEK)] == [1]


def test_a_repair_that_is_taken_is_the_next_version_and_offers_nothing_more(house: House):
    house.store.save_plan(plan())
    fall_ill(house, "w1")
    found = offer(house, BOSS, DURRES, WEEK)
    assert found is not None

    kept = take(house, BOSS, found, NOW)

    assert (kept.version, kept.status) == (2, PlanStatus.DRAFT)
    assert [note.id for note in kept.notes] == ["plan.repaired"]
    assert len(kept.routes) == 1
    assert offer(house, BOSS, DURRES, WEEK) is None


def test_who_joins_is_among_the_plans_people_and_nobodys_sex_is(house: House):
    house.store.save_plan(plan())
    fall_ill(house, "w1")
    found = offer(house, BOSS, DURRES, WEEK)
    assert found is not None

    kept = take(house, BOSS, found, NOW)

    assert set(kept.shifts[1].workers) <= {who.id for who in kept.workers}
    assert {who.sex for who in kept.workers} == {Sex.UNKNOWN}


def test_the_repair_of_an_approved_plan_is_approved_with_a_name_and_a_time(house: House):
    approved = replace(plan(), marks=replace(plan().marks, illustrative_streets=False))
    house.store.save_plan(approved)
    [first] = house.store.plans(DURRES, WEEK)
    house.store.approve_plan(first, by="c", at=NOW)
    fall_ill(house, "w0")
    found = offer(house, BOSS, DURRES, WEEK)
    assert found is not None

    kept = take(house, BOSS, found, NOW)

    assert (kept.version, kept.status, kept.approved_by) == (2, PlanStatus.APPROVED, "Mira Hoxha")
    assert (kept.made_by, kept.based_on) == ("Mira Hoxha", 1)
    assert [p.status for p in house.store.plans(DURRES, WEEK)] == [
        PlanStatus.DRAFT,
        PlanStatus.APPROVED,
    ]


def test_going_back_from_the_repair_of_an_approved_plan_puts_that_plan_back_in_force(house: House):
    approved = replace(plan(), marks=replace(plan().marks, illustrative_streets=False))
    house.store.save_plan(approved)
    house.store.approve_plan(house.store.plans(DURRES, WEEK)[0], by="c", at=NOW)
    fall_ill(house, "w0")
    found = offer(house, BOSS, DURRES, WEEK)
    assert found is not None
    kept = take(house, BOSS, found, NOW)

    back = undo(house, BOSS, kept, at=NOW)

    assert (back.version, back.status) == (1, PlanStatus.APPROVED)


def test_a_round_that_nobody_can_take_is_left_out_with_its_places(house: House):
    house.store.save_plan(plan())
    fall_ill(house, "w0", "w1", "w2")
    found = offer(house, BOSS, DURRES, WEEK)
    assert found is not None

    kept = take(house, BOSS, found, NOW)

    assert len(kept.shifts) == 2
    assert kept.routes == ()
    assert {one.reason.id for one in kept.left_out} >= {"left_out.unstaffed"}
    assert "roster.repair.unstaffed" in {note.id for note in kept.notes}


def test_an_offer_that_came_too_late_is_refused(house: House):
    house.store.save_plan(plan())
    fall_ill(house, "w1")
    found = offer(house, BOSS, DURRES, WEEK)
    assert found is not None
    late = replace(found, plan=replace(found.plan, version=9))

    with pytest.raises(ContractError):
        take(house, BOSS, late, NOW)


def test_only_who_plans_there_is_offered_a_repair(house: House):
    for other in (
        replace(BOSS, municipalities=frozenset({"AL0302"})),
        replace(BOSS, role=Role.FIELD, teams=frozenset({"t1"})),
    ):
        with pytest.raises(AccessDeniedError):
            offer(house, other, DURRES, WEEK)


def test_a_danger_zone_is_left_out_when_the_inspector_of_its_round_falls_ill(house: House):
    inspector = Worker(id="i0", name="i0", municipality=DURRES, skills=frozenset({Skill.INSPECTOR}))
    house.store.put_crew(workers=[inspector])
    made = plan()
    (route,) = made.routes
    zone, *others = route.stops
    dangerous = replace(zone, stop=replace(zone.stop, needs_escort=True))
    escorted = replace(made.shifts[0], workers=("i0", "w0", "w1"))
    house.store.save_plan(
        replace(
            made,
            shifts=(escorted, *made.shifts[1:]),
            routes=(replace(route, shift=escorted.id, stops=(dangerous, *others)),),
            workers=(*made.workers, inspector),
            bases=house.store.bases(DURRES),
        )
    )
    monday = WEEK.monday
    house.store.put_crew(absences=[Absence(worker="i0", first=monday, last=monday)])
    found = offer(house, BOSS, DURRES, WEEK)
    assert found is not None

    taken = take(house, BOSS, found, NOW)

    there = {met.stop.id for round_ in taken.routes for met in round_.stops}
    assert zone.stop.id not in there
    assert {met.stop.id for met in others} <= there
    [why] = [one.reason.id for one in taken.left_out if one.stop == zone.stop.id]
    assert why == "left_out.needs_escort"
