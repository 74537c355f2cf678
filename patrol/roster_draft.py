"""A roster in the making: what is asked for, the limits, and the unknowns of the solver."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import combinations, pairwise

import holidays
from ortools.sat.python import cp_model

from data.nouns import TIRANE, Absence, Shift, Week, Worker
from data.vocabulary import Skill

__all__ = [
    "Demand",
    "Draft",
    "Problem",
    "RosterSettings",
    "break_min",
    "consecutive",
    "is_public_holiday",
    "minutes",
    "night_minutes",
    "start_day",
    "start_draft",
    "total",
]

_MIDNIGHT_H = 24
#: Two months: more is no roster but a wish.
MOST_WEEKS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterSettings:
    """The limits of working time and of a team; the defaults are those of `DOMAIN.md`.

    Parameters
    ----------
    max_daily_h, max_weekly_h, overtime_h
        Hours a day; hours a week (a worker's own contract may be less); hours
        a week allowed on top of that.
    rest_between_days_h
        Hours without work between two working days.
    weekly_rest_h, weekly_rest_inside_h
        Hours of the weekly rest in one piece, and how many of them lie inside the week.
    break_after_h, break_min
        A shift longer than this holds a break of this many minutes; it counts as work.
    night_from_h, night_until_h, max_night_h
        The hours of the day at which night begins and ends; night hours a week for one person.
    work_on_holidays
        Whether anybody works on a public holiday.
    holidays
        The public holidays of the calendar; `None` for those of the law.
    away
        Teams, and the days (first and last) on which they have no shift: they are lent.
    min_trained
        Trained people in every team.
    need_protection_worker
        Whether a child protection worker has to be in the team or on call.
    on_call_while_out
        Whether somebody who is out with one team may be on call for another.
    leave_unstaffed
        Whether a shift that cannot be staffed is left out instead of making the roster fail.
    effort
        Solver's deterministic time units; about seconds on one core.
    safety_stop_s
        Wall seconds after which the solver is stopped whatever it has done.
    """

    max_daily_h: float = 8.0
    max_weekly_h: float = 40.0
    overtime_h: float = 0.0
    rest_between_days_h: float = 11.0
    weekly_rest_h: float = 36.0
    weekly_rest_inside_h: float = 24.0
    break_after_h: float = 6.0
    break_min: int = 30
    night_from_h: int = 22
    night_until_h: int = 6
    max_night_h: float = 16.0
    work_on_holidays: bool = False
    holidays: tuple[date, ...] | None = None
    away: tuple[tuple[str, date, date], ...] = ()
    min_trained: int = 2
    need_protection_worker: bool = True
    on_call_while_out: bool = True
    leave_unstaffed: bool = False
    effort: float = 3.0
    safety_stop_s: float = 60.0

    def is_holiday(self, day: date) -> bool:
        """Say whether a day is a public holiday, by the calendar where there is one."""
        return is_public_holiday(day) if self.holidays is None else day in self.holidays

    def is_away(self, team: str, day: date) -> bool:
        """Say whether a team has no shift on a day."""
        return any(who == team and first <= day <= last for who, first, last in self.away)


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """One shift to be staffed: how many people, and who usually goes.

    A shift of the week that already names workers keeps them. A shift outside
    the week is what was worked before or will be after: it is not changed,
    but rest is counted from it. `team_name` is what sentences call the team.
    """

    shift: Shift
    size: int = 2
    members: tuple[str, ...] = ()
    team_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """All that a roster depends on, in a fixed order.

    `own` are the positions of the shifts that begin in one of the weeks,
    `overlaps` the pairs of shifts that share a moment.
    """

    demand: tuple[Demand, ...]
    workers: tuple[Worker, ...]
    absences: tuple[Absence, ...]
    weeks: tuple[Week, ...]
    settings: RosterSettings
    own: tuple[int, ...]
    overlaps: tuple[tuple[int, int], ...]

    @classmethod
    def of(
        cls,
        demand: Sequence[Demand],
        workers: Sequence[Worker],
        absences: Sequence[Absence],
        weeks: Sequence[Week],
        settings: RosterSettings,
    ) -> Problem:
        """Return the problem with everything sorted, so that the order of the input is nothing."""
        ordered = tuple(sorted(demand, key=lambda d: (d.shift.start, d.shift.id)))
        days = {day for week in weeks for day in week.days}
        return cls(
            demand=ordered,
            workers=tuple(sorted(workers, key=lambda w: w.id)),
            absences=tuple(sorted(absences, key=lambda a: (a.worker, a.first, a.last))),
            weeks=consecutive(weeks),
            settings=settings,
            own=tuple(i for i, d in enumerate(ordered) if start_day(d.shift) in days),
            overlaps=_overlaps(ordered),
        )

    @property
    def by_week(self) -> tuple[tuple[int, ...], ...]:
        """Return the positions of the shifts that begin in each week."""
        at = {day: k for k, week in enumerate(self.weeks) for day in week.days}
        found: list[list[int]] = [[] for _ in self.weeks]
        for s in self.own:
            found[at[start_day(self.demand[s].shift)]].append(s)
        return tuple(map(tuple, found))

    def most_min(self, worker: int) -> int:
        """Return the minutes a worker may work in one week without overtime."""
        hours = min(self.workers[worker].weekly_hours, self.settings.max_weekly_h)
        return round(hours * 60)

    def absent(self, worker: int, shift: int) -> bool:
        """Return whether an absence of the worker touches a day of the shift."""
        found = self.demand[shift].shift
        first, last = start_day(found), found.end.astimezone(TIRANE).date()
        return any(
            a.worker == self.workers[worker].id and a.first <= last and first <= a.last
            for a in self.absences
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The solver's model and its unknowns.

    `works` and `calls` are by (worker, shift) position: the worker is in the
    shift; is on call for it. `staffed` is by shift: it takes place.
    `overtime` is by worker, then week, in minutes.
    """

    model: cp_model.CpModel
    problem: Problem
    works: Mapping[tuple[int, int], cp_model.IntVar]
    calls: Mapping[tuple[int, int], cp_model.IntVar]
    staffed: Sequence[cp_model.IntVar]
    overtime: Sequence[Sequence[cp_model.IntVar]]

    @property
    def n_dropped(self) -> cp_model.LinearExpr:
        """Return the number of shifts of the week that do not take place."""
        return total([1 - self.staffed[s] for s in self.problem.own])

    def minutes_of(self, worker: int, shifts: Sequence[int]) -> cp_model.LinearExpr:
        """Return the minutes the worker works in the shifts."""
        demand = self.problem.demand
        return total([minutes(demand[s].shift) * self.works[worker, s] for s in shifts])


def consecutive(weeks: Sequence[Week]) -> tuple[Week, ...]:
    """Return the weeks if each follows the one before, and there are 1 to 8; else raise."""
    days = timedelta(days=7)
    is_chain = all(b.monday - a.monday == days for a, b in pairwise(weeks))
    if not 1 <= len(weeks) <= MOST_WEEKS or not is_chain:
        msg = f"a roster is made for 1 to {MOST_WEEKS} weeks that follow one another"
        raise ValueError(msg)
    return tuple(weeks)


def _overlaps(demand: Sequence[Demand]) -> tuple[tuple[int, int], ...]:
    return tuple(
        (i, j)
        for i, j in combinations(range(len(demand)), 2)
        if demand[j].shift.start < demand[i].shift.end
        and demand[i].shift.start < demand[j].shift.end
    )


def total(terms: Sequence[cp_model.LinearExpr]) -> cp_model.LinearExpr:
    """Return a sum the solver understands, of no terms too."""
    return cp_model.LinearExpr.sum(list(terms))


def start_day(shift: Shift) -> date:
    """Return the working day of a shift: the local day on which it begins."""
    return shift.start.astimezone(TIRANE).date()


def minutes(shift: Shift) -> int:
    """Return the length of a shift in minutes, right on the days the clocks change too."""
    return _minutes_between(shift.start, shift.end)


def _minutes_between(start: datetime, end: datetime) -> int:
    return round((end.astimezone(UTC) - start.astimezone(UTC)).total_seconds() / 60)


def night_minutes(shift: Shift, settings: RosterSettings) -> int:
    """Return how many minutes of a shift lie in the night."""
    day, total = start_day(shift) - timedelta(days=1), 0
    while day <= shift.end.astimezone(TIRANE).date():
        begins = _at(day, settings.night_from_h)
        crosses = settings.night_until_h <= settings.night_from_h
        ends = _at(day + timedelta(days=int(crosses)), settings.night_until_h)
        total += max(0, _minutes_between(max(begins, shift.start), min(ends, shift.end)))
        day += timedelta(days=1)
    return total


def _at(day: date, hour: int) -> datetime:
    day += timedelta(days=hour // _MIDNIGHT_H)
    return datetime(day.year, day.month, day.day, hour % _MIDNIGHT_H, tzinfo=TIRANE)


def break_min(shift: Shift, settings: RosterSettings) -> int:
    """Return the minutes of break a shift holds: none for a short one."""
    return settings.break_min if minutes(shift) > settings.break_after_h * 60 else 0


@lru_cache(maxsize=8)
def _holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("AL", years=year))


def is_public_holiday(day: date) -> bool:
    """Return whether a day is a public holiday of Albania (the day given in lieu included)."""
    return day in _holidays(day.year)


def start_draft(problem: Problem, required: frozenset[int] | None) -> Draft:
    """Return a model with its unknowns and nothing forbidden yet.

    Parameters
    ----------
    problem
        What is asked for.
    required
        Positions of the shifts that have to take place, the others of the week
        not; None: every shift of the week may take place or not.
    """
    model = cp_model.CpModel()
    n_workers, n_shifts, n_weeks = len(problem.workers), len(problem.demand), len(problem.weeks)
    pairs = [(w, s) for w in range(n_workers) for s in range(n_shifts)]
    draft = Draft(
        model=model,
        problem=problem,
        works={(w, s): model.new_bool_var(f"works_{w}_{s}") for w, s in pairs},
        calls={
            (w, s): model.new_bool_var(f"calls_{w}_{s}")
            for w, s in pairs
            if Skill.CHILD_PROTECTION in problem.workers[w].skills
        },
        staffed=[model.new_bool_var(f"staffed_{s}") for s in range(n_shifts)],
        overtime=[
            [model.new_int_var(0, 7 * 24 * 60, f"overtime_{w}_{k}") for k in range(n_weeks)]
            for w in range(n_workers)
        ],
    )
    own = set(problem.own)
    for s, wanted in enumerate(problem.demand):
        if s not in own:
            model.add(draft.staffed[s] == 1)
        elif required is not None:
            model.add(draft.staffed[s] == int(s in required))
        _keep_named(draft, s, wanted, is_own=s in own)
    return draft


def _keep_named(draft: Draft, shift: int, wanted: Demand, *, is_own: bool) -> None:
    named, on_call = set(wanted.shift.workers), set(wanted.shift.on_call)
    for w, worker in enumerate(draft.problem.workers):
        works, calls = draft.works[w, shift], draft.calls.get((w, shift))
        if not is_own:
            draft.model.add(works == int(worker.id in named))
        elif worker.id in named:
            draft.model.add(works == draft.staffed[shift])
        draft.model.add_implication(works, draft.staffed[shift])
        if calls is None:
            continue
        if not is_own:
            draft.model.add(calls == int(worker.id in on_call))
        draft.model.add_implication(calls, draft.staffed[shift])
        draft.model.add_at_most_one(calls, works)
