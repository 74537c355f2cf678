"""Small counts are hidden so that nobody can work them out from what is shown."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.suppression import Line, hidden_cells, ranges, suppress_table, suppress_tree, written

LINE = [Line(parts=(0, 1, 2), total=3)]
SMALL = st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=2, max_size=4)


def lines_of(n: int, m: int) -> list[Line]:
    at = np.arange((n + 1) * (m + 1)).reshape(n + 1, m + 1)
    both = [*at, *at.T]
    return [Line(parts=tuple(x[:-1].tolist()), total=int(x[-1])) for x in both]


def full(body: list[list[int]]) -> np.ndarray:
    inner = np.array(body, dtype=np.int64)
    wide = np.column_stack([inner, inner.sum(axis=1)])
    return np.vstack([wide, wide.sum(axis=0)]).ravel()


def test_a_small_count_never_stands_there():
    shown = suppress_table(pd.DataFrame([[3, 40, 0], [30, 20, 50]]), k=5)

    assert shown.iloc[0, 0] == "<5"
    assert shown.iloc[0, 2] == "0"
    assert "3" not in set(shown.to_numpy().ravel())


def test_a_single_hidden_cell_gets_a_partner():
    counts = np.array([3, 40, 50, 93])

    hidden = hidden_cells(counts, LINE, k=5)

    assert hidden.tolist() == [True, True, False, False]
    assert written(40, hidden=True, k=5) == "≥5"


def test_two_ones_are_not_given_away_by_their_sum():
    counts = np.array([1, 1, 50, 52])

    hidden = hidden_cells(counts, LINE, k=5)

    assert hidden.sum() > 2
    assert ranges(counts, LINE, hidden, k=5)[0].tolist() == [1, 4]


def test_two_fours_are_not_given_away_by_their_labels():
    counts = np.array([4, 4, 50, 58])

    limits = ranges(counts, LINE, hidden_cells(counts, LINE, k=5), k=5)

    assert limits[0].tolist() == [1, 4]


def test_what_nobody_hid_is_shown_and_nothing_more_goes_than_must():
    assert not hidden_cells(np.array([10, 20, 30, 60]), LINE, k=5).any()
    assert not hidden_cells(np.array([0, 0, 0, 0]), LINE, k=5).any()


def test_a_cell_that_one_place_dominates_is_hidden_whatever_its_size():
    counts = np.array([30, 20, 50, 100])

    hidden = hidden_cells(counts, LINE, k=5, also=np.array([True, False, False, False]))

    assert hidden.tolist() == [True, True, False, False]


def test_a_total_that_is_no_sum_is_a_fault():
    with pytest.raises(ValueError, match="sums"):
        hidden_cells(np.array([1, 2, 3, 7]), LINE, k=5)


@given(SMALL, st.sampled_from([3, 5]))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_every_range_is_as_wide_as_its_label_or_as_hiding_everything_makes_it(
    body: list[list[int]], k: int
):
    counts, lines = full(body), lines_of(len(body), 3)

    hidden = hidden_cells(counts, lines, k=k)
    limits = ranges(counts, lines, hidden, k=k)
    widest = ranges(counts, lines, counts > 0, k=k)

    assert (hidden | (counts == 0) | (counts >= k)).all()
    for cell in np.flatnonzero(hidden):
        low, high = limits[cell]
        assert low <= counts[cell] <= high
        if counts[cell] < k:
            assert low <= max(1, widest[cell][0]) + 1e-6
            assert high >= min(k - 1, widest[cell][1]) - 1e-6
        else:
            assert high - low >= min(k - 2, widest[cell][1] - widest[cell][0]) - 1e-6


@given(st.lists(st.lists(st.integers(0, 5), min_size=2, max_size=2), min_size=2, max_size=2))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_the_ranges_are_those_that_trying_every_table_finds(body: list[list[int]]):
    k, counts, lines = 3, full(body), lines_of(2, 2)
    hidden = hidden_cells(counts, lines, k=k)
    inner = [i for i in (0, 1, 3, 4) if hidden[i]]
    tried: dict[int, set[int]] = {int(cell): set() for cell in np.flatnonzero(hidden)}

    for values in itertools.product(
        *(range(1, k) if counts[i] < k else range(k, 14) for i in inner)
    ):
        guess = counts.copy()
        guess[inner] = values
        guess = full(guess.reshape(3, 3)[:2, :2].tolist())
        seen = guess[~hidden] == counts[~hidden]
        labels = [(g < k) == (c < k) and g > 0 for g, c in zip(guess, counts, strict=True)]
        if seen.all() and all(labels[cell] for cell in tried):
            for cell, found in tried.items():
                found.add(int(guess[cell]))

    limits = ranges(counts, lines, hidden, k=k)
    for cell, found in tried.items():
        low, high = limits[cell]
        assert min(found) == pytest.approx(low)
        if np.isfinite(high) and high < 10:
            assert max(found) == pytest.approx(high)


def test_counties_and_the_country_protect_each_other():
    counts = pd.Series({"a": 3, "b": 40, "c": 50, "d": 60, "e": 2})
    groups = pd.Series({"a": "x", "b": "x", "c": "y", "d": "y", "e": "z"})

    shown = suppress_tree(counts, groups, k=5)

    assert shown["a"] == "<5"
    assert shown["e"] == shown["z"] == "<5"
    assert shown[["x", "y", "total"]].str.startswith("≥").any()
    assert shown["total"] in {"155", "≥5"}


def test_the_whole_country_is_hidden_in_good_time():
    rng = np.random.default_rng(7)
    codes = [f"m{i:02d}" for i in range(61)]
    counts = pd.Series(rng.poisson(3.7, 61) * rng.integers(0, 4, 61), index=codes)
    groups = pd.Series([f"county-{i % 12}" for i in range(61)], index=codes)

    shown = suppress_tree(counts, groups, k=11)

    assert not set(shown) & {str(n) for n in range(1, 11)}
