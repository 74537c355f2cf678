"""What if: scenarios planned anew with one seed, set beside the plan, and never a fault of all."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from data.errors import RosterError
from data.messages import Message
from patrol.cost_settings import CostSettings
from patrol.plan import PlanSettings, plan_task
from patrol.routes import RouteSettings
from patrol.scenarios import Budget, CarLess, Holiday, MoreTeam, PersonLess, Scenario
from patrol.what_if import Outcome, Question, work_out
from tests.climb import routers_of
from tests.patrol.test_plan import WEEK, inputs

#: A municipality with one team, which drives.
KRUJE = "AL0302"
TEAM = "AL0302-t1"
SCENARIOS: tuple[Scenario, ...] = (
    MoreTeam(like=TEAM),
    CarLess(team=TEAM, walks=False),
    Holiday(day=WEEK.days[1]),
    Budget(lek=20_000),
    PersonLess(worker="nobody"),
)


@cache
def question() -> Question:
    settings = PlanSettings(routes=RouteSettings(iterations=40))
    return Question(
        task=plan_task(inputs(KRUJE), settings),
        routers=routers_of(KRUJE),
        seed=7,
        cost=CostSettings(),
    )


@cache
def worked_out() -> tuple[Outcome, ...]:
    return work_out(question(), SCENARIOS, progress=lambda _message, _share: None)


def of(kind: type) -> Outcome:
    return next(one for one in worked_out() if isinstance(one.scenario, kind))


def test_one_more_team_works_more_and_costs_more():
    found = of(MoreTeam)

    assert found.after is not None
    assert found.after.hours == 2 * found.before.hours
    assert found.after.visits > found.before.visits
    assert found.after.worth > found.before.worth
    assert found.lek > 0
    more = found.after.visits - found.before.visits
    assert found.lek_a_visit == round(found.lek / more)


def test_a_holiday_costs_a_day_and_saves_its_money():
    found = of(Holiday)

    assert found.after is not None
    assert found.after.hours == pytest.approx(found.before.hours * 4 / 5)
    assert found.lek < 0
    assert found.lek_a_visit is None


def test_a_plan_within_a_budget_costs_no_more_and_uses_most_of_it():
    found = of(Budget)

    assert found.after is not None
    assert found.before.lek > 20_000 >= found.after.lek
    assert found.after.visits < found.before.visits


def test_a_scenario_without_a_plan_says_why_and_the_others_go_on():
    no_team, nobody = of(CarLess), of(PersonLess)

    assert (no_team.after, no_team.fault) == (None, Message("plan.no_shift"))
    assert (nobody.after, nobody.fault) == (None, Message("what_if.gone"))
    assert len(worked_out()) == len(SCENARIOS)


def test_all_are_set_beside_the_same_plan_and_the_same_question_has_the_same_answer():
    assert len({one.before.visits for one in worked_out()}) == 1
    again = work_out(question(), SCENARIOS[2:3], progress=lambda _message, _share: None)

    assert again[0].after is not None
    assert again[0].after.visits == of(Holiday).after.visits  # type: ignore[union-attr]
    assert again[0].before.lek == of(Holiday).before.lek


def test_how_far_it_is_only_rises_and_ends_at_one():
    told: list[float] = []
    work_out(question(), SCENARIOS[2:3], progress=lambda _message, share: told.append(share))

    assert told == sorted(told)
    assert told[-1] == 1.0


def test_without_a_plan_there_is_nothing_to_set_beside():
    idle = tuple(replace(team, weekdays=()) for team in question().task.teams)
    nobody_works = replace(question(), task=replace(question().task, teams=idle))

    with pytest.raises(RosterError):
        work_out(nobody_works, SCENARIOS[:1], progress=lambda _message, _share: None)


def test_a_budget_that_is_enough_changes_nothing():
    plenty = work_out(question(), [Budget(lek=10**6)], progress=lambda _message, _share: None)

    assert plenty[0].after == plenty[0].before
