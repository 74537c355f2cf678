"""What today's changes did to a team's round, for the team that goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from data.nouns import TIRANE, Plan, Shift
from desk.rounds import Round
from desk.wiring import House
from patrol.revise import TODAY_KINDS

__all__ = ["Changed", "changed_today"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What was changed today in a team's round: when, and which places came in or fell out."""

    at: datetime
    came: tuple[str, ...]
    gone: tuple[str, ...]


def changed_today(house: House, outing: Round) -> Changed | None:
    """Return what the changes of its day did to a round, since the first of them.

    Who may open the round may know what became of it: its own places, then and now.
    """
    plan, shift = outing.plan, outing.shift
    day = shift.start.astimezone(TIRANE).date()
    kept = house.store.plans(plan.municipality or "", plan.week)
    by_version = {one.version: one for one in kept}
    now = by_version.get(plan.version)
    before, at = now, None
    while before is not None and _is_of(before, day):
        at = at or before.made_at
        before = None if before.based_on is None else by_version.get(before.based_on)
    if now is None or before is None or at is None:
        return None
    names, were = _places(now, shift), _places(before, shift)
    if list(names) == list(were):
        return None
    return Changed(
        at=at,
        came=tuple(name for stop, name in names.items() if stop not in were),
        gone=tuple(name for stop, name in were.items() if stop not in names),
    )


def _is_of(plan: Plan, day: date) -> bool:
    """Say whether a version was made by what happened on a day."""
    made_at, kinds = plan.made_at, {one.kind for one in plan.changes}
    return (
        made_at is not None
        and made_at.astimezone(TIRANE).date() == day
        and bool(kinds)
        and kinds <= TODAY_KINDS
    )


def _places(plan: Plan, shift: Shift) -> dict[str, str]:
    own = next((route.stops for route in plan.routes if route.shift == shift.id), ())
    return {met.stop.id: met.stop.name for met in own}
