"""A week of one municipality is planned in the time of a coffee, with the settings of the house."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from patrol.plan import PlanSettings
from tests.climb import make_plan, routers_of
from tests.patrol.test_plan import inputs


@pytest.mark.slow
def test_forty_places_and_three_teams_are_planned_in_less_than_twenty_seconds():
    given = inputs("AL0301")
    assert len(given.places) == 40
    assert len(given.teams) == 3

    def planned(places=given.places):
        settings = PlanSettings()
        return make_plan(replace(given, places=places), seed=7, settings=settings)

    routers_of(given.area.id)  # streets are got ready once
    # Processor seconds of all its threads: never less than what a free machine takes.
    began = time.process_time()
    plan = planned()
    took_s = time.process_time() - began

    assert took_s < 20
    assert not plan.cut_by_time, "the budget ended the search, and not the clock"
    assert plan == planned(given.places.iloc[::-1].reset_index(drop=True))
