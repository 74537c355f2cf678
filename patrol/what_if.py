"""What if: one more team, a car less, a holiday, more hours; set beside the plan as it was decided.

A scenario changes what plans are made from, never a plan. The plan itself is what all of
them are set beside, as it stands with all that a person locked, took out or closed; a
scenario keeps that, and searches only what it makes different (`patrol.otherwise`). So
both have had the same search, and where nothing is different there is no difference.
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
from patrol.otherwise import as_decided, otherwise
from patrol.plan_reach import Reach, reach_of
from patrol.scenarios import Budget, Scenario, beyond_budget, changed
from patrol.task import PlanTask
from patrol.worth import worth_of

__all__ = ["Outcome", "Question", "variant", "work_out"]

Progress = Callable[[Message, float], None]

#: How often plans are made smaller until they cost no more than the budget.
_CUTS = 4


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Question:
    """The plans that were decided, what they would be made from now, and what things cost.

    Parameters
    ----------
    plans
        Of weeks that follow one another.
    routers
        Every way of moving: a team that lost its car walks.
    """

    plans: tuple[Plan, ...]
    task: PlanTask
    routers: Mapping[TravelMode, Router]
    seed: int
    cost: CostSettings

    @property
    def decided(self) -> PlanTask:
        """Return what is planned from, with the crew that the plans have."""
        return as_decided(self.plans, self.task)


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
    """Return each scenario beside the plans as they were decided.

    Parameters
    ----------
    progress
        Told which scenario is worked out, and which share is done.
    """
    before = _reach(asked, asked.plans)
    found = []
    for n, scenario in enumerate(scenarios):
        message = Message("what_if.progress", {"number": n + 1, "of": len(scenarios)})
        progress(message, n / len(scenarios))
        after, fault = None, None
        try:
            after = _reach(asked, variant(asked, scenario))
        except HouseError as why:
            fault = why.message
        found.append(Outcome(scenario=scenario, before=before, after=after, fault=fault))
        progress(message, (n + 1) / len(scenarios))
    return tuple(found)


def variant(asked: Question, scenario: Scenario) -> tuple[Plan, ...]:
    """Return the plans as they would be in a scenario.

    Raises
    ------
    HouseError
        If there are none.
    """
    if isinstance(scenario, Budget):
        return _cheaper(asked, scenario)
    task = asked.decided
    return otherwise(asked.plans, task, changed(scenario, task), asked.routers, seed=asked.seed)


def _reach(asked: Question, plans: Sequence[Plan]) -> Reach:
    costs = [cost_of(plan, asked.cost) for plan in plans]
    worth = worth_of(plans, asked.decided, asked.plans)
    return reach_of(plans, asked.task.prospects, costs, worth)


def _cheaper(asked: Question, budget: Budget) -> tuple[Plan, ...]:
    """Return plans that cost no more than the budget.

    The shifts that give least for their money go first. What they visited may go to other
    rounds, which drive further then, so it is weighed again.
    """
    plans, gone, task = asked.plans, frozenset[str](), asked.decided
    most = budget.lek * len(plans)
    for _ in range(_CUTS):
        costs = [cost_of(plan, asked.cost) for plan in plans]
        if sum(cost.lek for cost in costs) <= most:
            return plans
        gone |= beyond_budget(plans, costs, most)
        plans = otherwise(asked.plans, task, task, asked.routers, gone=gone, seed=asked.seed)
    raise NoRouteError(Message("what_if.budget_too_small"))
