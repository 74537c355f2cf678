"""Invented places around real settlements, perimeters of real mining areas, units' answers."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pandas as pd
import shapely
import shapely.ops
from geopandas import GeoDataFrame
from shapely.geometry.base import BaseGeometry

from data import reference
from data.crs import EDGE_CRS, METRIC_CRS, to_lonlat, to_metres
from data.frames import PERIMETERS, PLACES, SEGMENTS
from data.nouns import Municipality
from data.synthetic.crews import TEAMS_OF
from data.vocabulary import MappingStatus, PlaceKind, SegmentStatus

__all__ = ["make_perimeters", "make_places", "make_segments", "make_statuses"]

#: What a town has, the first ones first: kind and the Albanian word its name begins with.
_TOWN = (
    (PlaceKind.MARKET, "Tregu"),
    (PlaceKind.JUNCTION, "Kryqëzimi"),
    (PlaceKind.BUS_STATION, "Stacioni i autobusëve"),
    (PlaceKind.SQUARE, "Sheshi"),
    (PlaceKind.SCHOOL, "Shkolla"),
    (PlaceKind.SHOPS, "Dyqanet"),
    (PlaceKind.JUNCTION, "Semafori"),
    (PlaceKind.LANDFILL, "Vendgrumbullimi"),
    (PlaceKind.WORSHIP, "Objekti i kultit"),
    (PlaceKind.FARMLAND, "Arat"),
    (PlaceKind.SETTLEMENT, "Lagjja"),
)
_BEACH_MONTHS = (5, 10)
_ALL_YEAR = (1, 12)
#: Metres from a settlement's middle within which most of its places lie, per root of a person.
_SPREAD_M = 2.6
_DANGER_M = 300.0


def make_places(rng: np.random.Generator) -> GeoDataFrame:
    """Return places of all municipalities: more where more people live, 40 in Durrës."""
    shapes = reference.municipality_polygons().set_index("code").geometry
    rows: list[dict[str, object]] = []
    points: list[shapely.Point] = []
    for town in reference.municipalities():
        drawn = _places_of(rng, town, shapes[town.code])
        for number, (name, kind, months, point) in enumerate(drawn, start=1):
            rows.append(
                {
                    "place_id": f"{town.code}-p{number:03d}",
                    "name": name,
                    "kind": str(kind),
                    "municipality": town.code,
                    "unit": _unit_of(town.code, point),
                    "awake_from": months[0],
                    "awake_to": months[1],
                    "synthetic": True,
                }
            )
            points.append(point)
    return PLACES.check(GeoDataFrame(rows, geometry=points, crs=EDGE_CRS))


_Drawn = list[tuple[str, PlaceKind, tuple[int, int], shapely.Point]]


def _places_of(rng: np.random.Generator, town: Municipality, shape: BaseGeometry) -> _Drawn:
    villages = reference.settlements()
    villages = villages[villages["municipality"] == town.code]
    people = villages["population"].to_numpy(dtype=float) + 300.0
    n = int(np.clip(round(4 + math.sqrt(people.sum()) / 13.7), 6, 56))
    drawn = [
        (name, kind, months, shapely.ops.nearest_points(shape, point)[0])
        for name, kind, months, point in _landmarks(town)
    ]
    weights = people**0.8 / (people**0.8).sum()
    centres = shapely.get_coordinates(villages.geometry.to_numpy())
    seen: dict[str, int] = {}
    for i in range(max(n - len(drawn), 4)):
        kind, word = _TOWN[i % len(_TOWN)]
        k = int(rng.choice(len(people), p=weights))
        point = _near(rng, centres[k], _SPREAD_M * math.sqrt(people[k]), shape)
        seen[word] = seen.get(word, 0) + 1
        drawn.append((f"{word} {seen[word]}", kind, _ALL_YEAR, point))
    return drawn


def _landmarks(town: Municipality) -> _Drawn:
    """Return what is known of beaches, crossings and mines; some points lie off the border."""
    drawn: _Drawn = []
    for frame, kind, word, months in (
        (reference.beaches(), PlaceKind.BEACH, "Plazhi", _BEACH_MONTHS),
        (reference.border_crossings(), PlaceKind.BORDER, "Pika kufitare", _ALL_YEAR),
        (reference.mining_areas(), PlaceKind.MINE_HEAP, "Stoqet", _ALL_YEAR),
    ):
        own = frame[frame["municipality"] == town.code]
        for name, shape in zip(own["name"], own.geometry, strict=True):
            drawn.append((f"{word} {name}", kind, months, shape.representative_point()))
    if town.coastal:
        seat = shapely.Point(town.seat_lon, town.seat_lat)
        sea = reference.coastline().geometry.union_all()
        walk = shapely.ops.nearest_points(seat, sea)[1]
        drawn.append(("Shëtitorja", PlaceKind.PROMENADE, _ALL_YEAR, walk))
    return drawn


def _near(
    rng: np.random.Generator, centre: np.ndarray, spread_m: float, shape: BaseGeometry
) -> shapely.Point:
    """Return a point around a centre and inside the municipality."""
    middle = to_metres(centre.reshape(1, 2), METRIC_CRS)[0]
    for _ in range(30):
        xy_m = middle + rng.normal(0.0, spread_m, size=2)
        point = shapely.Point(to_lonlat(xy_m.reshape(1, 2), METRIC_CRS)[0].round(6))
        if shape.contains(point):
            return point
    return shapely.Point(centre)


def _unit_of(code: str, point: shapely.Point) -> str:
    own = reference.units(code)
    stretch = math.cos(math.radians(point.y))
    nearest = min(
        own, key=lambda u: (((u.lon - point.x) * stretch) ** 2 + (u.lat - point.y) ** 2, u.id)
    )
    return nearest.id


def make_perimeters() -> GeoDataFrame:
    """Return a perimeter around each mining area; its course is approximate."""
    areas = reference.mining_areas().sort_values(["municipality", "name"], ignore_index=True)
    frame = GeoDataFrame(
        {
            "perimeter_id": [f"{code}-m{i + 1:02d}" for i, code in enumerate(areas.municipality)],
            "name": areas["name"],
            "kind": areas["kind"],
            "municipality": areas["municipality"],
            "approximate": True,
            "danger_m": _DANGER_M,
            "synthetic": True,
        },
        geometry=list(areas.geometry),
        crs=EDGE_CRS,
    )
    return PERIMETERS.check(frame)


def make_segments(rng: np.random.Generator, perimeters: GeoDataFrame) -> GeoDataFrame:
    """Return each perimeter's edges: most of them open, some fenced or guarded."""
    rows, lines = [], []
    words = [str(status) for status in SegmentStatus]
    for name, polygon in zip(perimeters["perimeter_id"], perimeters.geometry, strict=True):
        corners = np.asarray(polygon.exterior.coords)
        for number, (start, end) in enumerate(pairwise(corners), start=1):
            length = np.hypot(*np.diff(to_metres(np.array([start, end])), axis=0)[0])
            rows.append(
                {
                    "segment_id": f"{name}-{number:02d}",
                    "perimeter_id": name,
                    "status": str(rng.choice(words, p=[0.7, 0.2, 0.1])),
                    "length_m": float(length),
                }
            )
            lines.append(shapely.LineString([start, end]))
    return SEGMENTS.check(GeoDataFrame(rows, geometry=lines, crs=EDGE_CRS))


def make_statuses(rng: np.random.Generator) -> pd.DataFrame:
    """Return what units said: all of them where teams work, some of them elsewhere."""
    rows = []
    for town in reference.municipalities():
        share = (
            1.0 if town.code in TEAMS_OF else float(rng.choice([0.0, 0.4, 1.0], p=[0.5, 0.3, 0.2]))
        )
        for unit in reference.units(town.code):
            if rng.random() <= share and share > 0:
                found = rng.random() < (0.7 if town.code in TEAMS_OF else 0.4)
                status = MappingStatus.PLACES_FOUND if found else MappingStatus.LOOKED_NONE
                rows.append({"unit": unit.id, "municipality": town.code, "status": str(status)})
    return pd.DataFrame(rows)
