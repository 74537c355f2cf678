"""Check-ins and passed-by stops: kept as they were said, let go in time, and never with a place."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from data.fieldwork import CheckIn, Skip
from data.store import Store
from data.store.schema import CHECK_INS
from data.vocabulary import CheckInState, SkipReason
from tests.builders import DURRES, NOON

WELL = CheckIn(shift="t1-mon", team="t1", municipality=DURRES, at=NOON, state=CheckInState.WELL)
SKIP = Skip(
    shift="t1-mon",
    team="t1",
    municipality=DURRES,
    place_id="p000",
    at=NOON,
    reason=SkipReason.ROAD_CLOSED,
)


def test_a_check_in_comes_back_as_it_was_said_and_only_to_its_municipality(store: Store):
    help_ = replace(WELL, at=NOON + timedelta(minutes=5), state=CheckInState.HELP)
    store.fieldwork.check_in(help_)
    store.fieldwork.check_in(WELL)

    assert store.fieldwork.check_ins(DURRES, since=NOON) == (WELL, help_)
    assert store.fieldwork.check_ins(DURRES, since=help_.at) == (help_,)
    assert store.fieldwork.check_ins("AL0302", since=NOON) == ()


def test_a_check_in_said_twice_is_kept_once(store: Store):
    store.fieldwork.check_in(WELL)
    store.fieldwork.check_in(WELL)

    assert store.fieldwork.check_ins(DURRES, since=NOON) == (WELL,)


def test_a_check_in_is_a_time_and_never_a_place():
    assert set(CHECK_INS.c.keys()) == {
        "shift", "at", "state", "team", "municipality", "synthetic"
    }  # fmt: skip


def test_check_ins_are_let_go_after_a_month(store: Store):
    later = replace(WELL, at=NOON + timedelta(days=31))
    store.fieldwork.check_in(WELL)
    store.fieldwork.check_in(later)

    assert store.fieldwork.check_ins(DURRES, since=NOON - timedelta(days=60)) == (later,)


def test_a_passed_by_stop_has_one_reason_and_can_be_taken_back(store: Store):
    store.fieldwork.skip(replace(SKIP, reason=SkipReason.OTHER))
    store.fieldwork.skip(SKIP)
    assert store.fieldwork.skips(DURRES) == (SKIP,)
    assert store.fieldwork.skips("AL0302") == ()

    store.fieldwork.take_back_skip(SKIP.shift, SKIP.place_id)

    assert store.fieldwork.skips() == ()


def test_what_was_said_on_an_invented_plan_goes_with_it(store: Store):
    store.fieldwork.check_in(WELL, synthetic=True)
    store.fieldwork.skip(SKIP, synthetic=True)
    assert store.all_synthetic()

    store.clear_synthetic()

    assert store.is_empty()
    assert store.fieldwork.skips() == ()
