"""Before, during and after the season: rates an hour, and silence where there is too little."""

from __future__ import annotations

from datetime import datetime, timedelta

import pandas as pd
import pytest

from data.nouns import TIRANE
from data.reference.calendar import usual_entries
from patrol.before_after import EffortSettings, PeriodEffort, compare_season
from patrol.season import Season
from tests.builders import DURRES, visits

SEASON = {DURRES: Season(entries=usual_entries([2026]), coastal=True)}


def met(month: int, n: int, found: int, *, place: str = "", day: int = 2) -> pd.DataFrame:
    """Return n visits of two hours from a day on, somebody identified on the first of them."""
    first = datetime(2026, month, day, 10, tzinfo=TIRANE)
    when = [first + timedelta(hours=12 * i) for i in range(n)]
    made = visits([place or f"p{i:03d}" for i in range(n)], hours=2.0, when=when)
    return made.assign(
        visit_id=[f"{month}-{i}" for i in range(n)],
        n_identified=[int(i < found) for i in range(n)],
    )


def compared(*frames: pd.DataFrame, **limits: float) -> dict[str, PeriodEffort]:
    found = compare_season(
        pd.concat(frames, ignore_index=True),
        SEASON,
        2026,
        settings=EffortSettings(**limits),  # type: ignore[arg-type] - whole numbers are real ones too
    )
    return {one.period: one for one in found}


def test_twice_the_effort_is_not_twice_the_season():
    found = compared(met(2, 20, 8), met(7, 40, 16), met(11, 20, 8))

    assert [one.hours for one in found.values()] == [40.0, 80.0, 40.0]
    assert [one.per_10h for one in found.values()] == pytest.approx([2.0, 2.0, 2.0])
    wide, narrow = found["before"], found["during"]
    assert wide.low80 is not None
    assert narrow.low80 is not None
    assert wide.low80 < narrow.low80 < 2.0


def test_the_interval_holds_the_rate():
    for one in compared(met(2, 20, 5), met(7, 20, 15), met(11, 20, 20)).values():
        assert one.low80 is not None
        assert one.high80 is not None
        assert one.per_10h is not None
        assert one.low80 < one.per_10h < one.high80


@pytest.mark.parametrize(
    ("frame", "verdict"),
    [
        (met(2, 9, 9), "season.few_hours"),
        (met(2, 10, 4), "season.few_meetings"),
    ],
)
def test_too_little_is_said_to_be_too_little(frame: pd.DataFrame, verdict: str):
    before = compared(frame)["before"]

    assert before.verdict is not None
    assert before.verdict.id == verdict
    assert (before.per_10h, before.low80, before.high80) == (None, None, None)


def test_who_looks_at_the_country_learns_no_rate_that_one_place_makes():
    one_place = met(7, 20, 12, place="p000")

    assert compared(one_place)["during"].verdict is None
    hidden = compared(one_place, most_share=0.85)["during"]
    assert hidden.verdict is not None
    assert hidden.verdict.id == "season.one_place"


def test_the_ramps_belong_to_the_season():
    # The season ends on the 15th of September; for two weeks it falls.
    found = compared(met(9, 20, 8, day=17), met(10, 3, 1))

    assert (found["during"].n_visits, found["after"].n_visits) == (20, 3)


def test_another_year_and_another_municipality_do_not_count():
    others = met(7, 20, 8).assign(municipality="AL0302")

    assert {one.n_visits for one in compared(others).values()} == {0}
