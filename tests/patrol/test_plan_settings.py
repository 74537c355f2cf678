"""The settings that a plan keeps come back as they were, also from the store's JSON."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date

from data.nouns import Week
from data.store.plans import plan_from_json, plan_to_json
from data.vocabulary import PlaceKind
from patrol.needs import PlaceNeed, VisitNeed
from patrol.plan_settings import plan_settings
from patrol.roster import RosterSettings
from patrol.safety import SafetySettings
from patrol.stops import StopSettings
from patrol.task import PlanSettings
from tests.plans import plan_of

DAY = date(2026, 7, 8)
NEED = PlaceNeed(place_id="p1", need=VisitNeed(visits=2, days=7, least_gap_days=1))
CHOSEN = PlanSettings(
    stops=StopSettings(service_min=40.0, must_places=("p1", "p2"), needs=(NEED,)),
    roster=RosterSettings(leave_unstaffed=True, holidays=(DAY,), away=(("t1", DAY, DAY),)),
    safety=SafetySettings(daylight=(8, 16), sheltered_kinds=(PlaceKind.MARKET,)),
)


def test_settings_come_back_from_a_plan_that_was_kept():
    plan = replace(plan_of(Week.parse("2026-W28")), settings=asdict(CHOSEN))

    kept = plan_from_json(plan_to_json(plan))

    assert plan_settings(plan.settings) == CHOSEN
    assert plan_settings(kept.settings) == CHOSEN


def test_an_older_plan_s_settings_are_filled_up_and_what_is_no_longer_known_is_passed_over():
    found = plan_settings({"stops": {"service_min": 20.0, "of_old": 1}, "gone": {}})

    assert found == PlanSettings(stops=StopSettings(service_min=20.0))
