"""Teams lent and borrowed: what a loan adds to one crew and takes out of the other, by days.

A team keeps its hours and its people. What it works for one municipality
it does not work for the other: the days are parted, and in a week that is parted the
contract's hours are too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from data.lending import Loan, in_force
from data.nouns import LENT, Absence, Base, Team, Week, Worker

__all__ = ["Away", "LentCrew", "crew_with_loans"]

_DAY: Final = timedelta(days=1)
#: A team and the days, first and last included, on which it works elsewhere or not at all.
Away = tuple[str, date, date]


@dataclass(frozen=True, slots=True, kw_only=True)
class LentCrew:
    """A crew as it is in some weeks, with the loans of these days in it.

    Parameters
    ----------
    away
        When which of its teams have no shift here.
    """

    workers: tuple[Worker, ...]
    teams: tuple[Team, ...]
    bases: tuple[Base, ...]
    absences: tuple[Absence, ...]
    away: tuple[Away, ...] = ()


def crew_with_loans(
    own: LentCrew,
    lenders: LentCrew,
    loans: Sequence[Loan],
    municipality: str,
    weeks: Sequence[Week],
) -> LentCrew:
    """Return a municipality's crew with the teams it borrows, and without those it lends.

    Nobody of a borrowed team is known here by name.

    Parameters
    ----------
    own
        The municipality's own crew.
    lenders
        The crews of those who lend to it, together.
    """
    days = tuple(day for week in weeks for day in week.days)
    out = {team.id: _days(team.id, loans, days, lender=municipality) for team in own.teams}
    here = {team.id: _days(team.id, loans, days, borrower=municipality) for team in lenders.teams}
    borrowed = [team for team in lenders.teams if here[team.id]]
    gone = {member for team in own.teams if out[team.id] for member in team.members}
    away = [
        *((team.id, *span) for team in own.teams for span in _spans(out[team.id])),
        *(
            (team.id, *span)
            for team in borrowed
            for span in _spans([day for day in days if day not in here[team.id]])
        ),
    ]
    taken = {
        member: [day for team in own.teams if member in team.members for day in out[team.id]]
        for member in gone
    }
    return LentCrew(
        workers=(
            *(_parted(w, own.teams, out, weeks, lent=True) for w in own.workers),
            *_guests(borrowed, lenders.workers, here, weeks),
        ),
        teams=(*own.teams, *borrowed),
        bases=(*own.bases, *_bases(own.bases, borrowed, lenders.bases)),
        absences=(
            *own.absences,
            *_absences(taken),
            *_guest_absences(borrowed, lenders.absences, here, days),
        ),
        away=tuple(away),
    )


def _days(
    team: str,
    loans: Iterable[Loan],
    days: Iterable[date],
    *,
    lender: str | None = None,
    borrower: str | None = None,
) -> frozenset[date]:
    """Return the days on which a team is lent by, or to, a municipality."""
    own = [
        one
        for one in loans
        if one.team == team and lender in {None, one.lender} and borrower in {None, one.borrower}
    ]
    return frozenset(day for day in days if in_force(own, day))


def _spans(days: Iterable[date]) -> tuple[tuple[date, date], ...]:
    """Return days as spans, first and last included."""
    spans: list[tuple[date, date]] = []
    for day in sorted(set(days)):
        if spans and spans[-1][1] + _DAY == day:
            spans[-1] = (spans[-1][0], day)
        else:
            spans.append((day, day))
    return tuple(spans)


def _absences(taken: dict[str, list[date]]) -> tuple[Absence, ...]:
    return tuple(
        Absence(worker=worker, first=first, last=last, kind=LENT)
        for worker in sorted(taken)
        for first, last in _spans(taken[worker])
    )


def _guests(
    teams: Sequence[Team],
    workers: Iterable[Worker],
    here: dict[str, frozenset[date]],
    weeks: Sequence[Week],
) -> tuple[Worker, ...]:
    """Return the people of borrowed teams: each once, by team and number."""
    known = {worker.id: worker for worker in workers}
    found: dict[str, Worker] = {}
    for team in teams:
        for number, member in enumerate(team.members, start=1):
            if member in known and member not in found:
                named = replace(known[member], name=f"{team.name} · {number}")
                found[member] = _parted(named, teams, here, weeks, lent=False)
    return tuple(found.values())


def _guest_absences(
    teams: Sequence[Team],
    absences: Iterable[Absence],
    here: dict[str, frozenset[date]],
    days: Sequence[date],
) -> tuple[Absence, ...]:
    """Return when people of borrowed teams are not here: at home, or away altogether."""
    there: dict[str, set[date]] = {}
    for team in teams:
        for member in team.members:
            there.setdefault(member, set()).update(here[team.id])
    off = {member: [day for day in days if day not in found] for member, found in there.items()}
    for absence in absences:
        if absence.worker in off:
            span = (absence.last - absence.first).days + 1
            off[absence.worker] += [absence.first + n * _DAY for n in range(span)]
    return _absences(off)


def _bases(own: Iterable[Base], teams: Iterable[Team], others: Iterable[Base]) -> tuple[Base, ...]:
    known, wanted = {base.id for base in own}, {team.base for team in teams}
    return tuple(base for base in others if base.id in wanted - known)


def _parted(
    worker: Worker,
    teams: Iterable[Team],
    days: dict[str, frozenset[date]],
    weeks: Iterable[Week],
    *,
    lent: bool,
) -> Worker:
    """Return a worker with the contract's hours of the poorest week that a loan parts."""
    own = [team for team in teams if worker.id in team.members]
    shares = []
    for week in weeks:
        usual = {day for team in own for day in week.days if day.weekday() in team.weekdays}
        loan = {day for team in own for day in days[team.id]} & usual
        if usual and loan and loan != usual:
            share = len(loan) / len(usual)
            shares.append(1.0 - share if lent else share)
    if not shares:
        return worker
    return replace(worker, weekly_hours=round(worker.weekly_hours * min(shares), 2))
