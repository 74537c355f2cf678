"""A round in the order that somebody asked for: when each visit begins, or why that cannot be."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from operator import attrgetter

from data.errors import NoRouteError
from data.messages import Message
from data.nouns import RouteStop, Shift, Stop, TimeWindow
from patrol.revise_draft import Draft, later
from patrol.revise_gaps import DayRules, first_begin, has_rested, time_of
from patrol.revise_ground import Travel
from patrol.revise_pace import open_windows

__all__ = ["in_order"]

#: Travel, the plan's rules, and when a visit to a stop may begin.
_By = tuple[Travel, DayRules, Callable[[Stop], tuple[TimeWindow, ...]]]


def in_order(
    draft: Draft, shift: Shift, ahead: Sequence[RouteStop], travel: Travel, rules: DayRules
) -> list[RouteStop]:
    """Return what a round has ahead of it, in this order, each visit as soon as it can be.

    Locked visits keep their times; the break comes as near the middle as it can. A place is
    not met in an hour in which it was met too often, where the order can be kept without.

    Raises
    ------
    NoRouteError
        If a place is not open then, a lock stands in the way, or the shift is too short.
    """
    try:
        return _rested(draft, shift, ahead, (travel, rules, partial(open_windows, rules=rules)))
    except NoRouteError:
        return _rested(draft, shift, ahead, (travel, rules, attrgetter("windows")))


def _rested(draft: Draft, shift: Shift, ahead: Sequence[RouteStop], by: _By) -> list[RouteStop]:
    """Return visits with their times, and the break among them."""
    travel, rules, _ = by
    pause = rules.routes.pause_s(shift)
    if not pause or has_rested(draft, shift, travel, pause):
        return _timed(draft, shift, ahead, by, {})
    plain = _timed(draft, shift, ahead, by, {})
    middle = shift.start + (shift.end - shift.start) / 2
    places = sorted(range(1, len(ahead)), key=lambda i: (abs(plain[i].arrive - middle), i))
    for n in places:
        try:
            return _timed(draft, shift, ahead, by, {n: pause})
        except NoRouteError:
            continue
    return _timed(draft, shift, ahead, by, {len(ahead): pause})


def _timed(
    draft: Draft,
    shift: Shift,
    ahead: Sequence[RouteStop],
    by: _By,
    waits: dict[int, int],
) -> list[RouteStop]:
    """Return visits with their times; `waits` are seconds of break before the nth of them."""
    travel, rules, windows = by
    past = [met for met in draft.visits[shift.id] if met.arrive <= draft.now]
    here, free = (past[-1].stop.id, past[-1].leave) if past else (shift.base, shift.start)
    clock, last = time_of(max(free, draft.now)), ""
    found: list[RouteStop] = []
    for n, met in enumerate(ahead):
        clock = travel.arrives(shift, here, met.stop.id, clock + waits.get(n, 0))
        names = draft.naming(shift.id, met.stop.id)
        if (shift.id, met.stop.id) in draft.locks:
            if clock > time_of(met.arrive):
                short = math.ceil((clock - time_of(met.arrive)) / 60)
                raise NoRouteError(Message("revise.order_lock", {**names, "n": short}))
            found.append(met)
        else:
            begin = first_begin(windows(met.stop), clock)
            if begin is None or begin > time_of(shift.end):
                raise NoRouteError(Message("revise.order_hours", {**names, "last": last}))
            arrive = later(met.arrive, begin - time_of(met.arrive))
            window = next(w for w in met.stop.windows if w.opens <= arrive <= w.closes)
            leave = later(arrive, 60 * met.stop.service_min)
            found.append(replace(met, arrive=arrive, leave=leave, window=window))
        here, clock, last = met.stop.id, time_of(found[-1].leave), met.stop.name
    clock = travel.arrives(shift, here, rules.home_of(shift), clock + waits.get(len(ahead), 0))
    if clock > time_of(shift.end):
        short = math.ceil((clock - time_of(shift.end)) / 60)
        raise NoRouteError(Message("revise.order_long", {**draft.naming(shift.id), "n": short}))
    return found
