"""The week of a municipality's people: shifts of the plan, or the usual hours without one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final, TypeVar

from data.access import Action, Purpose, release_calendar, release_plan, require
from data.calendar import CalendarEntry
from data.duties import Duty, Wish
from data.messages import Message
from data.nouns import LENT, TIRANE, Absence, Plan, Shift, Team, Viewer, Week, Worker
from data.vocabulary import CalendarKind, DutyKind, PlanStatus, Wants
from desk.evidence import Crew
from desk.ground import area_of
from desk.lending import crew_in
from desk.season import season_of
from desk.wiring import House
from patrol.roster import RosterSettings, make_demand, rule_sentences, wish_sentences
from patrol.roster_problem import is_escort
from patrol.season import SeasonWeek

__all__ = ["PersonDay", "WeekGrid", "hours_of", "week_grid"]

#: What a plan says of its people; the rest of its notes is about places.
_NOTES: Final = ("roster.", "plan.idle_shifts", "plan.repaired")

_NO_NEWS: Final = frozenset({CalendarKind.PUBLIC_HOLIDAY, CalendarKind.SCHOOL_YEAR})

Noun = TypeVar("Noun", Worker, Team)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDay:
    """What one person does on one day."""

    shifts: tuple[Shift, ...]
    on_call: tuple[Shift, ...]
    absent: bool
    duties: tuple[Duty, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekGrid:
    """Who works when.

    Parameters
    ----------
    status, version
        Of the plan the shifts come from; without a plan they are the teams'
        usual hours, and nobody stands in them yet.
    absences
        Those that touch the week, as they are known now.
    holidays
        The week's public holidays.
    calendar
        What else the calendar holds that week, with the days on which it is on.
    rules
        The rules of working time that every roster keeps.
    duties
        Casework and days on call for the helpline.
    liked
        What a roster would like and may give up.
    """

    week: Week
    workers: tuple[Worker, ...]
    teams: tuple[Team, ...]
    shifts: tuple[Shift, ...]
    absences: tuple[Absence, ...]
    holidays: tuple[date, ...]
    status: PlanStatus | None
    version: int
    notes: tuple[Message, ...]
    rules: tuple[Message, ...]
    calendar: tuple[tuple[CalendarEntry, tuple[date, ...]], ...] = ()
    duties: tuple[Duty, ...] = ()
    liked: tuple[Message, ...] = ()

    def shifts_on(self, day: date) -> tuple[Shift, ...]:
        """Return the shifts that begin on a day, by start."""
        return tuple(shift for shift in self.shifts if _day(shift) == day)

    def person_day(self, worker: str, day: date) -> PersonDay:
        """Return what a person does on a day."""
        found = self.shifts_on(day)
        return PersonDay(
            shifts=tuple(shift for shift in found if worker in shift.workers),
            on_call=tuple(shift for shift in found if worker in shift.on_call),
            absent=worker in self.absent_on(day),
            duties=tuple(
                duty
                for duty in self.duties
                if worker in duty.workers and duty.start.astimezone(TIRANE).date() == day
            ),
        )

    def is_joint(self, shift: Shift) -> bool:
        """Return whether police or a labour inspector goes along."""
        along = {worker.id for worker in self.workers if is_escort(worker)}
        return bool(along & set(shift.workers))

    def keeps(self, wish: Wish) -> bool:
        """Return whether the plan gives somebody what they would like of a day."""
        found = self.person_day(wish.worker, wish.day)
        if wish.wants is Wants.OFF:
            return not (found.shifts or found.duties)
        return any(wish.team in {"", shift.team} for shift in found.shifts)

    def absent_on(self, day: date) -> frozenset[str]:
        """Return who is absent on a day."""
        return frozenset(one.worker for one in self.absences if one.first <= day <= one.last)

    def lent_on(self, day: date) -> frozenset[str]:
        """Return who is absent on a day because of a loan and of nothing else."""
        of_day = [one for one in self.absences if one.first <= day <= one.last]
        return self.absent_on(day) - {one.worker for one in of_day if one.kind != LENT}

    def hours(self, worker: str) -> float:
        """Return a person's hours of work in the week; being on call is none."""
        rounds = sum(hours_of(shift) for shift in self.shifts if worker in shift.workers)
        cases = (duty for duty in self.duties if duty.kind is DutyKind.CASEWORK)
        return rounds + sum(hours_of(duty) for duty in cases if worker in duty.workers)

    @property
    def clashes(self) -> tuple[tuple[str, Shift], ...]:
        """Return who stands in a shift, or on call for it, on a day of absence noted later."""
        return tuple(
            (worker, shift)
            for shift in self.shifts
            for worker in (*shift.workers, *shift.on_call)
            if worker in self.absent_on(_day(shift)) | self.absent_on(_last_day(shift))
        )


def hours_of(shift: Shift | Duty) -> float:
    """Return the length of a shift in hours, right on the days the clocks change too."""
    return (shift.end.astimezone(UTC) - shift.start.astimezone(UTC)).total_seconds() / 3600


def week_grid(house: House, viewer: Viewer, municipality: str, week: Week) -> WeekGrid:
    """Return the week of a municipality's people: of the approved plan, else of the newest draft.

    Raises
    ------
    AccessDeniedError
        If the viewer may not see schedules there.
    """
    require(viewer, Action.SEE_SCHEDULE, municipality)
    house.audit(viewer, "schedule.see", purpose=Purpose.SCHEDULE, scope=municipality)
    store = house.store
    plan = _in_force(house, viewer, municipality, week)
    season = season_of(house, area_of(municipality), [week])
    holidays = season.closed(week.monday, week.days[-1])
    own = Crew(
        workers=store.workers(municipality),
        teams=store.teams(municipality),
        bases=(),
        absences=store.absences(municipality),
    )
    crew, away = crew_in(house, municipality, own, [week])
    workers, teams = crew.workers, crew.teams
    if plan is None:
        limits = RosterSettings(holidays=holidays, away=away)
        shifts = tuple(one.shift for one in make_demand(teams, (week,), settings=limits))
    else:
        shifts = plan.shifts
        workers, teams = _joined(workers, plan.workers), _joined(teams, plan.teams)
    return WeekGrid(
        week=week,
        workers=workers,
        teams=teams,
        shifts=tuple(sorted(shifts, key=lambda shift: (shift.start, shift.id))),
        absences=tuple(
            absence
            for absence in crew.absences
            if absence.first <= week.days[-1] and week.monday <= absence.last
        ),
        holidays=holidays,
        status=None if plan is None else plan.status,
        version=0 if plan is None else plan.version,
        notes=() if plan is None else tuple(n for n in plan.notes if n.id.startswith(_NOTES)),
        rules=rule_sentences(RosterSettings()),
        calendar=_calendar(viewer, season.week(week)),
        duties=() if plan is None else plan.duties,
        liked=wish_sentences(),
    )


def _calendar(
    viewer: Viewer, season: SeasonWeek
) -> tuple[tuple[CalendarEntry, tuple[date, ...]], ...]:
    """Return what is on in the week; what is on all year round and the holidays are no news."""
    released = {entry.id for entry in release_calendar(viewer, (e for e, _ in season.on))}
    return tuple(
        (entry, days)
        for entry, days in season.on
        if entry.id in released and entry.kind not in _NO_NEWS
    )


def _in_force(house: House, viewer: Viewer, municipality: str, week: Week) -> Plan | None:
    kept = house.store.plans(municipality, week)
    if not kept:
        return None
    newest = max(kept, key=lambda plan: (plan.status.rank, plan.version))
    return release_plan(viewer, newest, today=datetime.now(TIRANE).date())


def _joined(now: Iterable[Noun], then: Iterable[Noun]) -> tuple[Noun, ...]:
    """Return who is known now and who stands in the plan, by name; a name is as it is now."""
    by_id = {one.id: one for one in then} | {one.id: one for one in now}
    return tuple(sorted(by_id.values(), key=lambda one: (one.name, one.id)))


def _day(shift: Shift) -> date:
    return shift.start.astimezone(TIRANE).date()


def _last_day(shift: Shift) -> date:
    return shift.end.astimezone(TIRANE).date()
