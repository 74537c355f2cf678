"""From a request to a plan: ask the policy, gather, run the climb, keep the result, audit."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta

from data.access import Action, Purpose, require
from data.errors import ContractError
from data.messages import Message
from data.nouns import TIRANE, Area, Marks, Plan, RouteStop, Shift, Viewer, Week
from data.readers import Rejection
from data.streetnet import StreetNetwork
from desk.done import still_to_come
from desk.evidence import Files, crew_of, evidence_of
from desk.ground import ground_of
from desk.identity import by_name
from desk.lending import crew_in
from desk.safety import with_zones
from desk.season import season_of, with_inhabited
from desk.wiring import House
from geo.travel import prepare
from patrol.done import plan_that_counts
from patrol.lending import Away
from patrol.plan import PlanInputs, PlanSettings, PlanTask, plan_task, solve_plans, weeks_from
from patrol.roster_problem import MOST_WEEKS

__all__ = [
    "MOST_WEEKS",
    "Files",
    "Gathered",
    "PlanRequest",
    "Planned",
    "Progress",
    "gather",
    "keep",
    "plan_week",
    "require_weeks",
    "solve_weeks",
]

Progress = Callable[[Message, float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRequest:
    """What is asked for; without a seed a secret one is drawn and kept with the plan.

    Parameters
    ----------
    week, weeks
        The first week, and how many are planned together from it on: 1 to `MOST_WEEKS`.
    now
        When it is asked: rounds of approved plans from then on count as gone.
    """

    area: Area
    week: Week
    weeks: int = 1
    seed: int | None = None
    files: Files = field(default_factory=Files)
    settings: PlanSettings = field(default_factory=PlanSettings)
    now: datetime = field(default_factory=lambda: datetime.now(TIRANE))

    def __post_init__(self) -> None:
        """Hold the weeks to what can be searched.

        Raises
        ------
        ContractError
            If they are too many or none.
        """
        require_weeks(self.weeks)


def require_weeks(weeks: int) -> None:
    """Raise unless so many weeks can be planned together.

    Raises
    ------
    ContractError
        If they are too many or none.
    """
    if not 1 <= weeks <= MOST_WEEKS:
        raise ContractError(Message("desk.weeks_range", {"low": 1, "high": MOST_WEEKS}))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Planned:
    """A plan a week, the streets they stand on, and the rows of their files that were refused."""

    plans: tuple[Plan, ...]
    network: StreetNetwork
    rejected: tuple[Rejection, ...]

    @property
    def plan(self) -> Plan:
        """Return the plan of the first week."""
        return self.plans[0]


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
    """Make the plan of each week; one made from the store alone is kept as a new version.

    A plan looks at what was known on the first week's Monday, so that the same store
    gives the same plan on whatever day it is asked for; what approved plans still have to
    visit before that Monday counts as visited.

    Raises
    ------
    AccessDeniedError
        If the viewer may not plan there.
    HouseError
        If a file cannot be read, streets are missing, or no roster is possible.
    """
    tell = progress or _silent
    gathered = gather(house, viewer, request, progress=tell)
    plans = solve_weeks(
        gathered.task,
        gathered.network,
        weeks=request.weeks,
        seed=gathered.seed,
        progress=tell,
    )
    if request.files == Files():
        plans = tuple(keep(house, viewer, plan) for plan in plans)
    return Planned(plans=plans, network=gathered.network, rejected=gathered.rejected)


def gather(
    house: House,
    viewer: Viewer,
    request: PlanRequest,
    *,
    progress: Progress | None = None,
    action: str = "plan.make",
) -> Gathered:
    """Return what a plan is solved from: the policy is asked, and cases have said their part.

    Parameters
    ----------
    action
        What the audit is told that it is for.

    Raises
    ------
    AccessDeniedError
        If the viewer may not plan there.
    HouseError
        If a file cannot be read, or streets are missing.
    """
    area, files = request.area, request.files
    require(viewer, Action.PLAN, area.municipality)
    house.audit(viewer, action, purpose=Purpose.PLAN, scope=area.municipality or "")
    tell = progress or _silent
    tell(Message("plan.progress.streets"), 0.02)
    monday = datetime.combine(request.week.monday, time(), TIRANE)
    evidence = evidence_of(house, area, files, until=monday)
    evidence = with_inhabited(house, area, evidence, monday)
    crew = crew_of(house, area, files)
    away: tuple[Away, ...] = ()
    weeks = weeks_from(request.week, request.weeks)
    season = season_of(house, area, weeks)
    if files.teams is None:
        crew, away = crew_in(house, area.municipality, crew, weeks)
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
        like=_last_week(house, area, files, request.week),
        marks=Marks(
            synthetic=evidence.synthetic,
            illustrative_streets=network.illustrative,
            as_of=evidence.known_until(monday),
        ),
        decisions=evidence.decisions,
        season=season,
        coming=_coming(house, request, evidence.merged),
    )
    settings = _of_roots(request.settings, evidence.merged)
    _require_bases(settings, inputs)
    holidays = season.closed(weeks[0].days[0], weeks[-1].days[-1])
    roster = replace(settings.roster, holidays=holidays, away=away)
    safety = with_zones(house, area, evidence.places, evidence.merged)
    return Gathered(
        task=plan_task(inputs, replace(settings, roster=roster, safety=safety)),
        network=network,
        seed=secrets.randbelow(2**31) if request.seed is None else request.seed,
        rejected=evidence.rejected + crew.rejected,
    )


def solve_weeks(
    task: PlanTask,
    network: StreetNetwork,
    *,
    weeks: int,
    seed: int,
    progress: Progress | None = None,
) -> tuple[Plan, ...]:
    """Return the plans of so many weeks, in whatever process: a task needs no store.

    Raises
    ------
    NoRouteError, RosterError
        If no roster is possible, or no round reaches a place.
    """
    routers = {mode: prepare(network, mode) for mode in sorted({t.mode for t in task.teams})}
    return solve_plans(task, routers, weeks=weeks, seed=seed, progress=progress or _silent)


def keep(house: House, viewer: Viewer, plan: Plan) -> Plan:
    """Keep a plan as a new version, and return it with its number, who had it made and when."""
    moment = datetime.now(TIRANE).replace(microsecond=0)
    made = replace(plan, made_by=by_name(viewer), made_at=moment)
    return replace(made, version=house.store.save_plan(made))


def _require_bases(settings: PlanSettings, inputs: PlanInputs) -> None:
    known = {base.id for base in inputs.bases}
    if not known.issuperset(settings.routes.end_bases.values()):
        raise ContractError(Message("desk.base_unknown"))


def _last_week(house: House, area: Area, files: Files, week: Week) -> tuple[Shift, ...]:
    """Return the shifts of the week before as they were planned, for the store's own crew."""
    if area.municipality is None or files.teams is not None:
        return ()
    kept = house.store.plans(area.municipality, Week.of(week.monday - timedelta(days=7)))
    before = plan_that_counts(kept)
    return () if before is None else before.shifts


def _coming(house: House, request: PlanRequest, merged: Mapping[str, str]) -> tuple[RouteStop, ...]:
    """Return what is still visited before the first week, by the store's own plans and visits."""
    town, files = request.area.municipality, request.files
    if town is None or files.cases is not None or files.visits is not None:
        return ()
    monday = datetime.combine(request.week.monday, time(), TIRANE)
    return tuple(
        replace(
            met, stop=replace(met.stop, place_id=merged.get(met.stop.place_id, met.stop.place_id))
        )
        for met in still_to_come(house, town, monday, request.now)
    )


def _of_roots(settings: PlanSettings, merged: Mapping[str, str]) -> PlanSettings:
    """Return the settings with what is asked of a merged place asked of its other one."""
    asked = settings.stops
    return replace(
        settings,
        stops=replace(
            asked,
            must_places=tuple(dict.fromkeys(merged.get(one, one) for one in asked.must_places)),
            needs=tuple(
                replace(one, place_id=merged.get(one.place_id, one.place_id)) for one in asked.needs
            ),
            promises=tuple(
                replace(one, place_id=merged.get(one.place_id, one.place_id))
                for one in asked.promises
            ),
        ),
    )


def _silent(_message: Message, _fraction: float) -> None:
    """Tell nobody how far the plan is."""
