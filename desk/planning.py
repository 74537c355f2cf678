"""From a request to a plan: read, ask the policy, run the climb, keep the result, write the audit."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from pathlib import Path

import pandas as pd
from geopandas import GeoDataFrame

from data import frames
from data.access import Action, Purpose, require
from data.messages import Message
from data.nouns import TIRANE, Absence, Area, Base, Marks, Plan, Team, Viewer, Week, Worker
from data.vocabulary import Skill, TravelMode
from desk.ground import Ground, ground_of
from desk.wiring import House, read_cases, read_teams, read_visits
from geo.places import join_cases
from patrol.plan import PlanInputs, PlanSettings, make_plan

__all__ = ["Files", "PlanRequest", "Progress", "plan_week"]

Progress = Callable[[Message, float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """Files that stand in for what the store holds."""

    cases: Path | None = None
    visits: Path | None = None
    teams: Path | None = None
    streets: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRequest:
    """What is asked for; without a seed a secret one is drawn and kept with the plan."""

    area: Area
    week: Week
    seed: int | None = None
    files: Files = field(default_factory=Files)
    settings: PlanSettings = field(default_factory=PlanSettings)
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Crew:
    workers: tuple[Worker, ...]
    teams: tuple[Team, ...]
    bases: tuple[Base, ...]
    absences: tuple[Absence, ...]


def plan_week(
    house: House, viewer: Viewer, request: PlanRequest, *, progress: Progress | None = None
) -> Plan:
    """Make the plan of a week and, where it is a municipality's own, keep it as a new version.

    A plan looks at what was known on the week's Monday, so that the same store
    gives the same plan on whatever day it is asked for.

    Raises
    ------
    AccessDeniedError
        If the viewer may not plan there.
    HouseError
        If a file cannot be read, streets are missing, or no roster is possible.
    """
    area = request.area
    require(viewer, Action.PLAN, area.municipality)
    house.audit(viewer, "plan.make", purpose=Purpose.PLAN, scope=area.municipality or "")
    ground = ground_of(house, area, request.files.streets)
    as_of = request.as_of or datetime.combine(request.week.monday, time(), TIRANE)
    inputs = _inputs(house, request, ground, as_of)
    plan = make_plan(
        inputs,
        seed=secrets.randbelow(2**31) if request.seed is None else request.seed,
        settings=request.settings,
        progress=progress or _silent,
    )
    if area.municipality is None or request.files != Files(streets=request.files.streets):
        return plan
    return replace(plan, version=house.store.save_plan(plan))


def _silent(_message: Message, _fraction: float) -> None:
    """Tell nobody how far the plan is."""


def _inputs(house: House, request: PlanRequest, ground: Ground, as_of: datetime) -> PlanInputs:
    area = ground.area
    places, cases, visits = _evidence(house, request)
    cases, places = join_cases(cases, places, area)
    cases = cases[cases["identified_at"] < as_of]
    visits = visits[visits["ended_at"] < as_of]
    crew = _crew(house, request)
    modes = {team.mode for team in crew.teams}
    invented = any(bool(f["synthetic"].any()) for f in (places, cases, visits) if len(f))
    return PlanInputs(
        area=area,
        week=request.week,
        as_of=as_of,
        places=places,
        cases=cases,
        visits=visits,
        workers=crew.workers,
        teams=crew.teams,
        bases=crew.bases,
        absences=crew.absences,
        routers=ground.routers(modes),
        marks=Marks(
            synthetic=invented,
            illustrative_streets=ground.network.illustrative,
            as_of=as_of,
        ),
    )


def _evidence(
    house: House, request: PlanRequest
) -> tuple[GeoDataFrame, GeoDataFrame, pd.DataFrame]:
    """Return places, cases and visits: the files' where given, else the store's."""
    code, files = request.area.municipality, request.files
    if files.cases is None and files.visits is None:
        if code is None:
            return frames.PLACES.empty(), frames.CASES.empty(), frames.VISITS.empty()
        store = house.store
        return store.places(code), store.cases(code), store.visits(code)
    places = frames.PLACES.empty() if code is None else house.store.places(code)
    cases, visits = frames.CASES.empty(), frames.VISITS.empty()
    if files.cases is not None:
        cases = read_cases(files.cases).frame
    if files.visits is not None:
        read = read_visits(files.visits)
        visits, places = read.frame, pd.concat([places, read.places])
    return places.drop_duplicates("place_id"), cases, visits


def _crew(house: House, request: PlanRequest) -> _Crew:
    """Return who can work: the file's, the store's, or two teams of two where nobody is known."""
    if request.files.teams is not None:
        read = read_teams(request.files.teams)
        return _Crew(
            workers=read.workers, teams=read.teams, bases=read.bases, absences=read.absences
        )
    code, store = request.area.municipality, house.store
    if code is not None and store.teams(code):
        return _Crew(
            workers=store.workers(code),
            teams=store.teams(code),
            bases=store.bases(code),
            absences=store.absences(code),
        )
    return _usual_crew(request.area)


def _usual_crew(area: Area) -> _Crew:
    """Return two teams of two, a child protection worker in each, on foot from the area's middle."""
    centre = area.boundary.representative_point()
    base = Base(
        id="base-1", name=area.name, municipality=area.municipality, lon=centre.x, lat=centre.y
    )
    workers = tuple(
        Worker(
            id=f"worker-{n}",
            name=f"{n}",
            municipality=area.municipality,
            skills=frozenset({Skill.OUTREACH} | ({Skill.CHILD_PROTECTION} if n % 2 else set())),
        )
        for n in range(1, 5)
    )
    hours = ((time(9), time(15)), (time(15), time(21)))
    teams = tuple(
        Team(
            id=f"team-{n}",
            name=f"{n}",
            municipality=area.municipality,
            base=base.id,
            mode=TravelMode.WALK,
            start=start,
            end=end,
            weekdays=(0, 1, 2, 3, 4),
            members=(f"worker-{2 * n - 1}", f"worker-{2 * n}"),
        )
        for n, (start, end) in enumerate(hours, start=1)
    )
    return _Crew(workers=workers, teams=teams, bases=(base,), absences=())
