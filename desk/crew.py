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
from data.vocabulary import Skill, TravelMode
from desk.identity import is_demo
from desk.wiring import House

__all__ = [
    "Crew",
    "TeamForm",
    "add_absence",
    "add_base",
    "add_team",
    "add_worker",
    "change_team",
    "change_worker",
    "crew_of",
    "erase_absence",
    "erase_team",
    "erase_worker",
]

_LONGEST_NAME = 60
_MOST_HOURS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """Everybody and everything a municipality's rounds are made with."""

    municipality: str
    workers: tuple[Worker, ...]
    teams: tuple[Team, ...]
    bases: tuple[Base, ...]
    absences: tuple[Absence, ...]


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


def add_worker(
    house: House, viewer: Viewer, crew: Crew, name: str, skills: frozenset[Skill]
) -> None:
    """Keep a new worker with the usual 40 hours a week."""
    worker = Worker(
        id=_new_id(crew, "w"), name=_name(name), municipality=crew.municipality, skills=skills
    )
    _may(house, viewer, "worker.add", crew)
    house.store.put_crew(workers=[worker], synthetic=is_demo(viewer))


def change_worker(house: House, viewer: Viewer, crew: Crew, worker: Worker) -> None:
    """Change a worker's name, skills, training or hours.

    Raises
    ------
    ContractError
        If the worker is none of the crew, or a value is out of its range.
    """
    _may(house, viewer, "worker.change", crew)
    if worker.id not in {known.id for known in crew.workers}:
        raise ContractError(Message("crew.unknown"))
    if not 0 < worker.weekly_hours <= _MOST_HOURS:
        raise ContractError(Message("crew.hours", {"most": _MOST_HOURS}))
    kept = replace(worker, name=_name(worker.name), municipality=crew.municipality)
    house.store.put_crew(workers=[kept], synthetic=is_demo(viewer))


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
    if not reference.area_of(crew.municipality).boundary.intersects(shapely.Point(lonlat)):
        raise ContractError(Message("record.point_outside"))
    base = Base(
        id=_new_id(crew, "b"),
        name=_name(name),
        municipality=crew.municipality,
        lon=lonlat[0],
        lat=lonlat[1],
    )
    house.store.put_crew(bases=[base], synthetic=is_demo(viewer))


def add_team(house: House, viewer: Viewer, crew: Crew, form: TeamForm) -> None:
    """Keep a new team.

    Raises
    ------
    ContractError
        If the form names a base or worker that the crew does not have, or no day.
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
    )


def erase_team(house: House, viewer: Viewer, crew: Crew, team: str) -> None:
    """Erase a team; its visits stay."""
    _may(house, viewer, "team.erase", crew)
    if team not in {known.id for known in crew.teams}:
        raise ContractError(Message("crew.unknown"))
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
    require(viewer, Action.EDIT_TEAMS, crew.municipality)
    house.audit(viewer, action, purpose=Purpose.TEAMS, scope=crew.municipality)


def _new_id(crew: Crew, letter: str) -> str:
    return f"{crew.municipality}-{letter}-{secrets.token_hex(4)}"


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not 0 < len(name) <= _LONGEST_NAME:
        raise ContractError(Message("record.name_length", {"n": _LONGEST_NAME}))
    return name
