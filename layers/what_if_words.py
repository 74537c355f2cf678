"""Scenarios and what comes of them in plain sentences."""

from __future__ import annotations

from data.nouns import Plan
from layers.words import Words
from patrol.plan_reach import Reach
from patrol.scenarios import (
    Budget,
    CarLess,
    Holiday,
    MoreHours,
    MorePeople,
    MoreTeam,
    PersonLess,
    Scenario,
)
from patrol.what_if import Outcome

__all__ = ["scenario_name", "sentence"]


def scenario_name(scenario: Scenario, plan: Plan, words: Words) -> str:  # noqa: PLR0911 - one line a kind of scenario
    """Return what a scenario is called, with the names of the plan's teams and people."""
    teams = {team.id: team for team in plan.teams}
    people = {worker.id: worker.name for worker in plan.workers}
    match scenario:
        case MoreTeam():
            like = teams.get(scenario.like)
            if like is None:
                return words("what_if.name.more_team_gone")
            hours = words.span(scenario.start or like.start, scenario.end or like.end)
            return words("what_if.name.more_team", team=like.name, hours=hours)
        case CarLess():
            name = teams[scenario.team].name if scenario.team in teams else scenario.team
            return words(f"what_if.name.car_{'walks' if scenario.walks else 'stays'}", team=name)
        case Holiday():
            return words("what_if.name.holiday", day=words.weekday(scenario.day))
        case MoreHours():
            kind = "longer" if scenario.longer else "overtime"
            return words(f"what_if.name.hours_{kind}", n=scenario.hours)
        case MorePeople():
            name = people.get(scenario.like, scenario.like)
            return words("what_if.name.person_more", name=name)
        case PersonLess():
            name = people.get(scenario.worker, scenario.worker)
            return words("what_if.name.person_less", name=name)
        case Budget():
            return words("what_if.name.budget", lek=scenario.lek)


def sentence(outcome: Outcome, words: Words) -> str:
    """Return what comes of a scenario in one sentence: places, the longest wait, and lek."""
    after = outcome.after
    if after is None:
        why = "" if outcome.fault is None else words.message(outcome.fault)
        return words("what_if.impossible", why=why)
    before = outcome.before
    return words(
        "what_if.sentence",
        places=_counted(after.places - before.places, "places", words),
        visits=_counted(after.visits - before.visits, "visits", words),
        wait=_wait(before, after, words),
        lek=_lek(outcome.lek, before.weeks, words),
    )


def _lek(change: int, weeks: int, words: Words) -> str:
    if weeks == 1:
        return _counted(change, "lek", words)
    how = "same" if change == 0 else "more" if change > 0 else "fewer"
    return words(f"what_if.lek_{how}_weeks", n=abs(change), weeks=weeks)


def _counted(change: int, what: str, words: Words) -> str:
    how = "same" if change == 0 else "more" if change > 0 else "fewer"
    return words(f"what_if.{what}_{how}", n=abs(change))


def _wait(before: Reach, after: Reach, words: Words) -> str:
    if before.longest_wait_days is None or after.longest_wait_days is None:
        return words("what_if.wait_unknown")
    was, is_now = round(before.longest_wait_days), round(after.longest_wait_days)
    how = "same" if was == is_now else "falls" if is_now < was else "rises"
    return words(f"what_if.wait_{how}", was=was, n=is_now)
