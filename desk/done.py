"""Plans against visits, as their viewer may have them: lines for the coordinator, else counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby

import pandas as pd

from data.access import Action, Purpose, release_done, require
from data.fieldwork import Skip
from data.nouns import Plan, Viewer
from desk.wiring import House
from patrol.done import Done, DoneCounts, compare, counted, plan_that_counts

__all__ = ["done_counts", "done_of"]


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
    made = compare(
        plan, house.store.visits(municipality), house.store.fieldwork.skips(municipality), now
    )
    return replace(
        made,
        lines=release_done(viewer, made.lines, municipality),
        unplanned=release_done(viewer, made.unplanned, municipality),
    )


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

    def whose(plan: Plan) -> tuple[str, str]:
        return plan.municipality or "", str(plan.week)

    recent = sorted(
        (p for p in plans if first <= p.week.days[-1] and p.week.monday <= now.date()), key=whose
    )
    by_town = dict(tuple(visits.groupby("municipality")))
    done = []
    for (town, _), versions in groupby(recent, key=whose):
        plan = plan_that_counts(versions)
        if plan is not None:
            own = [skip for skip in skips if skip.municipality == town]
            done.append(compare(plan, by_town.get(town, visits.iloc[:0]), own, now))
    return counted(done)
