"""A changed plan holds rhythm, hours and percentile where it may choose, else it says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta

from hypothesis import HealthCheck, event, given, settings
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
            event("late")
            assert late[key].params["n"] == int(100 * share + 1e-9)
            if not is_closed:
                assert share_in_time(made, route, now, bare=True) < ASKED / 100


def name(stop: str) -> str:
    return f"Vend {stop.removeprefix('stop-p')}"
