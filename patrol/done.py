"""A week's plan against what was done: which stops were reached, which were missed, and why.

Visits say what was done. A stop is reached by the nearest visit that fits it,
and a visit reaches one stop at most, so that a team that went twice is not
counted for a third time. A visit at the end of a night is the shift's: of its day,
and of its week where that ended at midnight.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum

import pandas as pd

from data.fieldwork import Skip
from data.nouns import TIRANE, Plan, RouteStop, Shift, Week
from data.vocabulary import SkipReason

__all__ = [
    "GRACE",
    "Done",
    "DoneCounts",
    "Fate",
    "Line",
    "Unplanned",
    "compare",
    "counted",
    "plan_that_counts",
    "still_to_come",
]

#: A visit begun so long outside the window, or after the shift, is in it all the same.
GRACE = timedelta(minutes=30)


class Fate(StrEnum):
    """What became of a planned stop, what asks for an answer first."""

    MISSED = "missed"
    NOT_YET = "not_yet"
    OTHER_TEAM = "other_team"
    OTHER_TIME = "other_time"
    IN_WINDOW = "in_window"

    @property
    def reached(self) -> bool:
        """Say whether somebody was there."""
        return self in {Fate.OTHER_TEAM, Fate.OTHER_TIME, Fate.IN_WINDOW}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A planned stop and what became of it.

    Parameters
    ----------
    why
        Why it was missed, where the team said so.
    begun
        When the visit that reached it began.
    by
        The team of that visit.
    """

    shift: Shift
    stop: RouteStop
    fate: Fate
    why: SkipReason | None = None
    begun: datetime | None = None
    by: str = ""
    spent_min: float = 0.0

    @property
    def planned_min(self) -> float:
        """Return the minutes that were planned at the place."""
        return _minutes(self.stop.arrive, self.stop.leave)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unplanned:
    """A visit of the week that no stop of the plan asked for."""

    place_id: str
    team: str
    begun: datetime
    spent_min: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A week's stops with what became of them, the missed ones first, and the unplanned visits."""

    week: Week
    lines: tuple[Line, ...]
    unplanned: tuple[Unplanned, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneCounts:
    """Counts of work without place or team.

    Parameters
    ----------
    due
        Planned stops whose time has come: reached or missed.
    why
        Missed stops by the reason that was given; an empty text where there is no word yet.
    planned_min, spent_min
        At the stops that are due; what was spent counts unplanned visits apart.
    explored_min
        Of `spent_min`, at stops that explore.
    """

    planned: int = 0
    due: int = 0
    reached: int = 0
    in_window: int = 0
    unplanned: int = 0
    why: Mapping[str, int] = field(default_factory=dict)
    planned_min: float = 0.0
    spent_min: float = 0.0
    unplanned_min: float = 0.0
    explored_min: float = 0.0

    @property
    def missed(self) -> int:
        """Return how many stops were missed."""
        return self.due - self.reached


def still_to_come(
    plan: Plan,
    visits: pd.DataFrame,
    skips: Iterable[Skip],
    now: datetime,
    *,
    before: Iterable[Shift] = (),
) -> tuple[RouteStop, ...]:
    """Return the stops of a plan that will be visited: not over, reached or passed by before.

    A stop whose time is over counts by its visit alone, so that one that was missed is
    overdue again by itself. What is given is as `compare` takes it.
    """
    lines = compare(plan, visits, skips, now, before=before).lines
    coming = [one.stop for one in lines if one.fate is Fate.NOT_YET and one.stop.leave > now]
    return tuple(sorted(coming, key=lambda met: (met.arrive, met.stop.id)))


def plan_that_counts(plans: Iterable[Plan]) -> Plan | None:
    """Return the plan of a week that counts: the approved one, else the newest."""
    return max(plans, key=lambda p: (p.status.rank, p.version), default=None)


def compare(
    plan: Plan,
    visits: pd.DataFrame,
    skips: Iterable[Skip],
    now: datetime,
    *,
    before: Iterable[Shift] = (),
) -> Done:
    """Return what became of every stop of a plan.

    Parameters
    ----------
    visits
        VISITS; those without length are arrivals that were never finished, and do not count.
    skips
        Stops that teams passed by, with the reason.
    before
        Shifts of the week before: what the last of them did after midnight is that week's.
    """
    shifts = {shift.id: shift for shift in plan.shifts}
    planned = [(shifts[route.shift], stop) for route in plan.routes for stop in route.stops]
    made = _made(plan, visits, now, before)
    reached = _reached(planned, made, now)
    passed = {(skip.shift, skip.place_id): skip.reason for skip in skips}
    lines = [
        _line(shift, stop, made, reached.get(i), passed.get((shift.id, stop.stop.place_id)), now)
        for i, (shift, stop) in enumerate(planned)
    ]
    taken = {j for j, _ in reached.values()}
    order = {fate: n for n, fate in enumerate(Fate)}
    return Done(
        week=plan.week,
        lines=tuple(
            sorted(lines, key=lambda x: (order[x.fate], x.stop.arrive, x.shift.id, x.stop.stop.id))
        ),
        unplanned=tuple(
            Unplanned(place_id=v.place_id, team=v.team, begun=v.begun, spent_min=v.spent_min)
            for j, v in enumerate(made)
            if j not in taken
        ),
    )


def counted(many: Iterable[Done]) -> DoneCounts:
    """Return the counts of any number of weeks or municipalities together."""
    many = tuple(many)
    lines = [line for done in many for line in done.lines]
    due = [line for line in lines if line.fate is not Fate.NOT_YET]
    there = [line for line in due if line.fate.reached]
    extra = [visit for done in many for visit in done.unplanned]
    return DoneCounts(
        planned=len(lines),
        due=len(due),
        reached=len(there),
        in_window=sum(line.fate is Fate.IN_WINDOW for line in there),
        unplanned=len(extra),
        why=Counter(str(line.why or "") for line in due if line.fate is Fate.MISSED),
        planned_min=sum(line.planned_min for line in due),
        spent_min=sum(line.spent_min for line in there),
        unplanned_min=sum(visit.spent_min for visit in extra),
        explored_min=sum(line.spent_min for line in there if line.stop.stop.exploration),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """A finished visit of the week."""

    place_id: str
    team: str
    begun: datetime
    spent_min: float


def _made(plan: Plan, visits: pd.DataFrame, now: datetime, before: Iterable[Shift]) -> list[_Made]:
    begins = datetime.combine(plan.week.monday, time(), TIRANE)
    ends = datetime.combine(plan.week.monday + timedelta(days=7), time(), TIRANE)
    begun = visits["started_at"]
    dated = (begun >= begins) & (begun < ends)
    # One of this week's nights, or of the week before's.
    own = _in_shifts(visits, plan.shifts, ends)
    theirs = _in_shifts(visits, before, begins)
    finished = visits["ended_at"] > begun
    rows = visits[finished & (own | (dated & ~theirs)) & (begun <= now)]
    return [
        _Made(
            place_id=str(row["place_id"]),
            team=str(row["team"]),
            begun=row["started_at"].to_pydatetime(),
            spent_min=_minutes(row["started_at"], row["ended_at"]),
        )
        for row in rows.sort_values(["started_at", "visit_id"]).to_dict("records")
    ]


def _in_shifts(visits: pd.DataFrame, shifts: Iterable[Shift], midnight: datetime) -> pd.Series:
    """Say which visits were begun after a midnight by a team whose shift went on past it."""
    found = pd.Series(data=False, index=visits.index)
    for shift in shifts:
        if shift.start < midnight <= shift.end + GRACE:
            until = visits["started_at"] <= shift.end + GRACE
            late = (visits["started_at"] >= midnight) & until
            found |= late & (visits["team"] == shift.team)
    return found


def _reached(
    planned: Sequence[tuple[Shift, RouteStop]],
    made: Sequence[_Made],
    now: datetime,
) -> dict[int, tuple[int, Fate]]:
    """Return which visit reached which stop, and how: the best fit first, then the nearest."""
    order = {Fate.IN_WINDOW: 0, Fate.OTHER_TIME: 1, Fate.OTHER_TEAM: 2}
    pairs = [
        (order[fate], abs(visit.begun - stop.arrive), i, j, fate)
        for i, (shift, stop) in enumerate(planned)
        for j, visit in enumerate(made)
        if (fate := _fit(shift, stop, visit, now)) is not None
    ]
    found: dict[int, tuple[int, Fate]] = {}
    taken: set[int] = set()
    for _, _, i, j, fate in sorted(pairs, key=lambda pair: pair[:4]):
        if i not in found and j not in taken:
            found[i] = (j, fate)
            taken.add(j)
    return found


def _fit(shift: Shift, stop: RouteStop, visit: _Made, now: datetime) -> Fate | None:
    """Say how a visit would reach a stop; one of another day only once the shift is over."""
    if visit.place_id != stop.stop.place_id:
        return None
    # A round by night is one day's, also after midnight.
    on = shift.start <= visit.begun <= shift.end + GRACE
    same_day = on or _day(visit.begun) == _day(stop.arrive)
    if not same_day and now <= shift.end:
        return None
    if visit.team != shift.team:
        return Fate.OTHER_TEAM
    opens, closes = stop.window.opens - GRACE, stop.window.closes + GRACE
    return Fate.IN_WINDOW if same_day and opens <= visit.begun <= closes else Fate.OTHER_TIME


def _line(  # noqa: PLR0913, PLR0917 - a stop, the visit that reached it, and what was said of it
    shift: Shift,
    stop: RouteStop,
    made: Sequence[_Made],
    reached: tuple[int, Fate] | None,
    why: SkipReason | None,
    now: datetime,
) -> Line:
    if reached is not None:
        visit = made[reached[0]]
        return Line(
            shift=shift,
            stop=stop,
            fate=reached[1],
            begun=visit.begun,
            by=visit.team,
            spent_min=visit.spent_min,
        )
    over = why is not None or now > shift.end
    return Line(shift=shift, stop=stop, fate=Fate.MISSED if over else Fate.NOT_YET, why=why)


def _day(moment: datetime) -> int:
    return moment.astimezone(TIRANE).date().toordinal()


def _minutes(first: datetime, last: datetime) -> float:
    return (last - first).total_seconds() / 60
