"""Who does which shift of the weeks, under the rules of working time and of a team."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ortools.sat.python import cp_model

from data.duties import Duty, Wish
from data.errors import RosterError
from data.messages import Message
from data.nouns import TIRANE, Absence, Roster, Shift, Team, Week, Worker
from data.vocabulary import DutyKind
from patrol.roster_conflict import find_conflict
from patrol.roster_draft import Draft, start_draft
from patrol.roster_duties import make_duties
from patrol.roster_notes import given_up
from patrol.roster_problem import (
    Demand,
    Problem,
    RosterSettings,
    break_min,
    consecutive,
    is_public_holiday,
)
from patrol.roster_rules import RULES, rule_sentences
from patrol.roster_wishes import wish_sentences
from patrol.roster_wishes import wishes as weighed

__all__ = [
    "Demand",
    "RosterSettings",
    "break_min",
    "consecutive",
    "is_public_holiday",
    "make_demand",
    "make_duties",
    "make_roster",
    "rule_sentences",
    "wish_sentences",
]

logger = logging.getLogger(__name__)


def make_demand(
    teams: Sequence[Team], weeks: Sequence[Week], *, settings: RosterSettings | None = None
) -> tuple[Demand, ...]:
    """Return the shifts that the teams' usual hours ask for in the weeks.

    A team whose end is not after its start works past midnight. On a public
    holiday there is no shift unless the settings allow work on it.

    Parameters
    ----------
    teams
        Teams with their hours, weekdays (0 is Monday), size and members.
    weeks
        1 to 8 weeks that follow one another.
    settings
        Limits; the defaults where none are given.

    Returns
    -------
    tuple of Demand
        By day, then team; the id of a shift is ``TEAM-YYYY-MM-DD``.
    """
    settings = settings or RosterSettings()
    found = []
    for day in (day for week in consecutive(weeks) for day in week.days):
        if settings.is_holiday(day) and not settings.work_on_holidays:
            continue
        for team in sorted(teams, key=lambda t: t.id):
            if day.weekday() not in team.weekdays or settings.is_away(team.id, day):
                continue
            last = day + timedelta(days=int(team.end <= team.start))
            shift = Shift(
                id=f"{team.id}-{day.isoformat()}",
                team=team.id,
                base=team.base,
                mode=team.mode,
                start=datetime.combine(day, team.start, TIRANE),
                end=datetime.combine(last, team.end, TIRANE),
            )
            found.append(
                Demand(
                    shift=shift,
                    size=team.size,
                    members=team.members,
                    team_name=team.name,
                    languages=team.languages,
                )
            )
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Solved:
    assigned: frozenset[tuple[int, int]]
    on_call: frozenset[tuple[int, int]]
    dropped: tuple[int, ...]
    overtime_min: int
    proven: bool
    cut_by_time: bool


def make_roster(  # noqa: PLR0913 - the signature the plan relies on
    demand: Sequence[Demand],
    workers: Sequence[Worker],
    absences: Sequence[Absence],
    weeks: Sequence[Week],
    *,
    settings: RosterSettings | None = None,
    seed: int,
    allow_dropping: bool = False,
    wishes: Sequence[Wish] = (),
    like: Sequence[Shift] = (),
) -> Roster:
    """Return who does which shift of the weeks, every rule kept in each of them.

    Hours, weekends and nights are shared over all of the weeks together.

    The same input and seed give the same roster: the solver runs on one
    thread and counts its own steps, not the clock.

    Parameters
    ----------
    demand
        The shifts to staff. One that already names workers keeps them (ids
        that are not in `workers` are passed over); one outside the weeks is
        not changed and only counts for rest.
    workers, absences
        Who can work, and when not.
    weeks
        1 to 8 weeks that follow one another.
    settings
        Limits; the defaults where none are given.
    seed
        Seed of the solver.
    allow_dropping
        Leave out as few shifts as can be where not all can be staffed, each
        with a note; else such a roster is an error.
    wishes
        Days off and shifts that people would like to have.
    like
        Shifts of the roster in force, or of the week before, from which as
        little as can be changes.

    Returns
    -------
    Roster
        Staffed shifts by start and id, and notes on what gave way.

    Raises
    ------
    RosterError
        If no roster keeps every rule: the message names shifts and rules that
        cannot be had together. Or if none was found within the effort set.
    """
    limits = settings or RosterSettings()
    problem = Problem.of(demand, workers, absences, weeks, limits, wishes=wishes, like=like)
    may_drop = allow_dropping or problem.settings.leave_unstaffed
    draft = start_draft(problem, None if may_drop else frozenset(problem.rounds))
    for rule in RULES.values():
        rule(draft)
    if may_drop:
        _drop_fewest(draft, seed)
    draft.model.minimize(weighed(draft))
    solved = _solved(draft, _solver(problem, seed))
    logger.info("roster: %d shifts, %d left out", len(problem.rounds), len(solved.dropped))
    return Roster(
        weeks=problem.weeks,
        shifts=tuple(
            _staffed(problem, s, solved) for s in problem.rounds if s not in solved.dropped
        ),
        duties=_duties(problem, solved),
        notes=_notes(draft, solved, seed),
        proven_optimal=solved.proven,
    )


def _solver(problem: Problem, seed: int) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2  # the bound of a roster lies in its linear rows
    solver.parameters.random_seed = seed % 2**31
    solver.parameters.max_deterministic_time = problem.settings.effort
    solver.parameters.max_time_in_seconds = problem.settings.safety_stop_s
    return solver


def _drop_fewest(draft: Draft, seed: int) -> None:
    """Settle which shifts take place: as many as can be; the wishes are weighed afterwards."""
    solver = _solver(draft.problem, seed)
    draft.model.minimize(draft.n_dropped)
    if solver.solve(draft.model) in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        for s in draft.problem.rounds:
            draft.model.add(draft.staffed[s] == solver.value(draft.staffed[s]))


def _solved(draft: Draft, solver: cp_model.CpSolver) -> _Solved:
    problem = draft.problem
    status = solver.solve(draft.model)
    if status == cp_model.INFEASIBLE:
        seed = solver.parameters.random_seed
        raise RosterError(
            find_conflict(problem, problem.rounds, seed).message("impossible", problem)
        )
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise RosterError(Message("roster.not_found"))
    return _Solved(
        assigned=frozenset(pair for pair, var in draft.works.items() if solver.value(var)),
        on_call=frozenset(pair for pair, var in draft.calls.items() if solver.value(var)),
        dropped=tuple(s for s in problem.rounds if not solver.value(draft.staffed[s])),
        overtime_min=sum(solver.value(e) for by_week in draft.overtime for e in by_week),
        proven=status == cp_model.OPTIMAL,
        cut_by_time=solver.wall_time >= problem.settings.safety_stop_s,
    )


def _staffed(problem: Problem, shift: int, solved: _Solved) -> Shift:
    def who(pairs: frozenset[tuple[int, int]]) -> tuple[str, ...]:
        return tuple(problem.workers[w].id for w, s in sorted(pairs) if s == shift)

    return replace(
        problem.demand[shift].shift, workers=who(solved.assigned), on_call=who(solved.on_call)
    )


def _duties(problem: Problem, solved: _Solved) -> tuple[Duty, ...]:
    """Return what people do besides rounds; a piece of casework that nobody does is none."""
    found = []
    for s in problem.own:
        wanted = problem.demand[s]
        who = tuple(problem.workers[w].id for w, at in sorted(solved.assigned) if at == s)
        if wanted.kind is not DutyKind.ROUND and who:
            shift = wanted.shift
            found.append(
                Duty(id=shift.id, kind=wanted.kind, start=shift.start, end=shift.end, workers=who)
            )
    return tuple(found)


def _notes(draft: Draft, solved: _Solved, seed: int) -> tuple[Message, ...]:
    problem = draft.problem
    kept = frozenset(problem.rounds) - frozenset(solved.dropped)
    notes = [
        find_conflict(problem, [s], seed, keep=kept).message("dropped", problem)
        for s in solved.dropped
    ]
    notes.extend(given_up(problem, solved.assigned, solved.overtime_min))
    if solved.cut_by_time:
        notes.append(Message("roster.note.cut_by_time"))
    elif not solved.proven:
        notes.append(Message("roster.note.not_proven"))
    return tuple(notes)
