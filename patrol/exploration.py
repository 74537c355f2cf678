"""Which places a week explores: a share of its minutes at places, where too little is known.

A plan that goes only where children were found finds them only there, and
believes itself confirmed (measured by `bench.feedback`). So a share of the
minutes there is kept for those unlooked for longest and those known least,
drawn with the plan's seed; how many minutes a week has is known from a first
draft of its rounds.

References
----------
Ensign et al. (2018), FAT*: runaway feedback loops in predictive policing.
Efraimidis and Spirakis (2006), Information Processing Letters 97: weighted draws.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["Draft", "explored_places", "lifted"]

#: Hours that a place is taken to be known by before anybody was there.
_UNSEEN_H = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What rounds without any exploration look like.

    Parameters
    ----------
    minutes
        At places, in the whole week.
    visits
        By place; none where it is not named.
    unreached
        Places that no round can reach in their hours, so that drawing them would explore nothing.
    """

    minutes: float
    visits: Mapping[str, int] = field(default_factory=dict)
    unreached: frozenset[str] = frozenset()


def explored_places(
    history: pd.DataFrame,
    draft: Draft,
    budget: float,
    *,
    interval_days: float,
    rng: np.random.Generator,
) -> dict[str, int]:
    """Draw places to explore, those never seen, the longest unlooked, then any by few hours.

    Hours alone would leave a place out of sight for months by bad luck, and what
    nobody looks at cannot correct what is believed of it. Places are taken while
    one more brings their visits nearer to the budget; at least one, if there is any budget.

    Parameters
    ----------
    history
        Of `patrol.history.place_history`, for the places that may be drawn.
    budget
        Visits of the week, in as many parts of one as its minutes make.
    interval_days
        Places unlooked for longer come before all others.

    Returns
    -------
    dict
        Visits by place: as many as the draft has, and one at least.
    """
    history = history[~history.index.isin(list(draft.unreached))]
    days = history["days_since"].fillna(np.inf).to_numpy(dtype=np.float64)
    late = np.where(days > interval_days, days, 0.0)
    # The smallest of exponential waits at these speeds are a weighted draw without replacement.
    known_h = _UNSEEN_H + history["hours"].to_numpy(dtype=np.float64)
    order = np.lexsort((rng.exponential(size=len(days)) * known_h, -late))
    if budget <= 0 or not len(order):
        return {}
    each = np.array([max(draft.visits.get(place, 0), 1) for place in history.index])[order]
    n = max(int((np.cumsum(each) - each / 2.0 <= budget).sum()), 1)
    return dict(zip(history.index[order[:n]], each[:n].tolist(), strict=True))


def lifted(prizes: NDArray[np.float64], explored: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return prizes where those drawn are worth as much as the best of the week.

    Rounds go where the prizes are: a place that is worth little by what is
    believed of it would be drawn week after week and never visited. The budget
    of the draw, and not the prize, keeps exploration from taking more than its share.
    """
    return np.where(explored, prizes.max(initial=0.0), prizes)
