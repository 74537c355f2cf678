"""Albania as the house knows it without asking anybody: embedded, with its licences beside it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import geopandas as gpd
import pandas as pd
from geopandas import GeoDataFrame

from data.nouns import Area, Municipality, Unit

__all__ = [
    "area_of",
    "beaches",
    "border_crossings",
    "coastline",
    "counties",
    "country_outline",
    "mining_areas",
    "municipalities",
    "municipality",
    "municipality_polygons",
    "roads",
    "settlements",
    "units",
]

_FOLDER = Path(__file__).with_name("albania")


@lru_cache(maxsize=1)
def municipalities() -> tuple[Municipality, ...]:
    """Return the 61 municipalities by P-code."""
    table = pd.read_csv(_FOLDER / "municipalities.csv", keep_default_na=False)
    return tuple(
        Municipality(
            code=row["code"],
            name_sq=row["name_sq"],
            name_en=row["name_en"],
            aliases=tuple(name for name in row["aliases"].split("|") if name),
            county=row["county"],
            coastal=bool(row["coastal"]),
            seat=row["seat"],
            seat_lon=row["seat_lon"],
            seat_lat=row["seat_lat"],
        )
        for row in table.to_dict("records")
    )


def municipality(code: str) -> Municipality:
    """Return one municipality; raise `KeyError` for a code that is none."""
    for found in municipalities():
        if found.code == code:
            return found
    raise KeyError(code)


@lru_cache(maxsize=1)
def _units() -> tuple[Unit, ...]:
    table = pd.read_csv(_FOLDER / "units.csv", dtype={"id": str})
    return tuple(
        Unit(
            id=row["id"],
            name=row["name"],
            municipality=row["municipality"],
            lon=row["lon"],
            lat=row["lat"],
        )
        for row in table.to_dict("records")
    )


def units(code: str | None = None) -> tuple[Unit, ...]:
    """Return the 373 administrative units, or those of one municipality."""
    return tuple(unit for unit in _units() if code is None or unit.municipality == code)


def counties() -> pd.DataFrame:
    """Return the 12 counties: `code` (P-code), `iso` (ISO 3166-2), `name_sq`, `name_en`."""
    return pd.read_csv(_FOLDER / "counties.csv", dtype=str)


@lru_cache(maxsize=8)
def _layer(name: str) -> GeoDataFrame:
    return gpd.read_file(_FOLDER / f"{name}.geojson", engine="pyogrio")


def municipality_polygons() -> GeoDataFrame:
    """Return `code` and polygon of each municipality: a coverage without gaps or overlaps."""
    return _layer("municipalities").copy()


@lru_cache(maxsize=1)
def _outline() -> GeoDataFrame:
    return GeoDataFrame(geometry=[_layer("municipalities").union_all()], crs="EPSG:4326")


def country_outline() -> GeoDataFrame:
    """Return the country as one shape."""
    return _outline().copy()


def coastline() -> GeoDataFrame:
    """Return the sea shore as lines."""
    return _layer("coastline").copy()


def settlements() -> GeoDataFrame:
    """Return populated places: `name`, `population`, `municipality`."""
    return _layer("settlements").copy()


def roads() -> GeoDataFrame:
    """Return inter-city roads, schematic: `road_class`."""
    return _layer("roads").copy()


def border_crossings() -> GeoDataFrame:
    """Return border crossings, approximate: `name`, `municipality`, `approximate`."""
    return _layer("border_crossings").copy()


def beaches() -> GeoDataFrame:
    """Return beaches, approximate: `name`, `municipality`, `approximate`."""
    return _layer("beaches").copy()


def mining_areas() -> GeoDataFrame:
    """Return mining areas, approximate: `name`, `municipality`, `approximate`, `kind`."""
    return _layer("mining_areas").copy()


def area_of(code: str) -> Area:
    """Return the area of a municipality; raise `KeyError` for a code that is none."""
    found = municipality(code)
    shapes = _layer("municipalities").set_index("code").geometry
    return Area(
        id=code,
        name=found.name_sq,
        boundary=shapes[code],
        municipality=code,
        coastal=found.coastal,
    )
