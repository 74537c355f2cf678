"""A network as one way of moving sees it: who may go where, and how long it takes."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from data.readers.streets import read_streets
from data.streetnet import ROAD_CLASSES, RoadClass, StreetNetwork
from data.vocabulary import TravelMode
from geo.streets import DRIVE_KPH, MIN_PIECE_NODES, STEPS_KPH, WALK_KPH, Arcs, arcs_of
from tests.builders import CENTRE, streets

WALK, DRIVE = TravelMode.WALK, TravelMode.DRIVE
LON, LAT = CENTRE
A, B, C = (LON, LAT), (LON + 0.01, LAT), (LON + 0.02, LAT)


def line(**columns: object) -> StreetNetwork:
    """Return two streets in a row, with the given columns for both."""
    made = streets([A, B], [B, C])
    dtypes = {name: getattr(made, name).dtype for name in columns}
    return replace(
        made, **{name: np.array(value, dtype=dtypes[name]) for name, value in columns.items()}
    )


def pairs(arcs: Arcs) -> set[tuple[int, int]]:
    return set(zip(arcs.tail.tolist(), arcs.head.tolist(), strict=True))


def test_a_street_can_be_used_both_ways():
    assert pairs(arcs_of(line(), DRIVE)) == {(0, 1), (1, 0), (1, 2), (2, 1)}


def test_a_one_way_street_binds_cars_and_not_walkers():
    one_way = line(oneway=[1, -1])

    assert pairs(arcs_of(one_way, DRIVE)) == {(0, 1), (2, 1)}
    assert pairs(arcs_of(one_way, WALK)) == pairs(arcs_of(line(), WALK))
    arcs = arcs_of(one_way, DRIVE)
    assert (arcs.backward_ms < 0).tolist() == [True, False]
    assert (arcs.forward_ms < 0).tolist() == [False, True]


def test_nobody_goes_where_they_may_not():
    stairs_and_tunnel = line(car=[False, True], foot=[True, False])

    assert pairs(arcs_of(stairs_and_tunnel, DRIVE)) == {(1, 2), (2, 1)}
    assert pairs(arcs_of(stairs_and_tunnel, WALK)) == {(0, 1), (1, 0)}


@pytest.mark.parametrize("road_class", RoadClass)
def test_a_car_makes_the_usual_speed_of_a_class_in_whole_milliseconds(road_class: RoadClass):
    network = line(road_class=[ROAD_CLASSES.index(road_class)] * 2)

    arcs = arcs_of(network, DRIVE)

    seconds = network.length_m / (DRIVE_KPH[road_class] / 3.6)
    assert arcs.forward_ms.dtype == np.int64
    assert arcs.forward_ms / 1000 == pytest.approx(seconds, abs=0.0005)


@pytest.mark.parametrize(("signed", "made"), [(0, 22.0), (10, 10.0), (90, 22.0)])
def test_a_signed_limit_slows_a_car_and_never_speeds_it(signed: int, made: float):
    network = line(maxspeed_kph=[signed] * 2)

    seconds = arcs_of(network, DRIVE).forward_ms / 1000

    assert seconds == pytest.approx(network.length_m / (made / 3.6), abs=0.001)


def test_walkers_have_one_speed_but_on_steps():
    network = line(
        road_class=[ROAD_CLASSES.index(RoadClass.STEPS), ROAD_CLASSES.index(RoadClass.PRIMARY)],
        maxspeed_kph=[2, 2],
    )

    kph = network.length_m / (arcs_of(network, WALK).forward_ms / 1000) * 3.6

    assert kph == pytest.approx([STEPS_KPH, WALK_KPH], rel=1e-4)


def test_no_step_is_free_however_short():
    assert arcs_of(line(length_m=[0.0, 0.0001]), WALK).weight_ms.min() == 1


def chain(lat: float, n: int) -> list[tuple[float, float]]:
    return [(LON + 0.001 * i, lat) for i in range(n)]


def lattice(points: list[tuple[float, float]]) -> list[list[tuple[float, float]]]:
    """Return a street of its own between each two points."""
    return [[a, b] for a, b in pairwise(points)]


def test_a_place_stands_on_no_crumb_of_the_network():
    town, car_park = chain(LAT, 40), chain(LAT + 0.05, MIN_PIECE_NODES - 2)
    network = streets(*lattice(town), *lattice(car_park))

    usable = arcs_of(network, WALK).usable

    assert usable.tolist() == [True] * 39 + [False] * (MIN_PIECE_NODES - 3)


def test_where_there_are_only_crumbs_the_largest_one_is_stood_on():
    network = streets(*lattice(chain(LAT, 5)), *lattice(chain(LAT + 0.05, 3)))

    assert arcs_of(network, WALK).usable.tolist() == [True] * 4 + [False] * 2


def test_a_car_stands_on_no_street_that_it_could_not_leave():
    town = lattice(chain(LAT, 20))
    network = streets(*town, [chain(LAT, 20)[-1], (LON, LAT + 0.05)])
    trap = replace(network, oneway=np.array([0] * 19 + [1], dtype=np.int8))

    assert arcs_of(trap, DRIVE).usable.tolist() == [True] * 19 + [False]
    assert arcs_of(trap, WALK).usable.all()


def test_without_streets_there_are_no_arcs():
    arcs = arcs_of(streets(), WALK)

    assert (len(arcs.tail), len(arcs.usable)) == (0, 0)
    assert not arcs_of(line(foot=[False, False]), WALK).usable.any()


@pytest.mark.parametrize("mode", TravelMode)
def test_on_real_streets_every_usable_street_can_be_left_and_come_back_to(
    shared_data: Path, mode: TravelMode
):
    network = read_streets(shared_data / "streets" / "andorra.osm.pbf")
    arcs = arcs_of(network, mode)

    graph = csr_matrix(
        (np.ones(len(arcs.tail)), (arcs.tail, arcs.head)), shape=(network.n_nodes,) * 2
    )
    _, piece = connected_components(graph, directed=True, connection="strong")
    sizes = np.bincount(piece)
    assert arcs.usable.mean() > 0.5
    for edge in np.flatnonzero(arcs.usable):
        assert sizes[piece[network.tail[edge]]] >= MIN_PIECE_NODES
        assert sizes[piece[network.head[edge]]] >= MIN_PIECE_NODES
    assert (arcs.weight_ms > 0).all()
