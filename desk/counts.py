"""Children identified by municipality, as they may be shown: small counts hidden, fixed periods.

The periods are the last two complete half-years and never a filter's: counts of
overlapping periods could be subtracted from each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache

import pandas as pd

from data import reference
from data.access import K_INTERNAL, K_OUTGOING, Action, require
from data.nouns import TIRANE, Viewer
from data.suppression import suppress_tree
from data.vocabulary import Role
from desk.wiring import House

__all__ = ["ChildCounts", "child_counts", "last_year"]

_JULY = 7
#: A count is hidden when one place holds more than this share of it.
_DOMINANT = 0.85


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildCounts:
    """What may be shown, by the code of a municipality or county, and ``total``.

    `first` and `last` are the days of the period, both included; `k` the
    least count that is shown.
    """

    shown: dict[str, str]
    first: date
    last: date
    k: int


def last_year(as_of: datetime) -> tuple[date, date]:
    """Return the first and last day of the two half-years that were complete at a moment."""
    day = as_of.astimezone(TIRANE).date()
    if day.month >= _JULY:
        return date(day.year - 1, _JULY, 1), date(day.year, _JULY - 1, 30)
    return date(day.year - 1, 1, 1), date(day.year - 1, 12, 31)


def child_counts(
    house: House, viewer: Viewer, as_of: datetime, *, outgoing: bool = False
) -> ChildCounts:
    """Return how many children were identified in each municipality, as far as it may be shown.

    A coordinator reads the own municipality's true count on the screen. The
    agency, and whatever leaves the house, gets suppressed ones; they are worked
    out over the whole country, so that two tables never complete each other.
    """
    require(viewer, Action.SEE_COVERAGE, None)
    first, last = last_year(as_of)
    if viewer.role is Role.COORDINATOR and not outgoing and not viewer.is_operator:
        own = {
            code: str(len(_within(house.store.cases(code), first, last)))
            for code in sorted(viewer.municipalities)
        }
        return ChildCounts(shown=own, first=first, last=last, k=1)
    k = K_OUTGOING if outgoing else K_INTERNAL
    cases = _within(house.store.cases(), first, last)
    counts = cases.groupby("municipality_found").size()
    towns = reference.municipalities()
    numbers = tuple(int(counts.get(town.code, 0)) for town in towns)
    dominated = _dominated(cases)
    flags = tuple(town.code in dominated for town in towns)
    shown = dict(_suppressed(numbers, flags, k))
    if viewer.role is Role.COORDINATOR and not viewer.is_operator:
        shown = {code: shown[code] for code in sorted(viewer.municipalities)}
    return ChildCounts(shown=shown, first=first, last=last, k=k)


def _within(cases: pd.DataFrame, first: date, last: date) -> pd.DataFrame:
    begin = datetime.combine(first, time(), TIRANE)
    end = datetime.combine(last, time.max, TIRANE)
    return cases[(cases["identified_at"] >= begin) & (cases["identified_at"] <= end)]


def _dominated(cases: pd.DataFrame) -> frozenset[str]:
    """Return the municipalities of whose cases one place holds nearly all."""
    known = cases[cases["place_id"].notna() & (cases["place_id"] != "")]
    most = known.groupby(["municipality_found", "place_id"]).size().groupby(level=0).max()
    total = cases.groupby("municipality_found").size()
    share = (most / total).dropna()
    return frozenset(share.index[share > _DOMINANT])


@lru_cache(maxsize=16)
def _suppressed(
    numbers: tuple[int, ...], dominated: tuple[bool, ...], k: int
) -> tuple[tuple[str, str], ...]:
    towns = reference.municipalities()
    codes = [town.code for town in towns]
    counties = pd.Series([town.county for town in towns], index=codes)
    shown = suppress_tree(
        pd.Series(numbers, index=codes),
        counties,
        k=k,
        also=pd.Series(dominated, index=codes),
    )
    return tuple((str(name), str(text)) for name, text in shown.items())
