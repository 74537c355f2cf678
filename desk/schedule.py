"""The week of a municipality's people: shifts of the plan, or the usual hours without one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from data.access import Action, Purpose, release_plan, require
from data.messages import Message
from data.nouns import TIRANE, Absence, Shift, Team, Viewer, Week, Worker
from data.vocabulary import PlanStatus
from desk.wiring import House
from patrol.roster import RosterSettings, make_demand, rule_sentences

__all__ = ["WeekGrid", "week_grid"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekGrid:
    """Who works when.

    Parameters
    ----------
    status
        Of the plan the shifts come from; without a plan they are the teams'
        usual hours, and nobody stands in them yet.
    rules
        The rules of working time that every roster keeps.
    """

    week: Week
    workers: tuple[Worker, ...]
    teams: tuple[Team, ...]
    shifts: tuple[Shift, ...]
    absences: tuple[Absence, ...]
    status: PlanStatus | None
    notes: tuple[Message, ...]
    rules: tuple[Message, ...]


def week_grid(house: House, viewer: Viewer, municipality: str, week: Week) -> WeekGrid:
    """Return the week of a municipality's people.

    Raises
    ------
    AccessDeniedError
        If the viewer may not see schedules there.
    """
    require(viewer, Action.SEE_SCHEDULE, municipality)
    house.audit(viewer, "schedule.see", purpose=Purpose.SCHEDULE, scope=municipality)
    store = house.store
    kept = store.plans(municipality, week)
    teams = store.teams(municipality)
    shifts = tuple(demand.shift for demand in make_demand(teams, week))
    status: PlanStatus | None = None
    notes: tuple[Message, ...] = ()
    if kept:
        newest = max(kept, key=lambda plan: (plan.status is PlanStatus.APPROVED, plan.version))
        plan = release_plan(viewer, newest, today=datetime.now(TIRANE).date())
        shifts, status, notes = plan.shifts, plan.status, plan.notes
    days = set(week.days)
    return WeekGrid(
        week=week,
        workers=store.workers(municipality),
        teams=teams,
        shifts=shifts,
        absences=tuple(
            absence
            for absence in store.absences(municipality)
            if any(absence.first <= day <= absence.last for day in days)
        ),
        status=status,
        notes=notes,
        rules=rule_sentences(RosterSettings()),
    )
