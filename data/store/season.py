"""Calendar entries and loans of teams in their tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, time
from typing import Any

from sqlalchemy import Connection, Engine, Table, delete, or_, select

from data.calendar import CalendarEntry
from data.errors import ContractError
from data.lending import Loan, overlapping
from data.messages import Message
from data.nouns import TIRANE
from data.store import invented
from data.store.engine import writing
from data.store.schema import CALENDAR, LOANS
from data.vocabulary import CalendarKind, LoanState, PlaceKind

__all__ = ["Calendar", "Loans"]


class Calendar:
    """The calendar entries people keep; every change is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def entries(self) -> tuple[CalendarEntry, ...]:
        """Return the entries that are kept, of all municipalities, by first day and id."""
        query = select(CALENDAR).order_by(CALENDAR.c.first, CALENDAR.c.id)
        with self._engine.connect() as connection:
            return tuple(_entry(dict(row)) for row in connection.execute(query).mappings())

    def put(
        self,
        entries: Iterable[CalendarEntry],
        *,
        synthetic: bool = False,
        instead_of_demo: bool = False,
    ) -> None:
        """Write entries by their ids: all of them or none.

        `instead_of_demo` erases the invented data in that same transaction.
        """
        with writing(self._engine) as connection:
            if instead_of_demo:
                invented.clear(connection)
            for entry in entries:
                _put(connection, CALENDAR, {**_entry_row(entry), "synthetic": synthetic})

    def erase(self, entry: str) -> bool:
        """Erase an entry for good; what the house brings along under its id stands again."""
        with writing(self._engine) as connection:
            erased = connection.execute(delete(CALENDAR).where(CALENDAR.c.id == entry))
            return erased.rowcount > 0


class Loans:
    """The loans of teams; every change is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def loans(self, municipality: str | None = None) -> tuple[Loan, ...]:
        """Return loans by first day, of one municipality on either side where it is given."""
        query = select(LOANS).order_by(LOANS.c.first, LOANS.c.id)
        if municipality is not None:
            sides = or_(LOANS.c.lender == municipality, LOANS.c.borrower == municipality)
            query = query.where(sides)
        with self._engine.connect() as connection:
            return tuple(_loan(dict(row)) for row in connection.execute(query).mappings())

    def put(self, loan: Loan, *, before: Loan | None = None, synthetic: bool = False) -> None:
        """Keep a loan as it is now.

        Raises
        ------
        ContractError
            If it is no longer as it was `before`, or the team is lent to somebody on
            these days already: a team is never in two places.
        """
        with writing(self._engine) as connection:
            kept = connection.execute(select(LOANS).order_by(LOANS.c.id)).mappings()
            known = {row["id"]: _loan(dict(row)) for row in kept}
            if known.get(loan.id) != before:
                raise ContractError(Message("lending.fault.changed_since"))
            if loan.state is LoanState.AGREED and overlapping(known.values(), loan):
                raise ContractError(Message("lending.fault.lent_already"))
            _put(connection, LOANS, {**_loan_row(loan), "synthetic": synthetic})

    def forget_team(self, team: str) -> None:
        """Erase the loans of a team that goes."""
        with writing(self._engine) as connection:
            connection.execute(delete(LOANS).where(LOANS.c.team == team))


def _put(connection: Connection, table: Table, row: Mapping[str, Any]) -> None:
    connection.execute(delete(table).where(table.c.id == row["id"]))
    connection.execute(table.insert(), dict(row))


def _entry_row(entry: CalendarEntry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in entry.__slots__} | {
        "municipality": entry.municipality or "",
        "kind": str(entry.kind),
        "first": entry.first.isoformat(),
        "last": entry.last.isoformat(),
        "weekdays": " ".join(str(day) for day in entry.weekdays),
        "start": _clock(entry.start),
        "end": _clock(entry.end),
        "places": " ".join(entry.places),
        "place_kinds": " ".join(entry.place_kinds),
    }


def _clock(moment: time | None) -> str:
    return "" if moment is None else moment.isoformat("minutes")


def _entry(row: Mapping[str, Any]) -> CalendarEntry:
    return CalendarEntry(
        id=row["id"],
        municipality=row["municipality"] or None,
        kind=CalendarKind(row["kind"]),
        first=date.fromisoformat(row["first"]),
        last=date.fromisoformat(row["last"]),
        title=row["title"],
        yearly=row["yearly"],
        weekdays=tuple(int(day) for day in row["weekdays"].split()),
        start=time.fromisoformat(row["start"]) if row["start"] else None,
        end=time.fromisoformat(row["end"]) if row["end"] else None,
        places=tuple(row["places"].split()),
        place_kinds=tuple(PlaceKind(kind) for kind in row["place_kinds"].split()),
        factor=row["factor"],
        team=row["team"],
        dropped=row["dropped"],
    )


def _loan_row(loan: Loan) -> dict[str, Any]:
    return {name: getattr(loan, name) for name in loan.__slots__} | {
        "first": loan.first.isoformat(),
        "last": loan.last.isoformat(),
        "state": str(loan.state),
    }


def _loan(row: Mapping[str, Any]) -> Loan:
    answered = row["answered_at"]
    return Loan(
        id=row["id"],
        team=row["team"],
        lender=row["lender"],
        borrower=row["borrower"],
        first=date.fromisoformat(row["first"]),
        last=date.fromisoformat(row["last"]),
        asked_by=row["asked_by"],
        asked_for=row["asked_for"],
        asked_at=row["asked_at"].astimezone(TIRANE),
        answered_by=row["answered_by"],
        answered_at=None if answered is None else answered.astimezone(TIRANE),
        state=LoanState(row["state"]),
    )
