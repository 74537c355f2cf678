"""What visits say of each place: when somebody was last there, and for how long in all."""

from __future__ import annotations

from datetime import datetime

import pandas as pd

__all__ = ["place_history"]


def place_history(place_ids: pd.Series, visits: pd.DataFrame, as_of: datetime) -> pd.DataFrame:
    """Return one row a place, indexed by `place_id`.

    Columns: `last_visit` (empty where nobody was), `days_since` (empty likewise),
    `hours` (of presence), `n_visits`. Later visits than `as_of` are not looked at,
    nor those without length: an arrival that was never finished is no visit.
    """
    past = visits[(visits["ended_at"] <= as_of) & (visits["ended_at"] > visits["started_at"])]
    lasted = (past["ended_at"] - past["started_at"]).dt.total_seconds() / 3600.0
    grouped = past.assign(hours=lasted).groupby("place_id")
    table = pd.DataFrame(
        {
            "last_visit": grouped["ended_at"].max(),
            "hours": grouped["hours"].sum(),
            "n_visits": grouped.size(),
        }
    ).reindex(pd.Index(place_ids, name="place_id"))
    since = (pd.Timestamp(as_of) - table["last_visit"]).dt.total_seconds() / 86400.0
    return table.assign(
        days_since=since,
        hours=table["hours"].fillna(0.0),
        n_visits=table["n_visits"].fillna(0).astype("int64"),
    )
