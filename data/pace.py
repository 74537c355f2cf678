"""How often a place may be met in the week of a plan: what the plan keeps of its needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

__all__ = ["Pace"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often and how far apart a place is met, and in which hours it was met before.

    Parameters
    ----------
    least_gap_days
        Days from one visit to the next, at least.
    needed, most
        Visits of the week that count in full, and visits at most.
    rests_until
        The first day of a visit in the week, where one before the week was near.
    hours
        Weekday (0 is Monday), hour and how many of the visits before the week that count
        began in it. `None` where a visit may begin in any hour: no place at risk, or promised.
    """

    least_gap_days: int
    needed: int = 1
    most: int = 1
    rests_until: date | None = None
    hours: tuple[tuple[int, int, int], ...] | None = None
