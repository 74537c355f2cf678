"""The year week by week: no interval is broken while hours suffice, and what waits is counted."""

from __future__ import annotations

from collections import Counter
from datetime import date, time, timedelta
from itertools import pairwise

import pandas as pd
import pytest
from geopandas import GeoDataFrame
from hypothesis import given, settings
from hypothesis import strategies as st

from data.nouns import Team
from data.reference.calendar import usual_entries
from data.vocabulary import TravelMode, VisitPurpose
from patrol.roster import RosterSettings
from patrol.season import Season
from patrol.year_plan import YearPlan, YearSettings, plan_year, team_hours, weeks_of_year
from tests.builders import places

YEAR = 2027
WEEKS = weeks_of_year(YEAR)
USUAL = Season(entries=usual_entries([2026, YEAR]), coastal=True)
PLENTY = [500.0] * len(WEEKS)
KINDS = ["beach", "settlement", "market", "bus_station", "junction", "promenade", "school"]


def year(known: GeoDataFrame, hours: list[float], **seen: date) -> YearPlan:
    return plan_year(known, seen, USUAL, hours, YEAR)


def visited(plan: YearPlan) -> dict[str, list[int]]:
    """Return the weeks in which each place is visited, by number."""
    numbers = {str(week): n for n, week in enumerate(WEEKS)}
    found: dict[str, list[int]] = {}
    for row in plan.visits.to_dict("records"):
        found.setdefault(row["place_id"], []).append(numbers[row["week"]])
    return found


def test_a_year_has_its_weeks():
    assert len(weeks_of_year(2026)) == 53
    assert len(WEEKS) == 52
    assert str(WEEKS[-1]) == "2027-W52"


@given(st.lists(st.sampled_from(KINDS), min_size=1, max_size=12))
@settings(max_examples=25, deadline=None)
def test_no_place_exceeds_its_interval_when_the_hours_suffice(kinds: list[str]):
    plan = year(places(len(kinds), kind=kinds), PLENTY)
    found = visited(plan)

    assert (plan.weeks["n_late"] == 0).all()
    assert len(found) == len(kinds)
    for weeks in found.values():
        assert weeks[0] < 4
        assert len(WEEKS) - weeks[-1] <= 4
        assert all(b - a <= 4 for a, b in pairwise(weeks))


def test_the_coast_is_visited_every_week_in_full_season_and_in_the_evening():
    plan = year(places(1, kind="bus_station"), PLENTY)
    summer = plan.visits[plan.visits["evening"]]

    weeks = visited(plan)["p000"]
    full = [
        n for n, week in enumerate(WEEKS) if date(2027, 6, 1) <= week.monday <= date(2027, 9, 8)
    ]
    assert set(full) <= set(weeks)
    assert set(summer["group"]) == {"coast"}
    assert len(weeks) < len(full) + 14


def test_every_inhabited_area_is_asked_for_enrolment_once_before_school():
    known = places(6, kind="settlement")
    plan = year(known, PLENTY)
    drive = plan.visits[plan.visits["purpose"] == str(VisitPurpose.SCHOOL_ENROLMENT)]

    assert Counter(drive["place_id"]) == dict.fromkeys(known["place_id"], 1)
    assert set(drive["week"]) <= {"2027-W33", "2027-W34", "2027-W35", "2027-W36"}


@given(st.lists(st.floats(0, 12), min_size=52, max_size=52))
@settings(max_examples=25, deadline=None)
def test_a_week_never_holds_more_visits_than_its_hours(hours: list[float]):
    plan = year(places(7, kind=KINDS), hours)

    used = plan.weeks["n_planned"] * YearSettings().visit_h
    assert (used <= plan.weeks["hand_h"] + 1e-6).all()
    assert len(plan.visits) == plan.weeks["n_planned"].sum()


def test_what_does_not_fit_waits_and_the_longest_waiting_goes_first():
    seen = {f"p{i:03d}": date(2026, 12, 1) - timedelta(days=14 * i) for i in range(4)}
    plan = year(places(4, kind="junction"), [YearSettings().visit_h] * len(WEEKS), **seen)

    assert plan.weeks["n_late"].iloc[0] == 3
    assert plan.visits["place_id"].to_list()[:4] == ["p003", "p002", "p001", "p000"]
    assert plan.visits["weeks_late"].iloc[0] > 0


def test_without_hours_all_wait_and_nothing_is_planned():
    plan = year(places(3), [0.0] * len(WEEKS))

    assert plan.visits.empty
    assert plan.weeks["n_late"].iloc[-1] == 3
    assert plan.weeks["needed_h"].iloc[0] == pytest.approx(3 * YearSettings().visit_h / 4)


def test_a_place_asleep_is_not_asked_for():
    plan = year(places(1, kind="beach", awake_from=5, awake_to=9), PLENTY)

    months = {WEEKS[n].days[d].month for n in visited(plan)["p000"] for d in (0, 6)}
    assert months <= {4, 5, 6, 7, 8, 9, 10}
    assert plan.weeks["needed_h"].iloc[0] == 0.0


def test_what_a_week_needs_is_the_sum_of_its_groups():
    plan = year(places(7, kind=KINDS), PLENTY)

    groups = plan.weeks[["needed_areas", "needed_places", "needed_coast", "needed_rounds"]]
    pd.testing.assert_series_equal(groups.sum(axis=1), plan.weeks["needed_h"], check_names=False)


def test_hours_at_hand_leave_out_breaks_and_holidays():
    team = Team(
        id="t1",
        name="1",
        municipality="AL0301",
        base="b",
        mode=TravelMode.WALK,
        start=time(9),
        end=time(16),
        weekdays=(0, 1, 2, 3, 4),
    )
    closed = (WEEKS[9].days[2],)

    hours = team_hours([team], WEEKS[9:11], RosterSettings(holidays=closed))

    assert hours == [4 * 6.5, 5 * 6.5]


def test_hours_are_given_for_every_week():
    with pytest.raises(ValueError, match="every week"):
        plan_year(places(1), {}, USUAL, [1.0] * 51, YEAR)
