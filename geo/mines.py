"""Mine perimeters: danger zones, and where real streets and paths cross what is open."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry
from shapely.ops import nearest_points

from data.crs import EDGE_CRS, to_lonlat, to_metres
from data.frames import CROSSINGS, SEGMENTS
from data.messages import Message
from data.nouns import Area
from data.streetnet import ROAD_CLASSES, StreetNetwork
from data.vocabulary import SegmentStatus

__all__ = ["MineReport", "danger_zones", "perimeter_report", "split_perimeter", "within_zones"]

#: A street that runs along the line is not an entry at every metre of it.
SAME_ENTRY_M = 15.0
#: Two streets that meet on the line, and two segments at their corner, are one entry there.
SAME_SPOT_M = 1.0
#: Homes and schools nearer than this to a perimeter are named.
NEARBY_M = 1000.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MineReport:
    """What the ground says of an area's perimeters.

    Parameters
    ----------
    zones
        `perimeter_id` and the danger zone's polygon.
    crossings
        CROSSINGS: where streets and paths enter through open segments.
    nearby
        Homes and schools near a perimeter: `perimeter_id`, `name`, `distance_m`.
    note
        Why crossings are not given, where they are not.
    """

    zones: GeoDataFrame
    crossings: GeoDataFrame
    nearby: pd.DataFrame
    note: Message | None = None


def split_perimeter(perimeter_id: str, polygon: BaseGeometry, crs: str) -> GeoDataFrame:
    """Return a perimeter's edges as segments, all open until somebody says otherwise."""
    corners = np.asarray(polygon.exterior.coords)
    pairs = list(pairwise(corners))
    lines = [shapely.LineString(pair) for pair in pairs]
    lengths = [
        float(np.hypot(*np.diff(to_metres(np.array(pair), crs), axis=0)[0])) for pair in pairs
    ]
    return SEGMENTS.check(
        GeoDataFrame(
            {
                "segment_id": [f"{perimeter_id}-{i + 1:02d}" for i in range(len(lines))],
                "perimeter_id": perimeter_id,
                "status": str(SegmentStatus.OPEN),
                "length_m": lengths,
            },
            geometry=lines,
            crs=EDGE_CRS,
        )
    )


def perimeter_report(
    perimeters: GeoDataFrame,
    segments: GeoDataFrame,
    streets: StreetNetwork | None,
    sensitive: GeoDataFrame,
    area: Area,
) -> MineReport:
    """Return danger zones, entries and what lies near.

    Parameters
    ----------
    streets
        Illustrative ones give no entries: they would send somebody to a path
        that is not there.
    sensitive
        Homes and schools: `name` and point in EPSG:4326.
    """
    crs = area.metric_crs
    metric = [shapely.transform(p, lambda xy: to_metres(xy, crs)) for p in perimeters.geometry]
    ids = list(perimeters["perimeter_id"])
    note = None
    crossings = CROSSINGS.empty()
    if streets is None or streets.illustrative:
        note = Message("geo.no_entries_on_illustrative")
    else:
        crossings = _crossings(segments[segments["perimeter_id"].isin(ids)], streets, crs)
    return MineReport(
        zones=danger_zones(perimeters, area),
        crossings=crossings,
        nearby=_nearby(ids, metric, sensitive, crs),
        note=note,
    )


def danger_zones(perimeters: GeoDataFrame, area: Area) -> GeoDataFrame:
    """Return the danger zone of each perimeter: `perimeter_id` and its polygon, EPSG:4326."""
    crs = area.metric_crs
    metric = [shapely.transform(p, lambda xy: to_metres(xy, crs)) for p in perimeters.geometry]
    zones = [
        shapely.transform(p.buffer(float(d)), lambda xy: to_lonlat(xy, crs))
        for p, d in zip(metric, perimeters["danger_m"], strict=True)
    ]
    ids = list(perimeters["perimeter_id"])
    return GeoDataFrame({"perimeter_id": ids}, geometry=zones, crs=EDGE_CRS)


def within_zones(places: GeoDataFrame, zones: GeoDataFrame) -> tuple[str, ...]:
    """Return the ids of the places that lie in a zone, sorted; its edge belongs to it."""
    if places.empty or zones.empty:
        return ()
    rows, _ = shapely.STRtree(zones.geometry.to_numpy()).query(
        places.geometry.to_numpy(), predicate="intersects"
    )
    return tuple(sorted({str(places["place_id"].iloc[row]) for row in rows}))


def _crossings(segments: GeoDataFrame, streets: StreetNetwork, crs: str) -> GeoDataFrame:
    open_ = segments[segments["status"] == SegmentStatus.OPEN]
    if open_.empty or not streets.n_edges:
        return CROSSINGS.empty()
    lines = streets.lines()
    edge, segment = shapely.STRtree(open_.geometry.to_numpy()).query(lines, predicate="intersects")
    rows, points = [], []
    for e, s in sorted(zip(edge, segment, strict=True)):
        met = shapely.intersection(lines[e], open_.geometry.to_numpy()[s])
        for piece in _apart(met, crs):
            rows.append(
                {
                    "perimeter_id": open_["perimeter_id"].iloc[s],
                    "segment_id": open_["segment_id"].iloc[s],
                    "road_class": str(ROAD_CLASSES[streets.road_class[e]]),
                }
            )
            points.append(piece)
    if not rows:
        return CROSSINGS.empty()
    frame = GeoDataFrame(rows, geometry=points, crs=EDGE_CRS)
    return CROSSINGS.check(_once(frame, crs))


def _apart(met: BaseGeometry, crs: str) -> list[BaseGeometry]:
    """Return one point for each entry: the middle of each stretch of the intersection."""
    metric = shapely.transform(met, lambda xy: to_metres(xy, crs))
    blobs = shapely.get_parts(metric.buffer(SAME_ENTRY_M / 2))
    stretches = [shapely.intersection(metric, blob) for blob in blobs]
    middles = [nearest_points(stretch, stretch.centroid)[0] for stretch in stretches]
    return [shapely.transform(m, lambda xy: to_lonlat(xy, crs)) for m in middles]


def _once(entries: GeoDataFrame, crs: str) -> GeoDataFrame:
    """Return the entries without those that another one of the same perimeter stands for."""
    xy_m = to_metres(shapely.get_coordinates(entries.geometry.to_numpy()), crs)
    owners = entries["perimeter_id"].to_numpy()
    taken = {
        int(later)
        for earlier, later in sorted(cKDTree(xy_m).query_pairs(SAME_SPOT_M))
        if owners[earlier] == owners[later]
    }
    keep = [i not in taken for i in range(len(entries))]
    return entries[keep].reset_index(drop=True)


def _nearby(
    ids: list[str], perimeters: list[BaseGeometry], sensitive: GeoDataFrame, crs: str
) -> pd.DataFrame:
    rows = []
    spots = shapely.transform(sensitive.geometry.to_numpy(), lambda xy: to_metres(xy, crs))
    for perimeter_id, polygon in zip(ids, perimeters, strict=True):
        for name, gap in zip(sensitive["name"], shapely.distance(polygon, spots), strict=True):
            if gap <= NEARBY_M:
                rows.append({"perimeter_id": perimeter_id, "name": name, "distance_m": float(gap)})
    frame = pd.DataFrame(rows, columns=["perimeter_id", "name", "distance_m"])
    return frame.sort_values(["perimeter_id", "distance_m"], ignore_index=True)
