"""When: for the coordinator's own municipality, audited, and only of the place asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from data.errors import AccessDeniedError
from data.nouns import TIRANE, Viewer
from data.vocabulary import Role
from desk.when import find_when, place_week
from desk.wiring import House, open_house
from tests.builders import DURRES, NOON, cases, places, visits

NOW = datetime(2026, 7, 1, 12, tzinfo=TIRANE)
COORDINATOR = Viewer(
    account="a", name="a", role=Role.COORDINATOR, municipalities=frozenset({DURRES})
)
OTHERS = [
    replace(COORDINATOR, municipalities=frozenset({"AL0302"})),
    replace(COORDINATOR, role=Role.FIELD, teams=frozenset({"t1"})),
    replace(COORDINATOR, role=Role.AGENCY, municipalities=frozenset()),
    replace(COORDINATOR, role=Role.ADMINISTRATOR, municipalities=frozenset()),
]
NAMES = ["neighbour", "field", "agency", "administrator"]


def house_with(home: Path, n: int) -> House:
    """Return a house with n cases on Wednesday afternoons, and presence in every hour of a day."""
    made = open_house(home)
    when = [NOON - timedelta(weeks=i) for i in range(n)]
    day = [NOON.replace(hour=0) - timedelta(hours=i) for i in range(24)]
    made.store.add(
        {
            "places": places(3),
            "cases": cases(["p000"] * n, when=when),
            "visits": visits(["p000"] * 24 + ["p001"] * 24, when=day * 2),
        }
    )
    return made


@pytest.fixture
def house(tmp_path: Path) -> House:
    return house_with(tmp_path, 32)


def test_the_afternoon_in_which_children_are_met_is_among_the_high_hours(house: House):
    when = find_when(house, COORDINATOR, DURRES, as_of=NOW)

    week = place_week(COORDINATOR, when, "p000")

    assert week is not None
    assert week.verdict is None
    assert week.n_timed == 32
    assert week.rows["high"].sum() == week.high_h == week.unseen_h == 3
    assert week.rows[week.rows["found"] > 0]["high"].all()
    assert any(run.params["opens"].hour <= 15 < run.params["closes"].hour for run in week.high)


def test_a_day_of_the_clock_begins_at_six_and_every_hour_is_there_once(house: House):
    week = place_week(COORDINATOR, find_when(house, COORDINATOR, DURRES, as_of=NOW), "p000")

    assert week is not None
    rows = week.rows
    assert not rows.duplicated(["day", "hour"]).any()
    assert len(rows) == 168
    wednesday = rows[(rows["day"] == 2) & (rows["hour"] == 15)]
    assert wednesday["found"].item() == 32
    # Monday's first hours are Sunday's night.
    assert rows.loc[[0, 5, 6], "day"].to_list() == [6, 6, 0]
    assert rows["rate_per_hour"].notna().sum() == (rows["hours"] > 0).sum() == 24


def test_a_place_of_elsewhere_has_no_week(house: House):
    when = find_when(house, COORDINATOR, DURRES, as_of=NOW)

    assert place_week(COORDINATOR, when, "somewhere") is None


@pytest.mark.parametrize("viewer", OTHERS, ids=NAMES)
def test_nobody_else_ever_gets_them(house: House, viewer: Viewer):
    own = find_when(house, COORDINATOR, DURRES, as_of=NOW)
    before = len(house.store.audit.last(50))

    with pytest.raises(AccessDeniedError):
        find_when(house, viewer, DURRES, as_of=NOW)
    with pytest.raises(AccessDeniedError):
        place_week(viewer, own, "p000")

    assert len(house.store.audit.last(50)) == before


def test_the_audit_says_who_looked_and_where(house: House):
    find_when(house, COORDINATOR, DURRES, as_of=NOW)

    (line,) = house.store.audit.last(1)
    assert (line.action, line.purpose, line.scope) == ("map.when", "map", DURRES)


def test_too_few_cases_are_a_result_everywhere(tmp_path: Path):
    house = house_with(tmp_path, 7)

    when = find_when(house, COORDINATOR, DURRES, as_of=NOW)
    week = place_week(COORDINATOR, when, "p000")

    assert week is not None
    assert week.verdict is not None
    assert week.high == ()
    assert [side.verdict is None for side in when.seasons] == [False]
    assert when.years.verdict is not None


def test_a_new_house_has_nothing_to_say_and_does_not_fail(tmp_path: Path):
    when = find_when(open_house(tmp_path), COORDINATOR, DURRES, as_of=NOW)

    assert when.seasons == ()
    assert when.years.verdict is not None
