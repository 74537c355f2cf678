"""What was done of what is needed, a municipality a row: mapped, teams, hours, overdue, visits.

It counts work, never finds: who finds more children is not better covered.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pandas as pd
from geopandas import GeoDataFrame

from data.nouns import TIRANE, Plan, Shift, Team
from data.vocabulary import MappingStatus, PlanStatus
from patrol.history import place_history

__all__ = [
    "CoverageSettings",
    "Known",
    "awake",
    "coverage_table",
    "least_served",
    "reached_over_time",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageSettings:
    """What counts as done.

    Parameters
    ----------
    period_days
        Hours and visits are counted over so many days before the moment.
    interval_days
        Every place that is awake is wanted at least this often.
    mapped_days
        What a unit said of itself is good for so long.
    """

    period_days: int = 30
    interval_days: int = 28
    mapped_days: int = 365


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Known:
    """What is known of the municipalities that are looked at.

    Parameters
    ----------
    units
        `unit` and `municipality`: all there are.
    statuses
        `unit`, `municipality`, `status`, `at`: what units said of themselves.
    plans
        Every kept version; the one in force of each week counts.
    """

    units: pd.DataFrame
    statuses: pd.DataFrame
    places: GeoDataFrame
    visits: pd.DataFrame
    teams: Sequence[Team]
    plans: Sequence[Plan]


def coverage_table(
    codes: Sequence[str],
    known: Known,
    as_of: datetime,
    *,
    settings: CoverageSettings | None = None,
) -> pd.DataFrame:
    """Return one row a municipality, in the order of `codes`.

    Returns
    -------
    table
        `code`; `n_units`, `n_said` (said something within the year), `mapped`
        (their share, 0 to 1); `n_places` (awake now), `n_reached` (of them,
        visited within the interval), `reached` (the share, empty without
        places), `n_overdue` (the others), `n_never` (of them, never visited);
        `n_teams`; `hours_planned`, `hours_done`, `n_visits` (over the period);
        `last_visit` (empty where there was none).
    """
    settings = settings or CoverageSettings()
    # A visit without length is an arrival that was never finished: no effort.
    finished = known.visits[known.visits["ended_at"] > known.visits["started_at"]]
    known = replace(known, visits=finished)
    index = pd.Index(list(codes), name="code")
    table = pd.DataFrame(index=index)
    table["n_units"] = _count(known.units["municipality"], index)
    table["n_said"] = _count(_said(known.statuses, as_of, settings.mapped_days), index)
    table["mapped"] = (table["n_said"] / table["n_units"].where(table["n_units"] > 0)).fillna(0.0)
    table = table.join(_reach(known, as_of, settings.interval_days, index))
    table["n_teams"] = _count(pd.Series([t.municipality for t in known.teams], dtype=object), index)
    since = as_of - timedelta(days=settings.period_days)
    table["hours_planned"] = _planned(known.plans, since, as_of, index)
    table = table.join(_done(known.visits, since, as_of, index))
    return table.reset_index()


def least_served(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a coverage table, who is served least first; finds play no part.

    First where no place is known, because nobody knows; then by the share of
    places visited in time, by how many are overdue, and by what is not mapped.
    """
    order = table.assign(reached=table["reached"].fillna(-1.0), n_overdue=-table["n_overdue"])
    return table.loc[order.sort_values(["reached", "n_overdue", "mapped", "code"]).index]


def reached_over_time(
    known: Known, as_of: datetime, *, settings: CoverageSettings | None = None, most: int = 6
) -> dict[datetime, float]:
    """Return the share of places visited in time at moments an interval apart, the last `as_of`.

    It is always the share of the places that are in season at `as_of`: another
    set of places at each moment would rise and fall by itself. A moment before
    which visits were not written down for a whole interval is left out; nobody
    knows what was done then.
    """
    interval = timedelta(days=(settings or CoverageSettings()).interval_days)
    places = known.places[awake(known.places, as_of.astimezone(TIRANE).month)]
    begun = known.visits["started_at"].min()
    if places.empty or pd.isna(begun):
        return {}
    moments = [as_of - step * interval for step in reversed(range(most))]
    shares = {}
    for moment in moments:
        if moment - interval >= begun:
            since = place_history(places["place_id"], known.visits, moment)["days_since"]
            shares[moment] = float((since <= interval.days).mean())
    return shares


def _count(owners: pd.Series, index: pd.Index) -> pd.Series:
    return owners.value_counts().reindex(index).fillna(0).astype("int64")


def _said(statuses: pd.DataFrame, as_of: datetime, days: int) -> pd.Series:
    """Return the municipality of every unit that said something lately enough."""
    if statuses.empty:
        return pd.Series([], dtype=object)
    fresh = (statuses["at"] <= as_of) & (statuses["at"] > as_of - timedelta(days=days))
    answered = statuses["status"] != str(MappingStatus.UNKNOWN)
    return statuses.loc[fresh & answered].drop_duplicates("unit")["municipality"]


def awake(places: GeoDataFrame, month: int) -> pd.Series:
    """Say of each place whether it is in use in a month; a season may run over New Year."""
    first, last = places["awake_from"], places["awake_to"]
    through = (first <= month) & (month <= last)
    over_new_year = (first > last) & ((month >= first) | (month <= last))
    return through | over_new_year


def _reach(known: Known, as_of: datetime, days: int, index: pd.Index) -> pd.DataFrame:
    places = known.places[awake(known.places, as_of.astimezone(TIRANE).month)]
    history = place_history(places["place_id"], known.visits, as_of)
    owner = places["municipality"].to_numpy()
    since = history["days_since"].to_numpy(dtype=float)
    rows = pd.DataFrame({"code": owner, "reached": since <= days, "never": pd.isna(since)})
    grouped = rows.groupby("code")
    counts = pd.DataFrame(
        {
            "n_places": grouped.size(),
            "n_reached": grouped["reached"].sum(),
            "n_never": grouped["never"].sum(),
        }
    )
    counts = counts.reindex(index).fillna(0).astype("int64")
    return counts.assign(
        n_overdue=counts["n_places"] - counts["n_reached"],
        reached=counts["n_reached"] / counts["n_places"].where(counts["n_places"] > 0),
    )


def _in_force(plans: Iterable[Plan]) -> list[Plan]:
    """Return each plan's version that counts: the approved one, on invented data the newest."""
    chosen: dict[str, Plan] = {}
    for plan in sorted(plans, key=lambda p: (p.status.rank, p.version)):
        if plan.status is PlanStatus.APPROVED or plan.marks.synthetic:
            chosen[plan.id] = plan
    return list(chosen.values())


def _planned(plans: Iterable[Plan], since: datetime, until: datetime, index: pd.Index) -> pd.Series:
    hours = dict.fromkeys(index, 0.0)
    for plan in _in_force(plans):
        if plan.municipality in hours:
            hours[plan.municipality] += sum(
                _hours(shift) for shift in plan.shifts if since < shift.start <= until
            )
    return pd.Series(hours, index=index, dtype="float64")


def _hours(shift: Shift) -> float:
    return (shift.end.astimezone(UTC) - shift.start.astimezone(UTC)).total_seconds() / 3600.0


def _done(visits: pd.DataFrame, since: datetime, until: datetime, index: pd.Index) -> pd.DataFrame:
    past = visits[visits["ended_at"] <= until]
    lasted = (past["ended_at"] - past["started_at"]).dt.total_seconds() / 3600.0
    past = past.assign(lasted=lasted)
    lately = past[past["started_at"] > since]
    grouped = lately.groupby("municipality")
    return pd.DataFrame(
        {
            "hours_done": grouped["lasted"].sum().reindex(index).fillna(0.0).astype("float64"),
            "n_visits": grouped.size().reindex(index).fillna(0).astype("int64"),
            "last_visit": past.groupby("municipality")["ended_at"].max().reindex(index),
        }
    )
