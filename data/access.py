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

from data.errors import AccessDeniedError
from data.masking import Mask
from data.messages import Message
from data.nouns import Decision, Plan, Route, RouteStop, Stop, Viewer
from data.vocabulary import PlanStatus, Role

__all__ = [
    "FIELD_REASONS",
    "K_INTERNAL",
    "K_OUTGOING",
    "Action",
    "Purpose",
    "fit_for_field",
    "may",
    "pages_for",
    "release_cases",
    "release_decisions",
    "release_evidence",
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

#: What a stop may say of itself to a field team: season, hours, overdue, exploration.
FIELD_REASONS = frozenset(
    {"stop.high_hours", "stop.overdue", "stop.season", "stop.exploration", "stop.usual"}
)


class Purpose(StrEnum):
    """What somebody looks at something for; the audit keeps it."""

    MAP = "map"
    PLAN = "plan"
    REGISTER = "register"
    TODAY = "today"
    SCHEDULE = "schedule"
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
    SEE_AUDIT = "see_audit"
    PLAN = "plan"
    APPROVE = "approve"
    EXPORT_PLAN = "export_plan"
    EXPORT_COVERAGE = "export_coverage"
    IMPORT = "import"
    EDIT_RECORDS = "edit_records"
    EDIT_REGISTER = "edit_register"
    EDIT_TEAMS = "edit_teams"
    MARK_VISIT = "mark_visit"
    ACCOUNTS = "accounts"
    SETTINGS = "settings"


_ALLOWED: dict[Role, frozenset[Action]] = {
    Role.FIELD: frozenset({Action.SEE_ROUND, Action.MARK_VISIT}),
    Role.COORDINATOR: frozenset(
        {
            Action.SEE_CASES,
            Action.SEE_MAP,
            Action.SEE_REGISTER,
            Action.SEE_COVERAGE,
            Action.SEE_ROUND,
            Action.SEE_SCHEDULE,
            Action.PLAN,
            Action.APPROVE,
            Action.EXPORT_PLAN,
            Action.EXPORT_COVERAGE,
            Action.IMPORT,
            Action.EDIT_RECORDS,
            Action.EDIT_REGISTER,
            Action.EDIT_TEAMS,
            Action.MARK_VISIT,
        }
    ),
    Role.AGENCY: frozenset({Action.SEE_MAP, Action.SEE_COVERAGE, Action.EXPORT_COVERAGE}),
    Role.ADMINISTRATOR: frozenset({Action.ACCOUNTS, Action.SETTINGS, Action.SEE_AUDIT}),
}

#: These look at the whole country or at no municipality at all.
_WITHOUT_MUNICIPALITY = frozenset(
    {
        Action.SEE_COVERAGE,
        Action.EXPORT_COVERAGE,
        Action.ACCOUNTS,
        Action.SETTINGS,
        Action.SEE_AUDIT,
    }
)

_PAGES: dict[Role, tuple[str, ...]] = {
    Role.FIELD: ("today", "help"),
    Role.COORDINATOR: (
        "map",
        "hotspots",
        "plan",
        "schedule",
        "today",
        "coverage",
        "evaluation",
        "import",
        "teams",
        "help",
    ),
    Role.AGENCY: ("coverage", "map", "help"),
    Role.ADMINISTRATOR: ("accounts", "help"),
}

Rows = TypeVar("Rows", bound=pd.DataFrame)
Reason = TypeVar("Reason")


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


def release_reasons(viewer: Viewer, reasons: Mapping[str, Reason]) -> Mapping[str, Reason]:
    """Return why places and cells are as they are: to who may open the cases they rest on.

    They are of the area they were worked out for, which is asked for with `require` before.
    """
    return reasons if viewer.role is Role.COORDINATOR else {}


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


def release_plan(viewer: Viewer, plan: Plan, *, today: date) -> Plan:
    """Return the plan as the viewer may have it.

    A coordinator of the municipality gets all of it. A field worker gets the
    own team's rounds of today and later while the plan is in force, with
    reasons that say season, hours and overdue and never evidence; no list of what
    was left out, and not the seed, from which rounds could be foretold. Everybody
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
    raise AccessDeniedError(Message("access.denied", {"role": f"@word.role.{viewer.role}"}))


def fit_for_field(plan: Plan) -> Plan:
    """Return the plan for what leaves on paper or a phone: places and hours, never evidence."""
    return replace(plan, routes=tuple(_field_route(route) for route in plan.routes))


def _field_plan(viewer: Viewer, plan: Plan, today: date) -> Plan:
    # A plan on invented data shows nobody, so that a newcomer can try the round.
    in_force = plan.status is PlanStatus.APPROVED or plan.marks.synthetic
    shifts = tuple(
        shift
        for shift in plan.shifts
        if in_force and shift.team in viewer.teams and shift.start.date() >= today
    )
    own, bases = {shift.id for shift in shifts}, {shift.base for shift in shifts}
    routes = tuple(_field_route(route) for route in plan.routes if route.shift in own)
    return replace(
        plan,
        seed=0,
        shifts=shifts,
        routes=routes,
        left_out=(),
        workers=(),
        absences=(),
        notes=(),
        bases=tuple(base for base in plan.bases if base.id in bases),
        teams=tuple(team for team in plan.teams if team.id in viewer.teams),
        settings={},
    )


def _field_route(route: Route) -> Route:
    return replace(route, stops=tuple(_field_stop(stop) for stop in route.stops))


def _field_stop(visit: RouteStop) -> RouteStop:
    return replace(visit, stop=_plain(visit.stop))


def _plain(stop: Stop) -> Stop:
    """Return a stop whose reason is fit for a pack, and whose prize gives nothing away."""
    reason = stop.reason
    if reason.id not in FIELD_REASONS:
        slot = reason.params.get("slot")
        reason = Message("stop.high_hours", {"slot": slot}) if slot else Message("stop.planned")
    return replace(stop, reason=reason, prize=0.0)
