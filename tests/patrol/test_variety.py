"""Nobody foresees a round, and what that costs is never more than was allowed."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.nouns import TIRANE, Plan
from patrol import weeks as weeks_module
from patrol.needs import Promise
from patrol.plan import PlanInputs, PlanSettings
from patrol.problem import Node, Problem, Round
from patrol.variety import VarietySettings, closed_hours, hours_of, rhythm, shaken, week_hour
from tests.climb import make_plans
from tests.patrol.test_plan import MONDAY, QUICK, inputs

USUAL = VarietySettings()


def priced(price: float, chosen: PlanSettings = QUICK) -> PlanSettings:
    return replace(chosen, variety=replace(chosen.variety, price=price))


@cache
def planned(seed: int, price: float, weeks: int = 1) -> tuple[Plan, ...]:
    return made(inputs(), seed, priced(price), weeks)


def made(given: PlanInputs, seed: int, chosen: PlanSettings, weeks: int = 1) -> tuple[Plan, ...]:
    return make_plans(given, weeks=weeks, seed=seed, settings=chosen)


def worth(plans: tuple[Plan, ...]) -> float:
    return sum(m.stop.prize for plan in plans for r in plan.routes for m in r.stops)


# --- the same hour

moments = st.datetimes(
    datetime(2026, 5, 1),  # noqa: DTZ001 - hypothesis adds the zone
    datetime(2026, 7, 1),  # noqa: DTZ001 - as above
    timezones=st.just(TIRANE),
)


@settings(deadline=None, derandomize=True)
@given(
    met=st.lists(
        moments.map(lambda at: at.replace(day=1 + at.day % 3, hour=at.hour % 4)), max_size=14
    ),
    share=st.sampled_from([0.2, 1 / 3, 0.5, 1.0]),
    few=st.integers(2, 8),
)
def test_a_visit_in_an_open_hour_never_takes_it_over_its_share_and_in_a_closed_one_it_does(
    met, share, few
):
    chosen = VarietySettings(most_share=share, from_visits=few)
    closed, n = closed_hours(hours_of(met), chosen), len(met) + 1
    counts = Counter(week_hour(at) for at in met)
    for hour in [*counts, (6, 23)]:
        goes_over = n >= few and counts[hour] + 1 > max(1, math.floor(share * n + 1e-9))
        assert (hour in closed) == goes_over


def test_with_few_visits_no_hour_is_closed():
    same = [MONDAY - timedelta(weeks=n) for n in range(1, 5)]
    assert closed_hours(hours_of(same), USUAL) == frozenset()
    assert closed_hours(hours_of([*same, MONDAY - timedelta(weeks=5)]), USUAL) == {(0, 0)}


def at_risk() -> str:
    return next(
        m.stop.place_id
        for plan in planned(7, 0.0)
        for r in plan.routes
        for m in r.stops
        if m.stop.reason.id == "stop.evidence_hotspot"
    )


def moments_at(plans: tuple[Plan, ...], place: str) -> list[datetime]:
    return sorted(
        m.arrive for plan in plans for r in plan.routes for m in r.stops if m.stop.place_id == place
    )


def with_visits(place: str, hour: tuple[int, int], n: int) -> PlanInputs:
    """Return inputs in which a place was met every week in the same hour, and never else."""
    known = inputs().visits
    others = known[known["place_id"] != place]
    rows = pd.concat([known[known["place_id"] == place].iloc[:1]] * n, ignore_index=True)
    starts = [MONDAY - timedelta(days=7 * (i + 1) - hour[0], hours=-hour[1]) for i in range(n)]
    rows["started_at"] = pd.Series(starts).astype(known["started_at"].dtype)
    rows["ended_at"] = rows["started_at"] + timedelta(minutes=45)
    return replace(inputs(), visits=pd.concat([others, rows], ignore_index=True))


@cache
def usual_hour() -> tuple[int, int]:
    return week_hour(moments_at(planned(7, 0.0), at_risk())[0])


def test_a_place_that_was_met_too_often_in_an_hour_is_not_met_in_it_again():
    habit = with_visits(at_risk(), usual_hour(), 9)
    for seed in range(3):
        for at in moments_at(made(habit, seed, QUICK), at_risk()):
            assert week_hour(at) != usual_hour()


def test_a_promised_hour_is_kept_however_often_it_was_met_before():
    weekday, hour = usual_hour()
    promise = Promise(place_id=at_risk(), weekday=weekday, hour=hour)
    asked = replace(QUICK, stops=replace(QUICK.stops, promises=(promise,)))
    habit = with_visits(at_risk(), usual_hour(), 9)

    (at,) = moments_at(made(habit, 7, asked), at_risk())

    assert week_hour(at) == usual_hour()


def test_over_eight_weeks_no_place_at_risk_is_met_too_often_in_an_hour():
    habit = with_visits(at_risk(), usual_hour(), 9)
    plans = made(habit, 7, QUICK, weeks=8)
    seen = list(habit.visits.loc[habit.visits["place_id"] == at_risk(), "started_at"])
    for plan in plans:
        monday = datetime.combine(plan.week.monday, datetime.min.time(), TIRANE)
        past = [at for at in seen if monday - timedelta(days=84) <= at < monday]
        for at in moments_at((plan,), at_risk()):
            own = sum(week_hour(one) == week_hour(at) for one in past) + 1
            assert len(past) + 1 < 6 or own <= max(1, (len(past) + 1) / 3)
        seen += moments_at((plan,), at_risk())


# --- the price


@pytest.mark.parametrize("price", [0.005, 0.05])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_variety_never_costs_more_than_its_price(seed: int, price: float):
    best, varied = worth(planned(seed, 0.0)), worth(planned(seed, price))
    assert varied >= (1 - price) * best - 1e-9
    (note,) = [n for n in planned(seed, price)[0].notes if n.id == "plan.variety"]
    said = max(0.0, 100 * (1 - varied / best))
    assert note.params == {"cost": pytest.approx(said, abs=0.06), "price": 100 * price}


def test_variety_of_several_weeks_is_within_its_price_too():
    assert worth(planned(4, 0.05, 3)) >= 0.95 * worth(planned(4, 0.0, 3)) - 1e-9


def test_without_a_price_the_best_plan_is_sent_out_and_the_plan_says_so(
    monkeypatch: pytest.MonkeyPatch,
):
    free = planned(7, 0.0)
    monkeypatch.setattr(weeks_module, "_varied", lambda _look, best: best)
    best = made(inputs(), 7, priced(0.05))
    assert [plan.routes for plan in free] == [plan.routes for plan in best]
    assert "plan.variety_off" in {note.id for note in free[0].notes}


def test_the_same_seed_gives_the_same_variety_and_another_one_another():
    assert made(inputs(), 5, priced(0.05)) == planned(5, 0.05)
    assert planned(5, 0.05)[0].routes != planned(6, 0.05)[0].routes


def test_over_twelve_weeks_order_hour_and_choice_really_vary():
    """The same evidence, week after week: whoever watches learns as little as can be."""
    plans = [planned(seed, 0.05)[0] for seed in range(12)]
    hours: dict[str, list[datetime]] = {}
    orders: list[tuple[str, ...]] = []
    chosen: dict[tuple[str, int], list[frozenset[str]]] = {}
    for plan in plans:
        shifts = {shift.id: shift for shift in plan.shifts}
        for r in plan.routes:
            own = tuple(m.stop.place_id for m in r.stops)
            shift = shifts[r.shift]
            orders.append(own)
            chosen.setdefault((shift.team, shift.start.weekday()), []).append(frozenset(own))
            for m in r.stops:
                hours.setdefault(m.stop.place_id, []).append(m.arrive)
    long = [own for own in orders if len(own) >= 4]
    assert len(set(long)) > 0.9 * len(long), "hardly any long round is walked twice"
    shares = [len(set(own)) / len(own) for own in chosen.values()]
    assert np.mean(shares) > 0.75, "what a team sees on its day of the week changes"
    often = [rhythm(own) for own in hours.values() if len(own) >= 12]
    assert often
    assert np.mean([one.most_share for one in often]) < 1 / 3
    assert np.mean([one.n_hours / one.n_visits for one in often]) > 1 / 3


# --- shaking


def problem() -> Problem:
    nodes = [
        Node(
            location=i // 2,
            service=10,
            windows=((0, 100), (200, 300)),
            prize=50,
            group=f"g{i // 2}",
        )
        for i in range(6)
    ]
    nodes.append(Node(location=3, service=10, windows=((0, 50),), prize=5, required=True))
    return Problem(
        travel=(np.zeros((4, 4), dtype=np.int64),),
        nodes=tuple(nodes),
        rounds=(Round(start=0, end=0, opens=0, closes=400),),
    )


@settings(deadline=None, derandomize=True)
@given(strength=st.floats(0.0, 2.0), seed=st.integers(0, 99))
def test_what_is_shaken_only_loses_parts_of_its_windows_and_copies_are_shaken_alike(strength, seed):
    before = problem()
    after = shaken(before, strength, np.random.default_rng(seed))
    for old, new in zip(before.nodes, after.nodes, strict=True):
        assert len(old.windows) == len(new.windows)
        for (a, b), (c, d) in zip(old.windows, new.windows, strict=True):
            assert a <= c <= d <= b
            assert d - c >= 0.39 * (b - a)
        assert new.prize >= 1
        assert not old.required or old.windows == new.windows
    for first, second in zip(after.nodes[:-1:2], after.nodes[1:-1:2], strict=True):
        assert (first.prize, first.windows) == (second.prize, second.windows)


def test_nothing_is_shaken_without_strength():
    assert shaken(problem(), 0.0, np.random.default_rng(1)).nodes == problem().nodes


# --- counting


def test_a_rhythm_is_counted_in_hours_of_the_week_and_days_between():
    same = [MONDAY + timedelta(days=7 * n, hours=10) for n in range(3)]
    other = MONDAY + timedelta(days=16, hours=10)

    regular, mixed = rhythm(same), rhythm([*same, other])

    assert (regular.n_visits, regular.n_hours, regular.most_share) == (3, 1, 1.0)
    assert regular.entropy_bits == 0.0
    assert (regular.mean_gap_days, regular.longest_gap_days) == (7.0, 7.0)
    assert (mixed.n_hours, mixed.most_share) == (2, 0.75)
    assert mixed.entropy_bits == pytest.approx(0.8113, abs=1e-4)
    assert (mixed.mean_gap_days, mixed.longest_gap_days) == (pytest.approx(16 / 3), 7.0)
    assert rhythm([other]).mean_gap_days is None
