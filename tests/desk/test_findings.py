"""Comparisons with chance: for the coordinator's own municipality, audited, or what is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from data.crs import EDGE_CRS
from data.errors import AccessDeniedError
from data.nouns import TIRANE, Viewer
from data.vocabulary import Role
from desk.findings import _hours, find_out, kept_at_once
from desk.picture import whole_picture
from desk.wiring import House, open_house
from tests.builders import DURRES, NOON, cases, places, visits

NOW = datetime(2026, 7, 1, 12, tzinfo=TIRANE)
COORDINATOR = Viewer(
    account="a", name="a", role=Role.COORDINATOR, municipalities=frozenset({DURRES})
)
#: Thirty-six places more than a kilometre apart, each looked at for two hours.
GROUND = places(36, step=0.02)
ALL = list(GROUND["place_id"])
#: Thirty cases in thirty places over the year, and eleven in two weeks of spring in one.
AT = [*ALL[6:], *["p001"] * 11]
WHEN = [
    *[NOON - timedelta(days=11 * (7 * i % 30)) for i in range(30)],
    *[NOON - timedelta(days=70 + i) for i in range(11)],
]


others = pytest.mark.parametrize(
    "viewer",
    [
        replace(COORDINATOR, municipalities=frozenset({"AL0302"})),
        replace(COORDINATOR, role=Role.FIELD, teams=frozenset({"t1"})),
        replace(COORDINATOR, role=Role.AGENCY, municipalities=frozenset()),
        replace(COORDINATOR, role=Role.ADMINISTRATOR, municipalities=frozenset()),
    ],
    ids=["neighbour", "field", "agency", "administrator"],
)


def house_with(home: Path, at: list[str]) -> House:
    made = open_house(home)
    found = cases(at, when=WHEN[: len(at)])
    where = GROUND.set_index("place_id").geometry
    found = found.set_geometry([where[place] for place in at], crs=EDGE_CRS)
    made.store.add({"places": GROUND, "cases": found, "visits": visits(ALL * 2)})
    return made


@pytest.fixture
def house(tmp_path: Path) -> House:
    return house_with(tmp_path, AT)


def test_what_stands_out_comes_first(house: House):
    found = find_out(house, COORDINATOR, DURRES, as_of=NOW)

    rows = found.standouts.rows
    assert found.standouts.verdict is None
    assert len(rows) == 36
    assert rows["name"].iloc[0] == "Vend 1"
    assert rows["z"].is_monotonic_decreasing
    assert (rows["q"] <= 0.05).sum() == 1


def test_the_week_in_which_cases_came_together_is_named_by_its_days(house: House):
    burst = find_out(house, COORDINATOR, DURRES, as_of=NOW).burst

    assert "Vend 1" in burst.names
    assert burst.first.weekday() == 0
    assert burst.last.weekday() == 6
    assert burst.first <= (NOON - timedelta(days=75)).date() <= burst.last
    assert burst.n >= 8
    assert burst.p <= 0.05


def test_cases_that_return_make_a_rule(house: House):
    repeat = find_out(house, COORDINATOR, DURRES, as_of=NOW).repeat

    assert repeat.rule.id == "findings.near_repeat"


def test_every_group_says_how_well_it_holds(house: House):
    rows = find_out(house, COORDINATOR, DURRES, as_of=NOW).groups.rows

    assert rows["near"].iloc[0] == "Vend 1"
    assert rows["kept"].iloc[0] >= 0.8
    assert rows["kept"].between(0, 1).all()
    assert rows["jaccard"].between(0, 1).all()


def test_asking_twice_gives_one_answer(house: House):
    one, same = (find_out(house, COORDINATOR, DURRES, as_of=NOW) for _ in range(2))

    assert one.standouts.rows.equals(same.standouts.rows)
    assert one.groups.rows.equals(same.groups.rows)
    assert (one.repeat, one.burst) == (same.repeat, same.burst)


def test_the_audit_says_who_looked_and_where(house: House):
    find_out(house, COORDINATOR, DURRES, as_of=NOW)

    (line,) = house.store.audit.last(1)
    assert (line.action, line.purpose, line.scope) == ("map.details", "map", DURRES)


@others
def test_nobody_else_ever_gets_them(house: House, viewer: Viewer):
    before = len(house.store.audit.last(50))

    with pytest.raises(AccessDeniedError):
        find_out(house, viewer, DURRES, as_of=NOW)

    assert len(house.store.audit.last(50)) == before


@pytest.mark.parametrize("n", [0, 8, 29])
def test_too_few_cases_are_a_result_with_what_is_missing(tmp_path: Path, n: int):
    found = find_out(house_with(tmp_path, AT[:n]), COORDINATOR, DURRES, as_of=NOW)

    for verdict in (found.standouts.verdict, found.burst.verdict, found.repeat.verdict):
        assert verdict is not None
        assert verdict.id == "findings.missing_cases"
        assert verdict.params["needed"] == 30
    assert found.standouts.rows.empty
    assert found.groups.verdict is not None
    assert (found.groups.verdict.id == "findings.missing_cases") == (n < 15)


def test_before_the_first_visit_the_usual_hours_of_a_place_stand_in():
    # Four weeks from a Monday; visits of one hour and of three in the last two.
    monday = date(2026, 6, 1)
    third = datetime(2026, 6, 17, 10, tzinfo=TIRANE)
    when = [third, third + timedelta(weeks=1)]
    seen = visits(["a", "a"], when=when)
    seen["ended_at"] = seen["started_at"] + np.array([1, 3], dtype="timedelta64[h]")

    hours = _hours(seen, {"a": 0, "b": 1}, monday, 4)

    assert hours is not None
    assert hours.tolist() == [[2.0, 2.0, 1.0, 3.0], [0.0, 0.0, 0.0, 0.0]]


def test_without_a_visit_in_those_weeks_there_are_no_hours():
    assert _hours(visits([]), {"a": 0}, date(2026, 6, 1), 4) is None


def test_groups_on_the_map_are_redrawn_at_once_under_the_ids_they_have_there(house: House):
    seen = whole_picture(house, COORDINATOR, DURRES, as_of=NOW).frames

    kept = kept_at_once(COORDINATOR, DURRES, seen.cases)

    assert list(kept) == list(seen.clusters["cluster_id"])
    assert list(kept) == list(find_out(house, COORDINATOR, DURRES, as_of=NOW).kept)
    assert all(0 <= share <= 1 for share in kept.values())


@pytest.mark.parametrize("n", [14, 301])
def test_too_few_cases_and_too_many_for_a_quick_look_are_not_redrawn(n: int):
    found = cases(["p000"] * n, when=[NOON - timedelta(weeks=i) for i in range(n)])

    assert kept_at_once(COORDINATOR, DURRES, found) == {}


@others
def test_nobody_else_has_groups_redrawn(viewer: Viewer):
    with pytest.raises(AccessDeniedError):
        kept_at_once(viewer, DURRES, cases(["p000"] * 20))
