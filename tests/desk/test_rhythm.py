"""What a plan's visits have in common with those before is counted for whoever may plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from data.errors import AccessDeniedError
from data.nouns import TIRANE
from desk.planning import plan_week
from desk.rhythm import rhythms
from desk.wiring import House, open_house
from tests.builders import DURRES
from tests.desk.test_planning import ASKED, COORDINATOR


@pytest.fixture
def house(home: Path) -> House:
    return open_house(home)


def test_visits_of_twelve_weeks_and_of_the_plan_count_and_no_others(house: House):
    plan = plan_week(house, COORDINATOR, ASKED).plan
    planned: dict[str, int] = {}
    for route in plan.routes:
        for met in route.stops:
            planned[met.stop.place_id] = planned.get(met.stop.place_id, 0) + 1
    monday = datetime.combine(plan.week.monday, datetime.min.time(), TIRANE)
    visits = house.store.visits(DURRES)
    lasted = visits[visits["ended_at"] > visits["started_at"]]
    before = lasted[
        (lasted["started_at"] < monday) & (lasted["started_at"] >= monday - timedelta(days=84))
    ]["place_id"].value_counts()

    found = rhythms(house, COORDINATOR, plan)

    assert {one.place_id for one in found} == set(planned)
    for one in found:
        assert one.rhythm.n_visits == planned[one.place_id] + before.get(one.place_id, 0)
    often = [one.rhythm.most_share * one.rhythm.n_visits for one in found]
    assert often == sorted(often, reverse=True)


def test_who_may_not_plan_there_learns_nothing_of_the_rhythm(house: House):
    plan = plan_week(house, COORDINATOR, ASKED).plan

    with pytest.raises(AccessDeniedError):
        rhythms(house, replace(COORDINATOR, municipalities=frozenset({"AL0302"})), plan)
