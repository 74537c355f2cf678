"""Plans against visits, as their viewer may have them: lines for the coordinator, else counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import pandas as pd

from data.access import Action, Purpose, release_done, require
from data.fieldwork import Skip
from data.nouns import Plan, RouteStop, Shift, Viewer, Week
from data.vocabulary import PlanStatus
from desk.wiring import House
from patrol.done import Done, DoneCounts, compare, counted, plan_that_counts
from patrol.done import still_to_come as still_open
from patrol.roster_problem import MOST_WEEKS

__all__ = ["done_counts", "done_of", "still_to_come"]

_WEEK = timedelta(days=7)


def done_of(house: House, viewer: Viewer, plan: Plan, now: datetime) -> Done:
    """Return what became of a plan's stops, one by one.

    Raises
    ------
    AccessDeniedError
        If the viewer may not plan there.
    """
    municipality = plan.municipality or ""
    require(viewer, Action.PLAN, municipality)
    house.audit(viewer, "done.see", purpose=Purpose.PLAN, scope=municipality)
    earlier = house.store.plans(municipality, Week.of(plan.week.monday - _WEEK))
    made = compare(
        plan,
        house.store.visits(municipality),
        house.store.fieldwork.skips(municipality),
        now,
        before=_shifts(plan_that_counts(earlier)),
    )
    return replace(
        made,
        lines=release_done(viewer, made.lines, municipality),
        unplanned=release_done(viewer, made.unplanned, municipality),
    )


def still_to_come(
    house: House, municipality: str, until: datetime, now: datetime
) -> tuple[RouteStop, ...]:
    """Return what the approved plans of a municipality will visit from now until a moment.

    Drafts are no promise that anybody goes.
    """
    visits, skips = house.store.visits(municipality), house.store.fieldwork.skips(municipality)
    # A round that began last night is on its way yet; a plan is made eight weeks ahead at most.
    first = max(now - timedelta(days=1), until - timedelta(weeks=MOST_WEEKS)).date()
    found: list[RouteStop] = []
    for n in range(MOST_WEEKS + 1):
        week = Week.of(first + timedelta(weeks=n))
        kept = house.store.plans(municipality, week) if week.monday < until.date() else ()
        plan = plan_that_counts(one for one in kept if one.status is PlanStatus.APPROVED)
        if plan is not None:
            earlier = house.store.plans(municipality, Week.of(week.monday - _WEEK))
            before = _shifts(plan_that_counts(earlier))
            coming = still_open(plan, visits, skips, now, before=before)
            found += [met for met in coming if met.leave < until]
    return tuple(found)


def done_counts(
    plans: Iterable[Plan],
    visits: pd.DataFrame,
    skips: Sequence[Skip],
    now: datetime,
    *,
    period_days: int,
) -> DoneCounts:
    """Return counts of work over the weeks of a period, without place, team or child.

    The plan in force of each municipality and week counts.
    """
    first = (now - timedelta(days=period_days)).date()
    versions: defaultdict[tuple[str, date], list[Plan]] = defaultdict(list)
    for plan in plans:
        versions[plan.municipality or "", plan.week.monday].append(plan)
    kept = {key: plan_that_counts(plans) for key, plans in versions.items()}
    by_town = dict(tuple(visits.groupby("municipality")))
    done = []
    for (town, monday), counts in sorted(kept.items(), key=lambda item: item[0]):
        if counts is not None and first <= counts.week.days[-1] and monday <= now.date():
            own = [skip for skip in skips if skip.municipality == town]
            before = _shifts(kept.get((town, monday - _WEEK)))
            met = by_town.get(town, visits.iloc[:0])
            done.append(compare(counts, met, own, now, before=before))
    return counted(done)


def _shifts(plan: Plan | None) -> tuple[Shift, ...]:
    return () if plan is None else plan.shifts
