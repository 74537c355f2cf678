"""Streets from GraphML as OSMnx writes it."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import networkx as nx
import shapely

from data.errors import StreetsMissingError
from data.messages import Message
from data.readers.streets_osm import file_sha256, way_of
from data.streetnet import StreetNetwork
from data.ways import Way, network_of

__all__ = ["network_of_graph", "read_graphml"]


def read_graphml(path: Path) -> StreetNetwork:
    """Return the streets of a GraphML file.

    Raises
    ------
    StreetsMissingError
        If the file is no GraphML, or holds no street.
    """
    try:
        graph = nx.MultiDiGraph(nx.read_graphml(path, force_multigraph=True))
        return network_of_graph(graph, source=path.name, sha256=file_sha256(path))
    except (ET.ParseError, nx.NetworkXError, KeyError, ValueError, OSError) as fault:
        if isinstance(fault, StreetsMissingError):
            raise
        raise StreetsMissingError(Message("streets.unreadable")) from fault


def network_of_graph(graph: nx.MultiDiGraph, *, source: str, sha256: str) -> StreetNetwork:
    """Return the network of an OSMnx graph; its two arcs of a two-way street become one edge."""
    numbers = {node: i for i, node in enumerate(sorted(graph.nodes, key=str))}
    where = {n: (float(d["x"]), float(d["y"])) for n, d in graph.nodes(data=True)}
    ways: list[Way] = []
    seen: set[tuple[object, ...]] = set()
    inner = len(numbers)
    for tail, head, record in sorted(
        graph.edges(data=True), key=lambda e: (numbers[e[0]], numbers[e[1]], str(e[2]))
    ):
        points = _points(record, where[tail], where[head])
        key = _key(record, points)
        if key in seen:
            continue
        seen.add(key)
        refs = (
            numbers[tail],
            *range(inner, inner + len(points) - 2),
            numbers[head],
        )
        inner += max(len(points) - 2, 0)
        way = way_of(_tags(record), refs, points)
        if way is not None:
            ways.append(way)
    if not ways:
        raise StreetsMissingError(Message("streets.none_in_file"))
    return network_of(ways, source=source, as_of=None, sha256=sha256)


def _points(
    record: dict[str, object], start: tuple[float, float], end: tuple[float, float]
) -> tuple[tuple[float, float], ...]:
    shape = record.get("geometry")
    if shape is None:
        return (start, end)
    line = shapely.from_wkt(shape) if isinstance(shape, str) else shape
    return tuple((x, y) for x, y in shapely.get_coordinates(line).tolist())


def _key(record: dict[str, object], points: tuple[tuple[float, float], ...]) -> tuple[object, ...]:
    """Return what both arcs of a two-way street share; a one-way arc is its own."""
    rounded = tuple((round(x, 7), round(y, 7)) for x, y in points)
    if _is_true(record.get("oneway")):
        return ("one", rounded)
    return ("both", min(rounded, rounded[::-1]))


def _is_true(value: object) -> bool:
    return str(value).lower() in {"true", "yes", "1"}


def _tags(record: dict[str, object]) -> dict[str, str]:
    """Return OpenStreetMap's tags; of a merged edge's list the first counts."""
    tags = {}
    for name in ("highway", "access", "foot", "motor_vehicle", "junction", "maxspeed"):
        value = record.get(name)
        if isinstance(value, list):
            value = value[0]
        if isinstance(value, str) and value:
            tags[name] = value.strip("[]'\"").split("',")[0]
    tags["oneway"] = "yes" if _is_true(record.get("oneway")) else "no"
    return tags
