"""What kinds of place have to do with risk: an expert's first guess, corrected by what is found.

A feature multiplies the rate of the places that have it. An expert's factors
come first; when there are cases enough, each is drawn away from them as far as
the cases of other places bear it out (a Poisson regression whose coefficients are
held near the expert's, the strength chosen by held-out likelihood). Every effect
is handed up with its interval, so that a person can read the whole layer.

References
----------
Hoerl and Kennard (1970), Technometrics 12 (1): ridge regression.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from data.vocabulary import PlaceKind
from geo.slots import SLOT_IDS

__all__ = ["FEATURES", "Effect", "Feature", "FeatureLayer", "design", "learn_features"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """Something that raises or lowers the risk of a place.

    Parameters
    ----------
    kind
        The place is of this kind, or such a place is within `reach_m`, metres.
    factor
        By which an expert would multiply the rate.
    slots
        Hours of the week in which it counts; empty: always.
    """

    kind: PlaceKind
    factor: float
    reach_m: float = 0.0
    slots: tuple[str, ...] = ()


#: The whole list: nothing else about the ground comes near a score.
FEATURES: Final = (
    Feature(kind=PlaceKind.MARKET, factor=1.3, reach_m=150.0),
    Feature(kind=PlaceKind.BUS_STATION, factor=1.3, reach_m=150.0),
    Feature(kind=PlaceKind.JUNCTION, factor=1.3),
    Feature(kind=PlaceKind.BEACH, factor=1.3),
    Feature(kind=PlaceKind.LANDFILL, factor=1.4),
    Feature(kind=PlaceKind.MINE_HEAP, factor=1.5),
    Feature(kind=PlaceKind.BORDER, factor=1.2, reach_m=1000.0),
    # Leaving time falls into the early afternoon.
    Feature(kind=PlaceKind.SCHOOL, factor=1.3, reach_m=200.0, slots=("weekday-afternoon",)),
)
#: How strongly the expert is held on to, as so many standard errors' worth of evidence.
_HOLDS: Final = (4.0, 16.0, 64.0)
#: Below so many cases nothing is learned.
_LEAST_CASES: Final = 30
_FOLDS: Final = 5
_STEPS: Final = 12
_80: Final = 1.2816
_LEARN_FROM: Final = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """By how much a feature multiplies the rate, with its 80 % interval.

    Parameters
    ----------
    expert
        What was guessed first.
    n_places, n_cases
        That have the feature.
    learned
        Whether cases have moved it; otherwise it is the expert's.
    """

    kind: PlaceKind
    expert: float
    factor: float
    low80: float
    high80: float
    n_places: int
    n_cases: float
    learned: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FeatureLayer:
    """The effects, and by how much they multiply each place's rate.

    Parameters
    ----------
    effects
        Of the features that some place has.
    factor
        By place and slot, learned without the place itself, shape (places, 8).
    """

    effects: tuple[Effect, ...]
    factor: Floats


def design(kinds: NDArray[np.object_], xy_m: Floats) -> Floats:
    """Return which place has which feature in which slot, shape (places, 8, features)."""
    has = np.zeros((len(kinds), len(SLOT_IDS), len(FEATURES)))
    for number, feature in enumerate(FEATURES):
        own = kinds == str(feature.kind)
        if own.any() and feature.reach_m:
            gap_m, _ = cKDTree(xy_m[own]).query(xy_m)
            own = gap_m <= feature.reach_m
        slots = [SLOT_IDS.index(s) for s in feature.slots] or list(range(len(SLOT_IDS)))
        has[np.ix_(own, slots, [number])] = 1.0
    return has


def learn_features(has: Floats, n: Floats, expected: Floats) -> FeatureLayer:
    """Return the layer.

    Parameters
    ----------
    has
        Of `design`.
    n, expected
        Cases by place and slot, and those that the hours there would have found were
        all places alike, shape (places, 8).
    """
    expert = np.log([feature.factor for feature in FEATURES])
    there = np.asarray(has.any(axis=1))
    used = [k for k in range(len(FEATURES)) if there[:, k].any()]
    places = len(n)
    if not used or n.sum() < _LEAST_CASES or expected.sum() <= 0:
        effects = tuple(_guessed(k, there, n) for k in used)
        return FeatureLayer(effects=effects, factor=np.exp(has @ expert))
    fold = np.arange(places) % _FOLDS
    held = max(_HOLDS, key=lambda hold: _foretold(has, n, expected, expert, fold, hold))
    factor = np.empty((places, n.shape[1]))
    for out in range(_FOLDS):
        beta, _ = _fit(has, n, expected, expert, fold != out, held)
        factor[fold == out] = np.exp(has[fold == out] @ beta[1:])
    beta, sd = _fit(has, n, expected, expert, np.ones(places, dtype=bool), held)
    effects = tuple(
        Effect(
            kind=FEATURES[k].kind,
            expert=FEATURES[k].factor,
            factor=float(np.exp(beta[1 + k])),
            low80=float(np.exp(beta[1 + k] - _80 * sd[1 + k])),
            high80=float(np.exp(beta[1 + k] + _80 * sd[1 + k])),
            n_places=int(there[:, k].sum()),
            n_cases=float(n[there[:, k]].sum()),
            learned=True,
        )
        for k in used
    )
    return FeatureLayer(effects=effects, factor=factor)


def _guessed(k: int, there: NDArray[np.bool_], n: Floats) -> Effect:
    """Return an effect as the expert has it."""
    sd = 1.0 / np.sqrt(_HOLDS[0])
    factor = FEATURES[k].factor
    return Effect(
        kind=FEATURES[k].kind,
        expert=factor,
        factor=factor,
        low80=float(factor * np.exp(-_80 * sd)),
        high80=float(factor * np.exp(_80 * sd)),
        n_places=int(there[:, k].sum()),
        n_cases=float(n[there[:, k]].sum()),
        learned=False,
    )


def _foretold(  # noqa: PLR0913, PLR0917 - one regression, its arrays in hand
    has: Floats,
    n: Floats,
    expected: Floats,
    expert: Floats,
    fold: NDArray[np.int64],
    hold: float,
) -> float:
    """Return how likely the counts of each fold are under what the others taught."""
    total = 0.0
    for out in range(_FOLDS):
        beta, _ = _fit(has, n, expected, expert, fold != out, hold)
        own = fold == out
        mean = expected[own] * np.exp(beta[0] + has[own] @ beta[1:])
        total += float((n[own] * np.log(np.maximum(mean, 1e-12)) - mean).sum())
    return total


def _fit(  # noqa: PLR0913, PLR0917 - one regression, its arrays in hand
    has: Floats,
    n: Floats,
    expected: Floats,
    expert: Floats,
    use: NDArray[np.bool_],
    hold: float,
) -> tuple[Floats, Floats]:
    """Return level and coefficients with their standard errors, by Newton's method."""
    rows = np.flatnonzero(use)
    rows = rows[:: max(len(rows) // _LEARN_FROM, 1)]
    x = has[rows].reshape(-1, len(FEATURES))
    due, found = expected[rows].ravel(), n[rows].ravel()
    seen = due > 0
    x, due, found = x[seen], due[seen], found[seen]
    x = np.column_stack([np.ones(len(x)), x])
    # The level is free; coefficients are held near the expert's.
    centre, grip = (
        np.concatenate([[0.0], expert]),
        np.concatenate([[1e-6], np.full(len(expert), hold)]),
    )
    beta = centre.copy()
    beta[0] = np.log(max(found.sum(), 0.5) / max((due * np.exp(x[:, 1:] @ expert)).sum(), 1e-12))
    for _ in range(_STEPS):
        mean = due * np.exp(np.clip(x @ beta, -20.0, 20.0))
        slope = x.T @ (found - mean) - grip * (beta - centre)
        curve = (x * mean[:, None]).T @ x + np.diag(grip)
        step = np.clip(np.linalg.solve(curve, slope), -1.0, 1.0)
        beta += step
        if np.abs(step).max() < 1e-6:  # noqa: PLR2004 - far below what anybody reads
            break
    wide = np.maximum(
        ((found - mean) ** 2 / np.maximum(mean, 1e-9)).sum() / max(len(found), 1), 1.0
    )
    sd = np.sqrt(np.diag(np.linalg.inv(curve)) * min(wide, 10.0))
    return beta, sd
