"""How far a round drives, and whether it leads so far away that per diem is due."""

from __future__ import annotations

import math
from typing import Final

from data.nouns import Base, Route

__all__ = ["driven_m", "is_away"]

_EARTH_M: Final = 6_371_008.8


def driven_m(route: Route) -> int:
    """Return the metres of a round, each way to the next whole one."""
    return sum(round(leg.distance_m) for leg in route.legs)


def is_away(route: Route, base: Base | None, away_km: float) -> bool:
    """Say whether a stop of a round lies so many kilometres from its base, as the crow flies."""
    if base is None:
        return False
    return any(
        _between_m(base.lon, base.lat, met.stop.lon, met.stop.lat) >= away_km * 1000
        for met in route.stops
    )


def _between_m(lon: float, lat: float, to_lon: float, to_lat: float) -> float:
    """Return the great-circle metres between two points in degrees (the haversine formula)."""
    north, to_north = math.radians(lat), math.radians(to_lat)
    half = math.sin((to_north - north) / 2) ** 2
    half += math.cos(north) * math.cos(to_north) * math.sin(math.radians(to_lon - lon) / 2) ** 2
    return 2 * _EARTH_M * math.asin(min(1.0, math.sqrt(half)))
