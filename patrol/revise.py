"""A plan changed by hand: what is locked stays, and the rest is planned again around it.

A change is a value (`data.changes.Change`). Only the days it touches are solved
again, each beginning with the rounds it had, on a budget of iterations that is
over before a person looks up. What a person set by hand is locked, until they
give it free.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from data.changes import Change
from data.errors import HouseError, NoRouteError
from data.messages import Message
from data.nouns import LeftOut, Plan, Route, Shift, Stop
from data.vocabulary import ChangeKind, PlanStatus
from patrol.intervals import intervals_note, left_in_order
from patrol.limits import with_waits
from patrol.plan import explored_note
from patrol.revise_changes import Basis, changed
from patrol.revise_day import solve_day
from patrol.revise_draft import Asked, Draft, day_of, draft_of, later, standing_of
from patrol.revise_gaps import DayRules, time_of
from patrol.revise_ground import ReviseGround, Travel, travel_between
from patrol.revise_outing import outing_of
from patrol.revise_pace import days_to_mend, in_open_hour, may_on
from patrol.round_ends import late_s, pause_in
from patrol.why_not import no_room

__all__ = ["TODAY_KINDS", "prize_of", "revise"]

#: What happens on the day itself.
TODAY_KINDS = frozenset({ChangeKind.CALL, ChangeKind.RAIN, ChangeKind.CLOSED, ChangeKind.ILL})

#: Iterations that tell the days apart on which a place could be put.
_QUICK = 25


def revise(
    plan: Plan,
    changes: Sequence[Change],
    ground: ReviseGround,
    *,
    now: datetime,
    rules: DayRules | None = None,
) -> Plan:
    """Return a plan with changes made, in their order, as a draft that names what it is based on.

    The same plan, changes and moment give the same plan again.

    Parameters
    ----------
    now
        Before it everything stays as it is: it has happened.

    Raises
    ------
    HouseError
        If a change cannot be had, with the rule or the lock that stands in the way.
    """
    rules = (rules or DayRules()).of_plan(plan.settings)
    draft = draft_of(plan, now)
    travel = _travel(draft, changes, ground)
    basis = Basis(ground=ground, travel=travel, rules=rules)
    for change in changes:
        draft = changed(draft, change, basis)
    draft = _placed(draft, basis)
    named = {change.stop for change in changes} | {one.stop.id for one in draft.asked}
    draft = draft.touching(*days_to_mend(draft, named, rules))
    for day in sorted(draft.touched):
        draft = _solved(draft, day, basis)
    draft = _locking_what_was_asked(draft)
    return _plan_of(draft, changes, basis)


def prize_of(plan: Plan) -> float:
    """Return what all visits of a plan are worth together."""
    return sum(met.stop.prize for route in plan.routes for met in route.stops)


def _travel(draft: Draft, changes: Sequence[Change], ground: ReviseGround) -> Travel:
    """Return the travel between everything that a change may bring together."""
    points = {base.id: (base.lon, base.lat) for base in draft.plan.bases}
    for visits in draft.visits.values():
        points |= {met.stop.id: (met.stop.lon, met.stop.lat) for met in visits}
    points |= {name: (stop.lon, stop.lat) for name, stop in draft.pool.items()}
    for change in changes:
        if change.spot is not None:
            name = change.stop or f"stop-{change.spot.place_id}"
            points.setdefault(name, (change.spot.lon, change.spot.lat))
    opened = {
        frozenset({one.stop, one.other})
        for one in changes
        if one.kind is ChangeKind.UNLOCK and one.other
    }
    closed = [pair for pair in draft.closed if frozenset(pair) not in opened]
    closed += [(one.stop, one.other) for one in changes if one.kind is ChangeKind.CLOSED]
    modes = {shift.id: shift.mode for shift in draft.plan.shifts}
    drawn = {
        (modes[route.shift], leg.origin, leg.destination): leg
        for route in draft.plan.routes
        for leg in route.legs
    }
    return replace(travel_between(points, ground.routers, closed, drawn), limits=draft.limits)


def _placed(draft: Draft, basis: Basis) -> Draft:
    """Return the draft in which every stop that may go anywhere has the day it costs least on.

    That is one on which nothing is broken that the plan holds, where there is one. The days
    are tried in short; the one chosen is solved in full with the others touched.
    """
    quick = replace(basis, rules=replace(basis.rules, iterations=_QUICK))
    for one in [asked for asked in draft.asked if not asked.shifts]:
        rest = tuple(asked for asked in draft.asked if asked is not one)
        tried: list[tuple[tuple[int, int, int, float], date, Draft]] = []
        refused: list[HouseError] = []
        for day, shifts in _open_days(draft, one.stop).items():
            placed = Asked(stop=one.stop, shifts=tuple(shift.id for shift in shifts))
            wanting = replace(draft, asked=(*rest, placed))
            try:
                done = _solved(wanting, day, quick)
            except HouseError as fault:
                refused.append(fault)
            else:
                breaks = _n_broken(done, one.stop, day, basis)
                tried.append(((-breaks, *_worth(done)), day, wanting.touching(day)))
        if not tried:
            params = {"place": one.stop.name}
            raise refused[0] if refused else NoRouteError(Message("revise.no_day", params))
        # The best worth, and of equals the earliest day.
        _, _, draft = max(tried, key=lambda found: (*found[0], -found[1].toordinal()))
    return draft


def _open_days(draft: Draft, stop: Stop) -> dict[date, list[Shift]]:
    """Return the days left on which a stop could be met, each with its shifts."""
    found: dict[date, list[Shift]] = {}
    met = draft.days_of(stop.id)
    for shift in sorted(draft.shifts.values(), key=lambda s: (s.start, s.id)):
        begins = max(shift.start, draft.now)
        open_then = any(w.opens < shift.end and w.closes > begins for w in stop.windows)
        goes_on = shift.end > draft.now and shift.id not in draft.ended
        if goes_on and open_then and day_of(shift) not in met:
            found.setdefault(day_of(shift), []).append(shift)
    return found


def _n_broken(draft: Draft, stop: Stop, day: date, basis: Basis) -> int:
    """Return how much of what the plan holds a stop breaks on the day that it has."""
    shifts = [one for one in draft.shifts.values() if day_of(one) == day]
    met = [one for shift in shifts for one in draft.visits[shift.id] if one.stop.id == stop.id]
    late = [
        late_s(
            outing_of(draft, shift, basis.travel, basis.rules),
            basis.rules.routes.overrun_percentile,
        )
        for shift in shifts
    ]
    too_soon = not may_on(draft, stop, day, basis.rules)
    return too_soon + sum(map(bool, late)) + sum(not in_open_hour(m, basis.rules) for m in met)


def _worth(draft: Draft) -> tuple[int, int, float]:
    """Return musts met, what is urgent, then prizes: what counts in a plan, in this order."""
    met = [one.stop for visits in draft.visits.values() for one in visits]
    urgent = sum(stop.urgency for stop in met)
    return len({stop.id for stop in met if stop.must}), urgent, sum(stop.prize for stop in met)


def _solved(draft: Draft, day: date, basis: Basis) -> Draft:
    seed = draft.plan.seed + day.toordinal()
    return solve_day(draft, day, basis.travel, basis.rules, seed)


def _locking_what_was_asked(draft: Draft) -> Draft:
    """Return the draft in which what was asked for by hand stays where the search put it."""
    for one in draft.asked:
        for shift in one.shifts:
            if any(met.stop.id == one.stop.id for met in draft.visits[shift]):
                draft = draft.locked(shift, one.stop.id)
    return draft


def _plan_of(draft: Draft, changes: Sequence[Change], basis: Basis) -> Plan:
    plan = draft.plan
    shifts = tuple(
        _ended(draft, shift, basis) if shift.id in draft.ended else shift
        for shift in (draft.shifts[one.id] for one in plan.shifts)
        if shift.id not in draft.ended or draft.visits[shift.id]
    )
    routes = tuple(_route(draft, shift, basis) for shift in shifts if draft.visits[shift.id])
    if not routes:
        raise NoRouteError(Message("revise.nothing_left"))
    left_out = _left_out(draft)
    return replace(
        plan,
        status=PlanStatus.DRAFT,
        approved_by=None,
        approved_at=None,
        shifts=shifts,
        routes=routes,
        left_out=left_out,
        absences=draft.absences,
        notes=_notes(plan, routes, left_out, basis),
        changes=tuple(changes),
        standing=standing_of(draft),
        based_on=plan.version,
    )


def _notes(
    plan: Plan, routes: Sequence[Route], left_out: Sequence[LeftOut], basis: Basis
) -> tuple[Message, ...]:
    """Return what is said of a plan, with the numbers that its rounds have now."""
    found: list[Message] = []
    for note in plan.notes:
        if note.id.startswith("plan.explored"):
            found.append(explored_note(routes, basis.rules.stops.exploration_share))
        elif note.id in {"plan.intervals_kept", "plan.intervals_short"}:
            found += intervals_note(routes, left_out)
        else:
            found.append(note)
    return tuple(found)


def _ended(draft: Draft, shift: Shift, basis: Basis) -> Shift:
    """Return a shift that ends when its team is back from what it did."""
    last = draft.visits[shift.id][-1]
    free, home_base = time_of(last.leave), basis.rules.home_of(shift)
    home = later(last.leave, basis.travel.arrives(shift, last.stop.id, home_base, free) - free)
    return replace(shift, end=min(shift.end, max(home, draft.now)))


def _route(draft: Draft, shift: Shift, basis: Basis) -> Route:
    """Return a round with its ways; what was gone already stays as it was gone."""
    visits = draft.visits[shift.id]
    before = next((route for route in draft.plan.routes if route.shift == shift.id), None)
    as_it_was = not draft.closed or shift.end <= draft.now
    if before is not None and before.stops == visits and as_it_was:
        return before
    walked = {} if before is None else {(leg.origin, leg.destination): leg for leg in before.legs}
    legs, here = [], shift.base
    for met in visits:
        gone = walked.get((here, met.stop.id)) if met.arrive <= draft.now else None
        legs.append(gone or basis.travel.leg(shift.mode, here, met.stop.id))
        here = met.stop.id
    legs.append(basis.travel.leg(shift.mode, here, basis.rules.home_of(shift)))
    ways = [leg.travel_s for leg in legs]
    waits = draft.limits.spans(shift.id)
    pause = pause_in(shift, visits, ways, basis.rules.routes.pause_s(shift), waits)
    begun = with_waits(shift, visits, legs, pause, draft.limits)
    return Route(shift=shift.id, stops=visits, legs=begun, pause=pause)


def _left_out(draft: Draft) -> tuple[LeftOut, ...]:
    """Return what no round visits now, each with the rule, the person or the price behind it."""
    seen = {met.stop.id for visits in draft.visits.values() for met in visits}
    kept = {name: one for name, one in draft.out.items() if name not in seen}
    barred = {name: reason for (_, name), reason in draft.barred.items()}
    for name, stop in draft.pool.items():
        if name in seen:
            continue
        if name in draft.dropped:
            reason = Message("left_out.dropped")
        elif name in barred:
            reason = barred[name]
        elif name in kept:
            reason = kept[name].reason
        else:
            reason = no_room(stop)
        kept[name] = LeftOut(
            stop=name, place_id=stop.place_id, name=stop.name, reason=reason, candidate=stop
        )
    return left_in_order(kept.values())
