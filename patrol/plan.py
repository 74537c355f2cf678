"""The climb of a week: risk, hotspots, stops, roster, rounds, and all of it as one plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, time

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame

from data.errors import NoRouteError, RosterError
from data.messages import Message
from data.nouns import (
    TIRANE,
    Absence,
    Area,
    Base,
    Decision,
    LeftOut,
    Marks,
    Plan,
    Route,
    Shift,
    Team,
    Week,
    Worker,
)
from data.vocabulary import PlanStatus, TravelMode
from geo.hotspots import HotspotSettings, find_hotspots
from geo.register import counting_hotspots
from geo.risk import RiskSettings, risk_surface
from geo.travel import Router
from patrol.exploration import Draft
from patrol.prospects import Prospects, prospects_of
from patrol.roster import RosterSettings, make_demand, make_roster
from patrol.routes import Routes, RouteSettings, make_routes
from patrol.stops import Stops, StopSettings, make_stops

__all__ = [
    "PlanInputs",
    "PlanSettings",
    "PlanTask",
    "explored_note",
    "make_plan",
    "plan_task",
    "solve_plan",
]

Progress = Callable[[Message, float], None]

#: Iterations a day of the draft that says how much time at places the week has.
_DRAFT_ITERATIONS = 50
#: Left out because no round can get there in its hours, whatever the stop is worth.
_OUT_OF_REACH = frozenset({"left_out.no_way", "left_out.no_shift_in_hours", "left_out.too_far"})
#: Share of the minutes by which exploration may miss what was asked before the plan says why.
_SHORT_BY = 0.05


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlanInputs:
    """What a plan is made from: frames of the house, the crew, and routers on the area's streets.

    Parameters
    ----------
    as_of
        What happened later is not looked at.
    cases
        Joined to `places` already (`geo.places.join_cases`).
    routers
        One for each way of moving that a team uses; none where the plan is solved elsewhere.
    marks
        What the plan has to say of itself.
    county_per_hour
        Finds an hour in the rest of the county, where it is known.
    decisions
        What people decided on places: those merged are one in `places` already.
    """

    area: Area
    week: Week
    as_of: datetime
    places: GeoDataFrame
    cases: GeoDataFrame
    visits: pd.DataFrame
    workers: tuple[Worker, ...]
    teams: tuple[Team, ...]
    bases: tuple[Base, ...]
    absences: tuple[Absence, ...]
    marks: Marks
    routers: Mapping[TravelMode, Router] = field(default_factory=dict)
    county_per_hour: float | None = None
    decisions: tuple[Decision, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSettings:
    """The settings of every step; the plan keeps them."""

    risk: RiskSettings = field(default_factory=RiskSettings)
    hotspots: HotspotSettings = field(default_factory=HotspotSettings)
    stops: StopSettings = field(default_factory=StopSettings)
    roster: RosterSettings = field(default_factory=RosterSettings)
    routes: RouteSettings = field(default_factory=RouteSettings)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlanTask:
    """What a plan is solved from wherever that happens: places and crews, and never a case."""

    area: Area
    week: Week
    prospects: Prospects
    workers: tuple[Worker, ...]
    teams: tuple[Team, ...]
    bases: tuple[Base, ...]
    absences: tuple[Absence, ...]
    marks: Marks
    settings: PlanSettings


def make_plan(inputs: PlanInputs, *, seed: int, settings: PlanSettings, progress: Progress) -> Plan:
    """Return the plan of a week as a first draft; the same inputs and seed give the same plan.

    Raises
    ------
    NoRouteError
        If there is no place to go to, or no round reaches one.
    RosterError
        If no roster keeps every rule, or nobody works at all in the week.
    """
    progress(Message("plan.progress.risk"), 0.05)
    task = plan_task(inputs, settings)
    return solve_plan(task, inputs.routers, seed=seed, progress=progress)


def plan_task(inputs: PlanInputs, settings: PlanSettings) -> PlanTask:
    """Return what is left to solve once cases have said what they say of places.

    Raises
    ------
    NoRouteError
        If there is no place to go to.
    """
    if inputs.places.empty:
        raise NoRouteError(Message("plan.no_places"))
    return PlanTask(
        area=inputs.area,
        week=inputs.week,
        prospects=_prospects(inputs, settings),
        workers=inputs.workers,
        teams=inputs.teams,
        bases=inputs.bases,
        absences=inputs.absences,
        marks=inputs.marks,
        settings=settings,
    )


def solve_plan(
    task: PlanTask, routers: Mapping[TravelMode, Router], *, seed: int, progress: Progress
) -> Plan:
    """Return the plan of a task: the roster, and the rounds of its shifts.

    Raises
    ------
    NoRouteError
        If no round reaches a place.
    RosterError
        If no roster keeps every rule, or nobody works at all in the week.
    """
    settings = task.settings
    progress(Message("plan.progress.roster"), 0.2)
    demand = make_demand(task.teams, (task.week,), settings=settings.roster)
    roster = make_roster(
        demand, task.workers, task.absences, (task.week,), settings=settings.roster, seed=seed
    )
    if not roster.shifts:
        raise RosterError(Message("plan.no_shift"))
    progress(Message("plan.progress.routes"), 0.4)
    drafted = _draft(task, routers, roster.shifts, seed)
    stops = _stops(task, seed, settings.stops, _seen_in(drafted))
    found = make_routes(
        stops.stops,
        stops.visits_wanted,
        roster.shifts,
        task.bases,
        routers,
        settings=settings.routes,
        seed=seed,
        progress=lambda share: progress(Message("plan.progress.routes"), 0.4 + 0.55 * share),
    )
    if not found.routes:
        raise NoRouteError(Message("plan.nothing_reached", {"n": len(stops.stops)}))
    progress(Message("plan.progress.done"), 1.0)
    return Plan(
        id=f"{task.area.id}-{task.week}",
        version=1,
        status=PlanStatus.DRAFT,
        area=task.area.id,
        area_name=task.area.name,
        municipality=task.area.municipality,
        week=task.week,
        seed=seed,
        cut_by_time=drafted.cut_by_time or found.cut_by_time,
        shifts=roster.shifts,
        routes=found.routes,
        left_out=_in_order(stops.left_out + found.left_out),
        workers=task.workers,
        absences=task.absences,
        bases=task.bases,
        teams=task.teams,
        notes=(
            *(() if task.prospects.verdict is None else (task.prospects.verdict,)),
            explored_note(found.routes, settings.stops.exploration_share),
            *roster.notes,
            *_idle(roster.shifts, found.routes),
        ),
        marks=task.marks,
        settings=asdict(settings),
    )


def _prospects(inputs: PlanInputs, settings: PlanSettings) -> Prospects:
    surface = risk_surface(
        inputs.cases,
        inputs.visits,
        inputs.places,
        inputs.area,
        settings=settings.risk,
        as_of=inputs.as_of,
        county_per_hour=inputs.county_per_hour,
    )
    hotspots = counting_hotspots(
        find_hotspots(
            surface, inputs.places, inputs.cases, inputs.visits, settings=settings.hotspots
        ),
        inputs.decisions,
        surface,
        inputs.places,
        inputs.cases,
        inputs.visits,
        most_slots=settings.hotspots.max_slots,
    )
    monday = datetime.combine(inputs.week.monday, time(), TIRANE)
    return prospects_of(inputs.places, surface, hotspots, inputs.visits, monday)


def _stops(task: PlanTask, seed: int, settings: StopSettings, draft: Draft | None) -> Stops:
    return make_stops(
        task.prospects,
        task.week,
        settings=settings,
        rng=np.random.default_rng(seed),
        illustrative=task.marks.illustrative_streets,
        draft=draft,
    )


def _draft(
    task: PlanTask, routers: Mapping[TravelMode, Router], shifts: tuple[Shift, ...], seed: int
) -> Routes:
    """Return quick rounds without exploration: how much time at places the week has is theirs.

    It hangs on streets, hours and how far apart places lie, which no formula
    knows before; a short search finds nearly as many minutes as a long one.
    """
    settings = task.settings
    stops = _stops(task, seed, replace(settings.stops, exploration_share=0.0), None)
    quick = min(settings.routes.iterations, _DRAFT_ITERATIONS)
    return make_routes(
        stops.stops,
        stops.visits_wanted,
        shifts,
        task.bases,
        routers,
        settings=replace(settings.routes, iterations=quick),
        seed=seed,
    )


def _seen_in(drafted: Routes) -> Draft:
    visited = [met.stop for route in drafted.routes for met in route.stops]
    return Draft(
        minutes=sum(stop.service_min for stop in visited),
        visits=Counter(stop.place_id for stop in visited),
        unreached=frozenset(
            one.place_id for one in drafted.left_out if one.reason.id in _OUT_OF_REACH
        ),
    )


def explored_note(routes: Sequence[Route], asked: float) -> Message:
    """Say which share of the minutes at places goes to exploration, and which was asked for."""
    visited = [met.stop for route in routes for met in route.stops]
    explored = sum(stop.service_min for stop in visited if stop.exploration)
    reached = explored / sum(stop.service_min for stop in visited)
    short = reached < asked - _SHORT_BY
    return Message(
        "plan.explored_short" if short else "plan.explored",
        {"reached": round(100 * reached), "asked": round(100 * asked)},
    )


def _in_order(left_out: tuple[LeftOut, ...]) -> tuple[LeftOut, ...]:
    return tuple(sorted(left_out, key=lambda one: (one.name, one.stop)))


def _idle(shifts: tuple[Shift, ...], routes: tuple[Route, ...]) -> tuple[Message, ...]:
    """Say how many shifts have no stop: there is more time than places."""
    n = len(shifts) - len(routes)
    return (Message("plan.idle_shifts", {"n": n}),) if n else ()
