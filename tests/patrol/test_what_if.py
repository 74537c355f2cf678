"""What if: the plan as it was decided beside the same with something different, and no phantoms."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import combinations, pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.changes import Change
from data.errors import NoRouteError
from data.messages import Message
from data.nouns import TIRANE, Plan, Route, RouteStop, Shift
from data.vocabulary import ChangeKind, PlaceKind
from patrol.cost_settings import CostSettings
from patrol.otherwise import otherwise
from patrol.plan import PlanSettings, plan_task
from patrol.revise import revise
from patrol.revise_ground import ReviseGround
from patrol.routes import RouteSettings
from patrol.scenarios import (
    Budget,
    CarLess,
    Holiday,
    MoreHours,
    MorePeople,
    MoreTeam,
    PersonLess,
    Scenario,
)
from patrol.what_if import Outcome, Question, variant, work_out
from patrol.worth import worth_of
from tests.climb import make_plans, routers_of
from tests.patrol.test_plan import WEEK, inputs

#: A municipality with one team, which drives.
KRUJE = "AL0302"
TEAM = "AL0302-t1"
SUNDAY = WEEK.days[6]
SCENARIOS: tuple[Scenario, ...] = (
    MoreTeam(like=TEAM),
    CarLess(team=TEAM, walks=False),
    Holiday(day=WEEK.days[1]),
    Budget(lek=20_000),
    PersonLess(worker="nobody"),
    MoreHours(hours=10),
)
#: What changes nothing: nobody works on the day, and there is money and time enough.
NOTHING: tuple[Scenario, ...] = (
    Holiday(day=SUNDAY),
    Budget(lek=10**6),
    MoreHours(hours=5, longer=False),
)
#: A visit's minutes are counted in whole seconds.
ROUNDED = timedelta(seconds=1)
BEFORE = datetime.combine(WEEK.monday, time(), TIRANE)
FEW = settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


@cache
def question(weeks: int = 1) -> Question:
    made = PlanSettings(routes=RouteSettings(iterations=40))
    plans = make_plans(inputs(KRUJE), weeks=weeks, seed=7, settings=made, progress=lambda *_: None)
    return Question(
        plans=plans,
        task=plan_task(inputs(KRUJE), made),
        routers=routers_of(KRUJE),
        seed=7,
        cost=CostSettings(),
    )


@cache
def worked_out() -> tuple[Outcome, ...]:
    return work_out(question(), SCENARIOS, progress=lambda _message, _share: None)


def of(kind: type) -> Outcome:
    return next(one for one in worked_out() if isinstance(one.scenario, kind))


def met(plans: tuple[Plan, ...]) -> list[tuple[str, RouteStop]]:
    """Return all visits with their shifts, by time."""
    found = [(r.shift, one) for plan in plans for r in plan.routes for one in r.stops]
    return sorted(found, key=lambda pair: (pair[1].arrive, pair[1].stop.id))


def locked(plan: Plan) -> set[tuple[str, str]]:
    return {(c.shift, c.stop) for c in plan.standing if c.kind is ChangeKind.LOCK}


@st.composite
def decided(draw: st.DrawFn) -> Question:
    """Return a question whose plan a person has changed: locks, a place out, a road closed."""
    asked = question()
    (plan,) = asked.plans
    visits = met(asked.plans)
    numbers = st.integers(0, len(visits) - 1)
    picked = draw(st.lists(numbers, min_size=1, max_size=6, unique=True))
    changes = [
        Change(kind=ChangeKind.LOCK, shift=visits[n][0], stop=visits[n][1].stop.id)
        for n in picked[1:]
    ]
    shift, out = visits[picked[0]]
    changes.append(Change(kind=ChangeKind.DROP, shift=shift, stop=out.stop.id))
    if draw(st.booleans()):
        stops = sorted({one.stop.id for _, one in visits} - {out.stop.id})
        changes.append(Change(kind=ChangeKind.CLOSED, stop=stops[0], other=stops[1]))
    ground = ReviseGround(routers=asked.routers, kinds={"": PlaceKind.OTHER})
    try:
        made = revise(plan, changes, ground, now=BEFORE - timedelta(days=1))
    except NoRouteError:  # two locks that cannot both be kept once the road is closed
        made = revise(plan, changes[:1], ground, now=BEFORE - timedelta(days=1))
    return replace(asked, plans=(made,))


def faults(asked: Question, plans: tuple[Plan, ...]) -> list[str]:
    """Return what breaks a rule of the road, or of rest between visits."""
    shifts = {shift.id: shift for plan in plans for shift in plan.shifts}
    found = [
        fault
        for plan in plans
        for route in plan.routes
        for fault in _faults_of(route, shifts[route.shift])
    ]
    days: dict[str, list[date]] = {}
    for _, one in met(plans):
        days.setdefault(one.stop.id, []).append(one.arrive.date())
    rest = asked.task.settings.stops.least_gap_days
    found += [
        f"{stop} does not rest"
        for stop, own in days.items()
        if any((b - a).days < rest for a, b in pairwise(own))
    ]
    return found


def _faults_of(route: Route, shift: Shift) -> list[str]:
    here, clock, found = shift.base, shift.start, []
    for leg, one in zip(route.legs, route.stops, strict=False):
        if (here, one.stop.id) != (leg.origin, leg.destination):
            found.append(f"{route.shift}: the ways do not go from place to place")
        if one.arrive < clock + timedelta(seconds=leg.travel_s) - ROUNDED:
            found.append(f"{route.shift}: {one.stop.id} is met before anybody can be there")
        if not any(w.opens <= one.arrive <= w.closes for w in one.stop.windows):
            found.append(f"{route.shift}: {one.stop.id} is closed")
        here, clock = one.stop.id, one.leave
    if clock + timedelta(seconds=route.legs[-1].travel_s) > shift.end + ROUNDED:
        found.append(f"{route.shift}: it is over too late")
    if len(route.legs) != len(route.stops) + 1:
        found.append(f"{route.shift}: a way is missing")
    return found


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


def test_longer_shifts_reach_no_less_and_are_worked_by_whom_the_plan_has_in_them():
    found = of(MoreHours)

    assert found.after is not None
    assert found.after.worth >= found.before.worth
    assert found.after.hours > found.before.hours
    was, now = question().plans[0].shifts, variant(question(), MoreHours(hours=10))[0].shifts
    assert [(one.id, one.workers) for one in now] == [(one.id, one.workers) for one in was]


def test_a_scenario_without_a_plan_says_why_and_the_others_go_on():
    no_team, nobody = of(CarLess), of(PersonLess)

    assert (no_team.after, no_team.fault) == (None, Message("plan.no_shift"))
    assert (nobody.after, nobody.fault) == (None, Message("what_if.gone"))
    assert len(worked_out()) == len(SCENARIOS)


def test_all_are_set_beside_the_plan_itself_and_the_same_question_has_the_same_answer():
    plan = question().plans[0]
    assert {one.before.visits for one in worked_out()} == {len(met((plan,)))}
    again = work_out(question(), SCENARIOS[2:3], progress=lambda _message, _share: None)

    assert again[0] == of(Holiday)


def test_how_far_it_is_only_rises_and_ends_at_one():
    told: list[float] = []
    work_out(question(), SCENARIOS[:3], progress=lambda _message, share: told.append(share))

    assert told == sorted(told)
    assert told[-1] == 1.0


@pytest.mark.parametrize("weeks", [1, 2])
@pytest.mark.parametrize("scenario", NOTHING)
def test_what_changes_nothing_makes_no_difference_in_any_number(scenario: Scenario, weeks: int):
    (found,) = work_out(question(weeks), [scenario], progress=lambda *_: None)

    assert found.after == found.before
    assert variant(question(weeks), scenario) == question(weeks).plans


@FEW
@given(asked=decided())
def test_without_any_change_what_if_is_the_plan_as_it_was_decided(asked: Question):
    task = asked.decided

    assert otherwise(asked.plans, task, task, asked.routers, seed=asked.seed) == asked.plans


@FEW
@given(asked=decided())
def test_one_more_team_never_reaches_less_and_keeps_what_was_fixed_by_hand(asked: Question):
    plans = variant(asked, MoreTeam(like=TEAM))

    judged = [worth_of(one, asked.decided, asked.plans) for one in (asked.plans, plans)]
    assert judged[1] >= judged[0]
    assert sum(one.stop.must for _, one in met(plans)) >= sum(
        one.stop.must for _, one in met(asked.plans)
    )
    _keeps_what_was_fixed(asked, plans)
    assert faults(asked, plans) == faults(asked, asked.plans) == []


@FEW
@given(asked=decided(), day=st.sampled_from(WEEK.days[:5]))
def test_on_a_holiday_what_was_fixed_on_other_days_stays_and_nothing_is_gained(
    asked: Question, day: date
):
    plans = variant(asked, Holiday(day=day))

    judged = [worth_of(one, asked.decided, asked.plans) for one in (asked.plans, plans)]
    assert judged[1] <= judged[0]
    kept = {shift.id for shift in plans[0].shifts}
    left = tuple(c for c in asked.plans[0].standing if not c.shift or c.shift in kept)
    _keeps_what_was_fixed(replace(asked, plans=(replace(asked.plans[0], standing=left),)), plans)
    assert faults(asked, plans) == []
    before, after = ({(s, one.stop.id) for s, one in met(p)} for p in (asked.plans, plans))
    # Rounds of other days give up nothing but for what lost its own.
    lost = {stop for shift, stop in before if shift not in kept}
    assert {stop for _, stop in after - before} <= lost


def _keeps_what_was_fixed(asked: Question, plans: tuple[Plan, ...]) -> None:
    fixed = locked(asked.plans[0])
    was, now = (
        {
            (shift, one.stop.id, one.arrive)
            for shift, one in met(own)
            if (shift, one.stop.id) in fixed
        }
        for own in (asked.plans, plans)
    )
    assert now == was
    # Of a place that was met twice one visit may be left.
    for out in {c.stop for c in asked.plans[0].standing if c.kind is ChangeKind.DROP}:
        left, more = ([o for _, o in met(own) if o.stop.id == out] for own in (asked.plans, plans))
        assert len(more) <= len(left)


def test_longer_shifts_and_lost_cars_go_around_what_is_locked_or_say_that_they_cannot():
    (plan,) = question().plans
    visits = [(route.shift, route.stops[len(route.stops) // 2]) for route in plan.routes]
    locks = tuple(
        Change(kind=ChangeKind.LOCK, shift=shift, stop=one.stop.id) for shift, one in visits
    )
    asked = replace(question(), plans=(replace(plan, standing=locks),))

    longer = variant(asked, MoreHours(hours=10))

    _keeps_what_was_fixed(asked, longer)
    assert faults(asked, longer) == []
    (on_foot,) = work_out(asked, [CarLess(team=TEAM)], progress=lambda *_: None)
    if on_foot.after is None:
        assert on_foot.fault == Message("what_if.lock_in_way")
    else:
        _keeps_what_was_fixed(asked, variant(asked, CarLess(team=TEAM)))


def test_the_weeks_that_were_planned_together_are_looked_at_together():
    asked = question(2)
    (team, hours) = work_out(
        asked, [MoreTeam(like=TEAM), MoreHours(hours=10)], progress=lambda *_: None
    )

    assert team.before.weeks == 2
    assert team.before.visits == len(met(asked.plans))
    assert team.after is not None
    assert team.after.hours == 2 * team.before.hours
    assert team.after.worth >= team.before.worth
    assert hours.after is not None
    assert hours.after.hours - hours.before.hours == pytest.approx(2 * 20)
    plans = variant(asked, MoreTeam(like=TEAM))
    assert faults(asked, plans) == []
    assert [plan.week for plan in plans] == [plan.week for plan in asked.plans]
    both = variant(asked, Holiday(day=asked.plans[1].week.days[0]))
    assert both[0] == asked.plans[0]


def test_a_person_more_or_less_leaves_the_rounds_to_those_who_had_them():
    asked = question()
    worker = asked.plans[0].workers[0].id

    (more,) = variant(asked, MorePeople(like=worker))

    assert (more.routes, more.shifts) == (asked.plans[0].routes, asked.plans[0].shifts)


def test_without_streets_to_search_anew_the_ways_are_the_plans_own():
    asked = question()
    (plan,), (then,) = asked.plans, variant(asked, Holiday(day=WEEK.days[1]))
    same = [
        (a, b)
        for a, b in combinations((*plan.routes, *then.routes), 2)
        if a.shift == b.shift and {m.stop.id for m in a.stops} == {m.stop.id for m in b.stops}
    ]

    assert same
    assert all(a == b for a, b in same)
