"""What a plan reaches: places, place-times, gaps with the visits before the week counted in."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

import pandas as pd
import pytest

from data.frames import HOTSPOTS
from data.nouns import TIRANE, Plan, Week
from patrol.cost import cost_of
from patrol.cost_settings import CostSettings
from patrol.plan_reach import Reach, reach_of
from patrol.prospects import Prospects
from tests import builders
from tests.plans import plan_of

WEEK = Week.parse("2026-W28")
MONDAY = datetime.combine(WEEK.monday, time(), TIRANE)


def plan_with(*places: str) -> Plan:
    """Return a plan whose first round, on Monday at nine, meets these places."""
    plan = plan_of(WEEK)
    first = plan.routes[0]
    stops = tuple(
        replace(met, stop=replace(met.stop, place_id=place))
        for met, place in zip(first.stops, places, strict=False)
    )
    return replace(plan, routes=(replace(first, stops=stops),))


def reached(plan: Plan, *, seen: dict[str, float], n: int = 3, **columns: object) -> Reach:
    """Return what a plan reaches of n places that were seen so many days before the week."""
    places = builders.places(n, **columns)  # type: ignore[arg-type]
    when = [MONDAY - timedelta(days=days, hours=1) for days in seen.values()]
    visits = builders.visits(list(seen), when=when)
    prospects = Prospects(
        places=places,
        per_hour=pd.Series(dtype=float),
        hotspots=HOTSPOTS.empty().set_index("place_id"),
        presence=visits[["place_id", "started_at", "ended_at"]].assign(expected=False),
    )
    return reach_of([plan], prospects, [cost_of(plan, CostSettings())], 1.5)


def test_a_gap_runs_from_the_last_visit_before_the_week_over_those_in_it_to_its_end():
    found = reached(plan_with("p000"), seen={"p000": 10, "p001": 20}, n=2)

    # The first was seen ten days ago and is met on Monday at 9:20; the other waits on.
    assert found.longest_gap_days == pytest.approx(27)
    assert found.longest_wait_days == pytest.approx(27)
    met = 9 / 24 + 20 / (24 * 60)
    assert found.mean_gap_days == pytest.approx(((10 + met) + (7 - met) + 27) / 3)
    assert found.never == 0


def test_the_longest_wait_is_of_what_is_still_open_when_the_week_is_over():
    found = reached(plan_with("p000"), seen={"p000": 40, "p001": 1}, n=2)

    assert found.longest_gap_days == pytest.approx(40 + 9 / 24 + 20 / (24 * 60))
    assert found.longest_wait_days == pytest.approx(8)


def test_a_place_that_nobody_ever_saw_has_no_gap_and_is_counted_apart():
    found = reached(plan_with("p000"), seen={"p001": 3}, n=3)

    assert found.never == 1
    assert found.longest_gap_days == pytest.approx(10)


def test_places_asleep_and_visits_of_the_week_itself_are_not_looked_at():
    asleep = reached(plan_with("x"), seen={"p000": 50}, n=1, awake_from=10, awake_to=3)
    later = reached(plan_with("x"), seen={"p000": -2}, n=1)

    assert (asleep.longest_gap_days, asleep.never) == (None, 0)
    assert (later.longest_gap_days, later.never) == (None, 1)


def test_a_place_time_is_a_place_in_a_part_of_the_week_and_counts_once():
    # A market is worth a visit by day, on weekdays and at the weekend; all meet it on a morning.
    found = reached(plan_with("p000", "p000", "p001"), seen={}, n=2, kind="market")

    assert (found.times_met, found.times_wanted) == (2, 8)
    assert (found.visits, found.places) == (3, 2)


def test_a_visit_outside_the_times_that_are_wanted_meets_none():
    # A square is worth a visit from noon on; the round is there in the morning.
    found = reached(plan_with("p000"), seen={}, n=1, kind="square")

    assert (found.times_met, found.times_wanted) == (0, 4)


def test_what_it_does_is_counted_in_minutes_kilometres_and_lek():
    plan = plan_with("p000", "p001", "p002")

    found = reached(plan, seen={})

    assert (found.minutes, found.left_out) == (90, 1)
    assert found.km == pytest.approx(4 * 0.8205)
    assert (found.worth, found.weeks) == (1.5, 1)
    cost = cost_of(plan, CostSettings())
    assert (found.lek, found.hours) == (cost.lek, float(cost.hours))
    assert sum(found.lek_by_kind.values()) == found.lek
    assert sum(found.lek_by_line.values()) == found.lek
