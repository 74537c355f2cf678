"""Streets from OpenStreetMap files: ``.osm.pbf``, ``.osm`` and ``.osm.gz``."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import osmium

from data.errors import StreetsMissingError
from data.messages import Message
from data.streetnet import RoadClass, StreetNetwork
from data.ways import Way, network_of

__all__ = ["file_sha256", "read_osm", "way_of"]

#: OpenStreetMap's ``highway`` → ours; what is missing here is no street.
_CLASSES = {
    **{f"{c}": c for c in RoadClass},
    **{
        f"{c}_link": c
        for c in (
            RoadClass.MOTORWAY,
            RoadClass.TRUNK,
            RoadClass.PRIMARY,
            RoadClass.SECONDARY,
            RoadClass.TERTIARY,
        )
    },
    "road": RoadClass.UNCLASSIFIED,
    "footway": RoadClass.PATH,
    "bridleway": RoadClass.PATH,
    "cycleway": RoadClass.PATH,
    "corridor": RoadClass.PATH,
}
_NO_CAR = {RoadClass.PEDESTRIAN, RoadClass.PATH, RoadClass.STEPS}
_CLOSED = {"no", "private"}
_WELCOME = {"yes", "designated", "permissive", "destination", "official"}


def file_sha256(path: Path) -> str:
    """Return a file's SHA-256 in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_osm(path: Path) -> StreetNetwork:
    """Return the streets of an OpenStreetMap file.

    Raises
    ------
    StreetsMissingError
        If the file cannot be read to its end, or holds no street.
    """
    ways: list[Way] = []
    newest = 0
    try:
        processor = (
            osmium.FileProcessor(str(path), osmium.osm.NODE | osmium.osm.WAY)
            .with_locations()
            .with_filter(osmium.filter.KeyFilter("highway"))
        )
        for item in processor:
            if isinstance(item, osmium.osm.Way):
                way = _way(item)
                if way is not None:
                    ways.append(way)
                    newest = max(newest, int(item.timestamp.timestamp()))
    except (RuntimeError, ValueError, OSError) as fault:
        raise StreetsMissingError(Message("streets.unreadable")) from fault
    if not ways:
        raise StreetsMissingError(Message("streets.none_in_file"))
    as_of = datetime.fromtimestamp(newest, UTC).date() if newest > 0 else None
    return network_of(ways, source=path.name, as_of=as_of, sha256=file_sha256(path))


def _way(item: osmium.osm.Way) -> Way | None:
    nodes = [(n.ref, n.location) for n in item.nodes if n.location.valid()]
    return way_of(
        dict(item.tags),
        tuple(ref for ref, _ in nodes),
        tuple((where.lon, where.lat) for _, where in nodes),
    )


def way_of(
    tags: dict[str, str], refs: tuple[int, ...], lonlat: tuple[tuple[float, float], ...]
) -> Way | None:
    """Return the way of OpenStreetMap's tags, or `None` if nobody may use it."""
    road_class = _CLASSES.get(tags.get("highway", ""))
    if road_class is None or tags.get("area") == "yes" or len(refs) < 2:  # noqa: PLR2004 - two ends
        return None
    foot, car = _users(tags, road_class)
    if not (foot or car):
        return None
    return Way(
        road_class=road_class,
        oneway=_oneway(tags, road_class),
        foot=foot,
        car=car,
        maxspeed_kph=_maxspeed(tags.get("maxspeed", "")),
        refs=refs,
        lonlat=lonlat,
    )


def _users(tags: dict[str, str], road_class: RoadClass) -> tuple[bool, bool]:
    """Say who may use a way: on foot, by car; a narrower tag overrules a wider one."""
    access = tags.get("access", "yes")
    foot = tags.get("foot", access)
    car = tags.get("motorcar", tags.get("motor_vehicle", tags.get("vehicle", access)))
    on_foot = foot not in _CLOSED and (road_class is not RoadClass.MOTORWAY or foot in _WELCOME)
    if tags["highway"] == "cycleway" and foot not in _WELCOME:
        on_foot = "foot" not in tags
    by_car = car not in _CLOSED and road_class not in _NO_CAR
    return on_foot, by_car


def _oneway(tags: dict[str, str], road_class: RoadClass) -> int:
    said = tags.get("oneway", "")
    if said in {"-1", "reverse"}:
        return -1
    if said in {"yes", "1", "true"}:
        return 1
    if said in {"no", "0", "false"}:
        return 0
    implied = tags.get("junction") in {"roundabout", "circular"}
    return int(implied or road_class is RoadClass.MOTORWAY)


def _maxspeed(text: str) -> int:
    number = text.partition(" ")[0]
    if not number.isdigit():
        return 0
    kph = int(number) * (1.609344 if text.endswith("mph") else 1.0)
    return int(min(kph, 250))
