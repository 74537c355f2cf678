"""The same plan with something different: what a person decided and what the scenario leaves stays.

It is never kept as a plan.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from data.errors import NoRouteError, RosterError
from data.messages import Message
from data.nouns import LeftOut, Plan, Route, Shift
from data.vocabulary import Sex, TravelMode
from geo.travel import Router
from patrol.horizon import day_of
from patrol.otherwise_crew import Crew, crew_of
from patrol.otherwise_rounds import searched_routes
from patrol.task import PlanTask
from patrol.worth import asked_of_weeks, met_in

__all__ = ["as_decided", "otherwise"]


def as_decided(plans: Sequence[Plan], task: PlanTask) -> PlanTask:
    """Return what plans are made from with the crew that they have themselves.

    Who is a woman and who a man no plan keeps: the roster asks whoever is known now.
    """
    known = {worker.id: worker for worker in task.workers}
    first = plans[0]
    workers = (
        replace(one, sex=known[one.id].sex if one.id in known else Sex.UNKNOWN)
        for one in first.workers
    )
    return replace(task, teams=first.teams, workers=tuple(workers), bases=first.bases)


def otherwise(  # noqa: PLR0913 - the plans, what is different, and what rounds are found with
    plans: Sequence[Plan],
    task: PlanTask,
    other: PlanTask,
    routers: Mapping[TravelMode, Router],
    *,
    gone: frozenset[str] = frozenset(),
    seed: int,
) -> tuple[Plan, ...]:
    """Return the plans of some weeks as they would be if their task were another one.

    Where that changes nothing the plans come back as they are.

    Parameters
    ----------
    plans
        Of weeks that follow one another.
    task
        As `as_decided` gives it.
    gone
        Ids of shifts that do not take place.

    Raises
    ------
    RosterError
        If what is different cannot be staffed, or nobody works at all.
    NoRouteError
        If no round is left, or a visit that was locked cannot be kept.
    """
    crew = crew_of(plans, task, other, gone, seed=seed)
    if not crew.shifts:
        raise RosterError(Message("plan.no_shift"))
    shifts = [_of_week(crew, plan) for plan in plans]
    if not crew.differing and _is_as_it_was(plans, shifts, crew):
        return tuple(plans)
    then = [replace(plan, shifts=own) for plan, own in zip(plans, shifts, strict=True)]
    works = asked_of_weeks(then, other)
    routes = searched_routes(plans, shifts, crew.differing, works, other, routers, seed=seed)
    if not any(routes):
        raise NoRouteError(Message("plan.nothing_reached", {"n": len(works[0].stops)}))
    return tuple(
        _plan(plan, other, crew, own, found)
        for plan, own, found in zip(plans, shifts, routes, strict=True)
    )


def _is_as_it_was(plans: Sequence[Plan], shifts: Sequence[tuple[Shift, ...]], crew: Crew) -> bool:
    pairs = zip(plans, shifts, strict=True)
    same = all(set(plan.shifts) == set(own) for plan, own in pairs)
    return same and set(crew.duties) == {duty for plan in plans for duty in plan.duties}


def _of_week(crew: Crew, plan: Plan) -> tuple[Shift, ...]:
    days = set(plan.week.days)
    return tuple(one for one in crew.shifts if day_of(one) in days)


def _plan(
    plan: Plan, other: PlanTask, crew: Crew, shifts: tuple[Shift, ...], routes: tuple[Route, ...]
) -> Plan:
    seen = {met.stop.id for route in routes for met in route.stops}
    lost = {met.stop.id: met.stop for met in met_in(plan) if met.stop.id not in seen}
    left = {one.stop: one for one in plan.left_out if one.stop not in seen}
    reason = Message("left_out.others_first")
    for name, stop in lost.items():
        left[name] = LeftOut(stop=name, place_id=stop.place_id, name=stop.name, reason=reason)
    return replace(
        plan,
        shifts=shifts,
        routes=routes,
        left_out=tuple(left[name] for name in sorted(left)),
        workers=tuple(replace(one, sex=Sex.UNKNOWN) for one in other.workers),
        teams=other.teams,
        duties=tuple(one for one in crew.duties if one.start.date() in set(plan.week.days)),
    )
