"""Where a row is: its point, and its municipality by name or by a code of a named system."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.crs import ALBANIA_BOX, EDGE_CRS
from data.messages import Message
from data.names import CodeSystem, find_municipality
from data.nouns import Municipality
from data.readers.numbers import parse_degrees
from data.readers.reading import Field, Reading

__all__ = ["Points", "read_municipalities", "read_points"]

#: Degrees that a latitude and a longitude of Albania lie between: they never overlap.
_LAT, _LON = (39.0, 43.0), (19.0, 22.0)


@dataclass(frozen=True, kw_only=True)
class Points:
    """Longitude and latitude in degrees, NaN where there is none."""

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    was_swapped: NDArray[np.bool_]

    @property
    def there(self) -> NDArray[np.bool_]:
        """Return which rows have a point."""
        return ~np.isnan(self.lon)

    def geometry(self, keep: NDArray[np.bool_]) -> gpd.GeoSeries:
        """Return the points of the rows kept, empty where there is none."""
        points = gpd.GeoSeries(gpd.points_from_xy(self.lon[keep], self.lat[keep]), crs=EDGE_CRS)
        return points.where(pd.Series(self.there[keep]), None)


def read_points(reading: Reading) -> Points:
    """Return the points of a table, longitude and latitude put right where they are exchanged.

    Albania's latitudes and longitudes never overlap, so an exchange there is
    certain; elsewhere numbers are taken as they stand. A point at 0, 0 is none.
    """
    lon, lat = (
        np.array(reading.parsed(Field(name=name, rule="degrees", empty=np.nan), parse_degrees))
        for name in ("lon", "lat")
    )
    filled = [np.array([bool(t) for t in reading.texts(name)]) for name in ("lon", "lat")]
    reading.reject(filled[0] != filled[1], Message("import.rule.both_coordinates"))
    nowhere = (lon == 0) & (lat == 0)
    lon, lat = np.where(nowhere, np.nan, lon), np.where(nowhere, np.nan, lat)
    swapped = _between(lat, _LON) & _between(lon, _LAT)
    lon, lat = np.where(swapped, lat, lon), np.where(swapped, lon, lat)
    beyond = (np.abs(lon) > 180) | (np.abs(lat) > 90)  # noqa: PLR2004 - the ends of the earth
    reading.reject(beyond, Message("import.rule.degrees", {"field": "@import.field.lat"}))
    return Points(lon=lon, lat=lat, was_swapped=swapped)


def n_abroad(points: Points, keep: NDArray[np.bool_]) -> int:
    """Return how many points of the rows kept lie outside Albania's box."""
    west, south, east, north = ALBANIA_BOX
    inside = _between(points.lon, (west, east)) & _between(points.lat, (south, north))
    return int((keep & points.there & ~inside).sum())


def _between(values: NDArray[np.float64], ends: tuple[float, float]) -> NDArray[np.bool_]:
    return (values >= ends[0]) & (values <= ends[1])


def read_municipalities(
    reading: Reading, name: str, municipalities: Sequence[Municipality]
) -> list[str | None]:
    """Return the P-code of each row's municipality, None where nothing is written.

    The field holds a name, or a code that says its system (``pcode:AL0301``);
    the field ``NAME_pcode`` holds bare P-codes. A bare code in the name's
    field is refused: three systems of codes look alike.
    """

    def known(text: str, system: CodeSystem | None = None) -> str:
        found = find_municipality(text, municipalities, system=system)
        if found is None:
            msg = "not a municipality"
            raise ValueError(msg)
        return found

    def by_code(text: str) -> str:
        return known(text, CodeSystem.PCODE)

    def by_name(text: str) -> str:
        system, colon, code = text.partition(":")
        if colon and system.strip().lower().replace("-", "") == CodeSystem.PCODE:
            return by_code(code)
        return known(text)

    bare = np.array([_is_bare_code(text) for text in reading.texts(name)])
    reading.reject(bare, Message("import.rule.code_system", {"field": f"@import.field.{name}"}))
    named = reading.parsed(Field(name=name, rule="municipality"), by_name)
    coded = reading.parsed(Field(name=f"{name}_pcode", rule="municipality"), by_code)
    return [code or by for code, by in zip(coded, named, strict=True)]


def _is_bare_code(text: str) -> bool:
    return text[:2].upper() == "AL" and text[2:].lstrip("- ").isdigit()
