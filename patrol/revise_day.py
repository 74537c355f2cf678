"""A day solved again around what is fixed: the time between two fixed visits is a round of its own.

What is locked or has happened never reaches the search, so that no search can
move it. Each piece of a shift that is free runs from one fixed visit (or the
base) to the next (or back), and the search begins with what the plan had there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from data.errors import NoRouteError
from data.messages import Message, Param
from data.nouns import RouteStop, Shift, Stop
from patrol.in_time import People, solve_for_people
from patrol.limits import whole
from patrol.orienteering import Node, Problem, Round
from patrol.problem import held
from patrol.revise_draft import Asked, Draft, day_of, kept_out
from patrol.revise_gaps import DayRules, Gap, fixed_of, free_time, kept_in, time_of, usual_in
from patrol.revise_ground import Travel
from patrol.revise_outing import outing_of
from patrol.revise_pace import open_windows
from patrol.revise_times import is_as_it_was, met_at, rested, without
from patrol.revise_wishes import Wish, wishes_of
from patrol.round_ends import late_s

__all__ = ["solve_day"]

#: Prizes are whole points up to this many.
_POINTS = 200
#: What no round can do, whatever else it gives up.
_RULES = frozenset({"left_out.no_way", "left_out.no_shift_in_hours", "left_out.too_far"})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Day:
    """A day before its search.

    Parameters
    ----------
    shifts
        Those that are not over.
    opens
        The second since 1970 at which the search's clock begins.
    asked_in_time, asked_in_hours
        Whether what was asked for by hand is held to the percentile, and to the hours that
        are not closed to its place; it is met without them before it is not met at all.
    """

    draft: Draft
    travel: Travel
    rules: DayRules
    shifts: tuple[Shift, ...]
    gaps: tuple[Gap, ...]
    wishes: tuple[Wish, ...]
    opens: int
    asked_in_time: bool = True
    asked_in_hours: bool = True

    @property
    def asked(self) -> frozenset[str]:
        """Return the stops that a person asked for."""
        return frozenset(wish.stop.id for wish in self.wishes if wish.shifts)

    @property
    def required(self) -> frozenset[str]:
        """Return the stops that have to be met: musts, and what the day itself asks for."""
        return frozenset(wish.stop.id for wish in self.wishes if wish.required)


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
    every = _Day(
        draft=draft,
        travel=travel,
        rules=rules,
        shifts=shifts,
        gaps=gaps,
        wishes=wishes_of(draft, day, shifts, asked, travel, rules),
        opens=min((gap.opens for gap in gaps), default=0),
    )
    for less in _less_and_less(every, asked):
        found = _found(less, seed)
        met = _ids(found)
        if all(one.stop.id in met for one in asked):
            return _in_time(less, found)
    raise next(_no_room(draft, one, day) for one in asked if one.stop.id not in met)


def _less_and_less(day: _Day, asked: Sequence[Asked]) -> list[_Day]:
    """Return a day with all its rules, then without those that give way to a person's wish."""
    if not asked:
        return [day]
    late = replace(day, asked_in_time=False)
    has_closed = any(open_windows(one.stop, day.rules) != one.stop.windows for one in asked)
    return [day, late, replace(late, asked_in_hours=False)] if has_closed else [day, late]


def _found(day: _Day, seed: int) -> list[list[RouteStop]]:
    """Return what is met in each free piece; what fell out of its round may go to another one."""
    found = _no_worse(day, _search(day, seed, [usual_in(day.draft, gap) for gap in day.gaps]))
    lost = {wish.stop.id for wish in day.wishes if wish.home} - _ids(found)
    if lost:
        homeless = [replace(w, home="") if w.stop.id in lost else w for w in day.wishes]
        freed = replace(day, wishes=tuple(homeless))
        found = _no_worse(day, _search(freed, seed + 1, found))
    return found


def _no_worse(day: _Day, found: list[list[RouteStop]]) -> list[list[RouteStop]]:
    """Return the pieces, those of a round that nothing is asked of as they were where they lost.

    The search shortens rounds until they end in time, and may so take from one that does.
    """
    asked = {name for wish in day.wishes for name in wish.shifts}
    may = {(wish.home, wish.stop.id) for wish in day.wishes}
    for shift in day.shifts:
        was = next((one.stops for one in day.draft.plan.routes if one.shift == shift.id), ())
        own = [n for n, gap in enumerate(day.gaps) if gap.shift.id == shift.id]
        usual = {n: usual_in(day.draft, day.gaps[n]) for n in own}
        stays = all((shift.id, one.stop.id) in may for n in own for one in usual[n]) and all(
            is_as_it_was(met, met, day.gaps[n], day.travel, day.rules) for n, met in usual.items()
        )
        if shift.id in asked or day.draft.visits[shift.id] != was or not stays:
            continue
        loses = _worth(day, (found[n] for n in own)) < _worth(day, usual.values())
        if loses and not _late(day, day.draft, shift):
            found = [usual.get(n, met) for n, met in enumerate(found)]
    return found


def _worth(day: _Day, pieces: Iterable[Sequence[RouteStop]]) -> tuple[int, int, float]:
    """Return musts met, those of today among them, then what is urgent, then prizes."""
    stops = [one.stop for met in pieces for one in met]
    musts, urgent = sum(stop.id in day.required for stop in stops), sum(s.urgency for s in stops)
    return musts, urgent, sum(stop.prize for stop in stops)


def _in_time(day: _Day, found: Sequence[Sequence[RouteStop]]) -> Draft:
    """Return the draft in which no visit that is free makes a round end later than it has to.

    The search holds each piece to the percentile, and here the whole round is, with what is
    fixed in it. Where that alone ends late, nothing more makes it worse.
    """
    draft = _merged(day, found)
    for shift in day.shifts:
        late = 0 if _goes_on(draft, shift) else _late(day, draft, shift)
        if not late:
            continue
        least = _late(day, _merged(day, _bare(day, found, shift)), shift)
        while late > least:
            shorter = _one_less(day, found, shift, (least, late))
            if shorter is None:
                break
            late, found = shorter
        draft = _merged(day, found)
    return draft


def _goes_on(draft: Draft, shift: Shift) -> bool:
    """Say whether a round is under way and goes on as it was: in time or not, nobody chose it."""
    was = next((one.stops for one in draft.plan.routes if one.shift == shift.id), ())
    return shift.start <= draft.now and draft.visits[shift.id] == was


def _bare(
    day: _Day, found: Sequence[Sequence[RouteStop]], shift: Shift
) -> list[Sequence[RouteStop]]:
    """Return what is met in each piece, in those of a shift only what was asked for."""
    left = list(found)
    for n, gap in enumerate(day.gaps):
        for one in found[n] if gap.shift.id == shift.id else ():
            if one.stop.id not in day.asked:
                left[n] = without(left[n], one.stop.id, gap, day.travel, day.rules) or ()
    return left


def _one_less(
    day: _Day, found: Sequence[Sequence[RouteStop]], shift: Shift, late: tuple[int, int]
) -> tuple[int, list[Sequence[RouteStop]]] | None:
    """Return by how much a round is still late without a visit, and all pieces without it.

    What mends it all goes before what mends a part, and then what is worth least.

    Parameters
    ----------
    late
        By how much it is late at least, and now.
    """
    shorter: list[tuple[tuple[bool, bool, bool, float, str], int, list[Sequence[RouteStop]]]] = []
    for n, gap in enumerate(day.gaps):
        for one in found[n] if gap.shift.id == shift.id else ():
            name = one.stop.id
            piece = without(found[n], name, gap, day.travel, day.rules)
            if name in day.asked or piece is None:
                continue
            left = [*found[:n], piece, *found[n + 1 :]]
            still = _late(day, _merged(day, left), shift)
            order = (still > late[0], still >= late[1], name in day.required, one.stop.prize, name)
            shorter.append((order, still, left))
    if not shorter:
        return None
    _, still, left = min(shorter, key=lambda one: one[0])
    return still, left


def _late(day: _Day, draft: Draft, shift: Shift) -> int:
    outing = outing_of(draft, shift, day.travel, day.rules)
    return late_s(outing, day.rules.routes.overrun_percentile)


def _ids(found: Sequence[Sequence[RouteStop]]) -> set[str]:
    return {visit.stop.id for visits in found for visit in visits}


def _search(day: _Day, seed: int, begin: Sequence[Sequence[RouteStop]]) -> list[list[RouteStop]]:
    """Return what is met in each free piece of a day, from what it begins with."""
    closes = max((gap.closes for gap in day.gaps), default=0)
    number = {wish.stop.id: i for i, wish in enumerate(day.wishes)}
    limits = day.travel.limits
    rounds = tuple(
        held(
            Round(
                start=day.travel.row[gap.origin],
                end=day.travel.row[gap.destination],
                opens=gap.opens - day.opens,
                closes=gap.closes - day.opens,
                matrix=day.travel.modes.index(gap.shift.mode),
                most=most,
            ),
            limits.spans(gap.shift.id, day.opens),
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
        [
            met_at(limits.held(day.wishes[visit.node].stop, gap.shift.id), day.opens + visit.begins)
            for visit in visits
        ]
        for gap, visits in zip(day.gaps, solution.routes, strict=True)
    ]


def _people(day: _Day) -> People:
    """Return whom the visits of a day may meet.

    Before a time that a person set and at the end of a round nobody is late; what is locked
    alone begins when the team comes, and counts with its whole round.
    """
    ends = {
        n: gap.after is None or (gap.shift.id, gap.after.stop.id) in day.draft.appointed
        for n, gap in enumerate(day.gaps)
    }
    return People(
        chances=tuple(
            wish.stop.chance if day.asked_in_time or not wish.shifts else 0.0 for wish in day.wishes
        ),
        contacts=tuple(round(60 * wish.stop.contact_min) for wish in day.wishes),
        percentile=day.rules.routes.overrun_percentile,
        held=frozenset(n for n, is_end in ends.items() if is_end),
    )


def _most(day: _Day) -> list[int | None]:
    """Return how many places each piece may meet at most: those of a round are shared out.

    Each piece keeps as many as it has; what is left of the round's goes to its longest piece.
    """
    most = day.rules.routes.most_stops
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
            windows=_windows(day, wish, wish.stop, closes),
            hours={
                n: _windows(day, wish, own, closes)
                for n, gap in enumerate(day.gaps)
                if (own := day.travel.limits.held(wish.stop, gap.shift.id)).usual
            },
            prize=max(1, round(_POINTS * wish.stop.prize / most)) + _first(day, wish),
            required=wish.required if day.asked_in_time else bool(wish.shifts),
            urgency=wish.stop.urgency,
            rounds=_rounds(day, wish),
        )
        for wish in day.wishes
    )


def _windows(day: _Day, wish: Wish, stop: Stop, closes: int) -> tuple[tuple[int, int], ...]:
    """Return when a visit may begin to a stop as all shifts, or one, may meet it."""
    asked_first = bool(wish.shifts) and not day.asked_in_hours
    windows = stop.windows if asked_first else open_windows(stop, day.rules)
    return tuple(
        (max(time_of(w.opens) - day.opens, 0), time_of(w.closes) - day.opens)
        for w in windows
        if time_of(w.closes) >= day.opens and time_of(w.opens) <= closes
    )


def _first(day: _Day, wish: Wish) -> int:
    """Return the points more of a must where what was asked for comes before it."""
    return 2 * _POINTS if wish.required and not day.asked_in_time else 0


def _rounds(day: _Day, wish: Wish) -> tuple[int, ...] | None:
    """Return in which pieces a stop may be met; `None` for any."""
    found = tuple(i for i, gap in enumerate(day.gaps) if wish.may(gap.shift.id))
    return None if len(found) == len(day.gaps) else found


def _merged(day: _Day, found: Sequence[Sequence[RouteStop]]) -> Draft:
    """Return the draft with what is fixed and what was found as its rounds; the rest is free."""
    draft = day.draft
    before = {
        met.stop.id: whole(met.stop) for shift in day.shifts for met in draft.visits[shift.id]
    }
    rounds = {shift.id: list(fixed_of(draft, shift, day.travel)) for shift in day.shifts}
    for gap, met in zip(day.gaps, found, strict=True):
        usual = usual_in(draft, gap)
        if is_as_it_was(usual, met, gap, day.travel, day.rules):
            rounds[gap.shift.id] += usual
            continue
        pause = time_of(gap.shift.end) - gap.closes if gap.after is None else 0
        rounds[gap.shift.id] += (
            rested(list(met), gap, pause, day.travel, day.rules) if pause else met
        )
    for shift in day.shifts:
        draft = draft.with_visits(shift.id, tuple(rounds[shift.id]))
    seen = {met.stop.id for visits in draft.visits.values() for met in visits}
    pool = {name: stop for name, stop in {**before, **draft.pool}.items() if name not in seen}
    return replace(draft, pool=pool)


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
