"""The little map of a round: black and white, north up, true to scale, whatever the round."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from data.crs import to_metres
from data.nouns import Week
from layers.rounds import PlannedRound, planned_rounds
from layers.sketch import sketch_svg
from tests.builders import CENTRE, streets
from tests.plans import plan_of

WIDTH, HEIGHT = 680, 340
ONE = planned_rounds(plan_of(Week.parse("2026-W28")))[0]
LON, LAT = CENTRE
#: One street through the round, and one in another town.
NETWORK = streets(
    [(LON - 0.001, LAT), (LON + 0.006, LAT + 0.0005)], [(LON + 0.5, LAT), (LON + 0.6, LAT)]
)


def tags(svg: str, name: str) -> list[ET.Element]:
    return ET.fromstring(svg).findall(f"{{http://www.w3.org/2000/svg}}{name}")  # noqa: S314 - our own picture


def moved(one: PlannedRound, *lonlat: tuple[float, float]) -> PlannedRound:
    """Return a round with stops at the given points."""
    first = one.route.stops[0]
    stops = tuple(replace(first, stop=replace(first.stop, lon=lon, lat=lat)) for lon, lat in lonlat)
    return replace(one, route=replace(one.route, stops=stops))


def middles(svg: str) -> np.ndarray:
    return np.array([(float(c.get("cx")), float(c.get("cy"))) for c in tags(svg, "circle")])


def test_every_stop_has_its_number_inside_the_picture():
    svg = sketch_svg(ONE, NETWORK)

    assert [text.text for text in tags(svg, "text")] == ["1", "2", "3"]
    assert ((middles(svg) > 0) & (middles(svg) < [WIDTH, HEIGHT])).all()


def test_it_is_black_white_and_grey():
    colours = re.findall(r"#([0-9a-f]{6})", sketch_svg(ONE, NETWORK))

    assert len(colours) > 5
    assert all(colour[:2] == colour[2:4] == colour[4:] for colour in colours)


def test_north_is_up_and_east_is_right():
    # Away from the base to the north-east, then to the south-west.
    svg = sketch_svg(moved(ONE, (LON + 0.01, LAT + 0.01), (LON - 0.01, LAT - 0.01)), None)

    (x_east, y_north), (x_west, y_south) = middles(svg)
    assert x_east > x_west
    assert y_north < y_south


def test_a_metre_is_as_long_eastwards_as_northwards():
    spots = [(LON - 0.008, LAT - 0.006), (LON + 0.008, LAT - 0.006), (LON - 0.008, LAT + 0.006)]

    at = middles(sketch_svg(moved(ONE, *spots), None))

    metres = to_metres(np.array(spots))
    drawn = [np.hypot(*(at[i] - at[0])) for i in (1, 2)]
    true = [np.hypot(*(metres[i] - metres[0])) for i in (1, 2)]
    assert drawn[0] / drawn[1] == pytest.approx(true[0] / true[1], rel=0.02)


def test_the_base_is_a_square_where_it_is():
    base = tags(sketch_svg(moved(ONE, (ONE.base.lon, ONE.base.lat)), None), "rect")[1]

    centre = [float(base.get(name)) + 7 for name in ("x", "y")]
    assert centre == pytest.approx([WIDTH / 2, HEIGHT / 2], abs=40)
    assert base.get("fill") == "#000000"


def test_only_streets_in_the_picture_are_drawn():
    grey = [p for p in tags(sketch_svg(ONE, NETWORK), "path") if p.get("stroke") == "#b5b5b5"]

    assert len(grey) == 1
    assert grey[0].get("d").count("M") == 1


@pytest.mark.parametrize("network", [None, streets()], ids=["no file", "no street"])
def test_without_streets_the_round_is_drawn_all_the_same(network):
    assert len(tags(sketch_svg(ONE, network), "circle")) == 3


def test_a_round_of_one_stop_at_the_base_has_a_picture():
    here = moved(ONE, (ONE.base.lon, ONE.base.lat))
    bare = replace(here, route=replace(here.route, legs=()))

    svg = sketch_svg(bare, NETWORK)

    assert np.isfinite(middles(svg)).all()
    assert "nan" not in svg


def test_the_same_round_is_the_same_picture():
    assert sketch_svg(ONE, NETWORK) == sketch_svg(ONE, NETWORK)
