"""Coverage counts work against what is needed, a municipality a row."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pandas as pd
import pytest

from data.nouns import TIRANE
from data.vocabulary import PlanStatus
from patrol.coverage import Known, awake, coverage_table, least_served, reached_over_time
from tests.builders import DURRES, places, visits
from tests.ui.conftest import TEAM, plan_of

NOW = datetime(2026, 6, 10, 18, tzinfo=TIRANE)
KRUJE = "AL0302"


def statuses(*said: tuple[str, str, int]) -> pd.DataFrame:
    rows = [
        {"unit": unit, "municipality": DURRES, "status": status, "at": NOW - timedelta(days=ago)}
        for unit, status, ago in said
    ]
    return pd.DataFrame(rows, columns=["unit", "municipality", "status", "at"])


def known(**changes: object) -> Known:
    units = pd.DataFrame({"unit": ["a", "b", "c", "d"], "municipality": [DURRES] * 3 + [KRUJE]})
    usual = Known(
        units=units,
        statuses=statuses(),
        places=places(4),
        visits=visits([]),
        teams=(TEAM,),
        plans=(),
    )
    return replace(usual, **changes)


def row(k: Known) -> pd.Series:
    return coverage_table([DURRES, KRUJE], k, NOW).set_index("code").loc[DURRES]


def test_every_municipality_has_a_row_also_one_of_which_nothing_is_known():
    table = coverage_table([KRUJE, DURRES], known(places=places(0)), NOW)

    assert table["code"].tolist() == [KRUJE, DURRES]
    assert table["n_places"].tolist() == [0, 0]
    assert table["reached"].isna().all()


def test_a_unit_counts_as_mapped_when_it_said_something_within_the_year():
    said = statuses(
        ("a", "places_found", 3),
        ("b", "looked_none", 400),
        ("c", "unknown", 1),
        ("a", "unknown", 1),
    )

    assert row(known(statuses=said))["mapped"] == pytest.approx(1 / 3)


def test_a_place_is_overdue_when_nobody_was_there_within_the_interval():
    met = visits(["p000", "p001"], when=[NOW - timedelta(days=2), NOW - timedelta(days=60)])

    found = row(known(visits=met))

    assert (found["n_reached"], found["n_overdue"], found["n_never"]) == (1, 3, 2)
    assert found["reached"] == pytest.approx(0.25)


def test_a_place_that_sleeps_is_not_wanted():
    asleep = places(4, awake_from=11, awake_to=3)

    assert row(known(places=asleep))["n_places"] == 0
    assert awake(asleep, 1).all()
    assert awake(asleep, 12).all()


def test_hours_and_visits_are_those_of_the_last_thirty_days():
    days = [NOW - timedelta(days=n) for n in (1, 29, 31)]

    found = row(known(visits=visits(["p000"] * 3, when=days, hours=1.5)))

    assert (found["hours_done"], found["n_visits"]) == (3.0, 2)


def test_an_arrival_without_an_outcome_is_no_effort():
    met = visits(["p000"], when=[NOW - timedelta(days=1)], hours=0.0)

    found = row(known(visits=met))

    assert (found["n_visits"], found["n_reached"]) == (0, 0)


def test_only_the_plan_in_force_gives_planned_hours():
    day = (NOW - timedelta(days=3)).date()
    draft = plan_of(day, synthetic=False)
    approved = replace(draft, version=2, status=PlanStatus.APPROVED)
    invented = [plan_of(day), replace(plan_of(day), version=2)]

    assert row(known(plans=[draft]))["hours_planned"] == 0.0
    assert row(known(plans=[draft, approved]))["hours_planned"] == 6.0
    assert row(known(plans=invented))["hours_planned"] == 6.0


def test_what_comes_later_is_not_looked_at():
    met = visits(["p000"], when=[NOW + timedelta(days=1)])
    ahead = plan_of((NOW + timedelta(days=2)).date())

    found = row(known(visits=met, plans=[ahead]))

    assert (found["n_visits"], found["hours_planned"], found["n_never"]) == (0, 0.0, 4)


def test_no_column_counts_children():
    columns = set(coverage_table([DURRES], known(), NOW).columns)

    assert not {c for c in columns if "case" in c or "identified" in c or "seen" in c}


def test_the_share_visited_in_time_is_told_only_from_when_visits_were_written_down():
    days_ago = (70, 60, 20, 3)
    met = visits(["p000", "p001", "p000", "p001"], when=[NOW - timedelta(days=d) for d in days_ago])

    shares = reached_over_time(known(visits=met), NOW)

    assert list(shares) == [NOW - timedelta(days=28), NOW]
    assert list(shares.values()) == [0.0, 0.5]


def test_the_share_over_time_is_of_the_places_in_season_now():
    seasonal = places(4)
    seasonal["awake_from"], seasonal["awake_to"] = [1, 1, 12, 12], [12, 12, 2, 2]
    met = visits(["p000", "p002"], when=[NOW - timedelta(days=d) for d in (5, 40)])

    shares = reached_over_time(known(places=seasonal, visits=met), NOW)

    assert shares == {NOW: 0.5}


def test_without_visits_or_places_there_is_no_share_over_time():
    assert reached_over_time(known(), NOW) == {}
    assert reached_over_time(known(places=places(0), visits=visits(["p000"])), NOW) == {}


def test_who_is_served_least_comes_first_and_who_is_not_known_at_all_before_everybody():
    rows = [
        ("good", 1.0, 0, 1.0),
        ("half", 0.5, 2, 1.0),
        ("few", 0.0, 2, 1.0),
        ("many", 0.0, 9, 1.0),
        ("many-unmapped", 0.0, 9, 0.2),
        ("unknown", None, 0, 0.0),
    ]
    table = pd.DataFrame(rows, columns=["code", "reached", "n_overdue", "mapped"])

    order = least_served(table)

    assert order["code"].tolist() == ["unknown", "many-unmapped", "many", "few", "half", "good"]
