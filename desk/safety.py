"""A municipality's limits of safety: kept by its coordinator, and joined with its danger zones."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from datetime import date
from typing import Any, Final

import pandas as pd
from geopandas import GeoDataFrame

from data import frames, reference
from data.access import Action, Purpose, require
from data.errors import ContractError
from data.fieldwork import Contact
from data.messages import Message
from data.nouns import Area, Viewer
from data.vocabulary import PerimeterKind, PlaceKind
from desk.identity import demo_is_open, is_demo
from desk.settings import phone_number
from desk.wiring import House
from geo.mines import danger_zones, within_zones
from patrol.checkins import CheckInSettings
from patrol.safety import SafetySettings

__all__ = [
    "LONGEST_CHAIN",
    "keep_rhythm",
    "keep_safety",
    "rhythm_of",
    "safety_for",
    "safety_of",
    "set_heat_alert",
    "team_names",
    "with_zones",
]

LONGEST_CHAIN: Final = 5
_LONGEST_NAME: Final = 60
_EVERY_MIN: Final = (15, 240)
_GRACE_MIN: Final = (0, 60)
_LAST_HOUR: Final = 24
#: Whose surroundings are dangerous by themselves; at a landfill people work every day, so that
#: its coordinator says which of its places need an escort.
_DANGEROUS: Final = frozenset({PerimeterKind.MINE, PerimeterKind.QUARRY})
#: Width of the danger zone where a mining area is known and nobody drew its perimeter.
_DANGER_M: Final = 300.0


def safety_of(house: House, municipality: str | None) -> SafetySettings:
    """Return the limits a municipality set for itself, else the usual ones."""
    record = _read(house, "safety", municipality)
    return SafetySettings() if record is None else _settings(record)


def safety_for(house: House, viewer: Viewer, municipality: str) -> SafetySettings:
    """Return the limits that its next plan keeps, the places of its danger zones among them.

    Raises
    ------
    AccessDeniedError
        If the viewer may not plan there.
    """
    require(viewer, Action.PLAN, municipality)
    area = reference.area_of(municipality)
    return with_zones(house, area, house.store.places(municipality), {})


def team_names(house: House, viewer: Viewer, municipality: str) -> dict[str, str]:
    """Return the names of a municipality's teams by id, for choosing those that go by day."""
    require(viewer, Action.PLAN, municipality)
    return {team.id: team.name for team in house.store.teams(municipality)}


def with_zones(
    house: House, area: Area, places: GeoDataFrame, merged: Mapping[str, str]
) -> SafetySettings:
    """Return an area's limits with every place that is visited with an escort only.

    Parameters
    ----------
    merged
        As which place a merged one counts.
    """
    own = safety_of(house, area.municipality)
    marked = {merged.get(place, place) for place in own.escort_places}
    perimeters = _dangerous(house)
    rough = perimeters["approximate"].astype(bool)
    heaps = places[places["kind"] == PlaceKind.MINE_HEAP]
    inside = {
        *within_zones(places, danger_zones(perimeters[~rough], area)),
        # A rough outline covers the town beside the mine as well: there only heaps are certain.
        *within_zones(heaps, danger_zones(perimeters[rough], area)),
    }
    return replace(own, escort_places=tuple(sorted(marked | inside)))


def _dangerous(house: House) -> GeoDataFrame:
    """Return perimeters of mines and quarries, and mining areas where nobody drew one."""
    known = house.store.perimeters()
    areas = reference.mining_areas()
    areas = areas[~areas["municipality"].isin(set(known["municipality"]))].reset_index(drop=True)
    areas = areas.assign(
        perimeter_id=[f"area-{n}" for n in range(len(areas))],
        danger_m=_DANGER_M,
        synthetic=False,
    )
    columns = [*frames.PERIMETERS.columns, "geometry"]
    both = [frame[columns] for frame in (known, areas) if not frame.empty]
    joined = pd.concat(both, ignore_index=True) if both else known
    return joined[joined["kind"].isin([str(kind) for kind in _DANGEROUS])].reset_index(drop=True)


def keep_safety(house: House, viewer: Viewer, municipality: str, settings: SafetySettings) -> None:
    """Keep a municipality's limits; they hold for the plans that are made from now on.

    Raises
    ------
    AccessDeniedError
        If the viewer may not plan there.
    ContractError
        If an hour is none, or a span of hours is empty.
    """
    require(viewer, Action.PLAN, municipality)
    for first, last in (settings.daylight, settings.heat_hours, settings.alert_hours):
        if not 0 <= first < last <= _LAST_HOUR:
            raise ContractError(Message("safety.hours_order"))
    house.audit(viewer, "safety.set", purpose=Purpose.PLAN, scope=municipality)
    record = asdict(settings) | {"heat_alerts": [str(day) for day in settings.heat_alerts]}
    _write(house, viewer, "safety", municipality, record)


def set_heat_alert(house: House, viewer: Viewer, municipality: str, day: date, *, on: bool) -> None:
    """Give or take back a heat alert on a day, for the plans that are made from now on.

    Raises
    ------
    AccessDeniedError
        If the viewer may not plan there.
    """
    settings = safety_of(house, municipality)
    days = set(settings.heat_alerts) | {day} if on else set(settings.heat_alerts) - {day}
    keep_safety(house, viewer, municipality, replace(settings, heat_alerts=tuple(sorted(days))))


def rhythm_of(house: House, municipality: str | None) -> CheckInSettings:
    """Return how often a municipality's teams give a sign, and whom to call when one does not."""
    record = _read(house, "check_ins", municipality)
    if record is None:
        return CheckInSettings()
    chain = tuple(Contact(**contact) for contact in record["chain"])
    return CheckInSettings(**{**record, "chain": chain})


def keep_rhythm(house: House, viewer: Viewer, municipality: str, rhythm: CheckInSettings) -> None:
    """Keep a municipality's rhythm and its call chain.

    Raises
    ------
    AccessDeniedError
        If the viewer does not keep the municipality's teams.
    ContractError
        If minutes are out of range, or a link of the chain has no name or telephone.
    """
    require(viewer, Action.EDIT_TEAMS, municipality)
    for value, (low, high) in ((rhythm.every_min, _EVERY_MIN), (rhythm.grace_min, _GRACE_MIN)):
        if not low <= value <= high:
            raise ContractError(Message("safety.minutes_range", {"low": low, "high": high}))
    chain = _chain(rhythm.chain)
    house.audit(viewer, "check_ins.set", purpose=Purpose.TEAMS, scope=municipality)
    record = asdict(replace(rhythm, chain=chain))
    _write(house, viewer, "check_ins", municipality, record)


def _chain(contacts: Iterable[Contact]) -> tuple[Contact, ...]:
    found = []
    for contact in contacts:
        name, phone = " ".join(contact.name.split()), phone_number(contact.phone)
        if not name and not phone:
            continue
        if not (0 < len(name) <= _LONGEST_NAME and phone):
            raise ContractError(Message("safety.chain_link"))
        found.append(Contact(name=name, phone=phone))
    return tuple(found[:LONGEST_CHAIN])


def _settings(record: Mapping[str, Any]) -> SafetySettings:
    return SafetySettings(
        escort_places=tuple(record["escort_places"]),
        daylight=_span(record["daylight"]),
        daylight_kinds=tuple(PlaceKind(kind) for kind in record["daylight_kinds"]),
        daylight_teams=tuple(record["daylight_teams"]),
        heat_months=tuple(record["heat_months"]),
        heat_hours=_span(record["heat_hours"]),
        heat_alerts=tuple(date.fromisoformat(day) for day in record["heat_alerts"]),
        alert_hours=_span(record["alert_hours"]),
        sheltered_kinds=tuple(PlaceKind(kind) for kind in record["sheltered_kinds"]),
    )


def _span(hours: list[int]) -> tuple[int, int]:
    first, last = hours
    return first, last


def _read(house: House, what: str, municipality: str | None) -> dict[str, Any] | None:
    if municipality is None:
        return None
    found = house.store.setting(_key(what, municipality, demo=False))
    if not found and demo_is_open(house):
        found = house.store.setting(_key(what, municipality, demo=True))
    return json.loads(found) if found else None


def _write(
    house: House, viewer: Viewer, what: str, municipality: str, record: Mapping[str, Any]
) -> None:
    key = _key(what, municipality, demo=is_demo(viewer))
    house.store.set_setting(key, json.dumps(record, ensure_ascii=False))


def _key(what: str, municipality: str, *, demo: bool) -> str:
    """Return the setting's name: what was only tried never stands beside real data."""
    return f"{what}.demo.{municipality}" if demo else f"{what}.{municipality}"
