"""What was set by hand in a round, turned into changes: none stands in another one's way."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time

from data.changes import Change
from data.nouns import TIRANE
from data.vocabulary import ChangeKind
from desk.edits import Row, ahead_of, edits_of, is_locked, open_shifts
from tests.changes import BEFORE, WEEK, order, small_plan

ROUND = order(small_plan(), "t2-0")
AT = datetime.combine(WEEK.monday, time(13, 30), TIRANE)


def rows(**changed: Row) -> list[Row]:
    usual = {
        stop: Row(stop=stop, position=i, shift="t2-0", locked=False)
        for i, stop in enumerate(ROUND, start=1)
    }
    return [changed.get(stop.removeprefix("stop-"), row) for stop, row in usual.items()]


def row(n: int, **more: object) -> Row:
    return replace(Row(stop=ROUND[n], position=n + 1, shift="t2-0", locked=False), **more)


def told(changes: tuple[Change, ...]) -> list[tuple[str, str]]:
    return [(str(one.kind), one.stop) for one in changes]


def asked(*some: Row) -> tuple[Change, ...]:
    by_stop = {one.stop.removeprefix("stop-"): one for one in some}
    return edits_of(small_plan(), {"t2-0": rows(**by_stop)})


def test_an_untouched_table_asks_for_nothing():
    assert asked() == ()


def test_what_is_taken_out_is_neither_moved_nor_locked():
    assert told(asked(row(0, out=True, locked=True, shift="t1-2", at=AT))) == [("drop", ROUND[0])]


def test_a_time_locks_by_itself():
    assert told(asked(row(1, at=AT, locked=True))) == [("time", ROUND[1])]


def test_another_position_is_a_new_order_of_the_whole_round():
    first_to_third = asked(row(0, position=3), row(1, position=1), row(2, position=2))
    third_to_first = asked(row(0, position=2), row(1, position=3), row(2, position=1))

    assert first_to_third[0].order == (ROUND[1], ROUND[2], ROUND[0], *ROUND[3:])
    assert third_to_first[0].order == (ROUND[2], ROUND[0], ROUND[1], *ROUND[3:])
    assert told(first_to_third) == [("reorder", "")]


def test_locks_are_given_free_first_and_taken_last():
    plan = replace(
        small_plan(), standing=(Change(kind=ChangeKind.LOCK, shift="t2-0", stop=ROUND[0]),)
    )
    table = rows(**{ROUND[1].removeprefix("stop-"): row(1, locked=True)})

    assert told(edits_of(plan, {"t2-0": table})) == [("unlock", ROUND[0]), ("lock", ROUND[1])]
    assert is_locked(plan, "t2-0", ROUND[0])


def test_another_round_is_a_move_at_a_time_where_one_was_asked_for():
    (change,) = asked(row(3, shift="t1-2"))
    (timed,) = asked(row(3, shift="t1-0", at=AT))

    assert (change.kind, change.stop, change.to_shift) == (ChangeKind.MOVE, ROUND[3], "t1-2")
    assert change.at is None
    assert (timed.kind, timed.to_shift, timed.at) == (ChangeKind.MOVE, "t1-0", AT)


def test_several_rounds_are_changed_in_one_breath_and_what_is_free_comes_first():
    locked = Change(kind=ChangeKind.LOCK, shift="t2-0", stop=ROUND[0])
    plan = replace(small_plan(), standing=(locked,))
    other = order(plan, "t1-0")
    taken_out = Row(stop=other[0], position=1, shift="t1-0", locked=False, out=True)

    found = edits_of(plan, {"t1-0": [taken_out], "t2-0": [row(0), row(1, locked=True)]})

    assert told(found) == [("unlock", ROUND[0]), ("drop", other[0]), ("lock", ROUND[1])]


def test_only_what_has_not_begun_can_be_edited():
    noon = datetime.combine(WEEK.monday, time(12, 10), TIRANE)

    assert [met.stop.id for met in ahead_of(small_plan(), "t2-0", noon)] == ROUND[1:]
    assert [one.id for one in open_shifts(small_plan(), BEFORE)] == ["t1-0", "t2-0", "t1-2"]
    evening = datetime.combine(WEEK.monday, time(20), TIRANE)
    assert [one.id for one in open_shifts(small_plan(), evening)] == ["t1-2"]
