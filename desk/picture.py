"""What a viewer may see on the map: frames released by role, with verdicts in sentences.

Risk, places at risk and groups are worked out from all the cases of a
municipality, whatever the filters hide: a pattern of a part is soon an invented
one. They are released like the rows they rest on.

The whole picture is the look that the audit notes; filters are laid over it
afterwards, as often as somebody likes, without reading anything again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Final

import numpy as np
import shapely
from geopandas import GeoDataFrame

from data import frames, reference
from data.access import (
    Action,
    Purpose,
    release_cases,
    release_evidence,
    release_perimeters,
    release_places,
    release_reasons,
    require,
)
from data.crs import EDGE_CRS, around
from data.masking import Mask
from data.messages import Message
from data.nouns import TIRANE, Area, Marks, Viewer
from data.store.keys import mask_key
from data.streetnet import StreetNetwork
from data.vocabulary import PlaceKind, Role
from desk.backdrop import backdrop
from desk.evidence import Evidence, Files, evidence_of
from desk.ground import area_of, ground_of, kept_streets
from desk.wiring import House
from geo.clusters import find_clusters
from geo.explain import explain
from geo.hotspots import find_hotspots
from geo.mines import perimeter_report
from geo.register import counting_hotspots
from geo.slots import SLOT_IDS, slots_of
from layers.map_view import MapFrames
from layers.maps.base import GroundFrames
from layers.maps.places import OVERDUE, VISITED
from patrol.coverage import awake
from patrol.history import place_history
from patrol.stops import StopSettings

__all__ = [
    "SEASONS",
    "Edition",
    "MapFilters",
    "Picture",
    "country",
    "edition",
    "filtered",
    "picture",
    "whole_picture",
]

#: The seasons of the year by their months.
SEASONS: Final = {
    "winter": (12, 1, 2),
    "spring": (3, 4, 5),
    "summer": (6, 7, 8),
    "autumn": (9, 10, 11),
}
#: Where the urban ring hides a place well enough: around towns of so many people.
_TOWN_PEOPLE: Final = 10_000
_TOWN_M: Final = 2000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MapFilters:
    """Which cases are looked at; an empty choice hides nothing.

    Parameters
    ----------
    first, last
        Days on which a case was identified, both included.
    slots
        Hours of the week; risk and places at risk are shown for them too.
    season
        One of `SEASONS`, or empty: the months of a case, and which places are in use.
    """

    sectors: tuple[str, ...] = ()
    degrees: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    slots: tuple[str, ...] = ()
    season: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What a picture is made from: while it is the same, a kept picture is still true.

    Parameters
    ----------
    home
        The data folder.
    known
        Changes with places, what was decided on them, cases, visits and perimeters.
    streets
        Changes with the streets that were brought.
    """

    home: str
    known: str
    streets: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Picture:
    """What may be drawn, and what has to be said with it.

    Parameters
    ----------
    silent
        Why a layer shows nothing or less, by layer: too few cases to say (what is
        said of risk goes for places at risk), no real streets.
    n_cases, n_shown
        Cases the viewer may open, and those that the filters leave.
    n_without_point
        Of those shown, how many cannot be drawn.
    """

    frames: MapFrames
    ground: GroundFrames
    marks: Marks
    silent: Mapping[str, Message] = field(default_factory=dict)
    n_cases: int = 0
    n_shown: int = 0
    n_without_point: int = 0

    @property
    def verdicts(self) -> tuple[Message, ...]:
        """Return why something is not shown; the same sentence twice helps nobody."""
        return tuple({message.id: message for message in self.silent.values()}.values())


def edition(house: House) -> Edition:
    """Return what a picture made now would be made from."""
    streets = " ".join(kept.name for kept in kept_streets(house))
    return Edition(home=str(house.home), known=house.store.version(), streets=streets)


def picture(
    house: House,
    viewer: Viewer,
    municipality: str | None,
    filters: MapFilters,
    *,
    as_of: datetime | None = None,
) -> Picture:
    """Return what a viewer may see of a municipality, or of the country (`None`), filtered.

    Raises
    ------
    AccessDeniedError
        If the viewer may see no map there.
    """
    return filtered(whole_picture(house, viewer, municipality, as_of=as_of), filters)


def whole_picture(
    house: House, viewer: Viewer, municipality: str | None, *, as_of: datetime | None = None
) -> Picture:
    """Return everything a viewer may see of a municipality, or of the country (`None`).

    Raises
    ------
    AccessDeniedError
        If the viewer may see no map there.
    """
    area = country() if municipality is None else area_of(municipality)
    codes = [t.code for t in reference.municipalities()] if municipality is None else [municipality]
    for code in codes:
        require(viewer, Action.SEE_MAP, code)
    house.audit(viewer, "map.see", purpose=Purpose.MAP, scope=municipality or "")
    moment = (as_of or datetime.now(TIRANE)).replace(second=0, microsecond=0)
    if viewer.role is Role.COORDINATOR and municipality is not None:
        return _exact(house, viewer, area, moment)
    return _masked(house, viewer, area, moment)


def filtered(whole: Picture, filters: MapFilters) -> Picture:
    """Return a whole picture as the filters leave it; it reads and works out nothing."""
    cases = _left(whole.frames.cases, filters)
    hotspots = whole.frames.hotspots
    if filters.slots:
        wanted = set(filters.slots)
        # Of a place somebody confirmed, nobody may know the hours: no hour rules it out.
        hotspots = hotspots[[not slots or bool(wanted & set(slots)) for slots in hotspots["slots"]]]
    return replace(
        whole,
        frames=replace(
            whole.frames,
            cases=cases,
            counts=_counts(cases),
            places=_awake(whole.frames.places, filters),
            hotspots=hotspots,
            risk_slots=filters.slots,
        ),
        n_shown=len(cases),
        n_without_point=int((cases.geometry.isna() | cases.geometry.is_empty).sum()),
    )


def country() -> Area:
    """Return the whole country as an area."""
    return Area(id="AL", name="", boundary=reference.country_outline().geometry.iloc[0])


def _masked(house: House, viewer: Viewer, area: Area, moment: datetime) -> Picture:
    """Return what has no child in it: perimeters, landmarks, and places moved on purpose."""
    code = area.municipality
    known = house.store.places(code)
    mask = _mask(house, viewer)
    places = release_places(viewer, known, mask=mask)
    perimeters = release_perimeters(viewer, house.store.perimeters(code))
    found = MapFrames(
        places=places,
        perimeters=perimeters,
        segments=_segments(house, perimeters),
        cases=frames.CASES.empty(),
        hotspots=frames.HOTSPOTS.empty(),
        clusters=frames.CLUSTERS.empty(),
        risk=frames.RISK.empty(),
        risk_week=frames.RISK.empty(),
        beaches=_there(reference.beaches(), area),
        schools=_nameless(),
        borders=_there(reference.border_crossings(), area),
        masked=True,
    )
    invented = bool(known["synthetic"].any()) or bool(perimeters["synthetic"].any())
    marks = Marks(
        synthetic=invented,
        illustrative_streets=False,
        as_of=moment,
        masked_m=mask.precision_m if len(places) else None,
    )
    ground = backdrop(house, area, with_streets=False)
    return Picture(frames=found, ground=ground, marks=marks)


def _exact(house: House, viewer: Viewer, area: Area, moment: datetime) -> Picture:
    """Return everything of a coordinator's own municipality."""
    evidence = evidence_of(house, area, Files(), until=moment)
    cases = release_cases(viewer, evidence.cases)
    network = ground_of(house, area).network
    found, silent = _worked_out(viewer, evidence, area, moment, network)
    perimeters = release_perimeters(viewer, house.store.perimeters(area.municipality))
    segments = _segments(house, perimeters)
    known = release_places(viewer, evidence.places)
    near = known[known["kind"].isin([PlaceKind.SCHOOL, PlaceKind.SETTLEMENT])]
    report = perimeter_report(perimeters, segments, network, near, area)
    beside = report.nearby.groupby("perimeter_id")["name"].agg(", ".join)
    bounded = len(perimeters) > 0
    return Picture(
        frames=replace(
            found,
            places=known[known["kind"] != PlaceKind.SCHOOL],
            schools=known[known["kind"] == PlaceKind.SCHOOL],
            states=_states(known, evidence, moment),
            cases=cases,
            counts=_counts(cases),
            perimeters=perimeters.assign(near=perimeters["perimeter_id"].map(beside).fillna("")),
            segments=segments,
            zones=report.zones,
            crossings=report.crossings,
        ),
        ground=backdrop(house, area),
        marks=Marks(
            synthetic=evidence.synthetic or bool(perimeters["synthetic"].any()),
            illustrative_streets=network.illustrative,
            as_of=moment,
        ),
        silent={**silent, **({"perimeters": report.note} if report.note and bounded else {})},
        n_cases=len(cases),
        n_shown=len(cases),
        n_without_point=int((cases.geometry.isna() | cases.geometry.is_empty).sum()),
    )


def _worked_out(
    viewer: Viewer, evidence: Evidence, area: Area, moment: datetime, streets: StreetNetwork
) -> tuple[MapFrames, dict[str, Message]]:
    """Return risk, places at risk and groups, and why there are none, by layer."""
    places, cases, visits = evidence.places, evidence.cases, evidence.visits
    surface = evidence.surface(area, moment)
    proposed = find_hotspots(surface, places, cases, visits)
    hotspots = counting_hotspots(proposed, evidence.decisions, surface, places, cases, visits)
    groups = find_clusters(cases, area, streets=streets)
    too_few = surface.verdict is not None
    made = MapFrames(
        places=frames.PLACES.empty(),
        perimeters=frames.PERIMETERS.empty(),
        segments=frames.SEGMENTS.empty(),
        cases=frames.CASES.empty(),
        hotspots=release_evidence(viewer, hotspots),
        clusters=release_evidence(viewer, groups.frame),
        risk=frames.RISK.empty() if too_few else release_evidence(viewer, surface.frame),
        risk_week=frames.RISK.empty() if too_few else release_evidence(viewer, surface.cells),
        why={} if too_few else release_reasons(viewer, explain(surface, cases, visits)),
        beaches=_there(reference.beaches(), area),
        schools=_nameless(),
        borders=_there(reference.border_crossings(), area),
    )
    said = {"risk": surface.verdict, "clusters": groups.verdict}
    return made, {layer: verdict for layer, verdict in said.items() if verdict}


def _left(cases: GeoDataFrame, filters: MapFilters) -> GeoDataFrame:
    """Return the cases that the filters leave."""
    at = cases["identified_at"]
    keep = at.notna()
    if filters.sectors:
        keep &= cases["sector"].isin(filters.sectors)
    if filters.degrees:
        keep &= cases["risk_degree"].isin(filters.degrees)
    if filters.first is not None:
        keep &= at >= datetime.combine(filters.first, time(), TIRANE)
    if filters.last is not None:
        keep &= at < datetime.combine(filters.last + timedelta(days=1), time(), TIRANE)
    if filters.slots and len(cases):
        wanted = [SLOT_IDS.index(slot) for slot in filters.slots]
        # A case of which only the day is known is in no hour.
        keep &= cases["hour_known"] & np.isin(slots_of(at), wanted)
    if filters.season:
        keep &= at.dt.tz_convert(TIRANE).dt.month.isin(SEASONS[filters.season])
    return cases[keep]


def _awake(places: GeoDataFrame, filters: MapFilters) -> GeoDataFrame:
    """Return the places that are in use in some month of the season."""
    if not filters.season or places.empty:
        return places
    months = [awake(places, month) for month in SEASONS[filters.season]]
    return places[months[0] | months[1] | months[2]]


def _counts(cases: GeoDataFrame) -> dict[str, int]:
    """Return how many cases there are at which place."""
    return {str(place): int(n) for place, n in cases["place_id"].value_counts().items() if place}


def _states(places: GeoDataFrame, evidence: Evidence, moment: datetime) -> dict[str, str]:
    """Return which places are overdue, and which were visited in time."""
    finished = evidence.visits[evidence.visits["ended_at"] > evidence.visits["started_at"]]
    since = place_history(places["place_id"], finished, moment)["days_since"].dropna()
    most = StopSettings().interval_days
    return {str(place): VISITED if days <= most else OVERDUE for place, days in since.items()}


def _segments(house: House, perimeters: GeoDataFrame) -> GeoDataFrame:
    segments = house.store.segments()
    return segments[segments["perimeter_id"].isin(perimeters["perimeter_id"])]


def _there(landmarks: GeoDataFrame, area: Area) -> GeoDataFrame:
    """Return the landmarks of the area's municipality, or all of the country's."""
    if area.municipality is None:
        return landmarks
    return landmarks[landmarks["municipality"] == area.municipality]


def _nameless() -> GeoDataFrame:
    return GeoDataFrame({"name": []}, geometry=[], crs=EDGE_CRS)


def _mask(house: House, viewer: Viewer) -> Mask:
    key = mask_key(house.home)
    shapes = reference.municipality_polygons()
    large = reference.settlements().query("population >= @_TOWN_PEOPLE")
    towns = shapely.union_all([around(point, _TOWN_M) for point in large.geometry])
    shapely.prepare(towns)
    return Mask(
        key=key.key,
        epoch=key.epoch,
        role=viewer.role,
        municipalities=dict(zip(shapes["code"], shapes.geometry, strict=True)),
        towns=towns,
    )
