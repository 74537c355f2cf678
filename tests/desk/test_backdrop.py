"""What a map stands on: the country's reference data and the area's own streets, pale and few."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from data.readers.streets import read_streets
from desk import backdrop as module
from desk import ground
from desk.backdrop import backdrop
from desk.wiring import House, open_house
from tests.builders import CENTRE, area_around, durres, streets

LON, LAT = CENTRE


@pytest.fixture
def house(tmp_path: Path) -> House:
    """Return an empty house."""
    return open_house(tmp_path)


def test_it_holds_the_whole_country_and_the_streets_of_the_area(house: House):
    made = backdrop(house, durres())

    assert made.area.id == "AL0301"
    assert len(made.municipalities) == len(made.names) == 61
    assert made.names["AL0301"] == "Durrës"
    assert min(map(len, (made.coast, made.roads, made.settlements))) > 0
    assert len(made.streets) > 100


def test_without_streets_nobody_reads_any(house: House, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "ground_of", lambda *_: pytest.fail("no street was asked for"))

    assert backdrop(house, durres(), with_streets=False).streets is None


def test_streets_are_drawn_straighter_than_they_are_by_less_than_one_can_see(house: House):
    wiggly = [(LON + 0.0001 * i, LAT + 0.00001 * (i % 2)) for i in range(50)]
    ground._keep(house, streets(wiggly))

    drawn = backdrop(house, durres()).streets

    line, true = drawn.geometry.iloc[0], ground.ground_of(house, durres()).network.lines()[0]
    assert len(line.coords) < len(true.coords)
    assert line.hausdorff_distance(true) <= 0.00003
    assert drawn.crs == "EPSG:4326"


def test_of_very_many_streets_only_the_larger_ones_are_drawn(
    house: House, shared_data: Path, monkeypatch: pytest.MonkeyPatch
):
    network = read_streets(shared_data / "streets" / "monaco.osm.gz")
    ground._keep(house, network)
    area = area_around(network)
    whole = backdrop(house, area).streets
    monkeypatch.setattr(module, "_MANY_STREETS", len(whole) - 1)

    few = backdrop(house, area).streets

    small = {"path", "steps", "service", "pedestrian"}
    assert small <= set(whole["road_class"])
    assert not small & set(few["road_class"])
    assert set(few["road_class"]) > {"primary", "residential"}


def test_it_is_the_same_for_whoever_looks(house: House):
    one, other = backdrop(house, durres()), backdrop(house, durres())

    assert np.array_equal(one.streets.geometry.to_wkb(), other.streets.geometry.to_wkb())
