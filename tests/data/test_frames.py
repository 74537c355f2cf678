"""The contracts of frames: every fault at once, by row and rule, and never a value."""

from __future__ import annotations

import pandas as pd
import pytest
import shapely
from geopandas import GeoDataFrame

from data import frames
from data.errors import ContractError
from data.frames import CASES, PLACES, VISITS, Column, Contract
from tests.builders import cases, places, visits

CONTRACTS = [value for value in vars(frames).values() if isinstance(value, Contract)]


def faults(contract: Contract, frame: pd.DataFrame) -> str:
    with pytest.raises(ContractError) as fault:
        contract.check(frame)
    params = fault.value.message.params
    assert params["frame"] == contract.name
    return str(params["faults"])


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda c: c.name)
def test_an_empty_frame_keeps_its_contract(contract: Contract):
    made = contract.empty()

    assert contract.check(made) is made
    assert len(made) == 0
    assert set(contract.columns) <= set(made.columns)


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda c: c.name)
def test_every_column_that_is_missing_is_named(contract: Contract):
    for name in contract.columns:
        assert f"column {name} is missing" in faults(contract, contract.empty().drop(columns=name))


def test_a_frame_that_keeps_its_contract_is_returned_as_it_is():
    for contract, frame in ((PLACES, places()), (CASES, cases(["a"])), (VISITS, visits(["a"]))):
        assert contract.check(frame) is frame


def test_all_faults_are_told_at_once_with_their_rows_and_without_a_value():
    faulty = places(3).assign(name=["a", None, "c"], kind=["market", "secret-word", "market"])
    faulty["awake_from"] = "May"
    faulty["geometry"] = [shapely.Point(19, 41), shapely.box(0, 0, 1, 1), None]

    told = faults(PLACES, faulty)

    assert told.split("; ") == [
        "column name is empty in rows 2",
        "column kind holds an unknown word in rows 2",
        "column awake_from must hold int",
        "geometry is empty in rows 3",
        "geometry must be Point in rows 2",
    ]


def test_of_many_faulty_rows_the_first_are_named_and_the_rest_counted():
    assert faults(PLACES, places(9).assign(kind="x")).endswith("in rows 1, 2, 3, 4, 5 and 4 more")


def test_a_moment_has_to_have_a_zone():
    naive = visits(["a"])
    naive["started_at"] = naive["started_at"].dt.tz_localize(None)

    assert faults(VISITS, naive) == "column started_at must hold time"


@pytest.mark.parametrize("crs", ["EPSG:3857", "EPSG:6870", None])
def test_geometry_is_in_degrees_and_says_so(crs: str | None):
    other = GeoDataFrame(
        places(1).drop(columns="geometry"), geometry=[shapely.Point(19, 41)], crs=crs
    )

    assert faults(PLACES, other) == "geometry must be in EPSG:4326"


def test_a_case_may_have_no_point_and_a_place_may_not():
    nowhere = [None]

    assert len(CASES.check(cases(["a"]).set_geometry(nowhere, crs="EPSG:4326"))) == 1
    assert faults(PLACES, places(1).set_geometry(nowhere, crs="EPSG:4326")).startswith("geometry")


def test_a_column_that_may_be_empty_may_be_empty():
    contract = Contract(name="x", columns={"a": Column(kind="float", empty=True)})

    assert len(contract.check(pd.DataFrame({"a": [1.0, None]}))) == 2
