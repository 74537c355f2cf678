"""Lending: a team works for another municipality, on days to which both coordinators agreed.

No case travels with it: the borrower gets a team, its hours, where it sets out and its
people by number; the team gets the borrower's places only as stops of its own
rounds, and only on these days.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from data.errors import ContractError
from data.messages import Message
from data.vocabulary import LoanState

__all__ = ["MOST_DAYS", "Loan", "in_force", "lent_to", "overlapping"]

#: A season and its ramps; longer is no loan but another municipality's team.
MOST_DAYS: Final = 140


@dataclass(frozen=True, slots=True, kw_only=True)
class Loan:
    """A team lent, or asked for.

    Parameters
    ----------
    lender, borrower
        P-codes: whose team it is, and where it goes.
    first, last
        Days, both included.
    asked_by, asked_for
        Who asked (an account), and for which of the two municipalities.
    answered_by, answered_at
        Who said yes or no for the other one, or took the request back, and when.

    Raises
    ------
    ContractError
        If the days or the municipalities make no sense.
    """

    id: str
    team: str
    lender: str
    borrower: str
    first: date
    last: date
    asked_by: str
    asked_for: str
    asked_at: datetime
    answered_by: str = ""
    answered_at: datetime | None = None
    state: LoanState = LoanState.ASKED

    def __post_init__(self) -> None:
        """Hold the loan to what makes sense."""
        if self.last < self.first:
            raise ContractError(Message("calendar.fault.order"))
        if (self.last - self.first).days >= MOST_DAYS:
            raise ContractError(Message("lending.fault.too_long", {"n": MOST_DAYS}))
        if self.lender == self.borrower:
            raise ContractError(Message("lending.fault.same"))
        if self.asked_for not in {self.lender, self.borrower}:
            raise ContractError(Message("lending.fault.stranger"))

    @property
    def other(self) -> str:
        """Return the municipality whose coordinator has to answer."""
        return self.lender if self.asked_for == self.borrower else self.borrower


def in_force(loans: Iterable[Loan], day: date) -> tuple[Loan, ...]:
    """Return the loans to which both agreed and that are on, on a day."""
    return tuple(
        one for one in loans if one.state is LoanState.AGREED and one.first <= day <= one.last
    )


def lent_to(loans: Iterable[Loan], team: str, day: date) -> str:
    """Return the municipality a team works for on a day by a loan, or an empty text."""
    return next((one.borrower for one in in_force(loans, day) if one.team == team), "")


def overlapping(loans: Iterable[Loan], wanted: Loan) -> bool:
    """Say whether the team is lent to anybody by another loan on some of the days wanted."""
    return any(
        one.team == wanted.team
        and one.id != wanted.id
        and one.state is LoanState.AGREED
        and one.first <= wanted.last
        and wanted.first <= one.last
        for one in loans
    )
