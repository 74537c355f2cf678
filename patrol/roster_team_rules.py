"""The rules of who goes out together, who is on call, and who does casework."""

from __future__ import annotations

from collections.abc import Iterable

from ortools.sat.python import cp_model

from data.vocabulary import DutyKind, Skill, TravelMode
from patrol.roster_draft import Draft, total
from patrol.roster_problem import Demand, is_escort

__all__ = [
    "casework",
    "driver",
    "escorts",
    "helpline",
    "joint",
    "language",
    "protection",
    "speaking",
    "team_size",
    "trained",
]


def team_size(draft: Draft) -> None:
    """Every shift has as many people as its team needs, whoever goes along not counted."""
    problem = draft.problem
    for s in problem.rounds:
        people = total(_with(draft, s, (w for w in draft.people if not _is_escort(draft, w))))
        draft.model.add(people == problem.demand[s].size * draft.staffed[s])


def trained(draft: Draft) -> None:
    """At least two trained people are in every team."""
    workers = draft.problem.workers
    able = [w for w in draft.people if workers[w].trained and not is_escort(workers[w])]
    for s in draft.problem.rounds:
        least = draft.problem.settings.min_trained * draft.staffed[s]
        draft.model.add(total(_with(draft, s, able)) >= least)


def protection(draft: Draft) -> None:
    """Every team has a child protection worker in it, or one on call."""
    problem = draft.problem
    if not problem.settings.need_protection_worker:
        return
    entitled = _skilled(draft, Skill.CHILD_PROTECTION)
    for s in problem.rounds:
        inside = total(_with(draft, s, entitled))
        on_call = total([draft.calls[w, s] for w in entitled])
        draft.model.add(inside + on_call >= draft.staffed[s])
        draft.model.add(on_call <= 1)
    if problem.settings.on_call_while_out:
        return
    for i, j in problem.overlaps:
        for w in entitled:
            for a, b in ((i, j), (j, i)):
                if (w, a) in draft.calls:
                    draft.model.add_at_most_one(draft.calls[w, a], draft.works[w, b])


def joint(draft: Draft) -> None:
    """On a joint round one of those it asks for goes along: police or a labour inspector."""
    problem = draft.problem
    for s in problem.rounds:
        asked = problem.demand[s].joint
        if asked:
            along = [w for w in draft.people if problem.workers[w].skills & asked]
            draft.model.add(total(_with(draft, s, along)) == draft.staffed[s])


def escorts(draft: Draft) -> None:
    """Police and labour inspectors go out on joint rounds only, where they were asked for."""
    problem = draft.problem
    for s in problem.rounds:
        asked = problem.demand[s].joint
        for w, works in draft.in_shift(s):
            if _is_escort(draft, w) and not problem.workers[w].skills & asked:
                draft.model.add(works == 0)


def driver(draft: Draft) -> None:
    """Every team that drives has somebody who drives, where the settings ask for it."""
    problem = draft.problem
    if not problem.settings.need_driver:
        return
    able = _skilled(draft, Skill.DRIVER)
    for s in problem.rounds:
        if problem.demand[s].shift.mode is TravelMode.DRIVE:
            draft.model.add(total(_with(draft, s, able)) >= draft.staffed[s])


def language(draft: Draft) -> None:
    """Every team that asks for a language has a speaker of it, where the settings ask for it."""
    problem = draft.problem
    if not problem.settings.need_language:
        return
    for s in problem.rounds:
        if problem.demand[s].languages:
            able = _with(draft, s, speaking(draft, problem.demand[s]))
            draft.model.add(total(able) >= draft.staffed[s])


def casework(draft: Draft) -> None:
    """Nobody has more casework a week than is set, and at most one piece of it a day."""
    problem = draft.problem
    blocks = problem.of_kind(DutyKind.CASEWORK)
    most = round(problem.settings.casework_h * 60)
    for w in draft.people:
        for shifts in problem.by_week(blocks):
            draft.model.add(draft.minutes_of(w, shifts) <= most)
        for shifts in problem.by_day(blocks).values():
            draft.model.add_at_most_one(on for _, on in draft.of_worker(w, shifts))


def helpline(draft: Draft) -> None:
    """One trained person is on call for the helpline at any hour, nobody too often a week."""
    problem = draft.problem
    rota = problem.of_kind(DutyKind.ON_CALL)
    for s in rota:
        draft.model.add_exactly_one(on for _, on in draft.in_shift(s))
    for w in draft.people:
        for shifts in problem.by_week(rota):
            called = [on for _, on in draft.of_worker(w, shifts)]
            draft.model.add(total(called) <= problem.settings.max_rota_days)


def speaking(draft: Draft, demand: Demand) -> list[int]:
    """Return the workers who speak a language that a team asks for."""
    workers = draft.problem.workers
    return [
        w
        for w in draft.people
        if workers[w].languages & demand.languages and not is_escort(workers[w])
    ]


def _with(draft: Draft, shift: int, workers: Iterable[int]) -> list[cp_model.IntVar]:
    return [draft.works[w, shift] for w in workers]


def _skilled(draft: Draft, skill: Skill) -> list[int]:
    return [w for w in draft.people if skill in draft.problem.workers[w].skills]


def _is_escort(draft: Draft, worker: int) -> bool:
    return is_escort(draft.problem.workers[worker])
