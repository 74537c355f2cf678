"""Somebody is ill: the shift goes on without them, with somebody else, or not at all.

The smallest repair comes first. Whoever steps in keeps the rules of working time;
who has worked least this week is asked first.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from data.changes import Change
from data.errors import RosterError
from data.messages import Message
from data.nouns import TIRANE, Absence, Shift, Worker
from data.vocabulary import Skill
from patrol.revise_draft import Draft, day_of

__all__ = ["fall_ill"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Limits:
    """The rules of working time that whoever steps in has to keep."""

    min_trained: int = 2
    need_protection_worker: bool = True
    max_daily_h: float = 8.0
    max_weekly_h: float = 40.0
    rest_between_days_h: float = 11.0

    @classmethod
    def of_plan(cls, settings: dict[str, Any]) -> _Limits:
        known = settings.get("roster", {})
        names = cls.__slots__
        return cls(**{name: known[name] for name in names if name in known})


def fall_ill(draft: Draft, change: Change) -> Draft:
    """Return the draft in which a worker is away from now on, and their shifts are mended.

    Raises
    ------
    RosterError
        If the plan does not know the worker, or a locked visit would fall away.
    """
    if change.worker not in {worker.id for worker in draft.plan.workers}:
        raise RosterError(Message("revise.unknown_worker"))
    today = draft.now.astimezone(TIRANE).date()
    away = Absence(worker=change.worker, first=today, last=max(change.until or today, today))
    draft = replace(draft, absences=(*draft.absences, away))
    hit = [
        shift
        for shift in sorted(draft.shifts.values(), key=lambda s: (s.start, s.id))
        if change.worker in (*shift.workers, *shift.on_call)
        and shift.end > draft.now
        and away.first <= day_of(shift) <= away.last
    ]
    if not hit:
        raise RosterError(Message("revise.not_on_duty"))
    for shift in hit:
        draft = _mended(draft, shift, change.worker).touching(day_of(shift))
    return draft


def _mended(draft: Draft, shift: Shift, ill: str) -> Draft:
    limits = _Limits.of_plan(dict(draft.plan.settings))
    known = {worker.id: worker for worker in draft.plan.workers}
    rest = tuple(one for one in shift.workers if one != ill)
    calls = tuple(one for one in shift.on_call if one != ill)
    able = [
        worker.id
        for worker in sorted(draft.plan.workers, key=lambda w: (_hours(draft, w.id), w.id))
        if worker.id not in rest and _can_work(draft, worker, shift, limits)
    ]
    steps: list[tuple[tuple[str, ...], tuple[str, ...]]] = [(rest, calls)]
    steps += [((*rest, one), tuple(c for c in calls if c != one)) for one in able]
    steps += [(rest, (*calls, one)) for one in able]
    for workers, on_call in steps:
        if _is_complete(
            draft,
            shift,
            [known[one] for one in workers if one in known],
            [known[one] for one in on_call if one in known],
            limits,
        ):
            mended = replace(shift, workers=workers, on_call=on_call)
            return replace(draft, shifts={**draft.shifts, shift.id: mended})
    return _given_up(draft, shift, rest, calls)


def _is_complete(
    draft: Draft,
    shift: Shift,
    workers: Collection[Worker],
    on_call: Collection[Worker],
    limits: _Limits,
) -> bool:
    """Say whether a team may go out like this: as many, trained, and with child protection."""
    protects = (
        any(Skill.CHILD_PROTECTION in worker.skills for worker in (*workers, *on_call))
        or not limits.need_protection_worker
    )
    trained = sum(worker.trained for worker in workers)
    return len(workers) >= draft.team(shift.id).size and trained >= limits.min_trained and protects


def _given_up(
    draft: Draft, shift: Shift, workers: tuple[str, ...], on_call: tuple[str, ...]
) -> Draft:
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
    left = replace(shift, workers=workers, on_call=on_call)
    return replace(draft, shifts={**draft.shifts, shift.id: left}, ended=draft.ended | {shift.id})


def _can_work(draft: Draft, worker: Worker, shift: Shift, limits: _Limits) -> bool:
    """Say whether somebody may take a shift: there, free, rested, and within their hours."""
    day = day_of(shift)
    if any(a.worker == worker.id and a.first <= day <= a.last for a in draft.absences):
        return False
    if any(
        worker.id in duty.workers and duty.start < shift.end and shift.start < duty.end
        for duty in draft.plan.duties
    ):
        return False
    own = [other for other in draft.shifts.values() if worker.id in other.workers]
    rest = timedelta(hours=limits.rest_between_days_h)
    for other in own:
        start, end = _true(shift.start), _true(shift.end)
        if _true(other.start) < end and start < _true(other.end):
            return False
        apart = max(_true(other.start) - end, start - _true(other.end))
        if day_of(other) != day and apart < rest:
            return False
    same_day = sum(_length(other) for other in own if day_of(other) == day)
    most = min(worker.weekly_hours, limits.max_weekly_h)
    return (
        same_day + _length(shift) <= limits.max_daily_h
        and _hours(draft, worker.id) + _length(shift) <= most
    )


def _hours(draft: Draft, worker: str) -> float:
    return sum(_length(shift) for shift in draft.shifts.values() if worker in shift.workers)


def _length(shift: Shift) -> float:
    return (_true(shift.end) - _true(shift.start)).total_seconds() / 3600


def _true(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
