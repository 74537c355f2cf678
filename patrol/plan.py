"""The climb of a week: risk, hotspots, stops, roster, rounds, and all of it as one plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta

import pandas as pd
from geopandas import GeoDataFrame

from data.duties import Wish
from data.errors import NoRouteError, RosterError
from data.messages import Message
from data.nouns import (
    Absence,
    Area,
    Base,
    Decision,
    Marks,
    Plan,
    Roster,
    Route,
    RouteStop,
    Shift,
    Team,
    Week,
    Worker,
)
from data.vocabulary import PlanStatus, Sex, TravelMode
from geo.detection import empty_in_a_row, learn
from geo.hotspots import find_hotspots
from geo.register import counting_hotspots, known_in_use, last_signs
from geo.risk import risk_surface
from geo.travel import Router
from patrol.horizon import day_of
from patrol.inspections import with_inspections
from patrol.intervals import intervals_note, left_in_order
from patrol.prospects import Prospects, prospects_of
from patrol.roster import make_demand, make_duties, make_roster
from patrol.season import Season
from patrol.task import PlanSettings, PlanTask
from patrol.weeks import WeekRounds, plan_weeks

__all__ = [
    "PlanInputs",
    "PlanSettings",
    "PlanTask",
    "explored_note",
    "plan_task",
    "solve_plans",
    "weeks_from",
]

Progress = Callable[[Message, float], None]

#: Share of the minutes by which exploration may miss what was asked before the plan says why.
_SHORT_BY = 0.05


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlanInputs:
    """What a plan is made from: frames of the house, and the crew.

    Parameters
    ----------
    as_of
        What happened later is not looked at.
    cases
        Joined to `places` already (`geo.places.join_cases`).
    marks
        What the plan has to say of itself.
    county_per_hour
        Finds an hour in the rest of the county, where it is known.
    decisions
        What people decided on places: those merged are one in `places` already.
    season
        The calendar of the area.
    wishes
        Days off and shifts that the crew would like to have.
    like
        The shifts of the week before: the roster changes as little from them as can be.
    coming
        What is visited before the week by rounds that are still out: it counts as visited.
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
    county_per_hour: float | None = None
    decisions: tuple[Decision, ...] = ()
    season: Season = field(default_factory=Season)
    wishes: tuple[Wish, ...] = ()
    like: tuple[Shift, ...] = ()
    coming: tuple[RouteStop, ...] = ()


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
        prospects=_prospects(inputs, settings).after(inputs.coming),
        workers=inputs.workers,
        teams=inputs.teams,
        bases=inputs.bases,
        absences=inputs.absences,
        marks=inputs.marks,
        settings=settings,
        season=inputs.season,
        wishes=inputs.wishes,
        like=inputs.like,
    )


def solve_plans(
    task: PlanTask,
    routers: Mapping[TravelMode, Router],
    *,
    weeks: int = 1,
    seed: int,
    progress: Progress,
) -> tuple[Plan, ...]:
    """Return the plans of so many weeks from the task's own on, made together.

    The same task and seed give the same plans.

    Raises
    ------
    NoRouteError
        If no round reaches a place in some week.
    RosterError
        If no roster keeps every rule, or nobody works at all in some week.
    """
    progress(Message("plan.progress.roster"), 0.2)
    ahead = weeks_from(task.week, weeks)
    limits = task.settings.roster
    demand = make_demand(task.teams, ahead, settings=limits)
    demand, alone = with_inspections(demand, task.season, task.workers, task.absences)
    roster = make_roster(
        (*demand, *make_duties(task.workers, ahead, settings=limits)),
        task.workers,
        task.absences,
        ahead,
        settings=limits,
        seed=seed,
        wishes=task.wishes,
        like=task.like,
    )
    shifts = [_of_week(roster.shifts, week) for week in ahead]
    if not all(shifts):
        raise RosterError(Message("plan.no_shift"))
    progress(Message("plan.progress.routes"), 0.4)
    found = plan_weeks(
        task,
        ahead,
        shifts,
        routers,
        seed=seed,
        progress=lambda share: progress(Message("plan.progress.routes"), 0.4 + 0.55 * share),
    )
    for own in found.weeks:
        if not own.routes.routes:
            raise NoRouteError(Message("plan.nothing_reached", {"n": len(own.stops.stops)}))
    progress(Message("plan.progress.done"), 1.0)
    return tuple(
        _plan(task, week, own_shifts, own, (roster, (*_said(task, found.cost), *alone)), seed)
        for week, own_shifts, own in zip(ahead, shifts, found.weeks, strict=True)
    )


def weeks_from(first: Week, n: int) -> tuple[Week, ...]:
    """Return so many weeks from one on."""
    return tuple(Week.of(first.monday + timedelta(weeks=i)) for i in range(n))


def _of_week(shifts: Sequence[Shift], week: Week) -> tuple[Shift, ...]:
    days = set(week.days)
    return tuple(shift for shift in shifts if day_of(shift) in days)


def _plan(  # noqa: PLR0913, PLR0917 - what a week's plan is put together from
    task: PlanTask,
    week: Week,
    shifts: tuple[Shift, ...],
    own: WeekRounds,
    of_all: tuple[Roster, tuple[Message, ...]],
    seed: int,
) -> Plan:
    found, (roster, said) = own.routes, of_all
    return Plan(
        id=f"{task.area.id}-{week}",
        version=1,
        status=PlanStatus.DRAFT,
        area=task.area.id,
        area_name=task.area.name,
        municipality=task.area.municipality,
        week=week,
        seed=seed,
        cut_by_time=found.cut_by_time,
        shifts=shifts,
        routes=found.routes,
        left_out=left_in_order(own.stops.left_out + found.left_out),
        # Who is a woman and who a man was for the roster alone.
        workers=tuple(replace(one, sex=Sex.UNKNOWN) for one in task.workers),
        absences=task.absences,
        bases=task.bases,
        teams=task.teams,
        duties=tuple(one for one in roster.duties if one.start.date() in set(week.days)),
        notes=(
            *said,
            *intervals_note(found.routes, found.left_out),
            explored_note(found.routes, task.settings.stops.exploration_share),
            *roster.notes,
            *_idle(shifts, found.routes),
        ),
        marks=task.marks,
        settings=asdict(task.settings),
    )


def _said(task: PlanTask, cost: float) -> tuple[Message, ...]:
    """Return what is said of all weeks: what is known, or taken as so, and what variety cost."""
    verdict, price = task.prospects.verdict, task.settings.variety.price
    notes = () if verdict is None else (verdict,)
    n = int(task.prospects.presence["expected"].sum())
    if n:
        notes = (*notes, Message("plan.still_to_come", {"n": n}))
    if price <= 0.0:
        return (*notes, Message("plan.variety_off"))
    numbers = {"cost": round(100 * cost, 1), "price": round(100 * price, 1)}
    return (*notes, Message("plan.variety", numbers))


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
    return prospects_of(inputs.places, surface, hotspots, inputs.visits, _to_close(inputs))


def _to_close(inputs: PlanInputs) -> dict[str, int]:
    """Return how many more visits that meet nobody would make a place empty.

    Only places whose last visits met nobody are named, and none where repeat
    visits are too few to say how often a visit meets somebody.
    """
    places, visits, as_of = inputs.places, inputs.visits, inputs.as_of
    detections = learn(visits, places, as_of)
    signs = {str(p): at for p, at in last_signs(inputs.cases, visits, as_of).items()}
    signs = known_in_use(signs, inputs.decisions)
    empty = empty_in_a_row(visits, places, signs, as_of)
    found = {}
    for place, kind in zip(places["place_id"], places["kind"], strict=True):
        detection, n_empty = detections.of(str(kind)), int(empty[place])
        if detection is not None and 0 < n_empty < detection.needed:
            found[str(place)] = detection.needed - n_empty
    return found


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


def _idle(shifts: tuple[Shift, ...], routes: tuple[Route, ...]) -> tuple[Message, ...]:
    """Say how many shifts have no stop: nothing in their hours and reach is wanted any more."""
    n = len(shifts) - len(routes)
    return (Message("plan.idle_shifts", {"n": n}),) if n else ()
