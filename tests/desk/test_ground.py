"""The ground of a plan: a file's streets, kept ones, or illustrative ones that say so."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely

from data import reference
from data.errors import AccessDeniedError, StreetsMissingError
from data.messages import Message
from data.nouns import Area, Viewer
from data.readers.streets import read_streets
from data.streetnet import StreetNetwork
from data.vocabulary import Role, TravelMode
from desk import ground
from desk.ground import area_of, ground_of, import_streets, kept_streets
from desk.identity import operator
from desk.wiring import House, open_house
from tests.builders import CENTRE, DURRES, area_around, durres, streets

SHIJAK = "AL0303"
LON, LAT = CENTRE
COORDINATOR = Viewer(
    account="a", name="a", role=Role.COORDINATOR, municipalities=frozenset({DURRES})
)


@pytest.fixture
def house(tmp_path: Path) -> House:
    """Return an empty house."""
    return open_house(tmp_path)


def keep(house: House, network: StreetNetwork) -> None:
    """Keep streets as if they came from a file of their own."""
    ground._keep(house, replace(network, sha256=f"{network.n_edges:064d}"[::-1]))


def town(lon: float = LON, lat: float = LAT, *, step: float = 0.001, n: int = 6) -> StreetNetwork:
    """Return a grid of streets eastwards and northwards from a point."""
    xs, ys = lon + step * np.arange(n), lat + step * np.arange(n)
    return streets(
        *([(float(x), float(y)) for x in xs] for y in ys),
        *([(float(x), float(y)) for y in ys] for x in xs),
    )


@pytest.fixture(scope="module")
def monaco(shared_data: Path) -> Path:
    return shared_data / "streets" / "monaco.osm.gz"


def test_a_municipality_without_streets_gets_illustrative_ones_that_say_so(house: House):
    made = ground_of(house, durres())

    assert made.network.illustrative
    assert made.network.n_edges > 100
    assert ground_of(house, durres()).network is made.network, "they are laid once"


def test_streets_that_were_brought_take_the_place_of_illustrative_ones(house: House):
    network = town()
    keep(house, network)

    made = ground_of(house, durres())

    assert not made.network.illustrative
    assert made.network.n_edges == network.n_edges


def test_of_two_files_the_newer_one_is_used(house: House):
    keep(house, town())
    keep(house, streets([(LON, LAT), (LON + 0.001, LAT)]))
    large, small = sorted(kept_streets(house), key=lambda kept: -kept.n_edges)
    for age, kept in enumerate((small, large)):
        os.utime(house.home / "streets" / f"{kept.name}.json", (10**6 - age, 10**6 - age))

    assert kept_streets(house)[-1].n_edges == ground_of(house, durres()).network.n_edges == 1


def test_a_neighbours_streets_that_reach_over_the_border_are_not_a_municipalitys_own(house: House):
    # Streets at the edge of Durrës towards Shijak: in Shijak's box, nowhere near its seat.
    border = area_of(SHIJAK).boundary.boundary.intersection(durres().boundary)
    edge = border.representative_point() if border.length else border.centroid
    keep(house, town(edge.x, edge.y, step=0.0005))

    made = ground_of(house, area_of(SHIJAK))

    assert made.network.illustrative


def test_streets_are_cut_to_the_area_with_a_margin_for_the_way(house: House):
    far = reference.municipality("AL0201")
    both = streets(
        [(LON, LAT), (LON + 0.001, LAT)],
        [(far.seat_lon, far.seat_lat), (far.seat_lon + 0.001, far.seat_lat)],
    )
    keep(house, both)

    assert ground_of(house, durres()).network.n_edges == 1
    assert ground_of(house, area_of("AL0201")).network.n_edges == 1


def test_a_file_given_for_a_plan_is_used_and_not_kept(house: House, monaco: Path):
    area = area_around(read_streets(monaco))

    made = ground_of(house, area, monaco)

    assert made.network.n_edges > 1000
    assert not made.network.illustrative
    assert kept_streets(house) == ()


def test_a_file_of_another_country_is_refused_with_a_sentence(house: House, monaco: Path):
    with pytest.raises(StreetsMissingError) as fault:
        ground_of(house, durres(), monaco)

    assert fault.value.message == Message("desk.streets_elsewhere")


def test_an_area_from_a_file_has_no_streets_until_somebody_brings_some(house: House):
    area = Area(id="box", name="Box", boundary=shapely.box(1.4, 42.4, 1.6, 42.6))

    with pytest.raises(StreetsMissingError) as fault:
        ground_of(house, area)

    assert fault.value.message == Message("desk.streets_for_area")


def test_a_file_is_kept_with_its_date_and_its_hash_and_twice_is_once(house: House, monaco: Path):
    first = import_streets(house, COORDINATOR, monaco)
    again = import_streets(house, COORDINATOR, monaco)

    network = read_streets(monaco)
    assert kept_streets(house) == (first,) == (again,)
    assert (first.sha256, first.n_edges) == (network.sha256, network.n_edges)
    assert first.as_of == network.as_of.isoformat()
    assert first.source == "monaco.osm.gz"
    west, south, east, north = first.bbox
    assert 7.3 < west < east < 7.5
    assert 43.6 < south < north < 43.8


def test_kept_streets_are_the_files_own_to_the_last_number(house: House, monaco: Path):
    import_streets(house, COORDINATOR, monaco)
    area = area_around(read_streets(monaco))

    kept, given = ground_of(house, area).network, ground_of(house, area, monaco).network

    for name in ("lon", "lat", "tail", "head", "length_m", "oneway", "shape_lonlat"):
        assert np.array_equal(getattr(kept, name), getattr(given, name)), name
    assert kept.sha256 == given.sha256


@pytest.mark.parametrize("role", [Role.FIELD, Role.AGENCY, Role.ADMINISTRATOR])
def test_only_a_coordinator_brings_streets(house: House, monaco: Path, role: Role):
    other = Viewer(account="x", name="x", role=role, municipalities=frozenset({DURRES}))

    with pytest.raises(AccessDeniedError):
        import_streets(house, other, monaco)

    assert kept_streets(house) == ()


def test_bringing_streets_leaves_a_line_in_the_audit(house: House, monaco: Path):
    import_streets(house, COORDINATOR, monaco)

    line = house.store.audit.last(1)[0]
    assert (line.action, line.scope) == ("streets.import", DURRES)


def test_a_file_without_streets_is_refused_and_nothing_is_kept(house: House, tmp_path: Path):
    empty = tmp_path / "empty.osm"
    empty.write_text('<?xml version="1.0"?><osm version="0.6"></osm>')

    with pytest.raises(StreetsMissingError):
        import_streets(house, operator(), empty)

    assert kept_streets(house) == ()


def test_what_was_cut_short_while_it_was_kept_is_as_if_it_had_never_come(house: House):
    keep(house, town())
    folder = house.home / "streets"
    (folder / "streets-half.tmp").write_text('{"name": "streets-ha')
    (folder / "streets-other.npz").write_bytes(b"PK")

    assert len(kept_streets(house)) == 1
    assert json.loads(next(folder.glob("*.json")).read_text())["n_edges"] == town().n_edges
    assert not ground_of(house, durres()).network.illustrative


def test_there_is_a_router_for_each_way_of_moving(house: House):
    keep(house, town())

    routers = ground_of(house, durres()).routers(set(TravelMode))

    spots = np.array([[LON, LAT], [LON + 0.002, LAT + 0.003]])
    seconds = {mode: router.matrix(spots).seconds[0, 1] for mode, router in routers.items()}
    assert set(seconds) == set(TravelMode)
    assert 0 < seconds[TravelMode.DRIVE] < seconds[TravelMode.WALK] < 3600
