"""What a coordinator decides on places: confirm, edit, refuse, merge, take back, undo, add.

Each one is kept whole or not at all, and leaves its line in the audit with the
code of the place. What is decided while the demonstration stands belongs to it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import pandas as pd
from geopandas import GeoDataFrame

from data.access import Action, Purpose, require
from data.errors import ContractError
from data.messages import Message
from data.nouns import TIRANE, Decision, Viewer
from data.vocabulary import EvidenceKind, RegisterState
from desk import demo
from desk.evidence import Files, evidence_of
from desk.ground import area_of
from desk.identity import is_demo
from desk.record_forms import PlaceForm
from desk.records import new_place
from desk.register import owners
from desk.wiring import House
from geo.register import expiry
from geo.slots import SLOT_IDS

__all__ = [
    "Change",
    "RegisterForm",
    "add",
    "confirm",
    "edit",
    "merge",
    "refuse",
    "undo",
    "withdraw",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterForm:
    """What a coordinator enters of a place at risk; `slots` empty: those of its cases or kind."""

    evidence: EvidenceKind
    owner: str = ""
    slots: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What an action changed, so that it can be undone; `None` is no decision at all."""

    place_id: str
    before: Decision | None
    after: Decision | None


def confirm(
    house: House, viewer: Viewer, municipality: str, place_id: str, form: RegisterForm
) -> Change:
    """Confirm a place, for the first time or again: it counts for ninety days of its season.

    Raises
    ------
    AccessDeniedError
        If the viewer is not the coordinator there.
    ContractError
        If place, owner or hours are unknown there.
    """
    _may(house, viewer, "confirm", municipality, place_id)
    rows = _place(house, municipality, place_id)
    return _decide(house, viewer, _confirmed(house, viewer, rows, form), rows)


def edit(
    house: House, viewer: Viewer, municipality: str, place_id: str, form: RegisterForm
) -> Change:
    """Change owner, hours or evidence of a confirmed place; it expires when it did before.

    Raises
    ------
    ContractError
        If nobody confirmed it, or owner or hours are unknown there.
    """
    _may(house, viewer, "edit", municipality, place_id)
    standing = _standing(house, municipality, place_id)
    if standing.state is not RegisterState.CONFIRMED:
        raise ContractError(Message("register.not_confirmed"))
    _check(house, viewer, municipality, form)
    changed = replace(
        standing, owner=form.owner, slots=_in_order(form.slots), evidence=form.evidence
    )
    return _decide(house, viewer, changed)


def refuse(
    house: House, viewer: Viewer, municipality: str, place_id: str, evidence: EvidenceKind
) -> Change:
    """Refuse a place: it does not count for ninety days, or until somebody is met there.

    Raises
    ------
    ContractError
        If the place is unknown there.
    """
    _may(house, viewer, "refuse", municipality, place_id)
    rows = _place(house, municipality, place_id)
    now = _now()
    refused = Decision(
        place_id=place_id,
        municipality=municipality,
        state=RegisterState.REFUSED,
        evidence=evidence,
        decided_at=now,
        decided_by=viewer.account,
        expires_at=expiry(now),
    )
    return _decide(house, viewer, refused, rows)


def merge(house: House, viewer: Viewer, municipality: str, place_id: str, into: str) -> Change:
    """Count a place with another one of the municipality from now on.

    Raises
    ------
    ContractError
        If one of them is unknown there, both are the same, or the other is merged itself.
    """
    _may(house, viewer, "merge", municipality, place_id)
    if place_id == into:
        raise ContractError(Message("register.merge_itself"))
    rows = [_place(house, municipality, one) for one in (place_id, into)]
    standing = {one.place_id: one for one in house.store.register.decisions(municipality)}
    if into in standing and standing[into].state is RegisterState.MERGED:
        raise ContractError(Message("register.merge_merged"))
    before = standing.get(place_id)
    merged = Decision(
        place_id=place_id,
        municipality=municipality,
        state=RegisterState.MERGED,
        evidence=EvidenceKind.MODEL if before is None else before.evidence,
        decided_at=_now(),
        decided_by=viewer.account,
        merged_into=into,
    )
    return _decide(house, viewer, merged, pd.concat(rows, ignore_index=True))


def withdraw(house: House, viewer: Viewer, municipality: str, place_id: str) -> Change:
    """Take back what was decided on a place, whenever that was: only the model speaks of it then.

    Raises
    ------
    ContractError
        If nothing was decided on it.
    """
    _may(house, viewer, "withdraw", municipality, place_id)
    standing = _standing(house, municipality, place_id)
    house.store.register.put_back(place_id, now=standing, before=None)
    return Change(place_id=place_id, before=standing, after=None)


def undo(house: House, viewer: Viewer, municipality: str, change: Change) -> None:
    """Let stand what stood before an action.

    Raises
    ------
    ContractError
        If the place was decided on otherwise in the meantime, or lies elsewhere.
    """
    _may(house, viewer, "undo", municipality, change.place_id)
    named = {one.municipality for one in (change.before, change.after) if one is not None}
    if named != {municipality}:
        raise ContractError(Message("record.unknown"))
    house.store.register.put_back(
        change.place_id,
        now=change.after,
        before=change.before,
        synthetic=_is_invented(house, viewer),
    )


def add(house: House, viewer: Viewer, place: PlaceForm, form: RegisterForm) -> Change:
    """Keep a new place and confirm it at once; the first real one takes the demonstration away.

    Raises
    ------
    AccessDeniedError
        If the viewer may not edit there.
    ContractError
        If a form breaks a rule.
    """
    require(viewer, Action.EDIT_RECORDS, place.municipality)
    rows = new_place(viewer, place)
    _may(house, viewer, "add", place.municipality, str(rows["place_id"].iloc[0]))
    gives_way = demo.gives_way(house, viewer)
    if gives_way and form.owner:
        # The people of the demonstration go with it.
        raise ContractError(Message("register.owner_unknown"))
    confirmed = _confirmed(house, viewer, rows, form)
    synthetic = is_demo(viewer)
    before = house.store.register.decide(
        confirmed, places=rows, synthetic=synthetic, instead_of_demo=gives_way
    )
    return Change(place_id=confirmed.place_id, before=before, after=confirmed)


def _may(house: House, viewer: Viewer, action: str, municipality: str, place_id: str) -> None:
    require(viewer, Action.EDIT_REGISTER, municipality)
    house.audit(
        viewer, f"register.{action} {place_id}", purpose=Purpose.REGISTER, scope=municipality
    )


def _now() -> datetime:
    return datetime.now(TIRANE).replace(microsecond=0)


def _is_invented(house: House, viewer: Viewer) -> bool:
    return is_demo(viewer) or house.store.holds_demo()


def _decide(
    house: House, viewer: Viewer, decision: Decision, rows: GeoDataFrame | None = None
) -> Change:
    before = house.store.register.decide(
        decision, places=rows, synthetic=_is_invented(house, viewer)
    )
    return Change(place_id=decision.place_id, before=before, after=decision)


def _place(house: House, municipality: str, place_id: str) -> GeoDataFrame:
    """Return the one row of a place; of one that nobody kept yet, as its cases make it."""
    places = house.store.places(municipality)
    if place_id not in set(places["place_id"]):
        places = evidence_of(house, area_of(municipality), Files(), until=_now()).places
        places = places[places["municipality"] == municipality]
    rows = places[places["place_id"] == place_id]
    if rows.empty:
        raise ContractError(Message("record.unknown"))
    return rows


def _standing(house: House, municipality: str, place_id: str) -> Decision:
    decisions = house.store.register.decisions(municipality)
    standing = next((one for one in decisions if one.place_id == place_id), None)
    if standing is None:
        raise ContractError(Message("record.unknown"))
    return standing


def _confirmed(house: House, viewer: Viewer, rows: GeoDataFrame, form: RegisterForm) -> Decision:
    row = rows.iloc[0]
    _check(house, viewer, row["municipality"], form)
    now = _now()
    return Decision(
        place_id=row["place_id"],
        municipality=row["municipality"],
        state=RegisterState.CONFIRMED,
        evidence=form.evidence,
        decided_at=now,
        decided_by=viewer.account,
        expires_at=expiry(now, (int(row["awake_from"]), int(row["awake_to"]))),
        owner=form.owner,
        slots=_in_order(form.slots),
    )


def _check(house: House, viewer: Viewer, municipality: str, form: RegisterForm) -> None:
    if form.owner and form.owner not in owners(house, viewer, municipality):
        raise ContractError(Message("register.owner_unknown"))
    if not set(form.slots) <= set(SLOT_IDS):
        raise ContractError(Message("register.slot_unknown"))


def _in_order(slots: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(slot for slot in SLOT_IDS if slot in slots)
