"""What a roster would like and may give up: each wish a named function with its own sentence.

A wish returns what the solver makes as small as it can. Few terms and small
numbers: many single wishes would leave the solver far from any proof. The
sentence of a wish is ``roster.wish.NAME``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median
from typing import Final

from ortools.sat.python import cp_model

from data.duties import Wish
from data.messages import Message
from data.nouns import Shift
from data.vocabulary import DutyKind, Sex, Skill, TravelMode, Wants
from patrol.roster_draft import Draft, total
from patrol.roster_problem import (
    Problem,
    is_escort,
    minutes,
    night_minutes,
    start_day,
)
from patrol.roster_team_rules import speaking

__all__ = ["WISHES", "changes", "wish_sentences", "wishes"]

# Four points are a minute more than an even share. The usual team is worth more than even hours.
_OVERTIME_MIN: Final = 200
_NOT_A_MEMBER: Final = 40_000
_CASEWORK_MIN: Final = 120
_CHANGED: Final = 24_000
_NO_DRIVER: Final = 24_000
_WISH: Final = 12_000
_NO_LANGUAGE: Final = 12_000
_ON_CALL: Final = 10_000
_ON_CALL_WHILE_OUT: Final = 10_000
_NO_WOMAN_OR_MAN: Final = 8_000
_ONE_MORE_WEEKEND_OR_NIGHT: Final = 6_000
_SUNDAY: Final = 4_000
_BALANCE: Final = 4
_BELOW, _CORNERS = 2, 6
_SATURDAY, _SUNDAY_IS = 5, 6


def wishes(draft: Draft) -> cp_model.LinearExpr:
    """Return what the solver makes as small as it can: every wish, weighed."""
    return total([weight * wish(draft) for wish, weight in WISHES.values()])


def overtime_rare(draft: Draft) -> cp_model.LinearExpr:
    """Overtime is worked only where nothing else helps."""
    return total([extra for by_week in draft.overtime for extra in by_week])


def usual_team(draft: Draft) -> cp_model.LinearExpr:
    """People go out with their usual team."""
    return total([draft.works[pair] for pair in outsiders(draft.problem)])


def outsiders(problem: Problem) -> list[tuple[int, int]]:
    """Return the pairs of a round and somebody who is no member of its team."""
    return [
        (w, s)
        for w, worker in enumerate(problem.workers)
        for s in problem.rounds
        if problem.demand[s].members
        and worker.id not in problem.demand[s].members
        and not is_escort(worker)
    ]


def stays_as_it_was(draft: Draft) -> cp_model.LinearExpr:
    """As few people as can be change from the roster before."""
    return changes(draft)


def changes(draft: Draft) -> cp_model.LinearExpr:
    """Return how many people of the roster to be like do not stand where they stood."""
    problem = draft.problem
    by_id = {worker.id: w for w, worker in enumerate(problem.workers)}
    terms: list[cp_model.LinearExpr] = []
    for s, was in likenesses(problem):
        for name in was.workers:
            pair = (by_id.get(name, -1), s)
            if pair in draft.works:
                terms.append(draft.staffed[s] - draft.works[pair])
        for name in was.on_call:
            pair = (by_id.get(name, -1), s)
            if pair in draft.calls:
                terms.append(draft.staffed[s] - draft.calls[pair])
    return total(terms)


def likenesses(problem: Problem) -> list[tuple[int, Shift]]:
    """Return the own shifts beside the one that each should be like, where there is one."""
    by_name = {shift.id: shift for shift in problem.like}
    by_habit = {_habit(shift): shift for shift in problem.like}
    found = []
    for s in problem.own:
        shift = problem.demand[s].shift
        was = by_name.get(shift.id) or by_habit.get(_habit(shift))
        if was is not None:
            found.append((s, was))
    return found


def _habit(shift: Shift) -> tuple[str, int, int]:
    day = start_day(shift)
    return shift.team, day.weekday(), shift.start.hour


def casework_done(draft: Draft) -> cp_model.LinearExpr:
    """Every child protection worker has the hours of casework set for the week."""
    problem, model = draft.problem, draft.model
    lacking = []
    for shifts in problem.by_week(problem.of_kind(DutyKind.CASEWORK)):
        for w in draft.people:
            present = [s for s, _ in draft.of_worker(w, shifts) if not problem.absent(w, s)]
            if present:
                most = casework_min(problem, w, shifts)
                short = model.new_int_var(0, most, "casework")
                model.add(short >= most - draft.minutes_of(w, shifts))
                lacking.append(short)
    return total(lacking)


def casework_min(problem: Problem, worker: int, shifts: Sequence[int]) -> int:
    """Return the minutes of casework somebody should have in a week: fewer in one cut short."""
    present = [s for s in shifts if not problem.absent(worker, s)]
    piece = round(problem.settings.casework_block_h * 60)
    share = problem.settings.casework_h * 60 * len(present) / max(1, len(shifts))
    return int(share // piece * piece)


def driver_in_the_car(draft: Draft) -> cp_model.LinearExpr:
    """Every team that drives has somebody who drives."""
    problem = draft.problem
    able = [w for w, who in enumerate(problem.workers) if Skill.DRIVER in who.skills]
    driven = [s for s in problem.rounds if problem.demand[s].shift.mode is TravelMode.DRIVE]
    return total([_without(draft, s, able) for s in driven])


def language_spoken(draft: Draft) -> cp_model.LinearExpr:
    """Every team that asks for a language has somebody who speaks it."""
    demand = draft.problem.demand
    asking = [s for s in draft.problem.rounds if demand[s].languages]
    return total([_without(draft, s, speaking(draft, demand[s])) for s in asking])


def woman_and_man(draft: Draft) -> cp_model.LinearExpr:
    """Every team has a woman and a man, where it is known and possible."""
    problem = draft.problem
    lacking = []
    for sex in (Sex.FEMALE, Sex.MALE):
        known = [w for w, who in enumerate(problem.workers) if who.sex is sex]
        maybe = [w for w, who in enumerate(problem.workers) if who.sex in {sex, Sex.UNKNOWN}]
        if known:
            lacking += [_without(draft, s, maybe) for s in problem.rounds]
    return total(lacking)


def _without(draft: Draft, shift: int, able: Sequence[int]) -> cp_model.IntVar:
    """Return the unknown that is true if a round takes place with none of these workers."""
    lacks = draft.model.new_bool_var("lacks")
    inside = [draft.works[w, shift] for w in able if (w, shift) in draft.works]
    draft.model.add_bool_or([lacks, ~draft.staffed[shift], *inside])
    return lacks


def wishes_kept(draft: Draft) -> cp_model.LinearExpr:
    """People get the days off and the shifts they wish for, the weighty ones first."""
    problem = draft.problem
    by_id = {worker.id: w for w, worker in enumerate(problem.workers)}
    terms: list[cp_model.LinearExpr] = []
    for wish in problem.wishes:
        shifts = wished_shifts(problem, wish)
        w = by_id.get(wish.worker)
        mine = [] if w is None else [s for s, _ in draft.of_worker(w, shifts)]
        if w is None or not mine:
            continue
        busy = draft.works[w, mine[0]] if len(mine) == 1 else draft.busy(w, mine)
        terms.append(wish.weight * (busy if wish.wants is Wants.OFF else 1 - busy))
    return total(terms)


def wished_shifts(problem: Problem, wish: Wish) -> tuple[int, ...]:
    """Return the shifts that a wish speaks of."""
    day = [s for s in problem.own if start_day(problem.demand[s].shift) == wish.day]
    if wish.wants is Wants.OFF:
        return tuple(day)
    demand = problem.demand
    return tuple(
        s
        for s in day
        if demand[s].kind is DutyKind.ROUND and wish.team in {"", demand[s].shift.team}
    )


def protection_inside(draft: Draft) -> cp_model.LinearExpr:
    """Child protection workers are in the team rather than on call for it."""
    own = set(draft.problem.own)
    return total([call for (_, s), call in draft.calls.items() if s in own])


def called_at_rest(draft: Draft) -> cp_model.LinearExpr:
    """Who is on call for a team is not out with another one."""
    both = []
    for i, j in draft.problem.overlaps:
        for a, b in ((i, j), (j, i)):
            for w in draft.people:
                if (w, a) in draft.calls and (w, b) in draft.works:
                    out = draft.model.new_bool_var("on_call_while_out")
                    draft.model.add_bool_or([out, ~draft.calls[w, a], ~draft.works[w, b]])
                    both.append(out)
    return total(both)


def hours_balanced(draft: Draft) -> cp_model.LinearExpr:
    """Everybody works the same share of their own contract, less absence and casework.

    The cost of a minute grows with every usual shift that somebody has, like a
    square: taking from the busiest always helps. The corners lie where whole
    shifts lie, so that half a shift, which nobody can have, gains the solver nothing.
    """
    problem, model = draft.problem, draft.model
    lengths = [minutes(problem.demand[s].shift) for s in problem.rounds]
    room = _room_min(problem)
    if not lengths or not any(room):
        return total([])
    usual = round(median(lengths))
    seats_min = sum(
        length * problem.demand[s].size for length, s in zip(lengths, problem.rounds, strict=True)
    )
    cost: list[cp_model.LinearExpr] = []
    for w, mine in enumerate(room):
        if not mine:
            continue
        scale = sum(room) / len(room) / mine
        first = max(1, int(seats_min * mine / sum(room) / usual) - _BELOW)
        for corner in range(first, first + _CORNERS):
            over = model.new_int_var(0, sum(lengths), "over")
            model.add(over >= draft.minutes_of(w, problem.rounds) - corner * usual)
            steps = corner if corner == first else 1
            cost.append(round(_BALANCE * scale * steps) * over)
    return total(cost)


def _room_min(problem: Problem) -> list[int]:
    """Return the minutes that everybody has for rounds in all of the weeks."""
    blocks = problem.by_week(problem.of_kind(DutyKind.CASEWORK))
    found = []
    for w, worker in enumerate(problem.workers):
        present = sum(not problem.absent(w, s) for s in problem.rounds)
        share = present / max(1, len(problem.rounds)) * (not is_escort(worker))
        cases = sum(
            casework_min(problem, w, week) for week in blocks if week and problem.may(w, week[0])
        )
        found.append(max(0, round(problem.most_min(w) * len(problem.weeks) * share) - cases))
    return found


def weekends_shared(draft: Draft) -> cp_model.LinearExpr:
    """Shifts at the weekend are shared evenly."""
    demand = draft.problem.demand
    at = [s for s in draft.problem.rounds if start_day(demand[s].shift).weekday() >= _SATURDAY]
    return _above_share(draft, at)


def nights_shared(draft: Draft) -> cp_model.LinearExpr:
    """Shifts at night are shared evenly."""
    problem = draft.problem
    late = [s for s in problem.rounds if night_minutes(problem.demand[s].shift, problem.settings)]
    return _above_share(draft, late)


def helpline_shared(draft: Draft) -> cp_model.LinearExpr:
    """Days on call for the helpline are shared evenly."""
    return _above_share(draft, draft.problem.of_kind(DutyKind.ON_CALL))


def _above_share(draft: Draft, shifts: Sequence[int]) -> cp_model.LinearExpr:
    """Return how far people lie above an even share; the second one more costs twice."""
    problem = draft.problem
    able = [w for w in draft.people if any(not problem.absent(w, s) for s in shifts)]
    seats = sum(problem.demand[s].size for s in shifts)
    share = max(1, seats // max(1, len(able)))
    cost = []
    for w in able:
        n = total([on for _, on in draft.of_worker(w, shifts)])
        for step in (share, share + 1):
            more = draft.model.new_int_var(0, len(shifts), "more")
            draft.model.add(more >= n - step)
            cost.append(more)
    return total(cost)


def sundays_free(draft: Draft) -> cp_model.LinearExpr:
    """People have their weekly rest on Sunday: as few as can be work on that day."""
    problem = draft.problem
    sundays = {
        day: shifts
        for day, shifts in problem.by_day(problem.work).items()
        if day.weekday() == _SUNDAY_IS
    }
    return total([draft.busy(w, shifts) for shifts in sundays.values() for w in draft.people])


#: Every wish with its weight in points, the weightiest for one person first.
WISHES: Final[dict[str, tuple[Callable[[Draft], cp_model.LinearExpr], int]]] = {
    "usual_team": (usual_team, _NOT_A_MEMBER),
    "overtime_rare": (overtime_rare, _OVERTIME_MIN),
    "casework_done": (casework_done, _CASEWORK_MIN),
    "stays_as_it_was": (stays_as_it_was, _CHANGED),
    "driver_in_the_car": (driver_in_the_car, _NO_DRIVER),
    "wishes_kept": (wishes_kept, _WISH),
    "language_spoken": (language_spoken, _NO_LANGUAGE),
    "protection_inside": (protection_inside, _ON_CALL),
    "called_at_rest": (called_at_rest, _ON_CALL_WHILE_OUT),
    "woman_and_man": (woman_and_man, _NO_WOMAN_OR_MAN),
    "weekends_shared": (weekends_shared, _ONE_MORE_WEEKEND_OR_NIGHT),
    "nights_shared": (nights_shared, _ONE_MORE_WEEKEND_OR_NIGHT),
    "helpline_shared": (helpline_shared, _ONE_MORE_WEEKEND_OR_NIGHT),
    "sundays_free": (sundays_free, _SUNDAY),
    "hours_balanced": (hours_balanced, 1),
}


def wish_sentences() -> tuple[Message, ...]:
    """Return what a roster would like, each wish as its sentence."""
    return tuple(Message(f"roster.wish.{name}") for name in WISHES)
