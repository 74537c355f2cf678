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
from data.nouns import Viewer
from data.readers.codes import make_code
from data.store import UnitStatus
from data.vocabulary import MappingStatus
from desk import demo
from desk.identity import is_demo
from desk.record_forms import (
    CaseForm,
    PlaceForm,
    VisitForm,
    case_columns,
    moments,
    place_columns,
    visit_columns,
)
from desk.wiring import House

__all__ = [
    "CaseForm",
    "Choices",
    "PlaceForm",
    "VisitForm",
    "add_case",
    "add_place",
    "add_visit",
    "choices",
    "correct_case",
    "correct_place",
    "correct_visit",
    "erase",
    "new_place",
    "own_cases",
    "own_places",
    "own_visits",
    "set_unit_status",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What a form of cases or visits may name: places and teams by their ids.

    `replaces_demo` says that the first record entered takes the demonstration
    away; its places cannot be named then.
    """

    municipality: str
    places: Mapping[str, str]
    teams: Mapping[str, str]
    replaces_demo: bool = False


def _code() -> str:
    """Return a random code with a check symbol: nothing about a child is in it."""
    return make_code(secrets.token_hex(16))


def choices(house: House, viewer: Viewer, municipality: str, *, known: bool = False) -> Choices:
    """Return what a viewer's forms may name in a municipality.

    A `known` record that is corrected goes on naming what it names: the
    demonstration stays with it. A new one does not.
    """
    require(viewer, Action.EDIT_RECORDS, municipality)
    replaces_demo = not known and demo.gives_way(house, viewer)
    places = house.store.places(municipality).sort_values("name")
    places = places[~places["synthetic"]] if replaces_demo else places
    teams = () if replaces_demo else house.store.teams(municipality)
    return Choices(
        municipality=municipality,
        places=dict(zip(places["place_id"], places["name"], strict=True)),
        teams={team.id: team.name for team in teams},
        replaces_demo=replaces_demo,
    )


def own_cases(house: House, viewer: Viewer, municipality: str) -> GeoDataFrame:
    """Return the municipality's cases, to be corrected or erased."""
    _may(house, viewer, "cases.see", municipality)
    return house.store.cases(municipality)


def own_visits(house: House, viewer: Viewer, municipality: str) -> pd.DataFrame:
    """Return the municipality's visits, to be corrected or erased."""
    _may(house, viewer, "visits.see", municipality)
    return house.store.visits(municipality)


def own_places(house: House, viewer: Viewer, municipality: str) -> GeoDataFrame:
    """Return the municipality's places."""
    _may(house, viewer, "places.see", municipality)
    return house.store.places(municipality)


def add_place(house: House, viewer: Viewer, form: PlaceForm) -> str:
    """Keep a new place; return its id.

    Raises
    ------
    AccessDeniedError
        If the viewer may not edit there.
    ContractError
        If the form breaks a rule of `place_columns`.
    """
    _may(house, viewer, "places.add", form.municipality)
    frame = new_place(viewer, form)
    _add(house, viewer, "places", frame)
    return str(frame["place_id"].iloc[0])


def new_place(viewer: Viewer, form: PlaceForm) -> GeoDataFrame:
    """Return a new place as PLACES, under a random code; nothing is kept yet.

    Raises
    ------
    ContractError
        If the form breaks a rule of `place_columns`.
    """
    row = {"place_id": f"P-{_code()}", **place_columns(form), "synthetic": is_demo(viewer)}
    frame = GeoDataFrame([row], geometry=[shapely.Point(form.lon, form.lat)], crs=EDGE_CRS)
    return frames.PLACES.check(frame)


def add_case(house: House, viewer: Viewer, form: CaseForm) -> str:
    """Keep a new case at a known place; return its random code.

    Raises
    ------
    ContractError
        If the place is unknown there, or the form breaks a rule of `case_columns`.
    """
    _may(house, viewer, "cases.add", form.municipality)
    place = _known(_places(house, viewer, form.municipality), "place_id", form.place_id)
    code = _code()
    row = {"case_code": code, **case_columns(form), "synthetic": is_demo(viewer)}
    frame = GeoDataFrame([row], geometry=[place.geometry.iloc[0]], crs=EDGE_CRS).assign(
        identified_at=moments(form.identified_at),
        identified_until=moments(None),
        referred_at=moments(form.referred_at),
    )
    _add(house, viewer, "cases", frames.CASES.check(frame))
    return code


def add_visit(house: House, viewer: Viewer, form: VisitForm) -> str:
    """Keep a visit to a known place; return its code.

    Raises
    ------
    ContractError
        If place or team are unknown there, or the form breaks a rule of `visit_columns`.
    """
    _may(house, viewer, "visits.add", form.municipality)
    known = choices(house, viewer, form.municipality)
    if form.place_id not in known.places or form.team not in {"", *known.teams}:
        raise ContractError(Message("record.unknown"))
    code = _code()
    row = {"visit_id": code, **visit_columns(form), "synthetic": is_demo(viewer)}
    frame = pd.DataFrame([row]).assign(
        started_at=moments(form.started_at), ended_at=moments(form.ended_at)
    )
    _add(house, viewer, "visits", frames.VISITS.check(frame))
    return code


def correct_place(house: House, viewer: Viewer, place_id: str, form: PlaceForm) -> None:
    """Change a place of the viewer's own municipality; it stays invented or real.

    Raises
    ------
    ContractError
        If there is no such place there, or the form breaks a rule.
    """
    _may(house, viewer, "places.correct", form.municipality)
    _known(house.store.places(form.municipality), "place_id", place_id)
    columns = place_columns(form)
    point = shapely.Point(form.lon, form.lat)
    house.store.correct("places", place_id, {**columns, "geometry": [point]})


def correct_case(house: House, viewer: Viewer, code: str, form: CaseForm) -> None:
    """Change a case of the viewer's own municipality; it stays there, invented or real.

    Its point stays too, unless it is given another place. A case that stands at
    no place may stay at none.

    Raises
    ------
    ContractError
        If there is no such case or place there, or the form breaks a rule.
    """
    _may(house, viewer, "cases.correct", form.municipality)
    case = _known(house.store.cases(form.municipality), "case_code", code)
    changes: dict[str, Any] = {
        **case_columns(form),
        "identified_at": moments(form.identified_at).array,
        "referred_at": moments(form.referred_at).array,
    }
    if form.hour_known or form.identified_at != case["identified_at"].iloc[0]:
        # Who knows the hour or the day better than before knows it better than a span.
        changes["identified_until"] = moments(None).array
    if form.place_id != case["place_id"].iloc[0]:
        place = _known(house.store.places(form.municipality), "place_id", form.place_id)
        changes["geometry"] = [place.geometry.iloc[0]]
    house.store.correct("cases", code, changes)


def correct_visit(house: House, viewer: Viewer, visit_id: str, form: VisitForm) -> None:
    """Change a visit of the viewer's own municipality; it stays there, invented or real.

    Raises
    ------
    ContractError
        If there is no such visit, place or team there, or the form breaks a rule.
    """
    _may(house, viewer, "visits.correct", form.municipality)
    visit = _known(house.store.visits(form.municipality), "visit_id", visit_id)
    _known(house.store.places(form.municipality), "place_id", form.place_id)
    teams = {team.id for team in house.store.teams(form.municipality)}
    # A team may have been erased since; its visits stay and go on naming it.
    if form.team not in {"", visit["team"].iloc[0], *teams}:
        raise ContractError(Message("record.unknown"))
    changes = {
        **visit_columns(form),
        "started_at": moments(form.started_at).array,
        "ended_at": moments(form.ended_at).array,
    }
    house.store.correct("visits", visit_id, changes)


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

    What is said while the demonstration stands belongs to it, and goes with it.

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
        synthetic=is_demo(viewer) or house.store.holds_demo(),
    )


def _may(house: House, viewer: Viewer, action: str, municipality: str) -> None:
    require(viewer, Action.EDIT_RECORDS, municipality)
    house.audit(viewer, action, purpose=Purpose.IMPORT, scope=municipality)


def _places(house: House, viewer: Viewer, municipality: str) -> GeoDataFrame:
    """Return the places that a new record may name: invented ones only while they stay."""
    places = house.store.places(municipality)
    return places[~places["synthetic"]] if demo.gives_way(house, viewer) else places


def _add(house: House, viewer: Viewer, noun: str, frame: pd.DataFrame) -> None:
    """Write a new record; the first real one takes the demonstration away with it."""
    house.store.add({noun: frame}, instead_of_demo=demo.gives_way(house, viewer))


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
