"""Who is out gives a sign now and then; nobody is called too early, and nobody is forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from data.fieldwork import CheckIn, Contact
from data.nouns import TIRANE, Shift
from data.vocabulary import CheckInState, TravelMode
from patrol.checkins import (
    CheckInSettings,
    Standing,
    State,
    due_times,
    missed,
    next_due,
    standing,
    whom_to_call,
)
from tests.builders import DURRES

START = datetime(2026, 10, 7, 9, tzinfo=TIRANE)
SHIFT = Shift(
    id="t1-wed",
    team="t1",
    base="base",
    mode=TravelMode.WALK,
    start=START,
    end=START + timedelta(hours=6),
)
FIRST, SECOND = Contact(name="Koordinatorja", phone="069 1"), Contact(name="Roja", phone="069 2")
CHAIN = CheckInSettings(chain=(FIRST, SECOND))
WELL, HELP, BACK = CheckInState.WELL, CheckInState.HELP, CheckInState.BACK
TRIED, REACHED = CheckInState.TRIED, CheckInState.REACHED


def after(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def said(minutes: float, state: CheckInState = WELL, shift: str = SHIFT.id) -> CheckIn:
    return CheckIn(shift=shift, team="t1", municipality=DURRES, at=after(minutes), state=state)


def now_at(minutes: float, *noted: CheckIn, marks: tuple[float, ...] = ()) -> Standing:
    return standing(SHIFT, noted, [after(m) for m in marks], after(minutes), CHAIN)


def test_a_team_that_said_nothing_yet_owes_its_first_sign_an_hour_after_the_start():
    assert now_at(30).due == after(60)
    assert now_at(30).state is State.WELL
    assert now_at(30).last is None


def test_a_sign_puts_off_the_next_one():
    assert now_at(70, said(50)).due == after(110)


def test_an_arrival_or_a_mark_at_a_stop_is_a_sign():
    found = now_at(100, marks=(45, 95))

    assert (found.last, found.due, found.state) == (after(95), after(155), State.WELL)


def test_a_mark_of_later_or_of_another_day_is_none():
    assert now_at(30, marks=(45, -200)).due == after(60)


def test_what_another_shift_said_is_no_sign_of_this_one():
    assert now_at(70, said(50, shift="other")).due == after(60)


def test_a_team_is_due_before_it_is_missed():
    assert now_at(74).state is State.DUE
    assert now_at(75).state is State.DUE
    assert now_at(76).state is State.MISSED


def test_the_end_of_the_shift_is_owed_a_sign_and_back_ends_the_watch():
    assert now_at(350, said(340)).due == SHIFT.end
    assert now_at(400, said(340)).state is State.MISSED
    found = now_at(400, said(340), said(355, BACK))
    assert (found.state, found.due, found.call) == (State.BACK, None, None)


def test_who_said_back_and_goes_on_is_watched_again():
    assert now_at(130, said(60, BACK), said(120)).due == after(180)
    assert now_at(130, said(60, BACK), marks=(120,)).due == after(180)


def test_who_says_back_before_setting_out_is_watched_all_the_same():
    assert now_at(80, said(-5, BACK)).state is State.MISSED


def test_a_team_late_in_the_field_is_watched_past_its_shift():
    assert now_at(380, said(370)).due == after(430)


def test_the_chain_is_called_one_after_the_other_and_then_it_is_at_its_end():
    assert now_at(80).call == FIRST
    assert now_at(82, said(81, TRIED)).call == SECOND
    found = now_at(84, said(81, TRIED), said(83, TRIED))
    assert (found.call, found.n_tried, found.state) == (None, 2, State.MISSED)


def test_reaching_the_team_ends_the_calls_and_the_next_miss_begins_the_chain_anew():
    reached = (said(81, TRIED), said(83, REACHED))

    assert now_at(90, *reached).state is State.WELL
    assert now_at(90, *reached).due == after(143)
    again = now_at(160, *reached)
    assert (again.state, again.call) == (State.MISSED, FIRST)


def test_a_call_for_help_stands_until_somebody_reached_the_team():
    found = now_at(21, said(20, HELP))
    assert (found.state, found.call) == (State.HELP, FIRST)
    # A phone in a wrong hand may say that all is well.
    assert now_at(25, said(20, HELP), said(24)).state is State.HELP
    assert now_at(25, said(20, HELP), said(21, TRIED)).call == SECOND
    assert now_at(30, said(20, HELP), said(24, REACHED)).state is State.WELL
    assert now_at(40, said(20, HELP), said(24, REACHED), said(39, HELP)).state is State.HELP


def test_without_a_chain_nobody_can_be_named():
    assert whom_to_call(CheckInSettings(), 0) is None


def test_the_times_on_a_sheet_are_every_hour_and_the_end():
    assert due_times(SHIFT, CHAIN) == tuple(after(60 * n) for n in range(1, 7))
    assert due_times(SHIFT, CheckInSettings(every_min=240)) == (after(240), SHIFT.end)


minutes = st.integers(-60, 500)
settings = st.builds(CheckInSettings, every_min=st.integers(15, 180), grace_min=st.integers(0, 60))
notes = st.lists(st.builds(said, minutes, st.sampled_from(CheckInState)), max_size=8)
marks = st.lists(minutes.map(after), max_size=6)


@limits(deadline=None)
@given(notes=notes, marks=marks, now=minutes.map(after), rhythm=settings)
def test_nobody_is_missed_before_due_and_grace_and_everybody_after(
    notes: list[CheckIn], marks: list[datetime], now: datetime, rhythm: CheckInSettings
):
    due = next_due(SHIFT, notes, marks, now, rhythm)

    if due is None:
        assert not missed(due, now, rhythm)
    else:
        grace = timedelta(minutes=rhythm.grace_min)
        assert missed(due, now, rhythm) == (now > due + grace)
        assert due > SHIFT.start


@limits(deadline=None)
@given(notes=notes, now=st.integers(0, 500).map(after), rhythm=settings)
def test_a_mark_now_is_as_good_as_a_word_now(
    notes: list[CheckIn], now: datetime, rhythm: CheckInSettings
):
    before = [one for one in notes if one.at < now]
    word = CheckIn(shift=SHIFT.id, team="t1", municipality=DURRES, at=now, state=WELL)

    by_mark = next_due(SHIFT, before, [now], now, rhythm)

    assert by_mark == next_due(SHIFT, [*before, word], [], now, rhythm)
    assert by_mark is not None
    assert not missed(by_mark, now, rhythm)


@limits(deadline=None)
@given(notes=notes, marks=marks, now=st.integers(0, 500).map(after), rhythm=settings)
def test_a_sign_never_makes_a_team_due_earlier(
    notes: list[CheckIn], marks: list[datetime], now: datetime, rhythm: CheckInSettings
):
    noted = [one for one in notes if one.at < now]
    before = next_due(SHIFT, noted, marks, now, rhythm)
    after_sign = next_due(SHIFT, noted, [*marks, now], now, rhythm)

    assert after_sign is not None
    assert before is None or after_sign >= before


@limits(deadline=None)
@given(notes=notes, marks=marks, now=minutes.map(after))
def test_whoever_asked_for_help_or_is_missed_has_somebody_to_call_or_the_chain_is_at_its_end(
    notes: list[CheckIn], marks: list[datetime], now: datetime
):
    found = standing(SHIFT, notes, marks, now, CHAIN)

    if found.state in {State.HELP, State.MISSED}:
        assert found.call == whom_to_call(CHAIN, found.n_tried)
    else:
        assert found.call is None


@pytest.mark.parametrize("state", CheckInState)
def test_every_state_is_told_apart(state: CheckInState):
    found = now_at(100, said(90, state))

    assert found.state is {
        WELL: State.WELL, HELP: State.HELP, BACK: State.BACK,
        TRIED: State.MISSED, REACHED: State.WELL,
    }[state]  # fmt: skip
