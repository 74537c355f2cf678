"""What a roster would like and may give up: the usual team, fair hours, free Sundays.

Few terms and small numbers: many single wishes would leave the solver far from any proof.
"""

from __future__ import annotations

from typing import Final

from ortools.sat.python import cp_model

from data.messages import Message
from patrol.roster_draft import Draft, night_minutes, start_day, total

__all__ = ["Assigned", "given_up", "wishes"]

#: (worker, shift) positions of a finished roster.
Assigned = frozenset[tuple[int, int]]

# One point is a minute more than an even share. The usual team is worth more than even hours.
_OVERTIME_MIN: Final = 50
_NOT_A_MEMBER: Final = 10_000
_ON_CALL: Final = 2_500
_ON_CALL_WHILE_OUT: Final = 2_500
_ONE_MORE_WEEKEND_OR_NIGHT: Final = 1_500
_SUNDAY: Final = 1_000
_TENTHS: Final = range(1, 11)
_SATURDAY, _SUNDAY_IS = 5, 6


def wishes(draft: Draft) -> cp_model.LinearExpr:
    """Return what the solver makes as small as it can."""
    return total(
        [
            _OVERTIME_MIN * total([extra for by_week in draft.overtime for extra in by_week]),
            _NOT_A_MEMBER * total([draft.works[pair] for pair in outsiders(draft)]),
            on_call_kept_rare(draft),
            hours_balanced(draft),
            _ONE_MORE_WEEKEND_OR_NIGHT * total([weekends_shared(draft), nights_shared(draft)]),
            _SUNDAY * sundays_free(draft),
        ]
    )


def outsiders(draft: Draft) -> list[tuple[int, int]]:
    """Return the pairs of a shift and somebody who is no member of its team."""
    problem = draft.problem
    return [
        (w, s)
        for w, worker in enumerate(problem.workers)
        for s in problem.own
        if problem.demand[s].members and worker.id not in problem.demand[s].members
    ]


def on_call_kept_rare(draft: Draft) -> cp_model.LinearExpr:
    """Prefer a child protection worker in the team to one on call, and one at rest to one out."""
    own = set(draft.problem.own)
    called = _ON_CALL * total([call for (_, s), call in draft.calls.items() if s in own])
    both = []
    for i, j in draft.problem.overlaps:
        for a, b in ((i, j), (j, i)):
            for w in range(len(draft.problem.workers)):
                if (w, a) in draft.calls:
                    out = draft.model.new_bool_var("on_call_while_out")
                    draft.model.add(out >= draft.calls[w, a] + draft.works[w, b] - 1)
                    both.append(out)
    return called + _ON_CALL_WHILE_OUT * total(both)


def hours_balanced(draft: Draft) -> cp_model.LinearExpr:
    """Prefer that everybody works the same share of their own week.

    The cost of a minute grows with every tenth of the person's own weeks, so
    taking from the busiest always helps. Days of absence make a week shorter.
    """
    problem, model = draft.problem, draft.model
    cost = []
    for w in range(len(problem.workers)):
        present = sum(not problem.absent(w, s) for s in problem.own)
        all_min = problem.most_min(w) * len(problem.weeks)
        capacity = all_min * present // max(1, len(problem.own))
        if capacity <= 0:
            continue
        worked = draft.minutes_of(w, problem.own)
        for tenth in _TENTHS:
            over = model.new_int_var(0, 10 * all_min, "over")
            model.add(over >= worked - capacity * tenth // 10)
            cost.append(over)
    return total(cost)


def weekends_shared(draft: Draft) -> cp_model.LinearExpr:
    """Prefer that nobody has a second shift at the weekend while somebody has none."""
    demand = draft.problem.demand
    weekend = [s for s in draft.problem.own if start_day(demand[s].shift).weekday() >= _SATURDAY]
    return _beyond_one(draft, weekend)


def nights_shared(draft: Draft) -> cp_model.LinearExpr:
    """Prefer that nobody has a second shift at night while somebody has none."""
    problem = draft.problem
    settings = problem.settings
    return _beyond_one(
        draft, [s for s in problem.own if night_minutes(problem.demand[s].shift, settings)]
    )


def _beyond_one(draft: Draft, shifts: list[int]) -> cp_model.LinearExpr:
    cost = []
    for w in range(len(draft.problem.workers)):
        more = draft.model.new_int_var(0, len(shifts), "more")
        draft.model.add(more >= total([draft.works[w, s] for s in shifts]) - 1)
        cost.append(more)
    return total(cost)


def sundays_free(draft: Draft) -> cp_model.LinearExpr:
    """Prefer that the weekly rest is on Sunday: as few people as can be work on that day."""
    demand = draft.problem.demand
    sunday = [s for s in draft.problem.own if start_day(demand[s].shift).weekday() == _SUNDAY_IS]
    busy = []
    for w in range(len(draft.problem.workers)):
        works = draft.model.new_bool_var("sunday")
        for s in sunday:
            draft.model.add_implication(draft.works[w, s], works)
        busy.append(works)
    return total(busy)


def given_up(draft: Draft, assigned: Assigned, overtime_min: int) -> tuple[Message, ...]:
    """Return a note for every kind of wish that gave way, with how often it did."""
    problem = draft.problem
    n_outsiders = len(assigned & set(outsiders(draft)))
    n_sunday = len(
        {
            w
            for w, s in assigned
            if s in problem.own and start_day(problem.demand[s].shift).weekday() == _SUNDAY_IS
        }
    )
    notes = []
    if n_outsiders:
        notes.append(Message("roster.note.outsiders", {"n": n_outsiders}))
    if n_sunday:
        notes.append(Message("roster.note.sunday", {"n": n_sunday}))
    if overtime_min:
        notes.append(Message("roster.note.overtime", {"hours": overtime_min / 60}))
    return tuple(notes)
