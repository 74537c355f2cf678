"""Perimeters: danger zones in metres, entries where streets cross what is open, and neighbours."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from geopandas import GeoDataFrame

from data.crs import EDGE_CRS, to_lonlat, to_metres
from data.frames import CROSSINGS, PERIMETERS, SEGMENTS
from data.messages import Message
from data.nouns import Area
from data.readers.streets import read_streets
from data.streetnet import StreetNetwork
from data.vocabulary import SegmentStatus
from geo.mines import (
    NEARBY_M,
    MineReport,
    danger_zones,
    perimeter_report,
    split_perimeter,
    within_zones,
)
from layers.words import LANGUAGES, Words
from tests.builders import CENTRE, area_around, durres, places, streets

START = to_metres(np.array([CENTRE]))
#: A square of 400 metres: south, east, north and west are its segments 01 to 04.
CORNERS = ((0, 0), (400, 0), (400, 400), (0, 400), (0, 0))
OPEN, FENCED, GUARDED = SegmentStatus.OPEN, SegmentStatus.FENCED, SegmentStatus.GUARDED
ILLUSTRATIVE = Message("geo.no_entries_on_illustrative")


def degrees(*xy_m: tuple[float, float]) -> list[tuple[float, float]]:
    """Return points in degrees of metres from the square's south-west corner."""
    return [(float(lon), float(lat)) for lon, lat in to_lonlat(np.array(xy_m) + START)]


def metres(shape: shapely.Geometry) -> shapely.Geometry:
    """Return a shape in metres from the square's south-west corner."""
    return shapely.transform(shape, lambda lonlat: to_metres(lonlat) - START)


def perimeters(*shapes: shapely.Polygon, danger_m: float = 250.0) -> GeoDataFrame:
    data = {
        "perimeter_id": [f"mine{i}" for i in range(len(shapes))],
        "name": "Miniera",
        "kind": "mine",
        "municipality": "AL0201",
        "approximate": True,
        "danger_m": danger_m,
        "synthetic": True,
    }
    return PERIMETERS.check(GeoDataFrame(data, geometry=list(shapes), crs=EDGE_CRS))


SQUARE = shapely.Polygon(degrees(*CORNERS))


def segments(**status: SegmentStatus) -> GeoDataFrame:
    """Return the square's edges, open but for those named: ``s01=FENCED``."""
    made = split_perimeter("mine0", SQUARE, "EPSG:6870")
    for name, word in status.items():
        made.loc[made["segment_id"] == f"mine0-{name[1:]}", "status"] = str(word)
    return made


def sensitive(*xy_m: tuple[float, float], names: tuple[str, ...] = ()) -> GeoDataFrame:
    points = [shapely.Point(point) for point in degrees(*xy_m)] if xy_m else []
    return GeoDataFrame({"name": list(names)}, geometry=points, crs=EDGE_CRS)


def report(
    network: StreetNetwork | None,
    edges: GeoDataFrame | None = None,
    near: GeoDataFrame | None = None,
    **more: float,
) -> MineReport:
    return perimeter_report(
        perimeters(SQUARE, **more),
        segments() if edges is None else edges,
        network,
        sensitive() if near is None else near,
        durres(),
    )


#: A path from the south through the square to the north, where it meets a street.
PATH = streets(degrees((200, -300), (200, 700)), degrees((-300, 700), (200, 700), (800, 700)))


def test_a_perimeter_is_split_into_its_edges_all_open_with_their_lengths():
    edges = segments()

    assert SEGMENTS.check(edges) is edges
    assert edges["segment_id"].to_list() == [f"mine0-0{i}" for i in (1, 2, 3, 4)]
    assert set(edges["status"]) == {"open"}
    assert edges["length_m"].to_list() == pytest.approx([400.0] * 4, abs=0.01)


@pytest.mark.parametrize("danger_m", [50.0, 250.0, 1000.0])
def test_the_danger_zone_is_as_wide_in_metres_as_it_is_set(danger_m: float):
    zone = metres(report(None, danger_m=danger_m).zones.geometry.iloc[0])

    assert zone.bounds == pytest.approx((-danger_m, -danger_m, 400 + danger_m, 400 + danger_m))
    assert zone.contains(metres(SQUARE))


def test_each_perimeter_has_the_width_of_its_own():
    other = shapely.Polygon(degrees((3000, 0), (3400, 0), (3400, 400)))
    both = perimeters(SQUARE, other).assign(danger_m=[100.0, 700.0])

    made = perimeter_report(both, segments(), None, sensitive(), durres())

    assert made.zones["perimeter_id"].to_list() == ["mine0", "mine1"]
    for zone, west in zip(made.zones.geometry, (-100.0, 2300.0), strict=True):
        assert metres(zone).bounds[0] == pytest.approx(west)


def test_a_path_enters_where_it_crosses_an_open_segment():
    made = report(PATH)

    assert made.note is None
    assert CROSSINGS.check(made.crossings) is made.crossings
    assert made.crossings["segment_id"].to_list() == ["mine0-01", "mine0-03"]
    assert set(made.crossings["road_class"]) == {"residential"}
    entries = [metres(point).coords[0] for point in made.crossings.geometry]
    assert entries == [pytest.approx((200, 0), abs=0.1), pytest.approx((200, 400), abs=0.1)]


@pytest.mark.parametrize("closed", [FENCED, GUARDED])
def test_what_is_fenced_or_guarded_is_no_entry(closed: SegmentStatus):
    one = report(PATH, segments(s01=closed))
    none = report(PATH, segments(s01=closed, s03=closed))

    assert one.crossings["segment_id"].to_list() == ["mine0-03"]
    assert none.crossings.empty
    assert CROSSINGS.check(none.crossings) is none.crossings


def test_a_street_that_passes_by_is_no_entry():
    assert report(streets(degrees((-300, -40), (800, -40)))).crossings.empty


def test_a_street_that_winds_through_the_line_enters_each_time():
    winding = streets(degrees((100, -50), (100, 50), (300, 50), (300, -50)))

    entries = [metres(p).x for p in report(winding).crossings.geometry]

    assert sorted(entries) == pytest.approx([100, 300], abs=0.1)


def test_a_street_along_the_line_is_one_entry_in_the_middle_of_it():
    along = streets([degrees((100, 0))[0], degrees((300, 0))[0]])
    edges = segments()
    # The segment runs through the very points of the street.
    line = shapely.LineString(
        [degrees((0, 0))[0], *degrees((100, 0), (300, 0)), degrees((400, 0))[0]]
    )
    edges.loc[0, "geometry"] = line

    entries = report(along, edges).crossings

    assert len(entries) == 1
    assert metres(entries.geometry.iloc[0]).x == pytest.approx(200, abs=1)


def test_streets_that_meet_on_the_line_are_one_entry():
    meeting = streets(degrees((200, -300), (200, 0)), degrees((200, 0), (200, 300)))
    edges = segments()
    edges.loc[0, "geometry"] = shapely.LineString(degrees((0, 0), (200, 0), (400, 0)))

    assert len(report(meeting, edges).crossings) == 1


def test_a_path_through_the_corner_of_two_open_segments_is_one_entry():
    corner = streets(degrees((-100, -100), (0, 0), (-100, 100)))

    assert len(report(corner).crossings) == 1


def test_an_entry_of_one_perimeter_is_none_of_its_neighbour():
    neighbour = shapely.Polygon(degrees((0, -400), (400, -400), (400, 0), (0, 0), (0, -400)))
    both = perimeters(SQUARE, neighbour)
    edges = pd.concat(
        [segments(), split_perimeter("mine1", neighbour, "EPSG:6870")], ignore_index=True
    )

    made = perimeter_report(both, edges, PATH, sensitive(), durres()).crossings

    # On the line between them the path leaves one and enters the other.
    assert sorted(made["perimeter_id"]) == ["mine0", "mine0", "mine1"]


def test_segments_of_perimeters_that_are_not_asked_for_are_passed_over():
    others = segments().assign(perimeter_id="another")

    assert report(PATH, others).crossings.empty


@pytest.mark.parametrize(
    "network", [None, streets(degrees((200, -300), (200, 700)), illustrative=True)]
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_without_real_streets_there_is_no_entry_and_a_sentence_says_why(
    network: StreetNetwork | None, language: str
):
    made = report(network)

    assert made.crossings.empty
    assert made.note == ILLUSTRATIVE
    assert Words(language).message(made.note)
    assert len(made.zones) == 1, "the danger zone needs no street"


def test_homes_and_schools_near_a_perimeter_are_named_with_their_distance_nearest_first():
    near = sensitive(
        (200, 400 + NEARBY_M - 1),
        (200, 400 + NEARBY_M + 1),
        (200, 200),
        (-300, 200),
        names=("Shkolla", "Larg", "Brenda", "Lagjja"),
    )

    made = report(None, near=near).nearby

    assert made["name"].to_list() == ["Brenda", "Lagjja", "Shkolla"]
    assert made["distance_m"].to_list() == pytest.approx([0.0, 300.0, NEARBY_M - 1], abs=0.1)


@pytest.fixture(scope="module")
def andorra(shared_data: Path) -> StreetNetwork:
    return read_streets(shared_data / "streets" / "andorra.osm.pbf")


def pit(network: StreetNetwork, seed: int) -> tuple[Area, shapely.Polygon]:
    """Return Andorra and an octagon of some hundred metres around one of its streets."""
    area = area_around(network)
    node = int(np.random.default_rng(seed).integers(network.n_nodes))
    middle = to_metres(np.array([[network.lon[node], network.lat[node]]]), area.metric_crs)
    turn = np.linspace(0.3, 0.3 + 2 * np.pi, 9)
    ring = middle + 350.0 * np.column_stack([np.cos(turn), np.sin(turn)])
    return area, shapely.Polygon(to_lonlat(ring, area.metric_crs))


@pytest.mark.parametrize("seed", range(4))
def test_on_real_streets_every_entry_is_on_a_street_and_an_open_segment_and_none_is_missed(
    andorra: StreetNetwork, seed: int
):
    area, polygon = pit(andorra, seed)
    rng = np.random.default_rng(seed)
    edges = split_perimeter("mine0", polygon, area.metric_crs)
    edges["status"] = rng.choice([str(word) for word in SegmentStatus], size=len(edges))

    made = perimeter_report(perimeters(polygon), edges, andorra, sensitive(), area)

    lines = andorra.lines()
    segment = edges.set_index("segment_id").geometry
    for row in made.crossings.itertuples():
        assert shapely.distance(row.geometry, lines).min() < 1e-9
        assert shapely.distance(row.geometry, segment[row.segment_id]) < 1e-7
    # An oracle of its own: which streets cross which edges, one pair after the other.
    crossed = {
        name
        for name, line, status in zip(
            edges["segment_id"], edges.geometry, edges["status"], strict=True
        )
        if status == OPEN and any(line.crosses(street) for street in lines)
    }
    assert set(made.crossings["segment_id"]) == crossed
    assert crossed or (edges["status"] != OPEN).any()


def test_on_real_streets_an_open_pit_has_entries_and_a_closed_one_has_none(andorra: StreetNetwork):
    area, polygon = pit(andorra, 1)
    edges = split_perimeter("mine0", polygon, area.metric_crs)

    free = perimeter_report(perimeters(polygon), edges, andorra, sensitive(), area)
    shut = perimeter_report(
        perimeters(polygon), edges.assign(status="fenced"), andorra, sensitive(), area
    )

    assert len(free.crossings) > 0
    assert shut.crossings.empty
    zone = shapely.transform(
        free.zones.geometry.iloc[0], lambda lonlat: to_metres(lonlat, area.metric_crs)
    )
    inner = shapely.transform(polygon, lambda lonlat: to_metres(lonlat, area.metric_crs))
    assert zone.exterior.distance(inner) == pytest.approx(250.0, abs=0.5)


def test_a_place_lies_in_a_danger_zone_up_to_its_width_around_the_perimeter():
    spots = degrees((200, 200), (200, -240), (200, -260), (-240, 200))
    there = places(4).set_geometry([shapely.Point(spot) for spot in spots])

    found = within_zones(there, danger_zones(perimeters(SQUARE, danger_m=250.0), durres()))

    assert found == ("p000", "p001", "p003")


def test_without_a_perimeter_or_a_place_nothing_lies_in_a_danger_zone():
    none = danger_zones(PERIMETERS.empty(), durres())

    assert within_zones(places(2), none) == ()
    assert within_zones(places(2).iloc[:0], danger_zones(perimeters(SQUARE), durres())) == ()
