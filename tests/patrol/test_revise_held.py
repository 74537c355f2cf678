"""A changed plan holds rhythm, hours and percentile where it may choose, else it says so."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from data.changes import Change
from data.errors import HouseError
from data.messages import Message
from data.nouns import TIRANE, Plan
from data.vocabulary import ChangeKind
from layers.words import LANGUAGES, Words
from patrol.plan_breaks import breaks
from patrol.revise import revise
from tests.changes import BEFORE, WEEK, faults, ground, order, visits
from tests.paced import ASKED, locked, paced_plan, share_in_time, too_often, too_soon

NOON = datetime.combine(WEEK.monday, time(11, 45), TIRANE)
MOMENTS = [BEFORE, NOON, datetime.combine(WEEK.monday, time(14), TIRANE)]
STOPS = [(r.shift, m.stop.id) for r in paced_plan().routes for m in r.stops]
SHIFTS = [one.id for one in paced_plan().shifts]
PLACES = sorted({stop for _, stop in STOPS} | {one.stop for one in paced_plan().left_out})


def changed(*changes: Change, plan: Plan | None = None, now: datetime = BEFORE) -> Plan:
    return revise(plan or paced_plan(), changes, ground(), now=now)


def told(plan: Plan, kind: str, now: datetime = BEFORE) -> list[Message]:
    """Return the warnings of a kind; each is a sentence in both languages."""
    found = [one for one in breaks(plan, now, paced_plan()) if one.id.startswith(kind)]
    for one in found:
        for language in LANGUAGES:
            text = Words(language).message(one)
            assert text.endswith(".")
            assert "{" not in text
            assert "@" not in text
    return found


def test_the_plan_to_be_changed_breaks_nothing():
    assert faults(paced_plan()) == []
    assert breaks(paced_plan()) == ()
    assert not too_soon(paced_plan())
    assert not too_often(paced_plan())
    assert all(share_in_time(paced_plan(), route) >= ASKED / 100 for route in paced_plan().routes)


# What is set by hand wins, and the plan says what it breaks and what would mend it


def reordered() -> Plan:
    """Return the plan whose short round goes about in an order that takes longer."""
    a, b, c, d = order(paced_plan(), "t2-0")
    return changed(Change(kind=ChangeKind.REORDER, shift="t2-0", order=(c, a, b, d)))


def test_an_order_that_ends_late_is_kept_and_what_the_plan_says_to_take_out_mends_it():
    (said,) = told(reordered(), "breaks.late")
    (route,) = [one for one in reordered().routes if one.shift == "t2-0"]
    assert said.params["n"] == int(100 * share_in_time(reordered(), route))
    (out,) = [m.stop.id for m in route.stops if m.stop.name == said.params["place"]]

    mended = changed(Change(kind=ChangeKind.DROP, shift="t2-0", stop=out), plan=reordered())

    assert not told(mended, "breaks.late")
    assert [one for one in order(mended, "t2-0") if one in order(reordered(), "t2-0")] == [
        one for one in order(reordered(), "t2-0") if one != out
    ]


def test_a_time_that_ends_late_is_kept_and_begun_earlier_as_the_plan_says_it_does_not():
    *others, last = order(paced_plan(), "t2-0")
    locks = [Change(kind=ChangeKind.LOCK, shift="t2-0", stop=stop) for stop in others]
    at = visits(paced_plan())["t2-0", last][0] + timedelta(minutes=30)
    late = changed(*locks, Change(kind=ChangeKind.TIME, shift="t2-0", stop=last, at=at))
    (said,) = told(late, "breaks.late")
    assert said.params["other"] == name(last)
    assert visits(late)["t2-0", last][0] == at

    sooner = at - timedelta(minutes=said.params["minutes"])
    mended = changed(Change(kind=ChangeKind.TIME, shift="t2-0", stop=last, at=sooner), plan=late)

    assert not told(mended, "breaks.late")
    assert order(mended, "t2-0") == order(late, "t2-0")


def test_where_free_places_can_give_way_an_added_one_makes_no_round_end_late():
    free = changed(Change(kind=ChangeKind.ADD, stop="stop-p24", to_shift="t2-0"))
    assert "stop-p24" in order(free, "t2-0")
    assert breaks(free) == ()

    locks = [Change(kind=ChangeKind.LOCK, shift=s, stop=stop) for s, stop in STOPS if s == "t2-0"]
    full = changed(*locks, Change(kind=ChangeKind.ADD, stop="stop-p24", to_shift="t2-0"))

    assert order(paced_plan(), "t2-0") == [s for s in order(full, "t2-0") if s != "stop-p24"]
    assert "stop-p24" in order(full, "t2-0")
    assert told(full, "breaks.late")


def test_a_lock_alone_is_no_warning_whatever_is_locked():
    locks = [Change(kind=ChangeKind.LOCK, shift=shift, stop=stop) for shift, stop in STOPS]

    assert breaks(changed(*locks)) == ()


def test_a_place_that_is_added_takes_the_visits_near_it_with_it_unless_they_are_locked():
    asked = Change(kind=ChangeKind.ADD, stop="stop-p1", to_shift="t1-1")
    keep = Change(kind=ChangeKind.LOCK, shift="t1-0", stop="stop-p1")

    free, kept = changed(asked), changed(keep, asked)

    assert [shift for shift, stop in visits(free) if stop == "stop-p1"] == ["t1-1", "t2-4"]
    assert breaks(free) == ()
    (said,) = breaks(kept)
    days = said.params["before"], said.params["day"], said.params["until"]
    assert days == (WEEK.days[0], WEEK.days[1], WEEK.days[3])
    assert (said.params["n"], said.params["asked"]) == (1, 3)


def test_a_place_that_rests_from_before_the_week_may_be_named_all_the_same():
    plan = changed(Change(kind=ChangeKind.ADD, stop="stop-p5", to_shift="t2-0"))

    (said,) = told(plan, "breaks.rest")

    assert (said.params["n"], said.params["asked"], said.params["until"]) == (2, 4, WEEK.days[2])


def test_an_hour_in_which_a_place_was_met_too_often_is_kept_where_a_person_set_it():
    at = datetime.combine(WEEK.monday, time(10, 20), TIRANE)
    asked = Change(kind=ChangeKind.TIME, shift="t1-0", stop="stop-p4", at=at)

    plan = changed(asked)

    assert visits(plan)["t1-0", "stop-p4"][0] == at
    (said,) = told(plan, "breaks.hour")
    numbers = {one: said.params[one] for one in ("n", "of", "most", "hours")}
    assert numbers == {"n": 4, "of": 11, "most": 3, "hours": "10\u201311"}
    free = changed(Change(kind=ChangeKind.UNLOCK, shift="t1-0", stop="stop-p4"), plan=plan)
    assert breaks(free) == (), "given free it goes to another hour"


@pytest.mark.parametrize("stop", ["stop-p1", "stop-p5", "stop-p15", "stop-p24"])
def test_a_place_without_a_day_goes_where_nothing_is_broken_if_there_is_such_a_day(stop: str):
    found = []
    for shift in SHIFTS:
        with suppress(HouseError):
            made = changed(Change(kind=ChangeKind.ADD, stop=stop, to_shift=shift))
            found.append(len(breaks(made)))

    assert len(breaks(changed(Change(kind=ChangeKind.ADD, stop=stop)))) == min(found)


def test_what_has_happened_is_not_warned_of_any_more():
    late_on_monday = datetime.combine(WEEK.monday, time(20), TIRANE)

    assert breaks(reordered())
    assert breaks(reordered(), late_on_monday) == ()


# Whatever is asked, one change after the other


def drop(key: tuple[str, str], _n: int) -> Change:
    return Change(kind=ChangeKind.DROP, shift=key[0], stop=key[1])


def lock(key: tuple[str, str], _n: int) -> Change:
    return Change(kind=ChangeKind.LOCK, shift=key[0], stop=key[1])


def move(key: tuple[str, str], n: int) -> Change:
    to = [one for one in SHIFTS if one != key[0]]
    return Change(kind=ChangeKind.MOVE, shift=key[0], stop=key[1], to_shift=to[n % len(to)])


def set_time(key: tuple[str, str], n: int) -> Change:
    begins = next(one.start for one in paced_plan().shifts if one.id == key[0])
    at = begins + timedelta(minutes=7 * n)
    return Change(kind=ChangeKind.TIME, shift=key[0], stop=key[1], at=at)


def reorder(key: tuple[str, str], n: int) -> Change:
    now = order(paced_plan(), key[0])
    turned = now[n % len(now) :] + now[: n % len(now)]
    return Change(kind=ChangeKind.REORDER, shift=key[0], order=tuple(turned))


def add(_key: tuple[str, str], n: int) -> Change:
    to = SHIFTS[n % len(SHIFTS)] if n % 3 else ""
    return Change(kind=ChangeKind.ADD, stop=PLACES[n % len(PLACES)], to_shift=to)


def call(_key: tuple[str, str], n: int) -> Change:
    return Change(kind=ChangeKind.CALL, stop=PLACES[n % len(PLACES)])


def rain(_key: tuple[str, str], _n: int) -> Change:
    return Change(kind=ChangeKind.RAIN)


def closed(key: tuple[str, str], _n: int) -> Change:
    round_ = order(paced_plan(), key[0])
    i = round_.index(key[1])
    return Change(kind=ChangeKind.CLOSED, stop=round_[i - 1], other=key[1])


def ill(_key: tuple[str, str], n: int) -> Change:
    return Change(kind=ChangeKind.ILL, worker=f"w{n % 5}", until=WEEK.days[n % 7])


KINDS = [drop, lock, move, set_time, reorder, add, call, rain, closed, ill]


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    makes=st.lists(
        st.tuples(st.sampled_from(KINDS), st.sampled_from(STOPS), st.integers(0, 60)),
        min_size=1,
        max_size=3,
    ),
    now=st.sampled_from(MOMENTS),
)
@example(makes=[(reorder, ("t2-0", STOPS[0][1]), 2)], now=BEFORE)
@example(makes=[(closed, STOPS[1], 0), (add, STOPS[0], 4)], now=BEFORE)
@example(makes=[(call, STOPS[3], 9), (ill, STOPS[0], 2)], now=NOON)
def test_what_is_free_holds_gaps_hours_and_percentile_and_what_is_not_is_said(
    makes: list[tuple[Callable[[tuple[str, str], int], Change], tuple[str, str], int]],
    now: datetime,
):
    asked = [make(key, n) for make, key, n in makes]
    plan, made = paced_plan(), None
    for one in asked:  # one after the other, as a coordinator goes
        try:
            made = plan = changed(one, plan=plan, now=now)
        except HouseError as fault:
            Words("sq").message(fault.message)
    if made is None:
        return
    is_closed = any(one.kind is ChangeKind.CLOSED for one in made.standing)
    assert faults(made, closed=is_closed) == []
    held = locked(made)
    fixed = {stop for _, stop in held}
    soon, often = too_soon(made, now), too_often(made, now)
    # Of two visits too near each other a person set one at least.
    assert {stop for stop, _ in soon} <= fixed
    free_at = {(s, at[0]) for (shift, s), at in visits(made).items() if (shift, s) not in held}
    assert not set(often) & free_at
    assert {(m.params["place"], m.params["day"]) for m in told(made, "breaks.gap", now)} | {
        (m.params["place"], m.params["day"]) for m in told(made, "breaks.rest", now)
    } == {(name(stop), day) for stop, day in soon}
    assert len(told(made, "breaks.hour", now)) == len(often)
    late = {(m.params["team"], m.params["day"]): m for m in told(made, "breaks.late", now)}
    for route in made.routes:
        shift = next(one for one in made.shifts if one.id == route.shift)
        was = next(one for one in paced_plan().routes if one.shift == route.shift)
        if shift.start <= now and (shift.end <= now or was.stops == route.stops):
            continue
        share = share_in_time(made, route, now)
        key = f"Ekipi {shift.team}", shift.start.date()
        assert (key in late) == (share < ASKED / 100 - 1e-9), (share, route.shift)
        if key in late:
            assert late[key].params["n"] == int(100 * share + 1e-9)
            if not is_closed:
                assert share_in_time(made, route, now, bare=True) < ASKED / 100


def name(stop: str) -> str:
    return f"Vend {stop.removeprefix('stop-p')}"
