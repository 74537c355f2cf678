"""How often a place is needed: visits a week or month, and how far apart they lie."""

from __future__ import annotations

import math
from dataclasses import dataclass

__all__ = ["INTERVAL_DAYS", "MONTH_DAYS", "WEEK_DAYS", "PlaceNeed", "Promise", "VisitNeed"]

WEEK_DAYS = 7
#: A month of a plan is four weeks, so that it holds as many of each weekday.
MONTH_DAYS = 28
#: Every place and every inhabited area is wanted at least this often, all year.
INTERVAL_DAYS = 28


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitNeed:
    """So many visits in so many days, and at least so many days from one to the next.

    Parameters
    ----------
    visits
        At least one.
    days
        `WEEK_DAYS` or `MONTH_DAYS`, or whatever else is counted in.
    least_gap_days
        Two visits never lie closer; nought: also twice a day.
    """

    visits: int
    days: int
    least_gap_days: int

    @property
    def interval_days(self) -> float:
        """Return how far apart visits lie that are spread evenly: later ones are overdue."""
        return self.days / self.visits

    @property
    def in_a_week(self) -> int:
        """Return the visits of a week that are needed, and no extra: one at least."""
        return max(1, math.ceil(self.visits * WEEK_DAYS / self.days))

    def of_at_least(self, visits: int, days: int) -> VisitNeed:
        """Return this need, or so many visits in so many days where that is more."""
        if visits * self.days <= self.visits * days:
            return self
        return VisitNeed(visits=visits, days=days, least_gap_days=self.least_gap_days)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceNeed:
    """What a coordinator asks for one place, whatever is usual for places like it."""

    place_id: str
    need: VisitNeed


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """The team said it would be back in this hour of this weekday (0 is Monday)."""

    place_id: str
    weekday: int
    hour: int
