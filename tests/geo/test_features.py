"""An expert's factors come first; cases of other places correct them, and each effect is shown."""

from __future__ import annotations

import numpy as np
import pytest

from data.vocabulary import PlaceKind
from geo.features import FEATURES, design, learn_features
from geo.slots import SLOT_IDS

KINDS = [feature.kind for feature in FEATURES]


def scene(seed: int, places: int, per_place: float, **factors: float):
    """Return places of market, junction or square, and their finds under known factors."""
    rng = np.random.default_rng(seed)
    kinds = rng.choice(["market", "junction", "square"], places).astype(object)
    xy_m = np.column_stack([np.arange(places) * 5000.0, np.zeros(places)])
    due = np.full((places, len(SLOT_IDS)), per_place / len(SLOT_IDS))
    truth = np.array([factors.get(kind, 1.0) for kind in kinds])
    return design(kinds, xy_m), rng.poisson(due * truth[:, None]).astype(float), due, kinds


def test_with_few_cases_the_experts_guess_stands_and_says_so():
    has, n, due, kinds = scene(1, 30, 0.3)

    layer = learn_features(has, n, due)

    assert n.sum() < 30
    assert not any(effect.learned for effect in layer.effects)
    assert layer.factor[kinds == "market", 0] == pytest.approx(1.3)
    assert layer.factor[kinds == "square", 0] == pytest.approx(1.0)


def test_many_cases_correct_the_expert():
    has, n, due, _ = scene(2, 400, 4.0, market=3.0, junction=0.5)

    effects = {effect.kind: effect for effect in learn_features(has, n, due).effects}

    assert effects[PlaceKind.MARKET].factor == pytest.approx(3.0, rel=0.2)
    assert effects[PlaceKind.JUNCTION].factor == pytest.approx(0.5, rel=0.3)
    assert all(e.low80 < e.factor < e.high80 and e.learned for e in effects.values())


def test_between_few_and_many_an_effect_lies_between_expert_and_finds():
    has, n, due, _ = scene(3, 120, 0.7, market=4.0)

    effects = {effect.kind: effect for effect in learn_features(has, n, due).effects}

    assert 1.3 < effects[PlaceKind.MARKET].factor < 4.0


def test_only_features_that_some_place_has_are_shown():
    has, n, due, _ = scene(4, 60, 2.0)

    kinds = {effect.kind for effect in learn_features(has, n, due).effects}

    assert kinds == {PlaceKind.MARKET, PlaceKind.JUNCTION}


def test_a_place_says_nothing_of_its_own_factor():
    has, n, due, kinds = scene(5, 100, 2.0)
    market = int(np.flatnonzero(kinds == "market")[0])
    more = n.copy()
    more[market] += 30.0

    before, after = (learn_features(has, counts, due).factor for counts in (n, more))

    assert after[market] == pytest.approx(before[market], rel=0.1)


def test_a_school_counts_at_leaving_time_only():
    has = design(np.array(["school"], dtype=object), np.zeros((1, 2)))

    (school,) = (k for k, feature in enumerate(FEATURES) if feature.kind is PlaceKind.SCHOOL)
    assert [SLOT_IDS[s] for s in np.flatnonzero(has[0, :, school])] == ["weekday-afternoon"]


@pytest.mark.parametrize(("metres", "near"), [(100.0, True), (250.0, False)])
def test_what_is_near_a_market_has_it_too(metres: float, near: bool):  # noqa: FBT001 - a row of the table
    kinds = np.array(["market", "square"], dtype=object)

    has = design(kinds, np.array([[0.0, 0.0], [metres, 0.0]]))

    assert bool(has[1, 0, KINDS.index(PlaceKind.MARKET)]) is near


def test_the_list_is_short_and_knows_places_only():
    assert set(KINDS) == {
        PlaceKind.MARKET,
        PlaceKind.BUS_STATION,
        PlaceKind.JUNCTION,
        PlaceKind.BEACH,
        PlaceKind.LANDFILL,
        PlaceKind.MINE_HEAP,
        PlaceKind.BORDER,
        PlaceKind.SCHOOL,
    }
    assert len(set(KINDS)) == len(KINDS)
