"""Whether what was foretold came about as often as it was said to: intervals held to account.

Before each period of the rolling backtest the forecast says how many cases parts
of the municipality are going to have; afterwards it is counted how often its
intervals held. A municipality that expects too few for two parts is one as a
whole. Parts of one period share the error of its total, so they are worth less
than as many periods would be, and the interval on the share that held knows it.

References
----------
Czado, Gneiting and Held (2009), Biometrics 65: the randomised PIT of counts.
Clopper and Pearson (1934), Biometrika 26: the exact interval of a share.
Korn and Graubard (1998), Survey Methodology 24: that interval for clustered draws.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy import stats

from data.crs import to_metres
from data.messages import Message
from geo.evaluate import EvaluationSettings, Ground, Known, period_starts
from geo.forecast import Forecast, forecast, parts_of, sum_parts

__all__ = [
    "LEVELS",
    "Calibration",
    "Checked",
    "Held",
    "Said",
    "check",
    "check_forecasts",
    "distance_to_uniform",
    "held_at",
]

#: Of the intervals that are held to account.
LEVELS = (0.8, 0.95)
#: With fewer forecasts than this, nearly every share that held would fit nearly every claim.
LEAST_FORECASTS = 12
#: With fewer, the greatest gap of the PIT is chance alone.
LEAST_FOR_PIT = 30
#: How sure the interval on the share that held is.
SURE = 0.95


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Checked:
    """Counts beside what was said of them.

    Parameters
    ----------
    pit
        Randomised probability integral transform of each, shape (n,).
    held
        Whether the interval held, shape (levels, n).
    claimed
        How likely the interval said it was to hold, shape (levels, n): counts are whole, so
        hardly any claims its level exactly.
    """

    pit: NDArray[np.float64]
    held: NDArray[np.bool_]
    claimed: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What was said of the whole municipality before a period, and what came.

    Parameters
    ----------
    start
        First moment of the period.
    expected, low, high
        Cases foretold, with the interval of the first level.
    met
        Cases that came.
    """

    start: datetime
    expected: float
    low: int
    high: int
    met: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """How often the intervals of one level held.

    Parameters
    ----------
    level
        What the intervals are called.
    claimed
        What they said on average, as whole numbers allow.
    n, held
        Forecasts, and those that held.
    share_95
        Interval on the share that holds.
    """

    level: float
    claimed: float
    n: int
    held: int
    share_95: tuple[float, float]

    @property
    def verdict(self) -> Message:
        """Say whether they held as often as they claimed."""
        low, high = self.share_95
        if self.n < LEAST_FORECASTS:
            return Message("evaluation.held_too_few", {"n": self.n, "needed": LEAST_FORECASTS})
        name = "too_narrow" if high < self.claimed else "too_wide" if low > self.claimed else "well"
        return Message(
            f"evaluation.held_{name}",
            {
                "level": round(100 * self.level),
                "held": self.held,
                "n": self.n,
                "should": round(self.claimed * self.n),
            },
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """How sure the forecasts were allowed to be.

    Parameters
    ----------
    levels
        How often the intervals of each level held.
    said
        Of the whole municipality, period by period.
    pit_distance
        Greatest gap of the PIT to uniform; `None` where there are too few forecasts.
    """

    levels: tuple[Held, ...]
    said: tuple[Said, ...]
    pit_distance: float | None


def check(
    made: Forecast,
    mean: NDArray[np.float64],
    counts: NDArray[np.float64],
    rng: np.random.Generator,
) -> Checked:
    """Return counts of parts beside what a forecast said of them; see `Checked`.

    Parameters
    ----------
    mean, counts
        Foretold and met of each part, shape (n,).
    rng
        Of the PIT: a count is a step, and lies anywhere on it.
    """
    below, upto = made.at_most(counts - 1, mean), made.at_most(counts, mean)
    ends = [made.interval(mean, level) for level in LEVELS]
    return Checked(
        pit=below + rng.random(len(counts)) * (upto - below),
        held=np.array([(low <= counts) & (counts <= high) for low, high in ends]),
        claimed=np.array(
            [made.at_most(high, mean) - made.at_most(low - 1, mean) for low, high in ends]
        ),
    )


def distance_to_uniform(values: NDArray[np.float64]) -> float:
    """Return the greatest gap between the values' distribution and the uniform one."""
    ordered, n = np.sort(values), len(values)
    if not n:
        return float("nan")
    steps = np.arange(n + 1) / n
    return float(max((steps[1:] - ordered).max(), (ordered - steps[:-1]).max()))


def held_at(
    level: float,
    held: NDArray[np.bool_],
    claimed: NDArray[np.float64],
    period: NDArray[np.int64],
) -> Held:
    """Return how often intervals held.

    Parameters
    ----------
    held, claimed
        Of each forecast, shape (n,).
    period
        Which period each belongs to, shape (n,).
    """
    return Held(
        level=level,
        claimed=float(claimed.mean()) if len(claimed) else level,
        n=len(held),
        held=int(held.sum()),
        share_95=_share_interval(held, period),
    )


def check_forecasts(
    known: Known, ground: Ground | None, *, settings: EvaluationSettings, as_of: datetime
) -> Calibration:
    """Return how often the forecast of each period held, of what was known before it.

    A period in which nothing came is judged like any other, and one that is not
    over is foretold and judged up to `as_of`.

    Parameters
    ----------
    ground
        Of `inhabited_ground`: cases outside it are neither foretold nor counted.
    """
    there = known.cases.geometry.notna() & ~known.cases.geometry.is_empty
    cases = known.cases[there & (known.cases["identified_at"] < as_of)]
    starts, _ = period_starts(cases, settings, until=as_of)
    if ground is None:
        starts = []
    rng = np.random.default_rng(settings.seed)
    said: list[Said] = []
    checks: list[Checked] = []
    for start, end in pairwise(starts):
        if ground is None or start >= as_of:
            break
        found = _round(cases, known, ground, (start, min(end, as_of)))
        if found is None or found.n_past < settings.min_train:
            continue
        made, whole = found.made, np.array([found.expected.sum()])
        low, high = made.interval(whole, LEVELS[0])
        said.append(
            Said(
                start=start,
                expected=float(whole[0]),
                low=int(low[0]),
                high=int(high[0]),
                met=int(found.met.sum()),
            )
        )
        checks.append(check(made, *_parts(found), rng))
    period = np.repeat(np.arange(len(checks)), [len(one.pit) for one in checks])
    held, claimed = (
        np.concatenate([getattr(one, name) for one in checks], axis=1)
        if checks
        else np.empty((len(LEVELS), 0))
        for name in ("held", "claimed")
    )
    pit = np.concatenate([one.pit for one in checks]) if checks else np.empty(0)
    return Calibration(
        levels=tuple(
            held_at(level, held[i].astype(bool), claimed[i], period)
            for i, level in enumerate(LEVELS)
        ),
        said=tuple(said),
        pit_distance=distance_to_uniform(pit) if len(pit) >= LEAST_FOR_PIT else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Round:
    """One period: what was foretold, and what came, in each cell of the study area."""

    made: Forecast
    n_past: int
    expected: NDArray[np.float64]
    met: NDArray[np.float64]


def _round(
    cases: pd.DataFrame, known: Known, ground: Ground, period: tuple[datetime, datetime]
) -> _Round | None:
    start, end = period
    xy_m = to_metres(shapely.get_coordinates(cases["geometry"].to_numpy()), known.area.metric_crs)
    cells = ground.grid.cells_of(xy_m)
    inside = (cells >= 0) & ground.inside[cells]
    past = inside & (cases["identified_at"] < start).to_numpy()
    now = inside & cases["identified_at"].between(start, end, inclusive="left").to_numpy()
    if not past.any():
        return None
    age = start - cases["identified_at"][past]
    made = forecast(
        xy_m[past],
        age.dt.total_seconds().to_numpy() / 86_400,
        (end - start).total_seconds() / 86_400,
        ground.grid,
        ground.inside,
    )
    met = np.bincount(cells[now], minlength=len(ground.inside)).astype(np.float64)
    return _Round(
        made=made,
        n_past=int(past.sum()),
        expected=made.expected[ground.inside],
        met=met[ground.inside],
    )


def _parts(found: _Round) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what was foretold and met of parts that expect about five; else of the whole.

    A single part would be the likeliest cells alone: what was highest by chance is
    lower the next time, and the rest of the municipality would not be judged at all.
    """
    part = parts_of(found.expected)
    if part.max() < 1:
        part = np.zeros_like(part)
    return sum_parts(part, found.expected), sum_parts(part, found.met)


def _share_interval(held: NDArray[np.bool_], period: NDArray[np.int64]) -> tuple[float, float]:
    """Return the exact interval of a share, for as many draws as the forecasts are worth."""
    n = len(held)
    if not n:
        return 0.0, 1.0
    share, worth = float(held.mean()), float(len(np.unique(period)))
    if 0.0 < share < 1.0 and worth > 1:
        apart = np.bincount(period, weights=held - share)
        spread = worth / (worth - 1.0) * float((apart**2).sum()) / n**2
        worth = min(share * (1.0 - share) / spread, n) if spread > 0 else float(n)
    k, tail = share * worth, (1.0 - SURE) / 2.0
    low = float(stats.beta.ppf(tail, k, worth - k + 1.0)) if share > 0 else 0.0
    high = float(stats.beta.ppf(1.0 - tail, k + 1.0, worth - k)) if share < 1 else 1.0
    return low, high
