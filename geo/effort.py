"""What was found and who was there to find it, as arrays: the two sides of every rate.

Presence is cut into hours of the week and months. A case known to its day or to
a span only is spread evenly over it (aoristic). What teams found and what others
reported are kept apart: a team's find is owed to its hours there, a report to
eyes that are open everywhere alike.

Of the time before visits were written down nobody knows where teams were; their
old finds are set against the hours that each place would have had by its chance
of being visited, so that old finds at favourite places do not pass for risk.

References
----------
Ratcliffe (2002), Journal of Quantitative Criminology 18: aoristic signatures.
Ensign et al. (2018), FAT*: finds corrected by the chance that somebody was sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.nouns import TIRANE
from data.vocabulary import Source
from geo.slots import hour_pieces, hours_of_week

__all__ = ["MONTHS", "Ledger", "make_ledger", "team_rate"]

MONTHS = 12
_WEEK = pd.Timedelta(weeks=1)
#: In fewer hours than this a rate of all places together is nothing to borrow from.
_LEAST_HOURS = 50.0
#: Weeks of the municipality's usual presence that a place's own record is weighed against.
_USUAL_WEEKS = 4.0

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ledger:
    """Finds and presence at the places of an area.

    Parameters
    ----------
    n_places
        How many places there are; `case_place` and `seen_place` are positions among them.
    case_place, case_hour, case_month, case_share
        A case known to its hour is one row with the whole of it; one known to its day
        or a span has a row for each hour of that, with its share of the case.
    case_meeting
        Its share of the meeting: children met at one place in one hour are one, when it
        comes to what hours and months are like, shape of `case_share`.
    case_timed, case_reported
        Whether its hour is known, and whether others than a team reported it.
    seen_place, seen_hour, seen_month, seen_h
        Presence of teams, hours, by hour of the week (0 to 167) and month (0 to 11).
    weeks_recorded
        Since the first visit that was written down; at least one.
    before_month, reported_month
        Weeks before the records, and weeks in which others' eyes were open, by month,
        shape (12,).
    """

    n_places: int
    case_place: Ints
    case_hour: Ints
    case_month: Ints
    case_share: Floats
    case_meeting: Floats
    case_timed: NDArray[np.bool_]
    case_reported: NDArray[np.bool_]
    seen_place: Ints
    seen_hour: Ints
    seen_month: Ints
    seen_h: Floats
    weeks_recorded: float
    before_month: Floats
    reported_month: Floats

    @property
    def found(self) -> Floats:
        """Return the cases of each place, shape (places,)."""
        return np.bincount(self.case_place, self.case_share, self.n_places).astype(np.float64)

    @property
    def reported(self) -> float:
        """Return how many cases others reported."""
        return float(self.case_share[self.case_reported].sum())

    @property
    def hours(self) -> Floats:
        """Return the hours of presence at each place, shape (places,)."""
        return np.bincount(self.seen_place, self.seen_h, self.n_places).astype(np.float64)

    def unrecorded(self) -> Floats:
        """Return the hours that each place is held to have had before the records.

        A place's chance of having been visited is its record's, drawn towards the
        municipality's as far as the record is short; shape (places,), hours.
        """
        own = self.hours
        usual = own.mean() / self.weeks_recorded if self.n_places else 0.0
        weekly = (own + _USUAL_WEEKS * usual) / (self.weeks_recorded + _USUAL_WEEKS)
        return np.asarray(self.before_month.sum() * weekly)


def team_rate(ledger: Ledger) -> float | None:
    """Return what teams find in an hour of presence at all places together; half a case at least.

    `None` where they were out for so few hours that it says nothing.
    """
    hours = float((ledger.hours + ledger.unrecorded()).sum())
    if hours < _LEAST_HOURS:
        return None
    return max(float(ledger.found.sum()) - ledger.reported, 0.5) / hours


def make_ledger(
    cases: pd.DataFrame, visits: pd.DataFrame, place_ids: pd.Series, as_of: datetime
) -> Ledger:
    """Return what happened before a moment at the places named.

    Parameters
    ----------
    cases
        `place_id`, `identified_at`, `identified_until`, `hour_known`, `source`; others'
        places count nowhere.
    visits
        `place_id`, `started_at`, `ended_at`; one that is not over yet counts nowhere.
    """
    position = pd.Series(np.arange(len(place_ids)), index=pd.Index(place_ids, dtype=object))
    cases = cases[(cases["identified_at"] < as_of) & cases["place_id"].isin(position.index)]
    visits = visits[(visits["ended_at"] < as_of) & visits["place_id"].isin(position.index)]
    place = position[cases["place_id"]].to_numpy(dtype=np.int64)
    reported = (cases["source"] != Source.PATROL).to_numpy(dtype=bool)
    timed = cases["hour_known"].to_numpy(dtype=bool)
    row, at, share = _spread(cases.reset_index(drop=True), timed)
    owner, begin, length = hour_pieces(
        visits["started_at"].reset_index(drop=True), visits["ended_at"].reset_index(drop=True)
    )
    seen = position[visits["place_id"]].to_numpy(dtype=np.int64)
    now, begun = pd.Timestamp(as_of), visits["started_at"].min()
    first_find = cases["identified_at"][~reported].min()
    clock = cases["identified_at"].dt.tz_convert("UTC").dt.floor("h").astype("int64")
    met = np.column_stack([place, clock, timed])
    _, meeting, together = np.unique(met, axis=0, return_inverse=True, return_counts=True)
    first = min(cases["identified_at"].min(), begun, key=_late)
    return Ledger(
        n_places=len(place_ids),
        case_place=place[row],
        case_hour=hours_of_week(at),
        case_month=_months(at),
        case_share=share,
        case_meeting=share / together[meeting.ravel()][row],
        case_timed=timed[row],
        case_reported=reported[row],
        seen_place=seen[owner],
        seen_hour=hours_of_week(begin) if len(owner) else owner,
        seen_month=_months(begin) if len(owner) else owner,
        seen_h=length,
        weeks_recorded=1.0 if pd.isna(begun) else max((now - begun) / _WEEK, 1.0),
        before_month=_weeks_by_month(first_find, begun),
        reported_month=_weeks_by_month(first, now),
    )


def _late(moment: pd.Timestamp) -> float:
    return float("inf") if pd.isna(moment) else moment.timestamp()


def _months(moments: pd.Series) -> Ints:
    return np.asarray(moments.dt.tz_convert(TIRANE).dt.month.to_numpy(dtype=np.int64) - 1)


def _spread(cases: pd.DataFrame, timed: NDArray[np.bool_]) -> tuple[Ints, pd.Series, Floats]:
    """Return rows, moments and shares: one row for a known hour, those of its span otherwise."""
    at, known, open_ = cases["identified_at"], np.flatnonzero(timed), np.flatnonzero(~timed)
    vague = cases.iloc[open_].reset_index(drop=True)
    midnight = vague["identified_at"].dt.tz_convert(TIRANE).dt.normalize()
    spans = vague["identified_until"].notna()
    first = midnight.where(~spans, vague["identified_at"])
    last = (midnight + pd.DateOffset(days=1)).where(~spans, vague["identified_until"])
    owner, begin, length = hour_pieces(first, last)
    whole = np.bincount(owner, length, len(open_)) if len(open_) else np.empty(0)
    if not len(open_):
        return known, at.iloc[known].reset_index(drop=True), np.ones(len(known))
    moments = pd.concat([at.iloc[known].dt.tz_convert("UTC"), begin], ignore_index=True)
    rows = np.concatenate([known, open_[owner]])
    return rows, moments, np.concatenate([np.ones(len(known)), length / whole[owner]])


def _weeks_by_month(first: pd.Timestamp, last: pd.Timestamp) -> Floats:
    """Return the weeks between two moments by month of the year, shape (12,)."""
    if pd.isna(first) or pd.isna(last) or first >= last:
        return np.zeros(MONTHS)
    days = pd.date_range(
        first.tz_convert(TIRANE).date(), last.tz_convert(TIRANE).date(), inclusive="left"
    )
    by_month = np.bincount(days.month - 1, minlength=MONTHS)
    return np.asarray(by_month / max(by_month.sum(), 1) * ((last - first) / _WEEK))
