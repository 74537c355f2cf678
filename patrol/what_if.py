"""What if: one more team, a car less, a holiday, more hours; planned anew and set beside the plan.

A scenario changes what a plan is made from, never a plan. Both plans have the same
seed and the same settings otherwise, so that nothing but the scenario parts them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from data.errors import HouseError, NoRouteError
from data.messages import Message
from data.nouns import Plan
from data.vocabulary import TravelMode
from geo.travel import Router
from patrol.cost import cost_of
from patrol.cost_settings import CostSettings
from patrol.plan import solve_plans
from patrol.plan_reach import Reach, reach_of
from patrol.scenarios import Budget, Scenario, changed, within_budget
from patrol.task import PlanTask

__all__ = ["Outcome", "Question", "work_out"]

Progress = Callable[[Message, float], None]

#: How often a plan is made smaller until it costs no more than the budget.
_CUTS = 4


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Question:
    """What a plan is solved from, and what things cost.

    `routers` hold every way of moving: a team that lost its car walks.
    """

    task: PlanTask
    routers: Mapping[TravelMode, Router]
    seed: int
    cost: CostSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A scenario beside the plan without it; `fault` says why there is no plan with it."""

    scenario: Scenario
    before: Reach
    after: Reach | None
    fault: Message | None = None

    @property
    def lek(self) -> int:
        """Return the lek more, or less, that the scenario costs."""
        return 0 if self.after is None else self.after.lek - self.before.lek

    @property
    def lek_a_visit(self) -> int | None:
        """Return the lek of each visit more, where there are more and they cost something."""
        if self.after is None:
            return None
        more = self.after.visits - self.before.visits
        return round(self.lek / more) if more > 0 and self.lek > 0 else None


def work_out(
    asked: Question, scenarios: Sequence[Scenario], *, progress: Progress
) -> tuple[Outcome, ...]:
    """Return each scenario beside the plan as it is made without it.

    Raises
    ------
    HouseError
        If there is no plan without any scenario.
    """
    steps = 1 + len(scenarios)

    def step(number: int) -> Callable[[Message, float], None]:
        message = Message("what_if.progress", {"number": number + 1, "of": steps})
        return lambda _message, share: progress(message, (number + share) / steps)

    plan = _plan(asked, asked.task, step(0))
    made = [_with(asked, one, plan, step(1 + n)) for n, one in enumerate(scenarios)]

    def reach(one: Plan) -> Reach:
        return reach_of(one, asked.task.prospects, cost_of(one, asked.cost))

    before = reach(plan)
    return tuple(
        Outcome(scenario=scenario, before=before, after=reach(found))
        if isinstance(found, Plan)
        else Outcome(scenario=scenario, before=before, after=None, fault=found)
        for scenario, found in zip(scenarios, made, strict=True)
    )


def _plan(asked: Question, task: PlanTask, progress: Progress) -> Plan:
    (made,) = solve_plans(task, asked.routers, seed=asked.seed, progress=progress)
    return made


def _with(asked: Question, scenario: Scenario, plan: Plan, progress: Progress) -> Plan | Message:
    """Return the plan of a scenario, or why there is none."""
    try:
        if isinstance(scenario, Budget):
            return _cheaper(asked, scenario, plan, progress)
        return _plan(asked, changed(scenario, asked.task), progress)
    except HouseError as fault:
        return fault.message


def _cheaper(asked: Question, budget: Budget, plan: Plan, progress: Progress) -> Plan:
    """Return a plan that costs no more than the budget.

    The shifts that give least for their money go first. What is left is planned
    anew and may drive further than before, so it is weighed again.
    """
    task = asked.task
    for _ in range(_CUTS):
        cost = cost_of(plan, asked.cost)
        if cost.lek <= budget.lek:
            return plan
        task = within_budget(task, plan, cost, budget.lek)
        plan = _plan(asked, task, progress)
    raise NoRouteError(Message("what_if.budget_too_small"))
