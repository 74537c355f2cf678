"""The loop of the search, compiled: take strings of neighbouring stops out, put others in.

Slack induction by string removals on a problem in which not everything can be
visited: whatever is unvisited competes for the room. Whether a stop fits is seen
in constant time, as each point knows when it is left and how late it may be
reached, also with several windows. All that is compiled is in this one file:
numba's cache notices a change in a function's file, not in those it calls.

References
----------
Christiaens and Vanden Berghe (2020), Transportation Science 54 (2).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

__all__ = ["Given", "Plan", "Work", "copy", "refresh", "ruin_and_recreate"]

#: No moment and no cost is later or higher.
_NEVER = 1 << 60
#: Stops taken out at a time on average, and from one round at most.
_REMOVED = 10.0
_LONGEST = 10.0
#: How often a string is taken out around some stops that stay, and how often these are only few.
_SPLIT = 0.5
_FEW = 0.5
#: How often a place is passed over, so that not every stop goes where it costs least.
_BLINK = 0.01
#: How often stops go in by what they are worth for the detour, one after the other.
_BY_WORTH = 0.3
_NOISE = 0.3
#: Orders at random, in drawings of fixed ones.
_RANDOM = 2
#: A stop that was taken out a moment ago; one that nobody visits.
_LOOSE, _NOBODY = -2, -1

F = TypeVar("F", bound=Callable[..., object])


def _compiled(function: F) -> F:
    try:
        return cast("F", numba.njit(cache=True)(function))
    except RuntimeError:  # nowhere to keep what was compiled: it is compiled at each start
        return cast("F", numba.njit(function))


class Given(NamedTuple):
    """A problem as arrays. Points are the stops, then start and end of each round.

    Parameters
    ----------
    ways
        Ticks, shape (ways of moving, points, points).
    near
        Stops by distance from each stop, shape (stops, stops).
    opens, closes
        Windows of each stop by opening, shape (stops, windows); none: never, before all.
    first, last
        When a stop's first window opens and its last one closes.
    prize
        What it is worth; a required stop more than all others together.
    orders
        Stops in the orders in which they may be put in, required ones first.
    matrix, begins, ends
        How a round moves and when it begins and ends, shape (rounds,).
    """

    ways: NDArray[np.int32]
    near: NDArray[np.int32]
    service: NDArray[np.int64]
    opens: NDArray[np.int64]
    closes: NDArray[np.int64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    prize: NDArray[np.float64]
    orders: NDArray[np.int64]
    matrix: NDArray[np.int64]
    begins: NDArray[np.int64]
    ends: NDArray[np.int64]
    n_required: int


class Plan(NamedTuple):
    """Rounds under way.

    Parameters
    ----------
    route, size
        Points of each round from start to end, shape (rounds, stops + 2), and its stops.
    leave, latest
        When each point is left, and how late it may be reached; as `route`.
    owner
        The round of each stop.
    worth
        The prizes collected, and the ticks under way.
    """

    route: NDArray[np.int32]
    size: NDArray[np.int64]
    leave: NDArray[np.int64]
    latest: NDArray[np.int64]
    owner: NDArray[np.int64]
    worth: NDArray[np.float64]


class Work(NamedTuple):
    """Room to work in: the state of chance, marks by stop and round, a list and its best places."""

    chance: NDArray[np.uint64]
    marked: NDArray[np.bool_]
    ruined: NDArray[np.bool_]
    waiting: NDArray[np.int64]
    round: NDArray[np.int64]
    place: NDArray[np.int64]
    value: NDArray[np.float64]


@_compiled
def _draw(w: Work) -> float:
    """Return a number from 0 to 1, 1 excluded (xorshift)."""
    x = w.chance[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    w.chance[0] = x
    return float(x >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@_compiled
def _begin(d: Given, stop: int, at: int) -> int:
    for k in range(d.opens.shape[1]):
        if at <= d.closes[stop, k]:
            return max(at, d.opens[stop, k])
    return _NEVER


@_compiled
def _latest(d: Given, stop: int, limit: int) -> int:
    """Return how late a stop may be reached for its service to begin by a limit."""
    found = -1
    for k in range(d.opens.shape[1]):
        if d.opens[stop, k] <= limit:
            found = max(found, min(d.closes[stop, k], limit))
    return found


@_compiled
def refresh(d: Given, p: Plan, r: int) -> None:
    """Work out a round's times again."""
    m, n = d.matrix[r], p.size[r]
    t = d.begins[r]
    p.leave[r, 0] = t
    for i in range(1, n + 1):
        stop = p.route[r, i]
        t = _begin(d, stop, t + d.ways[m, p.route[r, i - 1], stop]) + d.service[stop]
        p.leave[r, i] = t
    t = d.ends[r]
    p.latest[r, n + 1] = t
    for i in range(n, 0, -1):
        stop = p.route[r, i]
        t = _latest(d, stop, t - d.ways[m, stop, p.route[r, i + 1]] - d.service[stop])
        p.latest[r, i] = t


@_compiled
def copy(source: Plan, target: Plan) -> None:
    """Write one plan over another."""
    for r in range(source.size.shape[0]):
        n = source.size[r]
        target.size[r] = n
        for i in range(n + 2):
            target.route[r, i] = source.route[r, i]
            target.leave[r, i] = source.leave[r, i]
            target.latest[r, i] = source.latest[r, i]
    target.owner[:] = source.owner
    target.worth[:] = source.worth


@_compiled
def _take_out(d: Given, p: Plan, w: Work, r: int) -> None:
    k = 1
    for i in range(1, p.size[r] + 1):
        stop = p.route[r, i]
        if w.marked[stop]:
            w.marked[stop] = False
            p.owner[stop] = _LOOSE
            p.worth[0] -= d.prize[stop]
        else:
            p.route[r, k] = stop
            k += 1
    p.route[r, k] = p.route[r, p.size[r] + 1]
    p.size[r] = k - 1
    refresh(d, p, r)


@_compiled
def _mark_string(p: Plan, w: Work, r: int, stop: int, longest: float) -> None:
    """Mark a string of a round that a stop belongs to, or one around some that stay."""
    size = p.size[r]
    take = min(int(_draw(w) * min(float(size), longest)) + 1, size)
    at = 1
    while p.route[r, at] != stop:
        at += 1
    stay = 0
    if 1 < take < size and _draw(w) < _SPLIT:
        stay = 1
        while take + stay < size and _draw(w) > _FEW:
            stay += 1
    span = take + stay
    low, high = max(1, at - span + 1), min(at, size - span + 1)
    begin = low + int(_draw(w) * (high - low + 1))
    gap = begin + int(_draw(w) * (take + 1))
    for i in range(begin, begin + span):
        if i < gap or i >= gap + stay:
            w.marked[p.route[r, i]] = True


@_compiled
def _ruin(d: Given, p: Plan, w: Work) -> None:
    n = d.near.shape[0]
    w.ruined[:] = False
    visited, busy = p.size.sum(), (p.size > 0).sum()
    if visited == 0:
        return
    longest = min(_LONGEST, visited / busy)
    strings = int(_draw(w) * (4.0 * _REMOVED / (1.0 + longest) - 1.0)) + 1
    seed = int(_draw(w) * n)
    for j in range(n):
        stop = d.near[seed, j]
        r = p.owner[stop]
        if r < 0 or w.ruined[r]:
            continue
        _mark_string(p, w, r, stop, longest)
        _take_out(d, p, w, r)
        w.ruined[r] = True
        strings -= 1
        if strings <= 0:
            break


@_compiled
def _cheapest(d: Given, p: Plan, w: Work, stop: int, by_clock: bool) -> tuple[int, int, float]:  # noqa: FBT001 - compiled functions take no keywords cheaply
    """Return round, place and cost of putting a stop in: detour, or delay of the next stop."""
    at_round, at_place, least = _NOBODY, 0, 1e18
    last, done = d.last[stop], d.first[stop] + d.service[stop]
    for r in range(p.size.shape[0]):
        m = d.matrix[r]
        for i in range(1, p.size[r] + 2):
            left = p.leave[r, i - 1]
            if left > last:
                break
            if done > p.latest[r, i]:
                continue
            here, there = p.route[r, i - 1], p.route[r, i]
            to, fro = d.ways[m, here, stop], d.ways[m, stop, there]
            if left + to > last:
                continue
            on = _begin(d, stop, left + to) + d.service[stop] + fro
            if on > p.latest[r, i]:
                continue
            cost = float((on - left if by_clock else to + fro) - d.ways[m, here, there])
            if cost < least and _draw(w) >= _BLINK:
                at_round, at_place, least = r, i, cost
    return at_round, at_place, least


@_compiled
def _put_in(d: Given, p: Plan, stop: int, r: int, place: int) -> None:
    for i in range(p.size[r] + 1, place - 1, -1):
        p.route[r, i + 1] = p.route[r, i]
    p.route[r, place] = stop
    p.size[r] += 1
    p.owner[stop] = r
    p.worth[0] += d.prize[stop]
    refresh(d, p, r)


@_compiled
def _shuffle(w: Work, low: int, high: int) -> None:
    for i in range(high - 1, low, -1):
        j = low + int(_draw(w) * (i - low + 1))
        w.waiting[i], w.waiting[j] = w.waiting[j], w.waiting[i]


@_compiled
def _in_order(d: Given, p: Plan, w: Work) -> None:
    """Put unvisited stops in one by one, each where it costs least."""
    n, kinds = d.near.shape[0], d.orders.shape[0]
    kind = int(_draw(w) * (kinds + _RANDOM))
    by_clock = _draw(w) < 0.5  # noqa: PLR2004 - as often as not
    many = first = 0
    for j in range(n):
        stop = d.orders[min(kind, kinds - 1), j]
        if p.owner[stop] < 0:
            w.waiting[many] = stop
            many += 1
        if j == d.n_required - 1:
            first = many
    if kind >= kinds:  # at random, required ones among themselves
        _shuffle(w, 0, first)
        _shuffle(w, first, many)
    for j in range(many):
        r, place, _ = _cheapest(d, p, w, w.waiting[j], by_clock)
        if r >= 0:
            _put_in(d, p, w.waiting[j], r, place)


@_compiled
def _weigh(d: Given, p: Plan, w: Work, j: int, how: tuple[float, bool]) -> bool:
    """Note the best place of a waiting stop and its value; say whether it has any."""
    stop = w.waiting[j]
    w.round[j], w.place[j], cost = _cheapest(d, p, w, stop, how[1])
    noise = 1.0 + _NOISE * _draw(w)
    w.value[j] = 1e30 if cost < 0 else d.prize[stop] ** how[0] / (cost + 1.0) * noise
    return w.round[j] >= 0


@_compiled
def _move(w: Work, source: int, target: int) -> None:
    w.waiting[target] = w.waiting[source]
    w.round[target] = w.round[source]
    w.place[target] = w.place[source]
    w.value[target] = w.value[source]


@_compiled
def _by_worth(d: Given, p: Plan, w: Work) -> None:
    """Put in what is worth most for its cost, again and again."""
    how = (1.0 + _draw(w), _draw(w) < 0.5)  # noqa: PLR2004 - as often as not
    many = 0
    for stop in range(d.near.shape[0]):
        if p.owner[stop] < 0:
            w.waiting[many] = stop
            if _weigh(d, p, w, many, how):
                many += 1
    while many > 0:
        best = 0
        for j in range(1, many):
            if w.value[j] > w.value[best]:
                best = j
        r = w.round[best]
        _put_in(d, p, w.waiting[best], r, w.place[best])
        many -= 1
        _move(w, many, best)
        j = 0
        while j < many:  # only those whose place lay in the round that has changed
            if w.round[j] == r and not _weigh(d, p, w, j, how):
                many -= 1
                _move(w, many, j)
            else:
                j += 1


@_compiled
def _settle(d: Given, p: Plan) -> None:
    """Count the ticks under way, and forget what was only just taken out."""
    ticks = 0
    for r in range(p.size.shape[0]):
        for i in range(p.size[r] + 1):
            ticks += d.ways[d.matrix[r], p.route[r, i], p.route[r, i + 1]]
    p.worth[1] = ticks
    for stop in range(p.owner.shape[0]):
        p.owner[stop] = max(p.owner[stop], _NOBODY)


@_compiled
def ruin_and_recreate(
    d: Given, plans: tuple[Plan, Plan, Plan], w: Work, heat: tuple[float, float], n: int
) -> None:
    """Do it so many times at one temperature.

    Parameters
    ----------
    plans
        The present one, one to try, and the best one.
    heat
        Temperature in points, and points that a tick under way costs.
    """
    now, trial, best = plans
    for _ in range(n):
        copy(now, trial)
        _ruin(d, trial, w)
        if _draw(w) < _BY_WORTH:
            _by_worth(d, trial, w)
        else:
            _in_order(d, trial, w)
        _settle(d, trial)
        gain = trial.worth[0] - now.worth[0] + heat[1] * (now.worth[1] - trial.worth[1])
        if gain >= 0 or _draw(w) < math.exp(gain / heat[0]):
            copy(trial, now)
            more = now.worth[0] - best.worth[0]
            if more > 0 or (more == 0 and now.worth[1] < best.worth[1]):
                copy(now, best)
