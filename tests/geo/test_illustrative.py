"""Illustrative streets: plausible, connected, inside the municipality, and marked."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from data import reference
from data.streetnet import StreetNetwork
from data.vocabulary import TravelMode
from geo.illustrative import lay_streets
from geo.travel import prepare


def laid(code: str, seed: int = 1) -> StreetNetwork:
    known = reference.settlements()
    return lay_streets(
        reference.area_of(code),
        known[known["municipality"] == code],
        reference.roads(),
        reference.coastline(),
        seed=seed,
    )


@pytest.mark.parametrize("code", [m.code for m in reference.municipalities()])
def test_every_municipality_gets_streets_on_which_each_crossing_reaches_every_other(code):
    network = laid(code)
    assert network.illustrative
    assert network.source == "illustrative"
    spots = np.column_stack([network.lon, network.lat])
    some = np.random.default_rng(2).choice(len(spots), size=min(12, len(spots)), replace=False)
    assert prepare(network, TravelMode.WALK).matrix(spots[some]).unreachable == ()


def test_the_streets_of_a_port_stay_on_its_own_land():
    network = laid("AL0301")
    ground = reference.area_of("AL0301").boundary.buffer(0.002)
    points = shapely.points(np.column_stack([network.lon, network.lat]))
    assert shapely.contains(ground, points).all()


def test_the_same_seed_lays_the_same_streets_and_another_one_others():
    assert laid("AL0201").sha256 == laid("AL0201").sha256
    assert laid("AL0201").sha256 != laid("AL0201", seed=2).sha256


def test_an_area_that_nothing_is_known_of_gets_a_street_all_the_same():
    empty = reference.settlements().iloc[:0]
    network = lay_streets(
        reference.area_of("AL0201"),
        empty,
        reference.roads().iloc[:0],
        reference.coastline().iloc[:0],
        seed=1,
    )
    assert network.n_edges == 1
