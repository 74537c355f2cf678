"""The settings that a plan keeps come back as they were, also from the store's JSON."""

from __future__ import annotations

from dataclasses import asdict, replace

from data.nouns import Week
from data.store.plans import plan_from_json, plan_to_json
from patrol.plan import PlanSettings
from patrol.plan_settings import plan_settings
from patrol.roster import RosterSettings
from patrol.stops import StopSettings
from tests.plans import plan_of

CHOSEN = PlanSettings(
    stops=StopSettings(service_min=40.0, must_places=("p1", "p2"), coast_months=(5, 9)),
    roster=RosterSettings(leave_unstaffed=True),
)


def test_settings_come_back_from_a_plan_that_was_kept():
    plan = replace(plan_of(Week.parse("2026-W28")), settings=asdict(CHOSEN))

    kept = plan_from_json(plan_to_json(plan))

    assert plan_settings(plan.settings) == CHOSEN
    assert plan_settings(kept.settings) == CHOSEN


def test_an_older_plan_s_settings_are_filled_up_and_what_is_no_longer_known_is_passed_over():
    found = plan_settings({"stops": {"service_min": 20.0, "of_old": 1}, "gone": {}})

    assert found == PlanSettings(stops=StopSettings(service_min=20.0))
