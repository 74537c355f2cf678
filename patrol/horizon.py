"""A horizon as one team orienteering problem: weeks of stops and shifts in, visits out.

Every shift of every day is a round. A place has a node for each visit that is
wanted in each week, worth less one after the other; all nodes of a place are one
group, whose visits lie its least gap apart. So days, teams and orders are decided
together, and nothing is given away on Monday that Thursday would have needed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from data.nouns import TIRANE, RouteStop, Shift, Stop, TimeWindow
from patrol.limits import Limits
from patrol.needs import VisitNeed
from patrol.problem import Node, Pause, Problem, Round, Solution, held
from patrol.variety import open_hours
from patrol.ways import Ways, later, seconds

__all__ = [
    "Horizon",
    "RouteSettings",
    "Work",
    "day_of",
    "lay_out",
    "open_windows",
    "pause_of",
    "read_back",
]

#: Prizes are whole points up to this many.
_POINTS = 1000
_HOUR_S = 3600
#: A break begins in the middle half of its shift.
_BREAK_FROM, _BREAK_UNTIL = 0.25, 0.75


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteSettings:
    """How rounds are made.

    Parameters
    ----------
    iterations
        Budget of the search a week, of a hundred ruins each (two seconds in all); the same
        budget and seed give the same rounds.
    safety_stop_s
        Processor seconds a week after which a search is stopped whatever it has found.
    rest_days
        Days between two visits to a place, where its need says nothing else.
    repeat_factor
        What another visit in the week than those needed is worth, as a share of the one before.
    break_after_h, break_min
        A shift longer than this holds a break of so many minutes.
    overrun_percentile
        Of a hundred outings of a round at least so many end inside its shift, whoever is met.
    most_stops
        Places in a round, at most; none: as many as there is time for.
    end_bases
        Base at which each team's rounds end, by team, where it is not the one they begin at.
    """

    iterations: int = 1000
    safety_stop_s: float = 60.0
    rest_days: int = 2
    repeat_factor: float = 0.4
    break_after_h: float = 6.0
    break_min: int = 30
    overrun_percentile: float = 90.0
    most_stops: int | None = None
    end_bases: Mapping[str, str] = field(default_factory=dict)

    def pause_s(self, shift: Shift) -> int:
        """Return the seconds of break that a shift has to hold; nought in a short one."""
        hours = (seconds(shift.end) - seconds(shift.start)) / _HOUR_S
        return 60 * self.break_min if hours > self.break_after_h else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a week asks for, and who goes.

    Parameters
    ----------
    wanted
        Visits in the week at most, by stop id; one where a stop is not named.
    needs
        How often each place is needed and how far apart, by stop id, where that is known.
    rests_until
        The first day on which a stop may be visited again, by stop id.
    closed
        Weekdays and hours in which a stop may not be met, by stop id: it was too often.
    limits
        What the rules of safety leave to each shift.
    """

    stops: tuple[Stop, ...]
    shifts: tuple[Shift, ...]
    wanted: Mapping[str, int] = field(default_factory=dict)
    needs: Mapping[str, VisitNeed] = field(default_factory=dict)
    rests_until: Mapping[str, date] = field(default_factory=dict)
    closed: Mapping[str, frozenset[tuple[int, int]]] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)

    def rest_days(self, stop: str, settings: RouteSettings) -> int:
        """Return the days between two visits to a stop."""
        need = self.needs.get(stop)
        return settings.rest_days if need is None else need.least_gap_days

    def worth(self, stop: Stop, nth: int, settings: RouteSettings) -> float:
        """Return what the visit after so many others in the week is worth."""
        need = self.needs.get(stop.id)
        enough = 1 if need is None else need.in_a_week
        return stop.prize * settings.repeat_factor ** max(0, nth + 1 - enough)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Horizon:
    """A problem, and what its numbers mean.

    Parameters
    ----------
    nodes
        Week and stop of each node, by their numbers.
    shifts
        Of each round: those of all weeks by start and id.
    opens
        The moment that ticks are counted from, in seconds.
    """

    problem: Problem
    works: tuple[Work, ...]
    nodes: tuple[tuple[int, int], ...]
    shifts: tuple[Shift, ...]
    opens: datetime
    settings: RouteSettings


def lay_out(works: Sequence[Work], ways: Ways, settings: RouteSettings) -> Horizon | None:
    """Return the problem of some weeks; none where nobody works or there is no stop."""
    shifts = sorted((s for work in works for s in work.shifts), key=lambda s: (s.start, s.id))
    if not shifts or not any(work.stops for work in works):
        return None
    opens = shifts[0].start
    most = max(stop.prize for work in works for stop in work.stops) or 1.0
    last = max(seconds(shift.end) for shift in shifts)
    number = {shift.id: r for r, shift in enumerate(shifts)}
    nodes, meanings = [], []
    for w, work in enumerate(works):
        for s, stop in enumerate(work.stops):
            windows = _ticks(open_windows(work, stop), (seconds(opens), last))
            hours = {
                number[shift.id]: _ticks(open_windows(work, own), (seconds(opens), last))
                for shift in work.shifts
                if (own := work.limits.held(stop, shift.id)).usual
            }
            allowed = None if stop.shifts is None else tuple(number[one] for one in stop.shifts)
            for nth in range(work.wanted.get(stop.id, 1)):
                worth = work.worth(stop, nth, settings)
                nodes.append(
                    Node(
                        location=ways.row[stop.id],
                        service=_service_s(stop),
                        windows=windows,
                        hours=hours,
                        prize=max(1, round(_POINTS * worth / most)),
                        required=stop.must and nth == 0,
                        urgency=0 if nth else stop.urgency,
                        group=stop.id,
                        rest_days=work.rest_days(stop.id, settings),
                        rounds=allowed,
                    )
                )
                meanings.append((w, s))
    limits = {shift.id: work.limits for work in works for shift in work.shifts}
    rounds = tuple(_round(shift, opens, ways, settings, limits[shift.id]) for shift in shifts)
    return Horizon(
        problem=Problem(travel=ways.matrices, nodes=tuple(nodes), rounds=rounds),
        works=tuple(works),
        nodes=tuple(meanings),
        shifts=tuple(shifts),
        opens=opens,
        settings=settings,
    )


def _ticks(windows: Sequence[TimeWindow], span: tuple[int, int]) -> tuple[tuple[int, int], ...]:
    """Return windows as far as they touch a span, in seconds from its begin on."""
    zero, last = span
    found = ((seconds(one.opens), seconds(one.closes)) for one in windows)
    return tuple((max(a - zero, 0), b - zero) for a, b in found if a <= last and b >= zero)


def _service_s(stop: Stop) -> int:
    return round(stop.service_min * 60)


def _round(
    shift: Shift, opens: datetime, ways: Ways, settings: RouteSettings, limits: Limits
) -> Round:
    zero = seconds(opens)
    pause = pause_of(shift, settings)
    if pause is not None:
        pause = replace(pause, opens=pause.opens - zero, closes=pause.closes - zero)
    trip = Round(
        start=ways.row[shift.base],
        end=ways.row[settings.end_bases.get(shift.team, shift.base)],
        opens=seconds(shift.start) - zero,
        closes=seconds(shift.end) - zero,
        matrix=ways.modes.index(shift.mode),
        day=day_of(shift).toordinal(),
        most=settings.most_stops,
        pause=pause,
    )
    return held(trip, limits.spans(shift.id, zero))


def day_of(shift: Shift) -> date:
    """Return the local day that a shift begins on."""
    return shift.start.astimezone(TIRANE).date()


def pause_of(shift: Shift, settings: RouteSettings) -> Pause | None:
    """Return the break that a shift holds, in seconds of the clock; none in a short one."""
    begin, end = seconds(shift.start), seconds(shift.end)
    if not settings.pause_s(shift):
        return None
    return Pause(
        ticks=settings.pause_s(shift),
        opens=begin + round(_BREAK_FROM * (end - begin)),
        closes=begin + round(_BREAK_UNTIL * (end - begin)),
    )


def open_windows(work: Work, stop: Stop) -> tuple[TimeWindow, ...]:
    """Return when a visit to a stop may begin: rested, and not when it was met too often."""
    closed, first = work.closed.get(stop.id, frozenset()), work.rests_until.get(stop.id, date.min)
    windows = [one for one in stop.windows if one.opens.astimezone(TIRANE).date() >= first]
    return open_hours(windows, closed)


def read_back(horizon: Horizon, solution: Solution) -> tuple[tuple[RouteStop, ...], ...]:
    """Return what each shift meets, with moments of the clock.

    Of the visits to a place in a week the first is worth most, whichever node it was.
    """
    visits = [(v.begins, r, v.node) for r, route in enumerate(solution.routes) for v in route]
    met: list[list[RouteStop]] = [[] for _ in horizon.shifts]
    before: Counter[tuple[int, int]] = Counter()
    for begins, r, node in sorted(visits):
        w, s = horizon.nodes[node]
        work = horizon.works[w]
        nth = before[w, s]
        worth = work.worth(work.stops[s], nth, horizon.settings)
        stop = replace(work.stops[s], prize=worth)
        if nth:
            stop = replace(stop, must=False, urgency=0, waited_days=None)
        own = work.limits.held(stop, horizon.shifts[r].id)
        met[r].append(_met(own, later(horizon.opens, timedelta(seconds=begins))))
        before[w, s] += 1
    return tuple(tuple(own) for own in met)


def _met(stop: Stop, arrive: datetime) -> RouteStop:
    window = next(w for w in stop.windows if w.opens <= arrive <= w.closes)
    leave = later(arrive, timedelta(seconds=_service_s(stop)))
    return RouteStop(stop=stop, arrive=arrive, leave=leave, window=window)
