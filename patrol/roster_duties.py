"""Duties without a team: pieces of casework, and days on call for the helpline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from data.duties import Duty
from data.nouns import TIRANE, Shift, Week, Worker
from data.vocabulary import DutyKind, Skill, TravelMode
from patrol.roster_problem import Demand, RosterSettings, consecutive

__all__ = ["as_shift", "make_duties"]

_SATURDAY = 5
_MIDDAY_PIECES = 2


def as_shift(duty: Duty) -> Shift:
    """Return a duty as a shift without a team: the rules of a roster know only shifts."""
    return Shift(
        id=duty.id,
        team="",
        base="",
        mode=TravelMode.WALK,
        start=duty.start,
        end=duty.end,
        workers=duty.workers,
    )


def make_duties(
    workers: Sequence[Worker], weeks: Sequence[Week], *, settings: RosterSettings | None = None
) -> tuple[Demand, ...]:
    """Return what the weeks ask of the people besides rounds.

    Casework may be done in a morning or an afternoon piece of any working day;
    the roster chooses. A day on call runs to the same hour of the next day.

    Parameters
    ----------
    workers
        Without a child protection worker there is no casework, and without
        anybody trained no rota.
    weeks
        1 to 8 weeks that follow one another.
    settings
        Limits; the defaults where none are given.

    Returns
    -------
    tuple of Demand
        By day; ids are ``casework-YYYY-MM-DD-HH`` and ``on_call-YYYY-MM-DD``.
    """
    settings = settings or RosterSettings()
    cases = settings.casework_h > 0 and any(Skill.CHILD_PROTECTION in w.skills for w in workers)
    rota = settings.helpline_rota and any(w.trained for w in workers)
    found: list[Demand] = []
    for day in (day for week in consecutive(weeks) for day in week.days):
        if cases and day.weekday() < _SATURDAY and not settings.is_holiday(day):
            found.extend(_casework(day, settings))
        if rota:
            start = datetime(day.year, day.month, day.day, settings.rota_from_h, tzinfo=TIRANE)
            name = f"{DutyKind.ON_CALL}-{day.isoformat()}"
            found.append(_duty(name, DutyKind.ON_CALL, start, start + timedelta(days=1)))
    return tuple(found)


def _casework(day: date, settings: RosterSettings) -> Iterator[Demand]:
    length = timedelta(hours=settings.casework_block_h)
    start = datetime(day.year, day.month, day.day, settings.casework_from_h, tzinfo=TIRANE)
    for _ in range(_MIDDAY_PIECES):
        name = f"{DutyKind.CASEWORK}-{day.isoformat()}-{start:%H}"
        yield _duty(name, DutyKind.CASEWORK, start, start + length)
        start += length


def _duty(name: str, kind: DutyKind, start: datetime, end: datetime) -> Demand:
    shift = Shift(id=name, team="", base="", mode=TravelMode.WALK, start=start, end=end)
    return Demand(shift=shift, size=1, kind=kind)
