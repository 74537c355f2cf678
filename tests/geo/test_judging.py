"""Maps are judged as by hand, ties favour nobody, and who found more is said whoever it is."""

from __future__ import annotations

import numpy as np
import pytest

from geo.judging import Comparison, Round, judge
from layers.words import LANGUAGES, Words


def one_round(cells: list[int], **scores: list[float]) -> Round:
    return Round(
        scores={name: np.array(score, dtype=float) for name, score in scores.items()},
        cells=np.array(cells),
    )


def test_hit_rate_and_both_indices_are_those_of_a_hand_computed_grid():
    # Ten cells; five cases: two in cell 0, two in cell 1, one in cell 9.
    ours, count = [9, 8, *[0] * 8], [9, *[0] * 8, 8]
    rounds = [one_round([0, 0, 1, 1, 9], density=ours, count=count)]

    found, _ = judge(rounds, 10, [0.1, 0.2], draws=50, seed=1)

    tenth, fifth = found["density"]
    assert (tenth.hit_rate, tenth.pai, tenth.pei) == pytest.approx((0.4, 4.0, 1.0))
    assert (fifth.hit_rate, fifth.pai, fifth.pei) == pytest.approx((0.8, 4.0, 1.0))
    fifth = found["count"][1]
    assert (fifth.hit_rate, fifth.pai, fifth.pei) == pytest.approx((0.6, 3.0, 0.75))


def test_rounds_are_added_up_case_by_case():
    first = one_round([0, 0, 0], density=[2, 1, 0, 0], count=[0, 0, 1, 2])
    second = one_round([3], density=[2, 1, 0, 0], count=[0, 0, 1, 2])

    found, _ = judge([first, second], 4, [0.25], draws=50, seed=1)

    assert found["density"][0].hit_rate == pytest.approx(3 / 4)
    assert found["count"][0].hit_rate == pytest.approx(1 / 4)
    assert found["count"][0].pei == pytest.approx(1 / 4)


def test_cells_that_tie_share_what_is_left_of_the_choice():
    rounds = [one_round([1, 2], density=[5, 1, 1, 1], count=[0, 0, 0, 0])]

    found, _ = judge(rounds, 4, [0.5], draws=50, seed=1)

    assert found["density"][0].hit_rate == pytest.approx(1 / 3)
    assert found["count"][0].hit_rate == pytest.approx(1 / 2)


def test_a_case_outside_the_study_area_is_missed_by_every_map():
    rounds = [one_round([0, -1], density=[1, 0], count=[1, 0])]

    found, _ = judge(rounds, 2, [0.5], draws=50, seed=1)

    assert found["density"][0].hit_rate == 0.5
    assert found["density"][0].pei == 1.0


def test_an_interval_holds_its_value_and_narrows_with_more_cases():
    def width(times: int) -> float:
        rounds = [one_round([0, 0, 1] * times, density=[2, 0, 0, 0], count=[0, 2, 0, 0])]
        score = judge(rounds, 4, [0.25], draws=400, seed=1)[0]["density"][0]
        low, high = score.hit_rate_95
        assert low < score.hit_rate < high
        assert (score.pai_95[0], score.pai_95[1]) == pytest.approx((4 * low, 4 * high))
        return high - low

    assert width(40) < width(10)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ([0] * 30 + [1] * 5, "evaluation.ours_better"),
        ([1] * 30 + [0] * 5, "evaluation.ours_worse"),
        ([0] * 10 + [1] * 10, "evaluation.no_difference"),
    ],
)
def test_who_found_more_is_said_whoever_it_is(cells: list[int], said: str):
    rounds = [one_round(cells, density=[1, 0, 0], count=[0, 1, 0], kde_250=[0, 0, 1])]

    _, (compared,) = judge(rounds, 3, [0.3], draws=400, seed=1)

    assert (compared.ours, compared.simpler) == ("density", "count")
    assert compared.verdict.id == said


def test_less_than_one_case_is_no_difference():
    sure = Comparison(share=0.1, ours="density", simpler="count", gain=-0.4, gain_95=(-0.9, -0.1))

    assert sure.verdict.id == "evaluation.no_difference"
    for language in LANGUAGES:
        assert Words(language).message(sure.verdict).endswith(".")


def test_a_method_that_some_round_lacks_is_not_judged():
    rounds = [
        one_round([0], density=[1, 0], risk=[1, 0], count=[1, 0]),
        one_round([0], density=[1, 0], count=[1, 0]),
    ]

    assert set(judge(rounds, 2, [0.5], draws=10, seed=1)[0]) == {"density", "count"}
