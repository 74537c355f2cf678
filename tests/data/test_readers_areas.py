"""An area is every polygon of a GeoJSON file, in degrees, longitude first."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from data.errors import ContractError, CrsError, HouseError
from data.readers import read_area
from layers.words import LANGUAGES, Words


def square(west: float, south: float, side: float = 0.1) -> dict[str, object]:
    east, north = west + side, south + side
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def feature(geometry: object, **properties: object) -> dict[str, object]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features: object, **more: object) -> dict[str, object]:
    return {"type": "FeatureCollection", "features": list(features), **more}


def saved(folder: Path, content: object) -> Path:
    path = folder / "Zona Ime.geojson"
    path.write_text(json.dumps(content), encoding="utf-8-sig")
    return path


def test_a_bare_polygon_takes_the_name_of_its_file(tmp_path: Path):
    area = read_area(saved(tmp_path, square(19.4, 41.3)))

    assert (area.id, area.name, area.municipality) == ("area-zona-ime", "Zona Ime", None)


def test_every_polygon_of_a_collection_belongs_to_the_area(tmp_path: Path):
    two = collection(
        feature(square(1.5, 42.5), name="Andorra", coastal=False),
        feature(square(1.6, 42.5)),
        feature(None),
        feature({"type": "Point", "coordinates": [1.5, 42.5]}),
    )

    area = read_area(saved(tmp_path, two))

    assert area.name == "Andorra"
    assert area.boundary.area == pytest.approx(0.02)
    assert area.metric_crs == "EPSG:32631"


def test_a_polygon_that_crosses_itself_is_mended(tmp_path: Path):
    bow = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}

    assert read_area(saved(tmp_path, bow)).boundary.is_valid


@pytest.mark.parametrize(
    ("content", "kind", "rule"),
    [
        ([1, 2], ContractError, "no_geojson"),
        ({"type": "Polygon"}, ContractError, "no_geojson"),
        (collection("x"), ContractError, "no_geojson"),
        (collection(), ContractError, "no_polygon"),
        ({"type": "Point", "coordinates": [19.4, 41.3]}, ContractError, "no_polygon"),
        (square(480000, 4570000), CrsError, "area_not_degrees"),
        (
            collection(feature(square(19.4, 41.3)), crs={"properties": {"name": "EPSG:6870"}}),
            CrsError,
            "area_not_degrees",
        ),
        (square(41.3, 19.4), CrsError, "area_swapped"),
    ],
)
def test_what_is_no_area_says_what_to_do(
    tmp_path: Path, content: object, kind: type[HouseError], rule: str
):
    with pytest.raises(kind) as caught:
        read_area(saved(tmp_path, content))

    assert caught.value.message.id == f"import.file.{rule}"
    for language in LANGUAGES:
        assert Words(language).message(caught.value.message).endswith(".")


def test_a_file_that_is_no_json_is_refused(tmp_path: Path):
    path = tmp_path / "area.geojson"
    path.write_bytes(b"\xff\xfe\x00 nothing")

    with pytest.raises(ContractError):
        read_area(path)
