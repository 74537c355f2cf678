"""A masked place: always the same wrong point, far enough away, on land, and telling nothing."""

from __future__ import annotations

import math
from functools import cache

import hypothesis
import numpy as np
import pytest
import shapely
from geopandas import GeoDataFrame
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kstest

from data import reference
from data.crs import METRIC_CRS, around, to_metres
from data.masking import RURAL_M, URBAN_M, Mask, donut_offset
from data.vocabulary import Role
from tests.builders import CENTRE, DURRES, places

KEY = b"k" * 32
HIMARE = "AL1203"
SHAPES = reference.municipality_polygons().set_index("code").geometry
TOWN = around(shapely.Point(CENTRE), 2000.0)


def mask(*, key: bytes = KEY, epoch: str = "2026", role: Role = Role.AGENCY) -> Mask:
    return Mask(key=key, epoch=epoch, role=role, municipalities=dict(SHAPES), towns=TOWN)


def at(*points: shapely.Point, municipality: str = DURRES) -> GeoDataFrame:
    """Return places at points, each with its own id."""
    n = len(points)
    frame = places(n, municipality=municipality)
    frame["geometry"] = list(points)
    return frame


def moved_m(before: GeoDataFrame, after: GeoDataFrame) -> list[float]:
    """Return how far places of one release moved; both frames hold one place each."""
    true, shown = (
        to_metres(shapely.get_coordinates(f.geometry.to_numpy()), METRIC_CRS)
        for f in (before, after)
    )
    return [math.dist(a, b) for a, b in zip(true, shown, strict=True)]


@cache
def sea() -> shapely.Geometry:
    """Return the water west of the mainland's shore."""
    shore = max(reference.coastline().geometry, key=lambda line: line.length)
    points = [(x, y) for x, y in shapely.get_coordinates(shore)]
    west = [(18.3, points[-1][1]), (18.3, points[0][1])]
    return shapely.make_valid(shapely.Polygon([*points, *west]))


@cache
def inside(code: str) -> tuple[shapely.Point, ...]:
    """Return sixty points spread over a municipality, its shore included."""
    rng = np.random.default_rng(1)
    west, south, east, north = SHAPES[code].bounds
    drawn = rng.uniform((west, south), (east, north), size=(4000, 2))
    kept = drawn[shapely.contains_xy(SHAPES[code], drawn[:, 0], drawn[:, 1])]
    near = np.argsort(shapely.distance(shapely.points(kept), sea()))
    return tuple(shapely.points(kept[np.concatenate([near[:30], near[-30:]])]))


def test_a_thousand_drawings_of_a_place_are_one_point():
    place = places(1)

    drawn = {mask().apply(place).geometry.iloc[0].wkb for _ in range(1000)}

    assert len(drawn) == 1


def test_a_place_is_moved_alike_whoever_stands_beside_it_and_in_whatever_order():
    many = places(12)

    whole = mask().apply(many).set_index("place_id").geometry
    reverse = mask().apply(many.iloc[::-1]).set_index("place_id").geometry

    assert whole.equals(reverse)
    for row in range(len(many)):
        alone = mask().apply(many.iloc[[row]])
        assert whole[alone["place_id"].iloc[0]].equals(alone.geometry.iloc[0])


@pytest.mark.parametrize("code", [DURRES, HIMARE, "AL0502", "AL0201"])
def test_every_point_is_moved_by_the_stated_distance_inside_its_municipality(code: str):
    for number, point in enumerate(inside(code)):
        before = at(point, municipality=code).assign(place_id=f"{code}-{number}")
        after = mask().apply(before)
        (distance,) = moved_m(before, after)
        near, far = URBAN_M if TOWN.contains(point) else RURAL_M
        assert near <= distance <= far
        assert SHAPES[code].contains(after.geometry.iloc[0])


@pytest.mark.parametrize("code", [DURRES, HIMARE])
def test_no_point_lies_in_the_sea(code: str):
    shown = mask().apply(at(*inside(code), municipality=code))

    assert len(shown) == 60
    assert not shapely.contains_properly(sea(), shown.geometry.to_numpy()).any()


def test_the_rounded_point_keeps_the_distance_too():
    point, true = shapely.Point(CENTRE), to_metres(np.array([CENTRE]), METRIC_CRS)[0]
    moved = [mask()._moved(f"p{number}", DURRES, point) for number in range(2500)]
    shown = to_metres(shapely.get_coordinates(moved), METRIC_CRS)
    distances = np.hypot(*(shown - true).T)

    assert URBAN_M[0] <= distances.min() < URBAN_M[0] + 5  # rounding moves by up to seven metres
    assert URBAN_M[1] - 5 < distances.max() <= URBAN_M[1]


def test_the_precision_that_is_claimed_is_true_of_every_point():
    low, high = mask().precision_m

    assert (low, high) == (250.0, 3000.0)
    for code in (DURRES, "AL1105"):
        for number, point in enumerate(inside(code)):
            before = at(point, municipality=code).assign(place_id=f"x{number}")
            assert low <= moved_m(before, mask().apply(before))[0] <= high


@hypothesis.settings(deadline=None)
@given(label=st.text(), attempt=st.integers(0, 63), key=st.binary(min_size=1, max_size=64))
def test_an_offset_always_lies_in_the_ring(label: str, attempt: int, key: bytes):
    for near, far in (URBAN_M, RURAL_M):
        distance = math.hypot(*donut_offset(key, label, (near, far), attempt))
        assert near - 1e-6 <= distance <= far + 1e-6
        assert donut_offset(key, label, (near, far), attempt) == donut_offset(
            key, label, (near, far), attempt
        )


def test_offsets_are_uniform_over_the_area_of_the_ring_and_over_all_bearings():
    offsets = np.array([donut_offset(KEY, f"p{i}", RURAL_M) for i in range(4000)])
    near, far = RURAL_M
    share = (np.hypot(*offsets.T) ** 2 - near**2) / (far**2 - near**2)
    turn = np.arctan2(offsets[:, 1], offsets[:, 0]) / (2 * np.pi) + 0.5

    assert kstest(share, "uniform").pvalue > 0.01
    assert kstest(turn, "uniform").pvalue > 0.01


@pytest.mark.parametrize(
    "other",
    [mask(role=Role.COORDINATOR), mask(epoch="2027"), mask(key=b"x" * 32)],
    ids=["role", "epoch", "key"],
)
def test_another_role_epoch_or_key_gives_points_that_cannot_be_matched(other: Mask):
    known = places(40)
    first, second = mask().apply(known), other.apply(known)

    assert not set(first["place_id"]) & set(second["place_id"])
    assert not set(first.geometry.to_wkt()) & set(second.geometry.to_wkt())
    # Nor by their order: the same row of two releases is hardly ever the same place.
    true = {mask().apply(known.iloc[[i]])["place_id"].iloc[0]: i for i in range(40)}
    other_true = {other.apply(known.iloc[[i]])["place_id"].iloc[0]: i for i in range(40)}
    rows = zip(first["place_id"], second["place_id"], strict=True)
    assert sum(true[a] == other_true[b] for a, b in rows) < 10


def test_nothing_of_the_true_place_is_left():
    known = places(8).assign(name="Tregu i madh", unit="AL0301-01")
    known["geometry"] = known.geometry.translate(0.0000137, 0.0000173)

    shown = mask().apply(known)

    assert set(shown["name"]) == set(shown["unit"]) == {""}
    assert not set(shown["place_id"]) & set(known["place_id"])
    assert list(shown.index) == list(range(8))
    assert list(shown.columns) == list(known.columns)
    text = shown.to_json()
    true = shapely.get_coordinates(known.geometry.to_numpy()).round(7).ravel()
    assert [number for number in true if str(number) in text] == []


def test_repeated_cases_at_a_place_do_not_average_out():
    before = places(1)
    shown = shapely.get_coordinates(
        [mask().apply(before).geometry.iloc[0] for _ in range(50)]
    ).mean(axis=0)

    after = before.assign(geometry=[shapely.Point(shown)])

    assert moved_m(before, after)[0] >= URBAN_M[0]


def test_a_place_that_cannot_be_hidden_is_left_out():
    tiny = Mask(
        key=KEY,
        epoch="2026",
        role=Role.AGENCY,
        municipalities={DURRES: around(shapely.Point(CENTRE), 100.0)},
        towns=TOWN,
    )

    assert tiny.apply(places(1)).empty
    assert tiny.apply(places(2).assign(municipality="")).empty
    assert len(mask().apply(places(3).assign(municipality=[DURRES, "AL9999", DURRES]))) == 2


def test_masking_changes_nothing_of_what_it_was_given():
    known = places(5)

    mask().apply(known)

    assert known.equals(places(5))
    assert mask().apply(known.iloc[:0]).empty
