"""A joint inspection of the calendar is a joint round, where an inspector can come."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from data.calendar import CalendarEntry
from data.messages import Message
from data.nouns import TIRANE, Absence, Shift, Week, Worker
from data.vocabulary import CalendarKind, Skill, TravelMode
from patrol.inspections import with_inspections
from patrol.roster import Demand
from patrol.season import Season

DURRES = "AL0301"
WEEK = Week.parse("2027-W10")
TUESDAY = WEEK.days[1]
INSPECTOR = Worker(id="i", name="i", municipality=DURRES, skills=frozenset({Skill.INSPECTOR}))
ENTRY = CalendarEntry(
    id="e",
    municipality=DURRES,
    kind=CalendarKind.JOINT_INSPECTION,
    first=TUESDAY,
    last=TUESDAY,
    team="t2",
)


def demand() -> tuple[Demand, ...]:
    """Return a morning of one team and an afternoon of another, on Monday and on Tuesday."""
    return tuple(
        Demand(
            shift=Shift(
                id=f"{team}-{day}",
                team=team,
                base="b",
                mode=TravelMode.WALK,
                start=datetime.combine(day, time(hour), TIRANE),
                end=datetime.combine(day, time(hour), TIRANE) + timedelta(hours=5),
            )
        )
        for day in WEEK.days[:2]
        for team, hour in (("t1", 8), ("t2", 14))
    )


def joint(entry: CalendarEntry, *absences: Absence) -> list[str]:
    made, _ = with_inspections(demand(), Season(entries=(entry,)), [INSPECTOR], absences)
    return [one.shift.id for one in made if one.joint == {Skill.INSPECTOR}]


def test_it_is_the_round_of_its_team_on_its_day_and_no_other():
    assert joint(ENTRY) == [f"t2-{TUESDAY}"]


@pytest.mark.parametrize(("start", "end", "team"), [(8, 12, "t1"), (15, 17, "t2")])
def test_without_a_team_it_is_the_first_round_of_its_hours(start: int, end: int, team: str):
    entry = replace(ENTRY, team="", start=time(start), end=time(end))

    assert joint(entry) == [f"{team}-{TUESDAY}"]


def test_without_an_inspector_who_can_come_no_round_is_lost_and_the_plan_says_so():
    away = Absence(worker="i", first=TUESDAY, last=TUESDAY)
    made, notes = with_inspections(demand(), Season(entries=(ENTRY,)), [INSPECTOR], [away])

    assert made == demand()
    assert notes == (Message("plan.inspection_alone", {"day": TUESDAY}),)
    assert joint(ENTRY, away) == []


def test_a_day_without_a_round_and_another_kind_of_entry_change_nothing():
    sunday = replace(ENTRY, first=WEEK.days[6], last=WEEK.days[6])
    market = replace(ENTRY, kind=CalendarKind.MARKET)

    assert joint(sunday) == joint(market) == []
