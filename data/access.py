"""Who may see what: a pure policy from viewer, purpose and rows to what may climb.

Every page, table, map, export, sheet, pack, message and log line passes it. It
knows no database and no page. What is not named here is refused, and what the
privacy rules demand and is not built yet is withheld, not shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import TypeVar

import pandas as pd
from geopandas import GeoDataFrame

from data.calendar import CalendarEntry
from data.errors import AccessDeniedError
from data.field_view import FIELD_REASONS, fit_for_field, rounds_of
from data.lending import Loan
from data.masking import Mask
from data.messages import Message
from data.nouns import Decision, Plan, Viewer
from data.vocabulary import LoanState, PlanStatus, Role

__all__ = [
    "FIELD_REASONS",
    "K_INTERNAL",
    "K_OUTGOING",
    "Action",
    "Purpose",
    "fit_for_field",
    "may",
    "pages_for",
    "release_calendar",
    "release_cases",
    "release_decisions",
    "release_done",
    "release_evidence",
    "release_loans",
    "release_perimeters",
    "release_places",
    "release_plan",
    "release_reasons",
    "release_visits",
    "require",
    "sees_municipality",
]

#: Counts below this stay hidden on an agency's screen, and in what leaves the house.
K_INTERNAL = 5
K_OUTGOING = 11


class Purpose(StrEnum):
    """What somebody looks at something for; the audit keeps it."""

    MAP = "map"
    PLAN = "plan"
    REGISTER = "register"
    TODAY = "today"
    SCHEDULE = "schedule"
    CALENDAR = "calendar"
    SEASON = "season"
    LENDING = "lending"
    COVERAGE = "coverage"
    EVALUATION = "evaluation"
    IMPORT = "import"
    TEAMS = "teams"
    EXPORT = "export"
    AUDIT = "audit"
    SETTINGS = "settings"
    SIGN_IN = "sign_in"


class Action(StrEnum):
    """What somebody wants to do."""

    SEE_CASES = "see_cases"
    SEE_MAP = "see_map"
    SEE_REGISTER = "see_register"
    SEE_COVERAGE = "see_coverage"
    SEE_ROUND = "see_round"
    SEE_SCHEDULE = "see_schedule"
    SEE_CALENDAR = "see_calendar"
    SEE_SEASON = "see_season"
    SEE_AUDIT = "see_audit"
    PLAN = "plan"
    APPROVE = "approve"
    EXPORT_PLAN = "export_plan"
    EXPORT_COVERAGE = "export_coverage"
    IMPORT = "import"
    EDIT_RECORDS = "edit_records"
    EDIT_REGISTER = "edit_register"
    EDIT_TEAMS = "edit_teams"
    EDIT_CALENDAR = "edit_calendar"
    EDIT_COUNTRY_CALENDAR = "edit_country_calendar"
    LEND = "lend"
    MARK_VISIT = "mark_visit"
    ACCOUNTS = "accounts"
    SETTINGS = "settings"


_ALLOWED: dict[Role, frozenset[Action]] = {
    Role.FIELD: frozenset({Action.SEE_ROUND, Action.MARK_VISIT, Action.SEE_CALENDAR}),
    Role.COORDINATOR: frozenset(
        {
            Action.SEE_CASES,
            Action.SEE_MAP,
            Action.SEE_REGISTER,
            Action.SEE_COVERAGE,
            Action.SEE_ROUND,
            Action.SEE_SCHEDULE,
            Action.SEE_CALENDAR,
            Action.SEE_SEASON,
            Action.PLAN,
            Action.APPROVE,
            Action.EXPORT_PLAN,
            Action.EXPORT_COVERAGE,
            Action.IMPORT,
            Action.EDIT_RECORDS,
            Action.EDIT_REGISTER,
            Action.EDIT_TEAMS,
            Action.EDIT_CALENDAR,
            Action.LEND,
            Action.MARK_VISIT,
        }
    ),
    Role.AGENCY: frozenset(
        {
            Action.SEE_MAP,
            Action.SEE_COVERAGE,
            Action.SEE_CALENDAR,
            Action.SEE_SEASON,
            Action.EXPORT_COVERAGE,
            Action.EDIT_COUNTRY_CALENDAR,
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        {
            Action.ACCOUNTS,
            Action.SETTINGS,
            Action.SEE_AUDIT,
            Action.SEE_CALENDAR,
            Action.EDIT_COUNTRY_CALENDAR,
        }
    ),
}

#: These look at the whole country or at no municipality at all.
_WITHOUT_MUNICIPALITY = frozenset(
    {
        Action.SEE_COVERAGE,
        Action.EXPORT_COVERAGE,
        Action.SEE_CALENDAR,
        Action.SEE_SEASON,
        Action.EDIT_COUNTRY_CALENDAR,
        Action.ACCOUNTS,
        Action.SETTINGS,
        Action.SEE_AUDIT,
    }
)

_PAGES: dict[Role, tuple[str, ...]] = {
    Role.FIELD: ("today", "calendar", "help"),
    Role.COORDINATOR: (
        "map",
        "hotspots",
        "plan",
        "schedule",
        "season",
        "calendar",
        "today",
        "coverage",
        "evaluation",
        "import",
        "teams",
        "help",
    ),
    Role.AGENCY: ("coverage", "season", "map", "calendar", "help"),
    Role.ADMINISTRATOR: ("accounts", "calendar", "help"),
}

Rows = TypeVar("Rows", bound=pd.DataFrame)
Reason = TypeVar("Reason")
Line = TypeVar("Line")


def pages_for(viewer: Viewer | None) -> tuple[str, ...]:
    """Return the ids of the pages a viewer may open, the first one first; nobody may sign in."""
    if viewer is None:
        return ("sign_in", "help")
    return _PAGES[viewer.role]


def sees_municipality(viewer: Viewer, municipality: str | None) -> bool:
    """Say whether a municipality lies within what the viewer's role is bound to.

    An area from a file belongs to no municipality (`None` or empty): only the
    administrator of the machine, acting at the terminal, works on it.
    """
    if viewer.is_operator:
        return True
    if viewer.role is Role.AGENCY:
        return bool(municipality)
    return bool(municipality) and municipality in viewer.municipalities


def may(viewer: Viewer, action: Action, municipality: str | None) -> bool:
    """Say whether a viewer may do something there."""
    if action not in _ALLOWED[viewer.role]:
        return False
    if action in _WITHOUT_MUNICIPALITY and municipality is None:
        return True
    return sees_municipality(viewer, municipality)


def require(viewer: Viewer, action: Action, municipality: str | None) -> None:
    """Raise unless a viewer may do something there.

    Raises
    ------
    AccessDeniedError
        With a sentence that names the role and neither person nor place.
    """
    if not may(viewer, action, municipality):
        raise AccessDeniedError(Message("access.denied", {"role": f"@word.role.{viewer.role}"}))


def _own(viewer: Viewer, rows: Rows, column: str) -> Rows:
    if viewer.is_operator:
        return rows
    return rows[rows[column].isin(sorted(viewer.municipalities - {""}))]


def release_cases(viewer: Viewer, cases: GeoDataFrame) -> GeoDataFrame:
    """Return the cases a viewer may open one by one: a coordinator's own, nobody else's."""
    if viewer.role is not Role.COORDINATOR:
        return cases.iloc[:0]
    return _own(viewer, cases, "municipality_found")


def release_evidence(viewer: Viewer, rows: Rows, column: str = "municipality") -> Rows:
    """Return hotspots, clusters or risk: results are released like the rows they rest on.

    Only who may open the cases may see what was computed from them; a result
    without a municipality column belongs to the area it was computed for and
    is asked for with `require` before it is computed.
    """
    if viewer.role is not Role.COORDINATOR:
        return rows.iloc[:0]
    return _own(viewer, rows, column) if column in rows.columns else rows


def release_decisions(viewer: Viewer, decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """Return what was decided on places: it rests on cases, so a coordinator's own only."""
    if viewer.role is not Role.COORDINATOR:
        return ()
    return tuple(one for one in decisions if sees_municipality(viewer, one.municipality))


def release_calendar(viewer: Viewer, entries: Iterable[CalendarEntry]) -> tuple[CalendarEntry, ...]:
    """Return the calendar: the country's to everybody, a municipality's to those who work there.

    Which places an entry concerns only a coordinator of them learns; what its title says
    is free text of the municipality and never climbs to the agency.
    """
    found = []
    for entry in entries:
        own = entry.municipality is not None and viewer.role in {Role.COORDINATOR, Role.FIELD}
        if entry.municipality is None or (own and sees_municipality(viewer, entry.municipality)):
            exact = viewer.role is Role.COORDINATOR
            found.append(entry if exact else replace(entry, places=()))
    return tuple(found)


def release_loans(viewer: Viewer, loans: Iterable[Loan]) -> tuple[Loan, ...]:
    """Return loans of teams: to the coordinators of both sides, and an agreed one to its team."""
    if viewer.role is Role.COORDINATOR:
        return tuple(
            one
            for one in loans
            if sees_municipality(viewer, one.lender) or sees_municipality(viewer, one.borrower)
        )
    if viewer.role is Role.FIELD:
        agreed = (one for one in loans if one.state is LoanState.AGREED)
        return tuple(one for one in agreed if one.team in viewer.teams)
    return ()


def release_reasons(viewer: Viewer, reasons: Mapping[str, Reason]) -> Mapping[str, Reason]:
    """Return why places and cells are as they are: to who may open the cases they rest on.

    They are of the area they were worked out for, which is asked for with `require` before.
    """
    return reasons if viewer.role is Role.COORDINATOR else {}


def release_done(viewer: Viewer, lines: Iterable[Line], municipality: str) -> tuple[Line, ...]:
    """Return what became of planned stops one by one: to a coordinator, of the own municipality.

    They name places, teams and hours; everybody else gets counts of work.
    """
    if viewer.role is not Role.COORDINATOR or not sees_municipality(viewer, municipality):
        return ()
    return tuple(lines)


def release_visits(viewer: Viewer, visits: pd.DataFrame) -> pd.DataFrame:
    """Return visits with their times: a coordinator's own municipality only."""
    if viewer.role is not Role.COORDINATOR:
        return visits.iloc[:0]
    return _own(viewer, visits, "municipality")


def release_perimeters(viewer: Viewer, perimeters: GeoDataFrame) -> GeoDataFrame:
    """Return perimeters exactly to coordinator (own) and agency: place data, no child in it."""
    if viewer.role is Role.AGENCY:
        return perimeters
    if viewer.role is not Role.COORDINATOR:
        return perimeters.iloc[:0]
    return _own(viewer, perimeters, "municipality")


def release_places(
    viewer: Viewer,
    places: GeoDataFrame,
    *,
    mask: Mask | None = None,
    round_places: AbstractSet[str] = frozenset(),
) -> GeoDataFrame:
    """Return places as exactly as the viewer may have them.

    A coordinator gets the own municipality's exactly, a field worker those of
    the own rounds, an agency head every place moved by the mask and without
    its name; without a mask an agency head gets none.
    """
    if viewer.role is Role.COORDINATOR:
        return _own(viewer, places, "municipality")
    if viewer.role is Role.FIELD:
        return places[places["place_id"].isin(sorted(round_places))]
    if viewer.role is Role.AGENCY and mask is not None:
        return mask.apply(places)
    return places.iloc[:0]


def release_plan(viewer: Viewer, plan: Plan, *, today: date, loans: Iterable[Loan] = ()) -> Plan:
    """Return the plan as the viewer may have it.

    A coordinator of the municipality gets all of it. A field worker gets the
    own team's rounds of today and later while the plan is in force, with
    reasons that say season, hours and overdue and never evidence; no list of what
    was left out, and not the seed, from which rounds could be foretold. A team that
    is lent gets its rounds there, on the days both coordinators agreed to. Everybody
    else gets none.

    Raises
    ------
    AccessDeniedError
        If the viewer has no right to any of it.
    """
    if viewer.role is Role.COORDINATOR and sees_municipality(viewer, plan.municipality):
        return plan
    if viewer.role is Role.FIELD and sees_municipality(viewer, plan.municipality):
        return _field_plan(viewer, plan, today)
    lent = [one for one in release_loans(viewer, loans) if one.borrower == plan.municipality]
    if viewer.role is Role.FIELD and lent:
        return _lent_plan(viewer, plan, today, lent)
    raise AccessDeniedError(Message("access.denied", {"role": f"@word.role.{viewer.role}"}))


def _field_plan(viewer: Viewer, plan: Plan, today: date) -> Plan:
    # A plan on invented data shows nobody, so that a newcomer can try the round.
    in_force = plan.status is PlanStatus.APPROVED or plan.marks.synthetic
    shifts = tuple(
        shift
        for shift in plan.shifts
        if in_force and shift.team in viewer.teams and shift.start.date() >= today
    )
    return rounds_of(plan, shifts, viewer.teams)


def _lent_plan(viewer: Viewer, plan: Plan, today: date, lent: Iterable[Loan]) -> Plan:
    """Return what a team that is lent may have of the borrower's plan: its days there."""
    shifts = tuple(
        shift
        for shift in plan.shifts
        if any(
            one.team == shift.team and one.first <= shift.start.date() <= one.last for one in lent
        )
    )
    return _field_plan(viewer, replace(plan, shifts=shifts), today)
