"""The roster as a calendar: who goes out when, and not where."""

from __future__ import annotations

from datetime import UTC

from icalendar import Calendar, Event

from data.nouns import TIRANE, Plan
from layers.marks import plan_lines
from layers.words import Words

__all__ = ["roster_ics"]


def roster_ics(plan: Plan, words: Words) -> bytes:
    """Return an event a shift; a later version of the plan updates the same events."""
    calendar = Calendar()
    calendar.add("prodid", "-//Fener//plan//SQ")
    calendar.add("version", "2.0")
    teams = {team.id: team.name for team in plan.teams}
    for shift in plan.shifts:
        event = Event()
        event.add("uid", f"{shift.id}.{plan.area}@fener.invalid")
        event.add("sequence", plan.version)
        event.add("dtstamp", plan.marks.as_of.astimezone(UTC))
        event.add("dtstart", shift.start.astimezone(TIRANE))
        event.add("dtend", shift.end.astimezone(TIRANE))
        event.add("summary", words("file.round", team=teams.get(shift.team, shift.team)))
        event.add("description", "\n".join(plan_lines(plan, words)))
        event.add("class", "CONFIDENTIAL")
        calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())
