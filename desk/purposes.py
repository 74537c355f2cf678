"""What visits were made for, and what each purpose led to: counted, and shown as far as it may be.

The action plan counts children not enrolled, not vaccinated, without a health card and not in the
civil register; a visit counts them whatever it was made for, and its purpose says
which drive or round it belongs to.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

import pandas as pd

from data.access import K_INTERNAL, Action, require, sees_municipality
from data.frames import CHILD_COUNTS
from data.nouns import TIRANE, Viewer
from data.vocabulary import Role, VisitPurpose
from desk.counts import last_year
from desk.wiring import House

__all__ = ["FOUND_COUNTS", "PurposeResult", "PurposeResults", "purpose_results"]

#: A count is hidden when one place holds more than this share of it.
_DOMINANT: Final = 0.85
#: What is counted of a purpose, in children: who was only seen is nobody's result.
FOUND_COUNTS: Final = CHILD_COUNTS[1:]
_YEAR: Final = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class PurposeResult:
    """What came of one purpose; `children` are publishable texts by column."""

    purpose: VisitPurpose
    n_visits: int
    n_places: int
    hours: float
    children: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PurposeResults:
    """What came of each purpose that anybody went for, from `first` to `last`."""

    rows: tuple[PurposeResult, ...]
    first: date
    last: date
    k: int


def purpose_results(house: House, viewer: Viewer, as_of: datetime) -> PurposeResults:
    """Return the results by purpose of the municipalities a viewer may see.

    A coordinator gets the true counts of the last twelve months, who looks at the
    country those of the last two half-years, small ones hidden; there is no total
    from which a hidden count could be worked out.

    Raises
    ------
    AccessDeniedError
        If the viewer may not see coverage.
    """
    require(viewer, Action.SEE_COVERAGE, None)
    own = viewer.role is Role.COORDINATOR and not viewer.is_operator
    day = as_of.astimezone(TIRANE).date()
    first, last = (day - _YEAR, day) if own else last_year(as_of)
    visits = house.store.visits(min(viewer.municipalities) if own else None)
    mine = [sees_municipality(viewer, code) for code in visits["municipality"]]
    begin = datetime.combine(first, time(), TIRANE)
    end = min(datetime.combine(last, time.max, TIRANE), as_of)
    finished = visits["ended_at"] > visits["started_at"]
    within = (visits["started_at"] >= begin) & (visits["started_at"] <= end)
    found = visits[finished & within & pd.Series(mine, index=visits.index, dtype=bool)]
    k = 1 if own else K_INTERNAL
    rows = tuple(
        _result(purpose, found[found["purpose"] == str(purpose)], k)
        for purpose in VisitPurpose
        if (found["purpose"] == str(purpose)).any()
    )
    return PurposeResults(rows=rows, first=first, last=last, k=k)


def _result(purpose: VisitPurpose, visits: pd.DataFrame, k: int) -> PurposeResult:
    lasted = (visits["ended_at"] - visits["started_at"]).dt.total_seconds() / 3600.0
    return PurposeResult(
        purpose=purpose,
        n_visits=len(visits),
        n_places=int(visits["place_id"].nunique()),
        hours=round(float(lasted.sum()), 1),
        children={column: _shown(visits, column, k) for column in FOUND_COUNTS},
    )


def _shown(visits: pd.DataFrame, column: str, k: int) -> str:
    total = int(visits[column].sum())
    if k <= 1 or total == 0:
        return str(total)
    largest = int(visits.groupby("place_id")[column].sum().max())
    if total < k:
        return f"<{k}"
    return "\N{EN DASH}" if largest > _DOMINANT * total else str(total)
