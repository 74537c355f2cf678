"""The timetable of a day: what it shows, and what a browser may ask for with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from data.changes import Change
from data.errors import ContractError
from data.nouns import TIRANE, TimeWindow
from data.vocabulary import ChangeKind
from desk.timetable import changes_in, days_of, lanes_of
from patrol.revise import revise
from tests.changes import BEFORE, WEEK, faults, ground, order, small_plan, visits

MONDAY = WEEK.monday
TURN = "0_1_monday"
FIRST, SECOND, *REST = order(small_plan(), "t2-0")
NOON = datetime.combine(MONDAY, time(12), TIRANE)


def edit(**more: object) -> dict[str, object]:
    usual = {"shift": "t2-0", "stop": FIRST, "to": None, "at": None, "locked": False, "out": False}
    return {**usual, **more}


def sent(*edits: object, orders: object = None, turn: str = TURN) -> object:
    return {"turn": turn, "edits": list(edits), "orders": {} if orders is None else orders}


def changes(value: object, now: datetime = BEFORE) -> tuple[Change, ...]:
    return changes_in(small_plan(), MONDAY, now, value, turn=TURN)


def refused(value: object, now: datetime = BEFORE) -> str:
    with pytest.raises(ContractError) as fault:
        changes(value, now)
    return fault.value.message.id


# What it shows


def test_every_round_of_the_day_has_a_lane_and_every_visit_a_bar():
    lanes = lanes_of(small_plan(), MONDAY, BEFORE)

    assert [lane.shift for lane in lanes] == ["t1-0", "t2-0"]
    assert [(lane.begin, lane.end) for lane in lanes] == [(9 * 60, 16 * 60), (12 * 60, 16 * 60)]
    for lane in lanes:
        assert [bar.stop for bar in lane.bars] == order(small_plan(), lane.shift)
        begins = [visits(small_plan())[lane.shift, bar.stop][0] for bar in lane.bars]
        assert [bar.begin for bar in lane.bars] == [60 * at.hour + at.minute for at in begins]
        assert {bar.minutes for bar in lane.bars} == {30}
        assert {bar.windows for bar in lane.bars} == {((9 * 60, 17 * 60),)}
    assert days_of(small_plan(), BEFORE) == (MONDAY, WEEK.days[2])


def test_a_lane_knows_what_is_locked_what_has_begun_and_when_something_can_still_begin():
    now = visits(small_plan())["t2-0", FIRST][0] + timedelta(seconds=30)
    lock = Change(kind=ChangeKind.LOCK, shift="t2-0", stop=SECOND)

    lane = lanes_of(replace(small_plan(), standing=(lock,)), MONDAY, now)[1]

    assert [bar.stop for bar in lane.bars if bar.has_begun] == [FIRST]
    assert [bar.stop for bar in lane.bars if bar.locked] == [SECOND]
    assert lane.earliest > 60 * now.hour + now.minute
    assert lane.earliest % 5 == 0


def test_hours_of_other_days_are_none_of_this_day_and_a_night_runs_past_midnight():
    plan = small_plan()
    route = plan.routes[1]
    night = TimeWindow(
        opens=datetime.combine(MONDAY - timedelta(days=1), time(22), TIRANE),
        closes=datetime.combine(MONDAY, time(6), TIRANE),
    )
    met = route.stops[0]
    late = replace(met, stop=replace(met.stop, windows=(night, *met.stop.windows)))
    changed = replace(plan, routes=(plan.routes[0], replace(route, stops=(late,)), plan.routes[2]))

    (bar,) = lanes_of(changed, MONDAY, BEFORE)[1].bars

    assert bar.windows == ((-120, 360), (540, 1020))


# What may be asked for with it


def test_a_draft_becomes_changes_that_the_plan_can_have():
    at = visits(small_plan())["t2-0", SECOND][0] + timedelta(minutes=40)
    minute = 60 * at.hour + at.minute // 5 * 5

    asked = changes(sent(edit(stop=SECOND, at=minute), edit(stop=REST[0], out=True)))
    made = revise(small_plan(), asked, ground(), now=BEFORE)

    assert [one.kind for one in asked] == [ChangeKind.DROP, ChangeKind.TIME]
    begins = visits(made)["t2-0", SECOND][0]
    assert (begins.hour, begins.minute) == divmod(minute, 60)
    assert ("t2-0", REST[0]) not in visits(made)
    assert faults(made) == []


def test_a_bar_on_another_lane_goes_to_that_team_at_its_time_or_at_any():
    (timed,) = changes(sent(edit(to="t1-0", at=15 * 60)))
    (any_time,) = changes(sent(edit(to="t1-2")))

    assert (timed.kind, timed.to_shift) == (ChangeKind.MOVE, "t1-0")
    assert timed.at == datetime.combine(MONDAY, time(15), TIRANE)
    assert (any_time.to_shift, any_time.at) == ("t1-2", None)


def test_an_order_names_what_stays_in_the_round():
    swapped = [SECOND, FIRST, *REST]

    (change,) = changes(sent(orders={"t2-0": swapped}))
    out, other = changes(
        sent(edit(stop=REST[0], out=True), orders={"t2-0": swapped[:2] + REST[1:]})
    )

    assert change.order == tuple(swapped)
    assert (out.kind, other.order) == (ChangeKind.DROP, (SECOND, FIRST, *REST[1:]))


def test_an_empty_draft_asks_for_nothing():
    assert changes(sent()) == ()


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "revise.unread"),
        ("drop everything", "revise.unread"),
        ({"turn": TURN}, "revise.unread"),
        (sent(turn="0_2_monday"), "revise.unread"),
        (sent("drop"), "revise.unread"),
        (sent(edit(locked="yes")), "revise.unread"),
        (sent(edit(out=1)), "revise.unread"),
        (sent(edit(shift="t9-0")), "revise.unknown_round"),
        (sent(edit(shift="t1-2")), "revise.unknown_round"),  # a round of another day
        (sent(edit(shift=["t2-0"])), "revise.unknown_round"),
        (sent(edit(to="t9-0")), "revise.unknown_round"),
        (sent(edit(stop="stop-p999")), "revise.unknown_visit"),
        (sent(edit(stop=order(small_plan(), "t1-0")[0])), "revise.unknown_visit"),
        (sent(edit(at=15 * 60 + 1)), "revise.no_time"),
        (sent(edit(at="15:00")), "revise.no_time"),
        (sent(edit(at=True)), "revise.no_time"),
        (sent(edit(at=11 * 60)), "revise.no_time"),  # before the shift
        (sent(edit(at=10**12)), "revise.no_time"),
        (sent(edit(to="t1-2", at=15 * 60)), "revise.no_time"),  # a time of another day
        (sent(orders={"t9-0": []}), "revise.unknown_round"),
        (sent(orders={"t2-0": [FIRST, FIRST, *REST]}), "revise.order_other"),
        (sent(orders={"t2-0": 7}), "revise.order_other"),
        (sent(edit(out=True), orders={"t2-0": [FIRST, SECOND, *REST]}), "revise.order_other"),
        (sent(orders=[["t2-0"]]), "revise.unread"),
    ],
)
def test_what_the_plan_does_not_have_is_refused(value: object, message: str):
    assert refused(value) == message


def test_what_has_begun_cannot_be_asked_for():
    begun = visits(small_plan())["t2-0", FIRST][0]

    assert refused(sent(edit()), now=begun) == "revise.unknown_visit"
