"""The best months for one person against prices on days and shifts, compiled.

A month goes from day to day through states: how long somebody has been working
and in which shift, or how long they have been off. Beside the state stand the
hours, the weekends and how often a rationed shift was done, so that what comes
out keeps every rule of the person and is the cheapest there is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

__all__ = ["Rules", "cheapest_months"]

_SATURDAY, _SUNDAY, _DAYS = 5, 6, 7

F = TypeVar("F", bound=Callable[..., object])


def _compiled(function: F) -> F:
    try:
        return cast("F", numba.njit(cache=True)(function))
    except RuntimeError:  # nowhere to keep what was compiled: it is compiled at each start
        return cast("F", numba.njit(function))


class Rules(NamedTuple):
    """The rules of one person as numbers and arrays.

    Parameters
    ----------
    may
        Whether the person may do a shift on a day, shape (days, shifts).
    follows
        Whether a shift may come on the day after another one, shape (shifts, shifts).
    length
        Hours of each shift, in units that divide all of them.
    least, most
        Units of work in the whole horizon.
    max_run, min_run, min_off
        Days of work in a row at most and at least, and days off; the least do not
        bind a row that touches an end of the horizon.
    max_weekends
        Weekends with any work.
    rationed, ration
        A shift that may be done only so often, or -1.
    """

    may: NDArray[np.bool_]
    follows: NDArray[np.bool_]
    length: NDArray[np.int64]
    least: int
    most: int
    max_run: int
    min_run: int
    min_off: int
    max_weekends: int
    rationed: int
    ration: int


@_compiled
def cheapest_months(  # noqa: C901, PLR0912, PLR0915 - one loop, compiled as a whole
    rules: Rules, cost: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the cheapest month for every amount of work: costs, and the shift of each day.

    Parameters
    ----------
    rules
        Of the person.
    cost
        Of doing a shift on a day, shape (days, shifts).

    Returns
    -------
    tuple
        Costs by units of work from the least to the most (infinite where there is
        none), and days as shifts, -1 off, shape (amounts, days).
    """
    n_days, n_shifts = cost.shape
    runs, offs = rules.max_run, max(1, rules.min_off)
    n_work = n_shifts * runs
    n_states = n_work + offs
    n_units, n_ends, n_rations = rules.most + 1, rules.max_weekends + 1, rules.ration + 1
    shape = (n_states, n_units, n_ends, n_rations)
    value = np.full(shape, np.inf)
    before = np.full((n_days, *shape), -1, dtype=np.int32)
    for shift in range(n_shifts):
        ends = 0  # the first day is a Monday
        rations = 1 if shift == rules.rationed else 0
        unit = rules.length[shift]
        if rules.may[0, shift] and unit < n_units and ends < n_ends and rations < n_rations:
            value[shift * runs, unit, ends, rations] = cost[0, shift]
    value[n_work, 0, 0, 0] = 0.0
    for day in range(1, n_days):
        after = np.full(shape, np.inf)
        weekday = day % _DAYS
        for state in range(n_states):
            worked = state < n_work
            last = state // runs if worked else -1
            run = state % runs + 1 if worked else state - n_work + 1
            may_rest = (not worked) or run >= rules.min_run or run == day
            may_start = worked or run >= rules.min_off or run == day
            for units in range(n_units):
                for ends in range(n_ends):
                    for rations in range(n_rations):
                        here = value[state, units, ends, rations]
                        if here == np.inf:
                            continue
                        code = ((state * n_units + units) * n_ends + ends) * n_rations + rations
                        if may_rest:
                            rest = n_work if worked else n_work + min(run, offs - 1)
                            if here < after[rest, units, ends, rations]:
                                after[rest, units, ends, rations] = here
                                before[day, rest, units, ends, rations] = code
                        if not may_start or (worked and run >= runs):
                            continue
                        new_end = weekday == _SATURDAY or (weekday == _SUNDAY and not worked)
                        to_ends = ends + 1 if new_end else ends
                        if to_ends >= n_ends:
                            continue
                        for shift in range(n_shifts):
                            if not rules.may[day, shift] or (
                                worked and not rules.follows[last, shift]
                            ):
                                continue
                            to_units = units + rules.length[shift]
                            to_rations = rations + (1 if shift == rules.rationed else 0)
                            if to_units >= n_units or to_rations >= n_rations:
                                continue
                            there = shift * runs + (run if worked else 0)
                            total = here + cost[day, shift]
                            if total < after[there, to_units, to_ends, to_rations]:
                                after[there, to_units, to_ends, to_rations] = total
                                before[day, there, to_units, to_ends, to_rations] = code
        value = after
    least = max(0, rules.least)
    n_amounts = max(0, rules.most - least + 1)
    costs = np.full(n_amounts, np.inf)
    months = np.full((n_amounts, n_days), -1, dtype=np.int64)
    for amount in range(n_amounts):
        units = least + amount
        best = -1
        for state in range(n_states):
            for ends in range(n_ends):
                for rations in range(n_rations):
                    if value[state, units, ends, rations] < costs[amount]:
                        costs[amount] = value[state, units, ends, rations]
                        best = ((state * n_units + units) * n_ends + ends) * n_rations + rations
        code = best
        for step in range(n_days):
            if code < 0:
                break
            day = n_days - 1 - step
            rest_of = code
            rations = rest_of % n_rations
            rest_of //= n_rations
            ends = rest_of % n_ends
            rest_of //= n_ends
            units = rest_of % n_units
            state = rest_of // n_units
            months[amount, day] = state // runs if state < n_work else -1
            code = before[day, state, units, ends, rations]
    return costs, months
