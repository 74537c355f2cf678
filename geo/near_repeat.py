"""Whether a case makes another one likelier nearby and soon: the rule for coming back.

References
----------
Knox (1964), Applied Statistics 13 (1): pairs close in space and in time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from data.messages import Message
from geo.guard import missing_cases

__all__ = ["NearRepeat", "RepeatSettings", "near_repeat"]

#: With fewer cases there are too few close pairs to compare.
LEAST_CASES = 30
#: Where chance gives fewer close pairs, that there are no more of them says little.
LEAST_EXPECTED = 3.0
#: So rarely may shuffled dates have as many close pairs where a rule is said.
RULE_P = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatSettings:
    """What counts as near and soon.

    Parameters
    ----------
    band_m, band_days
        Cases at most so far and so many days apart are close.
    shuffles
        How often the dates are shuffled.
    """

    band_m: float = 200.0
    band_days: int = 7
    shuffles: int = 999


@dataclass(frozen=True, slots=True, kw_only=True)
class NearRepeat:
    """Pairs close in space and time against as many with shuffled dates.

    Parameters
    ----------
    n_cases
        Cases compared.
    n_pairs
        Pairs within both bands.
    expected
        Their mean over the shuffles.
    p
        Share of the shuffles with as many pairs or more, the cases' own order counted in.
    verdict
        Why nothing can be said, or `None`.
    """

    n_cases: int
    n_pairs: int
    expected: float
    p: float
    settings: RepeatSettings
    verdict: Message | None = None

    @property
    def ratio(self) -> float:
        """Return how many times as many pairs there are as chance gives."""
        return self.n_pairs / self.expected if self.expected else float("nan")

    @property
    def rule(self) -> Message:
        """Return what follows for coming back, in a sentence."""
        if self.verdict is not None:
            return self.verdict
        bands = {"metres": self.settings.band_m, "n": self.settings.band_days}
        if self.p > RULE_P or not self.expected:
            few = self.expected < LEAST_EXPECTED
            return Message("findings.few_repeats" if few else "findings.no_near_repeat", bands)
        return Message("findings.near_repeat", {**bands, "times": round(self.ratio, 1)})


def near_repeat(
    xy_m: NDArray[np.float64],
    day: NDArray[np.int64],
    *,
    seed: int,
    settings: RepeatSettings | None = None,
) -> NearRepeat:
    """Return the Knox test of cases, with a p-value by shuffled dates.

    Two cases of the same day are no repeat: nobody could have come back in
    between, and children met together are one event.

    Parameters
    ----------
    xy_m
        Where each case was found, shape (n, 2), metres.
    day
        The day on which, shape (n,), counted from any day.
    """
    settings = settings or RepeatSettings()
    n = len(day)
    if n < LEAST_CASES:
        verdict = missing_cases(n, LEAST_CASES)
        return NearRepeat(
            n_cases=n, n_pairs=0, expected=0.0, p=1.0, settings=settings, verdict=verdict
        )
    pairs = cKDTree(xy_m).query_pairs(settings.band_m, output_type="ndarray")
    first, second = pairs[:, 0], pairs[:, 1]

    def close(days: NDArray[np.int64]) -> int:
        gap = np.abs(days[first] - days[second])
        return int(((gap > 0) & (gap <= settings.band_days)).sum())

    found = close(day)
    rng = np.random.default_rng(seed)
    drawn = np.array([close(rng.permutation(day)) for _ in range(settings.shuffles)])
    p = (1 + int((drawn >= found).sum())) / (1 + settings.shuffles)
    return NearRepeat(
        n_cases=n, n_pairs=found, expected=float(drawn.mean()), p=p, settings=settings
    )
