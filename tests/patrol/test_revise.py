"""A changed plan keeps what is locked or has happened, and every rule of the road."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from data.changes import Change, Spot
from data.errors import HouseError
from data.messages import Message
from data.nouns import TIRANE, Plan, Stop
from data.vocabulary import ChangeKind, PlaceKind, PlanStatus
from layers.words import LANGUAGES, Words
from patrol.changes_said import changes_said
from patrol.revise import prize_of, revise
from tests.changes import (
    BEFORE,
    CENTRE,
    N_PLACES,
    WEEK,
    faults,
    ground,
    order,
    shift,
    small_plan,
    visits,
    worker,
)

MONDAY = WEEK.monday
#: In the middle of Monday's rounds: the first is under way, the second about to begin.
NOON = datetime.combine(MONDAY, time(11, 45), TIRANE)
HEAP = f"stop-p{N_PLACES - 1}"


def changed(*changes: Change, plan: Plan | None = None, now: datetime = BEFORE) -> Plan:
    return revise(plan or small_plan(), changes, ground(), now=now)


def refused(*changes: Change, plan: Plan | None = None, now: datetime = BEFORE) -> str:
    """Return the id of the sentence that a change is refused with; it exists in both languages."""
    with pytest.raises(HouseError) as fault:
        changed(*changes, plan=plan, now=now)
    for language in LANGUAGES:
        text = Words(language).message(fault.value.message)
        assert text.endswith((".", "!")), text
        assert "{" not in text
    return fault.value.message.id


def lock(plan: Plan, shift_id: str, *stops: str) -> Plan:
    locks = [Change(kind=ChangeKind.LOCK, shift=shift_id, stop=stop) for stop in stops]
    return changed(*locks, plan=plan)


def test_the_plan_to_be_changed_breaks_no_rule():
    assert faults(small_plan()) == []
    assert {one.stop for one in small_plan().left_out} > {HEAP}


# One change at a time


def test_a_lock_alone_changes_nothing_but_that_it_stands():
    plan = lock(small_plan(), "t1-0", "stop-p8")

    assert (visits(plan), plan.routes) == (visits(small_plan()), small_plan().routes)
    assert [(one.shift, one.stop) for one in plan.standing] == [("t1-0", "stop-p8")]
    free = changed(Change(kind=ChangeKind.UNLOCK, shift="t1-0", stop="stop-p8"), plan=plan)
    assert free.standing == ()


def test_a_place_taken_out_stays_out_and_others_take_its_time():
    plan = changed(Change(kind=ChangeKind.DROP, shift="t1-0", stop="stop-p8"))

    assert "stop-p8" not in {stop for _, stop in visits(plan)}
    assert [one.reason.id for one in plan.left_out if one.stop == "stop-p8"] == ["left_out.dropped"]
    assert len(visits(plan)) >= len(visits(small_plan())), "one of those left out has its time"
    again = changed(Change(kind=ChangeKind.DROP, shift="t1-2", stop="stop-p18"), plan=plan)
    assert "stop-p8" not in {stop for _, stop in visits(again)}
    assert (faults(plan), faults(again)) == ([], [])


def test_a_place_taken_out_comes_back_where_somebody_adds_it():
    out = changed(Change(kind=ChangeKind.DROP, shift="t1-0", stop="stop-p8"))

    plan = changed(Change(kind=ChangeKind.ADD, stop="stop-p8", to_shift="t1-2"), plan=out)

    assert ("t1-2", "stop-p8") in visits(plan)
    assert {one.kind for one in plan.standing} == {ChangeKind.LOCK}
    assert faults(plan) == []


def test_a_place_is_added_on_the_day_where_the_plan_loses_least():
    best = changed(Change(kind=ChangeKind.ADD, stop="stop-p19"))
    (where,) = [shift_id for shift_id, stop in visits(best) if stop == "stop-p19"]
    forced = [
        changed(Change(kind=ChangeKind.ADD, stop="stop-p19", to_shift=one.id))
        for one in small_plan().shifts
    ]

    assert prize_of(best) == pytest.approx(max(prize_of(one) for one in forced), rel=0.02)
    assert faults(best) == []
    assert [(one.shift, one.stop) for one in best.standing] == [(where, "stop-p19")]


def due(plan: Plan, *stops: str) -> Plan:
    """Return the plan with some stops due, in its rounds and among what is left out."""

    def told(stop: Stop) -> Stop:
        return replace(stop, urgency=1, waited_days=40) if stop.id in stops else stop

    return replace(
        plan,
        routes=tuple(
            replace(r, stops=tuple(replace(met, stop=told(met.stop)) for met in r.stops))
            for r in plan.routes
        ),
        left_out=tuple(
            replace(one, candidate=one.candidate and told(one.candidate)) for one in plan.left_out
        ),
        notes=(*plan.notes, Message("plan.intervals_kept", {"n": len(stops)})),
    )


def test_what_is_due_keeps_its_place_whatever_else_is_asked_for():
    add = Change(kind=ChangeKind.ADD, stop="stop-p19", to_shift="t1-2")
    before, after = ({s for _, s in visits(plan)} for plan in (small_plan(), changed(add)))
    (lost, *_) = sorted(before - after)

    plan = changed(add, plan=due(small_plan(), lost))

    assert {lost, "stop-p19"} <= {stop for _, stop in visits(plan)}
    assert Message("plan.intervals_kept", {"n": 1}) in plan.notes
    assert faults(plan) == []


def test_what_is_due_and_taken_out_is_counted_and_named_first():
    asked = Change(kind=ChangeKind.DROP, shift="t1-0", stop="stop-p8")

    plan = changed(asked, plan=due(small_plan(), "stop-p8", "stop-p0"))

    assert plan.left_out[0].stop == "stop-p8"
    short = Message("plan.intervals_short", {"n": 2, "reached": 1, "left": 1})
    assert [one for one in plan.notes if one.id.startswith("plan.intervals")] == [short]


def test_a_place_the_plan_has_never_seen_is_met_in_the_hours_of_its_kind():
    lon, lat = CENTRE
    spot = Spot(place_id="new", name="Vend i ri", kind=PlaceKind.MARKET, lon=lon, lat=lat + 0.001)

    plan = changed(Change(kind=ChangeKind.ADD, stop="stop-new", to_shift="t2-0", spot=spot))

    (met,) = [m for r in plan.routes for m in r.stops if m.stop.id == "stop-new"]
    assert met.stop.name == "Vend i ri"
    assert met.window.opens.hour >= 6
    assert faults(plan) == []


def test_an_order_is_kept_as_it_was_asked_for_and_locked():
    asked = order(small_plan(), "t2-0")[:4]
    out = order(small_plan(), "t2-0")[4:]
    drops = [Change(kind=ChangeKind.DROP, shift="t2-0", stop=stop) for stop in out]

    plan = changed(*drops, Change(kind=ChangeKind.REORDER, shift="t2-0", order=tuple(asked[::-1])))

    made = order(plan, "t2-0")
    assert [stop for stop in made if stop in asked] == asked[::-1]
    assert {one.stop for one in plan.standing if one.kind is ChangeKind.LOCK} == set(asked)
    assert faults(plan) == []


def test_a_visit_moves_to_another_teams_round_and_stays_there():
    plan = changed(Change(kind=ChangeKind.MOVE, shift="t1-0", stop="stop-p8", to_shift="t2-0"))

    assert ("t2-0", "stop-p8") in visits(plan)
    assert ("t1-0", "stop-p8") not in visits(plan)
    other_day = {key: at for key, at in visits(plan).items() if key[0] == "t1-2"}
    assert other_day == {k: at for k, at in visits(small_plan()).items() if k[0] == "t1-2"}
    assert faults(plan) == []


def test_a_time_that_was_set_is_the_time():
    at = datetime.combine(MONDAY, time(14, 5), TIRANE)

    plan = changed(Change(kind=ChangeKind.TIME, shift="t1-0", stop="stop-p8", at=at))

    assert visits(plan)["t1-0", "stop-p8"][0] == at
    assert faults(plan) == []
    (pause,) = [route.pause for route in plan.routes if route.shift == "t1-0"]
    assert pause is not None, "a long round says when its break is"
    inside = [met for r in plan.routes if r.shift == "t1-0" for met in r.stops]
    assert all(met.leave <= pause.opens or pause.closes <= met.arrive for met in inside)


def test_a_changed_plan_is_a_draft_that_says_what_was_changed_in_both_languages():
    base = replace(small_plan(), status=PlanStatus.APPROVED, approved_by="a", approved_at=BEFORE)

    plan = changed(Change(kind=ChangeKind.DROP, shift="t1-0", stop="stop-p8"), plan=base)

    assert (plan.status, plan.approved_by, plan.based_on) == (PlanStatus.DRAFT, None, base.version)
    (said,) = changes_said(plan)
    for language in LANGUAGES:
        assert "Vend 8" in Words(language).message(said)


def test_the_same_changes_give_the_same_plan():
    asked = Change(kind=ChangeKind.ADD, stop="stop-p19")

    assert changed(asked) == changed(asked)


# What happened stays


def test_what_has_happened_is_never_touched():
    plan = changed(Change(kind=ChangeKind.DROP, shift="t1-0", stop="stop-p3"), now=NOON)

    past = {key: at for key, at in visits(small_plan()).items() if at[0] <= NOON}
    assert len(past) >= 4
    assert past.items() <= visits(plan).items()
    assert faults(plan) == []


@pytest.mark.parametrize("kind", [ChangeKind.DROP, ChangeKind.LOCK, ChangeKind.TIME])
def test_what_has_happened_cannot_be_changed(kind: ChangeKind):
    asked = Change(kind=kind, shift="t1-0", stop="stop-p0", at=NOON)

    assert refused(asked, now=NOON) == "revise.happened"


# What happens today


def test_a_call_is_met_by_whoever_can_be_there_first():
    plan = changed(Change(kind=ChangeKind.CALL, stop="stop-p19", at=NOON), now=NOON)

    (key,) = [key for key in visits(plan) if key[1] == "stop-p19"]
    assert visits(plan)[key][0] <= NOON + timedelta(minutes=45)
    assert [one.stop for one in plan.standing] == ["stop-p19"]
    assert faults(plan) == []


def test_a_call_in_the_evening_says_that_nobody_is_out():
    late = datetime.combine(MONDAY, time(20), TIRANE)

    assert refused(Change(kind=ChangeKind.CALL, stop="stop-p19"), now=late) == "revise.nobody_out"


def test_rain_empties_the_beaches_and_sends_to_the_heaps():
    plan = changed(Change(kind=ChangeKind.RAIN), now=NOON)

    today = {stop for shift_id, stop in visits(plan) if shift_id != "t1-2"}
    assert HEAP in today
    assert "stop-p1" not in today
    assert ("t1-0", "stop-p0") in visits(plan), "it was visited before the rain"
    assert [one.reason.id for one in plan.left_out if one.stop == "stop-p1"] == ["left_out.rain"]
    assert faults(plan) == []


def test_a_closed_road_is_not_walked_and_can_be_opened_again():
    here, there = order(small_plan(), "t1-2")[:2]
    before = next(leg for r in small_plan().routes for leg in r.legs if leg.destination == there)
    asked = Change(kind=ChangeKind.CLOSED, stop=here, other=there)

    plan = changed(asked)

    way = [
        leg for r in plan.routes for leg in r.legs if {leg.origin, leg.destination} == {here, there}
    ]
    assert all(leg.travel_s > before.travel_s for leg in way)
    assert faults(plan, closed=True) == []
    again = changed(Change(kind=ChangeKind.UNLOCK, stop=here, other=there), plan=plan)
    assert not any(one.kind is ChangeKind.CLOSED for one in again.standing)
    assert faults(again) == []


def test_somebody_else_steps_in_for_who_is_ill():
    spare = replace(small_plan(), workers=(*small_plan().workers, worker(6)))

    plan = changed(Change(kind=ChangeKind.ILL, worker="w0"), plan=spare, now=BEFORE)

    crews = {one.id: one.workers for one in plan.shifts}
    assert crews["t1-0"] == ("w1", "w6")
    assert crews["t1-2"] == ("w0", "w1"), "on Wednesday they are back"
    assert visits(plan) == visits(spare)
    assert [(a.worker, a.first, a.last) for a in plan.absences] == [("w0", MONDAY, MONDAY)]


def test_where_nobody_can_step_in_the_round_falls_away_and_the_other_takes_its_places():
    alone = replace(small_plan(), workers=tuple(worker(n) for n in range(4)))

    plan = changed(Change(kind=ChangeKind.ILL, worker="w0"), plan=alone, now=BEFORE)

    assert "t1-0" not in {one.id for one in plan.shifts}
    was = set(order(small_plan(), "t1-0"))
    assert was & set(order(plan, "t2-0")), "the round that is left goes to the best of them"
    assert faults(plan) == []


def test_a_round_that_ends_early_keeps_what_it_did():
    alone = replace(small_plan(), workers=tuple(worker(n) for n in range(4)))

    plan = changed(Change(kind=ChangeKind.ILL, worker="w0"), plan=alone, now=NOON)

    (left,) = [one for one in plan.shifts if one.id == "t1-0"]
    assert NOON <= left.end < shift("t1", 0, 9, 7).end
    assert order(plan, "t1-0") == order(small_plan(), "t1-0")[: len(order(plan, "t1-0"))]
    again = changed(Change(kind=ChangeKind.RAIN), plan=plan, now=NOON)
    assert order(again, "t1-0") == order(plan, "t1-0"), "nobody is sent out again"


# What cannot be had, and what stands in the way


def at(hour: int, minute: int = 0) -> datetime:
    return datetime.combine(MONDAY, time(hour, minute), TIRANE)


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (Change(kind=ChangeKind.DROP, shift="t9-0", stop="stop-p8"), "revise.unknown_round"),
        (Change(kind=ChangeKind.DROP, shift="t1-0", stop="stop-p5"), "revise.unknown_visit"),
        (Change(kind=ChangeKind.ADD, stop="stop-none"), "revise.unknown_place"),
        (Change(kind=ChangeKind.TIME, shift="t1-0", stop="stop-p8"), "revise.no_time"),
        (
            Change(kind=ChangeKind.TIME, shift="t1-0", stop="stop-p8", at=at(18)),
            "revise.outside_shift",
        ),
        (
            Change(kind=ChangeKind.TIME, shift="t1-0", stop="stop-p8", at=at(15, 59)),
            "revise.late_home",
        ),
        (
            Change(kind=ChangeKind.TIME, shift="t1-0", stop="stop-p8", at=at(9)),
            "revise.too_soon",
        ),
        (Change(kind=ChangeKind.REORDER, shift="t1-0", order=("stop-p8",)), "revise.order_other"),
        (
            Change(kind=ChangeKind.ADD, stop="stop-p18", to_shift="t1-2"),
            "revise.there_already",
        ),
        (Change(kind=ChangeKind.CLOSED, stop="stop-p8", other="stop-p8"), "revise.road_ends"),
        (Change(kind=ChangeKind.ILL, worker="w9"), "revise.unknown_worker"),
        (Change(kind=ChangeKind.ILL, worker="w4"), "revise.not_on_duty"),
        (Change(kind=ChangeKind.RAIN), "revise.rain_nothing"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.kind,
)
def test_what_cannot_be_had_is_refused_with_a_sentence(asked: Change, sentence: str):
    dry = replace(
        small_plan(), left_out=tuple(one for one in small_plan().left_out if one.stop != HEAP)
    )
    on_tuesday = BEFORE + timedelta(days=1) if asked.kind is ChangeKind.RAIN else BEFORE

    assert refused(asked, plan=dry, now=on_tuesday) == sentence


def test_two_locks_that_cannot_both_be_kept_name_each_other():
    locked = lock(small_plan(), "t1-0", "stop-p8")
    clash = visits(locked)["t1-0", "stop-p8"][1] - timedelta(minutes=5)

    asked = Change(kind=ChangeKind.TIME, shift="t1-0", stop="stop-p13", at=clash)

    assert refused(asked, plan=locked) == "revise.clash"


def test_a_full_round_of_locks_says_which_stand_in_the_way():
    locked = lock(small_plan(), "t1-2", *order(small_plan(), "t1-2"))

    asked = Change(kind=ChangeKind.ADD, stop="stop-p19", to_shift="t1-2")

    assert refused(asked, plan=locked) == "revise.locks_in_way"


def test_an_order_that_a_lock_forbids_says_so():
    round_ = order(small_plan(), "t1-2")
    locked = lock(small_plan(), "t1-2", round_[0])

    asked = Change(kind=ChangeKind.REORDER, shift="t1-2", order=tuple(round_[::-1]))

    assert refused(asked, plan=locked) == "revise.order_lock"


def test_who_is_ill_cannot_take_a_locked_visit_with_them():
    alone = replace(small_plan(), workers=tuple(worker(n) for n in range(4)))
    locked = lock(alone, "t1-0", "stop-p8")

    assert refused(Change(kind=ChangeKind.ILL, worker="w0"), plan=locked) == "revise.ill_locks"


# Whatever is asked, the locks hold


STOPS = [(r.shift, m.stop.id) for r in small_plan().routes for m in r.stops]
MOMENTS = [BEFORE, NOON, datetime.combine(MONDAY, time(14), TIRANE)]


def drop(key: tuple[str, str], _n: int) -> Change:
    return Change(kind=ChangeKind.DROP, shift=key[0], stop=key[1])


def move(key: tuple[str, str], n: int) -> Change:
    to = [one.id for one in small_plan().shifts if one.id != key[0]]
    return Change(kind=ChangeKind.MOVE, shift=key[0], stop=key[1], to_shift=to[n % len(to)])


def set_time(key: tuple[str, str], n: int) -> Change:
    begins = next(one.start for one in small_plan().shifts if one.id == key[0])
    begins += timedelta(minutes=7 * n)
    return Change(kind=ChangeKind.TIME, shift=key[0], stop=key[1], at=begins)


def reorder(key: tuple[str, str], n: int) -> Change:
    now = order(small_plan(), key[0])
    turned = now[n % len(now) :] + now[: n % len(now)]
    return Change(kind=ChangeKind.REORDER, shift=key[0], order=tuple(turned))


def add(_key: tuple[str, str], n: int) -> Change:
    left = [one.stop for one in small_plan().left_out]
    return Change(kind=ChangeKind.ADD, stop=left[n % len(left)])


def call(key: tuple[str, str], _n: int) -> Change:
    return Change(kind=ChangeKind.CALL, stop=key[1])


def rain(_key: tuple[str, str], _n: int) -> Change:
    return Change(kind=ChangeKind.RAIN)


def ill(_key: tuple[str, str], n: int) -> Change:
    return Change(kind=ChangeKind.ILL, worker=f"w{n % 5}", until=WEEK.days[n % 7])


KINDS_OF_CHANGE = [drop, move, set_time, reorder, add, call, rain, ill]


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    locks=st.lists(st.sampled_from(STOPS), max_size=6, unique=True),
    makes=st.lists(
        st.tuples(st.sampled_from(KINDS_OF_CHANGE), st.sampled_from(STOPS), st.integers(0, 60)),
        min_size=1,
        max_size=3,
    ),
    now=st.sampled_from(MOMENTS),
)
@example(locks=[STOPS[5]], makes=[(set_time, STOPS[6], 25)], now=BEFORE)
@example(locks=[STOPS[1], STOPS[12]], makes=[(call, STOPS[3], 0)], now=NOON)
def test_whatever_is_asked_locks_and_the_past_hold_and_no_rule_is_broken(
    locks: list[tuple[str, str]],
    makes: list[tuple[Callable[[tuple[str, str], int], Change], tuple[str, str], int]],
    now: datetime,
):
    plan = small_plan()
    for shift_id, stop in locks:
        plan = lock(plan, shift_id, stop)
    asked = [make(key, n) for make, key, n in makes]
    touched = {(one.shift, one.stop) for one in asked}
    touched |= {
        key for one in asked for key in STOPS if one.kind is ChangeKind.CALL and key[1] == one.stop
    }
    before = visits(plan)
    kept = {key for key in locks if key not in touched}
    kept |= {key for key, (arrive, _) in before.items() if arrive <= now}
    try:
        made = changed(*asked, plan=plan, now=now)
    except HouseError as fault:
        Words("sq").message(fault.message)
        return
    after = visits(made)
    assert {key: after.get(key) for key in kept} == {key: before[key] for key in kept}
    for one in plan.shifts:
        was = [stop for stop in order(plan, one.id) if (one.id, stop) in kept]
        assert [stop for stop in order(made, one.id) if (one.id, stop) in kept] == was
    assert faults(made) == []


def test_a_round_that_nothing_is_asked_of_stays_as_it_was():
    at_one = datetime.combine(MONDAY, time(13, 25), TIRANE)

    plan = changed(Change(kind=ChangeKind.TIME, shift="t1-0", stop="stop-p4", at=at_one))

    assert order(plan, "t2-0") == order(small_plan(), "t2-0")
    was = {key: at for key, at in visits(small_plan()).items() if key[0] == "t2-0"}
    assert {key: at for key, at in visits(plan).items() if key[0] == "t2-0"} == was
