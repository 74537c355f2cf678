"""Which rules cannot be met together: the smallest set that is still impossible."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from ortools.sat.python import cp_model

from data.messages import Message
from data.nouns import TIRANE
from data.vocabulary import DutyKind
from patrol.roster_draft import start_draft
from patrol.roster_problem import Demand, Problem
from patrol.roster_rules import RULES

__all__ = ["Conflict", "find_conflict", "shift_label", "verdict"]

#: Deterministic units for one trial; an undecided trial counts as possible.
_TRIAL: Final = 1.0
_MOST_NAMED: Final = 6
#: More than these make a sentence nobody reads.
_MOST_SHIFTS: Final = 4
#: Sets of rules tried for a smaller conflict; after so many the one found first stands.
_MOST_TRIED: Final = 40

Rules = tuple[str, ...]


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
    span = f"{start:%d.%m.%Y %H:%M}\N{EN DASH}{end:%H:%M}"
    return f"{demand.team_name or shift.team} {span}".strip()


def find_conflict(
    problem: Problem, shifts: Iterable[int], seed: int, *, keep: frozenset[int] | None = None
) -> Conflict:
    """Return a set of shifts and rules of which none can be left away.

    Of rules it has as few as can be: no smaller set of them forbids these shifts.
    Beside shifts to keep, where there are many trials, it is one that cannot be made smaller.
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
    every, most_tried = tuple(RULES), _MOST_TRIED if keep is None else 0
    keep = keep or frozenset()
    if _impossible(problem, keep, every, seed):  # the duties alone cannot be had
        rota = problem.of_kind(DutyKind.ON_CALL)
        fewest = _fewest(lambda rules: _impossible(problem, keep, rules, seed), most_tried)
        return Conflict(shifts=rota, rules=fewest)
    alone = [s for s in wanted if _impossible(problem, keep | {s}, every, seed)]
    if not alone and not _impossible(problem, keep | set(wanted), every, seed):
        return Conflict(shifts=tuple(wanted), rules=())
    wanted = alone[:1] or _thinned(problem, wanted, keep, seed)
    rules = _fewest(lambda some: _impossible(problem, keep | set(wanted), some, seed), most_tried)
    named = _alike(problem, alone, keep, rules, seed) or wanted
    return Conflict(shifts=tuple(named), rules=rules)


def _fewest(is_impossible: Callable[[Rules], bool], most_tried: int) -> Rules:
    """Return as few rules as can be that are impossible together.

    Every set of rules that can be had leaves others out, and any conflict holds
    one of those. So the smallest set that meets all that was left out so far is
    tried: impossible, it is the answer; possible, it says what else is left out.
    """
    every = tuple(RULES)
    rules = list(every)
    # from the last to the first: the rules a coordinator can mend stay longest
    for rule in reversed(every):
        without = tuple(r for r in rules if r != rule)
        if is_impossible(without):
            rules.remove(rule)
    left_out: list[frozenset[str]] = []
    for _ in range(most_tried):
        some = _meeting(left_out, len(rules) - 1)
        if some is None:
            break
        if is_impossible(some):
            return some
        had = some
        for rule in every:
            if rule not in had and not is_impossible((*had, rule)):
                had = (*had, rule)
        left_out.append(frozenset(every) - set(had))
    return tuple(rules)


def _meeting(sets: list[frozenset[str]], most: int) -> Rules | None:
    """Return the fewest rules, no more than `most`, of which each set holds one, if any."""
    for size in range(1, most + 1):
        for some in combinations(RULES, size):
            if all(one & set(some) for one in sets):
                return some
    return None


def _alike(
    problem: Problem, alone: list[int], keep: frozenset[int], rules: Rules, seed: int
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
    problem: Problem, required: frozenset[int] | set[int], rules: Rules, seed: int
) -> bool:
    return verdict(only(problem, required), rules, seed) == cp_model.INFEASIBLE


def only(problem: Problem, required: frozenset[int] | set[int]) -> Problem:
    """Return the problem with these rounds alone; casework gives way and is not tried."""
    own = set(problem.rounds) - set(required) | set(problem.of_kind(DutyKind.CASEWORK))
    demand = [d for s, d in enumerate(problem.demand) if s not in own]
    return Problem.of(demand, problem.workers, problem.absences, problem.weeks, problem.settings)


def verdict(problem: Problem, rules: Rules, seed: int) -> int:
    """Return the solver's status for all rounds of a problem under some rules."""
    draft = start_draft(problem, frozenset(problem.rounds))
    for rule in rules:
        RULES[rule](draft)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2
    solver.parameters.random_seed = seed % 2**31
    solver.parameters.max_deterministic_time = _TRIAL
    return int(solver.solve(draft.model))
