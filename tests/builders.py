"""Frames for tests, made so that only what a test names is special."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame

from data import reference
from data.frames import CASES, CHILD_COUNTS, PLACES, VISITS
from data.nouns import TIRANE, Area
from data.streetnet import RoadClass, StreetNetwork
from data.ways import Way, network_of

DURRES = "AL0301"
CENTRE = (19.4547, 41.3236)
#: A Wednesday afternoon.
NOON = datetime(2026, 6, 10, 15, 0, tzinfo=TIRANE)


def durres() -> Area:
    return reference.area_of(DURRES)


def places(
    n: int = 3, *, kind: str = "market", step: float = 0.004, **columns: object
) -> GeoDataFrame:
    """Return n places in a row eastwards from the middle of Durrës."""
    lon, lat = CENTRE
    data = {
        "place_id": [f"p{i:03d}" for i in range(n)],
        "name": [f"Vend {i}" for i in range(n)],
        "kind": kind,
        "municipality": DURRES,
        "unit": "",
        "awake_from": 1,
        "awake_to": 12,
        "synthetic": True,
        **columns,
    }
    points = [shapely.Point(lon + step * (i % 8), lat + step * (i // 8)) for i in range(n)]
    return PLACES.check(GeoDataFrame(data, geometry=points, crs="EPSG:4326"))


def cases(
    at: Sequence[str], *, when: Sequence[datetime] | None = None, **columns: object
) -> GeoDataFrame:
    """Return one case for each place named, a day apart unless times are given."""
    n = len(at)
    moments = when or [NOON - timedelta(days=i) for i in range(n)]
    lon, lat = CENTRE
    data = {
        "case_code": [f"c{i:04d}" for i in range(n)],
        "place_id": list(at),
        "municipality_found": DURRES,
        "municipality_home": DURRES,
        "identified_at": pd.Series(pd.to_datetime(moments, utc=True)).dt.tz_convert(TIRANE),
        "identified_until": pd.Series(pd.to_datetime([None] * n, utc=True)).dt.tz_convert(TIRANE),
        "hour_known": True,
        "sector": "street",
        "risk_degree": "moderate",
        "engagement": "ongoing",
        "age_band": "6-11",
        "schooling": "attends",
        "source": "patrol",
        "referred_at": pd.Series(pd.to_datetime([None] * n, utc=True)).dt.tz_convert(TIRANE),
        "synthetic": True,
        **columns,
    }
    points = [shapely.Point(lon + 0.0001 * i, lat) for i in range(n)]
    return CASES.check(GeoDataFrame(data, geometry=points, crs="EPSG:4326"))


def visits(
    at: Sequence[str],
    *,
    hours: float = 1.0,
    when: Sequence[datetime] | None = None,
    **columns: object,
) -> pd.DataFrame:
    """Return one visit for each place named, a day apart unless times are given."""
    n = len(at)
    moments = when or [NOON - timedelta(days=i) for i in range(n)]
    start = pd.Series(pd.to_datetime(moments, utc=True)).dt.tz_convert(TIRANE)
    data = {
        "visit_id": [f"v{i:04d}" for i in range(n)],
        "place_id": list(at),
        "municipality": DURRES,
        "team": "t1",
        "started_at": start,
        "ended_at": start + pd.Timedelta(hours=hours),
        "purpose": "identification",
        "outcome": "nobody",
        **dict.fromkeys(CHILD_COUNTS, 0),
        "synthetic": True,
        **columns,
    }
    return VISITS.check(pd.DataFrame(data))


def streets(*lines: Sequence[tuple[float, float]], illustrative: bool = False) -> StreetNetwork:
    """Return residential streets along points in degrees; those with a point in common meet."""
    refs: dict[tuple[float, float], int] = {}
    ways = [
        Way(
            road_class=RoadClass.RESIDENTIAL,
            oneway=0,
            foot=True,
            car=True,
            maxspeed_kph=0,
            refs=tuple(refs.setdefault(point, len(refs) + 1) for point in line),
            lonlat=tuple(line),
        )
        for line in lines
    ]
    return network_of(ways, source="test", as_of=None, sha256="", illustrative=illustrative)


def area_around(network: StreetNetwork) -> Area:
    """Return the box around a network outside Albania as an area of no municipality."""
    box = shapely.MultiPoint(np.column_stack([network.lon, network.lat])).envelope
    return Area(id="area", name="Area", boundary=box)
