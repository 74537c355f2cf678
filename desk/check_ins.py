"""Signs of teams that are out: given by the team, looked after by the coordinator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import pandas as pd

from data.access import Action, Purpose, require
from data.fieldwork import CheckIn
from data.nouns import Plan, Shift, Viewer, Week
from data.vocabulary import CheckInState
from desk.rounds import Round, plan_in_force
from desk.safety import rhythm_of
from desk.wiring import House
from patrol.checkins import CheckInSettings, Standing, State, standing

__all__ = ["TeamOut", "note_call", "own_standing", "say", "teams_out"]

#: So long after its shift a team that never said it is back is still looked for.
_LOOKED_FOR: Final = timedelta(hours=12)
#: A word of the team itself; the others are the coordinator's.
_OWN: Final = frozenset({CheckInState.WELL, CheckInState.HELP, CheckInState.BACK})
_CALLS: Final = frozenset({CheckInState.TRIED, CheckInState.REACHED})


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamOut:
    """A team that is out, and how it stands."""

    name: str
    standing: Standing
    synthetic: bool


def say(house: House, viewer: Viewer, outing: Round, state: CheckInState, at: datetime) -> None:
    """Keep a word of a team: that it is well, needs help, or is back.

    Raises
    ------
    AccessDeniedError
        If the viewer may not speak for the team.
    """
    if state not in _OWN:
        msg = "a team does not note the calls to itself"
        raise ValueError(msg)
    require(viewer, Action.MARK_VISIT, outing.team.municipality)
    municipality = _where(outing)
    house.audit(viewer, f"check_in.{state}", purpose=Purpose.TODAY, scope=municipality)
    house.store.fieldwork.check_in(
        CheckIn(
            shift=outing.shift.id,
            team=outing.team.id,
            municipality=municipality,
            at=at,
            state=state,
        ),
        synthetic=outing.plan.marks.synthetic,
    )


def own_standing(house: House, outing: Round, now: datetime) -> Standing:
    """Return how the team of a round stands; who has the round may know."""
    municipality = _where(outing)
    said = house.store.fieldwork.check_ins(municipality, since=_since(outing.shift))
    marks = [mark.arrived for mark in outing.marks] + [mark.met.at for mark in outing.marks]
    return standing(outing.shift, said, marks, now, rhythm_of(house, municipality))


def teams_out(
    house: House, viewer: Viewer, municipality: str, now: datetime
) -> tuple[TeamOut, ...]:
    """Return the teams that are out or not back yet, those to be called first.

    Raises
    ------
    AccessDeniedError
        If the viewer may not see schedules there.
    """
    require(viewer, Action.SEE_SCHEDULE, municipality)
    rhythm = rhythm_of(house, municipality)
    visits = house.store.visits(municipality)
    found = [
        one
        for week in sorted({Week.of((now - _LOOKED_FOR).date()), Week.of(now.date())}, key=str)
        if (plan := plan_in_force(house.store.plans(municipality, week))) is not None
        for one in _out(house, plan, visits, rhythm, now)
    ]
    order = {state: n for n, state in enumerate(State)}
    return tuple(sorted(found, key=lambda one: (order[one.standing.state], one.name)))


def note_call(  # noqa: PLR0913 - who notes what of which shift, each by its name
    house: House,
    viewer: Viewer,
    municipality: str,
    out: TeamOut,
    state: CheckInState,
    *,
    at: datetime,
) -> None:
    """Keep that somebody was called in vain, or that the team was reached.

    Raises
    ------
    AccessDeniedError
        If the viewer does not see to the teams there.
    """
    if state not in _CALLS:
        msg = "only calls are noted here"
        raise ValueError(msg)
    require(viewer, Action.EDIT_TEAMS, municipality)
    house.audit(viewer, f"check_in.{state}", purpose=Purpose.SCHEDULE, scope=municipality)
    shift = out.standing.shift
    house.store.fieldwork.check_in(
        CheckIn(
            shift=shift.id,
            team=shift.team,
            municipality=municipality,
            at=at,
            state=state,
        ),
        synthetic=out.synthetic,
    )


def _where(outing: Round) -> str:
    """Return the municipality that looks after a round: where it is, also if the team is lent."""
    return outing.plan.municipality or outing.team.municipality or ""


def _out(
    house: House, plan: Plan, visits: pd.DataFrame, rhythm: CheckInSettings, now: datetime
) -> list[TeamOut]:
    names = {team.id: team.name for team in plan.teams}
    going = {route.shift for route in plan.routes if route.stops}
    found = []
    for shift in plan.shifts:
        if shift.id not in going or not shift.start <= now < shift.end + _LOOKED_FOR:
            continue
        said = house.store.fieldwork.check_ins(plan.municipality or "", since=_since(shift))
        own = visits[visits["team"] == shift.team]
        marks = [*own["started_at"], *own["ended_at"]]
        stands = standing(shift, said, marks, now, rhythm)
        if stands.state is State.BACK and now > shift.end:
            continue
        name = names.get(shift.team, shift.team)
        found.append(TeamOut(name=name, standing=stands, synthetic=plan.marks.synthetic))
    return found


def _since(shift: Shift) -> datetime:
    return shift.start - _LOOKED_FOR
