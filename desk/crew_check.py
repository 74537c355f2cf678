"""What a crew lacks for its week: said before a roster fails for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from data.messages import Message
from data.nouns import Team, Worker
from data.vocabulary import Skill
from desk.crew import Crew
from patrol.roster import RosterSettings

__all__ = ["CrewCheck", "check_crew", "hours_a_day", "members_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CrewCheck:
    """What a crew lacks.

    Parameters
    ----------
    teams_without_protection
        Ids of the teams that have no child protection worker among their members.
    faults
        What makes a roster impossible.
    notes
        What a roster can make good by lending people from team to team.
    """

    teams_without_protection: tuple[str, ...]
    faults: tuple[Message, ...]
    notes: tuple[Message, ...]


def members_of(crew: Crew, team: Team) -> tuple[Worker, ...]:
    """Return the people who usually go out with a team, by id."""
    return tuple(worker for worker in crew.workers if worker.id in team.members)


def hours_a_day(team: Team) -> float:
    """Return how long a team is out; one whose end is not after its start works past midnight."""
    day = date.min
    start, end = datetime.combine(day, team.start), datetime.combine(day, team.end)
    length = end - start if end > start else end - start + timedelta(days=1)
    return length.total_seconds() / 3600


def check_crew(crew: Crew, settings: RosterSettings | None = None) -> CrewCheck:
    """Return what a crew lacks under the rules of a roster."""
    settings = settings or RosterSettings()
    protecting = [w for w in crew.workers if Skill.CHILD_PROTECTION in w.skills]
    lacking = [t for t in crew.teams if not set(protecting) & set(members_of(crew, t))]
    faults: list[Message] = []
    notes: list[Message] = []
    if lacking and not protecting:
        faults.append(Message("crew.no_protection"))
    elif lacking:
        notes.append(_on_call(lacking))
    n_trained = sum(worker.trained for worker in crew.workers)
    if crew.teams and n_trained < settings.min_trained:
        faults.append(Message("crew.few_trained", {"n": n_trained, "least": settings.min_trained}))
    for team in crew.teams:
        own = members_of(crew, team)
        if hours_a_day(team) > settings.max_daily_h:
            limits = {"hours": hours_a_day(team), "most": settings.max_daily_h}
            faults.append(Message("crew.long_day", {"team": team.name, **limits}))
        if len(crew.workers) < team.size:
            counted = {"n": len(crew.workers), "size": team.size}
            faults.append(Message("crew.few_people", {"team": team.name, **counted}))
        elif len(own) < team.size:
            notes.append(
                Message("crew.few_members", {"team": team.name, "n": len(own), "size": team.size})
            )
        elif sum(worker.trained for worker in own) < settings.min_trained <= n_trained:
            least = {"least": settings.min_trained}
            notes.append(Message("crew.team_few_trained", {"team": team.name, **least}))
    return CrewCheck(
        teams_without_protection=tuple(team.id for team in lacking),
        faults=tuple(faults),
        notes=tuple(notes),
    )


def _on_call(teams: list[Team]) -> Message:
    names = ", ".join(team.name for team in teams)
    return Message("crew.protection_on_call", {"teams": names, "n": len(teams)})
