"""A plan in the hands of who changes it: what stands, what is free, and what was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from data.changes import Change
from data.errors import ContractError
from data.messages import Message
from data.nouns import TIRANE, Absence, LeftOut, Plan, RouteStop, Shift, Stop, Team
from data.vocabulary import ChangeKind
from patrol.limits import Limits, whole
from patrol.spots import limits_in

__all__ = ["Asked", "Draft", "day_of", "draft_of", "kept_out", "later", "standing_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A stop that has to be met by one of some shifts; by whichever fits best without any."""

    stop: Stop
    shifts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Draft:
    """A plan while it is changed; every function returns another one.

    Parameters
    ----------
    now
        Before it everything stays as it is: it has happened.
    visits
        By shift, in their order; every shift has an entry.
    locks
        Shift and stop of the visits that keep their order, team and time.
    appointed
        Of them those that a person gave their time: they begin no sooner.
    pool
        Places without a visit that a round could serve, by the ids of their stops.
    out
        Places without a visit, with the rule or price that keeps them out.
    dropped
        Stops that a person took out: no search brings them back.
    barred
        Stops that are none on a day, with the reason.
    ended
        Shifts that do not go on: nobody is left to work them.
    touched
        Days that have to be solved again.
    divert
        A team on its way may be sent elsewhere: there is a call.
    limits
        What the rules of safety leave to each shift.
    """

    plan: Plan
    now: datetime
    shifts: Mapping[str, Shift]
    visits: Mapping[str, tuple[RouteStop, ...]]
    locks: frozenset[tuple[str, str]]
    appointed: frozenset[tuple[str, str]]
    pool: Mapping[str, Stop]
    out: Mapping[str, LeftOut]
    dropped: frozenset[str]
    closed: tuple[tuple[str, str], ...]
    asked: tuple[Asked, ...] = ()
    barred: Mapping[tuple[date, str], Message] = field(default_factory=dict)
    wanted_now: frozenset[tuple[date, str]] = frozenset()
    ended: frozenset[str] = frozenset()
    absences: tuple[Absence, ...] = ()
    touched: frozenset[date] = frozenset()
    divert: bool = False
    limits: Limits = field(default_factory=Limits)

    def shift(self, shift: str) -> Shift:
        """Return a shift that is not over.

        Raises
        ------
        ContractError
            If the plan has no such shift, or it is over.
        """
        found = self.shifts.get(shift)
        if found is None:
            raise ContractError(Message("revise.unknown_round"))
        if found.end <= self.now or shift in self.ended:
            raise ContractError(Message("revise.over", self.naming(shift)))
        return found

    def team(self, shift: str) -> Team:
        """Return whose shift it is."""
        own = self.shifts[shift].team
        return next(team for team in self.plan.teams if team.id == own)

    def naming(self, shift: str, stop: str = "") -> dict[str, str | date]:
        """Return what a sentence needs to name a round, and a stop of it."""
        return {
            "team": self.team(shift).name,
            "day": day_of(self.shifts[shift]),
            "place": self.name(stop),
        }

    def name(self, stop: str) -> str:
        """Return the name of a stop's place, wherever the plan has it."""
        for met in (met for visits in self.visits.values() for met in visits):
            if met.stop.id == stop:
                return met.stop.name
        if stop in self.pool:
            return self.pool[stop].name
        return self.out[stop].name if stop in self.out else ""

    def visit(self, shift: str, stop: str) -> RouteStop:
        """Return a visit that has not happened.

        Raises
        ------
        ContractError
            If there is none, or it has happened.
        """
        self.shift(shift)
        found = next((met for met in self.visits[shift] if met.stop.id == stop), None)
        if found is None:
            raise ContractError(Message("revise.unknown_visit"))
        if found.arrive <= self.now:
            raise ContractError(Message("revise.happened", self.naming(shift, stop)))
        return found

    def stop(self, stop: str) -> Stop:
        """Return a place of the plan as the stop it was before any visit, with all of its hours.

        Raises
        ------
        ContractError
            If the plan does not know it as work, with the rule that keeps it out where it has one.
        """
        if stop in self.pool:
            return self.pool[stop]
        known = [met.stop for own in self.visits.values() for met in own if met.stop.id == stop]
        if known:
            return whole(max(known, key=lambda one: (one.must, one.prize)))
        if stop in self.out:
            raise ContractError(kept_out(self.out[stop]))
        raise ContractError(Message("revise.unknown_place"))

    def touching(self, *days: date) -> Draft:
        """Return the draft with days to be solved again."""
        return replace(self, touched=self.touched | set(days))

    def with_visits(self, shift: str, visits: tuple[RouteStop, ...]) -> Draft:
        """Return the draft with other visits of a shift, in the order of their times."""
        ordered = tuple(sorted(visits, key=lambda met: (met.arrive, met.leave, met.stop.id)))
        return replace(self, visits={**self.visits, shift: ordered})

    def without(self, shift: str, stop: str) -> Draft:
        """Return the draft without a visit; its place may be served by whoever has time."""
        kept = tuple(met for met in self.visits[shift] if met.stop.id != stop)
        freed = self.stop(stop)
        draft = self.with_visits(shift, kept).unlocked(shift, stop)
        still = any(met.stop.id == stop for own in draft.visits.values() for met in own)
        return draft if still else replace(draft, pool={**draft.pool, stop: freed})

    def locked(self, shift: str, stop: str, *, appointed: bool = False) -> Draft:
        """Return the draft with a visit locked, at a time that a person gave it or that it had."""
        own = {(shift, stop)}
        held = self.appointed | own if appointed else self.appointed
        return replace(self, locks=self.locks | own, appointed=held)

    def unlocked(self, shift: str, stop: str) -> Draft:
        """Return the draft with a visit free again."""
        gone = {(shift, stop)}
        return replace(self, locks=self.locks - gone, appointed=self.appointed - gone)

    def days_of(self, stop: str) -> tuple[date, ...]:
        """Return the days on which a place is visited."""
        return tuple(
            day_of(self.shifts[shift])
            for shift, visits in self.visits.items()
            for met in visits
            if met.stop.id == stop
        )


def draft_of(plan: Plan, now: datetime) -> Draft:
    """Return a plan as a draft, with what is locked, out and closed in it."""
    routes = {route.shift: route.stops for route in plan.routes}
    standing = plan.standing
    return Draft(
        plan=plan,
        now=now,
        shifts={shift.id: shift for shift in plan.shifts},
        visits={shift.id: routes.get(shift.id, ()) for shift in plan.shifts},
        locks=frozenset((c.shift, c.stop) for c in standing if c.kind is ChangeKind.LOCK),
        appointed=frozenset(
            (c.shift, c.stop) for c in standing if c.kind is ChangeKind.LOCK and c.at is not None
        ),
        pool={one.stop: one.candidate for one in plan.left_out if one.candidate is not None},
        out={one.stop: one for one in plan.left_out},
        dropped=frozenset(c.stop for c in standing if c.kind is ChangeKind.DROP),
        closed=tuple((c.stop, c.other) for c in standing if c.kind is ChangeKind.CLOSED),
        absences=plan.absences,
        limits=limits_in(plan),
    )


def standing_of(draft: Draft) -> tuple[Change, ...]:
    """Return what is in force in a draft, for the plan to keep."""
    begins = {
        (shift, met.stop.id): met.arrive for shift, own in draft.visits.items() for met in own
    }
    locks = [
        Change(
            kind=ChangeKind.LOCK,
            shift=shift,
            stop=stop,
            at=begins.get((shift, stop)) if (shift, stop) in draft.appointed else None,
        )
        for shift, stop in sorted(draft.locks)
    ]
    drops = [Change(kind=ChangeKind.DROP, stop=stop) for stop in sorted(draft.dropped)]
    roads = [Change(kind=ChangeKind.CLOSED, stop=a, other=b) for a, b in draft.closed]
    return (*locks, *drops, *roads)


def kept_out(left: LeftOut) -> Message:
    """Return that a place cannot be put in, with the rule that keeps it out."""
    params = {**left.reason.params, "place": left.name, "why": f"@{left.reason.id}"}
    return Message("revise.kept_out", params)


def day_of(shift: Shift) -> date:
    """Return the day on which a shift begins."""
    return shift.start.astimezone(TIRANE).date()


def later(moment: datetime, seconds: float) -> datetime:
    """Return the local time so many true seconds later, also when the clock changes."""
    return (moment.astimezone(UTC) + timedelta(seconds=seconds)).astimezone(TIRANE)
