"""How long places wait between visits in plans, counted from the last visit before them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

from data.nouns import TIRANE, Plan

__all__ = ["gaps"]


def gaps(
    plans: Sequence[Plan], place_ids: Iterable[str], last_visit: Mapping[str, datetime]
) -> dict[str, list[float]]:
    """Return the days between visits to each place, and last the days from one to the end.

    A place where nobody was before the plans, nor is in them, has none.

    Parameters
    ----------
    plans
        Of weeks that follow one another.
    last_visit
        When each place was last visited before them, by its id, where it was.
    """
    ends = datetime.combine(plans[-1].week.monday + timedelta(days=7), time(), TIRANE)
    planned: dict[str, list[datetime]] = {}
    for route in (route for plan in plans for route in plan.routes):
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
