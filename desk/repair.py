"""Somebody is absent in a week that is planned already: the smallest repair, offered and taken."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from data.access import Action, Purpose, require
from data.changes import Change
from data.errors import ContractError
from data.messages import Message
from data.nouns import TIRANE, LeftOut, Plan, Viewer, Week, Worker
from data.vocabulary import ChangeKind, PlanStatus, Sex
from desk.identity import by_name
from desk.revising import ground_for_changes
from desk.wiring import House
from patrol.plan_settings import plan_settings
from patrol.revise import revise
from patrol.roster_repair import Repair, repair_roster
from patrol.safety import outing_of

__all__ = ["Offer", "offer", "take"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """The plan in force, and its smallest repair under the absences known now."""

    plan: Plan
    repair: Repair


def offer(house: House, viewer: Viewer, municipality: str, week: Week) -> Offer | None:
    """Return the smallest repair of a week's plan; None where nothing has to change.

    Raises
    ------
    AccessDeniedError
        If the viewer may not plan there.
    """
    require(viewer, Action.PLAN, municipality)
    kept = house.store.plans(municipality, week)
    if not kept:
        return None
    plan = max(kept, key=lambda p: (p.status is PlanStatus.APPROVED, p.version))
    since = max(datetime.combine(week.monday, time(), TIRANE), datetime.now(TIRANE))
    if since >= datetime.combine(week.monday, time(), TIRANE) + timedelta(days=7):
        return None  # what is over stays as it was
    people = {who.id: who for who in (*plan.workers, *house.store.workers(municipality))}
    repair = repair_roster(
        plan.shifts,
        plan.duties,
        plan.teams,
        tuple(people.values()),
        house.store.absences(municipality),
        (week,),
        seed=plan.seed,
        since=since.replace(minute=0, second=0, microsecond=0),
        settings=plan_settings(plan.settings).roster,
        wishes_of=house.store.wishes.of(municipality),
    )
    return Offer(plan=plan, repair=repair) if repair.changes else None


def take(house: House, viewer: Viewer, offered: Offer, at: datetime) -> Plan:
    """Keep the repaired plan as a new version; one of an approved plan is approved with it.

    A round whose shift nobody can take is taken out, and so is a visit to a danger zone
    whose escort is away; their places are named with the reason.

    Raises
    ------
    AccessDeniedError
        If the viewer may not plan, or approve, there.
    ContractError
        If the plan was changed since the repair was offered.
    """
    plan, repair = offered.plan, offered.repair
    require(viewer, Action.PLAN, plan.municipality)
    was_approved = plan.status is PlanStatus.APPROVED
    if was_approved:
        require(viewer, Action.APPROVE, plan.municipality)
    in_force = {
        (p.version, p.status) for p in house.store.plans(plan.municipality or "", plan.week)
    }
    if (plan.version, plan.status) not in in_force:
        raise ContractError(Message("desk.repair_late"))
    house.audit(viewer, "plan.repair", purpose=Purpose.SCHEDULE, scope=plan.municipality or "")
    there = {shift.id for shift in repair.shifts}
    lost = [route for route in plan.routes if route.shift not in there]
    draft = replace(
        plan,
        status=PlanStatus.DRAFT,
        approved_by=None,
        approved_at=None,
        changes=(),
        based_on=plan.version,
        made_by=by_name(viewer),
        made_at=at,
        at_once=was_approved,
        shifts=repair.shifts,
        duties=repair.duties,
        routes=tuple(route for route in plan.routes if route.shift in there),
        left_out=(*plan.left_out, *_left_out(plan, {route.shift for route in lost})),
        workers=_known(house, plan),
        absences=house.store.absences(plan.municipality),
        notes=(
            *(note for note in plan.notes if note.id != "plan.repaired"),
            Message("plan.repaired", {"n": repair.n_changes}),
            *repair.unstaffed,
        ),
    )
    draft = _escorted(house, viewer, draft, at)
    kept = replace(draft, version=house.store.save_plan(draft))
    return house.store.approve_plan(kept, by=by_name(viewer), at=at) if was_approved else kept


def _escorted(house: House, viewer: Viewer, plan: Plan, at: datetime) -> Plan:
    """Return the plan without visits for which a shift has lost the police or the inspector."""
    shifts = {shift.id: shift for shift in plan.shifts}
    lost = [
        Change(kind=ChangeKind.DROP, shift=route.shift, stop=met.stop.id)
        for route in plan.routes
        if not outing_of(shifts[route.shift], plan.workers).escorted
        for met in route.stops
        if met.stop.needs_escort and met.arrive > at
    ]
    if not lost:
        return plan
    modes = {shift.mode for shift in plan.shifts}
    ground = ground_for_changes(house, viewer, plan.municipality or "", modes)
    made = revise(plan, lost, ground, now=at)
    stops, why = {one.stop for one in lost}, Message("left_out.needs_escort")
    return replace(
        made,
        left_out=tuple(
            replace(one, reason=why) if one.stop in stops else one for one in made.left_out
        ),
    )


def _known(house: House, plan: Plan) -> tuple[Worker, ...]:
    """Return the plan's people and who joins them; the sex of nobody is kept in a plan."""
    now = {who.id: who for who in house.store.workers(plan.municipality)}
    here = {who.id for who in plan.workers}
    more = (who for who in now.values() if who.id not in here)
    return (*plan.workers, *(replace(who, sex=Sex.UNKNOWN) for who in more))


def _left_out(plan: Plan, lost: set[str]) -> tuple[LeftOut, ...]:
    """Return the places that are met in no round any more."""
    kept = {
        met.stop.place_id for route in plan.routes if route.shift not in lost for met in route.stops
    }
    gone = {
        met.stop.place_id: met.stop
        for route in plan.routes
        if route.shift in lost
        for met in route.stops
        if met.stop.place_id not in kept
    }
    return tuple(
        LeftOut(
            stop=stop.id,
            place_id=stop.place_id,
            name=stop.name,
            reason=Message("left_out.unstaffed"),
            candidate=stop,
        )
        for stop in gone.values()
    )
