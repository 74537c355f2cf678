"""How often and when a change may have a place met: as far apart and in the hours the plan keeps.

What a search may choose holds to it, towards every other visit of the plan, also
those of other days and those that are locked. What a person chose wins.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from data.nouns import RouteStop, Stop, TimeWindow
from patrol.revise_draft import Draft, day_of
from patrol.revise_gaps import DayRules
from patrol.round_ends import closed_to
from patrol.spots import pace_of
from patrol.variety import open_hours, week_hour

__all__ = ["again", "days_to_mend", "in_open_hour", "may_on", "open_windows"]


def may_on(draft: Draft, stop: Stop, day: date, rules: DayRules) -> bool:
    """Say whether a place may be met on a day: rested from every visit on another one."""
    if stop.place_id in {one.place_id for one in rules.stops.promises}:
        return True
    pace = pace_of(stop, rules.stops)
    if pace.rests_until is not None and day < pace.rests_until:
        return False
    others = _days(draft, stop.id) - {day}
    return all(abs((day - other).days) >= pace.least_gap_days for other in others)


def again(draft: Draft, stop: Stop, rules: DayRules) -> float | None:
    """Return what one more visit in the week is worth, by a share; `None` if there may be none."""
    pace, n = pace_of(stop, rules.stops), len(draft.days_of(stop.id))
    if n >= pace.most:
        return None
    return rules.routes.repeat_factor ** max(0, n + 1 - pace.needed)


def in_open_hour(met: RouteStop, rules: DayRules) -> bool:
    """Say whether a visit begins in an hour that is not closed to its place."""
    return week_hour(met.arrive) not in closed_to(met.stop.pace, rules.variety)


def open_windows(stop: Stop, rules: DayRules) -> tuple[TimeWindow, ...]:
    """Return when a visit may begin, without the hours that are closed to its place."""
    return open_hours(stop.windows, closed_to(stop.pace, rules.variety))


def days_to_mend(draft: Draft, stops: Collection[str], rules: DayRules) -> set[date]:
    """Return the days on which a visit that is free comes too soon or in a closed hour.

    Parameters
    ----------
    stops
        Those that are looked at: what the changes are about.
    """
    return {
        day_of(draft.shifts[shift])
        for shift, visits in draft.visits.items()
        for met in visits
        if met.stop.id in stops and met.arrive > draft.now
        if (shift, met.stop.id) not in draft.locks
        if not may_on(draft, met.stop, day_of(draft.shifts[shift]), rules)
        or not in_open_hour(met, rules)
    }


def _days(draft: Draft, stop: str) -> set[date]:
    """Return the days on which a place is met, or was asked for."""
    asked = {
        day_of(draft.shifts[shift])
        for one in draft.asked
        if one.stop.id == stop
        for shift in one.shifts
    }
    return asked | set(draft.days_of(stop))
