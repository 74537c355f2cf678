"""Time for people: how likely a visit meets a child, and what that takes.

A visit takes its dwell, and where a child is met the time of a contact as well.
Meetings are taken to come by themselves, as rare events do: with a rate an hour
nobody is met in a dwell with probability exp(-rate x dwell), and one visit tells
nothing of the next. `patrol.in_time` makes rounds of it that keep their end.

References
----------
Hong (2013), Computational Statistics & Data Analysis 59: the Poisson-binomial
distribution, here by convolution.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["chance_of_meeting", "expected_visit", "meetings", "reserve_min"]

#: What sums of chances may be off by.
_ROUNDING = 1e-9


def chance_of_meeting(per_hour: float, dwell_min: float) -> float:
    """Return the chance of meeting a child in a visit, from the children expected an hour."""
    return -math.expm1(-max(0.0, per_hour) * dwell_min / 60.0)


def expected_visit(per_hour: float, dwell_min: float, contact_min: float) -> tuple[float, float]:
    """Return the chance of meeting a child, and the minutes that a visit takes on average."""
    chance = round(chance_of_meeting(per_hour, dwell_min), 4)
    return chance, round(dwell_min + chance * contact_min, 2)


def meetings(chances: Sequence[float]) -> NDArray[np.float64]:
    """Return the chance that 0, 1, 2, ... visits meet a child, shape (visits + 1,)."""
    found = np.ones(1)
    for chance in chances:
        found = np.convolve(found, [1.0 - chance, chance])
    return found


def reserve_min(chances: Sequence[float], contact_min: float, percentile: float) -> float:
    """Return the minutes that a round without waits needs beyond its expected ones."""
    below = np.cumsum(meetings(chances))
    most = int(np.searchsorted(below, percentile / 100.0 - _ROUNDING))
    return max(0.0, (most - math.fsum(chances)) * contact_min)
