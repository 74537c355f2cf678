"""When a round as it stands is over, whoever is met: also one that a person put together.

A search keeps the end of its rounds at a percentile (`patrol.in_time`); what was
ordered, timed or added by hand it never saw. Here a round of a plan is read back
as what that rule counts: waits, the break, and what stays at its hour.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from data.nouns import Pace, RouteStop, Shift, TimeWindow
from patrol.horizon import RouteSettings, pause_of
from patrol.in_time import People, ends, too_long
from patrol.orienteering_rules import Timed
from patrol.problem import Node, Pause, Problem, Round, Visit, arrives, held
from patrol.variety import VarietySettings, WeekHour, closed_hours, open_hours
from patrol.ways import seconds

__all__ = ["Outing", "closed_to", "late_s", "pause_in", "share_in_time"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outing:
    """A round as it stands.

    Parameters
    ----------
    ways_s
        Seconds to each visit, and after the last one home.
    held
        Stops that do not begin before their time, even if the team is there.
    now
        What began before it has happened.
    waits
        Spans in which the team does not walk, in seconds since 1970.
    """

    shift: Shift
    visits: tuple[RouteStop, ...]
    ways_s: tuple[int, ...]
    held: Collection[str]
    settings: RouteSettings
    variety: VarietySettings
    pause: TimeWindow | None = None
    now: datetime | None = None
    waits: tuple[tuple[int, int], ...] = ()


def late_s(outing: Outing, percentile: float) -> int:
    """Return by how many seconds a round is over its end at a percentile; nought if it is not."""
    problem, plan, people = _read(outing, percentile)
    return too_long(problem, 0, plan, people)


def share_in_time(outing: Outing) -> float:
    """Return of how many outings of a round the end lies inside its shift, 0 to 1."""
    problem, plan, people = _read(outing, 0.0)
    closes = problem.rounds[0].closes
    return sum(p for at, p in ends(problem, 0, plan, people).items() if at <= closes)


def closed_to(pace: Pace | None, variety: VarietySettings) -> frozenset[WeekHour]:
    """Return the hours of the week in which a place may not be met once more."""
    if pace is None or pace.hours is None:
        return frozenset()
    return closed_hours({(day, hour): n for day, hour, n in pace.hours}, variety)


def pause_in(
    shift: Shift,
    visits: Sequence[RouteStop],
    ways_s: Sequence[float],
    length_s: int,
    waits: Sequence[tuple[int, int]] = (),
) -> TimeWindow | None:
    """Return the break of a round: the time long enough for it that is nearest the middle."""
    if not length_s:
        return None
    begins = [seconds(shift.start), *(seconds(met.leave) for met in visits)]
    ends_ = [*(seconds(met.arrive) for met in visits), seconds(shift.end)]
    middle = (seconds(shift.start) + seconds(shift.end)) / 2
    found = [
        begin
        for begin, end, way in zip(begins, ends_, ways_s, strict=True)
        if arrives(waits, begin + length_s, round(way)) <= end
    ]
    if not found:
        return None
    opens = min(found, key=lambda begin: (abs(begin - middle), begin))
    zone = shift.start.tzinfo
    return TimeWindow(
        opens=datetime.fromtimestamp(opens, zone),
        closes=datetime.fromtimestamp(opens + length_s, zone),
    )


def _read(outing: Outing, percentile: float) -> tuple[Problem, Timed, People]:
    """Return what is left of a round as a problem, its times, and who may be met."""
    ahead, ways, opens = _ahead(outing)
    n, closes = len(ahead), seconds(outing.shift.end)
    travel = np.zeros((n + 2, n + 2), dtype=np.int64)
    travel[range(n + 1), range(1, n + 2)] = ways
    nodes = tuple(
        Node(
            location=k + 1,
            service=round(60 * met.stop.service_min),
            windows=_windows(outing, met),
            prize=1,
        )
        for k, met in enumerate(ahead)
    )
    pause = outing.pause
    if pause is not None and seconds(pause.opens) < opens:
        pause = None  # it has been taken
    rest = None if pause is None else _break(outing, pause)
    trip = Round(start=0, end=n + 1, opens=opens, closes=closes, pause=rest)
    trip = held(trip, outing.waits)
    plan = Timed(
        visits=tuple(Visit(node=k, begins=seconds(met.arrive)) for k, met in enumerate(ahead)),
        pause=None if rest is None else rest.closes,
        over=closes,
    )
    people = People(
        chances=tuple(met.stop.chance for met in ahead),
        contacts=tuple(round(60 * met.stop.contact_min) for met in ahead),
        percentile=percentile,
    )
    return Problem(travel=(travel,), nodes=nodes, rounds=(trip,)), plan, people


def _ahead(outing: Outing) -> tuple[tuple[RouteStop, ...], tuple[int, ...], int]:
    """Return the visits that are not over, the ways to them and home, and since when it goes on.

    Who is at a place may stay longer or not; who is on the way has left in time.
    """
    visits, ways, free = outing.visits, outing.ways_s, seconds(outing.shift.start)
    if outing.now is None:
        return visits, ways, free
    n_past = sum(met.arrive <= outing.now for met in visits)
    if n_past and outing.now < visits[n_past - 1].leave:
        there = visits[n_past - 1]
        return visits[n_past - 1 :], (0, *ways[n_past:]), seconds(there.arrive)
    if n_past:
        free = seconds(visits[n_past - 1].leave)
    if n_past < len(visits):
        departs = seconds(visits[n_past].arrive) - ways[n_past]
        free = max(free, min(seconds(outing.now), departs))
    return visits[n_past:], ways[n_past:], free


def _windows(outing: Outing, met: RouteStop) -> tuple[tuple[int, int], ...]:
    """Return when a visit may begin; what is held or under way begins at its time, or late."""
    is_past = outing.now is not None and met.arrive <= outing.now
    if is_past or met.stop.id in outing.held:
        return ((seconds(met.arrive), seconds(met.arrive)),)
    spans = open_hours(met.stop.windows, closed_to(met.stop.pace, outing.variety))
    return tuple((seconds(span.opens), seconds(span.closes)) for span in spans)


def _break(outing: Outing, planned: TimeWindow) -> Pause:
    """Return a break that may begin as soon as the rules allow, or when it is planned."""
    opens = seconds(planned.opens)
    usual = pause_of(outing.shift, outing.settings)
    return Pause(
        ticks=seconds(planned.closes) - opens,
        opens=opens if usual is None else min(opens, usual.opens),
        closes=opens,
    )
