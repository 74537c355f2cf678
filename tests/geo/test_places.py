"""Places first: a case joins what is known and near, or makes a new place, in any order."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pandas as pd
import pytest
import shapely
from geopandas import GeoDataFrame
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import pdist
from shapely.affinity import translate

from data.crs import EDGE_CRS, to_lonlat, to_metres
from data.frames import CASES, PLACES
from data.nouns import Area
from geo.places import JOIN_M, join_cases
from tests.builders import CENTRE, DURRES, cases, durres, places

START = to_metres(np.array([CENTRE]))


def cases_at(xy_m: list[tuple[float, float]] | NDArray[np.float64], **columns: object):
    """Return a case of no place at each point, metres from the middle of Durrës."""
    points = shapely.points(to_lonlat(np.asarray(xy_m, dtype=float).reshape(-1, 2) + START))
    made = cases([""] * len(points)).assign(**columns)
    return made.set_geometry(list(points), crs=EDGE_CRS)


def joined(found: GeoDataFrame, known: GeoDataFrame | None = None):
    return join_cases(found, places(0) if known is None else known, durres())


def test_a_case_near_a_known_place_is_a_case_of_it():
    found, known = joined(cases_at([(JOIN_M - 1, 0.0)]), places(2))

    assert found["place_id"].to_list() == ["p000"]
    assert known["place_id"].to_list() == ["p000", "p001"]


def test_a_case_farther_away_makes_a_place_of_its_own_where_it_is():
    found, known = joined(cases_at([(JOIN_M + 1, 0.0)]), places(1))

    new = known.iloc[-1]
    assert len(known) == 2
    assert found["place_id"].to_list() == [new["place_id"]]
    assert new.geometry.distance(found.geometry.iloc[0]) < 1e-7
    assert new["municipality"] == DURRES
    assert PLACES.check(known) is known
    assert CASES.check(found) is found


def test_a_case_that_names_a_known_place_keeps_it_wherever_it_lies():
    far = cases_at([(5000.0, 0.0)], place_id="p001")

    found, known = joined(far, places(2))

    assert found["place_id"].to_list() == ["p001"]
    assert len(known) == 2


def test_of_two_places_within_reach_it_joins_the_nearer_one():
    near = places(2, step=0.001)  # about 84 metres apart

    found, _ = joined(cases_at([(30.0, 0.0), (60.0, 0.0)]), near)

    assert found["place_id"].to_list() == ["p000", "p001"]


def test_cases_near_each_other_share_a_new_place_and_a_chain_of_them_does_not():
    chain = [(60.0 * i, 0.0) for i in range(5)]

    pair, places_of_pair = joined(cases_at([(0.0, 0.0), (60.0, 0.0)]))
    row, places_of_row = joined(cases_at(chain))

    assert pair["place_id"].is_unique is False
    assert len(places_of_pair) == 1
    assert len(places_of_row) > 1, "a street of cases is no single place"
    assert set(row["place_id"]) == set(places_of_row["place_id"])


def test_a_case_without_coordinates_and_without_a_place_stays_as_it_is():
    lost = cases_at([(0.0, 0.0), (0.0, 0.0)])
    lost.loc[0, "geometry"] = None

    found, known = joined(lost)

    assert found["place_id"].iloc[0] == ""
    assert len(known) == 1


def test_a_case_without_coordinates_may_still_name_a_known_place():
    lost = cases_at([(0.0, 0.0)], place_id="p000")
    lost.loc[0, "geometry"] = None

    assert joined(lost, places(1))[0]["place_id"].to_list() == ["p000"]


def test_no_case_and_no_place_give_none():
    found, known = joined(cases([]))

    assert (len(found), len(known)) == (0, 0)


def test_a_new_place_has_an_id_that_says_nothing_of_where_it_is():
    here, _ = joined(cases_at([(0.0, 0.0)]))
    there, _ = joined(cases_at([(9000.0, 400.0)]))
    other, _ = joined(cases_at([(0.0, 0.0)], case_code="another"))

    assert here["place_id"].to_list() == there["place_id"].to_list()
    assert here["place_id"].to_list() != other["place_id"].to_list()


def test_one_invented_case_marks_the_place_it_makes():
    mixed = cases_at([(0.0, 0.0), (5.0, 0.0)], synthetic=[False, True])

    assert joined(mixed)[1]["synthetic"].to_list() == [True]
    assert joined(mixed.iloc[:1])[1]["synthetic"].to_list() == [False]


def test_a_place_is_in_the_town_that_its_cases_name_else_in_that_of_the_area():
    some = cases_at([(0.0, 0.0), (5.0, 0.0)], municipality_found=["", "AL0303"])
    none = cases_at([(0.0, 0.0)], municipality_found="")

    assert joined(some)[1]["municipality"].to_list() == ["AL0303"]
    assert joined(none)[1]["municipality"].to_list() == [DURRES]


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=25), st.randoms())
def test_whatever_the_order_the_places_are_the_same_and_none_is_wider_than_a_join(drawn, random):
    found = cases_at(np.array(drawn, dtype=float).reshape(-1, 2) * 17.0)
    shuffle = list(range(len(found)))
    random.shuffle(shuffle)

    one, known = joined(found, places(1))
    other, again = joined(found.iloc[shuffle], places(1))

    assert one.set_index("case_code")["place_id"].to_dict() == (
        other.set_index("case_code")["place_id"].to_dict()
    )
    pd.testing.assert_frame_equal(pd.DataFrame(known), pd.DataFrame(again))
    assert set(one["place_id"]) <= set(known["place_id"])
    for _, knot in one[one["place_id"] != "p000"].groupby("place_id"):
        xy_m = to_metres(shapely.get_coordinates(knot.geometry.to_numpy()))
        assert pdist(xy_m).max(initial=0.0) <= JOIN_M + 0.001


@pytest.mark.parametrize("seed", range(4))
def test_looking_at_each_chain_by_itself_gives_the_knots_of_all_at_once(seed: int):
    xy_m = np.random.default_rng(seed).uniform(0, 2500, size=(300, 2))

    found, known = joined(cases_at(xy_m))

    truth = fcluster(linkage(xy_m, method="complete"), JOIN_M, criterion="distance")
    pairs = set(zip(found["place_id"], truth, strict=True))
    assert len(pairs) == len(known) == truth.max()


def test_metres_are_metres_also_where_albania_is_not():
    moved = (-17.9, 1.2)
    here = durres()
    area = Area(id="a", name="a", boundary=translate(here.boundary, *moved))
    found = cases_at([(0.0, 0.0)])
    found = found.set_geometry([translate(found.geometry.iloc[0], *moved)], crs=EDGE_CRS)
    spot = to_metres(shapely.get_coordinates(found.geometry.to_numpy()), area.metric_crs)
    for gap, n_places in ((JOIN_M - 1, 1), (JOIN_M + 1, 2)):
        at = shapely.points(to_lonlat(spot + np.array([gap, 0.0]), area.metric_crs))
        known = places(1).set_geometry(list(at), crs=EDGE_CRS)

        assert len(join_cases(found, known, area)[1]) == n_places


def test_ten_thousand_cases_find_their_places_without_a_table_of_all_their_pairs():
    xy_m = np.random.default_rng(1).uniform(0, 12_000, size=(10_000, 2))
    found = cases_at(xy_m)

    tracemalloc.start()
    made, known = joined(found)
    _, most_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert made["place_id"].ne("").all()
    assert 4_000 < len(known) < 10_000
    assert most_bytes < 100e6, "all pairs of them take four hundred megabytes"
