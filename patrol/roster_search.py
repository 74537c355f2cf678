"""A roster searched from below, and made better piece by piece where that does not end.

What the wishes cost at least is nearly what the best roster costs. So the solver
first asks for a roster at that least, raises it where there is none, and ends with
the best one and its proof: a month takes it a second. Where it does not end, a part
of the roster is freed and solved again with all the rest held fast, which is a small
problem, and so on round the weeks and people. All of it counts the solver's own
steps and draws with a seed, so that the same input gives the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from ortools.sat.python import cp_model

from patrol.roster_draft import Draft
from patrol.roster_problem import Problem

__all__ = ["Search", "new_solver", "search"]

#: Shares of the effort of the turns at the roster as a whole. How long a proof takes lies in
#: the luck of its seed, and one in fifty takes ten times as long: another seed is sooner there.
_TURNS: Final = (0.25, 0.35)
#: Effort of one piece.
_PIECE: Final = 0.2
#: What a piece takes of the effort at least: the solver does not count how it reads a problem.
_READING: Final = 0.02
#: Share of the points that the pieces could gain at most where they are not worth their time.
_CLOSE: Final = 0.001
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
    problem, settings = draft.problem, draft.problem.settings
    found = Search(
        status=int(cp_model.UNKNOWN), values=(), points=0.0, bound=0.0, cut_by_time=False
    )
    for turn, share in enumerate(_TURNS):
        solver = _from_below(problem, share * settings.effort, seed + turn)
        found = _better(found, _ended(draft, solver, solver.solve(draft.model)))
        if found.proven or found.cut_by_time or found.status == cp_model.INFEASIBLE:
            return found
    if not found.is_found:  # from above: any roster is a beginning
        solver = new_solver(problem, settings.effort, seed)
        solver.parameters.stop_after_first_solution = True
        found = _better(found, _ended(draft, solver, solver.solve(draft.model)))
    return _improved(draft, found, seed) if found.is_found else found


def _from_below(problem: Problem, effort: float, seed: int) -> cp_model.CpSolver:
    solver = new_solver(problem, effort, seed)
    solver.parameters.use_objective_lb_search = True
    solver.parameters.max_presolve_iterations = 1  # more only lengthens it
    return solver


def _ended(draft: Draft, solver: cp_model.CpSolver, status: cp_model.CpSolverStatus) -> Search:
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    n = len(draft.model.proto.variables)
    return Search(
        status=int(status),
        values=tuple(solver.response_proto.solution) if found and n else (),
        points=solver.objective_value if found else 0.0,
        bound=solver.best_objective_bound,
        cut_by_time=solver.wall_time >= draft.problem.settings.safety_stop_s,
    )


def _better(found: Search, new: Search) -> Search:
    """Return the better roster of two searches for the same, with the better bound."""
    best = new if not found.is_found or (new.is_found and new.points < found.points) else found
    return replace(
        best,
        bound=max(found.bound, new.bound),
        cut_by_time=found.cut_by_time or new.cut_by_time,
    )


def _improved(draft: Draft, found: Search, seed: int) -> Search:
    """Free a piece at a time until the effort is spent or nothing is gained any more."""
    settings = draft.problem.settings
    rng = np.random.default_rng(seed)
    left, idle, seconds = (1 - sum(_TURNS)) * settings.effort, 0, 0.0
    settled: set[frozenset[tuple[int, int]]] = set()
    while (
        left > 0
        and idle < _PATIENCE
        and found.points > found.bound + max(0.5, _CLOSE * found.points)
        and seconds < settings.safety_stop_s
    ):
        held = _held(draft.problem, rng)
        idle += 1
        if held in settled:
            continue
        solver = _from_below(draft.problem, min(_PIECE, left), seed)
        new = _ended(draft, solver, solver.solve(_piece(draft, found, held)))
        left -= max(solver.response_proto.deterministic_time, _READING)
        seconds += solver.wall_time
        if new.is_found and new.points < found.points:
            idle = 0
            settled.clear()
            found = replace(new, status=int(cp_model.FEASIBLE), bound=found.bound)
        if new.proven:
            settled.add(held)
    return found


def _piece(draft: Draft, found: Search, held: frozenset[tuple[int, int]]) -> cp_model.CpModel:
    """Return the model with these pairs held as they were found, and the rest to start there."""
    model = draft.model.clone()
    model.clear_hints()
    for at, value in enumerate(found.values):
        model.add_hint(model.get_int_var_from_proto_index(at), value)
    for pairs in (draft.works, draft.calls):
        for pair, variable in pairs.items():
            if pair in held:
                model.add(variable == found.value(variable))
    return model


def _held(problem: Problem, rng: np.random.Generator) -> frozenset[tuple[int, int]]:
    """Return the pairs of worker and shift that stay: all but two weeks, or but a few people."""
    people, shifts = range(len(problem.workers)), range(len(problem.demand))
    if rng.integers(0, 2) and len(problem.weeks) > 1:
        parts = problem.by_week(problem.own)
        n_weeks = min(_WEEKS, len(parts) - 1)
        at = int(rng.integers(0, len(parts) - n_weeks + 1))
        free = {s for part in parts[at : at + n_weeks] for s in part}
        return frozenset((w, s) for w in people for s in shifts if s not in free)
    few: Sequence[int] = rng.permutation(len(people))[: max(_FEW_PEOPLE, len(people) // 2)].tolist()
    return frozenset((w, s) for w in people if w not in set(few) for s in shifts)
