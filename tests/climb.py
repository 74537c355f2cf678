"""The whole climb in one call, as the desk takes it in two: from what is known to plans."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from data import reference
from data.messages import Message
from data.nouns import Plan
from data.vocabulary import TravelMode
from geo.illustrative import lay_streets
from geo.travel import Router, prepare
from patrol.plan import PlanInputs, PlanSettings, plan_task, solve_plans

__all__ = ["make_plan", "make_plans", "routers_of"]

Progress = Callable[[Message, float], None]


@cache
def routers_of(code: str) -> Mapping[TravelMode, Router]:
    """Return routers on streets drawn for a municipality."""
    known = reference.settlements()
    network = lay_streets(
        reference.area_of(code),
        known[known["municipality"] == code],
        reference.roads(),
        reference.coastline(),
        seed=1,
    )
    return {mode: prepare(network, mode) for mode in TravelMode}


def make_plan(
    inputs: PlanInputs, *, seed: int, settings: PlanSettings, progress: Progress | None = None
) -> Plan:
    """Return the plan of the inputs' week."""
    return make_plans(inputs, seed=seed, settings=settings, progress=progress)[0]


def make_plans(
    inputs: PlanInputs,
    *,
    weeks: int = 1,
    seed: int,
    settings: PlanSettings,
    progress: Progress | None = None,
) -> tuple[Plan, ...]:
    """Return the plans of so many weeks from the inputs' own on, on streets that are drawn."""
    return solve_plans(
        plan_task(inputs, settings),
        routers_of(inputs.area.id),
        weeks=weeks,
        seed=seed,
        progress=progress or (lambda _message, _share: None),
    )
