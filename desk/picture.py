"""What a viewer may see on the map: frames released by role, with verdicts in sentences.

Risk, places at risk and groups are worked out from all the cases of a
municipality, whatever the filters hide: a pattern of a part is soon an invented
one. They are released like the rows they rest on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
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
    require,
)
from data.crs import EDGE_CRS, around
from data.masking import Mask
from data.messages import Message
from data.nouns import TIRANE, Area, Marks, Viewer
from data.store.keys import mask_key
from data.vocabulary import PlaceKind, Role
from desk.backdrop import backdrop
from desk.evidence import Evidence, Files, evidence_of
from desk.ground import area_of, ground_of
from desk.wiring import House
from geo.clusters import find_clusters
from geo.hotspots import find_hotspots
from geo.mines import perimeter_report
from geo.risk import risk_surface
from geo.slots import SLOT_IDS, slots_of
from layers.map_view import MapFrames
from layers.maps.base import GroundFrames
from layers.maps.places import OVERDUE, VISITED
from patrol.coverage import awake
from patrol.history import place_history
from patrol.stops import StopSettings

__all__ = ["SEASONS", "MapFilters", "Picture", "country", "picture"]

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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Picture:
    """What may be drawn, and what has to be said with it.

    Parameters
    ----------
    verdicts
        Why something is not shown: too few cases to say, no real streets.
    n_cases, n_shown
        Cases the viewer may open, and those that the filters leave.
    n_without_point
        Of those shown, how many cannot be drawn.
    """

    frames: MapFrames
    ground: GroundFrames
    marks: Marks
    verdicts: tuple[Message, ...] = ()
    n_cases: int = 0
    n_shown: int = 0
    n_without_point: int = 0


def picture(
    house: House,
    viewer: Viewer,
    municipality: str | None,
    filters: MapFilters,
    *,
    as_of: datetime | None = None,
) -> Picture:
    """Return what a viewer may see of a municipality, or of the country (`None`).

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
        return _exact(house, viewer, area, filters, moment)
    return _masked(house, viewer, area, filters, moment)


def country() -> Area:
    """Return the whole country as an area."""
    return Area(id="AL", name="", boundary=reference.country_outline().geometry.iloc[0])


def _masked(
    house: House, viewer: Viewer, area: Area, filters: MapFilters, moment: datetime
) -> Picture:
    """Return what has no child in it: perimeters, landmarks, and places moved on purpose."""
    code = area.municipality
    known = house.store.places(code)
    mask = _mask(house, viewer)
    places = release_places(viewer, known, mask=mask)
    perimeters = release_perimeters(viewer, house.store.perimeters(code))
    found = MapFrames(
        places=_awake(places, filters),
        perimeters=perimeters,
        segments=_segments(house, perimeters),
        cases=frames.CASES.empty(),
        hotspots=frames.HOTSPOTS.empty(),
        clusters=frames.CLUSTERS.empty(),
        risk=frames.RISK.empty(),
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


def _exact(
    house: House, viewer: Viewer, area: Area, filters: MapFilters, moment: datetime
) -> Picture:
    """Return everything of a coordinator's own municipality."""
    evidence = evidence_of(house, area, Files(), until=moment)
    cases = release_cases(viewer, evidence.cases)
    shown = _filtered(cases, filters)
    network = ground_of(house, area).network
    found, verdicts = _worked_out(viewer, evidence, area, filters, moment)
    perimeters = release_perimeters(viewer, house.store.perimeters(area.municipality))
    segments = _segments(house, perimeters)
    known = release_places(viewer, evidence.places)
    near = known[known["kind"].isin([PlaceKind.SCHOOL, PlaceKind.SETTLEMENT])]
    report = perimeter_report(perimeters, segments, network, near, area)
    without = shown.geometry.isna() | shown.geometry.is_empty
    return Picture(
        frames=replace(
            found,
            places=_awake(known[known["kind"] != PlaceKind.SCHOOL], filters),
            schools=known[known["kind"] == PlaceKind.SCHOOL],
            states=_states(known, evidence, moment),
            cases=shown,
            perimeters=perimeters,
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
        verdicts=(*verdicts, *((report.note,) if report.note and len(perimeters) else ())),
        n_cases=len(cases),
        n_shown=len(shown),
        n_without_point=int(without.sum()),
    )


def _worked_out(
    viewer: Viewer, evidence: Evidence, area: Area, filters: MapFilters, moment: datetime
) -> tuple[MapFrames, tuple[Message, ...]]:
    """Return risk, places at risk and groups, or why there are none."""
    places, cases, visits = evidence.places, evidence.cases, evidence.visits
    surface = risk_surface(cases, visits, places, area, as_of=moment)
    hotspots = find_hotspots(surface, places, cases, visits)
    if filters.slots:
        wanted = set(filters.slots)
        hotspots = hotspots[[bool(wanted & set(slots)) for slots in hotspots["slots"]]]
    groups = find_clusters(cases, area)
    too_few = surface.verdict is not None
    made = MapFrames(
        places=frames.PLACES.empty(),
        perimeters=frames.PERIMETERS.empty(),
        segments=frames.SEGMENTS.empty(),
        cases=frames.CASES.empty(),
        hotspots=release_evidence(viewer, hotspots),
        clusters=release_evidence(viewer, groups.frame),
        risk=frames.RISK.empty() if too_few else release_evidence(viewer, surface.frame),
        risk_slots=filters.slots,
        beaches=_there(reference.beaches(), area),
        schools=_nameless(),
        borders=_there(reference.border_crossings(), area),
    )
    said = [surface.verdict, groups.verdict]
    # The same sentence twice, once of risk and once of groups, helps nobody.
    verdicts = [m for i, m in enumerate(said) if m and m.id not in {s.id for s in said[:i] if s}]
    return made, tuple(verdicts)


def _filtered(cases: GeoDataFrame, filters: MapFilters) -> GeoDataFrame:
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
