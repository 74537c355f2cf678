"""Stops into rounds: the shifts of a whole horizon as one team orienteering problem.

What another visit in the week is worth falls with each visit made, and a place
rests between two of them, so that presence spreads over places and days. Every
stop that no round reaches is handed back with the reason.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise

from data.nouns import Base, LeftOut, Leg, Route, RouteStop, Shift, Stop, TimeWindow
from data.vocabulary import TravelMode
from geo.travel import Router
from patrol.horizon import Horizon, RouteSettings, Work, lay_out, read_back
from patrol.in_time import People, solve_for_people
from patrol.limits import with_waits
from patrol.needs import VisitNeed
from patrol.orienteering import Problem, Solution, Visit
from patrol.ways import Ways, later, measure_ways, seconds
from patrol.why_not import left_out

__all__ = [
    "Found",
    "RouteSettings",
    "Routes",
    "draw_routes",
    "find_rounds",
    "joined",
    "make_routes",
]

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Routes:
    """The rounds of a week, the stops without one, and whether the clock cut a search short."""

    routes: tuple[Route, ...]
    left_out: tuple[LeftOut, ...]
    cut_by_time: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Found:
    """Rounds before their ways are drawn.

    Parameters
    ----------
    horizon, solution
        The problem and its answer; none where there was nothing to solve.
    met
        What each shift of the horizon meets.
    """

    horizon: Horizon | None
    solution: Solution
    met: tuple[tuple[RouteStop, ...], ...]

    @property
    def shifts(self) -> tuple[Shift, ...]:
        """Return the shifts that `met` and the solution are by."""
        return () if self.horizon is None else self.horizon.shifts

    @property
    def node_routes(self) -> tuple[tuple[int, ...], ...]:
        """Return the nodes of each round, to go on from."""
        return tuple(tuple(visit.node for visit in own) for own in self.solution.routes)

    def read_with(self, works: Sequence[Work]) -> Found:
        """Return the same rounds, read with stops that are worth something else."""
        if self.horizon is None:
            return self
        horizon = replace(self.horizon, works=tuple(works))
        return replace(self, horizon=horizon, met=read_back(horizon, self.solution))

    def of_week(self, work: Work) -> tuple[tuple[Shift, tuple[RouteStop, ...]], ...]:
        """Return the shifts of a week's work that meet somebody's place, with what they meet."""
        own = {shift.id for shift in work.shifts}
        pairs = zip(self.shifts, self.met, strict=True)
        return tuple((shift, met) for shift, met in pairs if shift.id in own and met)


def make_routes(  # noqa: PLR0913 - the week's work, who goes, and the streets
    stops: Sequence[Stop],
    visits_wanted: Mapping[str, int],
    shifts: Sequence[Shift],
    bases: Sequence[Base],
    routers: Mapping[TravelMode, Router],
    *,
    settings: RouteSettings,
    seed: int,
    needs: Mapping[str, VisitNeed] | None = None,
) -> Routes:
    """Return the rounds of a week's shifts.

    Parameters
    ----------
    visits_wanted
        Visits a week at most, by stop id; one where a stop is not named.
    routers
        A router for each way of moving that a shift uses.
    needs
        How often each place is needed and how far apart, by stop id, where that is known.
    """
    work = Work(
        stops=tuple(sorted(stops, key=lambda stop: stop.id)),
        shifts=tuple(shifts),
        wanted=visits_wanted,
        needs=needs or {},
    )
    ways = measure_ways(work.stops, bases, routers)
    found = find_rounds([work], ways, settings, seed=seed)
    return draw_routes(found, work, ways, bases, routers, settings)


def find_rounds(  # noqa: PLR0913 - the weeks, and each way in which a search may differ
    works: Sequence[Work],
    ways: Ways,
    settings: RouteSettings,
    *,
    seed: int,
    start: Sequence[Sequence[int]] | None = None,
    shake: Callable[[Problem], Problem] | None = None,
) -> Found:
    """Search the rounds of some weeks, all of them together.

    Parameters
    ----------
    shake
        What is made of the problem before it is searched: its answer has to be one of it, too.
    start
        Node numbers a round to go on from.
    """
    horizon = lay_out(works, ways, settings)
    if horizon is None:
        return Found(horizon=None, solution=Solution(routes=(), cut_by_time=False), met=())
    solution = solve_for_people(
        horizon.problem if shake is None else shake(horizon.problem),
        _people(horizon),
        iterations=settings.iterations * len(works),
        seconds=settings.safety_stop_s * len(works),
        seed=seed % 2**32,
        start=start,
    )
    return Found(horizon=horizon, solution=solution, met=read_back(horizon, solution))


def _people(horizon: Horizon) -> People:
    """Return whom the visits of a horizon may meet."""
    stops = [horizon.works[w].stops[s] for w, s in horizon.nodes]
    return People(
        chances=tuple(stop.chance for stop in stops),
        contacts=tuple(round(60 * stop.contact_min) for stop in stops),
        percentile=horizon.settings.overrun_percentile,
    )


def joined(
    works: Sequence[Work], founds: Sequence[Found], settings: RouteSettings, ways: Ways
) -> Found:
    """Return the rounds of weeks that were searched one after the other, as if found together."""
    horizon = lay_out(works, ways, settings)
    if horizon is None or len(founds) == 1:
        return founds[0]
    first = {w: n for n, (w, _) in reversed(list(enumerate(horizon.nodes)))}
    routes: list[tuple[Visit, ...]] = []
    pauses: list[int | None] = []
    for w, found in enumerate(founds):
        if found.horizon is None:
            # A week without stops has rounds that go nowhere.
            routes += [()] * len(works[w].shifts)
            pauses += [None] * len(works[w].shifts)
            continue
        late = seconds(found.horizon.opens) - seconds(horizon.opens)
        for visits in found.solution.routes:
            routes.append(
                tuple(Visit(node=v.node + first[w], begins=v.begins + late) for v in visits)
            )
        pauses += [None if begins is None else begins + late for begins in found.solution.pauses]
    solution = Solution(
        routes=tuple(routes),
        cut_by_time=any(found.solution.cut_by_time for found in founds),
        pauses=tuple(pauses),
    )
    return Found(horizon=horizon, solution=solution, met=read_back(horizon, solution))


def draw_routes(  # noqa: PLR0913, PLR0917 - what was found, whose week it is, and the streets
    found: Found,
    work: Work,
    ways: Ways,
    bases: Sequence[Base],
    routers: Mapping[TravelMode, Router],
    settings: RouteSettings,
) -> Routes:
    """Return a week's rounds with their ways on the streets, and what is without one."""
    at = {base.id: base for base in bases}
    own = found.of_week(work)
    routes = []
    for shift, met in own:
        ends = (at[shift.base], at[settings.end_bases.get(shift.team, shift.base)])
        legs, pause = (
            _legs(shift, met, ends, ways, routers[shift.mode]),
            _pause(found, shift, settings),
        )
        legs = with_waits(shift, met, legs, pause, work.limits)
        routes.append(Route(shift=shift.id, stops=met, legs=legs, pause=pause))
    visited = {one.stop.id for _, met in own for one in met}
    full = {shift.id for shift, met in own if len(met) == settings.most_stops}
    without = left_out(work, visited, full, ways, settings)
    logger.info("routes: %d rounds, %d stops without one", len(routes), len(without))
    return Routes(routes=tuple(routes), left_out=without, cut_by_time=found.solution.cut_by_time)


def _pause(found: Found, shift: Shift, settings: RouteSettings) -> TimeWindow | None:
    """Return when a round has its break."""
    if found.horizon is None:
        return None
    begins = found.solution.pauses[found.shifts.index(shift)]
    if begins is None:
        return None
    opens = later(found.horizon.opens, timedelta(seconds=begins))
    return TimeWindow(opens=opens, closes=later(opens, timedelta(minutes=settings.break_min)))


def _legs(
    shift: Shift, met: Sequence[RouteStop], ends: tuple[Base, Base], ways: Ways, router: Router
) -> tuple[Leg, ...]:
    """Draw the ways from the base over the stops and back, or to the base it ends at."""
    first, last = ends
    points = [(first.id, first.lon, first.lat)]
    points += [(s.stop.id, s.stop.lon, s.stop.lat) for s in met]
    points += [(last.id, last.lon, last.lat)]
    legs = []
    for (origin, *a), (destination, *b) in pairwise(points):
        path = router.path((a[0], a[1]), (b[0], b[1]))
        legs.append(
            Leg(
                origin=origin,
                destination=destination,
                travel_s=float(ways.between(shift.mode, origin, destination)),
                distance_m=round(path.metres, 1),
                line=tuple((round(float(x), 6), round(float(y), 6)) for x, y in path.lonlat),
            )
        )
    return tuple(legs)
