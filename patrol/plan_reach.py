"""What plans reach and what they leave waiting, in numbers that can be set beside another's.

Finds play no part: it counts places, hours and gaps, and what visits are worth to
a planner.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from statistics import fmean

import pandas as pd
from geopandas import GeoDataFrame

from data.nouns import TIRANE, Plan, Week
from geo.places import is_awake
from geo.slots import SLOT_IDS, SLOT_OF_HOUR
from patrol.cost import Cost
from patrol.plan_gaps import gaps
from patrol.prospects import Prospects
from patrol.stop_hours import active_slots

__all__ = ["Reach", "reach_of", "wanted_times"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What the plans of some weeks do and cost.

    Parameters
    ----------
    visits, places
        How many visits, and to how many places.
    times_met, times_wanted
        Places by the slots of each week in which they are worth a visit: how many are
        met, of how many.
    worth
        Of all visits: meetings with children expected, raised where a visit is overdue.
    longest_gap_days, mean_gap_days
        Between two visits to a place, or from the last one to the end of the plan, visits
        before it counted in; `None` where nobody was ever anywhere.
    longest_wait_days
        The longest of the gaps that are still open when the plan is over.
    never
        Places where nobody was before the plan, nor is in it.
    left_out
        Places that a week does not visit, of all weeks.
    minutes
        At places.
    km
        On the way, on foot as well.
    hours
        Of paid work, all people together.
    lek
        In all, by kind of cost, and by line of the budget.
    weeks
        How many all of this is of.
    """

    visits: int
    places: int
    times_met: int
    times_wanted: int
    worth: float
    longest_gap_days: float | None
    mean_gap_days: float | None
    longest_wait_days: float | None
    never: int
    left_out: int
    minutes: int
    km: float
    hours: float
    lek: int
    lek_by_kind: Mapping[str, int]
    lek_by_line: Mapping[str, int] = field(default_factory=dict)
    weeks: int = 1


Cells = frozenset[tuple[str, str]]


def reach_of(
    plans: Sequence[Plan], prospects: Prospects, costs: Sequence[Cost], worth: float
) -> Reach:
    """Return what the plans of weeks that follow one another reach together.

    Parameters
    ----------
    prospects
        Of their area: places, of which those asleep in all of the weeks are not looked at, and
        when teams were there before.
    costs
        Of each plan.
    worth
        Of all visits (`patrol.worth`).
    """
    met = [one for plan in plans for route in plan.routes for one in route.stops]
    wanted = [wanted_times(prospects, plan.week) for plan in plans]
    awake = sorted({place for plan in plans for place in _awake(prospects.places, plan.week)})
    monday = datetime.combine(plans[0].week.monday, time(), TIRANE)
    last = prospects.history(monday)["last_visit"].dropna()
    known = gaps(plans, awake, {str(place): at.to_pydatetime() for place, at in last.items()})
    days = [one for own in known.values() for one in own]
    waits = [own[-1] for own in known.values() if own]
    legs = [leg for plan in plans for route in plan.routes for leg in route.legs]
    return Reach(
        visits=len(met),
        places=len({one.stop.place_id for one in met}),
        times_met=sum(len(_cells(plan) & times) for plan, times in zip(plans, wanted, strict=True)),
        times_wanted=sum(map(len, wanted)),
        worth=worth,
        longest_gap_days=max(days, default=None),
        mean_gap_days=fmean(days) if days else None,
        longest_wait_days=max(waits, default=None),
        never=len(awake) - len(waits),
        left_out=sum(len(plan.left_out) for plan in plans),
        minutes=round(sum((one.leave - one.arrive) / timedelta(minutes=1) for one in met)),
        km=sum(leg.distance_m for leg in legs) / 1000,
        hours=float(sum(cost.hours for cost in costs)),
        lek=sum(cost.lek for cost in costs),
        lek_by_kind=_summed({str(k): one.lek for k, one in c.by_kind().items()} for c in costs),
        lek_by_line=_summed({str(k): lek for k, lek in c.by_budget_line().items()} for c in costs),
        weeks=len(plans),
    )


def _summed(many: Iterable[Mapping[str, int]]) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for one in many:
        for name, lek in one.items():
            found[name] += lek
    return dict(found)


def _cells(plan: Plan) -> Cells:
    met = (one for route in plan.routes for one in route.stops)
    return frozenset((one.stop.place_id, _slot(one.arrive)) for one in met)


def wanted_times(prospects: Prospects, week: Week) -> Cells:
    """Return each place that is in use in a week with each slot in which it is worth a visit."""
    awake = set(_awake(prospects.places, week))
    rows = zip(prospects.places["place_id"], prospects.places["kind"], strict=True)
    return frozenset(
        (place, slot)
        for place, kind in rows
        if place in awake
        for slot in active_slots(place, kind, prospects.hotspots)
    )


def _slot(moment: datetime) -> str:
    local = moment.astimezone(TIRANE)
    return SLOT_IDS[SLOT_OF_HOUR[24 * local.weekday() + local.hour]]


def _awake(places: GeoDataFrame, week: Week) -> pd.Series:
    """Return the ids of the places that are in use in a week."""
    months = {day.month for day in week.days}
    rows = zip(places["awake_from"], places["awake_to"], strict=True)
    awake = [any(is_awake(first, last, m) for m in months) for first, last in rows]
    return places.loc[pd.Series(awake, index=places.index, dtype=bool), "place_id"]
