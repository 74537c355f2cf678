"""What a finished roster gave up, in sentences."""

from __future__ import annotations

from data.duties import Wish
from data.messages import Message
from data.vocabulary import DutyKind, Sex, Skill, TravelMode, Wants
from patrol.roster_problem import Problem, minutes, start_day
from patrol.roster_wishes import casework_min, outsiders, wished_shifts

__all__ = ["Assigned", "given_up", "is_kept"]

#: (worker, shift) positions of a finished roster.
Assigned = frozenset[tuple[int, int]]

_SUNDAY_IS = 6


def given_up(problem: Problem, assigned: Assigned, overtime_min: int) -> tuple[Message, ...]:
    """Return a note for every kind of wish that gave way, with how often it did."""
    broken = sum(not is_kept(problem, wish, assigned) for wish in problem.wishes)
    counted = {
        "roster.note.outsiders": len(assigned & set(outsiders(problem))),
        "roster.note.sunday": _n_sunday(problem, assigned),
        "roster.note.no_driver": _n_without_driver(problem, assigned),
        "roster.note.no_language": _n_without_language(problem, assigned),
        "roster.note.one_sex": _n_of_one_sex(problem, assigned),
    }
    notes = [Message(name, {"n": n}) for name, n in counted.items() if n]
    if broken:
        notes.append(Message("roster.note.wishes", {"n": broken, "of": len(problem.wishes)}))
    if short := _casework_short_min(problem, assigned):
        notes.append(Message("roster.note.casework", {"hours": short / 60}))
    if overtime_min:
        notes.append(Message("roster.note.overtime", {"hours": overtime_min / 60}))
    return tuple(notes)


def is_kept(problem: Problem, wish: Wish, assigned: Assigned) -> bool:
    """Return whether a roster gives somebody what they wished for."""
    mine = {s for w, s in assigned if problem.workers[w].id == wish.worker}
    return bool(mine & set(wished_shifts(problem, wish))) == (wish.wants is Wants.WORK)


def _n_sunday(problem: Problem, assigned: Assigned) -> int:
    work = set(problem.work)
    return len(
        {
            (w, start_day(problem.demand[s].shift))
            for w, s in assigned
            if s in work and start_day(problem.demand[s].shift).weekday() == _SUNDAY_IS
        }
    )


def _teams(problem: Problem, assigned: Assigned) -> dict[int, list[int]]:
    rounds = set(problem.rounds)
    found: dict[int, list[int]] = {}
    for w, s in sorted(assigned):
        if s in rounds:
            found.setdefault(s, []).append(w)
    return found


def _n_without_driver(problem: Problem, assigned: Assigned) -> int:
    return sum(
        problem.demand[s].shift.mode is TravelMode.DRIVE
        and not any(Skill.DRIVER in problem.workers[w].skills for w in people)
        for s, people in _teams(problem, assigned).items()
    )


def _n_without_language(problem: Problem, assigned: Assigned) -> int:
    return sum(
        bool(problem.demand[s].languages)
        and not any(problem.workers[w].languages & problem.demand[s].languages for w in people)
        for s, people in _teams(problem, assigned).items()
    )


def _n_of_one_sex(problem: Problem, assigned: Assigned) -> int:
    if not {Sex.FEMALE, Sex.MALE} <= {worker.sex for worker in problem.workers}:
        return 0
    alone = ({Sex.FEMALE}, {Sex.MALE})
    return sum(
        {problem.workers[w].sex for w in people} in alone
        for people in _teams(problem, assigned).values()
    )


def _casework_short_min(problem: Problem, assigned: Assigned) -> int:
    short = 0
    for shifts in problem.by_week(problem.of_kind(DutyKind.CASEWORK)):
        for w in range(len(problem.workers)):
            mine = [s for s in shifts if problem.may(w, s)]
            done = sum(minutes(problem.demand[s].shift) for s in mine if (w, s) in assigned)
            short += max(0, casework_min(problem, w, mine) - done) if mine else 0
    return short
