"""Finds and presence are told apart by who, when and where, and nothing is lost in the cutting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.nouns import TIRANE
from data.vocabulary import Source
from geo.effort import Ledger, make_ledger, team_rate
from tests.builders import NOON, cases, visits

AS_OF = datetime(2026, 7, 1, tzinfo=TIRANE)
IDS = pd.Series(["p000", "p001", "p002"])


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=TIRANE)  # type: ignore[arg-type,misc]


def by_day(*days: datetime) -> Ledger:
    found = cases(["p000"] * len(days), when=list(days), hour_known=False)
    return make_ledger(found, visits([]), IDS, AS_OF)


def ledger(
    found: Sequence[str], when: Sequence[datetime], met: pd.DataFrame, **columns: object
) -> Ledger:
    return make_ledger(cases(list(found), when=list(when), **columns), met, IDS, AS_OF)


def test_a_case_known_to_its_hour_is_one_row_in_that_hour():
    made = ledger(["p001"], [NOON], visits([]))

    assert (made.case_place.tolist(), made.case_share.tolist()) == ([1], [1.0])
    assert made.case_hour.tolist() == [2 * 24 + 15]  # a Wednesday, three o'clock
    assert made.case_month.tolist() == [5]


def test_a_case_known_to_its_day_is_spread_evenly_over_its_hours():
    made = by_day(at(2026, 6, 10))

    assert sorted(made.case_hour) == list(range(48, 72))
    assert made.case_share == pytest.approx(np.full(24, 1 / 24))
    assert not made.case_timed.any()


@pytest.mark.parametrize(
    ("day", "hours"), [(at(2026, 3, 29), 23), (at(2025, 10, 26), 25), (at(2026, 6, 6), 24)]
)
def test_also_on_the_days_when_the_clock_is_changed_it_stays_one_case(day: datetime, hours: int):
    made = by_day(day)

    assert made.case_share.sum() == pytest.approx(1.0)
    assert len(made.case_share) == hours


MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2026, 6, 30), timezones=st.just(TIRANE))  # noqa: DTZ001 - hypothesis adds the zone


@settings(max_examples=50, deadline=None, derandomize=True)
@given(st.lists(st.tuples(MOMENTS, st.booleans()), min_size=1, max_size=6))
def test_no_case_is_lost_or_doubled_however_it_is_known(drawn):
    found = cases(["p002"] * len(drawn), when=[moment for moment, _ in drawn])
    found = found.assign(hour_known=[known for _, known in drawn])

    made = make_ledger(found, visits([]), IDS, AS_OF)

    assert made.found.tolist() == pytest.approx([0.0, 0.0, len(drawn)])
    assert made.case_meeting.sum() <= len(drawn) + 1e-9


def test_children_met_together_are_one_meeting():
    made = ledger(
        ["p000"] * 3 + ["p001"], [NOON, NOON + timedelta(minutes=9), NOON, NOON], visits([])
    )

    assert made.case_share.tolist() == [1.0] * 4
    assert made.case_meeting == pytest.approx([1 / 3, 1 / 3, 1 / 3, 1.0])


def test_what_teams_find_and_what_others_report_are_told_apart():
    words = [str(source) for source in Source]
    made = ledger(["p000"] * len(words), [NOON] * len(words), visits([]), source=words)

    assert made.case_reported.tolist() == [source is not Source.PATROL for source in Source]
    assert made.reported == len(words) - 1


def test_presence_is_cut_by_hour_and_month_and_its_hours_are_kept():
    met = visits(["p001"], when=[at(2026, 5, 31, 22, 30)], hours=3.0)

    made = ledger([], [], met)

    assert made.hours.tolist() == [0.0, 3.0, 0.0]
    assert made.seen_h.tolist() == [0.5, 1.0, 1.0, 0.5]
    assert made.seen_hour.tolist() == [166, 167, 0, 1]  # over midnight from Sunday to Monday
    assert made.seen_month.tolist() == [4, 4, 5, 5]


def test_old_finds_of_teams_are_set_against_the_hours_of_before_the_records():
    # Four weeks of records with eight hours at one place; the first find is six weeks older.
    begun = AS_OF - timedelta(weeks=4)
    met = visits(["p000"] * 8, when=[begun] * 8, hours=1.0)

    made = ledger(["p000"], [begun - timedelta(weeks=6)], met)

    usual = 8.0 / 3.0 / 4.0
    weekly = (np.array([8.0, 0.0, 0.0]) + 4.0 * usual) / (4.0 + 4.0)
    assert made.before_month.sum() == pytest.approx(6.0)
    assert made.unrecorded() == pytest.approx(6.0 * weekly)


def test_reports_older_than_the_records_make_no_unrecorded_hours():
    begun = AS_OF - timedelta(weeks=4)
    met = visits(["p000"], when=[begun])

    made = ledger(["p000"], [begun - timedelta(weeks=6)], met, source="police")

    assert made.unrecorded().tolist() == [0.0, 0.0, 0.0]
    assert made.reported_month.sum() == pytest.approx(10.0)


def test_what_lies_elsewhere_or_later_counts_nowhere():
    day = timedelta(days=1)
    met = visits(["p000", "elsewhere", "p000"], when=[AS_OF + day, NOON, NOON])

    made = ledger(["p000", "elsewhere"], [AS_OF + day, NOON], met)

    assert made.found.sum() == 0
    assert made.hours.tolist() == [1.0, 0.0, 0.0]


def test_what_teams_find_an_hour_leaves_reports_out_and_needs_hours():
    met = visits(["p000"] * 60, when=[NOON] * 60, hours=1.0)
    told = ["patrol"] * 6 + ["police"] * 20

    made = ledger(["p000"] * 26, [NOON] * 26, met, source=told)

    assert team_rate(made) == pytest.approx(6.0 / 60.0)
    assert team_rate(ledger([], [], met)) == pytest.approx(0.5 / 60.0)
    assert team_rate(ledger([], [], met.iloc[:40])) is None


def test_a_case_known_to_a_span_is_spread_evenly_over_it():
    found = cases(["p000"], when=[at(2026, 6, 29, 18)], hour_known=False)
    found = found.assign(identified_until=pd.Timestamp(at(2026, 6, 30, 6)))

    made = make_ledger(found, visits([]), IDS, AS_OF)

    assert made.case_hour.tolist() == list(range(18, 30))  # from Monday evening to Tuesday morning
    assert made.case_share == pytest.approx(np.full(12, 1 / 12))
    assert not made.case_timed.any()
