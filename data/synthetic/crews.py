"""Invented crews: twenty field teams, as many as worked in 2022, with their people and bases."""

from __future__ import annotations

from datetime import time

from data import reference
from data.nouns import Base, Team, Worker
from data.vocabulary import Skill, TravelMode

__all__ = ["TEAMS_OF", "make_crews"]

#: Field teams a municipality: where the sources name any, and Bulqiza for its mines.
TEAMS_OF = {
    "AL1105": 4,  # Tiranë
    "AL0301": 3,  # Durrës
    "AL0403": 2,  # Elbasan
    "AL1004": 2,  # Shkodër
    "AL1207": 2,  # Vlorë
    "AL0201": 2,  # Bulqizë
    "AL0703": 1,  # Korçë
    "AL0502": 1,  # Fier
    "AL0302": 1,  # Krujë
    "AL1102": 1,  # Kavajë
    "AL1205": 1,  # Sarandë
}
#: Usual hours and days of a municipality's first, second … team.
_HOURS = (
    (time(14), time(20), (0, 1, 2, 3, 4), TravelMode.WALK),
    (time(9), time(15), (1, 2, 3, 4, 5), TravelMode.WALK),
    (time(15), time(21), (0, 2, 3, 4, 5), TravelMode.DRIVE),
    (time(10), time(16), (0, 1, 2, 3, 4), TravelMode.DRIVE),
)
#: A team of a rural municipality drives.
_DRIVEN = frozenset({"AL0201", "AL0302"})
_SKILLS = (
    frozenset({Skill.CHILD_PROTECTION}),
    frozenset({Skill.OUTREACH, Skill.DRIVER}),
    frozenset({Skill.MEDIATOR, Skill.OUTREACH}),
)


def make_crews() -> tuple[tuple[Base, ...], tuple[Worker, ...], tuple[Team, ...]]:
    """Return bases at the municipalities' seats, three people a team, and the teams."""
    bases, workers, teams = [], [], []
    for code, n_teams in sorted(TEAMS_OF.items()):
        town = reference.municipality(code)
        base = Base(
            id=f"{code}-base",
            name=f"NJMF {town.name_sq}",
            municipality=code,
            lon=town.seat_lon,
            lat=town.seat_lat,
        )
        bases.append(base)
        for number in range(1, n_teams + 1):
            members = [_worker(code, number, k) for k in range(len(_SKILLS))]
            workers += members
            teams.append(_team(code, number, base, members))
    return tuple(bases), tuple(workers), tuple(teams)


def _worker(code: str, team: int, k: int) -> Worker:
    number = (team - 1) * len(_SKILLS) + k + 1
    return Worker(
        id=f"{code}-w{number:02d}",
        name=f"Punonjës {number:02d}",
        municipality=code,
        skills=_SKILLS[k],
    )


def _team(code: str, number: int, base: Base, members: list[Worker]) -> Team:
    start, end, weekdays, mode = _HOURS[(number - 1) % len(_HOURS)]
    return Team(
        id=f"{code}-t{number}",
        name=f"Ekipi {number}",
        municipality=code,
        base=base.id,
        mode=TravelMode.DRIVE if code in _DRIVEN else mode,
        start=start,
        end=end,
        weekdays=weekdays,
        members=tuple(worker.id for worker in members),
    )
