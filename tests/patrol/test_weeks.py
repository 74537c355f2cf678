"""Several weeks are planned as one: what is seen in one is worth less in the next."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise

import pandas as pd
import pytest

from data.errors import RosterError
from data.nouns import Absence, Plan
from patrol import weeks as weeks_module
from patrol.needs import MONTH_DAYS, WEEK_DAYS, PlaceNeed, Promise, VisitNeed
from patrol.plan import PlanInputs, PlanSettings, weeks_from
from patrol.plan_breaks import breaks
from tests.climb import make_plan, make_plans
from tests.patrol.test_plan import QUICK, WEEK, inputs, minutes_of


def planned(
    n: int, given: PlanInputs | None = None, settings: PlanSettings = QUICK
) -> tuple[Plan, ...]:
    return make_plans(given or inputs(), weeks=n, seed=7, settings=settings)


@cache
def four() -> tuple[Plan, ...]:
    return planned(4)


def meetings(plans: tuple[Plan, ...]) -> dict[str, list[datetime]]:
    found: dict[str, list[datetime]] = {}
    for plan in plans:
        for route in plan.routes:
            for met in route.stops:
                found.setdefault(met.stop.place_id, []).append(met.arrive)
    return {place: sorted(own) for place, own in found.items()}


def test_one_week_of_several_plans_is_the_plan_of_that_week():
    alone = make_plan(inputs(), seed=7, settings=QUICK)
    assert planned(1) == (alone,)


def test_each_week_has_its_own_plan_and_the_same_seed_gives_the_same_ones():
    assert [plan.week for plan in four()] == list(weeks_from(WEEK, 4))
    assert four() == planned(4)
    for plan in four():
        left = {one.place_id for one in plan.left_out}
        visited = {stop.stop.place_id for route in plan.routes for stop in route.stops}
        assert not left & visited
        assert left | visited == set(inputs().places["place_id"])


def test_a_place_rests_between_visits_also_from_one_week_to_the_next():
    gap = QUICK.stops.least_gap_days
    for own in meetings(four()).values():
        days = [at.date() for at in own]
        assert all((later - before).days >= gap for before, later in pairwise(days))


def test_weeks_made_together_break_nothing_that_a_plan_holds_and_say_how_often_each_place_is_met():
    for plan in four():
        assert breaks(plan) == ()
        stops = [met.stop for route in plan.routes for met in route.stops]
        stops += [one.candidate for one in plan.left_out if one.candidate is not None]
        assert all(stop.pace is not None and stop.pace.most >= 1 for stop in stops)
    rests = [one.pace.rests_until for one in {m.stop for r in four()[1].routes for m in r.stops}]
    assert any(rests), "the week before was not long ago"


def test_a_reason_of_a_later_week_knows_of_the_visits_in_the_weeks_before():
    seen: dict[str, datetime] = {}
    for plan in four():
        for route in plan.routes:
            for met in route.stops:
                reason = met.stop.reason
                if reason.id == "stop.overdue":
                    last = seen.get(met.stop.place_id)
                    late = timedelta(days=int(reason.params["n"]))
                    assert last is None or plan.week.monday - last.date() >= late
        for place, own in meetings((plan,)).items():
            seen[place] = own[-1]


def test_a_place_that_is_passed_over_is_worth_more_from_week_to_week():
    """One team has no room for all; what it does not see in a week rises, and gets its turn."""
    given = replace(inputs(), teams=inputs().teams[:1])
    settings = replace(QUICK, stops=replace(QUICK.stops, exploration_share=0.0))
    lonely = replace(
        settings, roster=replace(settings.roster, leave_unstaffed=True), routes=settings.routes
    )

    plans = planned(4, given, lonely)

    met = meetings(plans)
    first = set(meetings(plans[:1]))
    assert len(met) > len(first), "weeks after the first one go where it did not"


def test_planning_weeks_together_is_never_worth_less_than_one_after_the_other(
    monkeypatch: pytest.MonkeyPatch,
):
    given = replace(inputs(), teams=inputs().teams[:2])
    settings = replace(QUICK, roster=replace(QUICK.roster, leave_unstaffed=True))

    def worth(plans: tuple[Plan, ...]) -> float:
        return sum(m.stop.prize for plan in plans for r in plan.routes for m in r.stops)

    together = worth(planned(3, given, settings))
    monkeypatch.setattr(weeks_module, "_TOGETHER", 0)
    alone = worth(planned(3, given, settings))

    assert together >= alone


def test_the_share_that_explores_is_kept_over_all_weeks():
    reached = sum(minutes_of(plan, exploration=True) for plan in four())
    whole = sum(minutes_of(plan, exploration=False) for plan in four())
    assert reached / whole == pytest.approx(0.2, abs=0.03)
    for plan in four():
        assert any(note.id.startswith("plan.explored") for note in plan.notes)


def test_a_place_is_met_as_often_and_as_far_apart_as_it_is_needed():
    plain = meetings(planned(1))
    rare = min(plain, key=lambda place: (len(plain[place]), place))
    need = VisitNeed(visits=3, days=WEEK_DAYS, least_gap_days=2)
    asked = replace(QUICK, stops=replace(QUICK.stops, needs=(PlaceNeed(place_id=rare, need=need),)))

    own = meetings(planned(2, settings=asked))[rare]

    assert len(own) >= 4
    days = [at.date() for at in own]
    assert all((later - before).days >= 2 for before, later in pairwise(days))


def test_a_place_wanted_once_a_month_with_a_long_gap_is_met_no_oftener():
    often = max(meetings(four()).items(), key=lambda one: len(one[1]))[0]
    need = VisitNeed(visits=1, days=MONTH_DAYS, least_gap_days=21)
    asked = replace(
        QUICK, stops=replace(QUICK.stops, needs=(PlaceNeed(place_id=often, need=need),))
    )

    own = meetings(planned(4, settings=asked)).get(often, [])

    assert len(own) <= 2


def test_a_promise_is_kept_in_its_hour_in_the_first_week():
    place = next(iter(meetings(planned(1))))
    promise = Promise(place_id=place, weekday=3, hour=15)
    asked = replace(QUICK, stops=replace(QUICK.stops, promises=(promise,)))

    first, _ = planned(2, settings=asked)

    (at,) = meetings((first,))[place]
    assert (at.weekday(), at.hour) == (3, 15)
    stop = next(m.stop for r in first.routes for m in r.stops if m.stop.place_id == place)
    assert stop.must
    assert stop.reason.id == "stop.promised"


def test_what_has_to_be_visited_has_to_be_visited_once():
    place = next(iter(meetings(planned(1))))
    asked = replace(QUICK, stops=replace(QUICK.stops, must_places=(place,)))

    plans = planned(2, settings=asked)

    musts = [
        plan.week
        for plan in plans
        for route in plan.routes
        for met in route.stops
        if met.stop.must and met.stop.place_id == place
    ]
    assert musts == [WEEK]


def test_a_week_without_anybody_is_said():
    later = weeks_from(WEEK, 2)[1]
    away = tuple(
        Absence(worker=worker.id, first=later.monday, last=later.days[-1])
        for worker in inputs().workers
    )
    settings = replace(QUICK, roster=replace(QUICK.roster, leave_unstaffed=True))
    with pytest.raises(RosterError):
        planned(2, replace(inputs(), absences=away), settings)


def test_visits_of_before_are_what_they_were():
    before = inputs().visits.copy()
    planned(2)
    pd.testing.assert_frame_equal(before, inputs().visits)
