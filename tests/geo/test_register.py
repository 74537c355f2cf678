"""What people decided on places, laid over what the model proposes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from geopandas import GeoDataFrame
from hypothesis import given, settings
from hypothesis import strategies as st

from data.frames import CASES, HOTSPOTS, VISITS
from data.nouns import TIRANE, Decision
from data.vocabulary import EvidenceKind, HotspotState, RegisterState
from geo.hotspots import find_hotspots
from geo.register import (
    counting_hotspots,
    expiry,
    last_signs,
    merge_places,
    merged_roots,
    standings,
)
from geo.risk import risk_surface
from tests.builders import DURRES, NOON, cases, durres, places, visits

NOW = NOON + timedelta(days=1)
#: The model proposes p000: sixteen cases in ten hours; it knows p001 to p003 as quiet.
FOUND = cases(["p000"] * 16 + ["p001"])
LOOKED = visits(["p000", "p001", "p002", "p003"] * 10)
KNOWN = places(6)


def decision(place: str, state: str = "confirmed", *, days_ago: float = 1, **more: Any) -> Decision:
    decided = NOW - timedelta(days=days_ago)
    merged = state == RegisterState.MERGED
    usual: dict[str, Any] = {
        "place_id": place,
        "municipality": DURRES,
        "state": RegisterState(state),
        "evidence": EvidenceKind.RESIDENTS,
        "decided_at": decided,
        "decided_by": "mira",
        "expires_at": None if merged else expiry(decided),
    }
    return Decision(**{**usual, **more})


def counting(
    *decisions: Decision,
    found: GeoDataFrame = FOUND,
    looked: pd.DataFrame = LOOKED,
    known: GeoDataFrame = KNOWN,
    as_of: datetime = NOW,
) -> GeoDataFrame:
    roots = merged_roots(decisions, set(known["place_id"]))
    there, found, looked = merge_places(known, found, looked, roots)
    surface = risk_surface(found, looked, there, durres(), as_of=as_of)
    proposed = find_hotspots(surface, there, found, looked)
    return counting_hotspots(proposed, decisions, surface, there, found, looked)


def standing(
    *decisions: Decision,
    proposed: Sequence[str] = (),
    found: pd.DataFrame | None = None,
    looked: pd.DataFrame | None = None,
    known: GeoDataFrame = KNOWN,
    as_of: datetime = NOW,
) -> dict[str, str]:
    found = CASES.empty() if found is None else found
    signs = last_signs(found, VISITS.empty() if looked is None else looked, as_of).to_dict()
    return dict(standings(proposed, decisions, known, signs, as_of=as_of))


def row(hotspots: GeoDataFrame, place: str) -> Any:
    return hotspots.set_index("place_id").loc[place]


# Without and with decisions


def test_without_a_decision_the_places_at_risk_are_those_that_the_model_proposes():
    hotspots = counting()

    assert hotspots["place_id"].tolist() == ["p000"]
    assert hotspots["reason"].iloc[0].id == "geo.hotspot_reason"


def test_a_confirmed_place_counts_where_the_model_proposes_none_and_without_any_case():
    hotspots = counting(decision("p004"), found=CASES.empty(), looked=VISITS.empty())

    assert HOTSPOTS.check(hotspots) is hotspots
    assert hotspots["place_id"].tolist() == ["p004"]
    assert (row(hotspots, "p004")["n_cases"], row(hotspots, "p004")["hours"]) == (0, 0.0)


def test_where_nobody_looked_the_rates_of_a_confirmed_place_are_unknown_and_never_zero():
    hotspots = counting(decision("p005"))

    rates = row(hotspots, "p005")[["rate_per_hour", "low80", "high80", "p_above_median"]]
    assert rates.isna().all()
    assert pd.isna(row(hotspots, "p005")["last_visit"])


def test_where_somebody_looked_a_confirmed_place_has_the_rate_that_is_known():
    hotspots = counting(decision("p001"))

    known = row(hotspots, "p001")
    assert 0 < known["low80"] < known["rate_per_hour"] < known["high80"]
    assert known["last_visit"] == LOOKED[LOOKED["place_id"] == "p001"]["ended_at"].max()


def test_with_too_few_cases_to_say_a_confirmed_place_counts_and_its_rate_stays_unknown():
    hotspots = counting(decision("p001"), found=cases(["p001"] * 3))

    assert hotspots["place_id"].tolist() == ["p001"]
    assert np.isnan(row(hotspots, "p001")["rate_per_hour"])


def test_a_place_without_a_case_speaks_of_none_and_says_who_knows_of_it():
    reason = row(counting(decision("p004")), "p004")["reason"]

    assert reason.id == "geo.confirmed_no_case"
    assert dict(reason.params) == {"day": NOON.date(), "evidence": "@word.evidence.residents"}


def test_a_place_with_a_case_says_how_many():
    reason = row(counting(decision("p001")), "p001")["reason"]

    assert reason.id == "geo.confirmed_reason"
    assert (reason.params["n"], reason.params["hours"]) == (1, 10.0)


def test_the_hours_that_a_person_names_stand_before_those_of_the_model():
    night = ("weekend-night",)

    proposed, named = counting(), counting(decision("p000", slots=night))

    assert row(proposed, "p000")["slots"] == ("weekday-afternoon", "weekend-afternoon")
    assert row(named, "p000")["slots"] == night
    assert row(counting(decision("p000")), "p000")["slots"] == row(proposed, "p000")["slots"]
    assert row(counting(decision("p001")), "p001")["slots"] == ("weekday-afternoon",)
    assert row(counting(decision("p004")), "p004")["slots"] == ()


def test_a_confirmation_says_when_it_ends_and_the_place_the_model_added_keeps_its_own_end():
    one = decision("p001", days_ago=30)

    hotspots = counting(one)

    assert row(hotspots, "p001")["expires"] == one.expires_at
    assert row(hotspots, "p000")["expires"] == row(counting(), "p000")["expires"]


# Ends


@pytest.mark.parametrize(
    ("days_ago", "state"),
    [
        (0, HotspotState.CONFIRMED),
        (75.9, HotspotState.CONFIRMED),
        (76, HotspotState.DUE),
        (89.9, HotspotState.DUE),
        (90, HotspotState.EXPIRED),
    ],
)
def test_a_confirmation_is_due_fourteen_days_before_it_ends_after_ninety(
    days_ago: float, state: HotspotState
):
    assert standing(decision("p004", days_ago=days_ago)) == {"p004": state}


def test_an_expired_confirmation_counts_no_longer():
    assert counting(decision("p004", days_ago=91))["place_id"].tolist() == ["p000"]


def test_an_expired_place_that_the_model_proposes_is_a_proposal_again():
    old = decision("p000", days_ago=91)

    assert standing(old, proposed=["p000"]) == {"p000": HotspotState.PROPOSED}
    assert counting(old)["place_id"].tolist() == ["p000"]


def test_ninety_days_end_at_the_same_hour_whether_the_clock_was_changed_or_not():
    winter = datetime(2026, 1, 10, 15, tzinfo=TIRANE)

    assert expiry(winter) == datetime(2026, 4, 10, 15, tzinfo=TIRANE)


# Seasons

SUMMER = places(6, awake_from=6, awake_to=9)


def test_out_of_season_a_confirmed_place_sleeps_instead_of_expiring():
    autumn = datetime(2026, 12, 1, 12, tzinfo=TIRANE)
    one = decision("p004", decided_at=datetime(2026, 6, 2, tzinfo=TIRANE))

    assert standing(one, known=SUMMER, as_of=autumn) == {"p004": HotspotState.ASLEEP}
    assert counting(one, known=SUMMER, as_of=autumn).empty


def test_days_asleep_are_not_counted():
    late = datetime(2026, 8, 17, 12, tzinfo=TIRANE)  # 44 days of its season are left

    end = expiry(late, (6, 9))

    # The 46 days that are missing run from the first of June.
    assert end == datetime(2027, 7, 16, 12, tzinfo=TIRANE)


def test_a_season_may_go_over_the_new_year():
    end = expiry(datetime(2026, 2, 10, tzinfo=TIRANE), (11, 2))

    assert end == datetime(2027, 1, 11, tzinfo=TIRANE)


def test_a_place_wakes_up_as_it_fell_asleep():
    late = datetime(2026, 8, 17, 12, tzinfo=TIRANE)
    one = decision("p004", decided_at=late, expires_at=expiry(late, (6, 9)))
    june, july = (datetime(2027, month, 5, tzinfo=TIRANE) for month in (6, 7))

    assert standing(one, known=SUMMER, as_of=june) == {"p004": HotspotState.CONFIRMED}
    assert standing(one, known=SUMMER, as_of=july) == {"p004": HotspotState.DUE}


# Refusals


def test_a_refused_place_does_not_count_however_much_the_model_proposes_it():
    refused = decision("p000", "refused")

    assert counting(refused, found=FOUND[FOUND["identified_at"] < NOON]).empty


def test_a_refusal_lapses_after_ninety_days():
    old = decision("p000", "refused", days_ago=90)

    assert standing(old, proposed=["p000"]) == {"p000": HotspotState.PROPOSED}
    assert standing(old) == {}
    assert standing(replace(old, expires_at=NOW + timedelta(hours=1)), proposed=["p000"]) == {
        "p000": HotspotState.REFUSED
    }


def test_a_case_after_the_refusal_ends_it_and_one_before_does_not():
    refused = decision("p000", "refused", days_ago=5)

    before = cases(["p000"], when=[NOW - timedelta(days=6)])
    after = cases(["p000"], when=[NOW - timedelta(days=4)])

    assert standing(refused, proposed=["p000"], found=before)["p000"] == HotspotState.REFUSED
    assert standing(refused, proposed=["p000"], found=after)["p000"] == HotspotState.PROPOSED


@pytest.mark.parametrize(
    ("outcome", "state"), [("nobody", HotspotState.REFUSED), ("spoken", HotspotState.PROPOSED)]
)
def test_a_visit_after_the_refusal_ends_it_if_somebody_was_met(outcome: str, state: HotspotState):
    refused = decision("p000", "refused", days_ago=5)
    met = visits(["p000"], when=[NOW - timedelta(days=2)], outcome=outcome)

    assert standing(refused, proposed=["p000"], looked=met) == {"p000": state}


def test_what_happens_later_is_not_looked_at():
    refused = decision("p000", "refused", days_ago=5)
    tomorrow = cases(["p000"], when=[NOW + timedelta(days=1)])

    assert standing(refused, proposed=["p000"], found=tomorrow)["p000"] == HotspotState.REFUSED


# Merges


def test_a_merged_place_counts_with_the_one_it_was_merged_into():
    merged = decision("p001", "merged", merged_into="p000")

    alone, together = row(counting(), "p000"), row(counting(merged), "p000")

    assert (alone["n_cases"], together["n_cases"]) == (16, 17)
    assert (alone["hours"], together["hours"]) == (10.0, 20.0)
    assert together["rate_per_hour"] < alone["rate_per_hour"]


def test_cases_and_visits_follow_a_place_that_was_merged_twice():
    chain = [
        decision("p001", "merged", merged_into="p002"),
        decision("p002", "merged", merged_into="p003"),
    ]

    roots = merged_roots(chain, set(KNOWN["place_id"]))
    there, found, looked = merge_places(KNOWN, FOUND, LOOKED, roots)
    assert roots == {"p001": "p003", "p002": "p003"}

    assert there["place_id"].tolist() == ["p000", "p003", "p004", "p005"]
    assert found["place_id"].value_counts().to_dict() == {"p000": 16, "p003": 1}
    assert looked["place_id"].value_counts().to_dict() == {"p003": 30, "p000": 10}


def test_places_merged_in_a_ring_or_into_one_that_is_gone_stay_by_themselves():
    ring = [
        decision("p001", "merged", merged_into="p002"),
        decision("p002", "merged", merged_into="p001"),
        decision("p003", "merged", merged_into="gone"),
    ]

    roots = merged_roots(ring, set(KNOWN["place_id"]))
    there, found, looked = merge_places(KNOWN, FOUND, LOOKED, roots)

    assert there is KNOWN
    assert found is FOUND
    assert looked is LOOKED


# Whatever is decided


decided = st.lists(
    st.builds(
        decision,
        place=st.sampled_from([*KNOWN["place_id"], "elsewhere"]),
        state=st.sampled_from(["confirmed", "refused"]),
        days_ago=st.floats(0, 200),
    ),
    max_size=6,
    unique_by=lambda one: one.place_id,
)


@settings(deadline=None, max_examples=40)
@given(decisions=decided)
def test_whatever_is_decided_each_place_counts_once_and_none_speaks_of_cases_it_has_not(
    decisions: list[Decision],
):
    hotspots = counting(*decisions)

    assert HOTSPOTS.check(hotspots) is hotspots
    assert hotspots["place_id"].is_unique
    assert set(hotspots["place_id"]) <= set(KNOWN["place_id"])
    for one in hotspots.itertuples():
        assert one.reason.params.get("n", 0) == one.n_cases
        assert one.expires > pd.Timestamp(NOW)
        assert one.hours > 0 or np.isnan(one.rate_per_hour)
