"""The street network: arrays of nodes and edges with their shapes, and nothing about speed.

An edge runs between two junctions; what bends between them is its shape. Edges
can be walked both ways; `oneway` binds cars only.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from pathlib import Path

import numpy as np
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from data.crs import EDGE_CRS

__all__ = ["ROAD_CLASSES", "RoadClass", "StreetNetwork"]


class RoadClass(StrEnum):
    """What an edge is, from OpenStreetMap's ``highway``; links count with their road."""

    MOTORWAY = "motorway"
    TRUNK = "trunk"
    PRIMARY = "primary"
    SECONDARY = "secondary"
    TERTIARY = "tertiary"
    UNCLASSIFIED = "unclassified"
    RESIDENTIAL = "residential"
    LIVING_STREET = "living_street"
    SERVICE = "service"
    TRACK = "track"
    PEDESTRIAN = "pedestrian"
    PATH = "path"
    STEPS = "steps"


#: `StreetNetwork.road_class` holds positions in this tuple.
ROAD_CLASSES = tuple(RoadClass)

_ARRAYS = (
    "lon",
    "lat",
    "tail",
    "head",
    "length_m",
    "road_class",
    "oneway",
    "foot",
    "car",
    "maxspeed_kph",
    "shape_start",
    "shape_lonlat",
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StreetNetwork:
    """Streets of an area; every array is read-only.

    Parameters
    ----------
    lon, lat
        Of nodes, shape (n,), degrees.
    tail, head
        Node positions of each edge's ends, shape (m,).
    length_m
        Of each edge, shape (m,), metres.
    road_class
        Positions in `ROAD_CLASSES`, shape (m,).
    oneway
        For cars, shape (m,): 1 from tail to head only, -1 from head to tail only, 0 both.
    foot, car
        Who may use each edge, shape (m,).
    maxspeed_kph
        As signed, shape (m,); 0 where unknown.
    shape_start, shape_lonlat
        Edge i is drawn by the rows ``shape_start[i]:shape_start[i + 1]`` of
        `shape_lonlat`, shape (k, 2), ends included.
    illustrative
        Drawn by a generator: to try the program, never for the field.
    source, as_of, sha256
        Where the streets are from, how old they are, and the file's hash.
    """

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    tail: NDArray[np.int64]
    head: NDArray[np.int64]
    length_m: NDArray[np.float64]
    road_class: NDArray[np.uint8]
    oneway: NDArray[np.int8]
    foot: NDArray[np.bool_]
    car: NDArray[np.bool_]
    maxspeed_kph: NDArray[np.uint8]
    shape_start: NDArray[np.int64]
    shape_lonlat: NDArray[np.float64]
    illustrative: bool
    source: str
    as_of: date | None
    sha256: str

    def __post_init__(self) -> None:
        """Make every array read-only: a network is shared between sessions."""
        for name in _ARRAYS:
            getattr(self, name).setflags(write=False)

    @property
    def n_nodes(self) -> int:
        """Return how many junctions and ends there are."""
        return len(self.lon)

    @property
    def n_edges(self) -> int:
        """Return how many edges there are."""
        return len(self.tail)

    def shape_of(self, edge: int) -> NDArray[np.float64]:
        """Return the points of an edge from tail to head, shape (k, 2), degrees."""
        return self.shape_lonlat[self.shape_start[edge] : self.shape_start[edge + 1]]

    def lines(self) -> NDArray[np.object_]:
        """Return the edges as lines in EPSG:4326, shape (m,)."""
        counts = np.diff(self.shape_start)
        owner = np.repeat(np.arange(self.n_edges), counts)
        return shapely.linestrings(self.shape_lonlat, indices=owner)

    def frame(self) -> GeoDataFrame:
        """Return the edges for drawing: `road_class` and line."""
        words = np.array([str(c) for c in ROAD_CLASSES], dtype=object)
        return GeoDataFrame(
            {"road_class": words[self.road_class]}, geometry=list(self.lines()), crs=EDGE_CRS
        )

    def clip(self, area: BaseGeometry) -> StreetNetwork:
        """Return the edges that touch an area in EPSG:4326, whole, with their nodes."""
        if not self.n_edges:
            return self
        shapely.prepare(area)
        return self.keep(shapely.intersects(area, self.lines()))

    def keep(self, edges: NDArray[np.bool_]) -> StreetNetwork:
        """Return the network of some of its edges, flagged in an array of shape (m,)."""
        if edges.all():
            return self
        nodes, ends = np.unique(
            np.concatenate([self.tail[edges], self.head[edges]]), return_inverse=True
        )
        half = int(edges.sum())
        counts = np.diff(self.shape_start)
        return replace(
            self,
            lon=self.lon[nodes],
            lat=self.lat[nodes],
            tail=ends[:half].astype(np.int64),
            head=ends[half:].astype(np.int64),
            length_m=self.length_m[edges],
            road_class=self.road_class[edges],
            oneway=self.oneway[edges],
            foot=self.foot[edges],
            car=self.car[edges],
            maxspeed_kph=self.maxspeed_kph[edges],
            shape_start=np.concatenate([[0], np.cumsum(counts[edges])]).astype(np.int64),
            shape_lonlat=self.shape_lonlat[np.repeat(edges, counts)],
        )

    def save(self, path: Path) -> None:
        """Write the network to a file, at once or not at all."""
        plain = {f.name: getattr(self, f.name) for f in fields(self) if f.name in _ARRAYS}
        draft = path.with_suffix(f".{os.getpid()}.tmp")
        with draft.open("wb") as file:
            np.savez_compressed(
                file,
                **plain,
                illustrative=np.array(self.illustrative),
                source=np.array(self.source),
                as_of=np.array(self.as_of.isoformat() if self.as_of else ""),
                sha256=np.array(self.sha256),
            )
        draft.replace(path)

    @classmethod
    def load(cls, path: Path) -> StreetNetwork:
        """Read a network that `save` wrote."""
        with np.load(path, allow_pickle=False) as kept:
            as_of = str(kept["as_of"])
            return cls(
                **{name: kept[name] for name in _ARRAYS},
                illustrative=bool(kept["illustrative"]),
                source=str(kept["source"]),
                as_of=date.fromisoformat(as_of) if as_of else None,
                sha256=str(kept["sha256"]),
            )
