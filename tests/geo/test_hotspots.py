"""A place at risk stands out for its hours of presence, names its high hours, and expires."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from geopandas import GeoDataFrame

from data.frames import HOTSPOTS
from data.nouns import TIRANE
from geo.hotspots import HotspotSettings, find_hotspots
from geo.risk import risk_surface
from layers.words import LANGUAGES, Words
from tests.builders import NOON, cases, durres, places, visits

AS_OF = datetime(2026, 6, 11, tzinfo=TIRANE)
N_PLACES = 8


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 6, day, hour, tzinfo=TIRANE)


def quiet(n: int = N_PLACES, hours: float = 10.0) -> pd.DataFrame:
    """Return a visit to each place, all as long."""
    return visits([f"p{i:03d}" for i in range(n)], hours=hours, when=[at(1, 10)] * n)


def found_in(
    found: GeoDataFrame,
    met: pd.DataFrame,
    *,
    as_of: datetime = AS_OF,
    settings: HotspotSettings | None = None,
) -> GeoDataFrame:
    there = places(N_PLACES)
    surface = risk_surface(found, met, there, durres(), as_of=as_of)
    return find_hotspots(surface, there, found, met, settings=settings)


def busy(place: str, n: int = 14, *, when: Sequence[datetime] | None = None) -> GeoDataFrame:
    """Return n cases at one place on a June afternoon."""
    return cases([place] * n, when=when or [at(9, 15)] * n)


def test_a_place_with_more_cases_for_its_hours_stands_out_and_the_others_do_not():
    hotspots = found_in(busy("p003"), quiet())

    assert hotspots["place_id"].to_list() == ["p003"]
    assert hotspots["n_cases"].to_list() == [14]
    assert hotspots["name"].to_list() == ["Vend 3"]
    assert HOTSPOTS.check(hotspots) is hotspots


def test_more_cases_after_far_more_hours_are_no_sign_of_risk():
    # p000 has most cases because teams sat there for weeks; p001 has few in hardly any time.
    found = pd.concat([busy("p000", 16), busy("p001", 4)], ignore_index=True)
    found = found.assign(case_code=[f"c{i}" for i in range(len(found))])
    met = pd.concat(
        [quiet(), *(visits(["p000"], hours=90.0, when=[at(1, 0)]) for _ in range(12))],
        ignore_index=True,
    )

    hotspots = found_in(found, met)

    assert hotspots["place_id"].to_list() == ["p001"]


def test_the_surest_comes_first():
    found = pd.concat([busy("p005", 6), busy("p002", 14)], ignore_index=True)

    hotspots = found_in(found.assign(case_code=[f"c{i}" for i in range(20)]), quiet())

    assert hotspots["place_id"].to_list() == ["p002", "p005"]
    assert hotspots["p_above_median"].is_monotonic_decreasing


def test_too_few_cases_give_no_place_at_risk_however_they_lie():
    hotspots = found_in(busy("p003", 11), quiet())

    assert hotspots.empty
    assert HOTSPOTS.check(hotspots) is hotspots


def test_where_nobody_looked_no_place_is_at_risk():
    assert found_in(busy("p003", 20), quiet(3)).empty


def test_one_case_is_no_pattern_however_few_the_hours():
    scattered = cases(["p000"] * 14 + ["p007"], when=[at(9, 15)] * 15)
    short = visits(["p007"], hours=0.1, when=[at(2, 10)])
    met = pd.concat([quiet(7), short], ignore_index=True)
    unsure = HotspotSettings(min_p=0.6)

    hotspots = found_in(scattered, met, settings=unsure)
    with_one = found_in(scattered, met, settings=replace(unsure, min_cases=1))

    assert set(with_one["place_id"]) == {"p000", "p007"}
    assert set(hotspots["place_id"]) == {"p000"}


def test_high_hours_are_those_of_cases_known_to_their_hour_the_highest_rate_first():
    # Four in the afternoons for eight hours there, ten in the evenings for eighty.
    found = busy("p003", when=[at(9, 15)] * 4 + [at(9, 18)] * 10)
    met = pd.concat(
        [
            quiet(),
            visits(["p003"] * 4, hours=2.0, when=[at(d, 13) for d in (1, 2, 3, 4)]),
            visits(["p003"] * 16, hours=5.0, when=[at(1 + d % 4, 17) for d in range(16)]),
        ],
        ignore_index=True,
    )

    hotspots = found_in(found, met)

    assert hotspots["slots"].to_list() == [("weekday-afternoon", "weekday-evening")]


def test_a_case_known_to_its_day_only_makes_no_hour_a_high_one():
    by_day = busy("p003", 13).assign(hour_known=False, identified_at=at(9, 0))
    only_days = found_in(by_day, quiet())
    one_hour = by_day.copy()
    one_hour.loc[0, ["hour_known", "identified_at"]] = [True, pd.Timestamp(at(9, 18))]

    assert only_days["slots"].to_list() == [()]
    assert found_in(one_hour, quiet())["slots"].to_list() == [("weekday-evening",)]


def test_hours_that_only_others_reported_from_come_after_those_that_were_looked_at():
    # Nobody of ours was there at night: three reports, and a rate that nobody knows.
    found = busy("p003", when=[at(9, 10)] * 9 + [at(9, 23)] * 3 + [at(9, 18)] * 2)

    hotspots = found_in(found, quiet())

    assert hotspots["slots"].to_list() == [("weekday-morning", "weekday-evening", "weekday-night")]


def test_no_more_high_hours_are_named_than_wanted():
    hours = [7, 13, 18, 23]
    found = busy("p003", 16, when=[at(9, hour) for hour in hours] * 4)

    slots = found_in(found, quiet(), settings=HotspotSettings(max_slots=2))["slots"]

    assert [len(own) for own in slots] == [2]


@pytest.mark.parametrize(("days", "lives"), [(89, True), (91, False)])
def test_a_place_stops_being_at_risk_ninety_days_after_its_last_evidence(days: int, lives: bool):  # noqa: FBT001 - a row of the table
    hotspots = found_in(busy("p003"), quiet(), as_of=at(9, 15) + timedelta(days=days))

    assert (not hotspots.empty) == lives


@pytest.mark.parametrize(("outcome", "lives"), [("seen", True), ("nobody", False)])
def test_meeting_somebody_there_renews_it_and_meeting_nobody_does_not(outcome: str, lives: bool):  # noqa: FBT001 - a row of the table
    later = at(9, 15) + timedelta(days=60)
    again = visits(["p003"], hours=1.0, when=[later], outcome=outcome)
    met = pd.concat([quiet(), again], ignore_index=True)

    hotspots = found_in(busy("p003"), met, as_of=at(9, 15) + timedelta(days=100))

    assert (not hotspots.empty) == lives
    if lives:
        assert hotspots["expires"].iloc[0] == pd.Timestamp(later) + pd.Timedelta(days=90, hours=1)
        assert hotspots["last_visit"].iloc[0] == later + timedelta(hours=1)


def test_evidence_of_later_is_not_looked_at():
    later = busy("p003", when=[AS_OF + timedelta(days=1)] * 14)

    assert found_in(later, quiet()).empty


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_reason_is_a_sentence_with_its_cases_and_hours(language: str):
    sentence = Words(language).message(found_in(busy("p003"), quiet())["reason"].iloc[0])

    assert "14" in sentence
    assert "10" in sentence


def test_the_order_of_the_rows_changes_nothing():
    found = pd.concat([busy("p005", 6), busy("p002", 14)], ignore_index=True)
    found = found.assign(case_code=[f"c{i}" for i in range(20)])
    met, rng = quiet(), np.random.default_rng(2)

    shuffled = found_in(
        found.iloc[rng.permutation(len(found))], met.iloc[rng.permutation(len(met))]
    )

    pd.testing.assert_frame_equal(
        pd.DataFrame(shuffled), pd.DataFrame(found_in(found, met)), check_like=True
    )


def test_its_moments_are_those_of_tirana():
    hotspots = found_in(busy("p003", when=[NOON] * 14), quiet())

    assert str(hotspots["expires"].dtype) == "datetime64[us, Europe/Tirane]"
    assert hotspots["expires"].iloc[0] == NOON + timedelta(days=90)
