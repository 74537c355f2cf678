"""Travel times on real streets: exact, one-way only for cars, and never invented."""

from __future__ import annotations

from pathlib import Path as FilePath

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.travel import reference_seconds
from data.errors import NoRouteError
from data.readers.streets import read_streets
from data.streetnet import RoadClass, StreetNetwork
from data.vocabulary import TravelMode
from data.ways import Way, network_of
from geo.streets import WALK_KPH, arcs_of
from geo.travel import ENGINES, Router, prepare
from tests.builders import streets

DRIVE, WALK = TravelMode.DRIVE, TravelMode.WALK


def way(refs: list[int], lonlat: list[tuple[float, float]], *, oneway: int = 0) -> Way:
    return Way(
        road_class=RoadClass.RESIDENTIAL,
        oneway=oneway,
        foot=True,
        car=True,
        maxspeed_kph=0,
        refs=tuple(refs),
        lonlat=tuple(lonlat),
    )


def network(*ways: Way) -> StreetNetwork:
    return network_of(list(ways), source="test", as_of=None, sha256="")


A, B, C = (19.80, 41.30), (19.81, 41.30), (19.80, 41.31)
TRIANGLE = network(
    way([1, 2], [A, B], oneway=1), way([2, 3], [B, C], oneway=1), way([3, 1], [C, A], oneway=1)
)


@pytest.fixture(scope="module")
def andorra(shared_data: FilePath) -> StreetNetwork:
    return read_streets(shared_data / "streets" / "andorra.osm.pbf")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("mode", [DRIVE, WALK])
def test_times_equal_a_reference_dijkstra(andorra: StreetNetwork, engine: str, mode: TravelMode):
    rng = np.random.default_rng(3)
    usable = arcs_of(andorra, mode).usable
    nodes = np.unique(np.concatenate([andorra.tail[usable], andorra.head[usable]]))
    chosen = rng.choice(nodes, 40, replace=False)
    times = prepare(andorra, mode, engine=engine).matrix(
        np.column_stack([andorra.lon[chosen], andorra.lat[chosen]])
    )

    pairs = [(int(a), int(b)) for a in chosen[:20] for b in chosen[20:]]
    truth = np.array(reference_seconds(andorra, mode, pairs)).reshape(20, 20)

    assert np.array_equal(times.seconds[:20, 20:], truth)


def test_both_engines_agree_anywhere_on_a_street(andorra: StreetNetwork):
    rng = np.random.default_rng(5)
    chosen = rng.choice(andorra.n_nodes, 60)
    spots = np.column_stack([andorra.lon[chosen], andorra.lat[chosen]])
    spots += rng.normal(0, 0.001, spots.shape)

    hierarchy, plain = (prepare(andorra, DRIVE, engine=engine).matrix(spots) for engine in ENGINES)

    assert np.array_equal(hierarchy.seconds, plain.seconds)
    assert hierarchy.unreachable == plain.unreachable


@pytest.mark.parametrize("engine", ENGINES)
def test_a_one_way_street_binds_cars_and_not_walkers(engine: str):
    driving = prepare(TRIANGLE, DRIVE, engine=engine).matrix(np.array([A, B])).seconds
    walking = prepare(TRIANGLE, WALK, engine=engine).matrix(np.array([A, B])).seconds

    assert driving[1, 0] > driving[0, 1]
    assert walking[1, 0] == walking[0, 1]


def test_walking_a_street_takes_its_length_at_walking_speed():
    times = prepare(TRIANGLE, WALK).matrix(np.array([A, B])).seconds

    assert times[0, 1] == pytest.approx(TRIANGLE.length_m[0] / (WALK_KPH / 3.6), abs=0.01)


def test_two_stops_in_the_middle_of_one_street_do_not_go_round_the_block():
    one, other = (19.803, 41.30), (19.806, 41.30)
    router = prepare(TRIANGLE, DRIVE)
    times = router.matrix(np.array([one, other])).seconds

    assert times[0, 1] < times[1, 0]
    assert times[0, 1] == pytest.approx(0.3 * TRIANGLE.length_m[0] / (22 / 3.6), rel=0.01)


def test_a_pair_that_no_street_joins_is_reported_and_not_invented():
    far = (19.90, 41.40)
    apart = network(way([1, 2], [A, B]), way([8, 9], [far, (19.91, 41.40)]))
    router = prepare(apart, WALK)

    times = router.matrix(np.array([A, far]))

    assert times.unreachable == ((0, 1), (1, 0))
    assert np.isinf(times.seconds[0, 1])
    with pytest.raises(NoRouteError):
        router.path(A, far)


def test_a_place_far_from_every_street_cannot_be_reached():
    times = prepare(TRIANGLE, WALK).matrix(np.array([A, (19.9, 41.4)]))

    assert times.snap_m[1] > 500
    assert np.isinf(times.seconds[0, 1])


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("mode", [DRIVE, WALK])
def test_a_path_takes_as_long_as_the_matrix_says_and_runs_along_streets(
    andorra: StreetNetwork, engine: str, mode: TravelMode
):
    rng = np.random.default_rng(11)
    chosen = rng.choice(andorra.n_nodes, 12)
    spots = np.column_stack([andorra.lon[chosen], andorra.lat[chosen]])
    router = prepare(andorra, mode, engine=engine)
    seconds = router.matrix(spots).seconds

    for i in range(6):
        if not np.isfinite(seconds[i, i + 6]):
            continue
        path = router.path(tuple(spots[i]), tuple(spots[i + 6]))
        assert path.seconds == seconds[i, i + 6]
        assert tuple(path.lonlat[0]) == pytest.approx(tuple(spots[i]))
        assert tuple(path.lonlat[-1]) == pytest.approx(tuple(spots[i + 6]))
        if mode is WALK:
            assert path.metres == pytest.approx(path.seconds * WALK_KPH / 3.6, rel=0.15)


def test_no_stops_have_an_empty_table():
    assert prepare(TRIANGLE, WALK).matrix(np.empty((0, 2))).seconds.shape == (0, 0)


@pytest.fixture(scope="module")
def monaco(shared_data: FilePath) -> Router:
    return prepare(read_streets(shared_data / "streets" / "monaco.osm.gz"), WALK)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(picks=st.lists(st.integers(0, 1000), min_size=3, max_size=3))
def test_walking_is_symmetric_and_no_detour_is_shorter(monaco: Router, picks: list[int]):
    net = monaco.network
    times = monaco.matrix(np.column_stack([net.lon[picks], net.lat[picks]])).seconds

    assert np.allclose(times, times.T)
    # Each leg may round by a millisecond at both of its ends.
    assert times[0, 2] <= times[0, 1] + times[1, 2] + 0.004


def test_the_edges_between_two_points_are_those_of_the_way_without_the_points_own():
    corner = [(19.45, 41.32), (19.451, 41.32), (19.452, 41.32), (19.453, 41.32)]
    network = streets(*(corner[i : i + 2] for i in range(3)))
    router = prepare(network, TravelMode.WALK)

    between = router.edges_between((19.4502, 41.32), (19.4528, 41.32))

    assert len(between) == 1
    assert {tuple(p) for p in network.shape_of(between[0])} == {corner[1], corner[2]}
    assert router.edges_between((19.4502, 41.32), (19.4504, 41.32)) == ()
    assert router.edges_between((19.4502, 41.32), (20.5, 41.32)) == ()
