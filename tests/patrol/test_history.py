"""What visits say of a place: when somebody was last there, and for how long in all."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from patrol.history import place_history
from tests.builders import NOON, places, visits


def history(met: pd.DataFrame, days: float = 1.0) -> pd.DataFrame:
    return place_history(places(3)["place_id"], met, NOON + timedelta(days=days))


def test_each_place_has_its_last_visit_its_hours_and_its_number_of_visits():
    met = visits(["p000", "p001", "p000"], hours=1.5)

    made = history(met, days=2.0)

    assert made.index.to_list() == ["p000", "p001", "p002"]
    assert made["hours"].to_list() == [3.0, 1.5, 0.0]
    assert made["n_visits"].to_list() == [2, 1, 0]
    assert made.loc["p000", "last_visit"] == NOON + timedelta(hours=1.5)
    assert made.loc["p000", "days_since"] == pytest.approx(2.0 - 1.5 / 24)


def test_where_nobody_was_the_last_visit_is_empty_and_not_long_ago():
    made = history(visits(["p000"]))

    assert made.loc["p002", ["last_visit", "days_since"]].isna().all()
    assert made.loc["p002", "n_visits"] == 0


def test_later_visits_are_not_looked_at():
    met = visits(["p000", "p000"], when=[NOON, NOON + timedelta(days=9)])

    assert history(met)["n_visits"].to_list() == [1, 0, 0]


def test_an_arrival_that_was_never_finished_is_no_visit():
    met = pd.concat([visits(["p000"]), visits(["p001"], hours=0.0)], ignore_index=True)

    made = history(met)

    assert made["n_visits"].to_list() == [1, 0, 0]
    assert np.isnan(made.loc["p001", "days_since"])


def test_visits_of_other_places_count_nowhere():
    assert history(visits(["elsewhere"] * 4))["n_visits"].sum() == 0


def test_without_a_visit_there_is_a_row_for_each_place():
    made = history(visits([]))

    assert len(made) == 3
    assert made["hours"].sum() == 0.0
