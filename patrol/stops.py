"""Places turned into work for a week: prize, minutes, windows, must or may, and the reason.

Prizes come from places and effort alone. What was just looked at is worth less,
what is overdue more, and a share of the minutes explores (`patrol.exploration`),
so that the plan does not chase its own tail (measured by `bench.feedback`).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame
from numpy.typing import ArrayLike, NDArray

from data.messages import Message
from data.nouns import TIRANE, LeftOut, Stop, Week
from data.vocabulary import PlaceKind
from geo.places import is_awake
from patrol.contact import expected_visit
from patrol.exploration import Draft, explored_places, lifted
from patrol.intervals import NEVER, Turn, due_in, urgencies
from patrol.needs import INTERVAL_DAYS, MONTH_DAYS, PlaceNeed, Promise, VisitNeed
from patrol.prospects import Prospects
from patrol.safety import SafetySettings
from patrol.season import Season, SeasonWeek
from patrol.stop_hours import active_slots, promised_hour, stop_windows
from patrol.stop_reasons import Known, reason_of

__all__ = ["StopSettings", "Stops", "make_stops", "visit_worth"]

#: By what share a visit is worth less right after another, and more where it is long overdue.
#: Without the first, rounds go back to the best places sooner than their rates deserve.
_JUST_SEEN, _LONG_OVERDUE = 0.4, 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class StopSettings:
    """How places become stops.

    Parameters
    ----------
    service_min, hotspot_service_min
        Minutes at a place where nobody is met, and at one at risk: time to look longer.
    contact_min
        Minutes more where a child is met: time to talk, for the form and the call to the unit.
    interval_days, hotspot_interval_days
        Every place is wanted at least this often, and places at risk.
    least_gap_days
        Days from one visit to a place to the next, at least.
    needs
        Places that are wanted more or less often than others like them, or further apart.
    must_overdue_days
        A place at risk that is overdue by more is a must.
    visits, hotspot_visits
        Visits a week at a place, and at a place at risk, at most; as many as it needs in any case.
    exploration_share
        Share of the minutes at places that goes where too little is known; best 0.15 to 0.2.
    must_places
        Places that have to be visited: promised, or called in.
    promises
        Places where the team said when it would be back: they are met then, and only then.
    """

    service_min: float = 30.0
    hotspot_service_min: float = 45.0
    contact_min: float = 30.0
    interval_days: int = INTERVAL_DAYS
    hotspot_interval_days: int = 7
    least_gap_days: int = 2
    needs: tuple[PlaceNeed, ...] = ()
    must_overdue_days: int = 14
    visits: int = 2
    hotspot_visits: int = 3
    exploration_share: float = 0.2
    must_places: tuple[str, ...] = ()
    promises: tuple[Promise, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stops:
    """The stops of a week, and the places that are none, with the rule that kept them out.

    Parameters
    ----------
    visits_wanted
        Visits in the week at most, by stop id.
    needs
        How often each stop is needed and how far apart, by stop id.
    rests_until
        The first day of a next visit, by stop id; what has to be visited does not rest.
    explored
        Visits to the places that were drawn for exploration.
    unreached
        Places that no round can reach, as the draft found.
    at_risk
        Ids of the stops that are at places at risk.
    """

    stops: tuple[Stop, ...]
    left_out: tuple[LeftOut, ...]
    visits_wanted: Mapping[str, int] = field(default_factory=dict)
    needs: Mapping[str, VisitNeed] = field(default_factory=dict)
    rests_until: Mapping[str, date] = field(default_factory=dict)
    explored: Mapping[str, int] = field(default_factory=dict)
    unreached: frozenset[str] = frozenset()
    at_risk: frozenset[str] = frozenset()


def make_stops(  # noqa: PLR0913 - the ground's findings and what a week wants of them
    prospects: Prospects,
    week: Week,
    *,
    settings: StopSettings,
    rng: np.random.Generator,
    illustrative: bool = False,
    draft: Draft | None = None,
    like: Stops | None = None,
    safety: SafetySettings | None = None,
    season: Season | None = None,
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
    like
        The week's stops as they were made before: what they explore and do not reach stays.
    safety
        Which kinds of places are met by daylight only, and which ones with an escort.
    season
        The calendar; without it nothing is raised and nothing closed.
    """
    safety, risky = safety or SafetySettings(), prospects.hotspots
    calendar = (season or Season()).week(week)
    history = prospects.history(datetime.combine(week.monday, time(), TIRANE))
    ordered, left_out = _awake(prospects.places, calendar, illustrative=illustrative)
    draft = draft or _once_each(ordered["place_id"], risky, settings)
    unreached = draft.unreached if like is None else like.unreached
    # Where there is too little to say, all is exploration and the prizes say what comes first.
    everywhere = prospects.verdict is not None
    explored = {} if like is None else dict(like.explored)
    if like is None and not everywhere:
        explored = explored_places(
            history.loc[[p for p in ordered["place_id"] if p not in risky.index]],
            draft,
            settings.exploration_share * draft.minutes / settings.service_min,
            interval_days=settings.interval_days,
            rng=rng,
        )
    needs = _needs(ordered, prospects, calendar, settings)
    turn = Turn(at_risk=risky.index, explored=explored, unreached=unreached)
    due = due_in(week, history["last_visit"], needs, turn)
    stops = tuple(
        _stop(
            place,
            week,
            _known(
                place,
                prospects,
                history,
                (needs[place.place_id], calendar),
                due,
                is_explored=everywhere or place.place_id in explored,
            ),
            settings,
            safety,
        )
        for place in ordered.itertuples()
    )
    promised = {promise.place_id for promise in settings.promises}
    wanted = {}
    for stop in stops:
        most = settings.hotspot_visits if stop.place_id in risky.index else settings.visits
        most = max(most, needs[stop.place_id].in_a_week)
        wanted[stop.id] = 1 if stop.place_id in promised else explored.get(stop.place_id, most)
    return Stops(
        stops=_urgent(_lifted(stops, explored), due, needs, turn),
        left_out=left_out,
        visits_wanted=wanted,
        needs={stop.id: needs[stop.place_id] for stop in stops},
        rests_until=_resting(stops, history["last_visit"], needs),
        explored=explored,
        unreached=unreached,
        at_risk=frozenset(stop.id for stop in stops if stop.place_id in risky.index),
    )


def _resting(
    stops: tuple[Stop, ...], last_visit: pd.Series, needs: Mapping[str, VisitNeed]
) -> dict[str, date]:
    """Return until when the stops rest that were visited before."""
    last = last_visit.dropna().dt.tz_convert(TIRANE).dt.date.to_dict()
    return {
        stop.id: last[stop.place_id] + timedelta(days=needs[stop.place_id].least_gap_days)
        for stop in stops
        if stop.place_id in last and not stop.must
    }


def _needs(
    places: GeoDataFrame, prospects: Prospects, calendar: SeasonWeek, settings: StopSettings
) -> dict[str, VisitNeed]:
    """Return how often each place is needed: as asked, or as is usual for places like it.

    What a place at risk still needs before it may be called empty is done within a month,
    and the season draws visits together.
    """
    asked = {one.place_id: one.need for one in settings.needs}
    gap = settings.least_gap_days
    usual = VisitNeed(visits=1, days=settings.interval_days, least_gap_days=gap)
    often = VisitNeed(visits=1, days=settings.hotspot_interval_days, least_gap_days=gap)
    found = {}
    for place, kind in zip(places["place_id"], places["kind"], strict=True):
        is_risky, more = place in prospects.hotspots.index, prospects.to_close.get(place, 0)
        need = often if is_risky else usual
        if is_risky and more:
            need = need.of_at_least(more, MONTH_DAYS)
        drawn = calendar.effect(place, PlaceKind(kind)).interval_days(need.interval_days)
        found[place] = asked.get(place, need.of_at_least(1, max(1, round(drawn))))
    return found


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


def _urgent(
    stops: tuple[Stop, ...],
    due: Mapping[str, float],
    needs: Mapping[str, VisitNeed],
    turn: Turn,
) -> tuple[Stop, ...]:
    """Return the stops, those that are due as urgent as they are late."""
    first = {*turn.explored, *turn.at_risk}
    ahead = {stop.place_id: stop.prize for stop in stops if stop.place_id in first}
    urgent = urgencies(due, needs, ahead, turn.unreached)
    waited = {place: int(days) for place, days in due.items() if days != NEVER}
    return tuple(
        replace(
            stop,
            urgency=urgent.get(stop.place_id, 0),
            waited_days=waited.get(stop.place_id),
        )
        for stop in stops
    )


def _known(  # noqa: PLR0913 - what is known of a place; its row has no type
    place: Any,  # noqa: ANN401
    prospects: Prospects,
    history: pd.DataFrame,
    wanted: tuple[VisitNeed, SeasonWeek],
    due: Collection[str],
    *,
    is_explored: bool,
) -> Known:
    risky, (need, calendar) = prospects.hotspots, wanted
    is_hotspot = place.place_id in risky.index
    return Known(
        # Where nobody looked it is what reports and its like say.
        rate=float(prospects.per_hour[place.place_id]),
        need=need,
        effect=calendar.effect(str(place.place_id), PlaceKind(str(place.kind))),
        slots=active_slots(place.place_id, place.kind, risky),
        days_since=float(history.loc[place.place_id, "days_since"]),
        n_cases=int(risky.loc[place.place_id, "n_cases"]) if is_hotspot else 0,
        hours=float(history.loc[place.place_id, "hours_seen"]),
        is_hotspot=is_hotspot,
        is_explored=is_explored,
        is_due=place.place_id in due,
    )


def _awake(
    places: GeoDataFrame, calendar: SeasonWeek, *, illustrative: bool
) -> tuple[GeoDataFrame, tuple[LeftOut, ...]]:
    """Return the places that may be visited this week by id, and why the others may not."""
    months = {day.month for day in calendar.days}
    ordered = places.sort_values("place_id")
    keep, out = [], []
    for place in ordered.itertuples():
        reason = None
        if not any(is_awake(place.awake_from, place.awake_to, m) for m in months):
            reason = Message("left_out.asleep", {"month": f"@word.month.{place.awake_from}"})
        elif illustrative and place.kind == PlaceKind.MINE_HEAP:
            reason = Message("left_out.mine_on_illustrative")
        elif place.kind == PlaceKind.SCHOOL and not (
            calendar.school or calendar.effect(place.place_id, PlaceKind.SCHOOL).because
        ):
            reason = Message("left_out.no_school")
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


def _stop(  # a row of PLACES as itertuples gives it, which has no type
    place: Any,  # noqa: ANN401
    week: Week,
    known: Known,
    settings: StopSettings,
    safety: SafetySettings,
) -> Stop:
    place_id, effect = str(place.place_id), known.effect
    interval = known.need.interval_days
    overdue = known.days_since - interval if not math.isnan(known.days_since) else 0.0
    service = settings.hotspot_service_min if known.is_hotspot else settings.service_min
    prize = visit_worth(known.rate, service / 60.0, overdue=overdue / interval) * effect.factor
    chance, service = expected_visit(known.rate, service, settings.contact_min)
    promise = next((one for one in settings.promises if one.place_id == place_id), None)
    promised = promise is not None or place_id in settings.must_places
    must = promised or (known.is_hotspot and overdue > settings.must_overdue_days)
    point = place.geometry
    own = None if known.is_hotspot else effect
    windows = stop_windows(place, week, known.slots, service, safety, own)
    if promise is not None:
        windows = promised_hour(promise, place, week, service, safety)
    return Stop(
        id=f"stop-{place_id}",
        place_id=place_id,
        name=str(place.name),
        lon=float(point.x),
        lat=float(point.y),
        prize=round(float(prize), 6),
        service_min=service,
        windows=windows,
        must=must,
        exploration=known.is_explored and not known.is_hotspot,
        reason=reason_of(known, overdue, place_id, must=promised),
        kind=PlaceKind(str(place.kind)),
        needs_escort=place_id in safety.escort_places,
        purpose=effect.purpose,
        chance=chance,
        contact_min=settings.contact_min,
    )
