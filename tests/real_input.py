"""Case and visit files in our schema, invented on the real streets of a place."""

from __future__ import annotations

import csv
import json
from datetime import date, datetime, time, timedelta
from pathlib import Path

import numpy as np
import shapely

from data.nouns import TIRANE
from data.streetnet import StreetNetwork

VISIT_COLUMNS = (
    *("visit_id", "started_at", "ended_at", "place_name", "place_kind", "lat", "lon", "team"),
    *("purpose", "outcome", "n_seen", "n_identified", "synthetic"),
)
CASE_COLUMNS = (
    *("case_code", "identified_at", "lat", "lon"),
    *("sector", "risk_degree", "source", "synthetic"),
)
KINDS = ("market", "junction", "square", "bus_station", "shops", "school")


def write_input(folder: Path, network: StreetNetwork, *, n_places: int = 24, seed: int = 5) -> None:
    """Write area.geojson, cases.csv and visits.csv: 30 cases and 200 visits before July 2026."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    # The middle of the network: what is farthest out may hang on a street that leads nowhere.
    lon, lat = np.median(network.lon), np.median(network.lat)
    gap = np.hypot((network.lon - lon) * np.cos(np.radians(lat)), network.lat - lat)
    near = np.flatnonzero(gap <= np.quantile(gap, 0.3))
    nodes = rng.choice(near, size=n_places, replace=False)
    points = np.column_stack([network.lon[nodes], network.lat[nodes]]).round(6)
    box = shapely.MultiPoint(np.column_stack([network.lon[near], network.lat[near]])).envelope
    _area(folder / "area.geojson", box)
    days = [date(2026, 7, 5) - timedelta(days=int(d)) for d in rng.integers(1, 180, size=200)]
    busy = rng.choice(n_places, size=200, p=_shares(n_places))
    with (folder / "visits.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(VISIT_COLUMNS)
        for i, (day, k) in enumerate(zip(days, busy, strict=True)):
            start = datetime.combine(day, time(int(rng.integers(9, 20))), TIRANE)
            end = start + timedelta(minutes=int(rng.integers(20, 60)))
            x, y = points[k]
            row = [f"T-V-{i:03d}", start.isoformat(), end.isoformat(), f"Place {k}"]
            row += [KINDS[k % len(KINDS)], y, x, "T1", "identification", "nobody", 0, 0, "true"]
            table.writerow(row)
    with (folder / "cases.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(CASE_COLUMNS)
        for i in range(30):
            x, y = points[busy[i]] + rng.normal(0, 0.0001, size=2)
            at = datetime.combine(days[i], time(int(rng.integers(14, 20))), TIRANE)
            table.writerow(
                [f"T-{i:03d}", at.isoformat(), y, x, "street", "moderate", "patrol", "true"]
            )


def _shares(n: int) -> np.ndarray:
    """Return falling shares: the first places are met more often than the last."""
    weights = 1.0 / np.arange(1, n + 1)
    return weights / weights.sum()


def _area(path: Path, shape: shapely.Geometry) -> None:
    feature = {
        "type": "Feature",
        "properties": {"name": path.parent.name},
        "geometry": shapely.geometry.mapping(shape),
    }
    path.write_text(json.dumps(feature), encoding="utf-8")
