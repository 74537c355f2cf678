"""When the visits of a piece of a day begin: as they did before, or around a break."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from data.nouns import RouteStop, Stop
from patrol.revise_draft import later
from patrol.revise_gaps import DayRules, Gap, first_begin, time_of
from patrol.revise_ground import Travel
from patrol.revise_pace import in_open_hour, open_windows

__all__ = ["is_as_it_was", "met_at", "rested", "without"]

_EPOCH = datetime.fromtimestamp(0, UTC)


def met_at(stop: Stop, begin: int) -> RouteStop:
    """Return a visit that begins at a second since 1970."""
    arrive = later(_EPOCH, begin)
    window = next(w for w in stop.windows if time_of(w.opens) <= begin <= time_of(w.closes))
    leave = later(arrive, 60 * stop.service_min)
    return RouteStop(stop=stop, arrive=arrive, leave=leave, window=window)


def without(
    met: Sequence[RouteStop], gone: str, gap: Gap, travel: Travel, rules: DayRules
) -> list[RouteStop] | None:
    """Return the visits of a piece without one, each as soon as it can be; `None` if not so."""
    found: list[RouteStop] = []
    here, clock = gap.origin, gap.opens
    for one in met:
        if one.stop.id == gone:
            continue
        clock = travel.arrives(gap.shift, here, one.stop.id, clock)
        # What was asked for may have had to go into a closed hour: it stays as free as it was.
        is_open = in_open_hour(one, rules)
        begin = first_begin(open_windows(one.stop, rules) if is_open else one.stop.windows, clock)
        if begin is None:
            return None
        found.append(met_at(one.stop, begin))
        here, clock = one.stop.id, time_of(found[-1].leave)
    ends = travel.arrives(gap.shift, here, gap.destination, clock)
    return found if ends <= gap.closes else None


def is_as_it_was(
    usual: Sequence[RouteStop],
    met: Sequence[RouteStop],
    gap: Gap,
    travel: Travel,
    rules: DayRules,
) -> bool:
    """Say whether a piece meets the same places as before and can do so at the same times.

    If the break is to be taken here, there has to be the time for it.
    """
    if {one.stop.id for one in usual} != {one.stop.id for one in met}:
        return False
    if not all(in_open_hour(one, rules) for one in usual):
        return False
    closes = time_of(gap.shift.end if gap.after is None else gap.after.arrive)
    free = [gap.opens, *(time_of(one.leave) for one in usual)]
    ends = [*(time_of(one.arrive) for one in usual), closes]
    names = [gap.origin, *(one.stop.id for one in usual), gap.destination]

    def in_time(k: int, rest: int) -> bool:
        return travel.arrives(gap.shift, names[k], names[k + 1], free[k] + rest) <= ends[k]

    pause = closes - gap.closes
    return all(in_time(k, 0) for k in range(len(ends))) and any(
        in_time(k, pause) for k in range(len(ends))
    )


def rested(
    met: list[RouteStop], gap: Gap, pause: int, travel: Travel, rules: DayRules
) -> list[RouteStop]:
    """Move what comes after the break, as near the middle of the shift as the hours allow."""
    middle = gap.shift.start + (gap.shift.end - gap.shift.start) / 2
    first = 1 if gap.before is None else 0
    for n in sorted(range(first, len(met)), key=lambda i: (abs(met[i].arrive - middle), i)):
        moved = [*met[:n], *_pushed(met[n:], met[n - 1] if n else gap.before, gap, pause, travel)]
        last = moved[-1]
        home = travel.arrives(gap.shift, last.stop.id, gap.home, time_of(last.leave))
        if home <= time_of(gap.shift.end) and all(
            one.arrive <= one.window.closes
            and (in_open_hour(one, rules) or not in_open_hour(before, rules))
            for one, before in zip(moved, met, strict=True)
        ):
            return moved
    return met


def _pushed(
    after: Sequence[RouteStop], before: RouteStop | None, gap: Gap, pause: int, travel: Travel
) -> list[RouteStop]:
    """Return visits that begin after a break, each no sooner than the way to it allows."""
    found: list[RouteStop] = []
    here, free = gap.origin, later(_EPOCH, gap.opens)
    if before is not None:
        here, free = before.stop.id, max(before.leave, free)
    for one in after:
        begins = time_of(free) + (0 if found else pause)
        there = travel.arrives(gap.shift, here, one.stop.id, begins)
        arrive = max(one.arrive, later(_EPOCH, there))
        found.append(replace(one, arrive=arrive, leave=later(arrive, 60 * one.stop.service_min)))
        here, free = one.stop.id, found[-1].leave
    return found
