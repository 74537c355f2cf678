"""Where and when cases came closer together than the area's own rhythm explains.

Only the cases are needed: dates are shuffled among places, so that a place that
is always busy and a month that is busy everywhere are no finding.

Where hours of presence are given, the patrol calendar is none either. What is
expected of a place in a week is then in proportion to the hours there in that
week, scaled until every place and every week has as many cases as it had
(iterative proportional fitting); without hours it is the product of the two
totals. Chance is drawn likewise: two cases swap their weeks as often as the
hours favour the swap, which leaves all totals as they are and draws from the
arrangements in proportion to the hours they need.

References
----------
Kulldorff, Heffernan, Hartman, Assunção and Mostashari (2005), PLoS Medicine 2
(3): a space-time permutation scan statistic.
Besag and Clifford (1989), Biometrika 76 (4): Monte Carlo tests by Markov chains
that all set out from what was observed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from scipy.special import expit, xlogy

from data.messages import Message
from geo.guard import missing_cases

__all__ = ["Burst", "Happened", "ScanSettings", "scan"]

_FITS = 200
#: Rounds of swaps until a chain has forgotten where it set out.
_SWEEPS = 40
#: Strengths nearer than this are equal: sums in another order differ by less.
_SAME = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanSettings:
    """What is scanned.

    Parameters
    ----------
    most_m
        Greatest radius of a circle, metres.
    most_weeks
        Greatest length of a span.
    least_cases
        With fewer there is too little to say.
    least_inside
        Fewer cases are no burst.
    idle_share
        Added to all hours, as a share of their mean: others report as well.
    shuffles
        How often chance is drawn.
    """

    most_m: float = 1000.0
    most_weeks: int = 8
    least_cases: int = 30
    least_inside: int = 3
    idle_share: float = 0.1
    shuffles: int = 999


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Happened:
    """Cases by place and week.

    Parameters
    ----------
    xy_m
        The places, shape (p, 2), metres.
    place, week
        Of each case: position in `xy_m`, and number of the week from 0, shape (n,).
    hours
        Of presence, shape (p, w), or `None` where no visits are known.
    """

    xy_m: NDArray[np.float64]
    place: NDArray[np.int64]
    week: NDArray[np.int64]
    hours: NDArray[np.float64] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """The circle and span that stand out most.

    Parameters
    ----------
    places
        Positions of the places with cases inside the circle.
    first_week, last_week
        Of the span, both included.
    n, expected
        Cases inside, and how many the rhythm of place and time would give.
    strength
        Logarithm of the likelihood ratio.
    p
        Share of the draws whose strongest circle is as strong, this one counted in.
    verdict
        Why nothing can be said, or `None`.
    """

    places: tuple[int, ...] = ()
    first_week: int = 0
    last_week: int = 0
    n: int = 0
    expected: float = 0.0
    strength: float = 0.0
    p: float = 1.0
    verdict: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Cylinders:
    """All circles (zones, shape (z, p)) and all spans (first week, week after the last)."""

    zones: NDArray[np.float64]
    first: NDArray[np.int64]
    after: NDArray[np.int64]

    def sums(self, table: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what of a table (p, w) lies in each cylinder, shape (z, spans)."""
        inside = self.zones @ table
        until = np.zeros((len(inside), table.shape[1] + 1))
        np.cumsum(inside, axis=1, out=until[:, 1:])
        return until[:, self.after] - until[:, self.first]


def scan(happened: Happened, *, seed: int, settings: ScanSettings | None = None) -> Burst:
    """Return the strongest burst of cases, with its p-value.

    Circles are drawn around every place with cases, each with its nearest
    neighbours up to a radius; spans are of whole weeks. Places and weeks without
    cases change neither side of the comparison, so circles around and spans that
    begin or end in them are left out.
    """
    settings = settings or ScanSettings()
    n = len(happened.place)
    if n < settings.least_cases:
        return Burst(verdict=missing_cases(n, settings.least_cases))
    busy, place = np.unique(happened.place, return_inverse=True)
    n_weeks = int(happened.week.max()) + 1
    shape = (len(busy), n_weeks)
    hours = np.ones(shape)
    if happened.hours is not None and happened.hours.sum() > 0:
        hours = happened.hours[busy][:, :n_weeks]
        hours = hours + settings.idle_share * happened.hours.mean()
    seen = _table(place, happened.week, shape)
    expected = _expected(seen, hours)
    cylinders = _cylinders(happened.xy_m[busy], seen.sum(axis=0), settings)
    ground = cylinders.sums(expected)
    rest = np.maximum(n - ground, np.finfo(float).tiny)
    logs = np.log(np.maximum(ground, np.finfo(float).tiny)), np.log(rest)

    def strengths(table: NDArray[np.float64]) -> NDArray[np.float64]:
        count = np.rint(cylinders.sums(table))
        ratio = xlogy(count, count) + xlogy(n - count, n - count)
        ratio -= count * logs[0] + (n - count) * logs[1]
        return np.where((count > ground) & (count >= settings.least_inside), ratio, 0.0)

    found = strengths(seen)
    best = np.unravel_index(int((found >= found.max() - _SAME).argmax()), found.shape)
    rng = np.random.default_rng(seed)
    weeks = _draws(place, happened.week, np.log(hours), settings.shuffles, rng)
    drawn = np.array([strengths(_table(place, week, shape)).max() for week in weeks])
    zone, span = int(best[0]), int(best[1])
    return Burst(
        places=tuple(int(i) for i in busy[cylinders.zones[zone] > 0]),
        first_week=int(cylinders.first[span]),
        last_week=int(cylinders.after[span]) - 1,
        n=int(np.rint(cylinders.sums(seen)[best])),
        expected=float(ground[best]),
        strength=float(found[best]),
        p=(1 + int((drawn >= found[best] - _SAME).sum())) / (1 + settings.shuffles),
    )


def _table(
    place: NDArray[np.int64], week: NDArray[np.int64], shape: tuple[int, int]
) -> NDArray[np.float64]:
    """Return the cases by place and week."""
    flat = np.bincount(place * shape[1] + week, minlength=shape[0] * shape[1])
    return flat.reshape(shape).astype(np.float64)


def _expected(seen: NDArray[np.float64], hours: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the hours scaled until every place and every week has its own number of cases."""
    fitted = hours.copy()
    for _ in range(_FITS):
        fitted *= (seen.sum(axis=1) / fitted.sum(axis=1))[:, None]
        fitted *= seen.sum(axis=0) / np.maximum(fitted.sum(axis=0), np.finfo(float).tiny)
    return fitted


def _cylinders(
    xy_m: NDArray[np.float64], by_week: NDArray[np.float64], settings: ScanSettings
) -> _Cylinders:
    """Return the circles nested around each place, each set of places once, and the spans."""
    tree = cKDTree(xy_m)
    met: dict[frozenset[int], None] = {}
    for centre in xy_m:
        near = np.array(tree.query_ball_point(centre, settings.most_m))
        gap_m = np.hypot(*(xy_m[near] - centre).T)
        # Places at one distance come in together: a circle cannot tell them apart.
        for radius_m in np.unique(gap_m):
            met[frozenset(near[gap_m <= radius_m].tolist())] = None
    zones = np.zeros((len(met), len(xy_m)))
    for row, zone in zip(zones, met, strict=True):
        row[sorted(zone)] = 1.0
    busy = np.flatnonzero(by_week)
    first, last = np.meshgrid(busy, busy, indexing="ij")
    fits = (last >= first) & (last - first < settings.most_weeks)
    return _Cylinders(zones=zones, first=first[fits], after=last[fits] + 1)


def _draws(
    place: NDArray[np.int64],
    week: NDArray[np.int64],
    log_hours: NDArray[np.float64],
    shuffles: int,
    rng: np.random.Generator,
) -> NDArray[np.int64]:
    """Return the cases' weeks as chance would have them, shape (shuffles, n)."""
    weeks = rng.permuted(np.tile(week, (shuffles, 1)), axis=1)
    if np.ptp(log_hours) == 0:
        return weeks
    weeks = np.tile(week, (shuffles, 1))
    rows = np.arange(shuffles)[:, None]
    half = len(week) // 2
    everyone = np.tile(np.arange(len(week)), (shuffles, 1))
    for _ in range(_SWEEPS):
        order = rng.permuted(everyone, axis=1)
        one, two = order[:, :half], order[:, half : 2 * half]
        week_one, week_two = weeks[rows, one], weeks[rows, two]
        swapped = log_hours[place[one], week_two] + log_hours[place[two], week_one]
        kept = log_hours[place[one], week_one] + log_hours[place[two], week_two]
        swap = rng.random(swapped.shape) < expit(swapped - kept)
        weeks[rows, one] = np.where(swap, week_two, week_one)
        weeks[rows, two] = np.where(swap, week_one, week_two)
    return weeks
