"""What a coordinator wrote into the table of a round, turned into changes of the plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from data.changes import Change
from data.nouns import Plan, RouteStop, Shift
from data.vocabulary import ChangeKind

__all__ = ["Row", "ahead_of", "edits_of", "is_locked", "open_shifts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One stop of a round as it was left in the table.

    Parameters
    ----------
    position
        Its place in the order, the first is 1.
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


def edits_of(plan: Plan, shift: str, rows: Sequence[Row]) -> tuple[Change, ...]:
    """Return the changes that the table of a round asks for, in the order they are made.

    What is given free comes first and what is locked last, so that neither stands in the
    way of what is asked in the same breath. A time that was set, and an order, lock by
    themselves.

    Parameters
    ----------
    rows
        One for each visit of the round that has not begun, in the order of the round.
    """
    stay = [row for row in rows if not row.out and row.shift == shift]
    was = {row.stop: is_locked(plan, shift, row.stop) for row in rows}
    ordered = _ordered(stay, [row.stop for row in rows])
    moved = [row.stop for row in ordered] != [row.stop for row in stay]
    free = [row for row in stay if was[row.stop] and not row.locked]
    lock = [row for row in stay if row.locked and not was[row.stop] and row.at is None]
    return (
        *(Change(kind=ChangeKind.UNLOCK, shift=shift, stop=row.stop) for row in free),
        *(Change(kind=ChangeKind.DROP, shift=shift, stop=row.stop) for row in rows if row.out),
        *(
            Change(kind=ChangeKind.MOVE, shift=shift, stop=row.stop, to_shift=row.shift)
            for row in rows
            if not row.out and row.shift != shift
        ),
        *(
            Change(kind=ChangeKind.TIME, shift=shift, stop=row.stop, at=row.at)
            for row in stay
            if row.at is not None
        ),
        *(
            [Change(kind=ChangeKind.REORDER, shift=shift, order=tuple(r.stop for r in ordered))]
            if moved
            else []
        ),
        *(
            Change(kind=ChangeKind.LOCK, shift=shift, stop=row.stop)
            for row in ([] if moved else lock)
        ),
    )


def _ordered(stay: Sequence[Row], before: Sequence[str]) -> list[Row]:
    """Return rows by the positions asked for; who was given another one comes before its equal."""
    place = {stop: i for i, stop in enumerate(before, start=1)}
    return sorted(
        stay,
        key=lambda row: (row.position, _side(row.position - place[row.stop]), place[row.stop]),
    )


def _side(step: int) -> int:
    """Return where a row stands beside one that kept the position it wants: moved up, before."""
    return (step > 0) - (step < 0)
