"""A plan's rounds as the sheets, packs and tables show them: one record a shift."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from data.nouns import TIRANE, Base, Plan, Route, Shift, Team

__all__ = ["PlannedRound", "file_stem", "planned_rounds"]

_UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRound:
    """A shift that goes somewhere, with its route, team and base, and the base it ends at."""

    shift: Shift
    route: Route
    team: Team
    base: Base
    home: Base

    @property
    def back_at(self) -> datetime:
        """Return when the team is at the base it ends at."""
        leave, pause, way = self.route.stops[-1].leave, self.route.pause, self.route.legs[-1]
        if pause is not None and pause.opens >= leave:
            leave = pause.closes
        seconds = (way.departs or leave).timestamp() + way.travel_s
        return datetime.fromtimestamp(seconds, tz=TIRANE)


def planned_rounds(plan: Plan) -> tuple[PlannedRound, ...]:
    """Return the rounds of a plan by day, start and team."""
    shifts = {shift.id: shift for shift in plan.shifts}
    teams = {team.id: team for team in plan.teams}
    bases = {base.id: base for base in plan.bases}
    found = [
        PlannedRound(
            shift=shifts[route.shift],
            route=route,
            team=teams[shifts[route.shift].team],
            base=bases[shifts[route.shift].base],
            home=bases[route.legs[-1].destination],
        )
        for route in plan.routes
        if route.stops
    ]
    return tuple(sorted(found, key=lambda r: (r.shift.start, r.shift.id)))


def file_stem(one: PlannedRound) -> str:
    """Return ``TEAM-DATE`` fit for a file's name: team ids come from files of users."""
    team = _UNSAFE.sub("-", one.team.id).strip("-") or "team"
    return f"{team}-{one.shift.start.astimezone(TIRANE).date().isoformat()}"
