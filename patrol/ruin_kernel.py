"""The loop of the search, compiled: take strings of neighbouring stops out, put others in.

Slack induction by string removals on a problem in which not everything can be
visited: whatever is unvisited competes for the room. Only rounds that a ruin or
a stop put in has changed are counted and copied again, and a round in which a
stop found no room is not looked through for it until it has changed.

References
----------
Christiaens and Vanden Berghe (2020), Transportation Science 54 (2).
"""

from __future__ import annotations

import math

from patrol.ruin_moves import cheapest, copy_round, draw, put_in, refresh, take_out
from patrol.ruin_state import Given, Plan, Work, entry, inner

__all__ = ["ruin_and_recreate", "set_out"]

#: Stops taken out at a time on average, and from one round at most.
_REMOVED = 10.0
_LONGEST = 10.0
#: How often a string is taken out around some stops that stay, and how often these are only few.
_SPLIT = 0.5
_FEW = 0.5
#: How often stops go in by what they are worth for the detour, one after the other.
_BY_WORTH = 0.3
_NOISE = 0.3
#: Orders at random, in drawings of fixed ones.
_RANDOM = 2


@inner
def _mark_string(p: Plan, w: Work, r: int, stop: int, longest: float) -> None:
    """Mark a string of a round that a stop belongs to, or one around some that stay."""
    size = p.size[r]
    take = min(int(draw(w) * min(float(size), longest)) + 1, size)
    at = 1
    while p.route[r, at] != stop:
        at += 1
    stay = 0
    if 1 < take < size and draw(w) < _SPLIT:
        stay = 1
        while take + stay < size and draw(w) > _FEW:
            stay += 1
    span = take + stay
    low, high = max(1, at - span + 1), min(at, size - span + 1)
    begin = low + int(draw(w) * (high - low + 1))
    gap = begin + int(draw(w) * (take + 1))
    for i in range(begin, begin + span):
        if i < gap or i >= gap + stay:
            w.marked[p.route[r, i]] = True


@inner
def _ruin(d: Given, p: Plan, w: Work) -> None:
    n = d.near.shape[0]
    visited = busy = 0
    for r in range(p.size.shape[0]):
        visited += p.size[r]
        busy += p.size[r] > 0
    if visited == 0:
        return
    longest = min(_LONGEST, visited / busy)
    strings = int(draw(w) * (4.0 * _REMOVED / (1.0 + longest) - 1.0)) + 1
    seed = int(draw(w) * n)
    for j in range(n):
        stop = d.near[seed, j]
        r = p.owner[stop]
        if r < 0 or w.changed[r]:
            continue
        _mark_string(p, w, r, stop, longest)
        take_out(d, p, w, r)
        strings -= 1
        if strings <= 0:
            break


@inner
def _shuffle(w: Work, low: int, high: int) -> None:
    for i in range(high - 1, low, -1):
        j = low + int(draw(w) * (i - low + 1))
        w.waiting[i], w.waiting[j] = w.waiting[j], w.waiting[i]


@inner
def _in_order(d: Given, p: Plan, w: Work) -> None:
    """Put unvisited stops in one by one, each where it costs least."""
    n, kinds = d.near.shape[0], d.orders.shape[0]
    kind = int(draw(w) * (kinds + _RANDOM))
    by_clock = draw(w) < 0.5  # noqa: PLR2004 - as often as not
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
        r, place, _ = cheapest(d, p, w, w.waiting[j], by_clock)
        if r >= 0:
            put_in(d, p, w, w.waiting[j], (r, place))


@inner
def _weigh(d: Given, p: Plan, w: Work, j: int, how: tuple[float, bool]) -> bool:
    """Note the best place of a waiting stop and its value; say whether it has any."""
    stop = w.waiting[j]
    w.round[j], w.place[j], cost = cheapest(d, p, w, stop, how[1])
    noise = 1.0 + _NOISE * draw(w)
    w.value[j] = 1e30 if cost < 0 else d.prize[stop] ** how[0] / (cost + 1.0) * noise
    return w.round[j] >= 0


@inner
def _move(w: Work, source: int, target: int) -> None:
    w.waiting[target] = w.waiting[source]
    w.round[target] = w.round[source]
    w.place[target] = w.place[source]
    w.value[target] = w.value[source]


@inner
def _is_mate(d: Given, stop: int, other: int) -> bool:
    for k in range(d.mates.shape[1]):  # noqa: SIM110 - numba has no generators
        if d.mates[stop, k] == other:
            return True
    return False


@inner
def _by_worth(d: Given, p: Plan, w: Work) -> None:
    """Put in what is worth most for its cost, again and again."""
    how = (1.0 + draw(w), draw(w) < 0.5)  # noqa: PLR2004 - as often as not
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
        stop, r = w.waiting[best], w.round[best]
        put_in(d, p, w, stop, (r, w.place[best]))
        many -= 1
        _move(w, many, best)
        j = 0
        while j < many:  # only those whose place lay in the round that has changed, and mates
            again = w.round[j] == r or _is_mate(d, stop, w.waiting[j])
            if again and not _weigh(d, p, w, j, how):
                many -= 1
                _move(w, many, j)
            else:
                j += 1


@inner
def _copy_rest(source: Plan, target: Plan) -> None:
    for stop in range(source.owner.shape[0]):
        target.owner[stop] = source.owner[stop]
    for k in range(source.worth.shape[0]):
        target.worth[k] = source.worth[k]


@inner
def _copy_changed(source: Plan, target: Plan, w: Work) -> None:
    for r in range(source.size.shape[0]):
        if w.changed[r]:
            copy_round(source, target, r)
    _copy_rest(source, target)


@inner
def _keep_as_best(now: Plan, best: Plan, w: Work) -> None:
    for r in range(now.size.shape[0]):
        if w.stale[r]:
            copy_round(now, best, r)
            w.stale[r] = False
    _copy_rest(now, best)


@entry
def set_out(d: Given, plans: tuple[Plan, Plan, Plan], w: Work) -> None:
    """Work out the times of all rounds of the first plan, and write it over the others."""
    now, trial, best = plans
    for r in range(now.size.shape[0]):
        refresh(d, now, w, r)
        w.stale[r] = True
    _copy_changed(now, trial, w)
    _keep_as_best(now, best, w)


@entry
def ruin_and_recreate(
    d: Given, plans: tuple[Plan, Plan, Plan], w: Work, heat: tuple[float, float], n: int
) -> None:
    """Do it so many times at one temperature.

    Parameters
    ----------
    plans
        The present one, one to try, and the best one; the first two are the same at the begin.
    heat
        Temperature in points, and points that a tick under way costs.
    """
    now, trial, best = plans
    for _ in range(n):
        for r in range(w.changed.shape[0]):
            w.changed[r] = False
        _ruin(d, trial, w)
        if draw(w) < _BY_WORTH:
            _by_worth(d, trial, w)
        else:
            _in_order(d, trial, w)
        gain = trial.worth[0] - now.worth[0] + heat[1] * (now.worth[1] - trial.worth[1])
        if gain >= 0 or draw(w) < math.exp(gain / heat[0]):
            _copy_changed(trial, now, w)
            for r in range(w.changed.shape[0]):
                w.stale[r] |= w.changed[r]
            more = now.worth[0] - best.worth[0]
            if more > 0 or (more == 0 and now.worth[1] < best.worth[1]):
                _keep_as_best(now, best, w)
        else:
            _copy_changed(now, trial, w)
