"""A shift that ends after midnight stays one: on the phone, and in the week it counts to."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from data.nouns import TIRANE, Plan, Viewer, Week
from data.vocabulary import PlanStatus, Role, VisitOutcome
from desk import rounds
from desk.done import done_counts, done_of
from desk.met import Met
from desk.wiring import House, open_house
from patrol.done import Fate
from tests.builders import DURRES, places
from tests.plans import plan_of

WEEK, FOLLOWING = Week.parse("2026-W28"), Week.parse("2026-W29")
MIDNIGHT = datetime.combine(FOLLOWING.monday, time(), TIRANE)
FIELD = Viewer(
    account="f", name="f", role=Role.FIELD,
    municipalities=frozenset({DURRES}), teams=frozenset({"t1"}),
)  # fmt: skip
OWN = replace(FIELD, role=Role.COORDINATOR, teams=frozenset())


def with_a_night(plan: Plan) -> Plan:
    """Return a plan whose round of t1 on Friday is on Sunday from 20:00 to 02:00 instead."""
    friday = next(shift for shift in plan.shifts if shift.id == f"t1-{WEEK.days[4]}")
    by = MIDNIGHT - timedelta(hours=4) - friday.start
    night = replace(friday, start=friday.start + by, end=friday.end + by)
    route = next(route for route in plan.routes if route.shift == night.id)
    stops = tuple(
        replace(
            met,
            arrive=met.arrive + by,
            leave=met.leave + by,
            window=replace(met.window, opens=night.start, closes=night.end),
        )
        for met in route.stops
    )
    return replace(
        plan,
        shifts=tuple(night if shift.id == night.id else shift for shift in plan.shifts),
        routes=tuple(replace(r, stops=stops) if r is route else r for r in plan.routes),
    )


PLANS = (with_a_night(plan_of(WEEK)), plan_of(FOLLOWING))


@pytest.fixture
def house(tmp_path: Path) -> House:
    """Return a house with approved plans of two weeks; the first ends with a night."""
    made = open_house(tmp_path)
    made.store.add({"places": places(12, synthetic=False)})
    made.store.put_crew(bases=PLANS[0].bases, workers=PLANS[0].workers, teams=PLANS[0].teams)
    for plan in PLANS:
        kept = replace(plan, status=PlanStatus.APPROVED, version=made.store.save_plan(plan))
        made.store.approve_plan(kept, by="c", at=MIDNIGHT - timedelta(days=9))
    return made


def on(house: House, hours: float, viewer: Viewer = FIELD) -> str:
    """Return the shift of the round that is shown so many hours after the midnight."""
    found = rounds.round_now(house, viewer, PLANS[0].teams[0], MIDNIGHT + timedelta(hours=hours))
    return "" if found is None else found.shift.id


@pytest.mark.parametrize("viewer", [FIELD, OWN], ids=lambda viewer: str(viewer.role))
def test_the_round_of_a_night_is_shown_until_a_little_after_it_and_then_that_of_the_day(
    house: House, viewer: Viewer
):
    night, day = f"t1-{WEEK.days[4]}", f"t1-{FOLLOWING.monday}"

    shown = {hours: on(house, hours, viewer) for hours in (-12, -0.1, 0.1, 2, 2.4, 2.6, 10, 25)}

    assert shown == {
        -12: night, -0.1: night, 0.1: night, 2: night, 2.4: night, 2.6: day, 10: day, 25: ""
    }  # fmt: skip


def test_what_is_marked_after_midnight_counts_to_the_week_of_the_shift(house: House):
    at = MIDNIGHT + timedelta(minutes=30)
    outing = rounds.round_now(house, FIELD, PLANS[0].teams[0], at)
    assert outing is not None
    stop = outing.left[0]

    rounds.arrive(house, FIELD, outing, stop, at)
    outing = rounds.round_now(house, FIELD, PLANS[0].teams[0], at)
    assert outing is not None
    met = Met(outcome=VisitOutcome.NOBODY, at=at + timedelta(minutes=20))
    rounds.mark_visit(house, FIELD, outing, stop, met)

    later = MIDNIGHT + timedelta(days=8)
    plans = [house.store.plans(DURRES, week)[-1] for week in (WEEK, FOLLOWING)]
    this, following = (done_of(house, OWN, plan, later) for plan in plans)
    [line] = [line for line in this.lines if line.fate is not Fate.MISSED]
    assert (line.stop.stop.id, line.fate) == (stop.stop.id, Fate.IN_WINDOW)
    assert {line.fate for line in following.lines} == {Fate.MISSED}
    assert this.unplanned == following.unplanned == ()

    visits = house.store.visits(DURRES)
    counts = done_counts(plans, visits, (), later, period_days=28)
    assert (counts.reached, counts.unplanned) == (1, 0)
    # Also where the week of the night lies too far back to be counted itself.
    assert done_counts(plans, visits, (), later, period_days=5).unplanned == 0
