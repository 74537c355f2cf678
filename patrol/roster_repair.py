"""Somebody falls ill: the smallest repair of a roster in force, before anybody takes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from data.duties import Duty, Wish
from data.messages import Message
from data.nouns import TIRANE, Absence, Shift, Team, Week, Worker
from data.vocabulary import Skill
from patrol.roster_conflict import shift_label
from patrol.roster_duties import as_shift
from patrol.roster_problem import Demand, Problem, RosterSettings, is_escort
from patrol.roster_search import new_solver
from patrol.roster_solve import drop_fewest, finished, ruled, solve
from patrol.roster_wishes import changes, wishes

__all__ = ["Change", "Repair", "repair_roster"]

#: Effort of each of the two questions: the page waits for the answer.
_EFFORT = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Who leaves and who joins a shift or a duty, in the team or on call for it."""

    shift: str
    leaves: tuple[str, ...] = ()
    joins: tuple[str, ...] = ()
    called_off: tuple[str, ...] = ()
    called: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """A roster with as few changes as can be, what changes, and what cannot take place."""

    shifts: tuple[Shift, ...]
    duties: tuple[Duty, ...]
    changes: tuple[Change, ...]
    unstaffed: tuple[Message, ...]

    @property
    def n_changes(self) -> int:
        """Return how many people are asked to come who were not to come before."""
        return sum(len(one.joins) + len(one.called) for one in self.changes)


def repair_roster(  # noqa: PLR0913, PLR0917 - all that a roster in force depends on
    shifts: Sequence[Shift],
    duties: Sequence[Duty],
    teams: Sequence[Team],
    workers: Sequence[Worker],
    absences: Sequence[Absence],
    weeks: Sequence[Week],
    *,
    seed: int,
    since: datetime,
    settings: RosterSettings | None = None,
    wishes_of: Sequence[Wish] = (),
) -> Repair:
    """Return the smallest repair of a roster under the absences known now.

    What began before `since` stays. Then as many shifts as can be take place, with
    as few people changed as can be, and among those repairs the wishes decide.

    Parameters
    ----------
    shifts, duties
        Of the roster in force.
    teams
        Whose size and usual members the shifts have; a shift of a team that is
        not among them needs as many people as stand in it.
    """
    limits = replace(settings or RosterSettings(), effort=_EFFORT)
    before = [*shifts, *(as_shift(duty) for duty in duties)]
    problem = Problem.of(
        _demand(shifts, duties, teams, (workers, absences), since),
        workers,
        _from(absences, since),
        weeks,
        limits,
        wishes=wishes_of,
        like=before,
    )
    draft = ruled(problem, may_drop=True)
    drop_fewest(draft, seed)
    fewest = changes(draft)
    draft.model.minimize(fewest)
    solver = new_solver(problem, _EFFORT, seed)
    solver.solve(draft.model)
    if solver.response_proto.solution:
        draft.model.add(fewest <= round(solver.objective_value))
        draft.model.clear_hints()
        for variable in draft.works.values():
            draft.model.add_hint(variable, solver.value(variable))
    draft.model.minimize(wishes(draft))
    roster = finished(draft, solve(draft, seed), seed)
    there = {shift.id for shift in roster.shifts}
    labels = {d.shift.id: shift_label(d) for d in problem.demand}
    return Repair(
        shifts=roster.shifts,
        duties=roster.duties,
        changes=_changes(before, [*roster.shifts, *map(as_shift, roster.duties)]),
        unstaffed=tuple(
            Message("roster.repair.unstaffed", {"shift": labels[shift.id]})
            for shift in shifts
            if shift.id not in there
        ),
    )


def _demand(
    shifts: Sequence[Shift],
    duties: Sequence[Duty],
    teams: Sequence[Team],
    people: tuple[Sequence[Worker], Sequence[Absence]],
    since: datetime,
) -> list[Demand]:
    """Return what was staffed as what is to be staffed; what is past keeps its people.

    A joint round is one no more where no police or inspector can come: it goes out alone.
    """
    workers, absences = people
    by_team = {team.id: team for team in teams}
    escorts = {who.id: who.skills for who in workers if is_escort(who)}
    found = []
    for shift in shifts:
        team = by_team.get(shift.team)
        along = [name for name in shift.workers if name in escorts]
        size = len(shift.workers) - len(along)
        past = shift.start < since
        found.append(
            Demand(
                shift=shift if past else replace(shift, workers=(), on_call=()),
                size=size if past or team is None else max(size, team.size),
                members=() if team is None else team.members,
                team_name="" if team is None else team.name,
                languages=frozenset() if team is None else team.languages,
                joint=_joint(shift, along, escorts, absences),
            )
        )
    for duty in duties:
        plain = replace(as_shift(duty), workers=duty.workers if duty.start < since else ())
        found.append(Demand(shift=plain, size=1, kind=duty.kind))
    return found


def _joint(
    shift: Shift,
    along: Sequence[str],
    escorts: Mapping[str, frozenset[Skill]],
    absences: Sequence[Absence],
) -> frozenset[Skill]:
    """Return who goes along on a shift, of those who can come on its day."""
    day = shift.start.astimezone(TIRANE).date()
    away = {one.worker for one in absences if one.first <= day <= one.last}
    here = frozenset().union(*(escorts[name] for name in escorts.keys() - away))
    return frozenset().union(*(escorts[name] for name in along)) & here


def _from(absences: Sequence[Absence], since: datetime) -> list[Absence]:
    """Return the absences from a day on: whoever worked before it did so."""
    today = since.astimezone(TIRANE).date()
    return [replace(a, first=max(a.first, today)) for a in absences if a.last >= today]


def _changes(before: Sequence[Shift], after: Sequence[Shift]) -> tuple[Change, ...]:
    now = {shift.id: shift for shift in after}
    found = []
    for old in before:
        new = now.get(old.id, replace(old, workers=(), on_call=()))
        one = Change(
            shift=old.id,
            leaves=_less(old.workers, new.workers),
            joins=_less(new.workers, old.workers),
            called_off=_less(old.on_call, new.on_call),
            called=_less(new.on_call, old.on_call),
        )
        if one != Change(shift=old.id):
            found.append(one)
    return tuple(found)


def _less(these: tuple[str, ...], those: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in these if name not in those)
