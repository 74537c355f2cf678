"""Rates that borrow from each other: Gamma-Poisson at several scales at once, weights learned.

Each unit (a place, a cell, one slot of it) has a count and an exposure. Before its
own count is looked at, its rate may be near any of several means: that of its
surroundings, of its kind, of the municipality, of the county. How much each mean
deserves to be believed, and how far units usually lie from it, is learned by how
well every count is foretold from the others, so that a unit with few hours
borrows much and one with many speaks for itself.

References
----------
Clayton and Kaldor (1987), Biometrics 43 (3): empirical Bayes estimates of rates.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammainc, gammaincinv, gammaln

from geo.mixture import mixture_weights

__all__ = ["Gammas", "PoolSettings", "pool"]

Floats = NDArray[np.float64]

#: The least share of the weight that is still worked with.
_SLIGHT = 1e-300
#: A weight that changes by less changes no rate by a thousandth.
_SETTLED = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolSettings:
    """How weights are learned.

    Parameters
    ----------
    concentrations
        Shapes of the Gammas around each mean: a half is "anything goes", 64 "all alike".
    pseudo_units
        Strength of the prior, which holds every mean and concentration to be equally likely.
    iterations
        Of the search for weights, at most.
    learn_from
        Of more units than this only so many, evenly chosen, teach the weights.
    """

    concentrations: tuple[float, ...] = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 64.0)
    pseudo_units: float = 4.0
    iterations: int = 100
    learn_from: int = 8_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Gammas:
    """One Gamma a unit, each with `shape` and `rate`, shape (n,): what is believed of its rate.

    Parameters
    ----------
    prior
        What each unit's rate was expected to be before its own count was looked at.
    held
        How strongly units are held to that, in cases.
    weights
        Share of the belief that each mean has, all concentrations together, shape (means,).
    """

    shape: Floats
    rate: Floats
    prior: Floats
    weights: Floats
    held: float = 1.0

    @property
    def mean(self) -> Floats:
        """Return the expected rates."""
        return self.shape / self.rate

    def widened(self, excess: Floats) -> Gammas:
        """Return the same means, less sure by a variance relative to the squared mean."""
        shape = 1.0 / (1.0 / self.shape + excess)
        return replace(self, shape=shape, rate=shape / self.mean)

    def quantile(self, q: float) -> Floats:
        """Return the rates that are not exceeded with probability `q`."""
        return np.asarray(gammaincinv(self.shape, q) / self.rate)

    def above(self, limit: float | Floats) -> Floats:
        """Return the probability that each rate is above a limit."""
        return np.asarray(1.0 - gammainc(self.shape, self.rate * limit))


def pool(
    n: Floats, exposure: Floats, means: Floats, *, settings: PoolSettings | None = None
) -> Gammas:
    """Return what is believed of each unit's rate.

    A mixture of Gammas is handed up as the one Gamma with its mean and variance.

    Parameters
    ----------
    n
        Counts, shape (units,); parts of a case are allowed (`geo.effort`).
    exposure
        Of each unit, shape (units,); nought where nobody could have met anybody.
    means
        What each unit's rate may be near, learned without that unit, shape (units, means);
        above nought.
    """
    settings = settings or PoolSettings()
    shapes = np.tile(np.array(settings.concentrations), means.shape[1])
    centres = np.repeat(means, len(settings.concentrations), axis=1)
    weights = _weights(n, exposure, centres, shapes, settings)
    belief = np.log(np.maximum(weights, _SLIGHT)) + _likelihood(n, exposure, centres, shapes)
    belief = np.exp(belief - belief.max(axis=1, keepdims=True))
    belief /= belief.sum(axis=1, keepdims=True)
    shape = shapes + n[:, None]
    rate = shapes / centres + exposure[:, None]
    mean = (belief * shape / rate).sum(axis=1)
    square = (belief * shape * (shape + 1.0) / rate**2).sum(axis=1)
    spread = np.maximum(square - mean**2, 1e-12 * square)
    return Gammas(
        shape=mean**2 / spread,
        rate=mean / spread,
        prior=centres @ weights,
        held=float(np.exp(weights @ np.log(shapes))),
        weights=weights.reshape(means.shape[1], -1).sum(axis=1),
    )


def _likelihood(n: Floats, exposure: Floats, centres: Floats, shapes: Floats) -> Floats:
    """Return the logarithm of how likely each count is, less what all means share."""
    expected = centres * exposure[:, None]
    whole = shapes + expected
    counts = n[:, None]
    found: Floats = (
        gammaln(shapes + counts)
        - gammaln(shapes)
        + shapes * np.log(shapes / whole)
        + counts * np.log(np.maximum(expected, _SLIGHT) / whole)
    )
    # Where nobody could have met anybody nothing speaks for one mean or another.
    return np.where(exposure[:, None] > 0, found, 0.0)


def _weights(
    n: Floats, exposure: Floats, centres: Floats, shapes: Floats, settings: PoolSettings
) -> Floats:
    """Return the weights under which the counts are likeliest."""
    k = len(shapes)
    told = np.flatnonzero(exposure > 0)
    step = max(len(told) // settings.learn_from, 1)
    told = told[::step]
    if not len(told):
        return np.full(k, 1.0 / k)
    logs = _likelihood(n[told], exposure[told], centres[told], shapes)
    likely = np.exp(logs - logs.max(axis=1, keepdims=True))
    return mixture_weights(
        likely,
        np.ones(len(told)),
        pseudo=settings.pseudo_units,
        iterations=settings.iterations,
        settled=_SETTLED,
    )
