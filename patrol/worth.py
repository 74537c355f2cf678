"""What the visits of plans are worth, all judged alike: those of several weeks after one another.

A plan keeps the prizes it was made with. Plans that are set beside each other are
judged anew, by what is known now and by what each of them visits in the weeks before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from data.nouns import Plan, RouteStop, Stop
from patrol.horizon import Work
from patrol.outlook import OUT_OF_REACH, asked_after
from patrol.stops import Stops
from patrol.task import PlanTask

__all__ = ["asked_of_weeks", "met_in", "worth_of"]


def met_in(plan: Plan) -> tuple[RouteStop, ...]:
    """Return the visits of a plan, the earliest first."""
    met = (one for route in plan.routes for one in route.stops)
    return tuple(sorted(met, key=lambda one: (one.arrive, one.stop.id)))


def asked_of_weeks(
    plans: Sequence[Plan], task: PlanTask, explored: Sequence[Plan] | None = None
) -> tuple[Work, ...]:
    """Return what each week of plans asks for after what they visit in the weeks before it.

    Parameters
    ----------
    explored
        Plans whose exploration holds, and what they do not reach; their own where none are given.
    """
    return asked_after(
        task,
        [plan.week for plan in plans],
        [plan.shifts for plan in plans],
        [met_in(plan) for plan in plans],
        [_like(plan, task) for plan in explored or plans],
    )


def worth_of(plans: Sequence[Plan], task: PlanTask, explored: Sequence[Plan]) -> float:
    """Return what all visits are worth: each by its place, and by how many were before it."""
    # Who goes out is nothing to what a place is worth.
    anybody = [replace(plan, shifts=()) for plan in plans]
    works = asked_of_weeks(anybody, task, explored)
    settings = task.settings.routes
    return sum(
        work.worth(stop, nth, settings)
        for plan, work in zip(plans, works, strict=True)
        for stop, nth in _counted(plan, work)
    )


def _counted(plan: Plan, work: Work) -> Iterator[tuple[Stop, int]]:
    """Yield each visit's stop as it is judged, and how many visits to it were before."""
    judged = {stop.id: stop for stop in work.stops}
    seen: Counter[str] = Counter()
    for one in met_in(plan):
        yield judged.get(one.stop.id, one.stop), seen[one.stop.id]
        seen[one.stop.id] += 1


def _like(plan: Plan, task: PlanTask) -> Stops:
    """Return what a plan explores and does not reach; where all is exploration none is drawn."""
    unreached = {one.place_id for one in plan.left_out if one.reason.id in OUT_OF_REACH}
    explored: dict[str, int] = {}
    if task.prospects.verdict is None:
        left = [one.candidate for one in plan.left_out if one.candidate is not None]
        explored = {stop.place_id: 1 for stop in left if stop.exploration}
        explored |= Counter(one.stop.place_id for one in met_in(plan) if one.stop.exploration)
    return Stops(stops=(), left_out=(), explored=explored, unreached=frozenset(unreached))
