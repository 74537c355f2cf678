"""How many events the next weeks bring to a part of the area, and how sure that is.

The mean of a part is its share (`geo.density`) of the expected total. The total
follows a level that may drift: each week's events update a Gamma whose older
weeks count less and less, by a discount under which each week is best foretold
by those before it. Around its mean a part's count is negative binomial, with an
excess learned from how well the first part of the past foretold its last.

References
----------
Harvey and Fernandes (1989), JBES 7 (4): a discounted Gamma level for counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from geo.density import estimate_density
from geo.grid import Grid

__all__ = ["Forecast", "forecast", "parts_of", "sum_parts"]

DAYS_A_WEEK = 7.0
#: Expected events of the parts on which the excess is learned.
PART_EVENTS = 5.0
#: Share of the past, by time, that the rest of it has to foretell.
HELD_OUT = 0.25
DISCOUNTS = np.array([0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.93, 0.96, 0.98, 0.99, 1.0])
EXCESSES = np.concatenate([[0.0], np.geomspace(0.01, 10.0, 61)])
#: Mean of the exponential prior of the excess: without evidence to the contrary it is small.
EXCESS_PRIOR = 0.2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Forecast:
    """What the coming weeks bring.

    Parameters
    ----------
    expected
        Events in each cell, shape (cells,).
    level_shape
        Of the Gamma that says how sure the total is.
    excess
        Of the variance of a part over its mean, in means: nought is Poisson.
    """

    expected: NDArray[np.float64]
    level_shape: float
    excess: float

    def at_most(
        self, counts: NDArray[np.float64], mean: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return the probability that parts that expect `mean` get so many events or fewer."""
        return _distribution(mean, self._excess_of(mean)).cdf(counts)

    def interval(
        self, mean: NDArray[np.float64], holds: float = 0.8
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the least and most events of parts that expect `mean`.

        Counts are whole, so no interval holds exactly so much: of the central
        one and those one shorter at an end, the one that holds it most nearly.
        """
        spread = _distribution(mean, self._excess_of(mean))
        low, high = spread.ppf((1.0 - holds) / 2.0), spread.ppf((1.0 + holds) / 2.0)
        choices = [(low, high), (low + 1, high), (low, high - 1), (low + 1, high - 1)]
        # An interval that turned over holds nothing, and is never the nearest.
        held = [spread.cdf(most) - spread.cdf(least - 1) for least, most in choices]
        nearest = np.argmin(np.abs(np.array(held) - holds), axis=0)
        lows, highs = np.array(choices).swapaxes(0, 1)
        return np.choose(nearest, lows), np.choose(nearest, highs)

    def _excess_of(self, mean: NDArray[np.float64]) -> NDArray[np.float64]:
        return self.excess + mean / self.level_shape


def forecast(
    xy_m: NDArray[np.float64],
    days_ago: NDArray[np.float64],
    days_ahead: float,
    grid: Grid,
    inside: NDArray[np.bool_],
) -> Forecast:
    """Return what the next days bring, learned from past events alone.

    Parameters
    ----------
    xy_m
        Past events in the study area, shape (n, 2), metres; at least one.
    days_ago
        Of each event, shape (n,).
    days_ahead
        How far to look.
    """
    total, shape = _level(days_ago, days_ahead / DAYS_A_WEEK)
    share = estimate_density(xy_m, grid, inside=inside).share
    return Forecast(
        expected=total * share,
        level_shape=shape,
        excess=_excess(xy_m, days_ago, grid, inside),
    )


def parts_of(expected: NDArray[np.float64], events: float = PART_EVENTS) -> NDArray[np.int64]:
    """Return the part each cell belongs to, shape (cells,): about so many expected events in each.

    The cells go from the likeliest down, one that expects more is a part of its
    own, and what is left over at the end is -1.
    """
    order = np.argsort(-expected, kind="stable")
    reached = np.cumsum(expected[order])
    part = np.empty(len(expected), dtype=np.int64)
    part[order] = np.floor((reached - expected[order] / 2.0) / events)
    used = part < int(reached[-1] // events)
    part[used] = np.unique(part[used], return_inverse=True)[1]
    return np.where(used, part, -1)


def sum_parts(part: NDArray[np.int64], values: NDArray[np.generic]) -> NDArray[np.float64]:
    """Return the sum of the cells' values in each part, shape (parts,)."""
    used = part >= 0
    return np.bincount(part[used], weights=values[used]).astype(np.float64)


def _distribution(mean: NDArray[np.float64], excess: NDArray[np.float64]) -> Any:  # noqa: ANN401 - scipy's frozen distributions have no type
    """Return negative binomials whose variance is their mean times one and the excess."""
    excess = np.maximum(excess, 1e-9)
    return stats.nbinom(mean / excess, 1.0 / (1.0 + excess))


def _level(days_ago: NDArray[np.float64], weeks_ahead: float) -> tuple[float, float]:
    """Return the expected total and the shape of its Gamma."""
    n_weeks = max(int(days_ago.max() // DAYS_A_WEEK), 1)
    week = n_weeks - 1 - np.floor(days_ago / DAYS_A_WEEK).astype(np.int64)
    weekly = np.bincount(week[week >= 0], minlength=n_weeks).astype(np.float64)
    best = max(DISCOUNTS, key=lambda discount: _filtered(weekly, float(discount))[0])
    _, shape, rate = _filtered(weekly, float(best))
    return weeks_ahead * shape / rate, shape * float(best) ** weeks_ahead


def _filtered(weekly: NDArray[np.float64], discount: float) -> tuple[float, float, float]:
    """Return how likely the weeks were, and the level's Gamma after the last of them."""
    shape = rate = likelihood = 0.0
    for n in weekly:
        shape, rate = discount * shape, discount * rate
        if shape > 0:
            likelihood += float(stats.nbinom.logpmf(n, shape, rate / (1.0 + rate)))
        shape, rate = shape + n, rate + 1.0
    return likelihood, shape, rate


def _excess(
    xy_m: NDArray[np.float64],
    days_ago: NDArray[np.float64],
    grid: Grid,
    inside: NDArray[np.bool_],
) -> float:
    """Return the likeliest excess of the last part of the past over what the first foretold."""
    late = days_ago < np.quantile(days_ago, HELD_OUT)
    if not late.any() or late.all():
        return EXCESS_PRIOR
    share = estimate_density(xy_m[~late], grid, inside=inside).share
    expected = late.sum() * share
    part = parts_of(expected)
    if part.max() < 0:
        return EXCESS_PRIOR
    met = np.bincount(grid.cells_of(xy_m[late]), minlength=len(share))
    mean, found = sum_parts(part, expected), sum_parts(part, met)
    fits = [
        _distribution(mean, np.full_like(mean, e)).logpmf(found).sum() - e / EXCESS_PRIOR
        for e in EXCESSES
    ]
    return float(EXCESSES[int(np.argmax(fits))])
