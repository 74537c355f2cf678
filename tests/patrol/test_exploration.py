"""What a week explores is its share of the week, drawn with a seed, the longest unlooked first."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from patrol.exploration import Draft, explored_places, lifted

ONE_EACH = Draft(minutes=0.0)


def drawn(
    history: pd.DataFrame, budget: float, *, draft: Draft = ONE_EACH, seed: int = 1
) -> dict[str, int]:
    rng = np.random.default_rng(seed)
    return explored_places(history, draft, budget, interval_days=28, rng=rng)


@st.composite
def weeks(draw: st.DrawFn) -> tuple[pd.DataFrame, Draft]:
    """Return places some of which nobody saw, and what a draft of their rounds may be."""
    n = draw(st.integers(1, 30))
    days = st.one_of(st.just(np.nan), st.floats(0.0, 400.0))
    ids = [f"p{i:03d}" for i in range(n)]
    history = pd.DataFrame(
        {
            "days_since": draw(st.lists(days, min_size=n, max_size=n)),
            "hours": draw(st.lists(st.floats(0.0, 300.0), min_size=n, max_size=n)),
        },
        index=ids,
    ).astype("float64")
    often = draw(st.lists(st.integers(0, 3), min_size=n, max_size=n))
    away = draw(st.sets(st.sampled_from(ids)))
    visits = dict(zip(ids, often, strict=True))
    return history, Draft(minutes=30.0 * sum(often), visits=visits, unreached=frozenset(away))


@given(weeks(), st.floats(0.01, 40.0), st.integers(0, 2**31 - 1))
def test_the_draw_fills_its_share_to_half_a_places_visits_unless_places_run_out(
    week: tuple[pd.DataFrame, Draft], budget: float, seed: int
):
    history, draft = week
    reached = set(history.index) - draft.unreached

    explored = drawn(history, budget, draft=draft, seed=seed)

    assert set(explored) <= reached
    assert all(n == max(draft.visits[place], 1) for place, n in explored.items())
    total = sum(explored.values())
    if total > budget + 1.5:
        assert len(explored) == 1, "one is drawn however small the budget"
    if total < budget - 1.5:
        assert set(explored) == reached
    assert bool(explored) == bool(reached)


@given(weeks(), st.floats(0.01, 40.0), st.integers(0, 2**31 - 1))
def test_nobody_is_drawn_before_a_place_that_was_unlooked_for_longer_than_the_interval(
    week: tuple[pd.DataFrame, Draft], budget: float, seed: int
):
    history, draft = week

    explored = drawn(history, budget, draft=draft, seed=seed)

    days = history["days_since"].fillna(np.inf)
    late = days.where(days > 28, 0.0).drop(list(draft.unreached))
    passed_over = late.drop(list(explored))
    if explored and len(passed_over):
        assert late[list(explored)].min() >= passed_over.max()


@given(weeks(), st.floats(0.01, 40.0), st.integers(0, 2**31 - 1))
def test_the_same_seed_draws_the_same_places(
    week: tuple[pd.DataFrame, Draft], budget: float, seed: int
):
    history, draft = week

    assert drawn(history, budget, draft=draft, seed=seed) == drawn(
        history, budget, draft=draft, seed=seed
    )


def test_without_a_budget_nothing_is_drawn():
    history = pd.DataFrame({"days_since": np.nan, "hours": 0.0}, index=["p000", "p001"])

    assert drawn(history, 0.0) == {}
    assert drawn(history.iloc[:0], 3.0) == {}


def test_few_hours_are_drawn_more_often_among_what_is_not_late():
    hours = np.repeat([1.0, 9.0], 10)
    history = pd.DataFrame({"days_since": 5.0, "hours": hours}, index=range(20))

    places = [int(place) for seed in range(300) for place in drawn(history, 1, seed=seed)]

    # One by one the draw is in proportion to 1 / (a quarter of an hour and the hours).
    few = sum(place < 10 for place in places) / len(places)
    assert few == pytest.approx((1 / 1.25) / (1 / 1.25 + 1 / 9.25), abs=0.06)


def test_those_drawn_are_worth_as_much_as_the_best_and_the_others_what_they_were():
    prizes = np.array([0.1, 0.7, 0.3, 0.2])
    explored = np.array([True, False, False, True])

    assert lifted(prizes, explored).tolist() == [0.7, 0.7, 0.3, 0.7]


def test_without_a_place_nothing_is_lifted():
    assert len(lifted(np.empty(0), np.empty(0, dtype=bool))) == 0
