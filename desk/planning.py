"""From a request to a plan: ask the policy, gather, run the climb, keep the result, audit."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time

from data.access import Action, Purpose, require
from data.messages import Message
from data.nouns import TIRANE, Area, Marks, Plan, Viewer, Week
from data.readers import Rejection
from data.streetnet import StreetNetwork
from desk.evidence import Files, crew_of, evidence_of
from desk.ground import ground_of
from desk.lending import crew_in
from desk.safety import with_zones
from desk.season import season_of, with_inhabited
from desk.wiring import House
from geo.travel import prepare
from patrol.lending import Away
from patrol.plan import PlanInputs, PlanSettings, PlanTask, plan_task, solve_plans

__all__ = [
    "Files",
    "Gathered",
    "PlanRequest",
    "Planned",
    "Progress",
    "gather",
    "keep",
    "plan_week",
    "solve",
]

Progress = Callable[[Message, float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRequest:
    """What is asked for; without a seed a secret one is drawn and kept with the plan."""

    area: Area
    week: Week
    seed: int | None = None
    files: Files = field(default_factory=Files)
    settings: PlanSettings = field(default_factory=PlanSettings)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Planned:
    """A plan, the streets it stands on, and the rows of its files that were refused."""

    plan: Plan
    network: StreetNetwork
    rejected: tuple[Rejection, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Gathered:
    """What a plan is solved from: a task without a case in it, streets, and a seed."""

    task: PlanTask
    network: StreetNetwork
    seed: int
    rejected: tuple[Rejection, ...]


def plan_week(
    house: House, viewer: Viewer, request: PlanRequest, *, progress: Progress | None = None
) -> Planned:
    """Make the plan of a week; one made from the store alone is kept as a new version.

    A plan looks at what was known on the week's Monday, so that the same store
    gives the same plan on whatever day it is asked for.

    Raises
    ------
    AccessDeniedError
        If the viewer may not plan there.
    HouseError
        If a file cannot be read, streets are missing, or no roster is possible.
    """
    tell = progress or _silent
    gathered = gather(house, viewer, request, progress=tell)
    plan = solve(gathered.task, gathered.network, seed=gathered.seed, progress=tell)
    if request.files == Files():
        plan = keep(house, plan)
    return Planned(plan=plan, network=gathered.network, rejected=gathered.rejected)


def gather(
    house: House, viewer: Viewer, request: PlanRequest, *, progress: Progress | None = None
) -> Gathered:
    """Return what a plan is solved from: the policy is asked, and cases have said their part.

    Raises
    ------
    AccessDeniedError
        If the viewer may not plan there.
    HouseError
        If a file cannot be read, or streets are missing.
    """
    area, files = request.area, request.files
    require(viewer, Action.PLAN, area.municipality)
    house.audit(viewer, "plan.make", purpose=Purpose.PLAN, scope=area.municipality or "")
    tell = progress or _silent
    tell(Message("plan.progress.streets"), 0.02)
    monday = datetime.combine(request.week.monday, time(), TIRANE)
    evidence = evidence_of(house, area, files, until=monday)
    evidence = with_inhabited(house, area, evidence, monday)
    crew = crew_of(house, area, files)
    away: tuple[Away, ...] = ()
    season = season_of(house, area, [request.week])
    if files.teams is None:
        crew, away = crew_in(house, area.municipality, crew, [request.week])
    network = ground_of(house, area, files.streets).network
    tell(Message("plan.progress.risk"), 0.05)
    inputs = PlanInputs(
        area=area,
        week=request.week,
        as_of=monday,
        places=evidence.places,
        cases=evidence.cases,
        visits=evidence.visits,
        county_per_hour=evidence.county_per_hour,
        workers=crew.workers,
        teams=crew.teams,
        bases=crew.bases,
        absences=crew.absences,
        wishes=crew.wishes,
        marks=Marks(
            synthetic=evidence.synthetic,
            illustrative_streets=network.illustrative,
            as_of=evidence.known_until(monday),
        ),
        decisions=evidence.decisions,
        season=season,
    )
    settings = _of_roots(request.settings, evidence.merged)
    days = request.week.days
    roster = replace(settings.roster, holidays=season.closed(days[0], days[-1]), away=away)
    safety = with_zones(house, area, evidence.places, evidence.merged)
    return Gathered(
        task=plan_task(inputs, replace(settings, roster=roster, safety=safety)),
        network=network,
        seed=secrets.randbelow(2**31) if request.seed is None else request.seed,
        rejected=evidence.rejected + crew.rejected,
    )


def solve(
    task: PlanTask, network: StreetNetwork, *, seed: int, progress: Progress | None = None
) -> Plan:
    """Return the plan of a task, in whatever process: it needs no store.

    Raises
    ------
    NoRouteError, RosterError
        If no roster is possible, or no round reaches a place.
    """
    routers = {mode: prepare(network, mode) for mode in sorted({t.mode for t in task.teams})}
    return solve_plans(task, routers, seed=seed, progress=progress or _silent)[0]


def keep(house: House, plan: Plan) -> Plan:
    """Keep a plan as a new version, and return it with its number."""
    return replace(plan, version=house.store.save_plan(plan))


def _of_roots(settings: PlanSettings, merged: Mapping[str, str]) -> PlanSettings:
    """Return the settings with what was promised to a merged place promised to its other one."""
    must = tuple(dict.fromkeys(merged.get(one, one) for one in settings.stops.must_places))
    return replace(settings, stops=replace(settings.stops, must_places=must))


def _silent(_message: Message, _fraction: float) -> None:
    """Tell nobody how far the plan is."""
