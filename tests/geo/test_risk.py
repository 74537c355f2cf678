"""Risk has effort as its denominator, says unknown where nobody looked, and sees no person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest
import shapely
from geopandas import GeoDataFrame
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.affinity import translate

from data.crs import to_metres
from data.errors import ContractError
from data.messages import Message
from data.nouns import TIRANE, Area
from data.vocabulary import AgeBand, RiskDegree, Schooling, Sector
from geo.inputs import FORBIDDEN
from geo.risk import RiskSettings, RiskSurface, risk_surface
from geo.slots import SLOT_IDS
from tests.builders import NOON, cases, durres, places, visits

AS_OF = datetime(2026, 7, 1, tzinfo=TIRANE)
RATES = ["rate_per_hour", "low80", "high80", "low95", "high95"]


def looked(hours: Mapping[str, float]) -> pd.DataFrame:
    """Return one visit for each place, as long as it says."""
    made = [visits([place], hours=h) for place, h in hours.items() if h > 0]
    return pd.concat([visits([]), *made], ignore_index=True) if made else visits([])


def surface(
    found: GeoDataFrame, hours: Mapping[str, float], n: int = 3, **more: object
) -> RiskSurface:
    return risk_surface(found, looked(hours), places(n), durres(), as_of=AS_OF, **more)


def overall(made: RiskSurface) -> pd.DataFrame:
    return made.overall.set_index("place_id")


evidence = st.lists(
    st.tuples(st.integers(0, 12), st.sampled_from([0.0, 0.05, 0.3, 1.0, 6.5, 40.0])),
    min_size=1,
    max_size=5,
)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(evidence)
def test_every_interval_contains_its_rate_and_the_wide_one_the_narrow(drawn):
    found = cases([f"p{i:03d}" for i, (n, _) in enumerate(drawn) for _ in range(n)])
    hours = {f"p{i:03d}": h for i, (_, h) in enumerate(drawn)}

    made = surface(found, hours, n=len(drawn))

    for table in (made.frame, made.by_place):
        seen = table[table["known"]]
        assert (seen["low80"] <= seen["rate_per_hour"]).all()
        assert (seen["rate_per_hour"] <= seen["high80"]).all()
        assert (seen["low95"] <= seen["low80"]).all()
        assert (seen["high80"] <= seen["high95"]).all()
        assert (seen["rate_per_hour"] > 0).all()
        assert table.loc[~table["known"], RATES].isna().all(axis=None)


def test_where_hardly_anything_is_known_the_rate_still_lies_in_its_interval():
    # One place far above the others: the prior is as wide as it gets, and slots have an eighth.
    found = cases(["p000"] * 60)

    made = surface(found, {"p000": 2.0, **{f"p{i:03d}": 30.0 for i in range(1, 8)}}, n=8)

    seen = made.by_place[made.by_place["known"]]
    assert (seen["rate_per_hour"] <= seen["high80"]).all()


@settings(max_examples=40, deadline=None, derandomize=True)
@given(evidence, st.integers(0, 4))
def test_more_hours_with_the_same_finds_lower_a_places_rate(drawn, which):
    which %= len(drawn)
    found = cases([f"p{i:03d}" for i, (n, _) in enumerate(drawn) for _ in range(n)])
    hours = {f"p{i:03d}": max(h, 0.3) for i, (_, h) in enumerate(drawn)}
    name = f"p{which:03d}"

    before = overall(surface(found, hours, n=len(drawn)))
    after = overall(surface(found, {**hours, name: 2 * hours[name]}, n=len(drawn)))

    assert after.loc[name, "rate_per_hour"] < before.loc[name, "rate_per_hour"]


def test_twice_the_hours_everywhere_halve_every_rate():
    found = cases(["p000"] * 9 + ["p001"] * 3 + ["p002"], when=[NOON] * 13)
    met = looked({"p000": 5.0, "p001": 9.0, "p002": 4.0})
    again = pd.concat([met, met], ignore_index=True)

    once, twice = (risk_surface(found, v, places(3), durres(), as_of=AS_OF) for v in (met, again))

    ratio = overall(twice)["rate_per_hour"] / overall(once)["rate_per_hour"]
    assert ratio.to_list() == pytest.approx([0.5] * 3)


def test_the_same_cases_in_more_hours_lower_the_rate_of_a_slot_too():
    found = cases(["p000"] * 9 + ["p001"] * 3, when=[NOON] * 12)

    rates = []
    for n in (1, 2, 4):
        met = visits(["p000"] * n + ["p001"], when=[NOON] * (n + 1), hours=1.0)
        made = risk_surface(found, met, places(2), durres(), as_of=AS_OF).by_place
        rates.append(made[made["known"] & (made["place_id"] == "p000")]["rate_per_hour"].item())

    assert rates == sorted(rates, reverse=True)
    assert rates[0] > 1.4 * rates[1] > 2.0 * rates[2]


def test_where_nobody_looked_the_rate_is_unknown_and_never_zero():
    made = surface(cases(["p000"] * 10 + ["p001"] * 10), {"p000": 1.0})

    assert overall(made)["known"].to_dict() == {"p000": True, "p001": False, "p002": False}
    rest = overall(made).loc[["p001", "p002"], ["rate_per_hour", "p_above_median"]]
    assert rest.isna().all(axis=None)
    unseen = made.by_place[made.by_place["place_id"] != "p000"]
    assert not unseen["known"].any()
    assert unseen[RATES].isna().all(axis=None)
    # Of the place that was visited, only the slot of the visit is known.
    assert made.by_place["known"].sum() == 1


def test_a_slot_in_which_nobody_was_met_has_a_rate_above_nothing():
    made = surface(cases(["p000"] * 12), {"p000": 5.0, "p001": 60.0})

    assert 0 < overall(made).loc["p001", "rate_per_hour"] < 0.2


def test_a_place_with_few_hours_borrows_from_the_others():
    found = cases(["p000"] * 3 + ["p001"] * 20 + ["p002"] * 20, when=[NOON] * 43)

    made = overall(surface(found, {"p000": 0.5, "p001": 60.0, "p002": 60.0}))

    assert 20 / 60 < made.loc["p000", "rate_per_hour"] < 3 / 0.5


def test_eight_in_ten_true_rates_lie_in_their_eighty_per_cent_intervals():
    names = [f"p{i:03d}" for i in range(300)]
    covered = []
    for seed in range(4):
        rng = np.random.default_rng(seed)
        truth = rng.gamma(2.0, 0.05, size=300)
        at = np.repeat(names, rng.poisson(truth * 20.0)).tolist()
        found = cases(at, when=[NOON] * len(at))
        made = surface(found, dict.fromkeys(names, 20.0), n=300).overall
        covered += list((made["low80"] <= truth) & (truth <= made["high80"]))

    assert 0.75 < np.mean(covered) < 0.85


def test_who_the_children_are_never_changes_a_score():
    rng = np.random.default_rng(8)
    found = cases(["p000"] * 9 + ["p001"] * 6)
    other = found.assign(
        **{
            column: rng.choice([str(word) for word in words], size=len(found))
            for column, words in {
                "age_band": AgeBand,
                "sector": Sector,
                "risk_degree": RiskDegree,
                "schooling": Schooling,
            }.items()
        },
        municipality_home="AL0101",
        sex="f",
        ethnicity="x",
    )
    hours = {"p000": 3.0, "p001": 8.0}

    one, same = surface(found, hours), surface(other, hours)

    assert one.frame.equals(same.frame)
    assert one.by_place.equals(same.by_place)
    assert one.overall.equals(same.overall)


@pytest.mark.parametrize("column", ["ethnicity", "Sex", "age_band", "sector", "religion", "gjuha"])
def test_what_may_never_come_near_a_score_is_refused_by_its_name(column: str):
    with pytest.raises(ContractError) as fault:
        RiskSettings(inputs=(*RiskSettings().inputs, column))

    assert fault.value.message == Message("geo.forbidden_input", {"column": column})


def test_no_column_of_a_person_is_read_by_default():
    assert not FORBIDDEN & {column.lower() for column in RiskSettings().inputs}


def test_a_column_that_is_not_allowed_is_not_read():
    with pytest.raises(KeyError):
        surface(cases(["p000"]), {"p000": 1.0}, settings=RiskSettings(inputs=("place_id",)))


@pytest.mark.parametrize(("n", "said"), [(0, True), (4, True), (11, True), (12, False)])
def test_too_few_cases_are_said_to_be_too_few(n: int, said: bool):  # noqa: FBT001 - a row of the table
    made = surface(cases(["p000"] * n), {"p000": 5.0})

    expected = Message("geo.too_few_cases", {"n": n, "needed": 12}) if said else None
    assert made.verdict == expected


def test_cases_of_no_place_here_count_nowhere():
    made = surface(cases(["p000"] * 5 + [""] * 9 + ["elsewhere"] * 9), {"p000": 5.0})

    assert made.verdict == Message("geo.too_few_cases", {"n": 5, "needed": 12})
    assert made.overall["n_cases"].sum() == 5


def test_what_happened_later_is_not_looked_at():
    day, hour = timedelta(days=1), timedelta(hours=1)
    found = cases(["p000"] * 3, when=[AS_OF - day, AS_OF, AS_OF + day])
    # The second visit has begun and is not over.
    met = visits(["p000"] * 3, hours=2.0, when=[AS_OF - day, AS_OF - hour, AS_OF + day])

    made = risk_surface(found, met, places(1), durres(), as_of=AS_OF)

    assert made.overall[["n_cases", "hours"]].iloc[0].to_list() == [1.0, 2.0]


@pytest.mark.parametrize(("day", "weekend"), [(8, 0.25), (12, 0.0), (13, 0.75), (14, 1.0)])
def test_a_case_known_to_its_day_only_is_spread_over_that_day(day: int, weekend: float):
    # The hours from midnight to six are of the night that began the day before.
    midnight = datetime(2026, 6, day, tzinfo=TIRANE)

    made = surface(cases(["p000"], when=[midnight], hour_known=False), {"p000": 1.0})

    own = made.by_place[made.by_place["place_id"] == "p000"].set_index("slot")
    slots = [slot for slot in SLOT_IDS if slot.startswith("weekend")]
    assert own["n_cases"].sum() == pytest.approx(1.0)
    assert own.loc[slots, "n_cases"].sum() == pytest.approx(weekend)
    assert (own["n_timed"] == 0).all()


def test_a_case_known_to_its_hour_counts_in_its_slot_alone():
    made = surface(cases(["p000"], when=[NOON]), {"p000": 1.0})

    own = made.by_place[made.by_place["place_id"] == "p000"].set_index("slot")
    assert own["n_timed"].to_dict() == own["n_cases"].to_dict()
    assert own.index[own["n_cases"] > 0].to_list() == ["weekday-afternoon"]


def test_a_cell_gathers_the_cases_and_the_hours_of_its_places():
    near = places(3, step=0.00001)

    made = risk_surface(
        cases(["p000"] * 7 + ["p001"] * 6),
        looked({"p000": 1.0, "p002": 2.0}),
        near,
        durres(),
        settings=RiskSettings(cell_m=5000.0),
        as_of=AS_OF,
    )

    assert len(made.frame) == len(SLOT_IDS)
    assert made.frame["n_cases"].sum() == 13
    assert made.frame["hours"].sum() == pytest.approx(3.0)


@pytest.mark.parametrize("moved", [(0.0, 0.0), (-17.9, 1.2)])
def test_a_cell_is_a_square_of_metres_also_where_albania_is_not(moved: tuple[float, float]):
    here = durres()
    area = Area(id="a", name="a", boundary=translate(here.boundary, *moved))
    own = places(3)
    own = own.set_geometry([translate(point, *moved) for point in own.geometry], crs=own.crs)

    made = risk_surface(cases([]), visits([]), own, area, as_of=AS_OF)

    assert area.metric_crs == ("EPSG:6870" if moved == (0.0, 0.0) else "EPSG:32631")
    for cell in made.frame.geometry:
        corners = to_metres(shapely.get_coordinates(cell), area.metric_crs)
        sides = np.hypot(*np.diff(corners, axis=0).T)
        assert sides == pytest.approx(np.full(4, 250.0), abs=0.01)
    assert all(made.frame.geometry.intersects(shapely.union_all(own.geometry)))


def test_the_order_of_the_rows_changes_nothing():
    found, met = cases(["p000"] * 9 + ["p001"] * 6), visits(["p000"] * 5 + ["p002"] * 4)
    rng = np.random.default_rng(1)

    one = risk_surface(found, met, places(3), durres(), as_of=AS_OF)
    other = risk_surface(
        found.iloc[rng.permutation(len(found))],
        met.iloc[rng.permutation(len(met))],
        places(3),
        durres(),
        as_of=AS_OF,
    )

    pd.testing.assert_frame_equal(one.by_place, other.by_place)
    pd.testing.assert_frame_equal(one.overall, other.overall)


def test_without_places_and_without_evidence_there_is_nothing_and_no_fault():
    made = risk_surface(cases([]), visits([]), places(0), durres(), as_of=AS_OF)

    assert (len(made.frame), len(made.by_place), len(made.overall)) == (0, 0, 0)
    assert made.verdict is not None


def test_where_teams_go_more_often_the_rate_is_no_higher():
    # Ensign et al.: equal places, half of them scheduled nine times as often.
    names = [f"p{i:03d}" for i in range(40)]
    ratios = []
    for seed in range(6):
        rng = np.random.default_rng(seed)
        often = np.where(np.arange(40) < 20, 36, 4)
        when = [AS_OF - timedelta(days=1 + i % 200, hours=5) for i in range(int(often.sum()))]
        at = np.repeat(names, often)
        found = rng.poisson(0.3, len(at))
        met = visits(at.tolist(), when=when)
        moments = [w for w, k in zip(when, found, strict=True) for _ in range(k)]
        made = risk_surface(
            cases(np.repeat(at, found).tolist(), when=moments),
            met,
            places(40),
            durres(),
            as_of=AS_OF,
        )
        rate = made.overall["rate_per_hour"].to_numpy()
        ratios.append(rate[:20].mean() / rate[20:].mean())

    assert np.mean(ratios) == pytest.approx(1.0, abs=0.1)


def test_a_report_is_not_held_against_the_hours_of_those_who_did_not_make_it():
    # As many reports from each of two places, one of which no team ever visits.
    at = ["p000"] * 8 + ["p001"] * 8 + ["p002"] * 2
    when = [AS_OF - timedelta(days=10 + 9 * i) for i in range(18)]
    told = cases(at, when=when, source="helpline")

    made = overall(surface(told, {"p000": 3.0, "p002": 3.0}))

    assert np.isnan(made.loc["p001", "rate_per_hour"])
    expected = made["expected_per_hour"]
    assert expected["p001"] > 1.5 * expected["p002"]
    assert expected["p001"] == pytest.approx(expected["p000"], rel=0.2)


def test_where_nobody_looked_a_plan_still_knows_what_to_expect_and_never_nothing():
    made = overall(surface(cases(["p000"] * 12, when=[NOON] * 12), {"p000": 6.0}))

    assert (made["expected_per_hour"] > 0).all()
    assert made.loc["p002", ["rate_per_hour", "low80", "p_above_median"]].isna().all()


def test_a_place_among_busy_neighbours_borrows_from_them():
    # Two knots of places, far apart; one place of each has hardly been looked at.
    own = places(12)
    lon = [19.45 + 0.0015 * i for i in range(6)] + [19.60 + 0.0015 * i for i in range(6)]
    own = own.set_geometry(shapely.points(lon, 41.32), crs=own.crs)
    busy = [f"p{i:03d}" for i in range(5)]
    found = cases([p for p in busy for _ in range(6)], when=[NOON] * 30)
    hours = {f"p{i:03d}": 0.2 if i in {5, 11} else 10.0 for i in range(12)}

    made = overall(risk_surface(found, looked(hours), own, durres(), as_of=AS_OF))

    assert made.loc["p005", "rate_per_hour"] > 1.5 * made.loc["p011", "rate_per_hour"]


def test_a_municipality_with_hardly_any_hours_borrows_from_its_county():
    found, hours = cases(["p000"], when=[NOON]), {"p000": 1.0, "p001": 1.0}

    alone, low, high = (
        overall(surface(found, hours, county_per_hour=rate))["rate_per_hour"].dropna()
        for rate in (None, 0.01, 2.0)
    )

    assert (low < alone).all()
    assert (alone < high).all()


def test_rates_are_of_the_month_in_which_they_are_asked_for():
    rng = np.random.default_rng(1)
    begun = AS_OF - timedelta(days=365)
    when = [begun + timedelta(days=i // 2, hours=12) for i in range(700)]
    at = [f"p{i % 3:03d}" for i in range(700)]
    summer = np.array([5 <= moment.month <= 9 for moment in when])
    found = rng.poisson(np.where(summer, 0.9, 0.1))
    moments = [w for w, k in zip(when, found, strict=True) for _ in range(k)]
    told = cases(np.repeat(at, found).tolist(), when=moments)

    july, january = (
        risk_surface(told, visits(at, when=when), places(3), durres(), as_of=moment).overall
        for moment in (AS_OF, AS_OF - timedelta(days=170))
    )

    assert (july["rate_per_hour"] > 2.0 * january["rate_per_hour"]).all()
    assert (july["season"] > 1.0).all()


def test_every_slot_and_place_says_how_probably_it_is_above_the_median():
    made = surface(cases(["p000"] * 9 + ["p001"] * 3, when=[NOON] * 12), {"p000": 4.0, "p001": 8.0})

    for table in (made.frame, made.by_place, made.overall):
        seen = table[table["known"]]
        assert seen["p_above_median"].between(0.0, 1.0).all()
    above = overall(made)["p_above_median"]
    assert above["p000"] > 0.5 > above["p001"]


def test_cases_an_hour_apart_over_the_night_of_the_changed_clock_are_no_fault():
    when = [datetime(2025, 10, 26, 0, 30, tzinfo=TIRANE) + timedelta(hours=i) for i in range(5)]

    assert surface(cases(["p000"] * 5, when=when), {"p000": 2.0}).overall["n_cases"].sum() == 5


@pytest.mark.parametrize("column", ["poverty", "settlement_type", "mbiemri", "Kombësia", "home"])
def test_stand_ins_for_what_is_forbidden_are_refused_too(column: str):
    with pytest.raises(ContractError) as fault:
        RiskSettings(inputs=(column,))

    assert fault.value.message.id == "geo.forbidden_input"


def test_a_column_that_nobody_reviewed_is_refused_by_its_name():
    with pytest.raises(ContractError) as fault:
        RiskSettings(inputs=("place_id", "luminosity"))

    assert fault.value.message == Message("geo.unknown_input", {"column": "luminosity"})
