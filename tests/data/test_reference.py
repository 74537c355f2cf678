"""The embedded reference data, held to the full-detail reference where it is at hand."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from data import reference
from data.crs import METRIC_CRS, to_metres, to_metric
from data.names import find_municipality


def test_there_are_61_municipalities_12_counties_and_373_units():
    assert len(reference.municipalities()) == 61
    assert len(reference.counties()) == 12
    assert len(reference.units()) == 373
    assert len({m.code for m in reference.municipalities()}) == 61


def test_every_unit_and_municipality_belongs_to_one_that_exists():
    codes = {m.code for m in reference.municipalities()}
    counties = set(reference.counties()["code"])

    assert {u.municipality for u in reference.units()} == codes
    assert {m.county for m in reference.municipalities()} == counties


def test_the_municipalities_are_a_coverage_without_gaps_and_overlaps():
    shapes = to_metric(reference.municipality_polygons()).geometry.to_numpy()
    whole = shapely.union_all(shapes)

    # Five decimals of a degree are a metre: borders may cross by that, not by more.
    assert abs(shapely.area(shapes).sum() - whole.area) < 50_000
    holes = [r for p in shapely.get_parts(whole) for r in p.interiors]
    assert sum(shapely.Polygon(r).area for r in holes) < 50_000


def test_the_country_has_its_known_size_and_shore():
    area_km2 = to_metric(reference.country_outline()).area.sum() / 1e6
    shore_km = to_metric(reference.coastline()).length.sum() / 1e3

    assert 28_000 < area_km2 < 29_000
    assert 380 < shore_km < 520


def test_seats_lie_in_their_municipality():
    shapes = reference.municipality_polygons().set_index("code").geometry
    outside = [
        m.code
        for m in reference.municipalities()
        if not shapes[m.code].buffer(0.01).contains(shapely.Point(m.seat_lon, m.seat_lat))
    ]

    assert outside == []


def test_names_keep_their_accents():
    names = {m.name_sq for m in reference.municipalities()}

    assert {"Durrës", "Tiranë", "Korçë", "Vau i Dejës", "Malësi e Madhe"} <= names


def test_the_coast_is_where_it_is_known_to_be():
    coastal = {m.name_sq for m in reference.municipalities() if m.coastal}

    assert {"Durrës", "Vlorë", "Sarandë", "Himarë", "Lezhë", "Shkodër", "Kavajë"} <= coastal
    assert not {"Tiranë", "Korçë", "Pogradec", "Kukës", "Bulqizë", "Berat"} & coastal


def test_mines_beaches_and_crossings_say_that_they_are_approximate():
    for layer in (
        reference.mining_areas(),
        reference.beaches(),
        reference.border_crossings(),
    ):
        assert len(layer)
        assert layer["approximate"].all()
    assert "AL0201" in set(reference.mining_areas()["municipality"])


def test_the_embedded_files_stay_about_half_a_megabyte_with_their_licences():
    folder = Path(reference.__file__).with_name("albania")

    assert sum(path.stat().st_size for path in folder.iterdir()) < 600_000
    assert (folder / "LICENCES.md").exists()


@pytest.fixture(scope="module")
def true_municipalities(shared_data: Path) -> gpd.GeoDataFrame:
    frame = gpd.read_file(shared_data / "boundaries" / "municipalities_61_reference.gpkg")
    known = reference.municipalities()
    aliases = {"Tirana": "AL1105"}
    codes = [aliases.get(n) or find_municipality(n, known) for n in frame["bashkia"]]
    return frame.assign(code=codes)


def test_every_reference_name_is_matched_to_one_municipality(
    true_municipalities: gpd.GeoDataFrame,
):
    assert true_municipalities["code"].notna().all()
    assert true_municipalities["code"].nunique() == 61


def test_99_of_100_osm_points_fall_in_the_same_municipality(
    shared_data: Path, true_municipalities: gpd.GeoDataFrame
):
    database = shared_data / "places" / "osm_points_albania_2019.sqlite"
    with sqlite3.connect(database) as connection:
        rows = connection.execute("SELECT LON, LAT FROM NODE").fetchall()
    xy = to_metres(np.array(rows, dtype=float))
    points = gpd.GeoDataFrame(geometry=shapely.points(xy), crs=METRIC_CRS)

    true = gpd.sjoin(points, to_metric(true_municipalities[["code", "geometry"]]))
    ours = gpd.sjoin(points, to_metric(reference.municipality_polygons()))
    true, ours = (f[~f.index.duplicated()]["code"] for f in (true, ours))
    same = ours.reindex(true.index) == true

    assert len(true) > 24_000
    assert same.mean() >= 0.99


def test_every_unit_belongs_to_the_right_municipality(true_municipalities: gpd.GeoDataFrame):
    units = reference.units()
    points = gpd.GeoDataFrame(
        {"said": [u.municipality for u in units]},
        geometry=shapely.points([u.lon for u in units], [u.lat for u in units]),
        crs="EPSG:4326",
    )
    # The nearest, because the reference cuts the big lakes out.
    near = gpd.sjoin_nearest(
        to_metric(points), to_metric(true_municipalities[["code", "geometry"]])
    )

    assert near[near["said"] != near["code"]].empty
