"""How long places wait between visits in a plan, counted from the last visit before its week."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

from data.nouns import TIRANE, Plan

__all__ = ["gaps"]


def gaps(
    plan: Plan, place_ids: Iterable[str], last_visit: Mapping[str, datetime]
) -> dict[str, list[float]]:
    """Return the days between visits to each place, and last the days from one to the week's end.

    A place where nobody was before the week, nor is in it, has none.

    Parameters
    ----------
    last_visit
        When each place was last visited before the week, by its id, where it was.
    """
    ends = datetime.combine(plan.week.monday + timedelta(days=7), time(), TIRANE)
    planned: dict[str, list[datetime]] = {}
    for route in plan.routes:
        for met in route.stops:
            planned.setdefault(met.stop.place_id, []).append(met.arrive)
    found = {}
    for place in place_ids:
        before = [last_visit[place]] if place in last_visit else []
        moments = [*before, *sorted(planned.get(place, ())), ends]
        found[place] = [_days(a, b) for a, b in pairwise(moments)]
    return found


def _days(begin: datetime, end: datetime) -> float:
    return (end.astimezone(UTC) - begin.astimezone(UTC)) / timedelta(days=1)
