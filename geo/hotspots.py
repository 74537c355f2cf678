"""Places whose risk, corrected for effort, stands out, with the hours in which it does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pandas as pd
from geopandas import GeoDataFrame

from data.crs import EDGE_CRS
from data.frames import HOTSPOTS
from data.messages import Message
from data.vocabulary import VisitOutcome
from geo.risk import RiskSurface

__all__ = ["HotspotSettings", "find_hotspots", "high_slots"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HotspotSettings:
    """When a place counts as one at risk.

    Parameters
    ----------
    min_p
        Least probability that its rate is above the municipality's median.
    min_cases
        Least number of cases there.
    lives_days
        Days after the last evidence in which it stays one.
    max_slots
        How many high hours it may name.
    """

    min_p: float = 0.8
    min_cases: int = 2
    lives_days: int = 90
    max_slots: int = 3


def find_hotspots(
    surface: RiskSurface,
    places: GeoDataFrame,
    cases: GeoDataFrame,
    visits: pd.DataFrame,
    *,
    settings: HotspotSettings | None = None,
) -> GeoDataFrame:
    """Return the places at risk, the surest first; none where there are too few cases to say."""
    settings = settings or HotspotSettings()
    if surface.verdict is not None:
        return HOTSPOTS.empty()
    overall = surface.overall
    standing = overall[
        overall["known"]
        & (overall["p_above_median"] >= settings.min_p)
        & (overall["n_cases"] >= settings.min_cases)
    ].sort_values(["p_above_median", "place_id"], ascending=[False, True])
    if standing.empty:
        return HOTSPOTS.empty()
    table = standing.merge(places, on="place_id", how="left")
    cases = cases[cases["identified_at"] < surface.as_of]
    visits = visits[visits["ended_at"] < surface.as_of]
    last_case = cases.groupby("place_id")["identified_at"].max()
    last_visit = visits.groupby("place_id")["ended_at"].max()
    met = visits[visits["outcome"] != VisitOutcome.NOBODY]
    last_met = met.groupby("place_id")["ended_at"].max()
    evidence = pd.concat([last_case, last_met]).groupby(level=0).max()
    expires = table["place_id"].map(evidence) + timedelta(days=settings.lives_days)
    high = _high_slots(surface, table["place_id"], settings.max_slots)
    table = table.assign(
        n_cases=table["n_cases"].round().astype("int64"),
        slots=[high.get(place, ()) for place in table["place_id"]],
        last_visit=_moments(table["place_id"].map(last_visit), surface.as_of),
        expires=_moments(expires, surface.as_of),
    )
    table["reason"] = [
        Message(
            "geo.hotspot_reason",
            {"n": int(row.n_cases), "hours": round(float(row.hours), 1)},
        )
        for row in table.itertuples()
    ]
    live = table["expires"] >= surface.as_of
    frame = GeoDataFrame(table[live], geometry="geometry", crs=EDGE_CRS)
    return HOTSPOTS.check(frame[[*HOTSPOTS.columns, "geometry"]].reset_index(drop=True))


def _moments(column: pd.Series, as_of: datetime) -> pd.Series:
    moments = pd.Series(pd.to_datetime(column, utc=True), index=column.index)
    return moments.dt.tz_convert(as_of.tzinfo).astype("datetime64[us, Europe/Tirane]")


def high_slots(surface: RiskSurface, place: str, most: int) -> tuple[str, ...]:
    """Return the slots in which a place's risk is highest: those with cases known to their hour.

    Slots that were looked at come first, by their rate; after them those that
    only others reported from, by their cases, since a rate they have none.
    """
    return _high_slots(surface, [place], most).get(place, ())


def _high_slots(
    surface: RiskSurface, places: Iterable[str], most: int
) -> dict[str, tuple[str, ...]]:
    """Return the high slots of all the places that have some: the table is sorted but once."""
    rows = surface.by_place[surface.by_place["n_timed"] > 0]
    ordered = rows[rows["place_id"].isin(set(places))].sort_values(
        ["known", "rate_per_hour", "n_timed", "slot"], ascending=[False, False, False, True]
    )
    found: dict[str, tuple[str, ...]] = {}
    for place, slot in zip(ordered["place_id"], ordered["slot"], strict=True):
        own = found.get(place, ())
        if len(own) < most:
            found[place] = (*own, str(slot))
    return found
