"""The coordinator changes a plan: ask the policy, gather the ground, change, keep, audit.

Every change makes a new version, so that nothing is lost: what was undone can be
brought back. What happens on the day itself goes to the teams at once where the
version it changes was approved, in the name of who changed it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, time

from data.access import Action, Purpose, require
from data.changes import Change, Spot
from data.errors import ContractError
from data.messages import Message
from data.nouns import TIRANE, Plan, Viewer
from data.vocabulary import PlaceKind, PlanStatus, TravelMode
from desk.ground import area_of, ground_of
from desk.identity import by_name
from desk.wiring import House
from patrol import orienteering
from patrol.compare import Compared, compare
from patrol.history import place_history
from patrol.instead import Instead, why_not
from patrol.revise import TODAY_KINDS, revise
from patrol.revise_ground import ReviseGround

__all__ = [
    "bring_back",
    "change_plan",
    "compared",
    "ground_for_changes",
    "price_of",
    "spots",
    "undo",
]


def ground_for_changes(
    house: House, viewer: Viewer, municipality: str, modes: Collection[TravelMode]
) -> ReviseGround:
    """Return the streets and places that changes of a municipality's plans are worked out on.

    Parameters
    ----------
    modes
        Ways of moving that the plans' shifts use.

    Raises
    ------
    AccessDeniedError
        If the viewer may not plan there.
    """
    require(viewer, Action.PLAN, municipality)
    orienteering.prepare()  # loading the compiled search takes longer than most changes
    places = house.store.places(municipality)
    kinds = zip(places["place_id"], places["kind"], strict=True)
    return ReviseGround(
        routers=ground_of(house, area_of(municipality)).routers(set(modes)),
        kinds={place: PlaceKind(kind) for place, kind in kinds},
    )


def spots(house: House, viewer: Viewer, municipality: str) -> dict[str, Spot]:
    """Return the known places of a municipality by the ids of their stops, by name."""
    require(viewer, Action.PLAN, municipality)
    places = house.store.places(municipality).sort_values(["name", "place_id"])
    return {
        f"stop-{place.place_id}": Spot(
            place_id=str(place.place_id),
            name=str(place.name),
            kind=PlaceKind(str(place.kind)),
            lon=float(place.geometry.x),
            lat=float(place.geometry.y),
        )
        for place in places.itertuples()
    }


def change_plan(  # noqa: PLR0913 - the house and who asks, the plan, its changes and when
    house: House,
    viewer: Viewer,
    plan: Plan,
    changes: Sequence[Change],
    ground: ReviseGround,
    *,
    at: datetime,
) -> Plan:
    """Return a plan with changes made, kept as a new version.

    Raises
    ------
    AccessDeniedError
        If the viewer may not plan there.
    HouseError
        If a change cannot be had, with the rule or the lock that stands in the way.
    """
    require(viewer, Action.PLAN, plan.municipality)
    if not changes:
        raise ContractError(Message("revise.nothing_asked"))
    house.audit(viewer, "plan.change", purpose=Purpose.PLAN, scope=plan.municipality or "")
    made = revise(plan, changes, ground, now=at)
    of_today = {one.kind for one in changes} <= TODAY_KINDS
    at_once = of_today and plan.status is PlanStatus.APPROVED
    made = replace(made, made_by=by_name(viewer), made_at=at, at_once=at_once)
    made = replace(made, version=house.store.save_plan(made))
    return _approved(house, viewer, made, at) if at_once else made


def _approved(house: House, viewer: Viewer, plan: Plan, at: datetime) -> Plan:
    require(viewer, Action.APPROVE, plan.municipality)
    house.audit(viewer, "plan.approve", purpose=Purpose.PLAN, scope=plan.municipality or "")
    return house.store.approve_plan(plan, by=by_name(viewer), at=at)


def undo(house: House, viewer: Viewer, plan: Plan, *, at: datetime) -> Plan:
    """Set a version aside and return the one it was based on.

    A change of the day that went out at once puts back in force what it changed. In the
    place of any other approved version stands a draft: nobody approved it, so somebody has to.

    Raises
    ------
    ContractError
        If the version is based on no other one.
    """
    require(viewer, Action.PLAN, plan.municipality)
    kept = house.store.plans(plan.municipality or "", plan.week)
    before = next((one for one in kept if one.version == plan.based_on), None)
    if before is None:
        raise ContractError(Message("revise.nothing_before"))
    house.audit(viewer, "plan.undo", purpose=Purpose.PLAN, scope=plan.municipality or "")
    if before.status is PlanStatus.UNDONE:
        before = house.store.versions.bring_back(before)
    if plan.at_once and plan.status is PlanStatus.APPROVED:
        before = _approved(house, viewer, before, at)
    house.store.versions.undo(plan)
    return before


def bring_back(house: House, viewer: Viewer, plan: Plan) -> Plan:
    """Make a version that was undone a draft again."""
    require(viewer, Action.PLAN, plan.municipality)
    house.audit(viewer, "plan.bring_back", purpose=Purpose.PLAN, scope=plan.municipality or "")
    return house.store.versions.bring_back(plan)


def price_of(
    viewer: Viewer, plan: Plan, asked: Change, ground: ReviseGround, *, at: datetime
) -> Instead:
    """Return what it would take to put a place into a plan.

    Raises
    ------
    AccessDeniedError
        If the viewer may not plan there.
    """
    require(viewer, Action.PLAN, plan.municipality)
    return why_not(plan, asked, ground, now=at)


def compared(house: House, viewer: Viewer, one: Plan, other: Plan) -> Compared:
    """Return two versions of a week beside each other."""
    require(viewer, Action.PLAN, one.municipality)
    require(viewer, Action.PLAN, other.municipality)
    monday = datetime.combine(one.week.monday, time(), TIRANE)
    places = house.store.places(one.municipality)["place_id"]
    history = place_history(places, house.store.visits(one.municipality), monday)
    known = history["last_visit"].dropna()
    last = {str(place): moment.to_pydatetime() for place, moment in known.items()}
    return compare(one, other, last)
