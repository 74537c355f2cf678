"""A roster made better piece by piece: most of it stays, a week or a few people are freed.

The solver proves a small roster best at once. A month may leave it in a corner:
then a part of the roster is freed and solved again with all the rest held fast,
which is a small problem, and so on round the weeks and people. All of it counts
the solver's own steps and draws with a seed, so that the same input gives the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from ortools.sat.python import cp_model

from patrol.roster_draft import Draft
from patrol.roster_problem import Problem

__all__ = ["Search", "new_solver", "search"]

#: Share of the effort that goes to the roster as a whole at first, and effort of one piece.
_WHOLE: Final = 0.3
_PIECE: Final = 0.2
#: Weeks freed at a time, and people at least; else half of them.
_WEEKS: Final = 2
_FEW_PEOPLE: Final = 3
#: Tries in a row that gain nothing before the search is at its end.
_PATIENCE: Final = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """How a search ended.

    Parameters
    ----------
    status
        The solver's: optimal, feasible, infeasible or unknown.
    values
        Of every variable of the model, by position; empty where nothing was found.
    points, bound
        What the wishes cost, and what they cost at least.
    cut_by_time
        Whether the clock stopped it.
    """

    status: int
    values: tuple[int, ...]
    points: float
    bound: float
    cut_by_time: bool

    @property
    def is_found(self) -> bool:
        """Return whether there is a roster."""
        return bool(self.values)

    @property
    def proven(self) -> bool:
        """Return whether no roster is better."""
        return self.is_found and self.points <= self.bound + 0.5

    def value(self, variable: cp_model.IntVar) -> int:
        """Return the value of a variable."""
        return self.values[variable.index]


def new_solver(problem: Problem, effort: float, seed: int) -> cp_model.CpSolver:
    """Return a solver on one thread that counts its own steps."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2  # the bound of a roster lies in its linear rows
    solver.parameters.random_seed = seed % 2**31
    solver.parameters.max_deterministic_time = effort
    solver.parameters.max_time_in_seconds = problem.settings.safety_stop_s
    return solver


def search(draft: Draft, seed: int) -> Search:
    """Make what the draft minimises as small as can be within the effort of its settings."""
    settings = draft.problem.settings
    solver = new_solver(draft.problem, _WHOLE * settings.effort, seed)
    found = _ended(draft, solver, int(solver.solve(draft.model)), settings.safety_stop_s)
    if not found.is_found and found.status == cp_model.UNKNOWN:  # nothing yet: all of the effort
        solver = new_solver(draft.problem, settings.effort, seed)
        found = _ended(draft, solver, int(solver.solve(draft.model)), settings.safety_stop_s)
    if not found.is_found or found.proven:
        return found
    return _improved(draft, found, seed)


def _ended(draft: Draft, solver: cp_model.CpSolver, status: int, stop_s: float) -> Search:
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    n = len(draft.model.proto.variables)
    return Search(
        status=status,
        values=tuple(solver.response_proto.solution) if found and n else (),
        points=solver.objective_value if found else 0.0,
        bound=solver.best_objective_bound if found else 0.0,
        cut_by_time=solver.wall_time >= stop_s,
    )


def _improved(draft: Draft, found: Search, seed: int) -> Search:
    """Free a piece at a time until the effort is spent or nothing is gained any more."""
    settings = draft.problem.settings
    rng = np.random.default_rng(seed)
    left, idle, seconds = (1 - _WHOLE) * settings.effort, 0, 0.0
    while left > 0 and idle < _PATIENCE and not found.proven and seconds < settings.safety_stop_s:
        model = draft.model.clone()
        held = _held(draft.problem, rng)
        for pairs in (draft.works, draft.calls):
            for (w, s), variable in pairs.items():
                if (w, s) in held:
                    model.add(variable == found.value(variable))
        solver = new_solver(draft.problem, min(_PIECE, left), seed)
        status = int(solver.solve(model))
        left -= max(solver.response_proto.deterministic_time, 1e-3)
        seconds += solver.wall_time
        new = _ended(draft, solver, status, settings.safety_stop_s)
        idle += 1
        if new.is_found and new.points < found.points:
            idle = 0
            found = Search(
                status=int(cp_model.FEASIBLE),
                values=new.values,
                points=new.points,
                bound=found.bound,
                cut_by_time=False,
            )
    return found


def _held(problem: Problem, rng: np.random.Generator) -> set[tuple[int, int]]:
    """Return the pairs of worker and shift that stay: all but two weeks, or but a few people."""
    people, shifts = range(len(problem.workers)), range(len(problem.demand))
    if rng.integers(0, 2) and len(problem.weeks) > 1:
        parts = problem.by_week(problem.own)
        n_weeks = min(_WEEKS, len(parts) - 1)
        at = int(rng.integers(0, len(parts) - n_weeks + 1))
        free = {s for part in parts[at : at + n_weeks] for s in part}
        return {(w, s) for w in people for s in shifts if s not in free}
    few: Sequence[int] = rng.permutation(len(people))[: max(_FEW_PEOPLE, len(people) // 2)].tolist()
    return {(w, s) for w in people if w not in set(few) for s in shifts}
