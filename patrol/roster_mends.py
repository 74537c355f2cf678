"""What would make an impossible roster possible: every mend is tried before it is named."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

from ortools.sat.python import cp_model

from data.messages import Message
from data.nouns import Worker
from data.vocabulary import DutyKind, Skill
from patrol.roster_conflict import Conflict, find_conflict, only, shift_label, verdict
from patrol.roster_draft import total
from patrol.roster_problem import Demand, Problem, minutes, start_day
from patrol.roster_rules import RULES
from patrol.roster_search import new_solver
from patrol.roster_solve import ruled

__all__ = ["Mend", "Mends", "find_mends"]

_OVERTIME_H: Final = (1, 2, 4, 8)
_SHORTER_H: Final = (1, 2, 3, 4)
_MOST_SHOWN: Final = 4
_EVERY: Final = tuple(RULES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mend:
    """One way out: its sentence, and the settings of the roster that do it, where settings can."""

    sentence: Message
    settings: Mapping[str, float | bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mends:
    """The conflict of an impossible roster, and the mends that were found to work."""

    conflict: Message
    mends: tuple[Mend, ...]


def find_mends(problem: Problem, seed: int) -> Mends | None:
    """Return what forbids a roster and what would allow it; None where it is possible.

    A mend is only named if the solver found a roster with it for every shift.
    """
    whole = only(problem, frozenset(problem.rounds))
    if _possible(whole, seed):
        return None
    conflict = find_conflict(whole, whole.rounds, seed)
    tries: tuple[Callable[[Problem, Conflict], Iterator[tuple[Problem, Mend]]], ...] = (
        _by_setting,
        _overtime,
        _one_more,
        _shorter,
        _smaller,
    )
    found = []
    for some in tries:
        for changed, mend in some(whole, conflict):
            if _possible(changed, seed):
                found.append(mend)
                break
    return Mends(
        conflict=conflict.message("impossible", whole), mends=(*found, *_left_out(whole, seed))
    )


def _possible(problem: Problem, seed: int) -> bool:
    return verdict(problem, _EVERY, seed) in (cp_model.OPTIMAL, cp_model.FEASIBLE)


def _by_setting(problem: Problem, conflict: Conflict) -> Iterator[tuple[Problem, Mend]]:
    """Try what only the settings forbid: being on call while out, work on a holiday."""
    limits = problem.settings
    for rule, name, changed in (
        ("protection", "on_call_while_out", replace(limits, on_call_while_out=True)),
        ("public_holidays", "work_on_holidays", replace(limits, work_on_holidays=True)),
    ):
        if rule in conflict.rules:
            yield (
                replace(problem, settings=changed),
                Mend(sentence=Message(f"roster.mend.{name}"), settings={name: True}),
            )


def _overtime(problem: Problem, conflict: Conflict) -> Iterator[tuple[Problem, Mend]]:
    if not {"weekly_hours", "overtime"} & set(conflict.rules):
        return
    for hours in _OVERTIME_H:
        if hours > problem.settings.overtime_h:
            changed = replace(problem.settings, overtime_h=float(hours))
            mend = Mend(
                sentence=Message("roster.mend.overtime", {"hours": hours}),
                settings={"overtime_h": float(hours)},
            )
            yield replace(problem, settings=changed), mend


def _one_more(problem: Problem, conflict: Conflict) -> Iterator[tuple[Problem, Mend]]:
    """Try one more trained person: on the days named, or all the time; then one for children."""
    shifts = [problem.demand[s].shift for s in conflict.shifts]
    days = sorted({start_day(shift) for shift in shifts})
    some = tuple(sorted({day.weekday() for day in days}))
    spans = ["; ".join(f"{day:%d.%m.%Y}" for day in days[:_MOST_SHOWN])]
    if "protection" in conflict.rules:
        yield (
            _with(problem, _stranger(frozenset({Skill.CHILD_PROTECTION}), ())),
            Mend(sentence=Message("roster.mend.protection_on_call")),
        )
    for skills, name in (
        (frozenset({Skill.OUTREACH}), "person"),
        (frozenset({Skill.CHILD_PROTECTION, Skill.DRIVER}), "protection_worker"),
    ):
        if len(days) <= _MOST_SHOWN:
            sentence = Message(f"roster.mend.{name}_on", {"days": spans[0]})
            yield _with(problem, _stranger(skills, some)), Mend(sentence=sentence)
        yield (
            _with(problem, _stranger(skills, tuple(range(7)))),
            Mend(sentence=Message(f"roster.mend.{name}")),
        )


def _stranger(skills: frozenset[Skill], days: tuple[int, ...]) -> Worker:
    return Worker(id="~", name="", municipality=None, skills=skills, available_days=days)


def _with(problem: Problem, worker: Worker) -> Problem:
    return replace(problem, workers=(*problem.workers, worker))


def _shorter(problem: Problem, conflict: Conflict) -> Iterator[tuple[Problem, Mend]]:
    """Try to end the shifts named some hours earlier."""
    rules = {"daily_hours", "weekly_hours", "rest_between_days", "night", "availability"}
    if not rules & set(conflict.rules):
        return
    named = set(conflict.shifts)
    longest = min(minutes(problem.demand[s].shift) for s in named)
    for hours in _SHORTER_H:
        if hours * 60 < longest:
            demand = tuple(
                replace(d, shift=replace(d.shift, end=d.shift.end - timedelta(hours=hours)))
                if s in named
                else d
                for s, d in enumerate(problem.demand)
            )
            params = {"hours": hours, "shifts": _labels(problem, conflict.shifts)}
            mend = Mend(sentence=Message("roster.mend.shorter", params))
            yield _again(problem, demand), mend


def _smaller(problem: Problem, conflict: Conflict) -> Iterator[tuple[Problem, Mend]]:
    """Try a team of one person fewer in the shifts named, never fewer than the trained ones."""
    named = {
        s for s in conflict.shifts if problem.demand[s].size > max(2, problem.settings.min_trained)
    }
    if "team_size" in conflict.rules and named == set(conflict.shifts):
        demand = tuple(
            replace(d, size=d.size - 1) if s in named else d for s, d in enumerate(problem.demand)
        )
        params = {"shifts": _labels(problem, conflict.shifts)}
        mend = Mend(sentence=Message("roster.mend.smaller", params))
        yield _again(problem, demand), mend


def _again(problem: Problem, demand: Sequence[Demand]) -> Problem:
    return Problem.of(
        demand,
        problem.workers,
        problem.absences,
        problem.weeks,
        problem.settings,
    )


def _left_out(problem: Problem, seed: int) -> tuple[Mend, ...]:
    """Return the fewest shifts that have to be left without a team, where leaving them helps."""
    if not problem.of_kind(DutyKind.ROUND):
        return ()
    draft = ruled(problem, may_drop=True)
    draft.model.minimize(total([draft.n_dropped]))
    solver = new_solver(problem, 1.0, seed)
    if solver.solve(draft.model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return ()
    left = [s for s in problem.rounds if not solver.value(draft.staffed[s])]
    named = _labels(problem, left)
    sentence = Message("roster.mend.leave_unstaffed", {"n": len(left), "shifts": named})
    return (Mend(sentence=sentence, settings={"leave_unstaffed": True}),)


def _labels(problem: Problem, shifts: Sequence[int]) -> str:
    shown = [shift_label(problem.demand[s]) for s in shifts[:_MOST_SHOWN]]
    return "; ".join([*shown, *["…"] * (len(shifts) > _MOST_SHOWN)])
