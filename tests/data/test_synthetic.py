"""Invented data: marked, in line with what is published, and inside the right municipality."""

from __future__ import annotations

from datetime import date
from functools import cache

import pandas as pd
import pytest
import shapely

from data import frames, reference
from data.synthetic import TEAMS_OF, Demo, make_demo

UNTIL = date(2026, 11, 24)


@cache
def demo() -> Demo:
    return make_demo(1, UNTIL)


def test_every_row_says_that_it_is_invented():
    for noun in ("places", "cases", "visits", "perimeters"):
        assert demo().frames()[noun]["synthetic"].all()


def test_every_frame_keeps_its_contract():
    made = demo().frames()
    for contract in (
        frames.PLACES,
        frames.CASES,
        frames.VISITS,
        frames.PERIMETERS,
        frames.SEGMENTS,
    ):
        contract.check(made[contract.name])


def test_there_are_as_many_cases_and_teams_as_are_published():
    assert len(demo().cases) == 228 + 229
    assert len(demo().teams) == 20 == sum(TEAMS_OF.values())


def test_all_61_municipalities_have_places_inside_them():
    shapes = reference.municipality_polygons().set_index("code").geometry
    places = demo().places
    assert set(places["municipality"]) == set(shapes.index)
    for code, own in places.groupby("municipality"):
        inside = shapely.dwithin(shapes[code], own.geometry.to_numpy(), 1e-9)
        assert inside.all(), f"{code}: {(~inside).sum()}"


def test_durres_has_forty_places_and_three_teams():
    assert (demo().places["municipality"] == "AL0301").sum() == 40
    assert sum(team.municipality == "AL0301" for team in demo().teams) == 3


def test_nothing_happens_on_the_day_itself_or_later():
    end = pd.Timestamp(UNTIL, tz="Europe/Tirane")
    assert demo().cases["identified_at"].max() < end
    assert demo().visits["ended_at"].max() < end


def test_beaches_have_cases_in_their_season_only():
    cases = demo().cases.merge(demo().places[["place_id", "kind"]], on="place_id")
    months = cases.loc[cases["kind"] == "beach", "identified_at"].dt.month
    assert len(months)
    assert months.between(5, 10).all()


def test_mining_cases_lie_at_mines_and_by_day():
    mining = demo().cases[demo().cases["sector"] == "mining"]
    kinds = demo().places.set_index("place_id").loc[mining["place_id"], "kind"]
    assert set(kinds) == {"mine_heap"}
    assert mining["identified_at"].dt.hour.between(5, 20).all()


@pytest.mark.parametrize("noun", ["places", "cases", "visits"])
def test_the_same_seed_and_day_give_the_same_data(noun):
    again = make_demo(1, UNTIL)
    pd.testing.assert_frame_equal(
        pd.DataFrame(again.frames()[noun]), pd.DataFrame(demo().frames()[noun])
    )


def test_whom_a_team_found_in_the_last_year_it_found_on_a_visit_to_that_place():
    cases, visits = demo().cases, demo().visits
    begun = visits["started_at"].min()
    found = cases[(cases["source"] == "patrol") & (cases["identified_at"] >= begun)]
    found = found[found["municipality_found"].isin(TEAMS_OF)]

    there = found.merge(visits, on="place_id")
    during = there[there["identified_at"].between(there["started_at"], there["ended_at"])]

    assert len(found) > 30
    assert set(during["case_code"]) == set(found["case_code"])
    assert visits["n_identified"].sum() == len(found)
    for count in frames.CHILD_COUNTS:
        assert (visits["n_seen"] >= visits[count]).all(), count


def test_drives_and_rounds_find_children_who_lack_what_they_are_for():
    for purpose, count in (
        ("health", "n_without_health_card"),
        ("health", "n_not_vaccinated"),
        ("school_enrolment", "n_not_enrolled"),
        ("registration", "n_not_registered"),
    ):
        on = demo().visits[demo().visits["purpose"] == purpose]
        assert 0.02 < on[count].sum() / len(on) < 0.3, purpose
    usual = demo().visits[demo().visits["purpose"] == "identification"]
    assert 0 < usual["n_not_registered"].sum() < 0.2 * usual["n_identified"].sum()
