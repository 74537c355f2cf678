"""Every planned stop has one fate, every visit counts once, and a reason is only what was said."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.fieldwork import Skip
from data.frames import VISITS
from data.nouns import TIRANE, RouteStop, Shift, Week
from data.vocabulary import PlanStatus, SkipReason
from patrol.done import Done, Fate, compare, counted, plan_that_counts, still_to_come
from tests.builders import DURRES, visits
from tests.plans import plan_of

WEEK = Week.parse("2026-W28")
PLAN = plan_of(WEEK)
#: t1 has p000 to p002 on Monday and p006 to p008 on Friday, t2 the others.
FIRST = PLAN.routes[0].stops[0]
SHIFT = PLAN.shifts[0]
SUNDAY = datetime.combine(WEEK.days[6], datetime.max.time(), TIRANE)


def met(
    stop: RouteStop = FIRST, *, team: str = "t1", late: float = 0.0, minutes: float = 30.0
) -> pd.DataFrame:
    """Return one visit to a stop's place, so many minutes after its hour."""
    begun = stop.arrive + timedelta(minutes=late)
    return visits([stop.stop.place_id], hours=minutes / 60, when=[begun], team=team)


def both(*frames: pd.DataFrame) -> pd.DataFrame:
    joined = pd.concat(frames, ignore_index=True)
    return joined.assign(visit_id=[f"v{n}" for n in range(len(joined))])


def done(*frames: pd.DataFrame, skips: tuple[Skip, ...] = (), now: datetime = SUNDAY) -> Done:
    made = both(*frames) if frames else VISITS.empty()
    return compare(PLAN, made, skips, now)


def fate(found: Done, stop: RouteStop = FIRST) -> Fate:
    return next(line.fate for line in found.lines if line.stop == stop)


def passed(reason: SkipReason = SkipReason.ROAD_CLOSED, stop: RouteStop = FIRST) -> Skip:
    return Skip(
        shift=SHIFT.id,
        team="t1",
        municipality=DURRES,
        place_id=stop.stop.place_id,
        at=stop.arrive,
        reason=reason,
    )


def test_a_visit_in_its_window_reaches_its_stop_and_no_other():
    found = done(met())

    assert fate(found) is Fate.IN_WINDOW
    assert [line.fate for line in found.lines].count(Fate.MISSED) == 11
    assert found.unplanned == ()


def test_a_little_outside_the_window_is_in_it_and_more_is_another_time():
    closes = (FIRST.window.closes - FIRST.arrive).total_seconds() / 60

    assert fate(done(met(late=closes + 29))) is Fate.IN_WINDOW
    assert fate(done(met(late=closes + 31))) is Fate.OTHER_TIME


def test_another_day_reaches_a_stop_only_once_its_shift_is_over():
    early = met(PLAN.routes[2].stops[0], late=-24 * 60)
    friday = PLAN.routes[2].stops[0]

    assert fate(done(early, now=friday.arrive - timedelta(hours=10)), friday) is Fate.NOT_YET
    assert fate(done(early), friday) is Fate.OTHER_TIME


def test_another_team_reaches_it_too_and_is_named():
    found = done(met(team="t2"))

    assert fate(found) is Fate.OTHER_TEAM
    assert next(line.by for line in found.lines if line.stop == FIRST) == "t2"


def test_the_own_team_comes_before_another_one_whose_visit_is_then_unplanned():
    found = done(met(team="t2"), met(late=60))

    assert fate(found) is Fate.IN_WINDOW
    assert [visit.team for visit in found.unplanned] == ["t2"]


def test_one_visit_reaches_one_stop_at_most():
    twice = replace(PLAN, routes=(PLAN.routes[0], replace(PLAN.routes[0], shift=PLAN.shifts[2].id)))

    found = compare(twice, met(), (), SUNDAY)

    assert sum(line.fate.reached for line in found.lines) == 1


def test_before_the_shift_is_over_nothing_is_missed_unless_the_team_passed_it_by():
    during = SHIFT.end - timedelta(minutes=1)

    assert fate(done(now=during)) is Fate.NOT_YET
    assert fate(done(now=during, skips=(passed(),))) is Fate.MISSED
    assert fate(done(now=SHIFT.end + timedelta(minutes=1))) is Fate.MISSED


def test_why_is_what_the_team_said_and_else_there_is_no_word_yet():
    found = done(skips=(passed(SkipReason.DANGER),))

    why = {line.stop.stop.place_id: line.why for line in found.lines}
    assert why.pop("p000") is SkipReason.DANGER
    assert set(why.values()) == {None}
    assert counted([found]).why == {"danger": 1, "": 11}


def test_a_stop_that_was_passed_by_and_visited_later_is_reached():
    assert fate(done(met(late=120), skips=(passed(),))) is Fate.IN_WINDOW


def test_an_arrival_that_was_never_finished_and_other_weeks_do_not_count():
    assert fate(done(met(minutes=0))) is Fate.MISSED
    assert fate(done(met(late=-7 * 24 * 60))) is Fate.MISSED


def test_the_missed_ones_stand_first():
    found = done(met())

    assert [line.fate for line in found.lines] == [Fate.MISSED] * 11 + [Fate.IN_WINDOW]


def test_minutes_are_planned_against_spent_and_exploration_is_a_share_of_what_was_spent():
    explored = PLAN.routes[0].stops[2]
    assert explored.stop.exploration

    counts = counted([done(met(minutes=20), met(explored, minutes=40), met(team="t9", late=1))])

    assert counts.planned == counts.due == 12
    assert (counts.reached, counts.missed, counts.in_window) == (2, 10, 2)
    assert counts.planned_min == 12 * 30
    assert (counts.spent_min, counts.explored_min) == (60, 40)
    assert (counts.unplanned, counts.unplanned_min) == (1, 30)


def test_the_approved_plan_counts_and_else_the_newest():
    old = replace(PLAN, status=PlanStatus.APPROVED)
    new = replace(PLAN, version=2)

    assert plan_that_counts([old, new]) == old
    assert plan_that_counts([PLAN, new]) == new
    assert plan_that_counts([]) is None


stops = [(shift, stop) for shift, route in zip(PLAN.shifts, PLAN.routes, strict=True)
         for stop in route.stops]  # fmt: skip
moments = st.integers(0, 7 * 24 * 60 - 1).map(
    lambda n: datetime.combine(WEEK.monday, datetime.min.time(), TIRANE) + timedelta(minutes=n)
)
wanderings = st.lists(
    st.tuples(
        st.sampled_from([stop.stop.place_id for _, stop in stops] + ["elsewhere"]),
        st.sampled_from(["t1", "t2", "t3"]),
        moments,
    ),
    max_size=12,
)


@settings(deadline=None)
@given(made=wanderings, now=moments)
def test_every_stop_has_one_fate_and_every_visit_counts_once(
    made: list[tuple[str, str, datetime]], now: datetime
):
    frame = VISITS.empty()
    if made:
        frame = both(*(visits([p], hours=0.5, when=[at], team=team) for p, team, at in made))

    found = compare(PLAN, frame, (), now)

    assert sorted(line.stop.stop.place_id for line in found.lines) == sorted(
        stop.stop.place_id for _, stop in stops
    )
    n_reached = sum(line.fate.reached for line in found.lines)
    assert n_reached + len(found.unplanned) == sum(at <= now for _, _, at in made)
    for line in found.lines:
        if line.fate is Fate.NOT_YET:
            assert now <= line.shift.end
        if line.fate is Fate.MISSED:
            assert now > line.shift.end
        if line.fate in {Fate.IN_WINDOW, Fate.OTHER_TIME}:
            assert line.by == line.shift.team


@pytest.mark.parametrize("night", [23, 24.5])
def test_a_round_by_night_is_one_day_also_after_midnight(night: float):
    midnight = datetime.combine(WEEK.days[1], datetime.min.time(), TIRANE)
    late = Shift(
        id="late", team="t1", base=SHIFT.base, mode=SHIFT.mode,
        start=midnight - timedelta(hours=2), end=midnight + timedelta(hours=2),
    )  # fmt: skip
    stop = replace(
        FIRST,
        arrive=midnight - timedelta(hours=1),
        leave=midnight - timedelta(minutes=30),
        window=replace(FIRST.window, opens=late.start, closes=late.end),
    )
    plan = replace(
        PLAN, shifts=(late,), routes=(replace(PLAN.routes[0], shift="late", stops=(stop,)),)
    )
    begun = midnight + timedelta(hours=night - 24)

    found = compare(plan, visits(["p000"], when=[begun]), (), SUNDAY)

    assert fate(found, stop) is Fate.IN_WINDOW


MIDNIGHT = datetime.combine(WEEK.days[6] + timedelta(days=1), datetime.min.time(), TIRANE)
SUNDAY_NIGHT = Shift(
    id="night", team="t1", base=SHIFT.base, mode=SHIFT.mode,
    start=MIDNIGHT - timedelta(hours=4), end=MIDNIGHT + timedelta(hours=2),
)  # fmt: skip
NIGHT_STOP = replace(
    FIRST,
    arrive=MIDNIGHT + timedelta(minutes=30),
    leave=MIDNIGHT + timedelta(minutes=60),
    window=replace(FIRST.window, opens=SUNDAY_NIGHT.start, closes=SUNDAY_NIGHT.end),
)
NIGHT_PLAN = replace(
    PLAN,
    shifts=(SUNDAY_NIGHT,),
    routes=(replace(PLAN.routes[0], shift="night", stops=(NIGHT_STOP,)),),
)
NEXT_PLAN = plan_of(Week.parse("2026-W29"))
MUCH_LATER = MIDNIGHT + timedelta(days=8)


def after_midnight(minutes: float, team: str = "t1") -> pd.DataFrame:
    return visits(["p000"], when=[MIDNIGHT + timedelta(minutes=minutes)], team=team)


@pytest.mark.parametrize("minutes", [0, 40, 149])
def test_a_visit_after_midnight_at_the_end_of_sundays_shift_is_of_the_shifts_week(minutes: float):
    made = after_midnight(minutes)

    this = compare(NIGHT_PLAN, made, (), MUCH_LATER)
    following = compare(NEXT_PLAN, made, (), MUCH_LATER, before=NIGHT_PLAN.shifts)

    assert fate(this, NIGHT_STOP) is Fate.IN_WINDOW
    assert this.unplanned == following.unplanned == ()
    assert {line.fate for line in following.lines} == {Fate.MISSED}


@pytest.mark.parametrize(
    ("minutes", "team"), [(151, "t1"), (40, "t2")], ids=["after the shift", "another team"]
)
def test_any_other_visit_of_monday_is_of_mondays_week(minutes: float, team: str):
    made = after_midnight(minutes, team)

    this = compare(NIGHT_PLAN, made, (), MUCH_LATER)
    following = compare(NEXT_PLAN, made, (), MUCH_LATER, before=NIGHT_PLAN.shifts)

    assert fate(this, NIGHT_STOP) is Fate.MISSED
    assert this.unplanned == ()
    reached = sum(line.fate.reached for line in following.lines)
    assert reached + len(following.unplanned) == 1


@given(
    begun=st.integers(-26 * 60, 26 * 60), team=st.sampled_from(["t1", "t2"]),
    ends=st.integers(-90, 240),
)  # fmt: skip
@settings(deadline=None)
def test_every_visit_about_the_turn_of_the_week_is_of_one_week_only(
    begun: int, team: str, ends: int
):
    night = replace(SUNDAY_NIGHT, end=MIDNIGHT + timedelta(minutes=ends))
    plan = replace(NIGHT_PLAN, shifts=(night,))
    made = after_midnight(begun, team)

    weeks = (
        compare(plan, made, (), MUCH_LATER),
        compare(NEXT_PLAN, made, (), MUCH_LATER, before=plan.shifts),
    )

    reached = sum(line.fate.reached for week in weeks for line in week.lines)
    assert reached + sum(len(week.unplanned) for week in weeks) == 1


def test_what_is_still_to_come_is_what_is_not_over_reached_or_passed_by():
    stops = sorted(
        (one for route in PLAN.routes for one in route.stops),
        key=lambda met: (met.arrive, met.stop.id),
    )
    before = stops[0].arrive - timedelta(hours=1)

    assert still_to_come(PLAN, VISITS.empty(), (), before) == tuple(stops)
    assert FIRST in still_to_come(PLAN, VISITS.empty(), (), FIRST.arrive)
    assert FIRST not in still_to_come(PLAN, VISITS.empty(), (), FIRST.leave)
    early = met(late=-20.0, minutes=5.0)
    assert FIRST not in still_to_come(PLAN, early, (), FIRST.arrive - timedelta(minutes=10))
    assert FIRST not in still_to_come(PLAN, VISITS.empty(), (passed(),), before)
    assert still_to_come(PLAN, VISITS.empty(), (), SUNDAY) == ()
