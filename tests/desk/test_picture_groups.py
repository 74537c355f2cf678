"""On a coordinator's map the outline of a group runs along the streets of the municipality."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import shapely

from data.nouns import TIRANE, Viewer
from data.vocabulary import Role
from desk import ground
from desk.picture import MapFilters, picture
from desk.wiring import open_house
from geo.clusters import find_clusters
from tests.builders import CENTRE, DURRES, cases, durres, places, streets, visits

NOW = datetime(2026, 7, 1, 12, tzinfo=TIRANE)
LON, LAT = CENTRE
COORDINATOR = Viewer(
    account="a", name="a", role=Role.COORDINATOR, municipalities=frozenset({DURRES})
)


def test_a_group_on_the_map_runs_along_the_streets(tmp_path: Path):
    house = open_house(tmp_path)
    found = cases(["p000"] * 20)
    house.store.add({"places": places(2), "cases": found, "visits": visits(["p000"] * 5)})
    ground._keep(house, streets([(LON, LAT - 0.003), (LON, LAT), (LON, LAT + 0.003)]))

    hull = picture(house, COORDINATOR, DURRES, MapFilters(), as_of=NOW).frames.clusters.geometry

    beyond = shapely.Point(LON, LAT + 0.0012)  # along the street, past every case
    without = find_clusters(found, durres()).frame.geometry
    assert len(hull) == len(without) == 1
    assert hull.iloc[0].contains(beyond)
    assert not without.iloc[0].contains(beyond)
