"""Scenarios: what each changes of what a plan is made from, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

import pandas as pd
import pytest

from data.changes import Change
from data.errors import NoRouteError
from data.frames import PLACES
from data.nouns import TIRANE, Base, Marks, Team, Week, Worker
from data.vocabulary import ChangeKind, Skill, TravelMode
from patrol.cost import cost_of
from patrol.cost_settings import CostSettings
from patrol.plan import weeks_from
from patrol.prospects import Prospects
from patrol.roster import RosterSettings, make_demand, make_duties
from patrol.scenarios import (
    Budget,
    CarLess,
    Holiday,
    MoreHours,
    MorePeople,
    MoreTeam,
    PersonLess,
    Scenario,
    beyond_budget,
    changed,
    scenario_of,
    scenario_record,
    usual_scenarios,
)
from patrol.task import PlanSettings, PlanTask
from tests.builders import CENTRE, durres
from tests.plans import plan_of

WEEK = Week.parse("2026-W28")
#: As the desk gathers them: with the holidays of the calendar.
SETTINGS = PlanSettings(roster=RosterSettings(holidays=(date(2026, 1, 1), date(2026, 1, 2))))
ALL: tuple[Scenario, ...] = (
    MoreTeam(like="t2", start=time(16), end=time(22), weekdays=(4, 5)),
    MoreTeam(like="t1"),
    CarLess(team="t2", walks=False),
    Holiday(day=WEEK.days[2]),
    MoreHours(hours=6, longer=False),
    MorePeople(like="w1"),
    PersonLess(worker="w1"),
    Budget(lek=90_000),
)


def team(name: str, mode: TravelMode, start: time, end: time, **changes: object) -> Team:
    made = Team(
        id=name,
        name=f"Ekipi {name}",
        municipality="AL0301",
        base="b",
        mode=mode,
        start=start,
        end=end,
        weekdays=(0, 1, 2, 3, 4),
        members=("w0", "w1"),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def task(**changes: object) -> PlanTask:
    """Return two teams, one on foot by day and one by car in the evening, and three people."""
    monday = datetime.combine(WEEK.monday, time(), TIRANE)
    made = PlanTask(
        area=durres(),
        week=WEEK,
        prospects=Prospects(
            places=PLACES.empty(),
            per_hour=pd.Series(dtype=float),
            hotspots=PLACES.empty(),
            presence=pd.DataFrame(),
        ),
        workers=tuple(
            Worker(id=f"w{n}", name=f"P{n}", municipality="AL0301", skills=frozenset(Skill))
            for n in range(3)
        ),
        teams=(
            team("t1", TravelMode.WALK, time(9), time(15)),
            team("t2", TravelMode.DRIVE, time(15), time(21), members=()),
        ),
        bases=(Base(id="b", name="b", municipality="AL0301", lon=CENTRE[0], lat=CENTRE[1]),),
        absences=(),
        marks=Marks(synthetic=True, illustrative_streets=True, as_of=monday),
        settings=SETTINGS,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def after(scenario: Scenario) -> PlanTask:
    return changed(scenario, task())


def test_one_more_team_brings_people_of_its_own_and_keeps_the_others():
    given = after(MoreTeam(like="t1", start=time(16), end=time(22), weekdays=(4,)))

    *before, new = given.teams
    assert tuple(before) == task().teams
    assert (new.mode, new.base, new.size) == (TravelMode.WALK, "b", 2)
    assert (new.start, new.end, new.weekdays) == (time(16), time(22), (4,))
    people = {worker.id: worker for worker in given.workers}
    assert len(people) == 5
    assert not set(new.members) & {"w0", "w1", "w2"}
    assert [people[one].skills for one in new.members] == [frozenset(Skill)] * 2
    assert given.settings == SETTINGS


def test_a_team_like_one_without_members_brings_as_many_as_it_sends_out():
    given = after(MoreTeam(like="t2"))

    assert len(given.teams[-1].members) == 2
    assert (given.teams[-1].start, given.teams[-1].weekdays) == (time(15), (0, 1, 2, 3, 4))


def test_a_team_without_its_car_walks_or_stays_in():
    walking = after(CarLess(team="t2"))
    staying = after(CarLess(team="t2", walks=False))

    assert [one.mode for one in walking.teams] == [TravelMode.WALK, TravelMode.WALK]
    assert [one.id for one in staying.teams] == ["t1"]


def test_on_a_holiday_nobody_works_and_on_other_days_all_do():
    given = after(Holiday(day=WEEK.days[2]))

    weeks = weeks_from(WEEK, 2)
    demand = make_demand(given.teams, weeks, settings=given.settings.roster)
    days = [one.shift.start.date() for one in demand]
    working = [day for week in weeks for day in week.days[:5] if day != WEEK.days[2]]
    assert days == sorted(2 * working)
    duties = make_duties(given.workers, weeks, settings=given.settings.roster)
    assert WEEK.days[2] not in {one.shift.start.date() for one in duties}


def test_ten_more_hours_make_one_team_s_days_whole_before_the_next_one_s():
    given = after(MoreHours(hours=10))

    assert [one.end for one in given.teams] == [time(17), time(21)]
    assert given.settings.roster.overtime_h == 10.0
    assert given.settings.roster.max_daily_h == RosterSettings().max_daily_h


def test_more_hours_than_whole_days_hold_make_every_day_longer_and_the_limit_with_it():
    given = after(MoreHours(hours=30))

    # Twenty hours fill both teams' days to eight; ten more are an hour for each of ten shifts.
    assert [one.end for one in given.teams] == [time(18), time(0)]
    assert given.settings.roster.max_daily_h == 9.0


def test_a_week_with_a_holiday_spreads_the_hours_over_the_days_that_are_worked():
    # 1 and 2 January 2026 are holidays: of the week's five days three are worked.
    newyear = task(week=Week.parse("2026-W01"), teams=task().teams[:1])

    given = changed(MoreHours(hours=3), newyear)

    assert given.teams[0].end == time(16)


def test_overtime_is_allowed_and_the_shifts_stay_as_they_are():
    given = after(MoreHours(hours=6, longer=False))

    assert given.teams == task().teams
    assert given.settings.roster == replace(SETTINGS.roster, overtime_h=6.0)


def test_one_more_person_joins_the_teams_of_whom_they_are_like():
    given = after(MorePeople(like="w1"))

    assert len(given.workers) == 4
    assert given.teams[0].members == ("w0", "w1", given.workers[-1].id)
    assert given.teams[1].members == ()


def test_without_a_person_a_shift_that_nobody_can_work_is_left_out():
    given = after(PersonLess(worker="w1"))

    assert [one.id for one in given.workers] == ["w0", "w2"]
    assert given.settings.roster.leave_unstaffed


@pytest.mark.parametrize(
    "scenario",
    [MoreTeam(like="x"), CarLess(team="x"), MorePeople(like="x"), PersonLess(worker="x")],
)
def test_who_is_not_there_any_more_is_said(scenario: Scenario):
    with pytest.raises(NoRouteError) as fault:
        after(scenario)

    assert fault.value.message.id == "what_if.gone"


@pytest.mark.parametrize("scenario", ALL)
def test_a_scenario_comes_back_whole_from_its_record(scenario: Scenario):
    assert scenario_of(scenario_record(scenario)) == scenario


def test_the_usual_ones_are_of_the_plans_own_teams_and_a_car_only_where_there_is_one():
    plan = replace(plan_of(WEEK), teams=task().teams)

    assert usual_scenarios(plan) == (
        MoreTeam(like="t2"),
        CarLess(team="t2"),
        Holiday(day=WEEK.days[0]),
        MoreHours(hours=10),
    )
    on_foot = replace(plan, teams=task().teams[:1])
    assert not [one for one in usual_scenarios(on_foot) if isinstance(one, CarLess)]


def test_a_budget_leaves_out_first_what_gives_least_for_its_money():
    plan = plan_of(WEEK)  # both teams on Monday and on Friday, all of the same price and worth
    poor = plan.routes[2]
    routes = (*plan.routes[:2], replace(poor, stops=poor.stops[:1]), plan.routes[3])
    plan = replace(plan, routes=routes)
    cost = cost_of(plan, CostSettings(overtime_pct=0))

    assert beyond_budget([plan], [cost], cost.lek - 1) == {poor.shift}
    assert beyond_budget([plan], [cost], cost.lek) == frozenset()
    # What a person locked goes last.
    lock = Change(kind=ChangeKind.LOCK, shift=poor.shift, stop=poor.stops[0].stop.id)
    held = replace(plan, standing=(lock,))
    assert poor.shift not in beyond_budget([held], [cost], cost.lek - 1)


def test_a_budget_for_which_nothing_is_left_is_said():
    plan = plan_of(WEEK)

    with pytest.raises(NoRouteError) as fault:
        beyond_budget([plan], [cost_of(plan, CostSettings())], 1)

    assert fault.value.message.id == "what_if.budget_too_small"
