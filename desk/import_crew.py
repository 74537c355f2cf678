"""A crew made one's own: whose each record is, and that none stands on one that is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

import shapely

from data.access import sees_municipality
from data.messages import Message
from data.nouns import Absence, Base, Team, Viewer, Worker
from data.readers import Teams
from desk import demo
from desk.import_ready import Outcome, Ready, Sieve, lies_elsewhere, only_town
from desk.wiring import House

__all__ = ["ready_crew"]

Noun = TypeVar("Noun", Base, Worker, Team, Absence)
Placed = TypeVar("Placed", Base, Worker, Team)


@dataclass(frozen=True, kw_only=True)  # with slots a generic class cannot note its parameter
class _Part(Generic[Noun]):
    """The records of one sheet, and which of them are still in."""

    nouns: tuple[Noun, ...]
    sieve: Sieve

    def left(self) -> tuple[Noun, ...]:
        """Return the records that broke no rule."""
        return tuple(noun for noun, good in zip(self.nouns, self.sieve.keep, strict=True) if good)


def ready_crew(house: House, viewer: Viewer, read: Teams) -> Ready:
    """Return the workers, teams, bases and absences of a file that are the viewer's.

    Who names no municipality belongs to the viewer's own. What a demo's viewer
    brings counts as invented, because a file of teams has no mark that says so.
    """
    takes_over = demo.gives_way(house, viewer)
    store = house.store
    bases = _part(viewer, "bases", read, read.bases)
    workers = _part(viewer, "workers", read, read.workers)
    teams = _part(viewer, "teams", read, read.teams)
    points = [shapely.Point(base.lon, base.lat) for base in bases.nouns]
    towns = [base.municipality or "" for base in bases.nouns]
    bases.sieve.refuse(lies_elsewhere(points, towns), Message("import.rule.elsewhere"))
    if not takes_over:
        _refuse_taken(viewer, bases, store.bases())
        _refuse_taken(viewer, workers, store.workers())
        _refuse_taken(viewer, teams, store.teams())
    starts = {base.id for base in bases.left()}
    people = {worker.id for worker in workers.left()}
    teams.sieve.refuse([team.base not in starts for team in teams.nouns], _stands_on("base"))
    lacking = [not people.issuperset(team.members) for team in teams.nouns]
    teams.sieve.refuse(lacking, _stands_on("members"))
    absences = _Part(nouns=read.absences, sieve=_sieve("absences", read, len(read.absences)))
    strange = [absence.worker not in people for absence in absences.nouns]
    absences.sieve.refuse(strange, _stands_on("worker"))
    crew = Teams(
        bases=bases.left(), workers=workers.left(), teams=teams.left(), absences=absences.left()
    )
    sieves = (bases.sieve, workers.sieve, teams.sieve, absences.sieve)
    n_valid = sum(int(sieve.keep.sum()) for sieve in sieves)
    outcome = Outcome(
        n_valid=n_valid,
        rejected=(*read.rejected, *(one for sieve in sieves for one in sieve.refused)),
        notes=(),
        n_known=0 if takes_over else _n_known(house, crew),
        replaces_demo=takes_over and n_valid > 0,
    )
    return Ready(outcome=outcome, crew=crew)


def _n_known(house: House, crew: Teams) -> int:
    """Return how many bases, workers and teams have a code that is kept already."""
    store = house.store
    known = (
        {base.id for base in store.bases()} & {base.id for base in crew.bases},
        {worker.id for worker in store.workers()} & {worker.id for worker in crew.workers},
        {team.id for team in store.teams()} & {team.id for team in crew.teams},
    )
    return sum(len(codes) for codes in known)


def _sieve(part: str, read: Teams, n: int) -> Sieve:
    """Return a sieve for the records of a sheet, by their rows in the file."""
    return Sieve(rows=read.rows.get(part, tuple(range(1, n + 1))), sheet=part)


def _part(viewer: Viewer, part: str, read: Teams, nouns: Sequence[Placed]) -> _Part[Placed]:
    """Return the records of a sheet with their municipality, those of others set aside."""
    own = only_town(viewer)
    placed = tuple(replace(noun, municipality=noun.municipality or own) for noun in nouns)
    sieve = _sieve(part, read, len(placed))
    sieve.refuse_foreign(viewer, [noun.municipality or "" for noun in placed])
    return _Part(nouns=placed, sieve=sieve)


def _refuse_taken(viewer: Viewer, part: _Part[Placed], kept: Sequence[Placed]) -> None:
    """Set aside codes that stand for a record of a municipality that is not the viewer's."""
    owners = {noun.id: noun.municipality for noun in kept}
    taken = [
        noun.id in owners and not sees_municipality(viewer, owners[noun.id]) for noun in part.nouns
    ]
    part.sieve.refuse(taken, Message("import.rule.code_taken", {"field": "@import.field.id"}))


def _stands_on(name: str) -> Message:
    return Message("import.rule.stands_on_refused", {"field": f"@import.field.{name}"})
