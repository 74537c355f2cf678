"""How surely a visit meets somebody where a place is in use, and when an empty one is empty.

A visit that meets nobody does not say that a place is empty: often the children
were elsewhere at that hour. How often, repeat visits tell. Only places where
somebody was met are known to be in use, so their visits are a chosen lot: a place
without a meeting is not among them. The likelihood is conditioned on just that (a
binomial truncated at zero), and says nothing of the places that may be empty.

It takes a place to be in use, or not, all through a quarter of a year, and the
chance to be the same in all of them. Where it differs, some places need more
visits than is said here; so a kind of place that clearly differs stands for itself.

References
----------
MacKenzie et al. (2002), Ecology 83 (8): occupancy where detection is not certain.
Kéry (2002), Basic and Applied Ecology 3: visits needed to call a species absent.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import brentq

from data.messages import Message
from data.nouns import TIRANE
from data.vocabulary import VisitOutcome
from geo.places import is_awake

__all__ = ["Detection", "Detections", "empty_in_a_row", "estimate", "learn", "visits_needed"]

#: A place is taken to be in use, or not, all through so many days.
_QUARTER: Final = timedelta(days=90)
#: Below so many quarters of places with a meeting and a second visit, it is too few to say;
_MIN_QUARTERS: Final = 5
#: nor below so many visits in them.
_MIN_VISITS: Final = 20
#: A chance that may well be smaller than this would ask for a hundred visits: nothing is known.
_FAINTEST: Final = 0.03
#: Twice the drop of the log-likelihood at the ends of the intervals: chi-squared, one degree.
_DROP80, _DROP95 = 1.6424, 3.8415
_TINY: Final = 1e-6


def visits_needed(p: float, confidence: float = 0.95) -> int:
    """Return how many visits in a row without meeting anybody make a place empty that surely.

    Parameters
    ----------
    p
        Chance that one visit meets somebody where the place is in use, above 0.
    confidence
        Chance that so many visits would have met somebody.
    """
    if p >= confidence:
        return 1
    # Rounded first: a hair above a whole number is that number.
    return math.ceil(round(math.log(1.0 - confidence) / math.log(1.0 - p), 9))


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """The chance that a visit meets somebody where a place is in use, with its intervals.

    Parameters
    ----------
    n_quarters, n_visits
        What it is learned from: quarters of places with a meeting, and visits in them.
    """

    p: float
    low80: float
    high80: float
    low95: float
    high95: float
    n_quarters: int
    n_visits: int

    @property
    def needed(self) -> int:
        """Return the visits needed before a place may be called empty."""
        return visits_needed(self.p)

    @property
    def needed80(self) -> tuple[int, int]:
        """Return the least and most visits needed, as surely as four times in five."""
        return visits_needed(self.high80), visits_needed(self.low80)

    @property
    def needed95(self) -> tuple[int, int]:
        """Return the least and most visits needed, as surely as nineteen times in twenty."""
        return visits_needed(self.high95), visits_needed(self.low95)


@dataclass(frozen=True, slots=True, kw_only=True)
class Detections:
    """What repeat visits say: of all places together, and of kinds that clearly differ.

    `verdict` says that they are too few to say anything.
    """

    overall: Detection | None
    by_kind: Mapping[str, Detection] = field(default_factory=dict)
    verdict: Message | None = None

    def of(self, kind: str) -> Detection | None:
        """Return what holds for places of a kind."""
        return self.by_kind.get(kind, self.overall)


def estimate(met: NDArray[np.int64], looked: NDArray[np.int64]) -> Detection | None:
    """Return the chance of meeting somebody, or `None` where there is too little to say.

    Parameters
    ----------
    met, looked
        By quarter of a place, shape (n,): visits that met somebody, and all visits.
        Quarters without a meeting or with one visit alone say nothing and are left out.
    """
    of_use = (met > 0) & (looked > 1)
    met, looked = met[of_use], looked[of_use]
    if len(met) < _MIN_QUARTERS or looked.sum() < _MIN_VISITS or met.sum() == len(met):
        return None
    best = _most_likely(met, looked)
    ends = {drop: _interval(best, met, looked, drop) for drop in (_DROP80, _DROP95)}
    if ends[_DROP80][0] < _FAINTEST:
        return None
    return Detection(
        p=best,
        low80=ends[_DROP80][0],
        high80=ends[_DROP80][1],
        low95=ends[_DROP95][0],
        high95=ends[_DROP95][1],
        n_quarters=len(met),
        n_visits=int(looked.sum()),
    )


def _log_likelihood(p: float, met: NDArray[np.int64], looked: NDArray[np.int64]) -> float:
    missed = int((looked - met).sum())
    log = met.sum() * math.log(p) - np.log(-np.expm1(looked * math.log1p(-p))).sum()
    return float(log + missed * math.log1p(-p))


def _most_likely(met: NDArray[np.int64], looked: NDArray[np.int64]) -> float:
    """Return where the meetings expected, given at least one in each quarter, are those met."""
    if met.sum() == looked.sum():
        return 1.0

    def excess(p: float) -> float:
        return float(p * (looked / -np.expm1(looked * math.log1p(-p))).sum() - met.sum())

    return float(brentq(excess, _TINY, 1.0 - _TINY))


def _interval(
    best: float, met: NDArray[np.int64], looked: NDArray[np.int64], drop: float
) -> tuple[float, float]:
    """Return the chances at which twice the log-likelihood has dropped by so much."""
    top = min(best, 1.0 - _TINY)
    wanted = _log_likelihood(top, met, looked) - drop / 2.0

    def above(p: float) -> float:
        return _log_likelihood(p, met, looked) - wanted

    low = brentq(above, _TINY, top) if above(_TINY) < 0 else 0.0
    high = brentq(above, top, 1.0 - _TINY) if above(1.0 - _TINY) < 0 else 1.0
    return float(low), float(high)


def learn(visits: pd.DataFrame, places: pd.DataFrame, as_of: datetime) -> Detections:
    """Return what the repeat visits of a municipality say.

    Parameters
    ----------
    visits, places
        VISITS and PLACES; visits out of a place's season are left out.
    """
    looked = _finished(visits, places, as_of)
    quarter = (pd.Timestamp(as_of) - looked["ended_at"]) // _QUARTER
    met = looked["outcome"] != VisitOutcome.NOBODY
    kinds = looked["place_id"].map(places.set_index("place_id")["kind"])
    table = (
        looked.assign(met=met, quarter=quarter, kind=kinds)
        .groupby(["kind", "place_id", "quarter"])["met"]
        .agg(["sum", "size"])
        .reset_index()
    )
    overall = _estimated(table)
    if overall is None:
        n = int(((table["sum"] > 0) & (table["size"] > 1)).sum())
        return Detections(
            overall=None,
            verdict=Message("geo.too_few_repeats", {"n": n, "needed": _MIN_QUARTERS}),
        )
    of_kinds = {str(kind): _estimated(rows) for kind, rows in table.groupby("kind")}
    own = {
        kind: one
        for kind, one in of_kinds.items()
        if one is not None and not one.low95 <= overall.p <= one.high95
    }
    return Detections(overall=overall, by_kind=own)


def _estimated(table: pd.DataFrame) -> Detection | None:
    met, looked = (table[name].to_numpy(dtype=np.int64) for name in ("sum", "size"))
    return estimate(met, looked)


def _finished(visits: pd.DataFrame, places: pd.DataFrame, as_of: datetime) -> pd.DataFrame:
    """Return visits with an end before a moment, while their places were awake."""
    past = visits[(visits["ended_at"] < as_of) & (visits["ended_at"] > visits["started_at"])]
    months = places.set_index("place_id")[["awake_from", "awake_to"]]
    past = past[past["place_id"].isin(months.index)]
    when = past["started_at"].dt.tz_convert(TIRANE).dt.month
    own = months.loc[past["place_id"]]
    awake = [
        is_awake(int(first), int(last), int(month))
        for first, last, month in zip(own["awake_from"], own["awake_to"], when, strict=True)
    ]
    return past[np.array(awake, dtype=bool)]


def empty_in_a_row(
    visits: pd.DataFrame, places: pd.DataFrame, signs: Mapping[str, datetime], as_of: datetime
) -> pd.Series:
    """Return by place how many visits met nobody since it last showed that it is in use.

    Parameters
    ----------
    signs
        The moment of the last sign by place; a place without one counts all its visits.
    """
    looked = _finished(visits, places, as_of)
    since = pd.to_datetime(looked["place_id"].map(signs), utc=True)
    later = since.isna() | (looked["started_at"] >= since)
    counts = looked[later].groupby("place_id").size()
    return counts.reindex(pd.Index(places["place_id"]), fill_value=0).astype("int64")
