"""Why a week's roster is impossible, and what would make it possible, asked of the plan page."""

from __future__ import annotations

from dataclasses import fields, replace

from data.access import Action, require
from data.nouns import Viewer, Week
from desk.choices import PlanChoices
from desk.evidence import Files, crew_of
from desk.ground import area_of
from desk.wiring import House
from patrol.roster import make_demand, make_duties
from patrol.roster_mends import Mend, Mends, find_mends
from patrol.roster_problem import Problem

__all__ = ["mended", "mends_of"]


def mends_of(
    house: House, viewer: Viewer, municipality: str, week: Week, choices: PlanChoices
) -> Mends | None:
    """Return the conflict of a week's roster and mends that work; None where it is possible.

    Raises
    ------
    AccessDeniedError
        If the viewer may not plan there.
    """
    require(viewer, Action.PLAN, municipality)
    crew = crew_of(house, area_of(municipality), Files())
    limits = replace(choices.settings().roster, leave_unstaffed=False)
    demand = make_demand(crew.teams, (week,), settings=limits)
    duties = make_duties(crew.workers, (week,), settings=limits)
    problem = Problem.of((*demand, *duties), crew.workers, crew.absences, (week,), limits)
    return find_mends(problem, choices.seed or 0)


def mended(choices: PlanChoices, mend: Mend) -> PlanChoices | None:
    """Return the choices with a mend, or None where no choice can do it."""
    known = {field.name for field in fields(PlanChoices)}
    if not mend.settings or not known.issuperset(mend.settings):
        return None
    return PlanChoices.of({**choices.record(), **mend.settings})
