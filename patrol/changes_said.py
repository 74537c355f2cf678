"""What was changed in a plan, as sentences: for its versions, and for the team that goes."""

from __future__ import annotations

from collections.abc import Iterable

from data.changes import Change
from data.messages import Message, Param
from data.nouns import TIRANE, Plan
from data.vocabulary import ChangeKind

__all__ = ["changes_said", "said"]


def changes_said(plan: Plan) -> tuple[Message, ...]:
    """Return what was changed by hand to make a version of a plan."""
    return tuple(said(change, plan) for change in plan.changes)


def said(change: Change, plan: Plan) -> Message:
    """Return one change as a sentence that names places, teams and days of the plan."""
    return Message(f"change.{_form(change)}", _params(change, plan))


def _form(change: Change) -> str:
    """Return which sentence says a change: some of its kind name more than others."""
    if change.kind is ChangeKind.MOVE and change.at is not None:
        return "move_at"
    if change.kind is ChangeKind.ADD:
        return "add_to" if change.to_shift else "add"
    if change.kind is ChangeKind.UNLOCK and change.other:
        return "reopen"
    return str(change.kind)


def _params(change: Change, plan: Plan) -> dict[str, Param]:
    names = _names(plan)
    spot = "" if change.spot is None else change.spot.name
    found: dict[str, Param] = {"place": names.get(change.stop, spot) or spot}
    for shift_id, team, day in (
        (change.shift, "team", "day"),
        (change.to_shift, "to_team", "to_day"),
    ):
        for shift in plan.shifts:
            if shift.id == shift_id:
                found[day] = shift.start.astimezone(TIRANE).date()
                found[team] = next(one.name for one in plan.teams if one.id == shift.team)
    found.setdefault("team", "")
    if change.at is not None:
        found["at"] = change.at.astimezone(TIRANE).time()
    if change.other:
        found["other"] = names.get(change.other, "")
    if change.worker:
        found["worker"] = next((w.name for w in plan.workers if w.id == change.worker), "")
    if change.until is not None:
        found["until"] = change.until
    return found


def _names(plan: Plan) -> dict[str, str]:
    """Return the names of everything a change may name by an id."""
    return dict(_pairs(plan))


def _pairs(plan: Plan) -> Iterable[tuple[str, str]]:
    for base in plan.bases:
        yield base.id, base.name
    for left in plan.left_out:
        yield left.stop, left.name
    for route in plan.routes:
        for met in route.stops:
            yield met.stop.id, met.stop.name
