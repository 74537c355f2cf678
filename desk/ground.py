"""The ground of a plan: an area, its streets, and the routers on them.

Streets that somebody brought lie in the data folder with their date and hash;
an area without any gets illustrative ones, which say so wherever they show.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from shapely.geometry import Point, box

from data import reference
from data.access import Action, Purpose, require
from data.crs import around
from data.errors import StreetsMissingError
from data.messages import Message
from data.nouns import Area, Viewer
from data.streetnet import StreetNetwork
from data.vocabulary import TravelMode
from desk.wiring import House, fetch_streets, read_streets
from geo.illustrative import lay_streets
from geo.travel import MAX_SNAP_M, Router, prepare

__all__ = [
    "Ground",
    "StreetsKept",
    "area_of",
    "fetch_area_streets",
    "ground_of",
    "import_streets",
    "kept_streets",
    "reaches",
]

logger = logging.getLogger(__name__)

#: Rounds may leave the municipality by this much on their way.
MARGIN_M = 2000.0
#: Streets are drawn alike for everybody who tries the same municipality.
ILLUSTRATIVE_SEED = 20260101


@dataclass(frozen=True, slots=True, kw_only=True)
class StreetsKept:
    """What is known of a street file that was kept."""

    name: str
    source: str
    as_of: str | None
    sha256: str
    n_edges: int
    bbox: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """An area with its streets; routers are made when first asked for."""

    area: Area
    network: StreetNetwork

    def routers(self, modes: set[TravelMode]) -> dict[TravelMode, Router]:
        """Return a router for each mode."""
        return {mode: prepare(self.network, mode) for mode in sorted(modes)}


def area_of(municipality: str) -> Area:
    """Return the area of a municipality by its P-code."""
    return reference.area_of(municipality)


def _folder(house: House) -> Path:
    folder = house.home / "streets"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def kept_streets(house: House) -> tuple[StreetsKept, ...]:
    """Return what is kept, the newest last."""
    found = [
        (path.stat().st_mtime, path.name, json.loads(path.read_text(encoding="utf-8")))
        for path in _folder(house).glob("*.json")
    ]
    return tuple(
        StreetsKept(**{**record, "bbox": tuple(record["bbox"])}) for _, _, record in sorted(found)
    )


def import_streets(house: House, viewer: Viewer, path: Path) -> StreetsKept:
    """Read a street file and keep it with its date and hash.

    Raises
    ------
    AccessDeniedError
        If the viewer may not import.
    StreetsMissingError
        If the file holds no street that can be walked or driven.
    """
    _may_import(house, viewer, "streets.import", _own(viewer))
    return _keep(house, read_streets(path))


def fetch_area_streets(
    house: House,
    viewer: Viewer,
    municipality: str,
    *,
    progress: Callable[[Message, float], None] | None = None,
) -> StreetsKept:
    """Fetch a municipality's streets from the internet; only ever on a user's own action.

    Raises
    ------
    AccessDeniedError
        If the viewer may not import there.
    StreetsMissingError
        If there is no internet, or no street there.
    """
    _may_import(house, viewer, "streets.fetch", municipality)
    return _keep(house, fetch_streets(area_of(municipality), progress))


def reaches(kept: StreetsKept, area: Area) -> bool:
    """Say whether kept streets lie where an area is; only looking into them says how many."""
    return bool(box(*kept.bbox).intersects(area.boundary))


def _own(viewer: Viewer) -> str | None:
    return min(viewer.municipalities, default=None)


def _may_import(house: House, viewer: Viewer, action: str, municipality: str | None) -> None:
    require(viewer, Action.IMPORT, municipality)
    house.audit(viewer, action, purpose=Purpose.IMPORT, scope=municipality or "")


def _keep(house: House, network: StreetNetwork) -> StreetsKept:
    if network.n_edges == 0:
        raise StreetsMissingError(Message("desk.streets_empty"))
    west, south = float(network.lon.min()), float(network.lat.min())
    east, north = float(network.lon.max()), float(network.lat.max())
    kept = StreetsKept(
        name=f"streets-{network.sha256[:16]}",
        source=network.source,
        as_of=network.as_of.isoformat() if isinstance(network.as_of, date) else None,
        sha256=network.sha256,
        n_edges=network.n_edges,
        bbox=(west, south, east, north),
    )
    network.save(_folder(house) / f"{kept.name}.npz")
    draft = _folder(house) / f"{kept.name}.tmp"
    draft.write_text(json.dumps(asdict(kept)), encoding="utf-8")
    draft.replace(_folder(house) / f"{kept.name}.json")  # last, and at once: it says all is there
    logger.info("streets kept: %d edges", kept.n_edges)
    return kept


def ground_of(house: House, area: Area, streets: Path | None = None) -> Ground:
    """Return an area with the streets of a file, the newest kept ones, or illustrative ones.

    Raises
    ------
    StreetsMissingError
        If a file has no street in the area, or an area outside Albania comes
        without streets: there is nothing to draw them from.
    """
    if streets is not None:
        network = _clipped(read_streets(streets), area)
        if not network.n_edges:
            raise StreetsMissingError(Message("desk.streets_elsewhere"))
        return Ground(area=area, network=network)
    for kept in reversed(kept_streets(house)):
        if reaches(kept, area):
            network = _clipped(StreetNetwork.load(_folder(house) / f"{kept.name}.npz"), area)
            if _serves(network, area):
                return Ground(area=area, network=network)
    if area.municipality is None:
        raise StreetsMissingError(Message("desk.streets_for_area"))
    return Ground(area=area, network=_illustrative(area.municipality))


def _serves(network: StreetNetwork, area: Area) -> bool:
    """Say whether streets are the area's own: a neighbour's reach over the border, no farther.

    They have to come near a municipality's seat, where its rounds begin.
    """
    if area.municipality is None or not network.n_edges:
        return network.n_edges > 0
    town = reference.municipality(area.municipality)
    seat = around(Point(town.seat_lon, town.seat_lat), MAX_SNAP_M)
    return network.clip(seat).n_edges > 0


def _clipped(network: StreetNetwork, area: Area) -> StreetNetwork:
    return network.clip(around(area.boundary, MARGIN_M, area.metric_crs))


@lru_cache(maxsize=8)
def _illustrative(municipality: str) -> StreetNetwork:
    area = area_of(municipality)
    settlements = reference.settlements()
    return lay_streets(
        area,
        settlements[settlements["municipality"] == municipality],
        reference.roads(),
        reference.coastline(),
        seed=ILLUSTRATIVE_SEED,
    )
