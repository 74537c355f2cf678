"""The weights of several ways to foretell events, by how well each foretells them.

References
----------
Dempster, Laird and Rubin (1977), JRSS B 39 (1): the EM algorithm.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["mixture_weights"]

Floats = NDArray[np.float64]

_SLIGHT = 1e-300


def mixture_weights(
    likely: Floats, times: Floats, *, pseudo: float, iterations: int, settled: float = 0.0
) -> Floats:
    """Return the weights under which the events are likeliest, shape (ways,); they sum to one.

    Parameters
    ----------
    likely
        How likely each way held each event to be, shape (events, ways).
    times
        How often each event happened, shape (events,).
    pseudo
        Strength, in events, of the prior that holds every way to be equally likely.
    settled
        The search ends sooner once no weight changes by as much.
    """
    ways = likely.shape[1]
    weights = np.full(ways, 1.0 / ways)
    for _ in range(iterations):
        due = weights * ((times / np.maximum(likely @ weights, _SLIGHT)) @ likely)
        before, weights = weights, (due + pseudo / ways) / (due.sum() + pseudo)
        if np.abs(weights - before).max() < settled:
            break
    return weights
