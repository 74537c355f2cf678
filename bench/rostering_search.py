"""From shares of months to whole ones: dive, choose among the months known, free a few people.

The programme of months says in shares who should have which. Diving holds the
largest shares fast one after the other and lets new months come for the rest;
among the last few the best choice is worked out. Then some people at a time are
freed, and the same is done for them at the prices of what the others leave open.
"""

from __future__ import annotations

import math
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np
from ortools.sat.python import cp_model

from bench.rostering_columns import Column, Columns, Programme
from bench.rostering_instance import Instance

__all__ = ["Found", "search"]

#: A share that is as good as whole, and one that may be held beside the largest.
_WHOLE, _LARGE = 0.999, 0.7
#: Rounds of new months between two steps of a dive.
_ROUNDS = 15
#: So many people's months are chosen at once, among so many months each, in so many seconds.
_TAIL, _MOST_MONTHS, _CHOICE_S = 7, 200, 2.0
#: People freed at first, and by how many more or fewer after a try that gained nothing.
_FEWEST, _STEP = 4, 0.34
_EPSILON = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A roster, its penalty, and a bound that no roster is below."""

    chosen: tuple[Column, ...]
    penalty: int
    bound: float

    @property
    def is_best(self) -> bool:
        """Return whether the bound proves that there is no better one."""
        return self.penalty <= math.ceil(self.bound - _EPSILON)


@dataclass(slots=True)
class _Search:
    """One process: a programme that only grows, the clock, and the value before the last dive."""

    programme: Programme
    until: float
    seed: int
    first_value: float = 0.0

    def late(self) -> bool:
        return time.perf_counter() > self.until

    def dive(self, people: Iterable[int], others: Sequence[Column], most: float) -> list[Column]:
        """Return months of these people that cost less than `most` with the others, or none."""
        programme = self.programme
        free, chosen = set(people), list(others)
        held = [programme.add(column) for column in others]
        programme.hold(held)
        while free:
            value = programme.settle(sorted(free), self.until, 0 if self.late() else _ROUNDS)
            self.first_value = value if len(chosen) == len(others) else self.first_value
            if value > most + _EPSILON or not math.isfinite(value):
                chosen = []
                break
            if len(free) <= _TAIL:
                new = self.choose(free, chosen, most, value)
                if new or math.isfinite(most):  # else one after the other, whatever it costs
                    chosen = [*chosen, *new] if new else []
                    break
            whole = _largest(programme, free)
            programme.hold(whole)
            held += whole
            chosen += [programme.pool[number] for number in whole]
            free -= {programme.pool[number].person for number in whole}
        programme.let_go(held)
        return sorted(chosen, key=lambda column: column.person)

    def choose(
        self, free: set[int], others: Sequence[Column], most: float, value: float
    ) -> list[Column]:
        """Return the best choice among the months known of the people who are free, or none."""
        instance, shifts = self.programme.columns.instance, self.programme.columns.shifts
        model = cp_model.CpModel()
        options = {
            column: model.new_bool_var("")
            for column in self.programme.cheap(free, most - value + _EPSILON, _MOST_MONTHS)
        }
        by_person = defaultdict(list)
        there = defaultdict(list)
        for column, on in options.items():
            by_person[column.person].append(on)
            for day, at in enumerate(column.month):
                there[day, at].append(on)
        if len(by_person) < len(free):
            return []
        for months in by_person.values():
            model.add_exactly_one(months)
        cost = [column.cost * on for column, on in options.items()]
        for day, shift, wanted, few, many in instance.cover:
            at = shifts.index(shift)
            held = sum(column.month[day] == at for column in others)
            under = model.new_int_var(0, wanted, "")
            over = model.new_int_var(0, len(instance.people), "")
            mine = cp_model.LinearExpr.sum(there[day, at])
            model.add(mine + held + under - over == wanted)
            cost += [few * under, many * over]
        total = cp_model.LinearExpr.sum(cost)
        if math.isfinite(most):
            model.add(total <= math.floor(most) - sum(column.cost for column in others))
        model.minimize(total)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = self.seed % 2**31
        solver.parameters.linearization_level = 2
        left = self.until - time.perf_counter()
        solver.parameters.max_time_in_seconds = max(0.2, min(_CHOICE_S, left))
        if solver.solve(model) not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            return []
        return [column for column, on in options.items() if solver.value(on)]


def search(instance: Instance, *, until: float, seed: int, n_processes: int) -> Found:
    """Return the best roster found until a moment of `time.perf_counter`.

    The bound is that of the programme with every month there is; each process
    goes on from its months with a seed of its own.
    """
    columns = Columns(instance)
    programme = Programme(columns)
    everybody = range(len(instance.people))
    programme.settle(everybody, until, None)
    bound = programme.bound
    chosen = _Search(programme, until, seed).dive(everybody, (), math.inf)
    first = Found(chosen=tuple(chosen), penalty=columns.penalty(chosen), bound=bound)
    if first.is_best:
        return first
    jobs = [(first, programme.pool, instance, until, seed * n_processes + k)
            for k in range(n_processes)]  # fmt: skip
    with ProcessPoolExecutor(n_processes) as processes:
        return min(processes.map(_improve, jobs), key=lambda found: found.penalty)


def _largest(programme: Programme, free: set[int]) -> list[int]:
    """Return the months whose shares are as good as whole, else the largest ones of some people."""
    shares = programme.shares(free)
    whole = [number for share, number in shares if share > _WHOLE]
    if whole:
        return whole
    some = max(1, len(free) // 8)
    return [number for share, number in shares[:some] if share > _LARGE] or [shares[0][1]]


def _improve(job: tuple[Found, Sequence[Column], Instance, float, int]) -> Found:
    """Free some people at a time and look for better months of theirs, until the time is up."""
    best, pool, instance, until, seed = job
    rng = np.random.default_rng(seed)
    programme = Programme(Columns(instance))
    for column in pool:
        programme.add(column)
    one = _Search(programme, until, seed)
    n_people = len(instance.people)
    size = float(max(_FEWEST, n_people // 2))
    while not best.is_best and not one.late():
        free = {int(person) for person in rng.permutation(n_people)[: round(size)]}
        others = [column for column in best.chosen if column.person not in free]
        chosen = one.dive(free, others, best.penalty - 1)
        if chosen:
            penalty = programme.columns.penalty(chosen)
            best = Found(chosen=tuple(chosen), penalty=penalty, bound=best.bound)
        elif one.first_value > best.penalty - 1 + _EPSILON:
            size = min(size + _STEP, float(n_people))  # so few people cannot do better
        else:
            size = max(size - _STEP, float(_FEWEST))  # too many to choose well among
    return best
