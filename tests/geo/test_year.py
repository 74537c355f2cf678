"""Months by side with what they rest on; two years at equal effort, or what is missing."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from geopandas import GeoDataFrame

from data.nouns import TIRANE
from geo.risk import RiskSurface, risk_surface
from geo.year import SideSeason, YearOnYear, season, year_on_year
from tests.builders import cases, durres, places, visits

AS_OF = datetime(2026, 7, 1, tzinfo=TIRANE)


def day(month: int, n: int, year: int = 2025) -> datetime:
    return datetime(year, month, 1 + n % 28, 10 + n // 28, tzinfo=TIRANE)


def surface(found: dict[str, dict[int, int]], months: range = range(1, 13)) -> RiskSurface:
    """Return a beach and, far away, a market: ten hours a month at each, and cases by month."""
    ground = places(2, step=0.1, kind=["beach", "market"])
    at = [(place, month, i) for place in ("p000", "p001") for month in months for i in range(10)]
    seen = visits([place for place, _, _ in at], when=[day(m, i) for _, m, i in at])
    known = [(place, m, i) for place, by in found.items() for m, n in by.items() for i in range(n)]
    met = cases([place for place, _, _ in known], when=[day(m, i) for _, m, i in known])
    return risk_surface(met, seen, ground, durres(), as_of=AS_OF)


def of_side(sides: tuple[SideSeason, ...], name: str) -> pd.DataFrame:
    (side,) = (one for one in sides if one.side == name)
    return side.months.set_index("month")


SUMMER = dict.fromkeys(range(1, 13), 1) | {7: 14, 8: 14}
EVEN = dict.fromkeys(range(1, 13), 3)


def test_a_summer_on_the_coast_is_not_one_inland():
    sides = season(surface({"p000": SUMMER, "p001": EVEN}))

    assert [side.side for side in sides] == ["coast", "inland"]
    coast, inland = of_side(sides, "coast"), of_side(sides, "inland")
    assert {7, 8} <= set(sides[0].high) <= {6, 7, 8, 9}
    assert sides[1].high == ()
    assert coast.loc[7, "times"] > 2
    assert inland["times"].between(0.5, 1.7).all()


def test_each_month_says_on_how_many_cases_and_hours_it_rests():
    coast = of_side(season(surface({"p000": SUMMER, "p001": EVEN})), "coast")

    assert coast["n_cases"].to_list() == [SUMMER[m] for m in range(1, 13)]
    assert coast["hours"].to_list() == pytest.approx([10.0] * 12)
    assert (coast["low80"] <= coast["times"]).all()
    assert (coast["times"] <= coast["high80"]).all()


def test_a_month_without_a_case_has_the_interval_that_can_be_reckoned_by_hand():
    # After no meeting the posterior is exponential: its quantiles are logarithms.
    without = dict.fromkeys(range(1, 13), 3) | {2: 0}

    row = of_side(season(surface({"p000": without, "p001": EVEN})), "coast").loc[2]

    pace = row["due"] + 1.0 / row["times"]
    assert row["low80"] == pytest.approx(min(-math.log(0.9) / pace, row["times"]))
    assert row["high80"] == pytest.approx(max(-math.log(0.1) / pace, row["times"]))


def test_as_many_are_due_over_the_year_as_were_met():
    coast = of_side(season(surface({"p000": SUMMER, "p001": EVEN})), "coast")

    assert (coast["due"] * coast["times"]).sum() == pytest.approx(sum(SUMMER.values()))


def test_a_side_with_too_few_cases_says_what_is_missing():
    coast, inland = season(surface({"p000": {7: 8}, "p001": EVEN}))

    assert coast.verdict is not None
    assert dict(coast.verdict.params) == {"n": 4, "have": 8, "needed": 12}
    assert coast.months[["times", "low80", "high80"]].isna().all(axis=None)
    assert inland.verdict is None


def test_of_a_month_in_which_nobody_was_out_nothing_is_said():
    in_summer = dict.fromkeys((5, 6, 7, 8), 6)

    coast, _ = season(surface({"p000": in_summer, "p001": in_summer}, range(5, 9)))

    months = coast.months.set_index("month")
    assert months["known"].to_list() == [m in range(5, 9) for m in range(1, 13)]
    assert months.loc[[1, 2, 12], "times"].isna().all()
    assert months.loc[[6, 7], "times"].notna().all()


def test_a_municipality_without_a_coast_has_one_side():
    seen = visits(["p000"] * 12, when=[day(m, 0) for m in range(1, 13)])
    met = cases(["p000"] * 12, when=[day(m, 0) for m in range(1, 13)])

    sides = season(risk_surface(met, seen, places(1), durres(), as_of=AS_OF))

    assert [side.side for side in sides] == ["inland"]


def years(
    before: tuple[int, float], now: tuple[int, float], **more: object
) -> tuple[GeoDataFrame, pd.DataFrame]:
    """Return so many meetings in so many hours of May 2025 and of May 2026."""
    when = [day(5, i, year) for year, (n, _) in ((2025, before), (2026, now)) for i in range(n)]
    seen = [
        visits(["p000"], hours=hours, when=[datetime(year, 5, 2, tzinfo=TIRANE)]).assign(
            visit_id=[f"v{year}"]
        )
        for year, (_, hours) in ((2025, before), (2026, now))
    ]
    long_ago = visits(["p000"], hours=0.0, when=[datetime(2024, 1, 1, tzinfo=TIRANE)])
    return cases(["p000"] * len(when), when=when, **more), pd.concat([long_ago, *seen])


def compared(before: tuple[int, float], now: tuple[int, float], **more: object) -> YearOnYear:
    return year_on_year(*years(before, now, **more), AS_OF)


def test_twice_the_meetings_in_the_same_hours_are_twice_as_many():
    found = compared((10, 100.0), (10, 50.0))

    # Clopper and Pearson's table has 0.2720 to 0.7280 for 10 of 20.
    assert found.ratio == pytest.approx(2.0)
    assert found.low95 == pytest.approx(2 * 0.2720 / 0.7280, rel=1e-3)
    assert found.high95 == pytest.approx(2 * 0.7280 / 0.2720, rel=1e-3)
    assert found.years["hours"].to_list() == [100.0, 50.0]
    assert found.verdict is None


def test_more_hours_with_as_many_meetings_each_are_no_rise():
    found = compared((10, 40.0), (40, 160.0))

    assert found.ratio == pytest.approx(1.0)
    assert found.low95 < 1.0 < found.high95


@pytest.mark.parametrize(
    ("before", "now", "lacking", "n"),
    [
        ((9, 19.0), (9, 80.0), "when.few_hours", 19),
        ((9, 80.0), (9, 0.0), "when.few_hours", 0),
        ((9, 80.0), (4, 80.0), "when.few_n_meetings", 4),
        ((0, 80.0), (9, 80.0), "when.few_n_meetings", 0),
    ],
)
def test_two_years_are_not_compared_when_one_of_them_has_too_little(
    before: tuple[int, float], now: tuple[int, float], lacking: str, n: int
):
    found = compared(before, now)

    assert found.verdict is not None
    assert (found.verdict.id, found.verdict.params["n"]) == (lacking, n)
    assert np.isnan([found.ratio, found.low95, found.high95]).all()


def test_reports_are_counted_and_never_divided_by_hours():
    found = compared((9, 80.0), (16, 80.0), source=["patrol"] * 18 + ["helpline"] * 7)

    assert found.years["n_reported"].to_list() == [0, 7]
    assert found.ratio == pytest.approx(1.0)


def test_children_met_together_are_one_meeting_and_all_of_them_found():
    met, seen = years((9, 80.0), (9, 80.0))
    again = met.iloc[[9, 9]].assign(case_code=["a", "b"])

    found = year_on_year(pd.concat([met, again]), seen, AS_OF)

    assert found.years["n_meetings"].to_list() == [9, 9]
    assert found.years["n_found"].to_list() == [9, 11]


def test_only_the_months_that_both_years_have_are_compared():
    met, seen = years((9, 80.0), (9, 80.0))
    autumn = cases(["p000"], when=[datetime(2025, 10, 3, 12, tzinfo=TIRANE)])

    found = year_on_year(pd.concat([met, autumn]), seen, AS_OF)

    assert found.years["n_meetings"].to_list() == [9, 9]
    assert [span.date().isoformat() for span in found.years["last"]] == ["2025-07-01", "2026-07-01"]


def test_before_the_first_visit_was_written_down_no_year_begins():
    met, seen = years((9, 80.0), (9, 80.0))
    since_april = seen.iloc[1:]
    since_april = pd.concat(
        [visits(["p000"], when=[datetime(2025, 4, 15, 9, tzinfo=TIRANE)]), since_april]
    )

    found = year_on_year(met, since_april, AS_OF)

    assert [d.date().isoformat() for d in found.years["first"]] == ["2025-04-15", "2026-04-15"]


def test_records_of_less_than_a_year_and_a_month_are_too_new():
    met, seen = years((9, 80.0), (9, 80.0))
    late = AS_OF - timedelta(days=370)

    found = year_on_year(met, visits(["p000"], when=[late]), AS_OF)

    assert found.verdict is not None
    assert found.verdict.id == "when.year_too_new"
    assert found.verdict.params["first"] == late.date()
    assert found.years.empty
    assert len(seen)


def test_a_visit_over_new_year_counts_on_either_side_of_it():
    seen = visits(["p000"], hours=10.0, when=[datetime(2025, 12, 31, 22, tzinfo=TIRANE)])
    long_ago = visits(["p000"], hours=0.0, when=[datetime(2024, 1, 1, tzinfo=TIRANE)])

    found = year_on_year(cases([]), pd.concat([long_ago, seen]), AS_OF)

    assert found.years["hours"].to_list() == [0.0, 8.0]
