"""Every inhabited area is a place to go to, once, and only where none is known."""

from __future__ import annotations

from data import reference
from patrol.inhabited import INHABITED, inhabited_places
from tests.builders import DURRES, places

UNITS = reference.units(DURRES)
SETTLEMENTS = reference.settlements().query("municipality == @DURRES")


def test_without_any_place_every_unit_is_one():
    found = inhabited_places(UNITS, SETTLEMENTS, places(0))

    assert {unit.id for unit in UNITS} == set(found["unit"]) - {""}
    assert set(found["kind"]) == {"settlement"}
    assert found["place_id"].str.startswith(INHABITED).all()
    assert found["place_id"].is_unique
    assert not found["synthetic"].any()


def test_a_unit_with_a_place_in_it_or_beside_its_seat_needs_none():
    named = places(1, unit=UNITS[1].id)

    found = inhabited_places(UNITS, SETTLEMENTS, named)

    # The place stands in the middle of Durrës, and says that it belongs to the second unit.
    assert not {UNITS[0].id, UNITS[1].id} & set(found["unit"])
    assert {unit.id for unit in UNITS[2:]} <= set(found["unit"])


def test_an_area_keeps_its_id_whatever_else_becomes_known():
    before = inhabited_places(UNITS, SETTLEMENTS, places(0))
    after = inhabited_places(UNITS, SETTLEMENTS, places(1))

    assert set(after["place_id"]) < set(before["place_id"])


def test_two_settlements_side_by_side_are_one():
    double = SETTLEMENTS.iloc[[0, 0]].assign(name=["Një", "Dy"])

    found = inhabited_places((), double, places(0))

    assert found["name"].to_list() == ["Dy"]
