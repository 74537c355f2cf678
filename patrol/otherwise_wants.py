"""What may be visited in the same plan with something different, by whom, and for what it is worth.

What a person locked is cut out of its shift, as in `patrol.revise_day`: no search can move it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from data.errors import NoRouteError
from data.messages import Message
from data.nouns import Plan, RouteStop, Shift, Stop, TimeWindow
from data.vocabulary import ChangeKind
from patrol.horizon import Work, day_of, open_windows
from patrol.revise_ground import Travel
from patrol.task import PlanTask
from patrol.ways import seconds

__all__ = ["Piece", "Visit", "Want", "Whole", "pieces_of", "visits_of", "wants_of"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Visit:
    """A visit of the plan, in its week."""

    week: int
    shift: str
    met: RouteStop
    is_locked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A shift that is searched, or the free time of one between two visits that are locked."""

    week: int
    shift: Shift
    before: RouteStop | None = None
    after: RouteStop | None = None

    @property
    def opens(self) -> int:
        """Return the second since 1970 at which it begins."""
        return seconds(self.shift.start if self.before is None else self.before.leave)

    @property
    def closes(self) -> int:
        """Return the second since 1970 at which it ends."""
        return seconds(self.shift.end if self.after is None else self.after.arrive)


@dataclass(frozen=True, slots=True, kw_only=True)
class Want:
    """A visit that may be made: one of the plan, or one more; in which pieces, and its worth."""

    week: int
    stop: Stop
    windows: tuple[TimeWindow, ...]
    pieces: tuple[int, ...]
    worth: float
    rest_days: int
    visit: Visit | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Whole:
    """All that a search needs to know.

    Parameters
    ----------
    works
        By week, as judged after the visits of the plan in the weeks before.
    differing
        Ids of the shifts that the plan does not have like that.
    """

    plans: tuple[Plan, ...]
    shifts: Mapping[str, tuple[int, Shift]]
    works: tuple[Work, ...]
    differing: frozenset[str]
    task: PlanTask
    travels: tuple[Travel, ...]
    visits: tuple[Visit, ...]

    def is_lost(self, visit: Visit) -> bool:
        """Say whether a visit's round is not there any more."""
        return visit.shift not in self.shifts

    def had(self, shift: str) -> tuple[RouteStop, ...]:
        """Return what the plan visits in a shift."""
        return tuple(visit.met for visit in self.visits if visit.shift == shift)

    def ends(self, piece: Piece) -> tuple[str, str]:
        """Return the base or stop at which a piece begins, and the one at which it ends."""
        home = self.task.settings.routes.end_bases.get(piece.shift.team, piece.shift.base)
        return (
            piece.shift.base if piece.before is None else piece.before.stop.id,
            home if piece.after is None else piece.after.stop.id,
        )


def visits_of(plans: Sequence[Plan]) -> tuple[Visit, ...]:
    """Return the visits of plans, the earliest first, and which of them a person locked."""
    found = []
    for w, plan in enumerate(plans):
        locks = {(c.shift, c.stop) for c in plan.standing if c.kind is ChangeKind.LOCK}
        found += [
            Visit(
                week=w,
                shift=route.shift,
                met=met,
                is_locked=(route.shift, met.stop.id) in locks,
            )
            for route in plan.routes
            for met in route.stops
        ]
    return tuple(sorted(found, key=lambda v: (v.met.arrive, v.met.stop.id)))


def pieces_of(whole: Whole, name: str) -> list[Piece]:
    """Return a shift's free time: all of it, or what lies between visits that are locked.

    Raises
    ------
    NoRouteError
        If two of them cannot both be kept.
    """
    w, shift = whole.shifts[name]
    fixed = [v.met for v in whole.visits if v.shift == name and v.is_locked]
    ends = zip([None, *fixed], [*fixed, None], strict=True)
    found = [Piece(week=w, shift=shift, before=a, after=b) for a, b in ends]
    for piece in found if fixed else ():
        origin, destination = whole.ends(piece)
        way = whole.travels[w].between(shift.mode, origin, destination)
        if piece.opens + way > piece.closes:
            raise NoRouteError(Message("what_if.lock_in_way"))
    return found


def wants_of(whole: Whole, pieces: Sequence[Piece]) -> list[Want]:
    """Return what may be visited: the plan's own visits, and more where a shift differs.

    Visits that are locked in a shift that goes on, or lie in one that is not searched, are none.
    """
    free = {piece.shift.id for piece in pieces}
    loose = [
        visit
        for visit in whole.visits
        if whole.is_lost(visit) or (visit.shift in free and not visit.is_locked)
    ]
    fixed: dict[str, list[date]] = defaultdict(list)
    for visit in whole.visits:
        if visit not in loose:
            fixed[visit.met.stop.id].append(_day(whole, visit))
    own = [_own(whole, pieces, visit, fixed[visit.met.stop.id]) for visit in loose]
    return [want for want in (*own, *_more(whole, pieces, fixed)) if want.pieces]


def _own(whole: Whole, pieces: Sequence[Piece], visit: Visit, fixed: Sequence[date]) -> Want:
    work, stop = whole.works[visit.week], visit.met.stop
    judged = _judged(work, stop)
    before = [v for v in whole.visits if v.week == visit.week and v.met.stop.id == stop.id]
    return Want(
        week=visit.week,
        stop=stop,
        windows=_both(stop, judged, visit.met.arrive) or stop.windows,
        pieces=_open_to(whole, pieces, visit, judged, fixed),
        worth=work.worth(judged, before.index(visit), whole.task.settings.routes),
        rest_days=_rest(whole, visit),
        visit=visit,
    )


def _more(
    whole: Whole, pieces: Sequence[Piece], fixed: Mapping[str, Sequence[date]]
) -> Iterator[Want]:
    """Yield visits that the plan does not make, for the shifts that differ."""
    settings = whole.task.settings.routes
    made = Counter((visit.week, visit.met.stop.id) for visit in whole.visits)
    for w, work in enumerate(whole.works):
        out = {c.stop for c in whole.plans[w].standing if c.kind is ChangeKind.DROP}
        for stop in (one for one in work.stops if one.id not in out):
            rest = work.rest_days(stop.id, settings)
            own = tuple(
                i
                for i, piece in enumerate(pieces)
                if piece.week == w
                and piece.shift.id in whole.differing
                and (stop.shifts is None or piece.shift.id in stop.shifts)
                and _rested(day_of(piece.shift), fixed.get(stop.id, ()), rest)
            )
            for nth in range(made[w, stop.id], work.wanted.get(stop.id, 1)):
                yield Want(
                    week=w,
                    stop=replace(stop, must=stop.must and nth == 0),
                    windows=open_windows(work, stop),
                    pieces=own,
                    worth=work.worth(stop, nth, settings),
                    rest_days=rest,
                )


def _day(whole: Whole, visit: Visit) -> date:
    shifts = {shift.id: shift for shift in whole.plans[visit.week].shifts}
    return day_of(shifts[visit.shift])


def _judged(work: Work, stop: Stop) -> Stop:
    """Return a stop as it is judged now; one that only the plan knows is as it says."""
    return next((one for one in work.stops if one.id == stop.id), stop)


def _both(stop: Stop, judged: Stop, arrive: datetime) -> tuple[TimeWindow, ...]:
    """Return the hours that hold in every round, if the visit may begin in them when it does."""
    found = tuple(
        TimeWindow(opens=max(a.opens, b.opens), closes=min(a.closes, b.closes))
        for a in stop.windows
        for b in judged.windows
        if max(a.opens, b.opens) <= min(a.closes, b.closes)
    )
    return found if any(one.opens <= arrive <= one.closes for one in found) else ()


def _open_to(
    whole: Whole,
    pieces: Sequence[Piece],
    visit: Visit,
    judged: Stop,
    fixed: Sequence[date],
) -> tuple[int, ...]:
    """Return in which pieces a visit of the plan may be made."""
    stop, rest = visit.met.stop, _rest(whole, visit)
    anywhere = whole.is_lost(visit) or visit.shift in whole.differing
    holds = bool(_both(stop, judged, visit.met.arrive))

    def may(piece: Piece) -> bool:
        name = piece.shift.id
        if name == visit.shift:
            return True
        if piece.week != visit.week or not _rested(day_of(piece.shift), fixed, rest):
            return False
        if name in whole.differing:
            return holds and (judged.shifts is None or name in judged.shifts)
        return anywhere and (stop.shifts is None or name in stop.shifts)

    return tuple(i for i, piece in enumerate(pieces) if may(piece))


def _rested(day: date, fixed: Sequence[date], rest: int) -> bool:
    return all(abs((day - other).days) >= rest for other in fixed)


def _rest(whole: Whole, visit: Visit) -> int:
    """Return the days between visits to a place; less where a person set it otherwise."""
    stop = visit.met.stop.id
    asked = whole.works[visit.week].rest_days(stop, whole.task.settings.routes)
    mine = _day(whole, visit)
    others = [_day(whole, v) for v in whole.visits if v.met.stop.id == stop and v is not visit]
    return min([asked, *(abs((mine - other).days) for other in others)])
