"""Places turned into work for a week: prize, minutes, windows, must or may, and the reason.

Prizes come from places and effort alone. What was just looked at is worth less,
what is overdue more, and a share of the minutes explores (`patrol.exploration`),
so that the plan does not chase its own tail (measured by `bench.feedback`).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame
from numpy.typing import ArrayLike, NDArray

from data.messages import Message
from data.nouns import LeftOut, Stop, TimeWindow, Week
from data.vocabulary import PlaceKind
from geo.places import is_awake
from geo.slots import SLOT_IDS, windows
from patrol.exploration import Draft, explored_places, lifted
from patrol.prospects import Prospects
from patrol.safety import SafetySettings, light

__all__ = ["StopSettings", "Stops", "make_stops", "visit_worth"]

#: By what share a visit is worth less right after another, and more where it is long overdue.
#: Without the first, rounds go back to the best places sooner than their rates deserve.
_JUST_SEEN, _LONG_OVERDUE = 0.4, 2.0
_DAYTIME = tuple(s for s in SLOT_IDS if not s.endswith("night"))
_LATE = tuple(s for s in SLOT_IDS if s.endswith(("afternoon", "evening")))
_DAYLIGHT = tuple(s for s in SLOT_IDS if s.endswith(("morning", "afternoon")))
#: When a place is worth a visit as long as its own cases say nothing of its hours.
_USUAL_SLOTS = {
    PlaceKind.JUNCTION: _LATE,
    PlaceKind.SQUARE: _LATE,
    PlaceKind.PROMENADE: _LATE,
    PlaceKind.BEACH: _LATE,
    PlaceKind.SHOPS: _LATE,
    PlaceKind.MARKET: _DAYLIGHT,
    PlaceKind.LANDFILL: _DAYLIGHT,
    PlaceKind.MINE_HEAP: _DAYLIGHT,
    PlaceKind.FARMLAND: _DAYLIGHT,
    PlaceKind.SCHOOL: ("weekday-afternoon",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StopSettings:
    """How places become stops.

    Parameters
    ----------
    service_min
        Minutes at a place.
    hotspot_service_min
        Minutes at a place at risk: room for a first contact.
    interval_days
        Every place is wanted at least this often.
    hotspot_interval_days
        Places at risk are wanted at least this often.
    must_overdue_days
        A place at risk that is overdue by more is a must.
    visits, hotspot_visits
        Visits a week at a place, and at a place at risk, at most.
    exploration_share
        Share of the minutes at places that goes where too little is known; best 0.15 to 0.2.
    must_places
        Places that have to be visited: promised, or called in.
    coast_months, coast_factor
        Months of the season on the coast, and by how much its places are raised.
    """

    service_min: float = 30.0
    hotspot_service_min: float = 45.0
    interval_days: int = 28
    hotspot_interval_days: int = 7
    must_overdue_days: int = 14
    visits: int = 2
    hotspot_visits: int = 3
    exploration_share: float = 0.2
    must_places: tuple[str, ...] = ()
    coast_months: tuple[int, int] = (6, 9)
    coast_factor: float = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Stops:
    """The stops of a week, and the places that are none, with the rule that kept them out."""

    stops: tuple[Stop, ...]
    left_out: tuple[LeftOut, ...]
    visits_wanted: Mapping[str, int] = field(default_factory=dict)


def make_stops(  # noqa: PLR0913 - the ground's findings and what a week wants of them
    prospects: Prospects,
    week: Week,
    *,
    settings: StopSettings,
    rng: np.random.Generator,
    illustrative: bool = False,
    draft: Draft | None = None,
    safety: SafetySettings | None = None,
) -> Stops:
    """Return the stops of a week.

    Parameters
    ----------
    illustrative
        On streets drawn by a generator nobody is sent to a mine.
    rng
        Draws which places are explored.
    draft
        How many minutes at places the week has, and where rounds can get; without it each
        place is taken to be visited once.
    safety
        Which kinds of places are met by daylight only, and which ones with an escort.
    """
    safety = safety or SafetySettings()
    history, risky = prospects.history, prospects.hotspots
    ordered, left_out = _awake(prospects.places, week, illustrative=illustrative)
    draft = draft or _once_each(ordered["place_id"], risky, settings)
    # Where there is too little to say, all is exploration and the prizes say what comes first.
    everywhere = prospects.verdict is not None
    explored: dict[str, int] = {}
    if not everywhere:
        explored = explored_places(
            history.loc[[p for p in ordered["place_id"] if p not in risky.index]],
            draft,
            settings.exploration_share * draft.minutes / settings.service_min,
            interval_days=settings.interval_days,
            rng=rng,
        )
    stops = tuple(
        _stop(
            place,
            week,
            _known(place, prospects, is_explored=everywhere or place.place_id in explored),
            settings,
            safety,
        )
        for place in ordered.itertuples()
    )
    wanted = {}
    for stop in stops:
        most = settings.hotspot_visits if stop.place_id in risky.index else settings.visits
        wanted[stop.id] = explored.get(stop.place_id, most)
    return Stops(stops=_lifted(stops, explored), left_out=left_out, visits_wanted=wanted)


def _once_each(place_ids: pd.Series, risky: GeoDataFrame, settings: StopSettings) -> Draft:
    n_risky = int(place_ids.isin(risky.index).sum())
    usual = (len(place_ids) - n_risky) * settings.service_min
    return Draft(minutes=usual + n_risky * settings.hotspot_service_min)


def _lifted(stops: tuple[Stop, ...], explored: Collection[str]) -> tuple[Stop, ...]:
    """Return the stops, those drawn worth so much that rounds go there."""
    drawn = np.array([stop.place_id in explored for stop in stops], dtype=bool)
    prizes = lifted(np.array([stop.prize for stop in stops]), drawn)
    return tuple(
        replace(stop, prize=float(prize)) for stop, prize in zip(stops, prizes, strict=True)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What is known of one place."""

    rate: float
    slots: tuple[str, ...]
    days_since: float
    n_cases: int
    hours: float
    is_hotspot: bool
    is_explored: bool


def _known(  # a row of PLACES as itertuples gives it, which has no type
    place: Any,  # noqa: ANN401
    prospects: Prospects,
    *,
    is_explored: bool,
) -> _Known:
    history, risky = prospects.history, prospects.hotspots
    is_hotspot = place.place_id in risky.index
    return _Known(
        # Where nobody looked it is what reports and its like say.
        rate=float(prospects.per_hour[place.place_id]),
        slots=_slots(place.place_id, place.kind, risky),
        days_since=float(history.loc[place.place_id, "days_since"]),
        n_cases=int(risky.loc[place.place_id, "n_cases"]) if is_hotspot else 0,
        hours=float(history.loc[place.place_id, "hours"]),
        is_hotspot=is_hotspot,
        is_explored=is_explored,
    )


def _awake(
    places: GeoDataFrame, week: Week, *, illustrative: bool
) -> tuple[GeoDataFrame, tuple[LeftOut, ...]]:
    """Return the places that may be visited this week by id, and why the others may not."""
    months = {day.month for day in week.days}
    ordered = places.sort_values("place_id")
    keep, out = [], []
    for place in ordered.itertuples():
        reason = None
        if not any(is_awake(place.awake_from, place.awake_to, m) for m in months):
            reason = Message("left_out.asleep", {"month": f"@word.month.{place.awake_from}"})
        elif illustrative and place.kind == PlaceKind.MINE_HEAP:
            reason = Message("left_out.mine_on_illustrative")
        keep.append(reason is None)
        if reason is not None:
            out.append(
                LeftOut(
                    stop=f"stop-{place.place_id}",
                    place_id=place.place_id,
                    name=place.name,
                    reason=reason,
                )
            )
    return ordered[np.array(keep, dtype=bool)], tuple(out)


def visit_worth(rate: ArrayLike, hours: ArrayLike, *, overdue: ArrayLike) -> NDArray[np.float64]:
    """Return what visits are worth: the meetings expected, by how much it is time to look again.

    Parameters
    ----------
    rate
        Expected cases per hour of presence.
    hours
        Of the visit.
    overdue
        Time since a visit was due, as a share of the interval between visits; below nought
        where the last one was sooner. Worth six tenths right after a visit, thrice at most.
    """
    late = 1.0 + np.clip(overdue, -_JUST_SEEN, _LONG_OVERDUE)
    return np.asarray(np.asarray(rate) * np.asarray(hours) * late)


def _slots(place_id: str, kind: str, risky: GeoDataFrame) -> tuple[str, ...]:
    if place_id in risky.index and risky.loc[place_id, "slots"]:
        return tuple(risky.loc[place_id, "slots"])
    return _USUAL_SLOTS.get(PlaceKind(kind), _DAYTIME)


def _stop(  # a row of PLACES as itertuples gives it, which has no type
    place: Any,  # noqa: ANN401
    week: Week,
    known: _Known,
    settings: StopSettings,
    safety: SafetySettings,
) -> Stop:
    place_id, kind = str(place.place_id), PlaceKind(str(place.kind))
    interval = settings.hotspot_interval_days if known.is_hotspot else settings.interval_days
    overdue = known.days_since - interval if not math.isnan(known.days_since) else 0.0
    service = settings.hotspot_service_min if known.is_hotspot else settings.service_min
    coast = kind in {PlaceKind.BEACH, PlaceKind.PROMENADE} and _in_season(week, settings)
    late = overdue / interval
    prize = visit_worth(known.rate, service / 60.0, overdue=late)
    prize *= settings.coast_factor if coast else 1.0
    must = place_id in settings.must_places or (
        known.is_hotspot and overdue > settings.must_overdue_days
    )
    point = place.geometry
    return Stop(
        id=f"stop-{place_id}",
        place_id=place_id,
        name=str(place.name),
        lon=float(point.x),
        lat=float(point.y),
        prize=round(float(prize), 6),
        service_min=service,
        windows=_windows(place, week, known.slots, service, safety),
        must=must,
        exploration=known.is_explored and not known.is_hotspot,
        reason=_reason(known, overdue, coast=coast, must=place_id in settings.must_places),
        kind=kind,
        needs_escort=place_id in safety.escort_places,
    )


def _in_season(week: Week, settings: StopSettings) -> bool:
    first, last = settings.coast_months
    return any(is_awake(first, last, day.month) for day in week.days)


def _reason(known: _Known, overdue: float, *, coast: bool, must: bool) -> Message:
    """Return the one sentence that weighs most; `data.access` keeps evidence from the field."""
    if must:
        return Message("stop.promised")
    if known.is_hotspot:
        return _risk_reason(known)
    if known.is_explored:
        return Message("stop.exploration")
    if overdue >= 1:
        return Message("stop.overdue", {"n": math.floor(overdue)})
    if coast:
        return Message("stop.season")
    # Its hours are those of its kind, and nobody claims to have seen more.
    return Message("stop.usual")


def _risk_reason(known: _Known) -> Message:
    """Return the evidence of a place at risk; where a person knows of it, no case is made up."""
    slot = f"@word.slot.{known.slots[0]}"
    if not known.n_cases:
        return Message("stop.confirmed_hotspot", {"slot": slot})
    params = {"n": known.n_cases, "hours": round(known.hours, 1)}
    return Message("stop.evidence_hotspot", {**params, "slot": slot})


def _windows(  # a row of PLACES as itertuples gives it, which has no type
    place: Any,  # noqa: ANN401
    week: Week,
    slots: tuple[str, ...],
    service_min: float,
    safety: SafetySettings,
) -> tuple[TimeWindow, ...]:
    """Return when the place may be met on each day; a kind met by daylight by day only.

    A place where children are met in the dark is visited by day rather than never.
    """
    if PlaceKind(str(place.kind)) not in safety.daylight_kinds:
        return _joined(window for day in week.days for window in windows(slots, day))
    point, stay = place.geometry, timedelta(minutes=service_min)
    lit = [light(day, point.x, point.y, safety) for day in week.days]
    safe = [replace(one, closes=one.closes - stay) for one in lit]
    for chosen in (slots, _DAYLIGHT):
        found = _joined(
            shared
            for day, span in zip(week.days, safe, strict=True)
            for window in windows(chosen, day)
            if (shared := _shared(window, span)) is not None
        )
        if found:
            return found
    return ()


def _shared(one: TimeWindow, other: TimeWindow) -> TimeWindow | None:
    """Return the part that two windows have in common."""
    opens, closes = max(one.opens, other.opens), min(one.closes, other.closes)
    return TimeWindow(opens=opens, closes=closes) if opens < closes else None


def _joined(ordered: Iterable[TimeWindow]) -> tuple[TimeWindow, ...]:
    """Return windows in their order, touching ones as one."""
    found: list[TimeWindow] = []
    for window in ordered:
        if found and found[-1].closes == window.opens:
            found[-1] = TimeWindow(opens=found[-1].opens, closes=window.closes)
        else:
            found.append(window)
    return tuple(found)
