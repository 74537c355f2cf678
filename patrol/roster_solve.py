"""A draft solved and written out: on one thread, by counted steps, with notes on what gave way."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from ortools.sat.python import cp_model

from data.duties import Duty
from data.errors import RosterError
from data.messages import Message
from data.nouns import Roster, Shift
from data.vocabulary import DutyKind
from patrol.roster_conflict import find_conflict
from patrol.roster_draft import Draft, start_draft
from patrol.roster_notes import Assigned, given_up
from patrol.roster_problem import Problem
from patrol.roster_rules import RULES

__all__ = ["Solved", "drop_fewest", "finished", "ruled", "solve"]

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """What the solver found: pairs of (worker, shift) positions, and how sure it is."""

    assigned: Assigned
    on_call: Assigned
    dropped: tuple[int, ...]
    overtime_min: int
    proven: bool
    cut_by_time: bool


def ruled(problem: Problem, *, may_drop: bool) -> Draft:
    """Return a draft in which every rule holds."""
    draft = start_draft(problem, None if may_drop else frozenset(problem.rounds))
    for rule in RULES.values():
        rule(draft)
    return draft


def drop_fewest(draft: Draft, seed: int) -> None:
    """Settle which shifts take place: as many as can be; the wishes are weighed afterwards."""
    solver = _solver(draft.problem, seed)
    draft.model.minimize(draft.n_dropped)
    if solver.solve(draft.model) in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        for s in draft.problem.rounds:
            draft.model.add(draft.staffed[s] == solver.value(draft.staffed[s]))


def solve(draft: Draft, seed: int) -> Solved:
    """Solve a draft for what it makes as small as it can.

    Raises
    ------
    RosterError
        If no roster keeps every rule, with the conflict; or if none was found.
    """
    problem = draft.problem
    solver = _solver(problem, seed)
    status = solver.solve(draft.model)
    if status == cp_model.INFEASIBLE:
        conflict = find_conflict(problem, problem.rounds, seed)
        raise RosterError(conflict.message("impossible", problem))
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise RosterError(Message("roster.not_found"))
    return Solved(
        assigned=frozenset(pair for pair, var in draft.works.items() if solver.value(var)),
        on_call=frozenset(pair for pair, var in draft.calls.items() if solver.value(var)),
        dropped=tuple(s for s in problem.rounds if not solver.value(draft.staffed[s])),
        overtime_min=sum(solver.value(e) for by_week in draft.overtime for e in by_week),
        proven=status == cp_model.OPTIMAL,
        cut_by_time=solver.wall_time >= problem.settings.safety_stop_s,
    )


def finished(draft: Draft, solved: Solved, seed: int) -> Roster:
    """Return the roster that was found, with notes on what gave way."""
    problem = draft.problem
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


def _staffed(problem: Problem, shift: int, solved: Solved) -> Shift:
    def who(pairs: frozenset[tuple[int, int]]) -> tuple[str, ...]:
        return tuple(problem.workers[w].id for w, s in sorted(pairs) if s == shift)

    return replace(
        problem.demand[shift].shift, workers=who(solved.assigned), on_call=who(solved.on_call)
    )


def _duties(problem: Problem, solved: Solved) -> tuple[Duty, ...]:
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


def _notes(draft: Draft, solved: Solved, seed: int) -> tuple[Message, ...]:
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
