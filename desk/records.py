"""One record at a time: a case, a visit or a place entered by hand, corrected, or erased."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import shapely
from geopandas import GeoDataFrame

from data import frames, reference
from data.access import Action, Purpose, require
from data.crs import EDGE_CRS
from data.errors import ContractError
from data.messages import Message
from data.nouns import TIRANE, Viewer
from data.readers.codes import make_code
from data.store import UnitStatus
from data.vocabulary import (
    AgeBand,
    Engagement,
    MappingStatus,
    PlaceKind,
    RiskDegree,
    Schooling,
    Sector,
    Source,
    VisitOutcome,
    VisitPurpose,
)
from desk.identity import is_demo
from desk.wiring import House
from geo.places import join_cases

__all__ = [
    "CaseForm",
    "PlaceForm",
    "VisitForm",
    "add_case",
    "add_place",
    "add_visit",
    "correct",
    "correct_place",
    "erase",
    "own_cases",
    "own_places",
    "own_visits",
    "set_unit_status",
]

_LONGEST_NAME = 80
_LONGEST_VISIT_H = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceForm:
    """A place as somebody enters it; months are 1 to 12, January to December being all year."""

    municipality: str
    name: str
    kind: PlaceKind
    lon: float
    lat: float
    awake_from: int = 1
    awake_to: int = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseForm:
    """A case as somebody enters it: at a known place, and never with a name."""

    municipality: str
    place_id: str
    identified_at: datetime
    hour_known: bool
    sector: Sector
    risk_degree: RiskDegree
    source: Source
    engagement: Engagement = Engagement.UNKNOWN
    age_band: AgeBand = AgeBand.UNKNOWN
    schooling: Schooling = Schooling.UNKNOWN
    municipality_home: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitForm:
    """A visit as somebody enters it: a team, a place, from when to when, and what it met."""

    municipality: str
    place_id: str
    team: str
    started_at: datetime
    ended_at: datetime
    purpose: VisitPurpose
    outcome: VisitOutcome
    n_seen: int = 0
    n_identified: int = 0
    n_not_enrolled: int = 0
    n_without_health_card: int = 0


def _code() -> str:
    """Return a random code with a check symbol: nothing about a child is in it."""
    return make_code(secrets.token_hex(16))


def own_cases(house: House, viewer: Viewer, municipality: str) -> GeoDataFrame:
    """Return the municipality's cases, to be corrected or erased."""
    require(viewer, Action.EDIT_RECORDS, municipality)
    house.audit(viewer, "cases.see", purpose=Purpose.IMPORT, scope=municipality)
    return house.store.cases(municipality)


def own_visits(house: House, viewer: Viewer, municipality: str) -> pd.DataFrame:
    """Return the municipality's visits, to be corrected or erased."""
    require(viewer, Action.EDIT_RECORDS, municipality)
    house.audit(viewer, "visits.see", purpose=Purpose.IMPORT, scope=municipality)
    return house.store.visits(municipality)


def own_places(house: House, viewer: Viewer, municipality: str) -> GeoDataFrame:
    """Return the municipality's places."""
    require(viewer, Action.EDIT_RECORDS, municipality)
    house.audit(viewer, "places.see", purpose=Purpose.IMPORT, scope=municipality)
    return house.store.places(municipality)


def add_place(house: House, viewer: Viewer, form: PlaceForm) -> str:
    """Keep a new place; return its id.

    Raises
    ------
    AccessDeniedError
        If the viewer may not edit there.
    ContractError
        If the name is empty or too long, or the point lies outside the municipality.
    """
    _may(house, viewer, "places.add", form.municipality)
    place_id = f"P-{_code()}"
    row = {"place_id": place_id, **_place_columns(form), "synthetic": is_demo(viewer)}
    frame = GeoDataFrame([row], geometry=[shapely.Point(form.lon, form.lat)], crs=EDGE_CRS)
    house.store.add({"places": frames.PLACES.check(frame)})
    return place_id


def correct_place(house: House, viewer: Viewer, place_id: str, form: PlaceForm) -> None:
    """Change a place of the viewer's own municipality.

    Raises
    ------
    ContractError
        If there is no such place there, or the form breaks a rule.
    """
    _may(house, viewer, "places.correct", form.municipality)
    _known(house.store.places(form.municipality), "place_id", place_id)
    row = {"place_id": place_id, **_place_columns(form), "synthetic": is_demo(viewer)}
    frame = GeoDataFrame([row], geometry=[shapely.Point(form.lon, form.lat)], crs=EDGE_CRS)
    house.store.add({"places": frames.PLACES.check(frame)})


def _place_columns(form: PlaceForm) -> dict[str, object]:
    name = " ".join(form.name.split())
    if not 0 < len(name) <= _LONGEST_NAME:
        raise ContractError(Message("record.name_length", {"n": _LONGEST_NAME}))
    if not reference.area_of(form.municipality).boundary.intersects(
        shapely.Point(form.lon, form.lat)
    ):
        raise ContractError(Message("record.point_outside"))
    return {
        "name": name,
        "kind": str(form.kind),
        "municipality": form.municipality,
        "unit": _nearest_unit(form),
        "awake_from": form.awake_from,
        "awake_to": form.awake_to,
    }


def _nearest_unit(form: PlaceForm) -> str:
    stretch = 0.75  # a degree east over a degree north at Albania's latitude
    return min(
        reference.units(form.municipality),
        key=lambda u: (((u.lon - form.lon) * stretch) ** 2 + (u.lat - form.lat) ** 2, u.id),
    ).id


def add_case(house: House, viewer: Viewer, form: CaseForm) -> str:
    """Keep a new case at a known place; return its random code.

    Raises
    ------
    ContractError
        If the place is unknown there, or the case lies in the future.
    """
    _may(house, viewer, "cases.add", form.municipality)
    places = house.store.places(form.municipality)
    place = _known(places, "place_id", form.place_id)
    if form.identified_at > datetime.now(TIRANE):
        raise ContractError(Message("record.future"))
    code = _code()
    moments = pd.Series(pd.to_datetime([form.identified_at], utc=True)).dt.tz_convert(TIRANE)
    row = {
        "case_code": code,
        "place_id": form.place_id,
        "municipality_found": form.municipality,
        "municipality_home": form.municipality_home,
        "hour_known": form.hour_known,
        "sector": str(form.sector),
        "risk_degree": str(form.risk_degree),
        "engagement": str(form.engagement),
        "age_band": str(form.age_band),
        "schooling": str(form.schooling),
        "source": str(form.source),
        "synthetic": is_demo(viewer),
    }
    frame = GeoDataFrame([row], geometry=[place.geometry.iloc[0]], crs=EDGE_CRS).assign(
        identified_at=moments,
        referred_at=pd.Series(pd.to_datetime([None], utc=True)).dt.tz_convert(TIRANE),
    )
    joined, _ = join_cases(frame, places, reference.area_of(form.municipality))
    house.store.add({"cases": joined})
    return code


def add_visit(house: House, viewer: Viewer, form: VisitForm) -> str:
    """Keep a visit to a known place; return its code.

    Raises
    ------
    ContractError
        If the place is unknown there, the times do not fit, or the counts do not.
    """
    _may(house, viewer, "visits.add", form.municipality)
    _known(house.store.places(form.municipality), "place_id", form.place_id)
    _check_visit(form)
    code = _code()
    row = {
        "visit_id": code,
        "place_id": form.place_id,
        "municipality": form.municipality,
        "team": form.team,
        "started_at": pd.Timestamp(form.started_at).tz_convert(TIRANE),
        "ended_at": pd.Timestamp(form.ended_at).tz_convert(TIRANE),
        "purpose": str(form.purpose),
        "outcome": str(form.outcome),
        "n_seen": form.n_seen,
        "n_identified": form.n_identified,
        "n_not_enrolled": form.n_not_enrolled,
        "n_without_health_card": form.n_without_health_card,
        "synthetic": is_demo(viewer),
    }
    house.store.add({"visits": frames.VISITS.check(pd.DataFrame([row]))})
    return code


def _check_visit(form: VisitForm) -> None:
    hours = (form.ended_at - form.started_at).total_seconds() / 3600
    if not 0 < hours <= _LONGEST_VISIT_H:
        raise ContractError(Message("record.visit_times"))
    if form.ended_at > datetime.now(TIRANE):
        raise ContractError(Message("record.future"))
    parts = (form.n_identified, form.n_not_enrolled, form.n_without_health_card)
    nobody = form.outcome is VisitOutcome.NOBODY
    identified = form.outcome is VisitOutcome.IDENTIFIED
    if (
        nobody != (form.n_seen == 0)
        or identified != (form.n_identified > 0)
        or any(part > form.n_seen for part in parts)
    ):
        raise ContractError(Message("record.counts"))


def correct(house: House, viewer: Viewer, noun: str, key: str, changes: Mapping[str, Any]) -> None:
    """Change columns of one of the viewer's own cases or visits.

    Raises
    ------
    ContractError
        If there is no such record in the viewer's municipalities, or a rule is broken.
    """
    town = _town_of(house, viewer, noun, key)
    _may(house, viewer, f"{noun}.correct", town)
    house.store.correct(noun, key, changes)


def erase(house: House, viewer: Viewer, noun: str, key: str) -> None:
    """Erase one of the viewer's own cases, visits or places for good.

    A place that cases or visits still speak of stays: they would lose it.

    Raises
    ------
    ContractError
        If there is no such record in the viewer's municipalities, or the place is still used.
    """
    town = _town_of(house, viewer, noun, key)
    _may(house, viewer, f"{noun}.erase", town)
    if noun == "places":
        used = house.store.cases(town)["place_id"].eq(key).any()
        used = used or house.store.visits(town)["place_id"].eq(key).any()
        if used:
            raise ContractError(Message("record.place_used"))
    house.store.erase(noun, key)


def set_unit_status(house: House, viewer: Viewer, unit: str, status: MappingStatus) -> None:
    """Keep what a unit says of itself: places found, or looked and found none.

    Raises
    ------
    ContractError
        If there is no such unit.
    """
    known = {one.id: one.municipality for one in reference.units()}
    if unit not in known:
        raise ContractError(Message("record.unknown"))
    _may(house, viewer, "unit.status", known[unit])
    house.store.set_unit_status(
        UnitStatus(unit=unit, municipality=known[unit], status=status, at=datetime.now(UTC)),
        synthetic=is_demo(viewer),
    )


def _may(house: House, viewer: Viewer, action: str, municipality: str) -> None:
    require(viewer, Action.EDIT_RECORDS, municipality)
    house.audit(viewer, action, purpose=Purpose.IMPORT, scope=municipality)


def _known(frame: pd.DataFrame, column: str, key: str) -> pd.DataFrame:
    rows = frame[frame[column] == key]
    if rows.empty:
        raise ContractError(Message("record.unknown"))
    return rows


def _town_of(house: House, viewer: Viewer, noun: str, key: str) -> str:
    """Return the municipality of a record among those the viewer works in."""
    for town in sorted(viewer.municipalities):
        frame, column = {
            "cases": (house.store.cases, "case_code"),
            "visits": (house.store.visits, "visit_id"),
            "places": (house.store.places, "place_id"),
        }[noun]
        if key in set(frame(town)[column]):
            return town
    raise ContractError(Message("record.unknown"))
