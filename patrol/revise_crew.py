"""Somebody is ill: their rounds go on with somebody else, or not at all.

A round that is under way goes on if those who are left are a team; who comes to
those that are still to begin, the smallest repair of the roster says.
"""

from __future__ import annotations

from dataclasses import replace

from data.changes import Change
from data.errors import RosterError
from data.messages import Message
from data.nouns import TIRANE, Absence, Shift
from data.vocabulary import Skill
from patrol.plan_settings import plan_settings
from patrol.revise_draft import Draft, day_of
from patrol.roster import RosterSettings
from patrol.roster_repair import repair_roster

__all__ = ["fall_ill"]


def fall_ill(draft: Draft, change: Change) -> Draft:
    """Return the draft in which a worker is away from now on, and their shifts are mended.

    Raises
    ------
    RosterError
        If the plan does not know the worker, or a locked visit would fall away.
    """
    ill = change.worker
    if ill not in {worker.id for worker in draft.plan.workers}:
        raise RosterError(Message("revise.unknown_worker"))
    today = draft.now.astimezone(TIRANE).date()
    away = Absence(worker=ill, first=today, last=max(change.until or today, today))
    draft = replace(draft, absences=(*draft.absences, away))
    hit = [
        shift
        for shift in sorted(draft.shifts.values(), key=lambda s: (s.start, s.id))
        if ill in (*shift.workers, *shift.on_call)
        and shift.end > draft.now
        and away.first <= day_of(shift) <= away.last
    ]
    if not hit:
        raise RosterError(Message("revise.not_on_duty"))
    for shift in hit:
        if shift.start <= draft.now:
            draft = _without(draft, shift, ill)
    return _repaired(draft) if any(shift.start > draft.now for shift in hit) else draft


def _without(draft: Draft, shift: Shift, ill: str) -> Draft:
    """Return the draft in which a round under way goes on without somebody, or ends."""
    left = replace(
        shift,
        workers=tuple(one for one in shift.workers if one != ill),
        on_call=tuple(one for one in shift.on_call if one != ill),
    )
    goes_on = _is_team(draft, left, plan_settings(draft.plan.settings).roster)
    changed = replace(draft, shifts={**draft.shifts, shift.id: left})
    return (changed if goes_on else _given_up(draft, left)).touching(day_of(shift))


def _is_team(draft: Draft, shift: Shift, limits: RosterSettings) -> bool:
    """Say whether those in a shift are as many as asked, trained, and with child protection."""
    known = {worker.id: worker for worker in draft.plan.workers}
    team = [known[one] for one in shift.workers if one in known]
    called = [known[one] for one in shift.on_call if one in known]
    protects = any(Skill.CHILD_PROTECTION in one.skills for one in (*team, *called))
    return (
        len(team) >= draft.team(shift.id).size
        and sum(one.trained for one in team) >= limits.min_trained
        and (protects or not limits.need_protection_worker)
    )


def _repaired(draft: Draft) -> Draft:
    """Return the draft with the smallest repair of what is still to begin."""
    plan = draft.plan
    standing = [one for one in draft.shifts.values() if one.id not in draft.ended]
    repair = repair_roster(
        standing,
        plan.duties,
        plan.teams,
        plan.workers,
        draft.absences,
        (plan.week,),
        seed=plan.seed,
        since=draft.now,
        settings=plan_settings(plan.settings).roster,
    )
    draft = replace(draft, plan=replace(plan, duties=repair.duties))
    staffed = {shift.id: shift for shift in repair.shifts}
    for shift in standing:
        if shift.start <= draft.now:
            continue
        new = staffed.get(shift.id)
        if new is None:
            draft = _given_up(draft, shift).touching(day_of(shift))
        elif new != shift:
            shifts = {**draft.shifts, shift.id: new}
            draft = replace(draft, shifts=shifts).touching(day_of(shift))
    return draft


def _given_up(draft: Draft, shift: Shift) -> Draft:
    """Return the draft without what is left of a shift; its places are free for the others."""
    locked = [
        met.stop.name
        for met in draft.visits[shift.id]
        if met.arrive > draft.now and (shift.id, met.stop.id) in draft.locks
    ]
    if locked:
        params = {**draft.naming(shift.id), "locks": ", ".join(locked)}
        raise RosterError(Message("revise.ill_locks", params))
    for met in draft.visits[shift.id]:
        if met.arrive > draft.now:
            draft = draft.without(shift.id, met.stop.id)
    return replace(draft, shifts={**draft.shifts, shift.id: shift}, ended=draft.ended | {shift.id})
