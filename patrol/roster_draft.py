"""A roster in the making: the solver's model and its unknowns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ortools.sat.python import cp_model

from data.vocabulary import DutyKind, Skill
from patrol.roster_problem import Demand, Problem, minutes

__all__ = ["Draft", "start_draft", "total"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The solver's model and its unknowns.

    `works` and `calls` are by (worker, shift) position: the worker is in the
    shift, or does the duty; is on call for the team that is out. Pairs that
    cannot be are missing. `staffed` is by shift: it takes place.
    `overtime` is by worker, then week, in minutes. `days` fills up as rules ask for it.
    """

    model: cp_model.CpModel
    problem: Problem
    works: Mapping[tuple[int, int], cp_model.IntVar]
    calls: Mapping[tuple[int, int], cp_model.IntVar]
    staffed: Sequence[cp_model.IntVar]
    overtime: Sequence[Sequence[cp_model.IntVar]]
    days: dict[tuple[int, tuple[int, ...]], cp_model.IntVar] = field(default_factory=dict)

    @property
    def n_dropped(self) -> cp_model.LinearExpr:
        """Return the number of rounds of the weeks that do not take place."""
        return total([1 - self.staffed[s] for s in self.problem.rounds])

    @property
    def people(self) -> range:
        """Return the positions of the workers."""
        return range(len(self.problem.workers))

    def of_worker(
        self, worker: int, shifts: Iterable[int]
    ) -> Iterator[tuple[int, cp_model.IntVar]]:
        """Return those of the shifts that a worker may do, each with its unknown."""
        return ((s, self.works[worker, s]) for s in shifts if (worker, s) in self.works)

    def in_shift(self, shift: int) -> Iterator[tuple[int, cp_model.IntVar]]:
        """Return the workers who may do a shift, each with their unknown."""
        return ((w, self.works[w, shift]) for w in self.people if (w, shift) in self.works)

    def both(self, first: int, second: int) -> Iterator[tuple[cp_model.IntVar, cp_model.IntVar]]:
        """Return the two unknowns of everybody who may do both shifts."""
        return (
            (self.works[w, first], self.works[w, second])
            for w in self.people
            if (w, first) in self.works and (w, second) in self.works
        )

    def minutes_of(self, worker: int, shifts: Sequence[int]) -> cp_model.LinearExpr:
        """Return the minutes the worker works in the shifts."""
        demand = self.problem.demand
        return total([minutes(demand[s].shift) * on for s, on in self.of_worker(worker, shifts)])

    def busy(self, worker: int, shifts: Sequence[int]) -> cp_model.IntVar:
        """Return the unknown that is true if the worker does any of the shifts."""
        key = (worker, tuple(shifts))
        if key not in self.days:
            mine = [on for _, on in self.of_worker(worker, shifts)]
            self.days[key] = self.model.new_bool_var(f"busy_{worker}")
            self.model.add_max_equality(self.days[key], [*mine, 0])
        return self.days[key]


def total(terms: Sequence[cp_model.LinearExpr]) -> cp_model.LinearExpr:
    """Return a sum the solver understands, of no terms too."""
    return cp_model.LinearExpr.sum(list(terms))


def start_draft(problem: Problem, required: frozenset[int] | None) -> Draft:
    """Return a model with its unknowns and nothing forbidden yet.

    Parameters
    ----------
    problem
        What is asked for.
    required
        Positions of the rounds that have to take place, the others of the weeks
        not; None: every round of the weeks may take place or not.
    """
    model = cp_model.CpModel()
    n_workers, n_shifts, n_weeks = len(problem.workers), len(problem.demand), len(problem.weeks)
    pairs = [(w, s) for w in range(n_workers) for s in range(n_shifts) if problem.may(w, s)]
    draft = Draft(
        model=model,
        problem=problem,
        works={(w, s): model.new_bool_var(f"works_{w}_{s}") for w, s in pairs},
        calls={
            (w, s): model.new_bool_var(f"calls_{w}_{s}")
            for w, s in pairs
            if problem.demand[s].kind is DutyKind.ROUND
            and Skill.CHILD_PROTECTION in problem.workers[w].skills
        },
        staffed=[model.new_bool_var(f"staffed_{s}") for s in range(n_shifts)],
        overtime=[
            [model.new_int_var(0, 7 * 24 * 60, f"overtime_{w}_{k}") for k in range(n_weeks)]
            for w in range(n_workers)
        ],
    )
    own = set(problem.own)
    for s, wanted in enumerate(problem.demand):
        if s not in own or wanted.kind is not DutyKind.ROUND:
            model.add(draft.staffed[s] == 1)
        elif required is not None:
            model.add(draft.staffed[s] == int(s in required))
        _keep_named(draft, s, wanted, is_own=s in own)
    return draft


def _keep_named(draft: Draft, shift: int, wanted: Demand, *, is_own: bool) -> None:
    named, on_call = set(wanted.shift.workers), set(wanted.shift.on_call)
    for w, works in draft.in_shift(shift):
        worker, calls = draft.problem.workers[w], draft.calls.get((w, shift))
        if not is_own:
            draft.model.add(works == int(worker.id in named))
        elif worker.id in named:
            draft.model.add(works == draft.staffed[shift])
        draft.model.add_implication(works, draft.staffed[shift])
        if calls is None:
            continue
        if not is_own:
            draft.model.add(calls == int(worker.id in on_call))
        elif worker.id in on_call:
            draft.model.add(calls == draft.staffed[shift])
        draft.model.add_implication(calls, draft.staffed[shift])
        draft.model.add_at_most_one(calls, works)
