"""A team says that it is well; who does not is seen first, by its coordinator and nobody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from data.errors import AccessDeniedError
from data.fieldwork import Contact
from data.nouns import Plan, Viewer, Week
from data.vocabulary import CheckInState, PlanStatus, Role, SkipReason, VisitOutcome
from desk import rounds
from desk.check_ins import note_call, own_standing, say, teams_out
from desk.done import done_of
from desk.met import Met
from desk.rounds import Round
from desk.safety import keep_rhythm
from desk.skips import skip_stop, take_back_skip
from desk.wiring import House, open_house
from patrol.checkins import CheckInSettings, State
from patrol.done import Fate
from tests.builders import DURRES, places
from tests.plans import plan_of

WEEK = Week.parse("2026-W28")
PLAN = replace(plan_of(WEEK), status=PlanStatus.APPROVED)
SHIFT = next(shift for shift in PLAN.shifts if shift.team == "t1")
CHAIN = (Contact(name="Koordinatorja", phone="069 1"), Contact(name="Roja", phone="069 2"))


def viewer(role: Role = Role.COORDINATOR, town: str = DURRES) -> Viewer:
    teams = frozenset({"t1"}) if role is Role.FIELD else frozenset()
    return Viewer(account="c", name="c", role=role, municipalities=frozenset({town}), teams=teams)


OWN, FIELD = viewer(), viewer(Role.FIELD)


def after(minutes: float) -> datetime:
    return SHIFT.start + timedelta(minutes=minutes)


@pytest.fixture
def house(tmp_path: Path) -> House:
    """Return a house in which an approved plan sends two teams out on Monday and on Friday."""
    made = open_house(tmp_path)
    made.store.add({"places": places(12, synthetic=False)})
    made.store.put_crew(bases=PLAN.bases, workers=PLAN.workers, teams=PLAN.teams)
    kept: Plan = replace(PLAN, version=made.store.save_plan(plan_of(WEEK)))
    made.store.approve_plan(kept, by="c", at=SHIFT.start - timedelta(days=3))
    keep_rhythm(made, OWN, DURRES, CheckInSettings(chain=CHAIN))
    return made


def outing(house: House) -> Round:
    found = rounds.round_today(house, FIELD, PLAN.teams[0], SHIFT.start.date())
    assert found is not None
    return found


def states(house: House, minutes: float) -> dict[str, State]:
    found = teams_out(house, OWN, DURRES, after(minutes))
    return {one.standing.shift.team: one.standing.state for one in found}


def test_a_sign_of_the_team_is_seen_by_its_coordinator(house: House):
    say(house, FIELD, outing(house), CheckInState.WELL, after(50))

    assert states(house, 80) == {"t1": State.WELL, "t2": State.MISSED}
    assert [one.name for one in teams_out(house, OWN, DURRES, after(80))] == [
        "Ekipi t2", "Ekipi t1",
    ]  # fmt: skip
    assert house.store.audit.last(1)[0].action == "check_in.well"


def test_a_mark_at_a_stop_is_a_sign_and_nothing_more_has_to_be_done(house: House):
    now = outing(house)
    rounds.arrive(house, FIELD, now, now.route.stops[0], after(55))

    assert states(house, 100)["t1"] is State.WELL
    assert own_standing(house, outing(house), after(100)).due == after(115)


def test_the_chain_is_called_until_the_team_is_reached(house: House):
    def first(minutes: float):
        return next(
            one
            for one in teams_out(house, OWN, DURRES, after(minutes))
            if one.standing.shift.team == "t1"
        )

    assert first(80).standing.call == CHAIN[0]
    note_call(house, OWN, DURRES, first(80), CheckInState.TRIED, at=after(80))
    assert first(81).standing.call == CHAIN[1]
    note_call(house, OWN, DURRES, first(81), CheckInState.REACHED, at=after(82))

    assert first(83).standing.state is State.WELL
    actions = {line.action for line in house.store.audit.last(2)}
    assert actions == {"check_in.tried", "check_in.reached"}


def test_nobody_is_out_before_the_start_and_who_is_not_back_is_looked_for(house: House):
    assert states(house, -1) == {}
    assert states(house, 6 * 60 + 20)["t1"] is State.MISSED
    say(house, FIELD, outing(house), CheckInState.BACK, after(6 * 60 + 25))
    assert "t1" not in states(house, 6 * 60 + 30)


def test_a_team_does_not_note_calls_and_a_coordinator_gives_no_signs(house: House):
    out = teams_out(house, OWN, DURRES, after(80))[0]

    with pytest.raises(ValueError, match="calls"):
        say(house, FIELD, outing(house), CheckInState.REACHED, after(80))
    with pytest.raises(ValueError, match="calls"):
        note_call(house, OWN, DURRES, out, CheckInState.WELL, at=after(80))


@pytest.mark.parametrize(
    "who", [FIELD, viewer(town="AL0302"), viewer(Role.AGENCY), viewer(Role.ADMINISTRATOR)],
    ids=lambda v: f"{v.role}",
)  # fmt: skip
def test_who_is_out_is_for_their_coordinator_alone(house: House, who: Viewer):
    out = teams_out(house, OWN, DURRES, after(80))[0]

    with pytest.raises(AccessDeniedError):
        teams_out(house, who, DURRES, after(80))
    with pytest.raises(AccessDeniedError):
        note_call(house, who, DURRES, out, CheckInState.REACHED, at=after(80))


def test_a_stop_that_was_passed_by_leaves_the_list_and_comes_back_when_that_is_undone(
    house: House,
):
    now = outing(house)
    first, second = now.left[:2]

    skip_stop(house, FIELD, now, first, SkipReason.ROAD_CLOSED, after(30))

    later = outing(house)
    assert later.left[0] == second
    assert later.skip_of(first) is not None
    assert house.store.visits(DURRES).empty  # no effort, and nobody met
    take_back_skip(house, FIELD, later, first)
    assert outing(house).left[0] == first


def test_a_round_of_which_all_is_done_or_passed_by_is_through(house: House):
    for stop in outing(house).route.stops[:-1]:
        skip_stop(house, FIELD, outing(house), stop, SkipReason.OTHER, after(30))
    last = outing(house).left[0]
    rounds.mark_visit(
        house, FIELD, outing(house), last, Met(outcome=VisitOutcome.NOBODY, at=after(60))
    )

    assert outing(house).left == ()
    assert outing(house).done == (last,)


def test_the_coordinator_sees_what_became_of_each_stop_and_nobody_else_does(house: House):
    now = outing(house)
    skip_stop(house, FIELD, now, now.route.stops[0], SkipReason.DANGER, after(30))
    plan = house.store.plans(DURRES, WEEK)[0]

    found = done_of(house, OWN, plan, after(24 * 60))

    why = {line.stop.stop.place_id: line.why for line in found.lines if line.fate is Fate.MISSED}
    assert why[now.route.stops[0].stop.place_id] is SkipReason.DANGER
    assert len(why) == 6  # Monday's; Friday's time has not come
    for who in (FIELD, viewer(town="AL0302"), viewer(Role.AGENCY)):
        with pytest.raises(AccessDeniedError):
            done_of(house, who, plan, after(24 * 60))
