"""Workers, shifts and demands for the tests of rosters."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from data.nouns import TIRANE, Shift, Week, Worker
from data.vocabulary import Skill, TravelMode
from patrol.roster import Demand

__all__ = ["PEOPLE", "PROTECTION", "WEEK", "asked", "shift", "worker"]

WEEK = Week(year=2026, number=28)  # 6 to 12 July: no public holiday


def worker(name: str, *skills: Skill, **changes: object) -> Worker:
    """Return a trained worker with a full contract, but for what is said otherwise."""
    fields = {"name": name, "municipality": "AL0301", "skills": frozenset(skills)}
    return Worker(id=name, **{**fields, **changes})


PROTECTION = worker("P1", Skill.CHILD_PROTECTION)
PEOPLE = (PROTECTION, worker("P2", Skill.CHILD_PROTECTION), worker("W1"), worker("W2"))


def shift(day: int, start: int, hours: float, *, team: str = "T1", week: Week = WEEK) -> Shift:
    """Return a shift on a day of the week (0 is Monday) from a full hour on."""
    begins = datetime.combine(week.monday + timedelta(days=day), time(start), TIRANE)
    ends = (begins.astimezone(UTC) + timedelta(hours=hours)).astimezone(TIRANE)
    name = f"{team}-{begins:%m%d}-{start}"
    return Shift(id=name, team=team, base="B", mode=TravelMode.WALK, start=begins, end=ends)


def asked(*shifts: Shift, size: int = 2, members: tuple[str, ...] = ()) -> list[Demand]:
    """Return what asks for the shifts, each by as many people."""
    return [Demand(shift=s, size=size, members=members) for s in shifts]
