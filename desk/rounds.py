"""A team's round of a day: what the plan says, what was met, and what comes next.

Arriving writes a visit that has no length yet; its outcome gives it one. So a
phone that locks between the two forgets nothing, and an arrival that is never
finished counts as no effort.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pandas as pd

from data import frames
from data.access import Action, Purpose, may, release_plan, require, sees_municipality
from data.errors import AccessDeniedError
from data.field_view import field_hours
from data.fieldwork import Skip
from data.lending import in_force, lent_to
from data.messages import Message
from data.nouns import TIRANE, Base, Plan, Route, RouteStop, Shift, Team, Viewer, Week
from data.vocabulary import PlanStatus, Role, VisitOutcome, VisitPurpose
from desk.met import Mark, Met
from desk.wiring import House
from patrol.done import GRACE, plan_that_counts
from patrol.rest_of_round import Rest, plan_rest
from patrol.spots import limits_in

__all__ = [
    "NextRound",
    "Round",
    "arrive",
    "mark_visit",
    "next_round",
    "plan_in_force",
    "planned_again",
    "round_now",
    "round_today",
    "teams_of",
    "undo_mark",
]

#: How far ahead the next round is looked for.
_WEEKS_AHEAD = 3
#: Outcomes that take a team longer than a visit that meets nobody.
_TALKED = frozenset({VisitOutcome.SPOKEN, VisitOutcome.IDENTIFIED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One team's round on one day, as its viewer may have it, with what came of it so far.

    Parameters
    ----------
    again
        The rest, planned again after a child was met, where what was planned no longer fits.
    """

    plan: Plan
    team: Team
    shift: Shift
    route: Route
    base: Base | None
    marks: tuple[Mark, ...]
    skips: tuple[Skip, ...] = ()
    again: Rest | None = None

    def mark_of(self, stop: str) -> Mark | None:
        """Return the visit of a stop, or `None`."""
        return next((mark for mark in self.marks if mark.stop == stop), None)

    def skip_of(self, stop: RouteStop) -> Skip | None:
        """Return that a stop was passed by, or `None`; a visit to it makes up for that."""
        if self._done(stop):
            return None
        return next((one for one in self.skips if one.place_id == stop.stop.place_id), None)

    @property
    def left(self) -> tuple[RouteStop, ...]:
        """Return the stops that are neither done nor passed by, in the order they are met."""
        stops = (s for s in self.route.stops if not self._done(s))
        waiting = tuple(s for s in stops if self.skip_of(s) is None)
        if self.again is None:
            return waiting
        return (*(s for s in waiting if self.mark_of(s.stop.id) is not None), *self.again.stops)

    @property
    def done(self) -> tuple[RouteStop, ...]:
        """Return the stops that are done, in the order of the round."""
        return tuple(s for s in self.route.stops if self._done(s))

    def number(self, stop: RouteStop) -> int:
        """Return the number of a stop in its round, from 1; it keeps it when planned again."""
        return [s.stop.id for s in self.route.stops].index(stop.stop.id) + 1

    def way_to(self, stop: RouteStop) -> tuple[float, float]:
        """Return the metres and seconds to a stop, past those that were dropped before it."""
        given_up = set() if self.again is None else {one.stop for one in self.again.dropped}
        last = self.number(stop)
        first = last
        while first > 1 and self.route.stops[first - 2].stop.id in given_up:
            first -= 1
        legs = self.route.legs[first - 1 : last]
        return sum(leg.distance_m for leg in legs), sum(leg.travel_s for leg in legs)

    def _done(self, stop: RouteStop) -> bool:
        mark = self.mark_of(stop.stop.id)
        return mark is not None and mark.done


@dataclass(frozen=True, slots=True, kw_only=True)
class NextRound:
    """When a team goes out next."""

    shift: Shift
    n_stops: int


def teams_of(house: House, viewer: Viewer) -> tuple[Team, ...]:
    """Return the teams whose rounds a viewer may open, by name."""
    found = [
        team
        for municipality in sorted(viewer.municipalities)
        if may(viewer, Action.SEE_ROUND, municipality)
        for team in (*house.store.teams(municipality), *_borrowed(house, municipality))
    ]
    if viewer.teams:
        found = [team for team in found if team.id in viewer.teams]
    return tuple(sorted(found, key=lambda team: (team.name, team.id)))


def _borrowed(house: House, municipality: str) -> tuple[Team, ...]:
    """Return the teams that work for a municipality today by a loan, as teams of its own."""
    today = datetime.now(TIRANE).date()
    loans = in_force(house.store.loans.loans(municipality), today)
    lent = {one.team: one.lender for one in loans if one.borrower == municipality}
    return tuple(
        replace(team, municipality=municipality)
        for code in sorted(set(lent.values()))
        for team in house.store.teams(code)
        if team.id in lent
    )


def round_now(house: House, viewer: Viewer, team: Team, moment: datetime) -> Round | None:
    """Return the round a team is on: last night's until a little after its shift, else the day's.

    Raises
    ------
    AccessDeniedError
        If the viewer may not open rounds there.
    """
    day = moment.astimezone(TIRANE).date()
    nights = _rounds_of(house, viewer, team, day - timedelta(days=1))
    late = [outing for outing in nights if moment <= outing.shift.end + GRACE]
    return _under_way(late) or round_today(house, viewer, team, day)


def round_today(house: House, viewer: Viewer, team: Team, day: date) -> Round | None:
    """Return a team's round of a day, or `None` where none is planned.

    Raises
    ------
    AccessDeniedError
        If the viewer may not open rounds there.
    """
    return _under_way(_rounds_of(house, viewer, team, day))


def _under_way(rounds: Sequence[Round]) -> Round | None:
    """Return the first round with anything left, else the last."""
    return next((outing for outing in rounds if outing.left), rounds[-1] if rounds else None)


def _rounds_of(house: House, viewer: Viewer, team: Team, day: date) -> list[Round]:
    where = lent_to(house.store.loans.loans(), team.id, day) or team.municipality or ""
    plan = _released(house, viewer, team, Week.of(day), where, today=day)
    if plan is None:
        return []
    routes = {route.shift: route for route in plan.routes}
    shifts = [
        shift
        for shift in sorted(plan.shifts, key=lambda shift: (shift.start, shift.id))
        if shift.team == team.id and shift.start.date() == day and shift.id in routes
    ]
    visits = house.store.visits(where)
    skips = house.store.fieldwork.skips(where)
    return [
        Round(
            plan=plan,
            team=team,
            shift=shift,
            route=routes[shift.id],
            base=next((base for base in plan.bases if base.id == shift.base), None),
            marks=_marks(visits, shift, routes[shift.id]),
            skips=tuple(one for one in skips if one.shift == shift.id),
        )
        for shift in shifts
    ]


def planned_again(house: House, viewer: Viewer, outing: Round, moment: datetime) -> Round:
    """Return a round with its rest planned again, where a meeting left too little time for it.

    What places are worth stays here: only what is left and what is dropped goes out.
    """
    require(viewer, Action.SEE_ROUND, outing.team.municipality)
    met = [mark for mark in outing.marks if mark.done and mark.met.outcome in _TALKED]
    if not met or not outing.left or moment >= outing.shift.end:
        return outing
    kept = house.store.plans(outing.team.municipality or "", outing.plan.week)
    same = next(p for p in kept if p.version == outing.plan.version)
    route = next(route for route in same.routes if route.shift == outing.shift.id)
    here, now = outing.shift.base, moment
    for mark in sorted(outing.marks, key=lambda mark: mark.arrived):
        stop = next(s for s in route.stops if s.stop.id == mark.stop)
        here = mark.stop
        if not mark.done:
            now = max(now, mark.arrived + timedelta(minutes=stop.stop.service_min))
    waiting = {s.stop.id for s in outing.left if outing.mark_of(s.stop.id) is None}
    over = {s.stop.id for s in route.stops} - waiting
    limits = limits_in(same)
    rest = plan_rest(route, outing.shift, here=here, now=now, done=over, limits=limits)
    if not rest.dropped:
        return outing
    own = {stop.stop.id: stop for stop in outing.route.stops}
    stops = tuple(field_hours(replace(s, stop=own[s.stop.id].stop)) for s in rest.stops)
    return replace(outing, again=replace(rest, stops=stops))


def next_round(house: House, viewer: Viewer, team: Team, after: date) -> NextRound | None:
    """Return a team's first round after a day, or `None` where none is planned yet."""
    for step in range(_WEEKS_AHEAD):
        week = Week.of(after + timedelta(weeks=step))
        found = _rounds_after(house, viewer, team, week, after)
        if found:
            return min(found, key=lambda one: (one.shift.start, one.shift.id))
    return None


def _rounds_after(
    house: House, viewer: Viewer, team: Team, week: Week, after: date
) -> list[NextRound]:
    """Return a team's rounds of a week after a day, each where the team works that day."""
    loans = house.store.loans.loans()
    where = {day: lent_to(loans, team.id, day) or team.municipality or "" for day in week.days}
    found = []
    for municipality in sorted(set(where.values())):
        plan = _released(house, viewer, team, week, municipality, today=after)
        if plan is None:
            continue
        lengths = {route.shift: len(route.stops) for route in plan.routes}
        found += [
            NextRound(shift=shift, n_stops=lengths[shift.id])
            for shift in plan.shifts
            if shift.team == team.id
            and shift.start.date() > after
            and where.get(shift.start.date()) == municipality
            and lengths.get(shift.id)
        ]
    return found


def arrive(house: House, viewer: Viewer, outing: Round, stop: RouteStop, at: datetime) -> None:
    """Keep that the team is there; until an outcome is given the visit has no length."""
    met = Met(outcome=VisitOutcome.NOBODY, at=at)
    _write(house, viewer, outing, stop, Mark(stop=stop.stop.id, arrived=at, met=met))
    _audit(house, viewer, "visit.arrive", outing)


def mark_visit(house: House, viewer: Viewer, outing: Round, stop: RouteStop, met: Met) -> None:
    """Keep what was met at a stop.

    Raises
    ------
    AccessDeniedError
        If the viewer may not mark visits there.
    """
    mark = outing.mark_of(stop.stop.id)
    arrived = met.at if mark is None else mark.arrived
    # A visit is never without length once it has an outcome: a minute at least.
    met = replace(met, at=max(met.at, arrived + timedelta(minutes=1)))
    _write(house, viewer, outing, stop, Mark(stop=stop.stop.id, arrived=arrived, met=met))
    _audit(house, viewer, "visit.mark", outing)


def undo_mark(house: House, viewer: Viewer, outing: Round, stop: RouteStop) -> None:
    """Take back the visit of a stop: the outcome and the arrival."""
    require(viewer, Action.MARK_VISIT, outing.team.municipality)
    house.store.erase("visits", _visit_id(outing.shift, stop))
    _audit(house, viewer, "visit.undo", outing)


def _audit(house: House, viewer: Viewer, action: str, outing: Round) -> None:
    house.audit(viewer, action, purpose=Purpose.TODAY, scope=outing.team.municipality or "")


def _released(  # noqa: PLR0913 - whose round, when and where
    house: House, viewer: Viewer, team: Team, week: Week, where: str, *, today: date
) -> Plan | None:
    """Return the week's plan as the viewer may have it: the approved one, else the newest draft.

    Where a team is lent to, its rounds are its own and the borrower's: not its coordinator's.
    """
    require(viewer, Action.SEE_ROUND, team.municipality)
    if viewer.teams and team.id not in viewer.teams:
        raise AccessDeniedError(Message("access.denied", {"role": f"@word.role.{viewer.role}"}))
    if viewer.role is Role.COORDINATOR and not sees_municipality(viewer, where):
        return None
    newest = plan_in_force(house.store.plans(where, week))
    if newest is None:
        return None
    return release_plan(viewer, newest, today=today, loans=house.store.loans.loans(where))


def plan_in_force(kept: Iterable[Plan]) -> Plan | None:
    """Return a week's plan that teams go by: the approved one, of invented data the newest."""
    fit = (p for p in kept if p.status is not PlanStatus.UNDONE)
    return plan_that_counts(p for p in fit if p.status is PlanStatus.APPROVED or p.marks.synthetic)


def _visit_id(shift: Shift, stop: RouteStop) -> str:
    """Return the id of a place's visit on a day: marking twice is marking once."""
    what = f"{shift.team}|{shift.start.date()}|{shift.id}|{stop.stop.place_id}"
    return "v-" + hashlib.sha256(what.encode()).hexdigest()[:20]


def _marks(visits: pd.DataFrame, shift: Shift, route: Route) -> tuple[Mark, ...]:
    wanted = {_visit_id(shift, stop): stop.stop.id for stop in route.stops}
    rows = visits[visits["visit_id"].isin(sorted(wanted))].to_dict("records")
    found = {
        wanted[row["visit_id"]]: Mark(
            stop=wanted[row["visit_id"]],
            arrived=row["started_at"].to_pydatetime(),
            met=Met(
                outcome=VisitOutcome(row["outcome"]),
                at=row["ended_at"].to_pydatetime(),
                **{name: row[name] for name in frames.CHILD_COUNTS},
            ),
        )
        for row in rows
    }
    return tuple(found[stop.stop.id] for stop in route.stops if stop.stop.id in found)


def _write(house: House, viewer: Viewer, outing: Round, stop: RouteStop, mark: Mark) -> None:
    require(viewer, Action.MARK_VISIT, outing.team.municipality)
    purpose = stop.stop.purpose
    if purpose is VisitPurpose.IDENTIFICATION and stop.stop.exploration:
        purpose = VisitPurpose.EXPLORATION
    row = {
        "visit_id": _visit_id(outing.shift, stop),
        "place_id": stop.stop.place_id,
        "municipality": outing.plan.municipality or outing.team.municipality or "",
        "team": outing.team.id,
        "started_at": _local(mark.arrived),
        "ended_at": _local(mark.met.at),
        "purpose": str(purpose),
        "outcome": str(mark.met.outcome),
        **mark.met.counts,
        # On an invented plan the visit is invented too: trying the round is not evidence.
        "synthetic": outing.plan.marks.synthetic,
    }
    house.store.add({"visits": frames.VISITS.check(pd.DataFrame([row]))})


def _local(moment: datetime) -> pd.Timestamp:
    return pd.Timestamp(moment.replace(microsecond=0)).tz_convert(TIRANE)
