"""What a roster is made from: the shifts asked for, the people, the limits, in a fixed order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise

import holidays

from data.duties import Wish
from data.nouns import TIRANE, Absence, Shift, Week, Worker
from data.vocabulary import DutyKind, Language, Skill

__all__ = [
    "ESCORTS",
    "MOST_WEEKS",
    "Demand",
    "Problem",
    "RosterSettings",
    "break_min",
    "consecutive",
    "is_escort",
    "is_public_holiday",
    "minutes",
    "night_minutes",
    "start_day",
]

_MIDNIGHT_H = 24
#: Two months: more is no roster but a wish.
MOST_WEEKS = 8
#: These go out on joint rounds only, beside the team and never as a part of it.
ESCORTS = frozenset({Skill.POLICE, Skill.INSPECTOR})


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
    work_on_holidays, substitute_rest
        Whether anybody works on a public holiday, and whether they get another day off for it.
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
    need_driver, need_language
        Whether a team that drives has to have a driver, and one that asks for a
        language somebody who speaks it; else both are only wished for.
    casework_h, casework_block_h, casework_from_h
        Hours a week that every child protection worker keeps for home visits and
        monthly contacts where they fit, in pieces of how long, from which hour of the day on.
    helpline_rota, rota_from_h, max_rota_days
        Whether one trained person is on call for the helpline around the clock, from
        which hour on each day, and on how many days a week one person at most.
    leave_unstaffed
        Whether a shift that cannot be staffed is left out instead of making the roster fail.
    effort
        Solver's deterministic time units; each a second or two on one core.
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
    substitute_rest: bool = True
    holidays: tuple[date, ...] | None = None
    away: tuple[tuple[str, date, date], ...] = ()
    min_trained: int = 2
    need_protection_worker: bool = True
    on_call_while_out: bool = True
    need_driver: bool = False
    need_language: bool = False
    casework_h: float = 8.0
    casework_block_h: float = 4.0
    casework_from_h: int = 8
    helpline_rota: bool = False
    rota_from_h: int = 8
    max_rota_days: int = 3
    leave_unstaffed: bool = False
    effort: float = 1.5
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

    A shift of the weeks that already names workers keeps them. A shift outside
    them is what was worked before or will be after: it is not changed, but
    rest is counted from it. `team_name` is what sentences call the team.

    Parameters
    ----------
    joint
        On a joint round: somebody with one of these skills (police, labour
        inspector) goes along, besides the people of the team.
    languages
        One of them should be spoken by somebody in the team.
    kind
        A round; or a piece of casework or a day on call, that stands without a team.
    """

    shift: Shift
    size: int = 2
    members: tuple[str, ...] = ()
    team_name: str = ""
    joint: frozenset[Skill] = frozenset()
    languages: frozenset[Language] = frozenset()
    kind: DutyKind = DutyKind.ROUND


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """All that a roster depends on, in a fixed order; shifts and workers are known by position.

    Parameters
    ----------
    like
        Shifts of the roster in force, or of the week before: as few changes from
        them as can be. By their id, else by team, weekday and hour.
    own
        The shifts that begin in one of the weeks.
    """

    demand: tuple[Demand, ...]
    workers: tuple[Worker, ...]
    absences: tuple[Absence, ...]
    weeks: tuple[Week, ...]
    settings: RosterSettings
    wishes: tuple[Wish, ...] = ()
    like: tuple[Shift, ...] = ()
    own: tuple[int, ...]

    @classmethod
    def of(  # noqa: PLR0913 - all that a roster depends on
        cls,
        demand: Sequence[Demand],
        workers: Sequence[Worker],
        absences: Sequence[Absence],
        weeks: Sequence[Week],
        settings: RosterSettings,
        *,
        wishes: Sequence[Wish] = (),
        like: Sequence[Shift] = (),
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
            wishes=tuple(sorted(wishes, key=lambda w: (w.worker, w.day, w.wants, w.team))),
            like=tuple(sorted(like, key=lambda s: (s.start, s.id))),
            own=tuple(i for i, d in enumerate(ordered) if start_day(d.shift) in days),
        )

    def of_kind(self, kind: DutyKind) -> tuple[int, ...]:
        """Return the own shifts of a kind."""
        return tuple(s for s in self.own if self.demand[s].kind is kind)

    @property
    def rounds(self) -> tuple[int, ...]:
        """Return the own shifts in which a team goes out."""
        return self.of_kind(DutyKind.ROUND)

    @property
    def work(self) -> tuple[int, ...]:
        """Return the own shifts that are hours of work: being on call is none."""
        return tuple(s for s in self.own if self.demand[s].kind is not DutyKind.ON_CALL)

    @property
    def every_work(self) -> tuple[int, ...]:
        """Return the shifts that are hours of work, those outside the weeks among them."""
        kinds = (d.kind for d in self.demand)
        return tuple(s for s, kind in enumerate(kinds) if kind is not DutyKind.ON_CALL)

    def by_week(self, shifts: Sequence[int]) -> tuple[tuple[int, ...], ...]:
        """Return own shifts parted by the week in which they begin."""
        at = {day: k for k, week in enumerate(self.weeks) for day in week.days}
        found: list[list[int]] = [[] for _ in self.weeks]
        for s in shifts:
            found[at[start_day(self.demand[s].shift)]].append(s)
        return tuple(map(tuple, found))

    def by_day(self, shifts: Sequence[int]) -> Mapping[date, tuple[int, ...]]:
        """Return shifts parted by the day on which they begin, in the order of the days."""
        found: dict[date, list[int]] = defaultdict(list)
        for s in shifts:
            found[start_day(self.demand[s].shift)].append(s)
        return {day: tuple(found[day]) for day in sorted(found)}

    def closer_than(self, shifts: Sequence[int], rest: timedelta) -> list[tuple[int, int]]:
        """Return the pairs, the earlier first, with less than so much time between them."""
        found = []
        spans = [
            (
                s,
                self.demand[s].shift.start.astimezone(UTC),
                self.demand[s].shift.end.astimezone(UTC),
            )
            for s in sorted(shifts)
        ]
        for at, (i, _, end) in enumerate(spans):
            for j, start, _ in spans[at + 1 :]:
                if start - end >= rest:
                    break
                found.append((i, j))
        return found

    @property
    def overlaps(self) -> list[tuple[int, int]]:
        """Return the pairs of working shifts that share a moment."""
        return self.closer_than(self.every_work, timedelta(0))

    def may(self, worker: int, shift: int) -> bool:
        """Return whether a shift is of a kind that the worker does at all."""
        who, kind = self.workers[worker], self.demand[shift].kind
        if kind is DutyKind.CASEWORK:
            return Skill.CHILD_PROTECTION in who.skills
        return kind is DutyKind.ROUND or (who.trained and not is_escort(who))

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

    def available(self, worker: int, shift: int) -> bool:
        """Return whether a shift lies in the weekdays and hours of the worker."""
        who, found = self.workers[worker], self.demand[shift].shift
        start, end = found.start.astimezone(TIRANE), found.end.astimezone(TIRANE)
        if start.weekday() not in who.available_days:
            return False
        begins = datetime.combine(start.date(), who.available_from or time(), TIRANE)
        ends = end
        if who.available_until is not None:
            late = int(who.available_until <= (who.available_from or time()))
            day = start.date() + timedelta(days=late)
            ends = datetime.combine(day, who.available_until, TIRANE)
        return begins <= start and end <= ends


def is_escort(worker: Worker) -> bool:
    """Return whether somebody goes along on joint rounds only: police or labour inspectors."""
    return bool(worker.skills & ESCORTS)


def consecutive(weeks: Sequence[Week]) -> tuple[Week, ...]:
    """Return the weeks if each follows the one before, and there are 1 to 8; else raise."""
    days = timedelta(days=7)
    is_chain = all(b.monday - a.monday == days for a, b in pairwise(weeks))
    if not 1 <= len(weeks) <= MOST_WEEKS or not is_chain:
        msg = f"a roster is made for 1 to {MOST_WEEKS} weeks that follow one another"
        raise ValueError(msg)
    return tuple(weeks)


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
