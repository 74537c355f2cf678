"""What may be met on a day that is solved again: what was asked for, and what is free."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from data.errors import NoRouteError
from data.nouns import Shift, Stop
from patrol.limits import whole
from patrol.revise_draft import Asked, Draft, day_of, kept_out
from patrol.revise_gaps import DayRules, fixed_of
from patrol.revise_ground import Travel
from patrol.revise_pace import again, may_on
from patrol.safety import keep_safe
from patrol.spots import safety_of

__all__ = ["Wish", "wishes_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A stop that may be met on a day; by any shift unless some are asked for or allowed.

    `home` is the shift that meets it so far.
    """

    stop: Stop
    required: bool
    shifts: tuple[str, ...] = ()
    home: str = ""

    def may(self, shift: str) -> bool:
        """Say whether a shift may meet it: one that has it keeps it, as long as it can."""
        asked = not self.shifts or shift in self.shifts
        safe = self.stop.shifts is None or shift in self.stop.shifts
        return asked and safe and self.home in {"", shift}


def wishes_of(  # noqa: PLR0913, PLR0917 - the day, and what was asked of it
    draft: Draft,
    day: date,
    shifts: Sequence[Shift],
    asked: Sequence[Asked],
    travel: Travel,
    rules: DayRules,
) -> tuple[Wish, ...]:
    """Return what may be met on a day beside what is fixed, by the ids of the stops."""
    wishes = {one.stop.id: Wish(stop=one.stop, required=True, shifts=one.shifts) for one in asked}
    there = {
        met.stop.id: (whole(met.stop), shift.id)
        for shift in shifts
        for met in draft.visits[shift.id]
    }
    pool = {name: one for name, one in draft.pool.items() if name not in draft.dropped}
    for name, (stop, home) in {**{k: (one, "") for k, one in pool.items()}, **there}.items():
        required = stop.must or (day, name) in draft.wanted_now
        wishes.setdefault(name, Wish(stop=stop, required=required, home=home))
    for name, stop in _again(draft, rules).items():
        wishes.setdefault(name, Wish(stop=stop, required=False))
    fixed = {met.stop.id for shift in shifts for met in fixed_of(draft, shift, travel)}
    fixed |= {
        met.stop.id
        for shift, visits in draft.visits.items()
        if day_of(draft.shifts[shift]) == day and draft.shifts[shift] not in shifts
        for met in visits
    }
    found = [
        wish
        for name, wish in sorted(wishes.items())
        if name not in fixed
        if wish.shifts or ((day, name) not in draft.barred and may_on(draft, wish.stop, day, rules))
    ]
    return _safe(draft, found, shifts)


def _safe(draft: Draft, wishes: Sequence[Wish], shifts: Sequence[Shift]) -> tuple[Wish, ...]:
    """Return wishes held to the rules of safety that the plan was made by.

    Raises
    ------
    NoRouteError
        If one of them keeps out what was asked for.
    """
    settings = safety_of(draft.plan.settings)
    if settings is None:
        return tuple(wishes)
    own = [shift for shift in shifts if shift.id not in draft.ended]
    safe = keep_safe([wish.stop for wish in wishes], own, draft.plan.workers, settings)
    asked = {wish.stop.id for wish in wishes if wish.shifts}
    for left in safe.left_out:
        if left.stop in asked:
            raise NoRouteError(kept_out(left))
    stops = {stop.id: stop for stop in safe.stops}
    return tuple(
        replace(wish, stop=stops[wish.stop.id]) for wish in wishes if wish.stop.id in stops
    )


def _again(draft: Draft, rules: DayRules) -> dict[str, Stop]:
    """Return the places visited on some day that may have one more visit, worth less by each."""
    met = {one.stop.id for visits in draft.visits.values() for one in visits}
    found = {}
    for name in sorted(met - draft.dropped):
        stop = draft.stop(name)
        share = again(draft, stop, rules)
        if share is not None:
            found[name] = replace(stop, prize=share * stop.prize, must=False, urgency=0)
    return found
