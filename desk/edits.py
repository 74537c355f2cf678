"""What a coordinator set by hand in the rounds of a day, turned into changes of the plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from data.changes import Change
from data.nouns import Plan, RouteStop, Shift
from data.vocabulary import ChangeKind

__all__ = ["Row", "ahead_of", "edits_of", "is_locked", "open_shifts"]

#: The order in which changes are made.
_TURNS: Final = (
    ChangeKind.UNLOCK,
    ChangeKind.DROP,
    ChangeKind.MOVE,
    ChangeKind.TIME,
    ChangeKind.REORDER,
    ChangeKind.LOCK,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One stop of a round as it is wanted.

    Parameters
    ----------
    position
        Its place in the order, the first is 1; no two of a round share one.
    at
        When the visit is to begin, where that was changed.
    shift
        Whose round it is to be in.
    """

    stop: str
    position: int
    shift: str
    locked: bool
    out: bool = False
    at: datetime | None = None


def open_shifts(plan: Plan, now: datetime) -> tuple[Shift, ...]:
    """Return the shifts that are not over, by time."""
    found = (shift for shift in plan.shifts if shift.end > now)
    return tuple(sorted(found, key=lambda shift: (shift.start, shift.id)))


def ahead_of(plan: Plan, shift: str, now: datetime) -> tuple[RouteStop, ...]:
    """Return the visits of a round that have not begun, in their order."""
    own = next((route.stops for route in plan.routes if route.shift == shift), ())
    return tuple(met for met in own if met.arrive > now)


def is_locked(plan: Plan, shift: str, stop: str) -> bool:
    """Say whether a visit is locked in a plan."""
    return any(
        one.kind is ChangeKind.LOCK and (one.shift, one.stop) == (shift, stop)
        for one in plan.standing
    )


def edits_of(plan: Plan, rounds: Mapping[str, Sequence[Row]]) -> tuple[Change, ...]:
    """Return the changes that the rows of some rounds ask for, in the order they are made.

    What is given free comes first and what is locked last, so that neither stands in the
    way of what is asked in the same breath. A time that was set, and an order, lock by
    themselves.

    Parameters
    ----------
    rounds
        By shift, a row for each visit that has not begun, in the order of the round.
    """
    asked = [one for shift, rows in rounds.items() for one in _of_round(plan, shift, rows)]
    return tuple(sorted(asked, key=lambda one: _TURNS.index(one.kind)))


def _of_round(plan: Plan, shift: str, rows: Sequence[Row]) -> list[Change]:
    """Return what the rows of one round ask for."""
    stay = [row for row in rows if not row.out and row.shift == shift]
    order = tuple(row.stop for row in sorted(stay, key=lambda row: row.position))
    found = []
    if is_new_order := order != tuple(row.stop for row in stay):
        found.append(Change(kind=ChangeKind.REORDER, shift=shift, order=order))
    for row in rows:
        was = is_locked(plan, shift, row.stop)
        lock = Change(kind=ChangeKind.LOCK, shift=shift, stop=row.stop)
        if row.out:
            found.append(replace(lock, kind=ChangeKind.DROP))
        elif row.shift != shift:
            found.append(replace(lock, kind=ChangeKind.MOVE, to_shift=row.shift, at=row.at))
        else:
            if was and not row.locked:
                found.append(replace(lock, kind=ChangeKind.UNLOCK))
            if row.at is not None:
                found.append(replace(lock, kind=ChangeKind.TIME, at=row.at))
            elif row.locked and not was and not is_new_order:
                found.append(lock)
    return found
