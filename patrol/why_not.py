"""Why a stop is in no round: the first rule that keeps it out, or that others outweigh it."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import replace

from data.messages import Message
from data.nouns import LeftOut, Shift, Stop, TimeWindow
from patrol.horizon import RouteSettings, Work, open_windows, pause_of
from patrol.limits import Limits
from patrol.problem import NO_WAY
from patrol.ways import Ways, seconds

__all__ = ["left_out", "no_room"]


def left_out(
    work: Work, visited: Collection[str], full: Collection[str], ways: Ways, settings: RouteSettings
) -> tuple[LeftOut, ...]:
    """Return a week's stops without a visit, each with the reason.

    Parameters
    ----------
    visited
        Ids of the stops that some round of the week visits.
    full
        Ids of the shifts whose rounds have as many stops as are allowed.
    """
    return tuple(
        LeftOut(
            stop=stop.id,
            place_id=stop.place_id,
            name=stop.name,
            reason=_why(work, stop, full, ways, settings),
            candidate=stop,
        )
        for stop in work.stops
        if stop.id not in visited
    )


def _why(
    work: Work, stop: Stop, full: Collection[str], ways: Ways, settings: RouteSettings
) -> Message:
    """Return the first rule that keeps a stop out of every round."""
    if not work.shifts:
        return Message("left_out.no_shift")
    there = [(shift, ways.between(shift.mode, shift.base, stop.id)) for shift in work.shifts]
    reached = [
        (shift, way)
        for shift, way in there
        if stop.shifts is None or shift.id in stop.shifts
        if max(way, _home(stop, shift, ways, settings)) < NO_WAY
    ]
    if not reached:
        return Message("left_out.no_way")
    rested = replace(work, closed={}, rests_until={})
    if not _fitting(rested, stop, reached, ways, settings):
        unheld = replace(rested, limits=Limits())
        for shift in _fitting(unheld, stop, reached, ways, settings):
            return work.limits.why(stop, shift.id)
        inside = _inside(unheld, stop, reached)
        if not inside:
            return Message("left_out.no_shift_in_hours")
        nearest_s = min(way for _, way, _ in inside)
        return Message("left_out.too_far", {"minutes": math.ceil(nearest_s / 60)})
    return _outweighed(work, stop, reached, full, ways, settings)


def _outweighed(  # noqa: PLR0913, PLR0917 - as above, and the shifts that reach it
    work: Work,
    stop: Stop,
    reached: Sequence[tuple[Shift, int]],
    full: Collection[str],
    ways: Ways,
    settings: RouteSettings,
) -> Message:
    """Return what keeps a stop out that a round could visit if it did nothing else."""
    fitting = _fitting(work, stop, reached, ways, settings)
    if not fitting:
        is_rested = _fitting(replace(work, closed={}), stop, reached, ways, settings)
        return Message("left_out.same_hour" if is_rested else "left_out.rests")
    if settings.most_stops is not None and all(shift.id in full for shift in fitting):
        return Message("left_out.most_stops", {"n": settings.most_stops})
    return no_room(stop)


def no_room(stop: Stop) -> Message:
    """Return why a stop that a round could visit is in none, whatever keeps it out."""
    if stop.must:
        return Message("left_out.must_no_room")
    if not stop.urgency:
        return Message("left_out.others_first")
    if stop.waited_days is None:
        return Message("left_out.due_unseen")
    return Message("left_out.due_no_room", {"n": stop.waited_days})


def _fitting(
    work: Work,
    stop: Stop,
    reached: Sequence[tuple[Shift, int]],
    ways: Ways,
    settings: RouteSettings,
) -> list[Shift]:
    """Return the shifts that could visit a stop if they did nothing else."""
    return [
        one[0] for one in _inside(work, stop, reached) if _fits(work, stop, *one, ways, settings)
    ]


def _inside(
    work: Work, stop: Stop, reached: Sequence[tuple[Shift, int]]
) -> list[tuple[Shift, int, TimeWindow]]:
    return [
        (shift, way, window)
        for shift, way in reached
        for window in open_windows(work, work.limits.held(stop, shift.id))
        if window.opens < shift.end and window.closes > shift.start
    ]


def _home(stop: Stop, shift: Shift, ways: Ways, settings: RouteSettings) -> int:
    return ways.between(shift.mode, stop.id, settings.end_bases.get(shift.team, shift.base))


def _fits(  # noqa: PLR0913, PLR0917 - a stop, a shift and the time between them
    work: Work,
    stop: Stop,
    shift: Shift,
    there_s: int,
    window: TimeWindow,
    ways: Ways,
    settings: RouteSettings,
) -> bool:
    """Say whether a round could visit a stop and do nothing else, its break before or after."""
    end, home_s = seconds(shift.end), _home(stop, shift, ways, settings)
    pause = pause_of(shift, settings)

    def begins(free: int) -> int:
        return max(work.limits.arrives(shift.id, free, there_s), seconds(window.opens))

    def done(begin: int) -> int:
        return begin + round(stop.service_min * 60)

    def home(free: int) -> int:
        return work.limits.arrives(shift.id, free, home_s)

    opens = seconds(shift.start)
    if pause is None:
        begin = begins(opens)
        return begin <= seconds(window.closes) and home(done(begin)) <= end
    first = max(opens, pause.opens) + pause.ticks
    before = begins(first)
    if before <= seconds(window.closes) and home(done(before)) <= end:
        return True
    begin = begins(opens)
    after = max(done(begin), pause.opens)
    return (
        begin <= seconds(window.closes)
        and after <= pause.closes
        and home(after + pause.ticks) <= end
    )
