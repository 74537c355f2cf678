"""Why a stop is in a plan, in at most five sentences, to who may open what they rest on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from typing import Final

from data.access import Action, Purpose, release_reasons, require
from data.messages import Message
from data.nouns import TIRANE, Plan, RouteStop, Viewer, Week
from data.vocabulary import ChangeKind
from desk.evidence import Files, evidence_of
from desk.ground import area_of
from desk.wiring import House
from geo.explain import Why, explain

__all__ = ["MOST", "risk_reasons", "why_this"]

#: Nobody reads more sentences than this about one stop.
MOST: Final = 5


def risk_reasons(house: House, viewer: Viewer, municipality: str, week: Week) -> Mapping[str, Why]:
    """Return why the places of a municipality are as they are, as a week's plan saw them.

    Raises
    ------
    AccessDeniedError
        If the viewer may not open the cases there one by one.
    """
    require(viewer, Action.SEE_CASES, municipality)
    house.audit(viewer, "plan.why", purpose=Purpose.PLAN, scope=municipality)
    area, monday = area_of(municipality), datetime.combine(week.monday, time(), TIRANE)
    known = evidence_of(house, area, Files(), until=monday)
    surface = known.surface(area, monday)
    if surface.verdict is not None:
        return {}
    return release_reasons(viewer, explain(surface, known.cases, known.visits))


def why_this(
    plan: Plan, shift: str, met: RouteStop, risk: Mapping[str, Why]
) -> tuple[Message, ...]:
    """Return why a stop is in a round at that time, in at most five sentences.

    First what the plan went by, then who set it by hand, then when it can be met; what is
    left of the five says what is known of the place.
    """
    stop = met.stop
    found = [stop.reason]
    if stop.must and stop.reason.id != "stop.promised":
        found.append(Message("why_stop.must"))
    if any(
        one.kind is ChangeKind.LOCK and (one.shift, one.stop) == (shift, stop.id)
        for one in plan.standing
    ):
        found.append(Message("why_stop.locked"))
    outing = next(one for one in plan.shifts if one.id == shift)
    window = met.hours_in(outing)
    hours = {
        "arrive": met.arrive.astimezone(TIRANE).time(),
        "opens": window.opens.astimezone(TIRANE).time(),
        "closes": window.closes.astimezone(TIRANE).time(),
    }
    found.append(Message("why_stop.hours", hours))
    known = risk.get(stop.place_id)
    said = () if known is None else known.because
    # The plan's own reason has the finds and hours already.
    skip = {"why.finds", "why.no_finds"} if stop.reason.id == "stop.evidence_hotspot" else set()
    found += [one for one in said if one.id not in skip]
    return tuple(found[:MOST])
