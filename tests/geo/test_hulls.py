"""A hull runs along the streets of its places, holds them all, and is one shape."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import geo.hulls
from data.crs import METRIC_CRS, metric_crs_at, to_lonlat, to_metres
from data.readers.streets import read_streets
from data.streetnet import StreetNetwork
from geo.hulls import hulls
from tests.builders import CENTRE, streets

START = to_metres(np.array([CENTRE]))


def degrees(*xy_m: tuple[float, float]) -> list[tuple[float, float]]:
    """Return points in degrees of metres from the middle of Durrës."""
    return [(float(lon), float(lat)) for lon, lat in to_lonlat(np.array(xy_m) + START)]


def hull(xy_m: np.ndarray, network: StreetNetwork | None, crs: str) -> shapely.Polygon:
    """Return the hull of one group alone, in degrees."""
    return hulls(xy_m, np.zeros(len(xy_m), dtype=np.int64), network, crs)[0]


def hull_m(xy_m: np.ndarray, network: StreetNetwork | None) -> shapely.Polygon:
    """Return the hull in metres from the middle of Durrës."""
    made = hull(xy_m + START, network, METRIC_CRS)
    return shapely.transform(made, lambda lonlat: to_metres(lonlat) - START)


#: Two streets that meet in a corner, and places along both.
CORNER = streets(degrees((0, 0), (150, 0), (300, 0)), degrees((0, 0), (0, 150), (0, 300)))
PLACES = np.array([(0, 0), (150, 0), (300, 0), (0, 150), (0, 300)], dtype=float)


def test_with_streets_it_runs_along_them_and_leaves_the_block_between_them_out():
    along = hull_m(PLACES, CORNER)

    assert along.contains(shapely.LineString([(300, 0), (0, 0), (0, 300)]))
    assert not along.intersects(shapely.Point(150, 150).buffer(20))


def test_it_follows_a_street_beyond_its_places_and_not_to_its_end():
    long = streets(degrees((-900, 0), (0, 0), (900, 0)))

    along = hull_m(np.array([(0.0, 0.0), (10.0, 0.0)]), long)

    assert along.contains(shapely.Point(150, 0))
    assert not along.intersects(shapely.Point(400, 0))
    assert along.bounds[3] < 70, "no wider than the street and the place"


def test_a_street_nearby_that_leads_to_no_place_does_not_stretch_it():
    # Behind the houses runs another street, within reach of the places and joined to none.
    behind = streets(degrees((0, 0), (300, 0)), degrees((0, 150), (300, 150)))
    places = np.array([(0.0, 0.0), (150.0, 0.0), (300.0, 0.0)])

    along = hull_m(places, behind)

    assert not along.intersects(shapely.LineString([(0, 150), (300, 150)]))
    assert along.covers(shapely.MultiPoint(places))


def test_without_streets_a_hull_joins_the_places():
    joined = hull_m(PLACES, None)

    assert joined.covers(shapely.MultiPoint(PLACES))
    assert joined.geom_type == "Polygon"


def test_places_that_no_street_joins_are_joined_all_the_same():
    apart = streets(degrees((0, 0), (50, 0)), degrees((900, 0), (950, 0)))
    places = np.array([(0.0, 0.0), (20.0, 5.0), (900.0, 0.0), (930.0, 5.0)])

    along = hull_m(places, apart)

    assert along.geom_type == "Polygon"
    assert along.covers(shapely.MultiPoint(places))


@pytest.mark.parametrize("network", [None, streets()], ids=["no file", "no street"])
def test_a_single_corner_has_a_hull_around_it(network: StreetNetwork | None):
    around = hull_m(np.zeros((5, 2)), network)

    assert around.area == pytest.approx(np.pi * 60**2, rel=0.1)


@pytest.mark.parametrize("network", [None, CORNER], ids=["no file", "two streets"])
@pytest.mark.parametrize("at_once", [1, 2, 1000])
def test_groups_drawn_together_have_the_hulls_that_each_has_alone(
    network: StreetNetwork | None, at_once: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(geo.hulls, "_AT_ONCE", at_once)
    apart = np.array([(-400.0, 0.0), (900.0, 0.0)])
    parts = [PLACES, PLACES[:2] + 30.0, apart]
    labels = np.repeat([1, 0, 2, -1], [len(parts[0]), len(parts[1]), len(parts[2]), 4])
    xy_m = np.vstack([*parts, np.full((4, 2), 5000.0)]) + START
    shuffle = np.random.default_rng(4).permutation(len(labels))

    drawn = hulls(xy_m[shuffle], labels[shuffle], network, METRIC_CRS)

    alone = [hull(parts[i] + START, network, METRIC_CRS) for i in (1, 0, 2)]
    assert len(drawn) == len(alone)
    for one, other in zip(drawn, alone, strict=True):
        assert one.symmetric_difference(other).area < 1e-6 * other.area


@pytest.fixture(scope="module")
def monaco(shared_data: Path) -> StreetNetwork:
    return read_streets(shared_data / "streets" / "monaco.osm.gz")


@settings(max_examples=20, deadline=None, derandomize=True)
@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=7), st.integers(0, 99))
def test_on_real_streets_it_is_one_valid_shape_that_holds_every_place(
    monaco: StreetNetwork, picks: list[int], seed: int
):
    nodes = np.array(picks) % monaco.n_nodes
    spots = np.column_stack([monaco.lon[nodes], monaco.lat[nodes]])
    spots += np.random.default_rng(seed).normal(0, 0.0002, spots.shape)
    crs = metric_crs_at(*spots[0])

    made = hull(to_metres(spots, crs), monaco, crs)

    assert made.geom_type == "Polygon"
    assert made.is_valid
    assert not made.interiors
    assert made.covers(shapely.MultiPoint(spots))
