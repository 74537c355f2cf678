"""What the rules of safety leave to each shift: the hours of a stop, and when nobody walks.

Each shift has its own: in July who drives may be at a stop at noon, who walks may not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from data.messages import Message
from data.nouns import Base, Leg, RouteStop, Shift, Stop, TimeWindow, Worker
from patrol.problem import arrives
from patrol.safety import (
    Outing,
    SafetySettings,
    closed_ways,
    hours_of,
    outing_of,
    why_kept_out,
)
from patrol.ways import later, seconds

__all__ = ["Limits", "limits_of", "whole", "with_waits"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Limits:
    """The limits of some shifts; one that is not known has none.

    Parameters
    ----------
    outings, bases
        Of each shift, and where it begins, by its id.
    waits
        Spans in which no way of a shift is under way, in order, in seconds since 1970.
    """

    outings: Mapping[str, Outing] = field(default_factory=dict)
    bases: Mapping[str, Base] = field(default_factory=dict)
    waits: Mapping[str, tuple[tuple[int, int], ...]] = field(default_factory=dict)
    settings: SafetySettings = field(default_factory=SafetySettings)

    def held(self, stop: Stop, shift: str) -> Stop:
        """Return a stop with the hours in which a shift may begin to visit it."""
        outing, all_of_it = self.outings.get(shift), whole(stop)
        if outing is None:
            return all_of_it
        own = hours_of(all_of_it, outing, self.settings)
        if own == all_of_it.windows:
            return all_of_it
        return replace(all_of_it, windows=own, usual=all_of_it.windows)

    def spans(self, shift: str, zero: int = 0) -> tuple[tuple[int, int], ...]:
        """Return when no way of a shift is under way, in seconds from a moment on."""
        return tuple((begins - zero, ends - zero) for begins, ends in self.waits.get(shift, ()))

    def arrives(self, shift: str, at: int, way: int) -> int:
        """Return when a way is over that a shift could begin at a second since 1970."""
        return arrives(self.waits.get(shift, ()), at, way)

    def why(self, stop: Stop, shift: str) -> Message:
        """Return the rule that keeps a stop out of a round that could serve it without."""
        return why_kept_out(whole(stop), self.bases[shift], self.outings[shift], self.settings)


def limits_of(
    shifts: Iterable[Shift],
    workers: Iterable[Worker],
    bases: Iterable[Base],
    settings: SafetySettings | None,
) -> Limits:
    """Return what the rules leave to shifts; without settings, as plans of before have, all."""
    if settings is None:
        return Limits()
    known, at = tuple(workers), {base.id: base for base in bases}
    outings = {shift.id: outing_of(shift, known) for shift in shifts}
    starts = {shift.id: at[shift.base] for shift in shifts}
    return Limits(
        outings=outings,
        bases=starts,
        waits={name: _waits(starts[name], one, settings) for name, one in outings.items()},
        settings=settings,
    )


def _waits(base: Base, outing: Outing, settings: SafetySettings) -> tuple[tuple[int, int], ...]:
    spans = closed_ways(base, outing, settings)
    found: list[tuple[int, int]] = []
    for begins, ends in sorted((seconds(span.opens), seconds(span.closes)) for span in spans):
        if found and begins <= found[-1][1]:
            found[-1] = (found[-1][0], max(ends, found[-1][1]))
        else:
            found.append((begins, ends))
    return tuple(found)


def whole(stop: Stop) -> Stop:
    """Return a stop with all of its hours, whichever shift is to visit it."""
    return replace(stop, windows=stop.usual, usual=()) if stop.usual else stop


def with_waits(
    shift: Shift,
    visits: Sequence[RouteStop],
    legs: Iterable[Leg],
    pause: TimeWindow | None,
    limits: Limits,
) -> tuple[Leg, ...]:
    """Return the ways of a round, each with when it begins where the team waits before it."""
    found = []
    ends = [*(met.arrive for met in visits), shift.end]
    for k, leg in enumerate(legs):
        free, way = visits[k - 1].leave if k else shift.start, round(leg.travel_s)
        if (
            pause is not None
            and free <= pause.opens
            and later(pause.closes, timedelta(seconds=way)) <= ends[k]
        ):
            free = pause.closes
        at = limits.arrives(shift.id, seconds(free), way) - way
        waits = timedelta(seconds=at - seconds(free))
        found.append(replace(leg, departs=later(free, waits) if waits else None))
    return tuple(found)
