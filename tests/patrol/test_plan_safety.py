"""A whole plan keeps to the rules of safety: escorts, heat alerts, and what it left out says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time
from itertools import chain

from data.calendar import CalendarEntry
from data.nouns import TIRANE, Plan, Worker
from data.vocabulary import CalendarKind, Skill
from patrol.safety import SafetySettings
from patrol.season import Season
from tests.builders import DURRES
from tests.climb import make_plan
from tests.patrol.test_plan import QUICK, WEEK, inputs, planned
from tests.patrol.test_ways_safe import unsafe

INSPECTOR = Worker(id="i", name="i", municipality=DURRES, skills=frozenset({Skill.INSPECTOR}))


def visited(plan: Plan) -> set[str]:
    return {met.stop.place_id for route in plan.routes for met in route.stops}


def with_safety(settings: SafetySettings, *, joint: bool = False) -> Plan:
    """Return a plan under some limits, with a joint inspection on Wednesday where asked."""
    given = inputs()
    if joint:
        entry = CalendarEntry(
            id="e",
            municipality=DURRES,
            kind=CalendarKind.JOINT_INSPECTION,
            first=WEEK.days[2],
            last=WEEK.days[2],
        )
        workers = (*given.workers, INSPECTOR)
        given = replace(given, workers=workers, season=Season(entries=(entry,)))
    return make_plan(given, seed=7, settings=replace(QUICK, safety=settings))


def test_danger_zones_are_in_no_plan_without_an_escort_and_are_said_to_need_one():
    zones = tuple(sorted(visited(planned()))[:3])

    plan = with_safety(SafetySettings(escort_places=zones))

    assert not visited(plan) & set(zones)
    reasons = {one.place_id: one.reason.id for one in plan.left_out}
    assert {reasons[zone] for zone in zones} == {"left_out.needs_escort"}
    assert visited(plan) | set(reasons) == set(inputs().places["place_id"])


def test_on_a_joint_inspection_they_are_in_its_round_alone():
    zones = tuple(sorted(visited(planned())))

    plan = with_safety(SafetySettings(escort_places=zones), joint=True)

    joint = [shift.id for shift in plan.shifts if INSPECTOR.id in shift.workers]
    inside = {route.shift for route in plan.routes for met in route.stops if met.stop.needs_escort}
    assert len(joint) == 1
    assert inside == set(joint)


def test_on_a_day_with_a_heat_alert_no_visit_lasts_into_its_hours():
    settings = SafetySettings(heat_alerts=WEEK.days, alert_hours=(10, 17), sheltered_kinds=())

    plan = with_safety(settings)

    stops = list(chain.from_iterable(route.stops for route in plan.routes))
    assert stops
    for met in stops:
        day = met.arrive.date()
        first, last = (datetime.combine(day, time(h), TIRANE) for h in settings.alert_hours)
        assert met.leave <= first or met.arrive >= last


def test_no_way_of_a_weeks_plan_is_walked_in_the_hottest_hours_or_in_the_dark():
    teams = tuple(team.id for team in inputs().teams)
    settings = SafetySettings(
        heat_months=(10,), daylight=(9, 16), daylight_teams=teams, sheltered_kinds=()
    )

    plan = with_safety(settings)

    assert sum(len(route.stops) for route in plan.routes)
    assert unsafe(plan, settings) == []


def test_the_plan_keeps_the_limits_it_was_made_under():
    settings = SafetySettings(heat_hours=(13, 17))

    kept = with_safety(settings).settings["safety"]

    assert isinstance(kept, dict)
    assert SafetySettings(**kept) == settings
