"""A place is found by its name as people write it, and only by who may know it."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.nouns import Viewer
from data.vocabulary import Role
from desk.picture import whole_picture
from desk.search import Hit, find
from desk.wiring import House, open_house
from layers.map_view import MapFrames
from tests.builders import DURRES, places

COORDINATOR = Viewer(
    account="a", name="a", role=Role.COORDINATOR, municipalities=frozenset({DURRES})
)
AGENCY = Viewer(account="b", name="b", role=Role.AGENCY)


@pytest.fixture
def house(tmp_path: Path) -> House:
    """Return a house with three places and a school in Durrës."""
    made = open_house(tmp_path)
    known = places(4).assign(
        name=["Kryqëzimi i portit", "Tregu i ri", "Sheshi", "Shkolla e re"],
        kind=["junction", "market", "square", "school"],
    )
    made.store.add({"places": known})
    return made


@pytest.fixture
def own(house: House) -> MapFrames:
    """Return what the coordinator of Durrës may have of it."""
    return whole_picture(house, COORDINATOR, DURRES).frames


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("kryqezimi", "Kryqëzimi i portit"),
        ("PORTIT", "Kryqëzimi i portit"),
        ("tregu", "Tregu i ri"),
        ("shkolla", "Shkolla e re"),
        ("durresi", "Durrës"),
        ("ishem", "Ishëm"),
        ("gjiri i lalzit", "Gjiri i Lalzit"),
    ],
)
def test_a_name_is_found_without_accents_in_any_form_and_by_a_part(
    own: MapFrames, text: str, name: str
):
    assert find(text, own, DURRES)[0].name == name


@pytest.mark.parametrize("text", ["", "k", "   ", "qwertz", "%", "[x](y)"])
def test_what_names_nothing_finds_nothing(own: MapFrames, text: str):
    assert find(text, own, DURRES) == ()


def test_the_exact_name_stands_before_what_begins_with_it(own: MapFrames):
    assert find("sheshi", own, DURRES)[0] == Hit(
        name="Sheshi", kind="square", lon=own.places.geometry.iloc[2].x,
        lat=own.places.geometry.iloc[2].y, place_id="p002",
    )  # fmt: skip


def test_no_more_is_offered_than_was_asked_for(own: MapFrames):
    assert len(find("re", own, DURRES, most=2)) == 2


def test_another_municipalitys_villages_are_not_found_in_ones_own(own: MapFrames):
    assert find("bulqize", own, DURRES) == ()


def test_the_agency_finds_a_municipality_and_no_place_that_was_moved(house: House):
    country = whole_picture(house, AGENCY, None).frames

    assert "municipality" in {hit.kind for hit in find("bulqiza", country, None)}
    assert find("kryqezimi i portit", country, None) == ()
    assert not any(hit.place_id for hit in find("tregu", country, None))
