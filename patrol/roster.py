"""Who does which shift of the weeks, under the rules of working time and of a team."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from data.duties import Wish
from data.nouns import TIRANE, Absence, Roster, Shift, Team, Week, Worker
from patrol.roster_duties import make_duties
from patrol.roster_problem import (
    Demand,
    Problem,
    RosterSettings,
    break_min,
    consecutive,
    is_public_holiday,
)
from patrol.roster_rules import rule_sentences
from patrol.roster_solve import drop_fewest, finished, ruled, solve
from patrol.roster_wishes import wish_sentences
from patrol.roster_wishes import wishes as weighed

__all__ = [
    "Demand",
    "RosterSettings",
    "break_min",
    "consecutive",
    "is_public_holiday",
    "make_demand",
    "make_duties",
    "make_roster",
    "rule_sentences",
    "wish_sentences",
]


def make_demand(
    teams: Sequence[Team], weeks: Sequence[Week], *, settings: RosterSettings | None = None
) -> tuple[Demand, ...]:
    """Return the shifts that the teams' usual hours ask for in the weeks.

    A team whose end is not after its start works past midnight. On a public
    holiday there is no shift unless the settings allow work on it.

    Parameters
    ----------
    teams
        Teams with their hours, weekdays (0 is Monday), size and members.
    weeks
        1 to 8 weeks that follow one another.
    settings
        Limits; the defaults where none are given.

    Returns
    -------
    tuple of Demand
        By day, then team; the id of a shift is ``TEAM-YYYY-MM-DD``.
    """
    settings = settings or RosterSettings()
    found = []
    for day in (day for week in consecutive(weeks) for day in week.days):
        if settings.is_holiday(day) and not settings.work_on_holidays:
            continue
        for team in sorted(teams, key=lambda t: t.id):
            if day.weekday() not in team.weekdays or settings.is_away(team.id, day):
                continue
            last = day + timedelta(days=int(team.end <= team.start))
            shift = Shift(
                id=f"{team.id}-{day.isoformat()}",
                team=team.id,
                base=team.base,
                mode=team.mode,
                start=datetime.combine(day, team.start, TIRANE),
                end=datetime.combine(last, team.end, TIRANE),
            )
            found.append(
                Demand(
                    shift=shift,
                    size=team.size,
                    members=team.members,
                    team_name=team.name,
                    languages=team.languages,
                )
            )
    return tuple(found)


def make_roster(  # noqa: PLR0913 - the signature the plan relies on
    demand: Sequence[Demand],
    workers: Sequence[Worker],
    absences: Sequence[Absence],
    weeks: Sequence[Week],
    *,
    settings: RosterSettings | None = None,
    seed: int,
    allow_dropping: bool = False,
    wishes: Sequence[Wish] = (),
    like: Sequence[Shift] = (),
) -> Roster:
    """Return who does which shift of the weeks, every rule kept in each of them.

    Hours, weekends and nights are shared over all of the weeks together.

    The same input and seed give the same roster: the solver runs on one
    thread and counts its own steps, not the clock.

    Parameters
    ----------
    demand
        The shifts to staff. One that already names workers keeps them (ids
        that are not in `workers` are passed over); one outside the weeks is
        not changed and only counts for rest.
    workers, absences
        Who can work, and when not.
    weeks
        1 to 8 weeks that follow one another.
    settings
        Limits; the defaults where none are given.
    seed
        Seed of the solver.
    allow_dropping
        Leave out as few shifts as can be where not all can be staffed, each
        with a note; else such a roster is an error.
    wishes
        Days off and shifts that people would like to have.
    like
        Shifts of the roster in force, or of the week before, from which as
        little as can be changes.

    Returns
    -------
    Roster
        Staffed shifts by start and id, and notes on what gave way.

    Raises
    ------
    RosterError
        If no roster keeps every rule: the message names shifts and rules that
        cannot be had together. Or if none was found within the effort set.
    """
    limits = settings or RosterSettings()
    problem = Problem.of(demand, workers, absences, weeks, limits, wishes=wishes, like=like)
    may_drop = allow_dropping or problem.settings.leave_unstaffed
    draft = ruled(problem, may_drop=may_drop)
    if may_drop:
        drop_fewest(draft, seed)
    draft.model.minimize(weighed(draft))
    return finished(draft, solve(draft, seed), seed)
