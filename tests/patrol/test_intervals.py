"""What is due comes in its week, the longest late first, and what does not fit is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.frames import HOTSPOTS
from data.messages import Message
from data.nouns import TIRANE, LeftOut, Marks, Plan, Stop, Team, Week
from data.vocabulary import TravelMode
from geo.travel import Router, prepare
from layers.words import LANGUAGES, Words
from patrol.inhabited import INHABITED
from patrol.intervals import (
    NEVER,
    Turn,
    due_in,
    intervals_note,
    left_in_order,
    urgencies,
)
from patrol.needs import INTERVAL_DAYS, WEEK_DAYS, VisitNeed
from patrol.plan import PlanSettings, plan_task, solve_plans
from patrol.prospects import Prospects
from patrol.routes import RouteSettings
from patrol.task import PlanTask
from patrol.variety import VarietySettings
from patrol.why_not import no_room
from tests.builders import CENTRE, DURRES, durres, places, streets
from tests.climb import routers_of
from tests.crews import PEOPLE
from tests.patrol.test_plan import QUICK, inputs
from tests.patrol.test_routes import BASE

WEEK = Week.parse("2026-W41")
USUAL = VisitNeed(visits=1, days=INTERVAL_DAYS, least_gap_days=2)
OFTEN = replace(USUAL, days=WEEK_DAYS)


def last_of(days_ago: Sequence[int | None]) -> pd.Series:
    """Return when each of some places was last seen, in days before the week; `None`: never."""
    noon = datetime.combine(WEEK.monday, time(12), TIRANE)
    at = [None if days is None else noon - timedelta(days=days) for days in days_ago]
    moments = pd.Series(pd.to_datetime(at, utc=True)).dt.tz_convert(TIRANE)
    return moments.set_axis([f"p{i:03d}" for i in range(len(at))])


def due_of(days_ago: Sequence[int | None], turn: Turn | None = None) -> dict[str, float]:
    last = last_of(days_ago)
    return due_in(WEEK, last, dict.fromkeys(last.index, USUAL), turn or Turn())


# --- what is due


def test_a_place_is_due_in_the_week_in_which_its_interval_is_over_and_not_before():
    # Seen so many days before Monday: on Sunday it is six days more.
    assert due_of([21, 22, 40]) == {"p001": 28, "p002": 46}


def test_where_nobody_was_yet_a_part_is_due_each_week_so_that_an_interval_sees_all():
    last = last_of([None] * 10)
    needs, seen_in = dict.fromkeys(last.index, USUAL), {}
    for n in range(4):
        week = Week.of(WEEK.monday + timedelta(weeks=n))
        due = due_in(week, last, needs, Turn())
        assert len(due) <= 3
        for place in due:
            seen_in[place] = n
            last[place] = datetime.combine(week.days[6], time(12), TIRANE)
    assert len(seen_in) == 10


def test_what_is_drawn_for_exploration_is_due_first_where_nobody_was_yet():
    due = due_of([None] * 8, Turn(explored=["p005", "p006"]))

    assert due == {"p005": NEVER, "p006": NEVER}


def test_what_no_round_can_reach_is_due_and_takes_nobodys_turn():
    far = [f"p{i:03d}" for i in range(5)]

    due = due_of([None] * 9 + [90], Turn(unreached=far))

    assert due == {**dict.fromkeys(far, NEVER), "p005": NEVER, "p009": 96}
    points = urgencies(due, dict.fromkeys(due, USUAL), {}, far)
    assert points["p005"] > points["p009"] > 1
    assert {points[place] for place in far} == {1}


def test_a_place_at_risk_is_due_at_its_own_interval():
    last = last_of([7, 7])
    due = due_in(WEEK, last, {"p000": OFTEN, "p001": USUAL}, Turn(at_risk=["p000"]))

    assert due == {"p000": 13}


# --- how urgent it is


@given(st.lists(st.sampled_from([28, 30, 37, 44, 60, 90, NEVER]), min_size=1, max_size=30))
def test_of_the_longest_late_one_outweighs_all_that_are_less_late(waited: list[float]):
    due = {f"p{i:03d}": days for i, days in enumerate(waited)}
    found = urgencies(due, dict.fromkeys(due, USUAL), {})

    late = {p: d if d == NEVER else (d - INTERVAL_DAYS) // 7 for p, d in due.items()}
    most = max(late.values())
    least_of_the_latest = min(found[p] for p in due if late[p] == most)
    assert least_of_the_latest > sum(found[p] for p in due if late[p] < most)
    assert min(found.values()) >= 1
    # Tiers are whole numbers that a search can add up without losing one.
    assert sum(found.values()) < 2**40


def test_one_that_comes_first_outweighs_all_that_do_not():
    due = {"p000": 90.0, "p001": NEVER, "p002": 13.0}
    needs = {"p000": USUAL, "p001": USUAL, "p002": OFTEN}

    found = urgencies(due, needs, {"p002": 0.1, "p003": 3.0})

    assert found["p002"] > found["p000"] + found["p001"]
    assert set(found) == set(due)


# --- what is said


def stop_of(n: int, *, urgency: int = 1, waited: int | None = None) -> Stop:
    return Stop(
        id=f"stop-{n}",
        place_id=f"p{n:03d}",
        name=f"Vend {n}",
        lon=CENTRE[0],
        lat=CENTRE[1],
        prize=1.0,
        service_min=30.0,
        windows=(),
        must=False,
        exploration=False,
        reason=Message("stop.usual"),
        urgency=urgency,
        waited_days=waited,
    )


def left(stop: Stop, *, is_candidate: bool = True) -> LeftOut:
    return LeftOut(
        stop=stop.id,
        place_id=stop.place_id,
        name=stop.name,
        reason=no_room(stop),
        candidate=stop if is_candidate else None,
    )


def test_what_is_left_out_names_what_is_due_first_and_the_longest_waiting_on_top():
    out = [
        left(stop_of(0, urgency=0)),
        left(stop_of(1, waited=30)),
        left(stop_of(2, waited=50)),
        left(stop_of(3)),
        left(stop_of(4, urgency=0), is_candidate=False),
    ]

    assert [one.place_id for one in left_in_order(out)] == ["p003", "p002", "p001", "p000", "p004"]
    assert [one.reason.id for one in left_in_order(out)] == [
        "left_out.due_unseen",
        "left_out.due_no_room",
        "left_out.due_no_room",
        "left_out.others_first",
        "left_out.others_first",
    ]


def test_where_nothing_is_due_nothing_is_said():
    assert intervals_note([], [left(stop_of(0, urgency=0))]) == ()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("n", "reached"), [(7, 4), (1, 0), (2, 1)])
def test_what_is_due_and_not_reached_is_one_sentence_with_numbers(
    language: str, n: int, reached: int
):
    said = Words(language).message(
        Message("plan.intervals_short", {"n": n, "reached": reached, "left": n - reached})
    )

    assert str(n) in said
    if n > 1:
        assert str(reached) in said
        assert str(n - reached) in said


# --- week after week


def settled(*, price: float = 0.0) -> PlanSettings:
    return PlanSettings(
        routes=RouteSettings(iterations=60),
        variety=VarietySettings(price=price),
    )


@cache
def router() -> Router:
    lon, lat = CENTRE
    rows = [[(lon + 0.004 * x, lat + 0.004 * y) for x in range(8)] for y in range(2)]
    between = [[rows[0][x], rows[1][x]] for x in range(8)]
    return prepare(streets(*rows, *between), TravelMode.WALK)


def task_of(n_areas: int, n_known: int, *, hours: int, days: int, seed: int) -> PlanTask:
    """Return areas and known places, none at risk, with one team on some days of the week.

    Some are worth a thousand times more than others: by their prizes teams would go there alone.
    """
    rates = 10.0 ** -np.random.default_rng(seed).uniform(0, 3, n_areas + n_known)
    known = places(n_areas + n_known, step=0.004)
    known["place_id"] = [
        f"{INHABITED}{i:03d}" if i < n_areas else f"p{i:03d}" for i in range(n_areas + n_known)
    ]
    nobody = pd.DataFrame(
        {
            "place_id": pd.Series([], dtype=known["place_id"].dtype),
            "started_at": pd.Series([], dtype="datetime64[us, Europe/Tirane]"),
            "ended_at": pd.Series([], dtype="datetime64[us, Europe/Tirane]"),
        }
    )
    team = Team(
        id="T1",
        name="1",
        municipality=DURRES,
        base=BASE.id,
        mode=TravelMode.WALK,
        start=time(9),
        end=time(9 + hours),
        weekdays=tuple(range(2, 2 + days)),  # holidays of that autumn are Mondays and Tuesdays
    )
    return PlanTask(
        area=durres(),
        week=WEEK,
        prospects=Prospects(
            places=known,
            per_hour=pd.Series(rates, index=known["place_id"]),
            hotspots=HOTSPOTS.empty().set_index("place_id"),
            presence=nobody.assign(expected=False),
        ),
        workers=PEOPLE[1:3],
        teams=(team,),
        bases=(BASE,),
        absences=(),
        marks=Marks(
            synthetic=True,
            illustrative_streets=False,
            as_of=datetime.combine(WEEK.monday, time(), TIRANE),
        ),
        settings=settled(),
    )


def weeks_of(task: PlanTask, n: int, *, together: int = 1) -> list[Plan]:
    """Plan week after week, each plan's visits done before the next one is made."""
    found: list[Plan] = []
    while len(found) < n:
        week = Week.of(WEEK.monday + timedelta(weeks=len(found)))
        plans = solve_plans(
            replace(task, week=week),
            {TravelMode.WALK: router()},
            weeks=together,
            seed=len(found),
            progress=lambda *_: None,
        )
        found += plans
        met = [one for plan in plans for route in plan.routes for one in route.stops]
        task = replace(task, prospects=task.prospects.after(met))
    return found


def longest_gaps(task: PlanTask, plans: Sequence[Plan]) -> dict[str, int]:
    """Return the most days that each place was without a visit, from the first Monday on."""
    end = plans[-1].week.days[-1]
    seen: dict[str, list[date]] = {p: [WEEK.monday] for p in task.prospects.places["place_id"]}
    for plan in plans:
        for route in plan.routes:
            for one in route.stops:
                seen[one.stop.place_id].append(one.arrive.astimezone(TIRANE).date())
    return {
        place: max(
            (b - a).days for a, b in zip(sorted(days), [*sorted(days)[1:], end], strict=True)
        )
        for place, days in seen.items()
    }


@settings(max_examples=6, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.integers(1, 6), st.integers(1, 6), st.sampled_from([1, 3]), st.integers(0, 100))
def test_where_hours_suffice_no_area_waits_longer_than_its_interval_and_a_week(
    n_areas: int, n_known: int, together: int, seed: int
):
    """Two short rounds have room for six visits a week; the intervals ask for three of them."""
    task = task_of(n_areas, n_known, hours=3, days=2, seed=seed)

    plans = weeks_of(task, 9, together=together)

    assert max(longest_gaps(task, plans).values()) <= INTERVAL_DAYS + WEEK_DAYS
    assert not [one for plan in plans for one in plan.notes if one.id == "plan.intervals_short"]


def test_by_prizes_alone_an_area_would_wait_for_longer(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("patrol.stops.urgencies", lambda *_: {})
    task = task_of(6, 6, hours=3, days=1, seed=1)
    alone = max(longest_gaps(task, weeks_of(task, 9)).values())
    monkeypatch.undo()

    assert alone > INTERVAL_DAYS + WEEK_DAYS >= max(longest_gaps(task, weeks_of(task, 9)).values())


@settings(max_examples=5, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.integers(4, 8), st.integers(4, 8), st.integers(0, 100))
def test_where_hours_do_not_suffice_the_longest_late_is_in_and_the_others_are_named(
    n_areas: int, n_known: int, seed: int
):
    task = task_of(n_areas, n_known, hours=2, days=1, seed=seed)

    plans = weeks_of(task, 14)

    assert set(longest_gaps(task, plans)) == set(met_in(plans)), "nobody waits for ever"
    for plan in plans:
        reached = {m.stop.id: m.stop for r in plan.routes for m in r.stops if m.stop.urgency}
        waiting = [one for one in plan.left_out if one.reason.id.startswith("left_out.due_")]
        assert plan.left_out[: len(waiting)] == tuple(waiting)
        if not waiting:
            continue
        first = waiting[0].candidate
        assert first is not None
        assert max(map(weeks_late, reached.values())) >= weeks_late(first)
        (said,) = [one for one in plan.notes if one.id.startswith("plan.intervals")]
        assert said == Message(
            "plan.intervals_short",
            {
                "n": len(reached) + len(waiting),
                "reached": len(reached),
                "left": len(waiting),
            },
        )


def met_in(plans: Sequence[Plan]) -> set[str]:
    return {one.stop.place_id for plan in plans for route in plan.routes for one in route.stops}


def weeks_late(stop: Stop) -> float:
    return NEVER if stop.waited_days is None else (stop.waited_days - INTERVAL_DAYS) // WEEK_DAYS


def test_rounds_that_nobody_foresees_drop_nothing_that_is_due():
    task = task_of(6, 6, hours=3, days=1, seed=1)
    varied = replace(task, settings=settled(price=0.05))

    plans = weeks_of(varied, 9)

    assert max(longest_gaps(task, plans).values()) <= INTERVAL_DAYS + WEEK_DAYS


@pytest.mark.parametrize("n_teams", [1, 2])
def test_with_few_hours_no_place_at_risk_gives_way_to_an_interval(n_teams: int):
    given = replace(inputs(), teams=inputs().teams[:n_teams])
    lonely = replace(QUICK, roster=replace(QUICK.roster, leave_unstaffed=True))
    task = plan_task(given, lonely)

    (plan,) = solve_plans(task, routers_of(DURRES), seed=7, progress=lambda *_: None)

    assert len(task.prospects.hotspots)
    why = {one.place_id: one.reason.id for one in plan.left_out}
    assert not {why.get(place) for place in task.prospects.hotspots.index} & {
        "left_out.due_no_room",
        "left_out.due_unseen",
        "left_out.others_first",
    }
    assert [one.id for one in plan.notes if one.id.startswith("plan.intervals")]
