"""The moves of the search, compiled: the times of a round, what fits where, in and out.

Whether a stop fits is seen in constant time, as each point knows when it is left
and how late it may be reached, also with several windows and with a break: then
each knows both moments twice, for a break that is over and for one to come. That
is exact, since who is somewhere sooner is never worse off later.

References
----------
Savelsbergh (1992), ORSA Journal on Computing 4 (2): times pushed forward and back.
"""

from __future__ import annotations

import numpy as np

from patrol.ruin_state import LATE, NOBODY, Given, Plan, Work, inlined, inner
from patrol.ruin_waits import arrive, has_waits, leave_by

__all__ = ["cheapest", "copy_round", "draw", "put_in", "refresh", "take_out"]

#: How often a place is passed over, so that not every stop goes where it costs least.
_BLINK = 0.01


@inlined
def draw(w: Work) -> float:
    """Return a number from 0 to 1, 1 excluded (xorshift)."""
    x = w.chance[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    w.chance[0] = x
    return float(x >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@inlined
def _begin(d: Given, stop: int, r: int, at: int) -> int:
    """Return when service begins for who is there at a moment."""
    for k in range(d.low[stop, r], d.high[stop, r]):
        if at <= d.closes[stop, k]:
            return max(at, d.opens[stop, k])
    return LATE


@inlined
def _latest(d: Given, stop: int, r: int, limit: int) -> int:
    """Return how late a stop may be reached for its service to begin by a limit."""
    for k in range(d.high[stop, r] - 1, d.low[stop, r] - 1, -1):
        if d.opens[stop, k] <= limit:
            return min(d.closes[stop, k], limit)
    return -LATE


@inlined
def _break(d: Given, r: int, at: int) -> int:
    """Return when a break is over for who could take it from a moment on."""
    begins = max(at, d.pause[r, 1])
    return begins + d.pause[r, 0] if begins <= d.pause[r, 2] else LATE


@inlined
def _before_break(d: Given, r: int, limit: int) -> int:
    """Return how late a break may be reached for it to be over by a limit."""
    begins = min(limit - d.pause[r, 0], d.pause[r, 2])
    return begins if begins >= d.pause[r, 1] else -LATE


@inner
def refresh(d: Given, p: Plan, w: Work, r: int) -> None:
    """Work out a round's times and ticks again."""
    m, n, pauses = d.matrix[r], p.size[r], d.pause[r, 0] > 0
    eager, leave = (d.begins[r], LATE) if pauses else (LATE, d.begins[r])
    p.eager[r, 0], p.leave[r, 0] = eager, leave
    ticks = 0
    for i in range(1, n + 2):
        point = p.route[r, i]
        way = d.ways[m, p.route[r, i - 1], point]
        ticks += way
        if pauses:
            leave = min(leave, _break(d, r, eager))
        if i <= n:
            leave = _begin(d, point, r, arrive(d, r, leave, way)) + d.service[point]
            if pauses:
                eager = _begin(d, point, r, arrive(d, r, eager, way)) + d.service[point]
        else:
            leave = arrive(d, r, leave, way)
        p.eager[r, i], p.leave[r, i] = eager, leave
    p.worth[1] += ticks - p.ticks[r]
    p.ticks[r] = ticks
    patient, latest, room = -LATE, d.ends[r], 0
    p.patient[r, n + 1], p.latest[r, n + 1] = patient, latest
    for i in range(n, 0, -1):
        point = p.route[r, i]
        way = d.ways[m, point, p.route[r, i + 1]]
        if pauses:
            before = _before_break(d, r, leave_by(d, r, latest, way))
            limit = max(leave_by(d, r, patient, way), before)
            patient = _latest(d, point, r, limit - d.service[point])
        latest = _latest(d, point, r, leave_by(d, r, latest, way) - d.service[point])
        p.patient[r, i], p.latest[r, i] = patient, latest
    for i in range(1, n + 2):
        between = max(p.latest[r, i], p.patient[r, i]) - min(p.leave[r, i - 1], p.eager[r, i - 1])
        room = max(room, between)
    p.room[r] = room
    w.counted[0] += 1
    p.version[r] = w.counted[0]
    w.changed[r] = True


@inner
def copy_round(source: Plan, target: Plan, r: int) -> None:
    """Write a round of one plan over that of another, but for who owns its stops."""
    n = source.size[r]
    target.size[r] = n
    for i in range(n + 2):
        target.route[r, i] = source.route[r, i]
        target.leave[r, i] = source.leave[r, i]
        target.latest[r, i] = source.latest[r, i]
        target.eager[r, i] = source.eager[r, i]
        target.patient[r, i] = source.patient[r, i]
    target.room[r] = source.room[r]
    target.ticks[r] = source.ticks[r]
    target.version[r] = source.version[r]


@inner
def take_out(d: Given, p: Plan, w: Work, r: int) -> None:
    """Take the marked stops out of a round; and others where a detour was shorter."""
    k, n = 1, p.size[r]
    for i in range(1, n + 1):
        stop = p.route[r, i]
        if w.marked[stop]:
            w.marked[stop] = False
            p.owner[stop] = NOBODY
            p.worth[0] -= d.prize[stop]
        else:
            p.route[r, k] = stop
            k += 1
    p.route[r, k] = p.route[r, n + 1]
    p.size[r] = k - 1
    refresh(d, p, w, r)
    while p.size[r] > 0 and p.leave[r, p.size[r] + 1] > d.ends[r]:
        # With a wait on its way what comes before that may well stay as it was.
        _cut(d, p, w, r, p.size[r] - 1 if has_waits(d) else 0)


@inner
def _cut(d: Given, p: Plan, w: Work, r: int, size: int) -> None:
    """Take all but the first stops out of a round."""
    n = p.size[r]
    for i in range(size + 1, n + 1):
        stop = p.route[r, i]
        p.owner[stop] = NOBODY
        p.worth[0] -= d.prize[stop]
    p.route[r, size + 1] = p.route[r, n + 1]
    p.size[r] = size
    refresh(d, p, w, r)


@inner
def put_in(d: Given, p: Plan, w: Work, stop: int, spot: tuple[int, int]) -> None:
    """Put a stop in at a round and place."""
    r, place = spot
    for i in range(p.size[r] + 1, place - 1, -1):
        p.route[r, i + 1] = p.route[r, i]
    p.route[r, place] = stop
    p.size[r] += 1
    p.owner[stop] = r
    p.worth[0] += d.prize[stop]
    refresh(d, p, w, r)


@inner
def _ban(d: Given, p: Plan, w: Work, stop: int) -> int:
    """Mark the days too near those of the other stops of a group; return the mark."""
    w.counted[1] += 1
    for k in range(d.mates.shape[1]):
        mate = d.mates[stop, k]
        if mate < 0:
            break
        if p.owner[mate] < 0:
            continue
        day, gap = d.day[p.owner[mate]], d.gaps[stop, k]
        for near in range(max(0, day - gap + 1), min(w.banned.shape[0], day + gap)):
            w.banned[near] = w.counted[1]
    return w.counted[1]


@inlined
def cheapest(d: Given, p: Plan, w: Work, stop: int, by_clock: bool) -> tuple[int, int, float]:  # noqa: FBT001 - compiled functions take no keywords cheaply
    """Return round, place and cost of putting a stop in: detour, or delay of the next stop."""
    at_round, at_place, least = NOBODY, 0, 1e18
    mark = _ban(d, p, w, stop) if d.mates.shape[1] else -1
    for k in range(d.n_able[stop]):
        r = d.able[stop, k]
        least_ticks = d.least[stop, d.matrix[r]]
        if least_ticks > p.room[r] or w.full[stop, r] == p.version[r] or p.size[r] >= d.most[r]:
            continue
        if w.banned[d.day[r]] == mark:
            continue
        has_room = False
        for i in range(1, p.size[r] + 2):
            left = min(p.leave[r, i - 1], p.eager[r, i - 1])
            if left > d.last[stop, r]:
                break
            if left + least_ticks > max(p.latest[r, i], p.patient[r, i]):
                continue
            cost = _cost(d, p, (stop, r, i), by_clock)
            if cost == LATE:
                continue
            has_room = True
            if cost < least and draw(w) >= _BLINK:
                at_round, at_place, least = r, i, float(cost)
        if not has_room:
            w.full[stop, r] = p.version[r]
    return at_round, at_place, least


@inlined
def _cost(d: Given, p: Plan, where: tuple[int, int, int], by_clock: bool) -> int:  # noqa: FBT001 - as above
    """Return what it costs to put a stop in at a round and place; `LATE`: it does not fit."""
    stop, r, i = where
    m, last, service = d.matrix[r], d.last[stop, r], d.service[stop]
    if d.first[stop, r] + service > max(p.latest[r, i], p.patient[r, i]):
        return LATE
    here, there = p.route[r, i - 1], p.route[r, i]
    to, fro, way = d.ways[m, here, stop], d.ways[m, stop, there], d.ways[m, here, there]
    left = p.leave[r, i - 1]
    spent = LATE
    at = arrive(d, r, left, to)
    if at <= last:
        on = arrive(d, r, _begin(d, stop, r, at) + service, fro)
        if on <= p.latest[r, i]:
            spent = on - left
    if d.pause[r, 0] > 0:
        spent = min(spent, _with_break(d, p, where, (to, fro)))
    if spent == LATE:
        return LATE
    return (spent if by_clock else to + fro) - way


@inlined
def _with_break(d: Given, p: Plan, where: tuple[int, int, int], ways: tuple[int, int]) -> int:
    """Return the ticks to the next point, without the break, with the break at or after a stop."""
    stop, r, i = where
    to, fro = ways
    left, service = p.eager[r, i - 1], d.service[stop]
    spent = LATE
    at = arrive(d, r, left, to)
    if at > d.last[stop, r]:
        return spent
    done = _begin(d, stop, r, at) + service
    on = arrive(d, r, done, fro)
    if on <= p.patient[r, i]:  # later
        spent = on - left
    on = arrive(d, r, _break(d, r, done), fro)
    if on <= p.latest[r, i]:  # behind the stop
        spent = min(spent, on - left - d.pause[r, 0])
    on = arrive(d, r, _break(d, r, left), to)
    if on <= d.last[stop, r]:  # before it
        on = arrive(d, r, _begin(d, stop, r, on) + service, fro)
        if on <= p.latest[r, i]:
            spent = min(spent, on - left - d.pause[r, 0])
    return spent
