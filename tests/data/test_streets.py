"""Street files: what can be read, and what a bad file says."""

from __future__ import annotations

import gzip
from pathlib import Path

import networkx as nx
import numpy as np
import osmnx as ox
import pytest
import shapely

from data import reference
from data.errors import StreetsMissingError
from data.readers.streets import read_streets
from data.readers.streets_fetch import fetch_streets
from data.streetnet import ROAD_CLASSES, StreetNetwork
from tests.geo.test_travel import TRIANGLE

OSM = """<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6" generator="test">
  <node id="1" lat="41.30" lon="19.80" version="1" timestamp="2020-01-01T00:00:00Z"/>
  <node id="2" lat="41.30" lon="19.81" version="1" timestamp="2020-01-01T00:00:00Z"/>
  <node id="3" lat="41.31" lon="19.81" version="1" timestamp="2020-01-01T00:00:00Z"/>
  <way id="10" version="1" timestamp="2024-05-06T00:00:00Z">
    <nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="highway" v="primary"/>{tags}
  </way>
</osm>
"""


def osm(folder: Path, tags: str = "") -> Path:
    path = folder / "streets.osm"
    path.write_text(OSM.format(tags=tags), encoding="utf-8")
    return path


def tag(key: str, value: str) -> str:
    return f'<tag k="{key}" v="{value}"/>'


@pytest.mark.parametrize("name", ["andorra.osm.pbf", "monaco.osm.gz"])
def test_real_extracts_are_read_with_date_and_hash(shared_data: Path, name: str):
    network = read_streets(shared_data / "streets" / name)

    assert network.n_edges > 1000
    assert network.as_of is not None
    assert len(network.sha256) == 64
    assert not network.illustrative


def test_plain_and_packed_xml_give_the_same_streets(tmp_path: Path):
    plain = osm(tmp_path)
    packed = tmp_path / "streets.osm.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))

    one, other = read_streets(plain), read_streets(packed)

    assert np.array_equal(one.shape_lonlat, other.shape_lonlat)
    assert one.n_edges == 1
    assert len(one.shape_of(0)) == 3


@pytest.mark.parametrize(
    ("tags", "foot_car_oneway"),
    [
        ("", (True, True, 0)),
        (tag("oneway", "yes"), (True, True, 1)),
        (tag("oneway", "-1"), (True, True, -1)),
        (tag("junction", "roundabout"), (True, True, 1)),
        (tag("foot", "no"), (False, True, 0)),
        (tag("motor_vehicle", "no"), (True, False, 0)),
        (tag("access", "private") + tag("foot", "yes"), (True, False, 0)),
    ],
)
def test_who_may_use_a_street_is_read_from_its_tags(
    tmp_path: Path, tags: str, foot_car_oneway: tuple[bool, bool, int]
):
    network = read_streets(osm(tmp_path, tags))

    assert (network.foot[0], network.car[0], network.oneway[0]) == foot_car_oneway


def test_a_closed_street_is_no_street(tmp_path: Path):
    with pytest.raises(StreetsMissingError) as fault:
        read_streets(osm(tmp_path, tag("access", "no")))

    assert fault.value.message.id == "streets.none_in_file"


def test_a_truncated_extract_is_refused_whole(shared_data: Path, tmp_path: Path):
    whole = (shared_data / "streets" / "andorra.osm.pbf").read_bytes()
    cut = tmp_path / "cut.osm.pbf"
    cut.write_bytes(whole[: len(whole) // 2])

    with pytest.raises(StreetsMissingError) as fault:
        read_streets(cut)

    assert fault.value.message.id == "streets.unreadable"


@pytest.mark.parametrize("name", ["none.osm", "streets.shp", "bad.graphml"])
def test_what_is_no_street_file_is_said_in_a_sentence(tmp_path: Path, name: str):
    if name != "none.osm":
        (tmp_path / name).write_text("no streets here", encoding="utf-8")

    with pytest.raises(StreetsMissingError):
        read_streets(tmp_path / name)


def test_graphml_of_osmnx_gives_the_same_street_with_its_shape(tmp_path: Path):
    graph = nx.MultiDiGraph(crs="EPSG:4326")
    graph.add_node(1, x=19.80, y=41.30)
    graph.add_node(2, x=19.81, y=41.31)
    bend = shapely.LineString([(19.80, 41.30), (19.81, 41.30), (19.81, 41.31)])
    plain = {"osmid": 1, "highway": "primary", "length": 1000.0, "oneway": False}
    graph.add_edge(1, 2, key=0, geometry=bend, reversed=False, **plain)
    graph.add_edge(2, 1, key=0, geometry=bend.reverse(), reversed=True, **plain)
    ox.save_graphml(graph, tmp_path / "s.graphml")

    network = read_streets(tmp_path / "s.graphml")

    assert network.n_edges == 1
    assert ROAD_CLASSES[network.road_class[0]] == "primary"
    assert len(network.shape_of(0)) == 3


def test_a_kept_network_comes_back_as_it_was(tmp_path: Path):
    TRIANGLE.save(tmp_path / "n.npz")
    back = StreetNetwork.load(tmp_path / "n.npz")

    assert np.array_equal(back.shape_lonlat, TRIANGLE.shape_lonlat)
    assert (back.source, back.as_of, back.illustrative) == ("test", None, False)


def test_clipping_keeps_whole_edges_that_touch_the_area():
    clipped = TRIANGLE.clip(shapely.box(19.805, 41.299, 19.82, 41.301))

    assert 0 < clipped.n_edges < TRIANGLE.n_edges
    assert clipped.tail.max() < clipped.n_nodes


def test_a_network_cannot_be_changed_by_who_shares_it():
    with pytest.raises(ValueError, match="read-only"):
        TRIANGLE.length_m[0] = 0.0


def test_without_internet_fetching_says_so_and_what_to_do(monkeypatch: pytest.MonkeyPatch):
    # A proxy that nobody answers at stands for a machine without internet.
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")

    with pytest.raises(StreetsMissingError) as fault:
        fetch_streets(reference.area_of("AL0303"))

    assert fault.value.message.id == "streets.no_internet"
