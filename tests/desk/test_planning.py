"""From a request to a plan: who may ask, what is looked at, what is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from data import reference
from data.errors import AccessDeniedError, ContractError
from data.messages import Message
from data.nouns import TIRANE, Decision, Plan, RouteStop, Viewer, Week
from data.vocabulary import EvidenceKind, RegisterState, Role
from desk import planning
from desk.identity import operator
from desk.planning import Files, PlanRequest, plan_week
from desk.safety import keep_safety
from desk.wiring import House, open_house
from patrol.inhabited import INHABITED
from patrol.plan import PlanInputs, PlanSettings, PlanTask, plan_task
from patrol.routes import RouteSettings
from patrol.safety import SafetySettings
from tests.builders import DURRES
from tests.houses import FILES_DIR

WEEK = Week.parse("2026-W28")
QUICK = PlanSettings(routes=RouteSettings(iterations=60))
ASKED = PlanRequest(area=reference.area_of(DURRES), week=WEEK, seed=7, settings=QUICK)
COORDINATOR = Viewer(
    account="c", name="c", role=Role.COORDINATOR, municipalities=frozenset({DURRES})
)


@pytest.fixture
def house(home: Path) -> House:
    return open_house(home)


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[PlanInputs]:
    """Return what the climb is given, as it goes on."""
    given: list[PlanInputs] = []

    def looking(inputs: PlanInputs, settings: PlanSettings) -> PlanTask:
        given.append(inputs)
        return plan_task(inputs, settings)

    monkeypatch.setattr(planning, "plan_task", looking)
    return given


@pytest.mark.parametrize(
    "viewer",
    [
        replace(COORDINATOR, municipalities=frozenset({"AL0302"})),
        replace(COORDINATOR, role=Role.FIELD),
        replace(COORDINATOR, role=Role.AGENCY),
        replace(COORDINATOR, role=Role.ADMINISTRATOR),
        operator(Role.ADMINISTRATOR),
    ],
    ids=lambda v: f"{v.role}-{v.account}",
)
def test_who_may_not_plan_there_gets_none_and_nothing_is_read(
    house: House, viewer: Viewer, seen: list[PlanInputs]
):
    line = house.store.audit.last(1)

    with pytest.raises(AccessDeniedError):
        plan_week(house, viewer, ASKED)

    assert seen == []
    assert house.store.plans(DURRES) == ()
    assert house.store.audit.last(1) == line


def test_a_plan_from_the_store_is_kept_and_looks_at_what_was_known_on_its_monday(
    house: House, seen: list[PlanInputs]
):
    told: list[float] = []

    first = plan_week(house, COORDINATOR, ASKED, progress=lambda _, share: told.append(share))

    monday = datetime.combine(WEEK.monday, time(), TIRANE)
    assert (seen[0].cases["identified_at"] < monday).all()
    assert (seen[0].visits["ended_at"] < monday).all()
    assert len(house.store.cases(DURRES)) > len(seen[0].cases) > 0
    assert house.store.plans(DURRES, WEEK) == (first.plan,)
    assert first.plan.marks.synthetic
    assert first.plan.marks.as_of < monday
    assert told == sorted(told)
    assert told[-1] == 1.0
    line = house.store.audit.last(1)[0]
    assert (line.account, line.action, line.scope) == ("c", "plan.make", DURRES)


def test_without_a_seed_a_secret_one_is_drawn_and_kept(house: House):
    secret = replace(ASKED, seed=None)

    first, second = (plan_week(house, COORDINATOR, secret).plan for _ in range(2))

    assert first.seed != second.seed
    assert {0 <= plan.seed < 2**31 for plan in (first, second)} == {True}
    assert [plan.seed for plan in house.store.plans(DURRES, WEEK)] == [first.seed, second.seed]
    assert [plan.version for plan in house.store.plans(DURRES, WEEK)] == [1, 2]


def test_a_plan_from_files_is_not_kept_and_their_rows_stay_out_of_the_store(
    house: House, seen: list[PlanInputs]
):
    files = Files(**{noun: FILES_DIR / f"{noun}.csv" for noun in ("cases", "visits")})
    before = len(house.store.cases())

    made = plan_week(house, COORDINATOR, replace(ASKED, files=files))

    assert {code[:2] for code in seen[0].cases["case_code"]} == {"DU"}
    assert made.rejected
    assert house.store.plans(DURRES) == ()
    assert len(house.store.cases()) == before


def test_where_nothing_is_known_yet_teams_go_to_the_inhabited_areas_and_ask(new_home: Path):
    house = open_house(new_home)

    plan = plan_week(house, COORDINATOR, ASKED).plan

    stops = [one.stop for route in plan.routes for one in route.stops]
    assert stops
    assert all(stop.place_id.startswith(INHABITED) and stop.exploration for stop in stops)
    assert {stop.reason.id for stop in stops} == {"stop.inhabited", "stop.inhabited_due"}
    due = {stop.place_id for stop in stops if stop.reason.id == "stop.inhabited_due"}
    assert due == {stop.place_id for stop in stops if stop.urgency}
    # On foot and outside July's heat no round gets to the farther ones: due too, and said to be.
    beyond = {"left_out.too_far", "left_out.no_way", "left_out.heat"}
    far = {one.place_id for one in plan.left_out if one.reason.id in beyond}
    numbers = {"n": len(due | far), "reached": len(due), "left": len(far)}
    assert Message("plan.intervals_short", numbers) in plan.notes


def test_a_place_that_a_coordinator_confirmed_is_planned_for_as_one_at_risk(house: House):
    first = plan_week(house, COORDINATOR, ASKED).plan
    stops = {one.stop.place_id: one.stop for route in first.routes for one in route.stops}
    quiet = next(p for p, one in sorted(stops.items()) if one.reason.id == "stop.exploration")
    decided = datetime.combine(WEEK.monday, time(), TIRANE)
    house.store.register.decide(
        Decision(
            place_id=quiet,
            municipality=DURRES,
            state=RegisterState.CONFIRMED,
            evidence=EvidenceKind.HELPLINE,
            decided_at=decided,
            decided_by="c",
            expires_at=decided + timedelta(days=90),
        ),
        synthetic=True,
    )

    second = plan_week(house, COORDINATOR, ASKED).plan

    stop = next(
        one.stop for route in second.routes for one in route.stops if one.stop.place_id == quiet
    )
    met_min = stop.chance * QUICK.stops.contact_min
    assert stop.service_min == pytest.approx(QUICK.stops.hotspot_service_min + met_min, abs=0.01)
    assert stop.reason.id in {"stop.confirmed_hotspot", "stop.evidence_hotspot"}


def test_a_visit_promised_to_a_merged_place_is_kept_at_the_place_it_is_counted_with(house: House):
    first, second = sorted(house.store.places(DURRES)["place_id"])[2:4]
    house.store.register.decide(
        Decision(
            place_id=first,
            municipality=DURRES,
            state=RegisterState.MERGED,
            evidence=EvidenceKind.TEAM,
            decided_at=datetime.combine(WEEK.monday, time(), TIRANE),
            decided_by="c",
            merged_into=second,
        ),
        synthetic=True,
    )
    promised = replace(QUICK, stops=replace(QUICK.stops, must_places=(first,)))

    plan = plan_week(house, COORDINATOR, replace(ASKED, settings=promised)).plan

    stops = [one.stop for route in plan.routes for one in route.stops]
    assert first not in {stop.place_id for stop in stops}
    there = [stop for stop in stops if stop.place_id == second]
    assert any(stop.must for stop in there)
    assert {stop.reason for stop in there} == {Message("stop.promised")}


def test_weeks_that_are_planned_together_are_kept_one_by_one(house: House):
    made = plan_week(house, COORDINATOR, replace(ASKED, weeks=2))

    assert [str(plan.week) for plan in made.plans] == ["2026-W28", "2026-W29"]
    for plan in made.plans:
        assert house.store.plans(DURRES, plan.week) == (plan,)
        assert {stop.arrive.isocalendar().week for r in plan.routes for stop in r.stops} == {
            plan.week.number
        }


@pytest.mark.parametrize("weeks", [0, 9])
def test_no_more_weeks_are_planned_than_can_be(weeks: int):
    with pytest.raises(ContractError) as fault:
        replace(ASKED, weeks=weeks)
    assert fault.value.message.id == "desk.weeks_range"


def test_a_base_that_there_is_not_is_said_before_anything_is_searched(
    house: House, seen: list[PlanInputs]
):
    nowhere = replace(QUICK, routes=replace(QUICK.routes, end_bases={"AL0301-t1": "gone"}))

    with pytest.raises(ContractError) as fault:
        plan_week(house, COORDINATOR, replace(ASKED, settings=nowhere))

    assert fault.value.message == Message("desk.base_unknown")
    assert seen == []


def test_a_plan_keeps_to_the_limits_its_municipality_set_for_itself(house: House):
    zone = str(house.store.places(DURRES)["place_id"].iloc[0])
    keep_safety(house, COORDINATOR, DURRES, SafetySettings(escort_places=(zone,)))

    gathered = planning.gather(house, COORDINATOR, ASKED)

    assert zone in gathered.task.settings.safety.escort_places


def test_a_roster_is_to_be_like_the_week_before(house: House):
    before = replace(ASKED, week=Week.of(WEEK.monday - timedelta(days=7)))
    assert planning.gather(house, COORDINATOR, ASKED).task.like == ()

    made = plan_week(house, COORDINATOR, before).plan

    assert planning.gather(house, COORDINATOR, ASKED).task.like == made.shifts != ()


BEFORE = Week.parse("2026-W27")
WEDNESDAY = datetime.combine(BEFORE.days[2], time(12), TIRANE)


def on_real_streets(house: House, week: Week) -> Plan:
    """Return the plan of a week, kept as one that may be approved."""
    made = plan_week(house, COORDINATOR, replace(ASKED, week=week)).plan
    real = replace(made, marks=replace(made.marks, illustrative_streets=False))
    return replace(real, version=house.store.save_plan(real))


def coming(house: House, seen: list[PlanInputs], now: datetime) -> tuple[RouteStop, ...]:
    """Return what a plan of the week takes as visited that is asked for at a moment."""
    planning.gather(house, COORDINATOR, replace(ASKED, now=now))
    return seen[-1].coming


def test_rounds_of_the_approved_plan_that_are_still_to_come_count_as_visits_until_they_are_over(
    house: House, seen: list[PlanInputs]
):
    kept = on_real_streets(house, BEFORE)
    assert coming(house, seen, WEDNESDAY) == ()  # nobody promised to go by a draft
    house.store.approve_plan(kept, by="c", at=WEDNESDAY)
    stops = [met for route in kept.routes for met in route.stops]
    later = {(met.stop.id, met.arrive) for met in stops if met.leave > WEDNESDAY}

    found = coming(house, seen, WEDNESDAY)

    assert later
    assert len(later) < len(stops)
    assert {(met.stop.id, met.arrive) for met in found} == later
    # One that nobody made is missed by itself as soon as its time is past.
    next_one = min(met.leave for met in found)
    gone = {met.stop.id for met in found if met.leave <= next_one}
    assert len(coming(house, seen, next_one)) == len(found) - len(gone)
    monday = datetime.combine(WEEK.monday, time(), TIRANE)
    assert coming(house, seen, monday) == ()


def test_visits_of_a_file_stand_for_all_visits_and_none_are_still_to_come(
    house: House, seen: list[PlanInputs]
):
    kept = on_real_streets(house, BEFORE)
    house.store.approve_plan(kept, by="c", at=WEDNESDAY)
    files = Files(visits=FILES_DIR / "visits.csv")

    planning.gather(house, COORDINATOR, replace(ASKED, files=files, now=WEDNESDAY))

    assert seen[-1].coming == ()
