"""Who can work in a municipality: workers, teams, bases and absences, kept by its coordinator."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import time

import shapely

from data import reference
from data.access import Action, Purpose, require
from data.errors import ContractError
from data.messages import Message
from data.nouns import Absence, Base, Team, Viewer, Worker
from data.vocabulary import Language, Sex, Skill, TravelMode
from desk.demo import gives_way
from desk.identity import is_demo
from desk.wiring import House

__all__ = [
    "Crew",
    "TeamForm",
    "WorkerForm",
    "add_absence",
    "add_base",
    "add_team",
    "add_worker",
    "change_base",
    "change_team",
    "change_worker",
    "crew_of",
    "erase_absence",
    "erase_base",
    "erase_team",
    "erase_worker",
]

_LONGEST_NAME = 60
_MOST_HOURS = 60.0
#: Nobody goes out alone, and more than eight people are no outreach team.
_TEAM_SIZES = (2, 8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """Everybody and everything a municipality's rounds are made with."""

    municipality: str
    workers: tuple[Worker, ...]
    teams: tuple[Team, ...]
    bases: tuple[Base, ...]
    absences: tuple[Absence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerForm:
    """A worker as somebody enters them."""

    name: str
    skills: frozenset[Skill]
    trained: bool = True
    weekly_hours: float = 40.0
    languages: frozenset[Language] = frozenset()
    sex: Sex = Sex.UNKNOWN
    available_days: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    available_from: time | None = None
    available_until: time | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamForm:
    """A team as somebody enters it."""

    name: str
    base: str
    mode: TravelMode
    start: time
    end: time
    weekdays: tuple[int, ...]
    size: int
    members: tuple[str, ...]
    languages: frozenset[Language] = frozenset()


def crew_of(house: House, viewer: Viewer, municipality: str) -> Crew:
    """Return the crew of a municipality.

    Raises
    ------
    AccessDeniedError
        If the viewer does not keep its teams.
    """
    require(viewer, Action.EDIT_TEAMS, municipality)
    house.audit(viewer, "crew.see", purpose=Purpose.TEAMS, scope=municipality)
    store = house.store
    return Crew(
        municipality=municipality,
        workers=store.workers(municipality),
        teams=store.teams(municipality),
        bases=store.bases(municipality),
        absences=store.absences(municipality),
    )


def add_worker(house: House, viewer: Viewer, crew: Crew, form: WorkerForm) -> None:
    """Keep a new worker.

    Raises
    ------
    ContractError
        If a value is out of its range.
    """
    _may(house, viewer, "worker.add", crew)
    made = _worker(crew, _new_id(crew, "w"), form)
    house.store.put_crew(workers=[made], synthetic=is_demo(viewer))


def change_worker(house: House, viewer: Viewer, crew: Crew, worker: str, form: WorkerForm) -> None:
    """Change a worker's name, skills, training or hours.

    Raises
    ------
    ContractError
        If the worker is none of the crew, or a value is out of its range.
    """
    _may(house, viewer, "worker.change", crew)
    if worker not in {known.id for known in crew.workers}:
        raise ContractError(Message("crew.unknown"))
    made = _worker(crew, worker, form)
    house.store.put_crew(workers=[made], synthetic=is_demo(viewer))


def _worker(crew: Crew, worker: str, form: WorkerForm) -> Worker:
    if not 0 < form.weekly_hours <= _MOST_HOURS:
        raise ContractError(Message("crew.hours", {"most": _MOST_HOURS}))
    if not form.available_days:
        raise ContractError(Message("crew.day_needed"))
    return Worker(
        id=worker,
        name=_name(form.name),
        municipality=crew.municipality,
        skills=form.skills,
        trained=form.trained,
        weekly_hours=form.weekly_hours,
        languages=form.languages,
        sex=form.sex,
        available_days=tuple(sorted(form.available_days)),
        available_from=form.available_from,
        available_until=form.available_until,
    )


def erase_worker(house: House, viewer: Viewer, crew: Crew, worker: str) -> None:
    """Erase a worker with their absences, and take them out of their teams."""
    _may(house, viewer, "worker.erase", crew)
    if worker not in {known.id for known in crew.workers}:
        raise ContractError(Message("crew.unknown"))
    smaller = [
        replace(team, members=tuple(m for m in team.members if m != worker))
        for team in crew.teams
        if worker in team.members
    ]
    house.store.put_crew(teams=smaller, synthetic=is_demo(viewer))
    house.store.erase_worker(worker)


def add_base(
    house: House, viewer: Viewer, crew: Crew, name: str, lonlat: tuple[float, float]
) -> None:
    """Keep a new base at a longitude and latitude.

    Raises
    ------
    ContractError
        If it lies outside the municipality.
    """
    _may(house, viewer, "base.add", crew)
    made = _base(crew, _new_id(crew, "b"), name, lonlat)
    house.store.put_crew(bases=[made], synthetic=is_demo(viewer))


def change_base(house: House, viewer: Viewer, crew: Crew, base: Base) -> None:
    """Change a base's name or point.

    Raises
    ------
    ContractError
        If it is none of the crew's, or lies outside the municipality.
    """
    _may(house, viewer, "base.change", crew)
    if base.id not in {known.id for known in crew.bases}:
        raise ContractError(Message("crew.unknown"))
    made = _base(crew, base.id, base.name, (base.lon, base.lat))
    house.store.put_crew(bases=[made], synthetic=is_demo(viewer))


def _base(crew: Crew, base: str, name: str, lonlat: tuple[float, float]) -> Base:
    if not reference.area_of(crew.municipality).boundary.intersects(shapely.Point(lonlat)):
        raise ContractError(Message("record.point_outside"))
    lon, lat = lonlat
    return Base(id=base, name=_name(name), municipality=crew.municipality, lon=lon, lat=lat)


def erase_base(house: House, viewer: Viewer, crew: Crew, base: str) -> None:
    """Erase a base.

    Raises
    ------
    ContractError
        If it is none of the crew's, or a team still starts from it.
    """
    _may(house, viewer, "base.erase", crew)
    if base not in {known.id for known in crew.bases}:
        raise ContractError(Message("crew.unknown"))
    if base in {team.base for team in crew.teams}:
        raise ContractError(Message("crew.base_used"))
    house.store.erase_base(base)


def add_team(house: House, viewer: Viewer, crew: Crew, form: TeamForm) -> None:
    """Keep a new team.

    Raises
    ------
    ContractError
        If the form names a base or worker that the crew does not have, or no day,
        or a size that no team has.
    """
    _may(house, viewer, "team.add", crew)
    house.store.put_crew(teams=[_team(crew, _new_id(crew, "t"), form)], synthetic=is_demo(viewer))


def change_team(house: House, viewer: Viewer, crew: Crew, team: str, form: TeamForm) -> None:
    """Change a team; the same faults as for a new one."""
    _may(house, viewer, "team.change", crew)
    if team not in {known.id for known in crew.teams}:
        raise ContractError(Message("crew.unknown"))
    house.store.put_crew(teams=[_team(crew, team, form)], synthetic=is_demo(viewer))


def _team(crew: Crew, team: str, form: TeamForm) -> Team:
    if form.base not in {base.id for base in crew.bases}:
        raise ContractError(Message("crew.base_needed"))
    if not form.weekdays:
        raise ContractError(Message("crew.day_needed"))
    if not set(form.members) <= {worker.id for worker in crew.workers}:
        raise ContractError(Message("crew.unknown"))
    low, high = _TEAM_SIZES
    if not low <= form.size <= high:
        raise ContractError(Message("crew.size", {"low": low, "high": high}))
    return Team(
        id=team,
        name=_name(form.name),
        municipality=crew.municipality,
        base=form.base,
        mode=form.mode,
        start=form.start,
        end=form.end,
        weekdays=form.weekdays,
        size=form.size,
        members=form.members,
        languages=form.languages,
    )


def erase_team(house: House, viewer: Viewer, crew: Crew, team: str) -> None:
    """Erase a team; its visits stay."""
    _may(house, viewer, "team.erase", crew)
    if team not in {known.id for known in crew.teams}:
        raise ContractError(Message("crew.unknown"))
    house.store.loans.forget_team(team)
    house.store.erase_team(team)


def add_absence(house: House, viewer: Viewer, crew: Crew, absence: Absence) -> None:
    """Keep the days on which a worker cannot work; why is nobody's business here.

    Raises
    ------
    ContractError
        If the worker is none of the crew, or the last day lies before the first.
    """
    _may(house, viewer, "absence.add", crew)
    if absence.worker not in {known.id for known in crew.workers}:
        raise ContractError(Message("crew.unknown"))
    if absence.last < absence.first:
        raise ContractError(Message("crew.absence_order"))
    house.store.put_crew(absences=[absence], synthetic=is_demo(viewer))


def erase_absence(house: House, viewer: Viewer, crew: Crew, absence: Absence) -> None:
    """Take an absence back."""
    _may(house, viewer, "absence.erase", crew)
    if absence not in crew.absences:
        raise ContractError(Message("crew.unknown"))
    house.store.erase_absence(absence)


def _may(house: House, viewer: Viewer, action: str, crew: Crew) -> None:
    """Ask the policy, leave a line in the audit, and keep real people apart from invented ones.

    Raises
    ------
    ContractError
        If somebody real would stand beside the demonstration.
    """
    require(viewer, Action.EDIT_TEAMS, crew.municipality)
    if gives_way(house, viewer):
        raise ContractError(Message("crew.demo_first"))
    house.audit(viewer, action, purpose=Purpose.TEAMS, scope=crew.municipality)


def _new_id(crew: Crew, letter: str) -> str:
    return f"{crew.municipality}-{letter}-{secrets.token_hex(4)}"


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not 0 < len(name) <= _LONGEST_NAME:
        raise ContractError(Message("record.name_length", {"n": _LONGEST_NAME}))
    return name
