"""Who works in the same plan with something different: what the scenario leaves alone stays.

People keep the shifts in which the plan has them. Staffed anew is only what the scenario adds,
makes longer, or takes somebody from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from data.duties import Duty
from data.errors import RosterError
from data.nouns import Plan, Roster, Shift, Week
from patrol.roster import Demand, make_demand, make_duties, make_roster
from patrol.roster_duties import as_shift
from patrol.task import PlanTask

__all__ = ["Crew", "crew_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """The shifts and duties of a scenario, by start.

    Parameters
    ----------
    differing
        Ids of the shifts that the plan has not, or has at other hours or on other wheels.
    """

    shifts: tuple[Shift, ...]
    duties: tuple[Duty, ...]
    differing: frozenset[str]


def crew_of(
    plans: Sequence[Plan], task: PlanTask, other: PlanTask, gone: frozenset[str], *, seed: int
) -> Crew:
    """Return who works if a task is another one.

    Parameters
    ----------
    task, other
        What the plans are made from, and what they would be made from.
    gone
        Ids of shifts that do not take place beside those that `other` does not have.

    Raises
    ------
    RosterError
        If what the scenario adds cannot be staffed.
    """
    weeks = [plan.week for plan in plans]
    was, then = (_demand(one, weeks) for one in (task, other))
    known = {shift.id: shift for plan in plans for shift in plan.shifts}
    gone = gone | (was.keys() - then.keys())
    left = {name: shift for name, shift in known.items() if name not in gone}
    stays = {name: _as_then(shift, was, then) for name, shift in left.items()}
    away = {one.id for one in task.workers} - {one.id for one in other.workers}
    short = {name for name, shift in stays.items() if away & {*shift.workers, *shift.on_call}}
    new = then.keys() - was.keys()
    if _has_more_hands(task, other) and not new:
        new |= then.keys() - known.keys() - gone
    longer = {n for n, shift in stays.items() if _hours(shift) != _hours(left[n])}
    duties = _duties_left(plans, task, other, away)
    if new or short or longer:
        people = {one.id for one in other.workers} - {one.id for one in task.workers}
        roster, is_loose = _roster(
            plans,
            other,
            wanted=[then[name] for name in sorted(new)]
            + [_unnamed(then, stays[name]) for name in sorted(short)],
            named=[_named(then, shift) for name, shift in stays.items() if name not in short],
            duties=duties,
            free=_free_duties(duties, other, weeks) if people else (),
            seed=seed,
        )
        found = {shift.id: shift for shift in roster.shifts}
        if is_loose:
            stays, duties = found, roster.duties
        else:
            stays = {name: shift for name, shift in stays.items() if name not in short}
            stays |= {name: found[name] for name in new | short if name in found}
            duties += tuple(d for d in roster.duties if people.issuperset(d.workers))
    differing = {name for name, shift in stays.items() if _differs(known.get(name), shift)}
    return Crew(
        shifts=tuple(sorted(stays.values(), key=lambda s: (s.start, s.id))),
        duties=tuple(sorted(duties, key=lambda d: (d.start, d.id))),
        differing=frozenset(differing),
    )


def _demand(task: PlanTask, weeks: Sequence[Week]) -> dict[str, Demand]:
    made = make_demand(task.teams, weeks, settings=task.settings.roster)
    return {one.shift.id: one for one in made}


def _has_more_hands(task: PlanTask, other: PlanTask) -> bool:
    """Say whether shifts that nobody could work might be staffed now."""
    more_hours = other.settings.roster.overtime_h > task.settings.roster.overtime_h
    return len(other.workers) > len(task.workers) or more_hours


def _as_then(shift: Shift, was: Mapping[str, Demand], then: Mapping[str, Demand]) -> Shift:
    """Return a shift of the plan with what is different of it; the rest is as a person set it."""
    if shift.id not in was or shift.id not in then:
        return shift
    before, after = was[shift.id].shift, then[shift.id].shift
    names = [
        name
        for name in ("start", "end", "mode", "base")
        if getattr(before, name) != getattr(after, name)
    ]
    return replace(shift, **{name: getattr(after, name) for name in names})


def _hours(shift: Shift) -> tuple[datetime, datetime]:
    return shift.start, shift.end


def _differs(before: Shift | None, after: Shift) -> bool:
    """Say whether a round of a shift is another one: whoever goes, it is the same."""
    return (
        before is None or replace(after, workers=before.workers, on_call=before.on_call) != before
    )


def _unnamed(then: Mapping[str, Demand], shift: Shift) -> Demand:
    bare = replace(shift, workers=(), on_call=())
    return replace(then[shift.id], shift=bare) if shift.id in then else Demand(shift=bare)


def _named(then: Mapping[str, Demand], shift: Shift) -> Demand:
    """Return a shift that keeps its people, however many they are."""
    made = _unnamed(then, shift)
    return replace(made, shift=shift, size=min(made.size, len(shift.workers)))


def _duties_left(
    plans: Sequence[Plan], task: PlanTask, other: PlanTask, away: set[str]
) -> tuple[Duty, ...]:
    """Return the duties that stay: those of days on which there are any, and of people there."""
    weeks = [plan.week for plan in plans]
    was, then = (
        {d.shift.id for d in make_duties(one.workers, weeks, settings=one.settings.roster)}
        for one in (task, other)
    )
    kept = (duty for plan in plans for duty in plan.duties if duty.id not in was - then)
    found = (replace(one, workers=tuple(w for w in one.workers if w not in away)) for one in kept)
    return tuple(one for one in found if one.workers)


def _free_duties(
    duties: Iterable[Duty], other: PlanTask, weeks: Sequence[Week]
) -> tuple[Demand, ...]:
    taken = {duty.id for duty in duties}
    made = make_duties(other.workers, weeks, settings=other.settings.roster)
    return tuple(one for one in made if one.shift.id not in taken)


def _as_demand(duty: Duty) -> Demand:
    return Demand(shift=as_shift(duty), size=1, kind=duty.kind)


def _roster(  # noqa: PLR0913 - the plan, and each kind of work in it by its name
    plans: Sequence[Plan],
    other: PlanTask,
    *,
    wanted: Sequence[Demand],
    named: Sequence[Demand],
    duties: Iterable[Duty],
    free: Sequence[Demand],
    seed: int,
) -> tuple[Roster, bool]:
    """Return a roster in which whoever has a shift keeps it; where none is, one that changes least.

    Which of the two it is is said as well.
    """
    held = [*named, *map(_as_demand, duties)]
    loose = [replace(one, shift=replace(one.shift, workers=(), on_call=())) for one in held]

    def made(rest: Sequence[Demand]) -> Roster:
        return make_roster(
            (*wanted, *rest, *free),
            other.workers,
            tuple(dict.fromkeys(one for plan in plans for one in plan.absences)),
            [plan.week for plan in plans],
            settings=other.settings.roster,
            seed=seed,
            wishes=other.wishes,
            like=tuple(shift for plan in plans for shift in plan.shifts),
        )

    try:
        return made(held), False
    except RosterError:
        return made(loose), True
