"""How hard a plan's visits are to foresee: those of the weeks before and those planned together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from data.access import Action, Purpose, release_visits, require
from data.nouns import TIRANE, Plan, Viewer
from desk.wiring import House
from patrol.variety import Rhythm, VarietySettings, rhythm

__all__ = ["PlaceRhythm", "rhythms"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRhythm:
    """A place of a plan and how regular its visits are."""

    place_id: str
    name: str
    rhythm: Rhythm


def rhythms(house: House, viewer: Viewer, plan: Plan) -> tuple[PlaceRhythm, ...]:
    """Return the rhythm of each place that a plan visits, the easiest to foresee first.

    Visits of twelve weeks before the plan's Monday count, and those of the plan.

    Raises
    ------
    AccessDeniedError
        If the viewer may not plan there.
    """
    require(viewer, Action.PLAN, plan.municipality)
    house.audit(viewer, "plan.rhythm", purpose=Purpose.PLAN, scope=plan.municipality or "")
    monday = datetime.combine(plan.week.monday, time(), TIRANE)
    first = monday - timedelta(days=VarietySettings().past_days)
    names: dict[str, str] = {}
    met: dict[str, list[datetime]] = {}
    for route in plan.routes:
        for one in route.stops:
            names[one.stop.place_id] = one.stop.name
            met.setdefault(one.stop.place_id, []).append(one.arrive)
    if plan.municipality is not None:
        visits = release_visits(viewer, house.store.visits(plan.municipality))
        lasted = visits["ended_at"] > visits["started_at"]
        past = visits[lasted & (visits["started_at"] >= first) & (visits["started_at"] < monday)]
        for place, started in zip(past["place_id"], past["started_at"], strict=True):
            if place in met:
                met[str(place)].append(started.to_pydatetime())
    found = [
        PlaceRhythm(place_id=place, name=names[place], rhythm=rhythm(moments))
        for place, moments in met.items()
    ]
    return tuple(sorted(found, key=lambda one: (-_foreseen(one.rhythm), one.name, one.place_id)))


def _foreseen(one: Rhythm) -> float:
    """Return how often the commonest hour comes again: once says nothing."""
    return one.most_share * one.n_visits - 1.0
