"""The climb of a week: complete, explained, and the same for the same inputs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from functools import cache

import pytest

from data import reference
from data.errors import NoRouteError, RosterError
from data.messages import Message
from data.nouns import TIRANE, Absence, Marks, Plan, Week
from data.synthetic import Demo, make_demo
from patrol.plan import PlanInputs, PlanSettings, explored_note
from patrol.roster import RosterSettings
from patrol.routes import RouteSettings
from tests.climb import make_plan

WEEK = Week.parse("2026-W41")
MONDAY = datetime.combine(WEEK.monday, time(), TIRANE)
QUICK = PlanSettings(routes=RouteSettings(iterations=120))


@cache
def demo() -> Demo:
    return make_demo(1, date(2026, 10, 1))


@cache
def inputs(code: str = "AL0301") -> PlanInputs:
    made = demo()
    return PlanInputs(
        area=reference.area_of(code),
        week=WEEK,
        as_of=MONDAY,
        places=made.places[made.places["municipality"] == code].reset_index(drop=True),
        cases=made.cases[made.cases["municipality_found"] == code].reset_index(drop=True),
        visits=made.visits[made.visits["municipality"] == code].reset_index(drop=True),
        workers=tuple(w for w in made.workers if w.municipality == code),
        teams=tuple(t for t in made.teams if t.municipality == code),
        bases=tuple(b for b in made.bases if b.municipality == code),
        absences=(),
        marks=Marks(synthetic=True, illustrative_streets=True, as_of=MONDAY),
    )


def planned(given: PlanInputs | None = None, seed: int = 7) -> Plan:
    return make_plan(given or inputs(), seed=seed, settings=QUICK)


def test_every_place_is_in_a_round_or_left_out_with_a_reason_and_never_both():
    plan = planned()
    visited = {stop.stop.place_id for route in plan.routes for stop in route.stops}
    left = [one.place_id for one in plan.left_out]
    assert visited | set(left) == set(inputs().places["place_id"])
    assert not visited & set(left)
    assert len(left) == len(set(left))


def test_every_stop_says_why_it_is_there():
    for route in planned().routes:
        for stop in route.stops:
            assert stop.stop.reason.id.startswith("stop.")


def test_the_same_inputs_and_seed_give_the_same_plan_and_another_seed_another():
    assert planned() == planned()
    assert planned().routes != planned(seed=8).routes


def test_a_plan_on_invented_data_and_streets_says_so():
    plan = planned()
    assert plan.marks.synthetic
    assert plan.marks.illustrative_streets


def test_nobody_is_sent_to_a_mine_on_illustrative_streets():
    plan = planned(inputs("AL0201"))
    heaps = {
        row.place_id for row in inputs("AL0201").places.itertuples() if row.kind == "mine_heap"
    }
    assert heaps
    visited = {stop.stop.place_id for route in plan.routes for stop in route.stops}
    assert not visited & heaps
    reasons = {one.reason.id for one in plan.left_out if one.place_id in heaps}
    assert reasons == {"left_out.mine_on_illustrative"}


def test_too_few_cases_are_said_and_the_known_places_are_explored():
    few = replace(inputs(), cases=inputs().cases.iloc[:2].reset_index(drop=True))
    plan = planned(few)
    assert any(note.id.startswith("geo.") for note in plan.notes)
    stops = [stop.stop for route in plan.routes for stop in route.stops]
    assert stops
    assert all(stop.exploration for stop in stops)


def minutes_of(plan: Plan, *, exploration: bool) -> float:
    return sum(
        met.stop.service_min
        for route in plan.routes
        for met in route.stops
        if met.stop.exploration or not exploration
    )


@pytest.mark.parametrize(("share", "n_teams"), [(0.15, 3), (0.2, 3), (0.2, 1)])
def test_the_share_of_the_minutes_that_was_asked_for_is_explored_and_the_plan_says_so(
    share: float, n_teams: int
):
    given = replace(inputs(), teams=inputs().teams[:n_teams])
    settings = replace(
        QUICK,
        stops=replace(QUICK.stops, exploration_share=share),
        roster=RosterSettings(leave_unstaffed=True),
    )

    plan = make_plan(given, seed=7, settings=settings)

    reached = minutes_of(plan, exploration=True) / minutes_of(plan, exploration=False)
    # Places are whole, and of one team's week each is some hundredths.
    assert reached == pytest.approx(share, abs=0.03 if n_teams > 1 else 0.05)
    notes = [note for note in plan.notes if note.id.startswith("plan.explored")]
    asked = {"reached": round(100 * reached), "asked": round(100 * share)}
    assert notes == [Message("plan.explored", asked)]


@pytest.mark.parametrize(
    ("explored", "asked", "says"),
    [
        ((True, False, False, False, False), 0.2, "plan.explored"),
        ((True, False, False, False, False), 0.25, "plan.explored"),
        ((True, False, False, False, False), 0.26, "plan.explored_short"),
        ((False, False), 0.2, "plan.explored_short"),
        ((False, False), 0.0, "plan.explored"),
        ((True, True), 0.2, "plan.explored"),
    ],
)
def test_exploring_less_than_was_asked_for_is_said_with_its_mend(
    explored: tuple[bool, ...], asked: float, says: str
):
    met = planned().routes[0].stops[0]
    stops = tuple(
        replace(met, stop=replace(met.stop, exploration=one, service_min=30.0)) for one in explored
    )
    route = replace(planned().routes[0], stops=stops)

    note = explored_note([route], asked)

    reached = round(100 * sum(explored) / len(explored))
    assert note == Message(says, {"reached": reached, "asked": round(100 * asked)})


def test_where_no_round_can_get_is_left_out_and_takes_nothing_from_exploration():
    lonely, away = inputs().places.copy(), [f"zz-{n}" for n in range(10)]
    # Never seen and known to nobody, they would be drawn first in every week.
    lonely.loc[:9, "place_id"] = away
    lonely.loc[:9, "kind"] = "square"
    lonely.loc[:9, "geometry"] = lonely.loc[:9, "geometry"].translate(0.0, 1.2).to_numpy()

    plan = planned(replace(inputs(), places=lonely))

    assert set(away) <= {one.place_id for one in plan.left_out}
    reached = minutes_of(plan, exploration=True) / minutes_of(plan, exploration=False)
    assert reached == pytest.approx(0.2, abs=0.03)


def test_without_a_place_there_is_a_sentence_and_no_plan():
    empty = replace(inputs(), places=inputs().places.iloc[:0])
    with pytest.raises(NoRouteError) as fault:
        planned(empty)
    assert fault.value.message == Message("plan.no_places")


def test_a_roster_that_cannot_be_stops_the_plan_and_names_the_rule():
    lonely = replace(inputs(), workers=inputs().workers[:1])
    with pytest.raises(RosterError):
        planned(lonely)


def test_a_week_in_which_nobody_works_is_a_sentence_about_people_and_not_about_places():
    everybody = tuple(
        Absence(worker=worker.id, first=WEEK.monday, last=WEEK.days[-1])
        for worker in inputs().workers
    )
    settings = replace(QUICK, roster=RosterSettings(leave_unstaffed=True))

    with pytest.raises(RosterError) as fault:
        make_plan(replace(inputs(), absences=everybody), seed=7, settings=settings)

    assert fault.value.message == Message("plan.no_shift")


def test_progress_only_ever_grows_to_its_end():
    told: list[float] = []
    make_plan(inputs(), seed=1, settings=QUICK, progress=lambda _message, share: told.append(share))
    assert told == sorted(told)
    assert told[-1] == 1.0
