"""The plans of a municipality's week, as their viewer may have them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from data.access import Action, Purpose, release_plan, require
from data.errors import ContractError
from data.messages import Message
from data.nouns import TIRANE, Base, Plan, Team, Viewer, Week
from data.vocabulary import PlanStatus
from desk.identity import by_name
from desk.lending import require_present
from desk.wiring import House
from patrol.plan_breaks import breaks

__all__ = ["approve", "broken", "place_names", "teams_and_bases", "versions"]


def versions(house: House, viewer: Viewer, municipality: str, week: Week) -> tuple[Plan, ...]:
    """Return the versions of a week's plan, the newest first.

    Raises
    ------
    AccessDeniedError
        If the viewer may not plan there.
    """
    require(viewer, Action.PLAN, municipality)
    house.audit(viewer, "plan.see", purpose=Purpose.PLAN, scope=municipality)
    today = datetime.now(TIRANE).date()
    found = house.store.plans(municipality, week)
    return tuple(release_plan(viewer, plan, today=today) for plan in reversed(found))


def place_names(house: House, viewer: Viewer, municipality: str) -> dict[str, str]:
    """Return the names of a municipality's places by id, for choosing those that must be met."""
    require(viewer, Action.PLAN, municipality)
    places = house.store.places(municipality).sort_values(["name", "place_id"])
    return dict(zip(places["place_id"], places["name"], strict=True))


def teams_and_bases(
    house: House, viewer: Viewer, municipality: str
) -> tuple[tuple[Team, ...], tuple[Base, ...]]:
    """Return a municipality's teams and bases by name, for choosing where rounds end."""
    require(viewer, Action.PLAN, municipality)
    teams = sorted(house.store.teams(municipality), key=lambda one: (one.name, one.id))
    bases = sorted(house.store.bases(municipality), key=lambda one: (one.name, one.id))
    return tuple(teams), tuple(bases)


def broken(viewer: Viewer, plan: Plan, kept: Iterable[Plan], at: datetime) -> tuple[Message, ...]:
    """Return what a version breaks of what a plan holds, where a person set it so, with the mend.

    Parameters
    ----------
    kept
        The versions of its week: rounds under way are judged where they are not as approved,
        or, in the approved one, not as they were before its last change.

    Raises
    ------
    AccessDeniedError
        If the viewer may not plan there.
    """
    require(viewer, Action.PLAN, plan.municipality)
    if plan.status is PlanStatus.APPROVED:
        before = next((one for one in kept if one.version == plan.based_on), None)
    else:
        before = next((one for one in kept if one.status is PlanStatus.APPROVED), None)
    return breaks(plan, at, before)


def approve(
    house: House, viewer: Viewer, plan: Plan, at: datetime, *, anyway: bool = False
) -> Plan:
    """Approve a version for the field; the week's other versions are drafts again.

    Parameters
    ----------
    anyway
        The viewer has read what the version breaks (`broken`) and wants it so.

    Raises
    ------
    AccessDeniedError
        If the viewer may not, or the plan stands on illustrative streets.
    ContractError
        If a team of the plan works for another municipality on a day it goes out, or the
        version breaks something and the viewer did not say that it is wanted so.
    """
    require(viewer, Action.APPROVE, plan.municipality)
    require_present(house, plan)
    found = broken(viewer, plan, house.store.plans(plan.municipality or "", plan.week), at)
    if found and not anyway:
        raise ContractError(Message("breaks.unread", {"n": len(found)}))
    action = "plan.approve_anyway" if found else "plan.approve"
    house.audit(viewer, action, purpose=Purpose.PLAN, scope=plan.municipality or "")
    return house.store.approve_plan(plan, by=by_name(viewer), at=at)
