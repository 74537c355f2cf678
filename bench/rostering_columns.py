"""Months as columns: a linear programme over whole months, fed by the cheapest new ones.

Everything hard in an instance binds one person alone, and everything that
binds people together is soft. So the programme chooses one month a person
from those known, and its prices say which months are missing.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver import pywraplp

from bench.rostering_instance import Instance, Person
from bench.rostering_pricing import Rules, cheapest_months

__all__ = ["Column", "Columns", "Programme"]

#: Below this a month is no cheaper than what is there.
_CHEAPER = 1e-6
#: Nobody is left without a month, whatever it costs.
_NO_MONTH = 1e6
#: How a shift rationed beside the one that the search counts is made dear until it is kept.
_DEARER, _TRIES = 8.0, 6


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """A month of one person, what its wishes cost, and its variable's number."""

    person: int
    cost: int
    month: tuple[int, ...]


@dataclass(slots=True)
class Columns:
    """The instance as arrays, and months found cheap for a person."""

    instance: Instance
    shifts: tuple[str, ...] = ()
    rules: list[Rules] = field(default_factory=list)
    wish: list[NDArray[np.float64]] = field(default_factory=list)
    fixed: list[float] = field(default_factory=list)
    rations: list[dict[int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Turn rules and wishes into arrays."""
        self.shifts = tuple(self.instance.minutes)
        number = {shift: i for i, shift in enumerate(self.shifts)}
        unit = math.gcd(*self.instance.minutes.values())
        shape = (self.instance.n_days, len(self.shifts))
        wish = {person.name: np.zeros(shape) for person in self.instance.people}
        fixed = dict.fromkeys(wish, 0.0)
        for who, day, shift, weight in self.instance.wish_on:
            wish[who][day, number[shift]] -= weight
            fixed[who] += weight
        for who, day, shift, weight in self.instance.wish_off:
            wish[who][day, number[shift]] += weight
        for person in self.instance.people:
            rules, rations = self._rules(person, number, unit)
            self.rules.append(rules)
            self.rations.append(rations)
            self.wish.append(wish[person.name])
            self.fixed.append(fixed[person.name])

    def _rules(
        self, person: Person, number: Mapping[str, int], unit: int
    ) -> tuple[Rules, dict[int, int]]:
        instance = self.instance
        may = np.ones((instance.n_days, len(number)), dtype=bool)
        follows = np.ones((len(number), len(number)), dtype=bool)
        for shift, banned in instance.not_after.items():
            for after in banned:
                follows[number[shift], number[after]] = False
        may[sorted(person.days_off)] = False
        length = np.array([instance.minutes[shift] // unit for shift in number], dtype=np.int64)
        most = person.max_minutes // unit
        binding = {}
        for shift, n in person.max_of_shift.items():
            if n == 0:
                may[:, number[shift]] = False
            elif n < most // int(length[number[shift]]):
                binding[number[shift]] = n
        # the scarcest is counted exactly; the others are made dear where they are overdone
        rationed = min(binding, key=lambda shift: binding[shift], default=-1)
        ration = binding.get(rationed, 0)
        return Rules(
            may=may,
            follows=follows,
            length=length,
            least=-(-person.min_minutes // unit),
            most=most,
            max_run=person.max_run,
            min_run=person.min_run,
            min_off=person.min_days_off,
            max_weekends=person.max_weekends,
            rationed=rationed,
            ration=ration,
        ), binding

    def cheapest(
        self, person: int, prices: NDArray[np.float64]
    ) -> tuple[float, list[tuple[float, Column]]]:
        """Return a bound on the reduced cost of any month, and months with theirs.

        Parameters
        ----------
        person
            The position of the person.
        prices
            What one more person in a shift is worth, shape (days, shifts).
        """
        cost = self.wish[person] - prices
        bound = math.inf
        found: dict[tuple[int, ...], tuple[float, Column]] = {}
        for _ in range(_TRIES):
            costs, months = cheapest_months(self.rules[person], cost)
            if not len(costs) or not np.isfinite(costs).any():
                break
            bound = min(bound, float(costs.min())) if bound == math.inf else bound
            overdone = set()
            for value, month in zip(costs, months, strict=True):
                if not np.isfinite(value):
                    continue
                counts = np.bincount(month[month >= 0], minlength=len(self.shifts))
                over = {s for s, n in self.rations[person].items() if counts[s] > n}
                overdone |= over
                if not over:
                    column = self.column(person, month)
                    worth = float(column.cost - self.fixed[person] - self._sum(prices, month))
                    found[column.month] = (worth, column)
            if not overdone:
                break
            cost = cost.copy()
            cost[:, sorted(overdone)] += _DEARER
        return bound + self.fixed[person], [
            (worth + self.fixed[person], column) for worth, column in found.values()
        ]

    def column(self, person: int, month: NDArray[np.int64]) -> Column:
        """Return a month with the cost of the wishes it breaks."""
        cost = round(self.fixed[person] + self._sum(self.wish[person], month))
        return Column(person, cost, tuple(int(shift) for shift in month))

    @staticmethod
    def _sum(table: NDArray[np.float64], month: NDArray[np.int64]) -> float:
        days = np.flatnonzero(month >= 0)
        return float(table[days, month[days]].sum())

    def penalty(self, chosen: Sequence[Column]) -> int:
        """Return what a roster costs: wishes, and too few or too many people."""
        there = np.zeros((self.instance.n_days, len(self.shifts)), dtype=int)
        for column in chosen:
            for day, shift in enumerate(column.month):
                if shift >= 0:
                    there[day, shift] += 1
        total = sum(column.cost for column in chosen)
        for day, name, wanted, few, many in self.instance.cover:
            n = int(there[day, self.shifts.index(name)])
            total += few * max(0, wanted - n) + many * max(0, n - wanted)
        return total


class Programme:
    """The linear programme over the months known; it grows, and parts of it can be held fast."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self.known: dict[tuple[int, tuple[int, ...]], int] = {}
        self.pool: list[Column] = []
        self.held: set[int] = set()
        self.bound = -math.inf
        self._build()

    def _build(self) -> None:
        """Write the programme down from nothing, with all that is known and held."""
        instance, columns = self.columns.instance, self.columns
        self.lp = pywraplp.Solver.CreateSolver("GLOP")
        self.variables: list[pywraplp.Variable] = []
        self.goal = self.lp.Objective()
        self.goal.SetMinimization()
        self.one = [self.lp.Constraint(1, 1) for _ in instance.people]
        self.cover: dict[tuple[int, int], pywraplp.Constraint] = {}
        for person in self.one:
            spare = self.lp.NumVar(0, 1, "")
            person.SetCoefficient(spare, 1)
            self.goal.SetCoefficient(spare, _NO_MONTH)
        for day, shift, wanted, few, many in instance.cover:
            row = self.lp.Constraint(wanted, wanted)
            self.cover[day, columns.shifts.index(shift)] = row
            for sign, price in ((1, few), (-1, many)):
                slack = self.lp.NumVar(0, self.lp.infinity(), "")
                row.SetCoefficient(slack, sign)
                self.goal.SetCoefficient(slack, price)
        for column in self.pool:
            self._write(column)
        self.hold(self.held)

    def _write(self, column: Column) -> None:
        variable = self.lp.NumVar(0, self.lp.infinity(), "")
        self.goal.SetCoefficient(variable, column.cost)
        self.one[column.person].SetCoefficient(variable, 1)
        for day, shift in enumerate(column.month):
            if (day, shift) in self.cover:
                self.cover[day, shift].SetCoefficient(variable, 1)
        self.variables.append(variable)

    def add(self, column: Column) -> int:
        """Take a month in, if it is not there yet; return its number."""
        key = (column.person, column.month)
        if key not in self.known:
            self._write(column)
            self.known[key] = len(self.pool)
            self.pool.append(column)
        return self.known[key]

    def solve(self) -> float:
        """Solve the programme as it is; return its value, infinite where it cannot be solved.

        Going on from the last solution the simplex may lose itself in rounding: then it
        begins again from nothing.
        """
        if self.lp.Solve() != pywraplp.Solver.OPTIMAL:
            self._build()
            if self.lp.Solve() != pywraplp.Solver.OPTIMAL:
                return math.inf
        return float(self.goal.Value())

    def prices(self) -> NDArray[np.float64]:
        """Return what one more person in a shift is worth."""
        found = np.zeros((self.columns.instance.n_days, len(self.columns.shifts)))
        for (day, shift), row in self.cover.items():
            found[day, shift] = row.dual_value()
        return found

    def settle(self, people: Iterable[int], until: float, rounds: int | None) -> float:
        """Add cheap months for these people until there are none; return the value.

        `bound` becomes the best that was proven, which holds for what is held fast now.
        """
        free, n = list(people), 0
        value = self.solve()
        while math.isfinite(value) and (rounds is None or n < rounds):
            n += 1
            prices = self.prices()
            duals = [self.one[person].dual_value() for person in free]
            lower, new = value, []
            for person, dual in zip(free, duals, strict=True):
                cheapest, months = self.columns.cheapest(person, prices)
                lower += min(0.0, cheapest - dual)
                new += [column for worth, column in months if worth - dual < -_CHEAPER]
            self.bound = max(self.bound, lower)
            for column in new:
                self.add(column)
            if not new:
                break
            value = self.solve()
            if time.perf_counter() > until:
                break
        return value

    def hold(self, numbers: Iterable[int]) -> None:
        """Hold months fast: their people have them and no other."""
        self.held |= set(numbers)
        for number in self.held:
            self.variables[number].SetBounds(1, 1)

    def let_go(self, numbers: Iterable[int]) -> None:
        """Let months go again."""
        let = set(numbers)
        self.held -= let
        for number in let:
            self.variables[number].SetBounds(0, self.lp.infinity())

    def cheap(self, people: set[int], most: float, n: int) -> list[Column]:
        """Return the `n` months of each of these people that cost least beyond the prices."""
        costs: dict[int, list[tuple[float, int]]] = {person: [] for person in people}
        for number, (column, variable) in enumerate(zip(self.pool, self.variables, strict=True)):
            if column.person in people:
                reduced = variable.reduced_cost()
                if reduced <= most:
                    costs[column.person].append((reduced, number))
        return [self.pool[number] for mine in costs.values() for _, number in sorted(mine)[:n]]

    def shares(self, people: Iterable[int]) -> list[tuple[float, int]]:
        """Return the months in use of these people with their shares, the largest first."""
        free = set(people)
        used = (
            (variable.solution_value(), number)
            for number, variable in enumerate(self.variables)
            if self.pool[number].person in free
        )
        return sorted((one for one in used if one[0] > _CHEAPER), reverse=True)
