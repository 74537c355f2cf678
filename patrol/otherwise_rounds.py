"""The rounds of the same plan with something different: searched is only what differs.

What a plan visits stays in its round, or goes to a round that is new, longer or on
other wheels; what lost its round may go to any. Places that the plan leaves out are open
to rounds that differ alone. So no round is better for having been searched once more: where
nothing differs nothing is searched, and the plan comes back as it is. What a person locked
is cut out (as in `patrol.revise_day`): no search can move it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

from data.nouns import Plan, Route, RouteStop, Shift, TimeWindow
from data.vocabulary import ChangeKind, TravelMode
from geo.travel import Router
from patrol.horizon import Work, day_of, pause_of
from patrol.in_time import People, solve_for_people
from patrol.orienteering_rules import kept
from patrol.otherwise_wants import Piece, Visit, Want, Whole, pieces_of, visits_of, wants_of
from patrol.problem import Node, Pause, Problem, Round, Solution
from patrol.revise_draft import later
from patrol.revise_ground import Travel, travel_between
from patrol.task import PlanTask
from patrol.ways import seconds

__all__ = ["searched_routes"]

_POINTS = 1000
_EPOCH = datetime.fromtimestamp(0, UTC)


def searched_routes(  # noqa: PLR0913, PLR0917 - the plans, who works, what is asked, and the streets
    plans: Sequence[Plan],
    shifts: Sequence[tuple[Shift, ...]],
    differing: frozenset[str],
    works: Sequence[Work],
    task: PlanTask,
    routers: Mapping[TravelMode, Router],
    *,
    seed: int,
) -> tuple[tuple[Route, ...], ...]:
    """Return the rounds of each week with the shifts that there are.

    They are worth no less than those of the plan that go on.

    Parameters
    ----------
    shifts, works
        By week: who works, and what is asked after the plan's visits in the weeks before.
    differing
        Ids of the shifts that the plan does not have, or not like that.

    Raises
    ------
    NoRouteError
        If a visit that was locked cannot be kept.
    """
    whole = Whole(
        plans=tuple(plans),
        shifts={one.id: (w, one) for w, own in enumerate(shifts) for one in own},
        works=tuple(works),
        differing=differing,
        task=task,
        travels=_travels(plans, works, task, routers),
        visits=visits_of(plans),
    )
    if not differing and not any(map(whole.is_lost, whole.visits)):
        return tuple(plan.routes for plan in plans)
    locked = {visit.shift for visit in whole.visits if visit.is_locked}
    free = [n for n in whole.shifts if n in differing or n not in locked]
    found, gain = _search(whole, free, seed)
    if gain < (0, 0.0):
        # The search gave up what the plan has: then only what differs is searched.
        found, _ = _search(whole, [name for name in free if name in differing], seed)
    return tuple(
        tuple(_route(whole, w, shift, found) for shift in own if found.stops(shift.id))
        for w, own in enumerate(shifts)
    )


def _travels(
    plans: Sequence[Plan],
    works: Sequence[Work],
    task: PlanTask,
    routers: Mapping[TravelMode, Router],
) -> tuple[Travel, ...]:
    """Return the ways of each week, without the roads that are closed in it."""
    bases = [*task.bases, *(base for plan in plans for base in plan.bases)]
    points = {base.id: (base.lon, base.lat) for base in bases}
    stops = [stop for work in works for stop in work.stops]
    stops += [one.stop for plan in plans for route in plan.routes for one in route.stops]
    stops += [one.candidate for plan in plans for one in plan.left_out if one.candidate]
    points |= {stop.id: (stop.lon, stop.lat) for stop in stops}
    made: dict[tuple[tuple[str, str], ...], Travel] = {}
    found = []
    for plan in plans:
        closed = tuple((c.stop, c.other) for c in plan.standing if c.kind is ChangeKind.CLOSED)
        if closed not in made:
            made[closed] = travel_between(points, routers, closed, {})
        found.append(made[closed])
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Found:
    """What rounds meet now: those that were searched, by shift; the plan's are as they were."""

    whole: Whole
    by_shift: Mapping[str, tuple[RouteStop, ...]]
    pauses: Mapping[str, TimeWindow]

    def stops(self, shift: str) -> tuple[RouteStop, ...]:
        """Return what a shift meets."""
        return self.by_shift[shift] if shift in self.by_shift else self.whole.had(shift)


def _search(whole: Whole, free: Sequence[str], seed: int) -> tuple[_Found, tuple[int, float]]:
    """Search some shifts, and return by how much it is worth more than the plan's that go on.

    What must be visited comes first, then what visits are worth.
    """
    pieces = [piece for name in free for piece in pieces_of(whole, name)]
    wants = wants_of(whole, pieces)
    if not pieces or not wants:
        return _Found(whole=whole, by_shift={}, pauses={}), (0, 0.0)
    problem, zero = _problem(whole, pieces, wants)
    begun: list[list[int]] = [[] for _ in pieces]
    for n, want in enumerate(wants):
        own = want.visit
        at = None if own is None else _piece_of(pieces, own)
        if at is not None:
            begun[at].append(n)
    settings = whole.task.settings.routes
    solution = solve_for_people(
        problem,
        People(
            chances=tuple(want.stop.chance for want in wants),
            contacts=tuple(round(60 * want.stop.contact_min) for want in wants),
            percentile=settings.overrun_percentile,
        ),
        iterations=settings.iterations * len(whole.plans),
        seconds=settings.safety_stop_s * len(whole.plans),
        seed=seed % 2**32,
        start=begun,
    )
    as_it_was = kept(problem, begun)
    sure = [
        own if pieces[i].shift.id in whole.differing else begun[i]
        for i, own in enumerate(as_it_was)
    ]
    met = [[visit.node for visit in route] for route in solution.routes]
    (m, a), (n, b) = (_value(wants, routes) for routes in (met, sure))
    return _read(whole, pieces, wants, solution, zero), (m - n, round(a - b, 9))


def _piece_of(pieces: Sequence[Piece], visit: Visit) -> int | None:
    """Return in which piece a visit lies so far."""
    at = seconds(visit.met.arrive)
    own = [i for i, piece in enumerate(pieces) if piece.shift.id == visit.shift]
    inside = [i for i in own if pieces[i].opens <= at <= pieces[i].closes]
    return next(iter(inside or own), None)


def _value(wants: Sequence[Want], routes: Sequence[Sequence[int]]) -> tuple[int, float]:
    own = [wants[n] for route in routes for n in route]
    return sum(one.stop.must for one in own), sum(one.worth for one in own)


def _problem(whole: Whole, pieces: Sequence[Piece], wants: Sequence[Want]) -> tuple[Problem, int]:
    """Return the problem, and the second since 1970 that its ticks are counted from."""
    zero = min(piece.opens for piece in pieces)
    last = max(piece.closes for piece in pieces)
    row, modes = whole.travels[0].row, whole.travels[0].modes
    most = max(want.worth for want in wants) or 1.0
    nodes = tuple(
        Node(
            location=row[want.stop.id],
            service=round(60 * want.stop.service_min),
            windows=tuple(
                (max(seconds(one.opens) - zero, 0), seconds(one.closes) - zero)
                for one in want.windows
                if seconds(one.closes) >= zero and seconds(one.opens) <= last
            ),
            prize=max(1, round(_POINTS * want.worth / most)),
            required=want.stop.must,
            rounds=want.pieces,
            group=want.stop.id,
            rest_days=want.rest_days,
        )
        for want in wants
    )
    rounds = []
    for piece in pieces:
        origin, destination = whole.ends(piece)
        rounds.append(
            Round(
                start=row[origin],
                end=row[destination],
                opens=piece.opens - zero,
                closes=piece.closes - zero,
                matrix=piece.week * len(modes) + modes.index(piece.shift.mode),
                day=day_of(piece.shift).toordinal(),
                most=_most(whole, piece),
                pause=_pause(whole, pieces, piece, zero),
            )
        )
    travel = tuple(matrix for one in whole.travels for matrix in one.seconds)
    return Problem(travel=travel, nodes=nodes, rounds=tuple(rounds)), zero


def _most(whole: Whole, piece: Piece) -> int | None:
    most, had = whole.task.settings.routes.most_stops, len(whole.had(piece.shift.id))
    return None if most is None else max(most, had)


def _pause(whole: Whole, pieces: Sequence[Piece], piece: Piece, zero: int) -> Pause | None:
    """Return the break that a piece holds: its shift's, in the piece with most room for it."""
    pause = pause_of(piece.shift, whole.task.settings.routes)
    if pause is None:
        return None

    def room(one: Piece) -> int:
        return min(one.closes - pause.ticks, pause.closes) - max(one.opens, pause.opens)

    own = [one for one in pieces if one.shift.id == piece.shift.id]
    if piece is not max(own, key=room) or room(piece) < 0:
        return None
    return Pause(
        ticks=pause.ticks,
        opens=max(piece.opens, pause.opens) - zero,
        closes=min(piece.closes - pause.ticks, pause.closes) - zero,
    )


def _read(
    whole: Whole,
    pieces: Sequence[Piece],
    wants: Sequence[Want],
    solution: Solution,
    zero: int,
) -> _Found:
    """Return what was found, by the clock; a round with the same places as before is the same."""
    met: dict[str, list[RouteStop]] = {piece.shift.id: [] for piece in pieces}
    pauses: dict[str, TimeWindow] = {}
    minutes = whole.task.settings.routes.break_min
    for piece, visits, pause in zip(pieces, solution.routes, solution.pauses, strict=True):
        for visit in visits:
            want = wants[visit.node]
            met[piece.shift.id].append(_met(want, zero + visit.begins))
        if pause is not None:
            opens = later(_EPOCH, zero + pause)
            pauses[piece.shift.id] = TimeWindow(opens=opens, closes=later(opens, 60 * minutes))
    found = {}
    for name, own in met.items():
        had = whole.had(name)
        locked = [v.met for v in whole.visits if v.shift == name and v.is_locked]
        both = tuple(sorted((*own, *locked), key=lambda one: (one.arrive, one.stop.id)))
        same = sorted(one.stop.id for one in both) == sorted(one.stop.id for one in had)
        if not same or name in whole.differing:
            found[name] = both
    return _Found(whole=whole, by_shift=found, pauses=pauses)


def _met(want: Want, begins: int) -> RouteStop:
    arrive = later(_EPOCH, begins)
    window = next(w for w in want.windows if seconds(w.opens) <= begins <= seconds(w.closes))
    return RouteStop(
        stop=want.stop,
        arrive=arrive,
        leave=later(arrive, 60 * want.stop.service_min),
        window=window,
    )


def _route(whole: Whole, w: int, shift: Shift, found: _Found) -> Route:
    """Return a round with its ways; one that was not searched anew is the plan's own."""
    if shift.id not in found.by_shift:
        return next(route for route in whole.plans[w].routes if route.shift == shift.id)
    stops = found.by_shift[shift.id]
    first, last = whole.ends(Piece(week=w, shift=shift))
    names = [first, *(met.stop.id for met in stops), last]
    return Route(
        shift=shift.id,
        stops=stops,
        legs=tuple(whole.travels[w].leg(shift.mode, a, b) for a, b in pairwise(names)),
        pause=found.pauses.get(shift.id),
    )
