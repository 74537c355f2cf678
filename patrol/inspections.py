"""Joint inspections of the calendar become joint rounds of the roster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from data.calendar import CalendarEntry, is_on
from data.messages import Message
from data.nouns import TIRANE, Absence, Worker
from data.vocabulary import CalendarKind, Skill
from patrol.roster import Demand
from patrol.season import Season

__all__ = ["with_inspections"]

#: Who goes along on an inspection.
_ALONG: Final = frozenset({Skill.INSPECTOR})


def with_inspections(
    demand: Sequence[Demand],
    season: Season,
    workers: Sequence[Worker],
    absences: Sequence[Absence],
) -> tuple[tuple[Demand, ...], tuple[Message, ...]]:
    """Return the shifts, those of joint inspections as joint rounds; and what could not be one.

    An entry that names a team is that team's round of the day; else it is the first
    one's. Without an inspector who can come the round takes place, and the plan says
    that the inspection does not: nobody's round is lost for a line in the calendar.
    """
    entries = [e for e in season.entries if e.kind is CalendarKind.JOINT_INSPECTION]
    made, notes = list(demand), []
    for entry in entries:
        for day in sorted({_day(one) for one in demand if is_on(entry, _day(one))}):
            mine = _chosen(made, entry, day)
            if mine is None:
                continue
            if not _can_come(workers, absences, day):
                notes.append(Message("plan.inspection_alone", {"day": day}))
                continue
            made[mine] = replace(made[mine], joint=made[mine].joint | _ALONG)
    return tuple(made), tuple(dict.fromkeys(notes))


def _chosen(demand: Sequence[Demand], entry: CalendarEntry, day: date) -> int | None:
    """Return the shift of an inspection: of its team and day, and begun before it is over."""
    found = [
        n
        for n, one in enumerate(demand)
        if _day(one) == day and entry.team in {"", one.shift.team} and _fits(one, entry)
    ]
    return min(found, key=lambda n: (demand[n].shift.start, demand[n].shift.id), default=None)


def _fits(one: Demand, entry: CalendarEntry) -> bool:
    if entry.start is None or entry.end is None or entry.end <= entry.start:
        return True
    begins, ends = one.shift.start.astimezone(TIRANE), one.shift.end.astimezone(TIRANE)
    over = ends.date() > begins.date()
    return begins.time() < entry.end and (over or entry.start < ends.time())


def _can_come(workers: Sequence[Worker], absences: Sequence[Absence], day: date) -> bool:
    away = {one.worker for one in absences if one.first <= day <= one.last}
    return any(worker.skills & _ALONG and worker.id not in away for worker in workers)


def _day(one: Demand) -> date:
    return one.shift.start.astimezone(TIRANE).date()
