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
from patrol.roster_search import new_solver, search
from patrol.roster_wishes import wishes

__all__ = ["Solved", "drop_fewest", "finished", "points", "ruled", "solve"]

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
    points: float
    bound: float


def ruled(problem: Problem, *, may_drop: bool) -> Draft:
    """Return a draft in which every rule holds."""
    draft = start_draft(problem, None if may_drop else frozenset(problem.rounds))
    for rule in RULES.values():
        rule(draft)
    return draft


def drop_fewest(draft: Draft, seed: int) -> None:
    """Settle which shifts take place: as many as can be; the wishes are weighed afterwards."""
    solver = new_solver(draft.problem, draft.problem.settings.effort, seed)
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
    found = search(draft, seed)
    if found.status == cp_model.INFEASIBLE:
        conflict = find_conflict(problem, problem.rounds, seed)
        raise RosterError(conflict.message("impossible", problem))
    if not found.is_found:
        raise RosterError(Message("roster.not_found"))
    return Solved(
        assigned=frozenset(pair for pair, var in draft.works.items() if found.value(var)),
        on_call=frozenset(pair for pair, var in draft.calls.items() if found.value(var)),
        dropped=tuple(s for s in problem.rounds if not found.value(draft.staffed[s])),
        overtime_min=sum(found.value(e) for by_week in draft.overtime for e in by_week),
        proven=found.proven,
        cut_by_time=found.cut_by_time,
        points=found.points,
        bound=found.bound,
    )


def points(problem: Problem, seed: int) -> tuple[float, float]:
    """Return what the wishes cost in the roster that would be made, and the bound proven."""
    draft = ruled(problem, may_drop=False)
    draft.model.minimize(wishes(draft))
    found = solve(draft, seed)
    return found.points, found.bound


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
