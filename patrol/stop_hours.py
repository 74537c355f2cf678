"""When a place may be met: in the slots of its cases or of its kind, some kinds by day only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import shapely
from geopandas import GeoDataFrame

from data.nouns import TIRANE, TimeWindow, Week
from data.vocabulary import PlaceKind
from geo.slots import SLOT_IDS, windows
from patrol.needs import Promise
from patrol.safety import SafetySettings, light
from patrol.season import Effect

__all__ = ["active_slots", "promised_hour", "stop_windows", "usual_slots"]

#: An hour of the clock without the moment in which the next one begins.
_HOUR = timedelta(minutes=59, seconds=59)
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


def active_slots(place_id: str, kind: str, risky: GeoDataFrame) -> tuple[str, ...]:
    """Return the slots in which a place is worth a visit.

    Parameters
    ----------
    risky
        HOTSPOTS by place; what is not there has the slots of its kind.
    """
    if place_id in risky.index and risky.loc[place_id, "slots"]:
        return tuple(risky.loc[place_id, "slots"])
    return usual_slots(PlaceKind(kind))


def usual_slots(kind: PlaceKind) -> tuple[str, ...]:
    """Return when places of a kind are worth a visit, as long as nothing more is known."""
    return _USUAL_SLOTS.get(kind, _DAYTIME)


def stop_windows(  # noqa: PLR0913, PLR0917 - a place, when, and what says so
    place: Any,  # noqa: ANN401 - a row of PLACES as itertuples gives it, which has no type
    week: Week,
    slots: tuple[str, ...],
    service_min: float,
    safety: SafetySettings,
    effect: Effect | None = None,
) -> tuple[TimeWindow, ...]:
    """Return when the place may be met on each day; a kind met by daylight by day only.

    A place where children are met in the dark is visited by day rather than never.

    Parameters
    ----------
    effect
        What the calendar says of a place whose hours no cases say.
    """
    if PlaceKind(str(place.kind)) not in safety.daylight_kinds:
        return _joined(_by_calendar(week, slots, service_min, effect or Effect()))
    safe = [_by_day(day, place.geometry, service_min, safety) for day in week.days]
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


def _by_calendar(
    week: Week, slots: tuple[str, ...], service_min: float, effect: Effect
) -> Iterator[TimeWindow]:
    service = timedelta(minutes=service_min)
    if effect.only:
        for day, span in effect.only:
            if span is None:
                yield from windows(slots, day)
            elif span.opens + service < span.closes:  # over before the market is
                yield TimeWindow(opens=span.opens, closes=span.closes - service)
        return
    for day in week.days:
        yield from windows(_LATE if day in effect.season_days else slots, day)


def promised_hour(
    promise: Promise,
    place: Any,  # noqa: ANN401 - as above
    week: Week,
    service_min: float,
    safety: SafetySettings,
) -> tuple[TimeWindow, ...]:
    """Return the hour in which the team said it would be back, as far as it is light enough."""
    day = week.days[promise.weekday]
    opens = datetime.combine(day, time(promise.hour), TIRANE)
    hour = TimeWindow(opens=opens, closes=opens + _HOUR)
    if PlaceKind(str(place.kind)) not in safety.daylight_kinds:
        return (hour,)
    safe = _shared(hour, _by_day(day, place.geometry, service_min, safety))
    return () if safe is None else (safe,)


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


def _by_day(
    day: date, point: shapely.Point, service_min: float, safety: SafetySettings
) -> TimeWindow:
    """Return when a visit may begin, so that it is over before dark."""
    lit = light(day, point.x, point.y, safety)
    return TimeWindow(opens=lit.opens, closes=lit.closes - timedelta(minutes=service_min))
