"""Changes at the desk: who may, what is kept, what the audit says, and the way back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from data.changes import Change
from data.errors import AccessDeniedError, ContractError
from data.nouns import TIRANE, Plan, TimeWindow, Viewer
from data.vocabulary import ChangeKind, PlanStatus, Role
from desk.plans import approve, broken
from desk.reasons import MOST, risk_reasons, why_this
from desk.revising import (
    bring_back,
    change_plan,
    compared,
    ground_for_changes,
    price_of,
    spots,
    undo,
)
from desk.wiring import House, open_house
from patrol.revise_ground import ReviseGround
from tests.builders import DURRES, places, visits
from tests.changes import BEFORE, WEEK, ground, order, small_plan
from tests.paced import paced_plan

COORDINATOR = Viewer(
    account="mira", name="Mira Hoxha", role=Role.COORDINATOR, municipalities=frozenset({DURRES})
)
OTHERS = [
    replace(COORDINATOR, municipalities=frozenset({"AL0302"})),
    replace(COORDINATOR, role=Role.FIELD, teams=frozenset({"t1"})),
    replace(COORDINATOR, role=Role.AGENCY, municipalities=frozenset()),
    replace(COORDINATOR, role=Role.ADMINISTRATOR, municipalities=frozenset()),
]
DROP = Change(kind=ChangeKind.DROP, shift="t1-0", stop="stop-p8")
NOON = datetime.combine(WEEK.monday, time(11, 45), TIRANE)


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = open_house(tmp_path / "home")
    made.store.save_plan(small_plan())
    return made


def kept(house: House) -> list[tuple[int, PlanStatus]]:
    return [(plan.version, plan.status) for plan in house.store.plans(DURRES, WEEK)]


def changed(house: House, change: Change = DROP, *, at: datetime = BEFORE, **more: object) -> Plan:
    plan = replace(small_plan(), **more)
    return change_plan(house, COORDINATOR, plan, [change], ground(), at=at)


def test_a_change_is_a_new_version_with_who_and_when(house: House):
    made = changed(house)

    assert kept(house) == [(1, PlanStatus.DRAFT), (2, PlanStatus.DRAFT)]
    assert (made.made_by, made.made_at, made.based_on) == ("Mira Hoxha", BEFORE, 1)
    assert house.store.plans(DURRES, WEEK)[1] == made
    assert [line.action for line in house.store.audit.last(1)] == ["plan.change"]


@pytest.mark.parametrize("viewer", OTHERS, ids=lambda v: f"{v.role}-{len(v.municipalities)}")
def test_nobody_else_changes_a_plan_or_asks_what_it_would_take(house: House, viewer: Viewer):
    plan, asked = small_plan(), Change(kind=ChangeKind.ADD, stop="stop-p19")
    for refused in (
        lambda: change_plan(house, viewer, plan, [DROP], ground(), at=BEFORE),
        lambda: undo(house, viewer, plan, at=BEFORE),
        lambda: bring_back(house, viewer, plan),
        lambda: broken(viewer, plan, (), BEFORE),
        lambda: price_of(viewer, plan, asked, ground(), at=BEFORE),
        lambda: compared(house, viewer, plan, plan),
        lambda: spots(house, viewer, DURRES),
        lambda: ground_for_changes(house, viewer, DURRES, ()),
        lambda: risk_reasons(house, viewer, DURRES, WEEK),
    ):
        with pytest.raises(AccessDeniedError):
            refused()
    assert kept(house) == [(1, PlanStatus.DRAFT)]


def test_no_change_is_no_version(house: House):
    with pytest.raises(ContractError):
        change_plan(house, COORDINATOR, small_plan(), [], ground(), at=BEFORE)

    assert kept(house) == [(1, PlanStatus.DRAFT)]


def test_what_is_undone_is_kept_and_can_be_brought_back_or_made_again(house: House):
    made = changed(house)

    before = undo(house, COORDINATOR, made, at=BEFORE)
    assert before.version == 1
    assert kept(house) == [(1, PlanStatus.DRAFT), (2, PlanStatus.UNDONE)]
    with pytest.raises(ContractError):
        undo(house, COORDINATOR, before, at=BEFORE)

    bring_back(house, COORDINATOR, house.store.plans(DURRES, WEEK)[1])
    assert kept(house) == [(1, PlanStatus.DRAFT), (2, PlanStatus.DRAFT)]
    undo(house, COORDINATOR, made, at=BEFORE)
    assert changed(house).version == 2, "the same change is the same version"
    assert kept(house)[1] == (2, PlanStatus.DRAFT)


def test_a_change_of_an_approved_plan_waits_for_approval_but_not_on_the_day(house: House):
    approved = house.store.approve_plan(small_plan(), by="Ana", at=BEFORE)
    change_plan(house, COORDINATOR, approved, [DROP], ground(), at=BEFORE)
    assert kept(house) == [(1, PlanStatus.APPROVED), (2, PlanStatus.DRAFT)]

    call = Change(kind=ChangeKind.CALL, stop="stop-p19", at=NOON)
    made = change_plan(house, COORDINATOR, approved, [call], ground(), at=NOON)

    assert (made.status, made.approved_by, made.approved_at) == (
        PlanStatus.APPROVED,
        "Mira Hoxha",
        NOON,
    )
    assert kept(house)[0] == (1, PlanStatus.DRAFT)
    back = undo(house, COORDINATOR, made, at=NOON + timedelta(minutes=1))
    assert (back.version, back.status) == (1, PlanStatus.APPROVED)
    assert kept(house)[2] == (3, PlanStatus.UNDONE)


def test_going_back_from_an_approved_version_approves_no_draft_that_nobody_approved(house: House):
    made = house.store.approve_plan(changed(house), by="Ana", at=BEFORE)
    call = Change(kind=ChangeKind.CALL, stop="stop-p19", at=NOON)
    called = change_plan(house, COORDINATOR, made, [call], ground(), at=NOON)

    made = undo(house, COORDINATOR, called, at=NOON)
    assert (made.version, made.status) == (2, PlanStatus.APPROVED), "the day's change alone is gone"
    before = undo(house, COORDINATOR, made, at=NOON)

    assert (before.version, before.status) == (1, PlanStatus.DRAFT)
    assert PlanStatus.APPROVED not in {status for _, status in kept(house)}


def test_a_version_that_breaks_what_plans_hold_is_approved_by_who_says_that_it_is_wanted(
    house: House,
):
    plan = replace(paced_plan(), version=house.store.save_plan(paced_plan()))
    a, b, c, d = order(plan, "t2-0")
    asked = Change(kind=ChangeKind.REORDER, shift="t2-0", order=(c, a, b, d))
    made = change_plan(house, COORDINATOR, plan, [asked], ground(), at=BEFORE)

    with pytest.raises(ContractError) as fault:
        approve(house, COORDINATOR, made, BEFORE)
    assert (fault.value.message.id, fault.value.message.params["n"]) == ("breaks.unread", 1)
    assert made.version in {v for v, status in kept(house) if status is PlanStatus.DRAFT}
    approved = approve(house, COORDINATOR, made, BEFORE, anyway=True)

    assert approved.status is PlanStatus.APPROVED
    assert [line.action for line in house.store.audit.last(1)] == ["plan.approve_anyway"]
    own = house.store.plans(DURRES, WEEK)
    at_one = BEFORE + timedelta(hours=13)
    assert len(broken(COORDINATOR, approved, own, at_one)) == 1, "it was changed: it is said of it"
    unchanged = replace(approved, based_on=approved.version)
    assert broken(COORDINATOR, unchanged, own, at_one) == (), "a round under way goes on as it was"


def test_two_versions_say_what_sets_them_apart(house: House):
    made = changed(house)

    seen = compared(house, COORDINATOR, small_plan(), made)

    assert "Vend 8" in seen.only_one
    assert seen.other.visits == sum(len(route.stops) for route in made.routes)
    assert seen.one.covered > 0.5
    assert seen.one.longest_gap_d is None, "nobody was there before, so nothing is known"


def test_the_longest_gap_runs_from_the_last_visit_to_the_first_planned_one(house: House):
    there = places(1)
    house.store.add({"places": there.assign(place_id="p8", name="Vend 8")})
    last = datetime.combine(WEEK.monday - timedelta(days=20), time(10), TIRANE)
    house.store.add({"visits": visits(["p8"], when=[last])})

    seen = compared(house, COORDINATOR, small_plan(), changed(house))

    assert seen.one.longest_gap_d == pytest.approx(20, abs=0.1)
    assert seen.other.longest_gap_d == pytest.approx(26.5, abs=0.1)


def test_why_not_says_what_gives_way_and_what_it_costs(house: House):
    asked = Change(kind=ChangeKind.ADD, stop="stop-p23")

    found = price_of(COORDINATOR, small_plan(), asked, ground(), at=BEFORE)

    assert found.rule is None
    assert next(line.id for line in found.told) == "why_not.fits"
    assert found.loses < 0.2
    assert kept(house) == [(1, PlanStatus.DRAFT)], "asking changes nothing"


def test_why_this_stop_is_at_most_five_sentences_and_names_the_lock():
    locked = replace(
        small_plan(), standing=(Change(kind=ChangeKind.LOCK, shift="t1-0", stop="stop-p8"),)
    )
    met = next(m for r in locked.routes for m in r.stops if m.stop.id == "stop-p8")

    said = [line.id for line in why_this(locked, "t1-0", met, {})]

    assert said == ["stop.usual", "why_stop.locked", "why_stop.hours"]
    assert len(said) <= MOST


def test_the_hours_of_a_stop_are_those_of_its_round_where_nights_touch():
    plan = small_plan()
    met = next(m for r in plan.routes for m in r.stops if r.shift == "t1-0")
    shift = next(one for one in plan.shifts if one.id == "t1-0")
    night = TimeWindow(
        opens=shift.start - timedelta(hours=18), closes=shift.start + timedelta(hours=3)
    )

    said = why_this(plan, "t1-0", replace(met, window=night), {})

    (hours,) = (line.params for line in said if line.id == "why_stop.hours")
    assert hours["opens"] == shift.start.astimezone(TIRANE).time()
    assert hours["closes"] == night.closes.astimezone(TIRANE).time()


def test_the_ground_for_changes_knows_what_sort_of_place_each_is(house: House):
    house.store.add({"places": places(2, kind="beach")})

    made: ReviseGround = ground_for_changes(house, COORDINATOR, DURRES, ())

    assert set(map(str, made.kinds.values())) == {"beach"}
    assert set(spots(house, COORDINATOR, DURRES)) == {"stop-p000", "stop-p001"}
