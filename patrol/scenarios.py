"""Scenarios: what might be different in a week, and what a plan would be made from then."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from data.errors import NoRouteError
from data.messages import Message
from data.nouns import TIRANE, Plan, Team, Worker
from data.vocabulary import ChangeKind, TravelMode
from patrol.cost import Cost
from patrol.task import PlanTask

__all__ = [
    "Budget",
    "CarLess",
    "Holiday",
    "MoreHours",
    "MorePeople",
    "MoreTeam",
    "PersonLess",
    "Scenario",
    "beyond_budget",
    "changed",
    "scenario_of",
    "scenario_record",
    "usual_scenarios",
]

#: What tells a team or person that there is none of yet from those it is like.
_NEW: Final = "-what-if"
_USUAL_HOURS: Final = 10
_DAY_MIN: Final = 24 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class MoreTeam:
    """One more team with people of its own, like another one.

    `start`, `end` and `weekdays` are its hours where they are not the other team's.
    """

    like: str
    start: time | None = None
    end: time | None = None
    weekdays: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CarLess:
    """A team's car is gone: it walks, or stays in."""

    team: str
    walks: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Holiday:
    """Nobody goes out on a day."""

    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MoreHours:
    """More hours a week.

    Parameters
    ----------
    hours
        Of all teams together, if their shifts become longer, first up to a whole day
        each, one team after the other; else what each person may work past the contract.
    longer
        Whether shifts become longer, or people may work overtime.
    """

    hours: int = _USUAL_HOURS
    longer: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class MorePeople:
    """One more person like another one."""

    like: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLess:
    """A person is gone; shifts that nobody can work then are left out."""

    worker: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """No more than so many lek a week."""

    lek: int


Scenario = MoreTeam | CarLess | Holiday | MoreHours | MorePeople | PersonLess | Budget

_KINDS: Final = {
    "more_team": MoreTeam,
    "car_less": CarLess,
    "holiday": Holiday,
    "more_hours": MoreHours,
    "more_people": MorePeople,
    "person_less": PersonLess,
    "budget": Budget,
}


def scenario_record(scenario: Scenario) -> dict[str, object]:
    """Return a scenario as JSON has it."""
    name = next(name for name, kind in _KINDS.items() if type(scenario) is kind)
    values = {f.name: getattr(scenario, f.name) for f in fields(scenario)}
    plain = {k: v.isoformat() if isinstance(v, date | time) else v for k, v in values.items()}
    return {"scenario": name, **plain}


def scenario_of(record: Mapping[str, Any]) -> Scenario:
    """Return the scenario that `scenario_record` gave."""
    values = {name: value for name, value in record.items() if name != "scenario"}
    for name in ("start", "end"):
        if values.get(name):
            values[name] = time.fromisoformat(values[name])
    if "day" in values:
        values["day"] = date.fromisoformat(values["day"])
    if "weekdays" in values:
        values["weekdays"] = tuple(values["weekdays"])
    made: Scenario = _KINDS[record["scenario"]](**values)
    return made


def usual_scenarios(plan: Plan) -> tuple[Scenario, ...]:
    """Return what is asked most, of a plan's own teams: one without a car cannot lose it."""
    teams = sorted(plan.teams, key=lambda team: team.id)
    late = max(teams, key=lambda team: _minute(team.end) + _DAY_MIN * (team.end <= team.start))
    drivers = [team for team in teams if team.mode is TravelMode.DRIVE]
    busy = Counter(shift.start.astimezone(TIRANE).date() for shift in plan.shifts)
    return (
        MoreTeam(like=late.id),
        *(CarLess(team=team.id) for team in drivers[:1]),
        Holiday(day=max(sorted(busy), key=lambda day: busy[day])),
        MoreHours(),
    )


def changed(scenario: Scenario, task: PlanTask) -> PlanTask:  # noqa: PLR0911 - one a kind
    """Return what a plan is solved from if the scenario comes true; a budget needs its plan.

    Raises
    ------
    NoRouteError
        If the team or the person is not there any more.
    """
    match scenario:
        case MoreTeam():
            return _more_team(scenario, task)
        case CarLess():
            return _car_less(scenario, task)
        case Holiday():
            return _closed(scenario.day, task)
        case MoreHours(longer=True):
            return _longer(scenario.hours, task)
        case MoreHours():
            allowed = task.settings.roster.overtime_h + scenario.hours
            return _with_roster(task, overtime_h=allowed)
        case MorePeople():
            return _more_people(scenario, task)
        case PersonLess():
            _known(scenario.worker, task.workers)
            kept = tuple(one for one in task.workers if one.id != scenario.worker)
            return _with_roster(replace(task, workers=kept), leave_unstaffed=True)
        case Budget():
            msg = "what a budget leaves hangs on what the plan costs"
            raise TypeError(msg)


def beyond_budget(plans: Sequence[Plan], costs: Sequence[Cost], lek: int) -> frozenset[str]:
    """Return the shifts that have to stay in until plans cost no more lek than so many.

    Those that give least for their money go first, and those in which a person locked a
    visit last.

    Raises
    ------
    NoRouteError
        If no shift is left.
    """
    by_shift = {name: one for cost in costs for name, one in cost.by_shift().items()}
    routes = [route for plan in plans for route in plan.routes]
    worth = {route.shift: sum(met.stop.prize for met in route.stops) for route in routes}
    held = {one.shift for plan in plans for one in plan.standing if one.kind is ChangeKind.LOCK}
    costly = sorted(
        (one.id for plan in plans for one in plan.shifts if by_shift.get(one.id)),
        key=lambda name: (name in held, worth.get(name, 0.0) / by_shift[name], name),
    )
    left, gone = sum(cost.lek for cost in costs), set()
    for name in costly:
        if left <= lek:
            break
        gone.add(name)
        left -= by_shift[name]
    if left > lek or len(gone) == sum(len(plan.shifts) for plan in plans):
        raise NoRouteError(Message("what_if.budget_too_small"))
    return frozenset(gone)


def _with_roster(task: PlanTask, **changes: Any) -> PlanTask:  # noqa: ANN401 - limits of several kinds
    roster = replace(task.settings.roster, **changes)
    return replace(task, settings=replace(task.settings, roster=roster))


def _known(one: str, among: tuple[Team, ...] | tuple[Worker, ...]) -> None:
    if one not in {known.id for known in among}:
        raise NoRouteError(Message("what_if.gone"))


def _more_team(scenario: MoreTeam, task: PlanTask) -> PlanTask:
    _known(scenario.like, task.teams)
    like = next(team for team in task.teams if team.id == scenario.like)
    # A team without members takes whoever is free: it brings as many people as it sends out.
    usual = like.members or tuple(sorted(worker.id for worker in task.workers)[: like.size])
    people = tuple(_copy(worker) for worker in task.workers if worker.id in usual)
    team = replace(
        like,
        id=f"{like.id}{_NEW}",
        name=f"{like.name} +",
        start=scenario.start or like.start,
        end=scenario.end or like.end,
        weekdays=scenario.weekdays or like.weekdays,
        members=tuple(worker.id for worker in people),
    )
    return replace(task, teams=(*task.teams, team), workers=(*task.workers, *people))


def _copy(worker: Worker) -> Worker:
    return replace(worker, id=f"{worker.id}{_NEW}", name=f"{worker.name} +")


def _car_less(scenario: CarLess, task: PlanTask) -> PlanTask:
    _known(scenario.team, task.teams)
    if not scenario.walks:
        kept = tuple(team for team in task.teams if team.id != scenario.team)
        return replace(task, teams=kept)
    teams = tuple(
        replace(team, mode=TravelMode.WALK) if team.id == scenario.team else team
        for team in task.teams
    )
    return replace(task, teams=teams)


def _more_people(scenario: MorePeople, task: PlanTask) -> PlanTask:
    _known(scenario.like, task.workers)
    copied = next(_copy(worker) for worker in task.workers if worker.id == scenario.like)
    teams = tuple(
        replace(team, members=(*team.members, copied.id)) if scenario.like in team.members else team
        for team in task.teams
    )
    return replace(task, workers=(*task.workers, copied), teams=teams)


def _closed(day: date, task: PlanTask) -> PlanTask:
    """Return the task in which no team goes out on a day, and nobody has casework on it."""
    roster = task.settings.roster
    away = (*roster.away, *((team.id, day, day) for team in task.teams))
    holidays = None if roster.holidays is None else tuple(sorted({*roster.holidays, day}))
    return _with_roster(task, away=away, holidays=holidays)


def _longer(hours: int, task: PlanTask) -> PlanTask:
    """Return longer shifts and the limits of working time that allow them.

    One team after the other works whole days; what is left makes all days longer.
    """
    left, most = hours * 60, round(task.settings.roster.max_daily_h * 60)
    teams = {team.id: team for team in sorted(task.teams, key=lambda one: one.id)}
    for team in teams.values():
        n = _shifts(team, task)
        extra = min(left // n, most - _lasts(team)) if n else 0
        teams[team.id] = _extended(team, max(extra, 0))
        left -= max(extra, 0) * n
    n_all = sum(_shifts(team, task) for team in teams.values())
    if n_all and left >= n_all:
        teams = {team.id: _extended(team, left // n_all) for team in teams.values()}
    longest = max((_lasts(team) for team in teams.values()), default=0) / 60
    task = replace(task, teams=tuple(teams[team.id] for team in task.teams))
    roster = task.settings.roster
    return _with_roster(
        task,
        max_daily_h=max(roster.max_daily_h, longest),
        overtime_h=roster.overtime_h + hours,
    )


def _shifts(team: Team, task: PlanTask) -> int:
    """Return how many shifts of a team the week has."""
    roster = task.settings.roster
    return sum(
        day.weekday() in team.weekdays
        and not roster.is_away(team.id, day)
        and (roster.work_on_holidays or not roster.is_holiday(day))
        for day in task.week.days
    )


def _minute(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def _lasts(team: Team) -> int:
    """Return the minutes of a team's shift by the clock; one may end after midnight."""
    return (_minute(team.end) - _minute(team.start) - 1) % _DAY_MIN + 1


def _extended(team: Team, minutes: int) -> Team:
    a_day = datetime.combine(date(2024, 1, 1), team.end) + timedelta(minutes=minutes)
    return replace(team, end=a_day.time())
