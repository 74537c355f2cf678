"""A day solved again around what is fixed: the time between two fixed visits is a round of its own.

What is locked or has happened never reaches the search, so that no search can
move it. Each piece of a shift that is free runs from one fixed visit (or the
base) to the next (or back), and the search begins with what the plan had there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from data.errors import NoRouteError
from data.messages import Message, Param
from data.nouns import RouteStop, Shift, Stop
from patrol.in_time import People, solve_for_people
from patrol.orienteering import Node, Problem, Round
from patrol.revise_draft import Asked, Draft, day_of, kept_out, later
from patrol.revise_gaps import DayRules, Gap, fixed_of, free_time, kept_in, time_of, usual_in
from patrol.revise_ground import Travel
from patrol.safety import keep_safe
from patrol.spots import safety_of

__all__ = ["solve_day"]

#: Prizes are whole points up to this many.
_POINTS = 200
#: What no round can do, whatever else it gives up.
_RULES = frozenset({"left_out.no_way", "left_out.no_shift_in_hours", "left_out.too_far"})
_EPOCH = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Day:
    """A day before its search.

    Parameters
    ----------
    shifts
        Those that are not over.
    opens
        The second since 1970 at which the search's clock begins.
    """

    draft: Draft
    travel: Travel
    rules: DayRules
    shifts: tuple[Shift, ...]
    gaps: tuple[Gap, ...]
    wishes: tuple[_Wish, ...]
    opens: int


def solve_day(draft: Draft, day: date, travel: Travel, rules: DayRules, seed: int) -> Draft:
    """Return a draft with the rounds of a day solved again around what is fixed.

    Raises
    ------
    NoRouteError
        If two fixed visits cannot both be kept, a break has no room, or a stop that was
        asked for has none.
    """
    shifts = tuple(
        shift
        for shift in sorted(draft.shifts.values(), key=lambda s: (s.start, s.id))
        if day_of(shift) == day and shift.end > draft.now
    )
    own = {shift.id for shift in shifts}
    asked = [one for one in draft.asked if own & set(one.shifts)]
    gaps = tuple(gap for shift in shifts for gap in free_time(draft, shift, travel, rules))
    whole = _Day(
        draft=draft,
        travel=travel,
        rules=rules,
        shifts=shifts,
        gaps=gaps,
        wishes=_wishes(draft, day, shifts, asked, travel, rules),
        opens=min((gap.opens for gap in gaps), default=0),
    )
    found = _search(whole, seed, [usual_in(draft, gap) for gap in gaps])
    lost = {wish.stop.id for wish in whole.wishes if wish.home} - _ids(found)
    if lost:
        # What fell out of its round may go to another one; everything else stays where it is.
        homeless = [replace(w, home="") if w.stop.id in lost else w for w in whole.wishes]
        found = _search(replace(whole, wishes=tuple(homeless)), seed + 1, found)
    met = _ids(found)
    for one in asked:
        if one.stop.id not in met:
            raise _no_room(draft, one, day)
    return _merged(whole, found)


def _ids(found: Sequence[Sequence[RouteStop]]) -> set[str]:
    return {visit.stop.id for visits in found for visit in visits}


def _wishes(  # noqa: PLR0913, PLR0917 - the day, and what was asked of it
    draft: Draft,
    day: date,
    shifts: Sequence[Shift],
    asked: Sequence[Asked],
    travel: Travel,
    rules: DayRules,
) -> tuple[_Wish, ...]:
    """Return what may be met on a day beside what is fixed, by the ids of the stops."""
    wishes = {one.stop.id: _Wish(stop=one.stop, required=True, shifts=one.shifts) for one in asked}
    there = {
        met.stop.id: (met.stop, shift.id) for shift in shifts for met in draft.visits[shift.id]
    }
    pool = {name: one for name, one in draft.pool.items() if name not in draft.dropped}
    for name, (stop, home) in {**{k: (one, "") for k, one in pool.items()}, **there}.items():
        required = stop.must or (day, name) in draft.wanted_now
        wishes.setdefault(name, _Wish(stop=stop, required=required, home=home))
    for name, stop in _again(draft, day, rules).items():
        wishes.setdefault(name, _Wish(stop=stop, required=False))
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
        if name not in fixed and (wish.shifts or (day, name) not in draft.barred)
    ]
    return _safe(draft, found, shifts)


def _safe(draft: Draft, wishes: Sequence[_Wish], shifts: Sequence[Shift]) -> tuple[_Wish, ...]:
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


def _again(draft: Draft, day: date, rules: DayRules) -> dict[str, Stop]:
    """Return the places visited on other days that may have one more visit, worth less by each."""
    met = {one.stop.id for visits in draft.visits.values() for one in visits}
    found = {}
    for name in sorted(met - draft.dropped):
        days = draft.days_of(name)
        rested = all(abs((day - other).days) >= rules.rest_days for other in days)
        if rested and len(days) < rules.visits:
            stop = draft.stop(name)
            worth = stop.prize * rules.repeat_factor ** len(days)
            found[name] = replace(stop, prize=worth, must=False)
    return found


def _search(day: _Day, seed: int, begin: Sequence[Sequence[RouteStop]]) -> list[list[RouteStop]]:
    """Return what is met in each free piece of a day, from what it begins with."""
    closes = max((gap.closes for gap in day.gaps), default=0)
    number = {wish.stop.id: i for i, wish in enumerate(day.wishes)}
    rounds = tuple(
        Round(
            start=day.travel.row[gap.origin],
            end=day.travel.row[gap.destination],
            opens=gap.opens - day.opens,
            closes=gap.closes - day.opens,
            matrix=day.travel.modes.index(gap.shift.mode),
            most=most,
        )
        for gap, most in zip(day.gaps, _most(day), strict=True)
    )
    usual = [kept_in(gap, visits, day.travel) for gap, visits in zip(day.gaps, begin, strict=True)]
    solution = solve_for_people(
        Problem(travel=day.travel.seconds, nodes=_nodes(day, closes), rounds=rounds),
        _people(day),
        iterations=day.rules.iterations,
        seconds=day.rules.safety_stop_s,
        seed=seed % 2**32,
        start=[[number[name] for name in kept if name in number] for kept in usual],
    )
    return [
        [_met(day.wishes[visit.node].stop, day.opens + visit.begins) for visit in visits]
        for visits in solution.routes
    ]


def _people(day: _Day) -> People:
    """Return whom the visits of a day may meet: what comes after them waits for nobody."""
    return People(
        chances=tuple(wish.stop.chance for wish in day.wishes),
        contacts=tuple(round(60 * wish.stop.contact_min) for wish in day.wishes),
        percentile=day.rules.overrun_percentile,
    )


def _most(day: _Day) -> list[int | None]:
    """Return how many places each piece may meet at most: those of a round are shared out.

    Each piece keeps as many as it has; what is left of the round's goes to its longest piece.
    """
    most = day.rules.most_stops
    if most is None:
        return [None] * len(day.gaps)
    found: list[int | None] = []
    for gap in day.gaps:
        own = [one for one in day.gaps if one.shift.id == gap.shift.id]
        n_fixed = len(fixed_of(day.draft, gap.shift, day.travel))
        usual = {id(one): len(usual_in(day.draft, one)) for one in own}
        longest = max(own, key=lambda one: (one.closes - one.opens, -one.opens))
        spare = max(most - n_fixed - sum(usual.values()), 0) if gap is longest else 0
        found.append(usual[id(gap)] + spare)
    return found


def _nodes(day: _Day, closes: int) -> tuple[Node, ...]:
    most = max((wish.stop.prize for wish in day.wishes), default=0.0) or 1.0
    return tuple(
        Node(
            location=day.travel.row[wish.stop.id],
            service=round(wish.stop.service_min * 60),
            windows=tuple(
                (max(time_of(w.opens) - day.opens, 0), time_of(w.closes) - day.opens)
                for w in wish.stop.windows
                if time_of(w.closes) >= day.opens and time_of(w.opens) <= closes
            ),
            prize=max(1, round(_POINTS * wish.stop.prize / most)),
            required=wish.required,
            rounds=_rounds(day, wish),
        )
        for wish in day.wishes
    )


def _rounds(day: _Day, wish: _Wish) -> tuple[int, ...] | None:
    """Return in which pieces a stop may be met; `None` for any."""
    found = tuple(i for i, gap in enumerate(day.gaps) if wish.may(gap.shift.id))
    return None if len(found) == len(day.gaps) else found


def _met(stop: Stop, begin: int) -> RouteStop:
    arrive = later(_EPOCH, begin)
    window = next(w for w in stop.windows if time_of(w.opens) <= begin <= time_of(w.closes))
    leave = later(arrive, 60 * stop.service_min)
    return RouteStop(stop=stop, arrive=arrive, leave=leave, window=window)


def _merged(day: _Day, found: Sequence[Sequence[RouteStop]]) -> Draft:
    """Return the draft with what is fixed and what was found as its rounds; the rest is free."""
    draft = day.draft
    before = {met.stop.id: met.stop for shift in day.shifts for met in draft.visits[shift.id]}
    rounds = {shift.id: list(fixed_of(draft, shift, day.travel)) for shift in day.shifts}
    for gap, met in zip(day.gaps, found, strict=True):
        usual = usual_in(draft, gap)
        if _is_as_it_was(usual, met, gap, day.travel):
            rounds[gap.shift.id] += usual
            continue
        pause = time_of(gap.shift.end) - gap.closes if gap.after is None else 0
        rounds[gap.shift.id] += _rested(list(met), gap, pause, day.travel) if pause else met
    for shift in day.shifts:
        draft = draft.with_visits(shift.id, tuple(rounds[shift.id]))
    seen = {met.stop.id for visits in draft.visits.values() for met in visits}
    pool = {name: stop for name, stop in {**before, **draft.pool}.items() if name not in seen}
    return replace(draft, pool=pool)


def _is_as_it_was(
    usual: Sequence[RouteStop], met: Sequence[RouteStop], gap: Gap, travel: Travel
) -> bool:
    """Say whether a piece meets the same places as before and can do so at the same times.

    If the break is to be taken here, there has to be the time for it.
    """
    if {one.stop.id for one in usual} != {one.stop.id for one in met}:
        return False
    closes = time_of(gap.shift.end if gap.after is None else gap.after.arrive)
    here, free, waits = gap.origin, gap.opens, []
    for one in usual:
        way = travel.between(gap.shift.mode, here, one.stop.id)
        waits.append(time_of(one.arrive) - free - way)
        here, free = one.stop.id, time_of(one.leave)
    waits.append(closes - free - travel.between(gap.shift.mode, here, gap.destination))
    return min(waits) >= 0 and max(waits) >= closes - gap.closes


def _rested(met: list[RouteStop], gap: Gap, pause: int, travel: Travel) -> list[RouteStop]:
    """Move what comes after the break, as near the middle of the shift as the hours allow."""
    middle = gap.shift.start + (gap.shift.end - gap.shift.start) / 2
    first = 1 if gap.before is None else 0
    for n in sorted(range(first, len(met)), key=lambda i: (abs(met[i].arrive - middle), i)):
        moved = [*met[:n], *_pushed(met[n:], met[n - 1] if n else gap.before, gap, pause, travel)]
        home = travel.between(gap.shift.mode, moved[-1].stop.id, gap.home)
        if later(moved[-1].leave, home) <= gap.shift.end and all(
            one.arrive <= one.window.closes for one in moved
        ):
            return moved
    return met


def _pushed(
    after: Sequence[RouteStop], before: RouteStop | None, gap: Gap, pause: int, travel: Travel
) -> list[RouteStop]:
    """Return visits that begin after a break, each no sooner than the way to it allows."""
    found: list[RouteStop] = []
    here, free = gap.origin, later(_EPOCH, gap.opens)
    if before is not None:
        here, free = before.stop.id, max(before.leave, free)
    for one in after:
        way = travel.between(gap.shift.mode, here, one.stop.id) + (0 if found else pause)
        arrive = max(one.arrive, later(free, way))
        found.append(replace(one, arrive=arrive, leave=later(arrive, 60 * one.stop.service_min)))
        here, free = one.stop.id, found[-1].leave
    return found


def _no_room(draft: Draft, one: Asked, day: date) -> NoRouteError:
    """Return why a stop that was asked for has no room: its hours, a lock, or the others."""
    shifts = [draft.shifts[name] for name in one.shifts if day_of(draft.shifts[name]) == day]
    params: dict[str, Param] = {"place": one.stop.name, "day": day}
    left = draft.out.get(one.stop.id)
    if left is not None and left.reason.id in _RULES:
        return NoRouteError(kept_out(left))
    if not any(
        window.opens < shift.end and window.closes > max(shift.start, draft.now)
        for shift in shifts
        for window in one.stop.windows
    ):
        return NoRouteError(Message("revise.closed_then", params))
    locks = sorted(
        met.stop.name
        for shift in shifts
        for met in draft.visits[shift.id]
        if (shift.id, met.stop.id) in draft.locks and met.arrive > draft.now
    )
    if locks:
        return NoRouteError(Message("revise.locks_in_way", {**params, "locks": ", ".join(locks)}))
    return NoRouteError(Message("revise.no_room", params))
