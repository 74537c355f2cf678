"""Which rules cannot be met together: the smallest set that is still impossible."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ortools.sat.python import cp_model

from data.messages import Message
from data.nouns import TIRANE
from patrol.roster_draft import start_draft
from patrol.roster_problem import Demand, Problem
from patrol.roster_rules import RULES

__all__ = ["Conflict", "find_conflict", "shift_label"]

#: Deterministic units for one trial; an undecided trial counts as possible.
_TRIAL: Final = 1.0
_MOST_NAMED: Final = 6
#: More than these make a sentence nobody reads.
_MOST_SHIFTS: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Shifts (positions) and names of rules that cannot be had together."""

    shifts: tuple[int, ...]
    rules: tuple[str, ...]

    def message(self, kind: str, problem: Problem) -> Message:
        """Return ``roster.KIND.N`` naming the shifts, by team and day, and the N rules.

        Never a person: a message may reach a log.
        """
        shown = [shift_label(problem.demand[s]) for s in self.shifts[:_MOST_SHIFTS]]
        shown += ["…"] * (len(self.shifts) > _MOST_SHIFTS)
        rules = self.rules[:_MOST_NAMED]
        named = {f"rule{i}": f"@roster.short.{rule}" for i, rule in enumerate(rules, 1)}
        return Message(f"roster.{kind}.{len(rules)}", {"shifts": "; ".join(shown), **named})


def shift_label(demand: Demand) -> str:
    """Return team, day and hours the way both languages write them."""
    shift = demand.shift
    start, end = shift.start.astimezone(TIRANE), shift.end.astimezone(TIRANE)
    return f"{demand.team_name or shift.team} {start:%d.%m.%Y %H:%M}\N{EN DASH}{end:%H:%M}"


def find_conflict(
    problem: Problem, shifts: Iterable[int], seed: int, *, keep: frozenset[int] = frozenset()
) -> Conflict:
    """Return a set of shifts and rules of which none can be left away.

    Shifts that are impossible each by itself, and all for the same rules, are
    named together: who mends one of them would only meet the next.

    Where the solver cannot decide in its time that there is a conflict at all,
    every shift and no rule is named: nothing is claimed that was not proven.

    Parameters
    ----------
    problem
        A roster that was found impossible.
    shifts
        Positions of the shifts to find the conflict among.
    seed
        Seed of the solver.
    keep
        Shifts that take place in any case and are not named.
    """
    wanted = list(shifts)
    every = tuple(RULES)
    alone = [s for s in wanted if _impossible(problem, keep | {s}, every, seed)]
    if not alone and not _impossible(problem, keep | set(wanted), every, seed):
        return Conflict(shifts=tuple(wanted), rules=())
    wanted = alone[:1] or _thinned(problem, wanted, keep, seed)
    rules = list(every)
    # from the last to the first: the rules a coordinator can mend stay longest
    for rule in reversed(every):
        without = tuple(r for r in rules if r != rule)
        if _impossible(problem, keep | set(wanted), without, seed):
            rules.remove(rule)
    named = _alike(problem, alone, keep, tuple(rules), seed) or wanted
    return Conflict(shifts=tuple(named), rules=tuple(rules))


def _alike(
    problem: Problem, alone: list[int], keep: frozenset[int], rules: tuple[str, ...], seed: int
) -> list[int]:
    """Return the shifts that these rules alone forbid, unless together they break fewer."""
    same = [s for s in alone if _impossible(problem, keep | {s}, rules, seed)]
    for rule in rules:
        without = tuple(r for r in rules if r != rule)
        if _impossible(problem, keep | set(same), without, seed):
            return []
    return same


def _thinned(problem: Problem, shifts: list[int], keep: frozenset[int], seed: int) -> list[int]:
    """Leave away halves, quarters … single shifts as long as it stays impossible."""
    wanted, size = list(shifts), max(1, len(shifts) // 2)
    while True:
        at = 0
        while at < len(wanted):
            fewer = wanted[:at] + wanted[at + size :]
            if _impossible(problem, keep | set(fewer), tuple(RULES), seed):
                wanted = fewer
            else:
                at += size
        if size == 1:
            return wanted
        size = max(1, size // 2)


def _impossible(
    problem: Problem, required: frozenset[int] | set[int], rules: tuple[str, ...], seed: int
) -> bool:
    draft = start_draft(problem, frozenset(required))
    for rule in rules:
        RULES[rule](draft)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2
    solver.parameters.random_seed = seed % 2**31
    solver.parameters.max_deterministic_time = _TRIAL
    return solver.solve(draft.model) == cp_model.INFEASIBLE
