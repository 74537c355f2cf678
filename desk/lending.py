"""Teams lent between municipalities: asked for, agreed to by both, ended, and minded by plans."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from shapely.geometry import Point

from data import reference
from data.access import Action, Purpose, release_loans, require
from data.crs import around
from data.errors import ContractError
from data.lending import Loan, lent_to
from data.messages import Message
from data.nouns import TIRANE, Base, Plan, Team, Viewer, Week
from data.vocabulary import LoanState, PlanStatus
from desk.demo import gives_way
from desk.evidence import Crew
from desk.ground import MARGIN_M, area_of
from desk.identity import is_demo
from desk.wiring import House
from patrol.lending import Away, LentCrew, crew_with_loans

__all__ = [
    "LoanForm",
    "answer",
    "ask",
    "askable",
    "crew_in",
    "end_early",
    "lendable",
    "loans_of",
    "names_in",
    "require_present",
    "take_back",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanForm:
    """A loan as somebody asks for it."""

    team: str
    lender: str
    borrower: str
    first: date
    last: date


def loans_of(house: House, viewer: Viewer, municipality: str) -> tuple[Loan, ...]:
    """Return the loans of a municipality on either side.

    Raises
    ------
    AccessDeniedError
        If the viewer may not lend there.
    """
    require(viewer, Action.LEND, municipality)
    return release_loans(viewer, house.store.loans.loans(municipality))


def askable(house: House, viewer: Viewer, municipality: str) -> tuple[Team, ...]:
    """Return the teams of others that can be asked for: names and hours, none of their people.

    Raises
    ------
    AccessDeniedError
        If the viewer may not lend there.
    """
    require(viewer, Action.LEND, municipality)
    return tuple(
        replace(team, members=(), base="")
        for team in house.store.teams()
        if team.municipality and team.municipality != municipality and team.members
    )


def lendable(house: House, viewer: Viewer, municipality: str) -> tuple[Team, ...]:
    """Return the own teams that can be offered: those with people named in them.

    Raises
    ------
    AccessDeniedError
        If the viewer may not lend there.
    """
    require(viewer, Action.LEND, municipality)
    return tuple(team for team in house.store.teams(municipality) if team.members)


def names_in(house: House, viewer: Viewer, loans: Sequence[Loan]) -> dict[str, str]:
    """Return the names of the teams of loans that a viewer may see."""
    lenders = sorted({one.lender for one in release_loans(viewer, loans)})
    return {team.id: team.name for code in lenders for team in house.store.teams(code)}


def ask(house: House, viewer: Viewer, asked_for: str, form: LoanForm) -> Loan:
    """Ask for a team, or offer one; it is lent once the other coordinator agrees.

    Raises
    ------
    AccessDeniedError
        If the viewer does not coordinate the municipality that asks.
    ContractError
        If there is no such team, or nobody is named in it, or the days make no sense.
    """
    _may(house, viewer, "loan.ask", asked_for)
    team = next((one for one in house.store.teams(form.lender) if one.id == form.team), None)
    if team is None:
        raise ContractError(Message("lending.fault.no_team"))
    if not team.members:
        raise ContractError(Message("lending.fault.no_members"))
    if form.borrower not in {town.code for town in reference.municipalities()}:
        raise ContractError(Message("desk.municipality_unknown"))
    loan = Loan(
        id=f"l-{secrets.token_hex(8)}",
        asked_by=viewer.account,
        asked_for=asked_for,
        asked_at=datetime.now(TIRANE).replace(microsecond=0),
        **{name: getattr(form, name) for name in form.__slots__},
    )
    house.store.loans.put(loan, synthetic=is_demo(viewer))
    return loan


def answer(house: House, viewer: Viewer, loan: Loan, *, agree: bool) -> Loan:
    """Agree to a loan or refuse it, for the municipality that did not ask.

    Raises
    ------
    AccessDeniedError
        If the viewer does not coordinate that municipality.
    ContractError
        If it was answered already, or the team is promised elsewhere on these days, by
        another loan or by an approved plan.
    """
    _may(house, viewer, "loan.agree" if agree else "loan.refuse", loan.other)
    if loan.state is not LoanState.ASKED:
        raise ContractError(Message("lending.fault.changed_since"))
    if agree:
        _require_free(house, loan, loan.first, loan.last, loan.lender)
    state = LoanState.AGREED if agree else LoanState.REFUSED
    return _kept(house, viewer, loan, replace(loan, state=state))


def take_back(house: House, viewer: Viewer, loan: Loan) -> Loan:
    """Take a request back that nobody answered yet.

    Raises
    ------
    AccessDeniedError
        If the viewer does not coordinate the municipality that asked.
    ContractError
        If it was answered meanwhile.
    """
    _may(house, viewer, "loan.withdraw", loan.asked_for)
    if loan.state is not LoanState.ASKED:
        raise ContractError(Message("lending.fault.changed_since"))
    return _kept(house, viewer, loan, replace(loan, state=LoanState.WITHDRAWN))


def end_early(house: House, viewer: Viewer, municipality: str, loan: Loan, last: date) -> Loan:
    """Let a loan end after a day, as either side may; before its first day it never begins.

    Raises
    ------
    AccessDeniedError
        If the viewer does not coordinate that side.
    ContractError
        If it is not in force, would last longer, or the borrower's approved plan has the
        team out on a later day.
    """
    _may(house, viewer, "loan.end", municipality)
    if municipality not in {loan.lender, loan.borrower} or loan.state is not LoanState.AGREED:
        raise ContractError(Message("lending.fault.changed_since"))
    if last >= loan.last:
        raise ContractError(Message("lending.fault.not_earlier"))
    begins = max(loan.first, last + timedelta(days=1))
    _require_free(house, loan, begins, loan.last, loan.borrower)
    if last < loan.first:
        return _kept(house, viewer, loan, replace(loan, state=LoanState.WITHDRAWN))
    return _kept(house, viewer, loan, replace(loan, last=last))


def crew_in(
    house: House, municipality: str | None, crew: Crew, weeks: Sequence[Week]
) -> tuple[Crew, tuple[Away, ...]]:
    """Return a crew as loans leave it in some weeks, and when which team is not there."""
    if municipality is None:
        return crew, ()
    loans = [
        one
        for one in house.store.loans.loans(municipality)
        if one.state is LoanState.AGREED
        and one.first <= weeks[-1].days[-1]
        and weeks[0].monday <= one.last
    ]
    if not loans:
        return crew, ()
    own = LentCrew(workers=crew.workers, teams=crew.teams, bases=crew.bases, absences=crew.absences)
    lenders = sorted({one.lender for one in loans if one.borrower == municipality})
    store = house.store
    others = LentCrew(
        workers=tuple(w for code in lenders for w in store.workers(code)),
        teams=tuple(
            _as_guest(t, code, store.bases(code), crew.bases, municipality)
            for code in lenders
            for t in store.teams(code)
        ),
        bases=tuple(b for code in lenders for b in store.bases(code)),
        absences=tuple(a for code in lenders for a in store.absences(code)),
    )
    made = crew_with_loans(own, others, loans, municipality, weeks)
    return (
        replace(
            crew,
            workers=made.workers,
            teams=made.teams,
            bases=made.bases,
            absences=made.absences,
        ),
        made.away,
    )


def _as_guest(
    team: Team, lender: str, theirs: Sequence[Base], own: Sequence[Base], municipality: str
) -> Team:
    """Return a team as it works elsewhere: under a name nobody has there, from where streets are.

    The streets of a plan end a little beyond its municipality. From a base farther away
    no round begins, so the team sets out from the first base of the borrower.
    """
    area = area_of(municipality)
    reached = around(area.boundary, MARGIN_M, area.metric_crs)
    is_near = any(b.id == team.base and reached.covers(Point(b.lon, b.lat)) for b in theirs)
    return replace(
        team,
        name=f"{team.name} ({reference.municipality(lender).name_sq})",
        base=team.base if is_near or not own else own[0].id,
    )


def require_present(house: House, plan: Plan) -> None:
    """Raise unless every team of a plan works for its municipality on the days it goes out.

    Raises
    ------
    ContractError
        If a loan began or ended since the plan was made: a team is never in two places.
    """
    code = plan.municipality
    if code is None:
        return
    loans = house.store.loans.loans(code)
    own = {team.id for team in house.store.teams(code)}
    borrowed = {one.team for one in loans if one.borrower == code} - own
    for shift in plan.shifts:
        day = shift.start.astimezone(TIRANE).date()
        where = lent_to(loans, shift.team, day)
        if where not in {"", code} or (shift.team in borrowed and where != code):
            raise ContractError(Message("lending.fault.plan_elsewhere", {"day": day}))


def _require_free(house: House, loan: Loan, first: date, last: date, municipality: str) -> None:
    """Raise if a municipality's approved plan has the team out on some of the days."""
    for week in _weeks(first, last):
        for plan in house.store.plans(municipality, week):
            if plan.status is not PlanStatus.APPROVED:
                continue
            for shift in plan.shifts:
                day = shift.start.astimezone(TIRANE).date()
                if shift.team == loan.team and first <= day <= last:
                    raise ContractError(Message("lending.fault.in_plan", {"day": day}))


def _weeks(first: date, last: date) -> Iterator[Week]:
    for n in range(0, (last - first).days + 7, 7):
        week = Week.of(first + timedelta(days=n))
        if week.monday <= last:
            yield week


def _kept(house: House, viewer: Viewer, before: Loan, after: Loan) -> Loan:
    at = datetime.now(TIRANE).replace(microsecond=0)
    answered = replace(after, answered_by=viewer.account, answered_at=at)
    house.store.loans.put(answered, before=before, synthetic=is_demo(viewer))
    return answered


def _may(house: House, viewer: Viewer, action: str, municipality: str) -> None:
    require(viewer, Action.LEND, municipality)
    if gives_way(house, viewer):
        raise ContractError(Message("crew.demo_first"))
    house.audit(viewer, action, purpose=Purpose.LENDING, scope=municipality)
