"""What the ground says of an area's places before anybody is sent: places, and never a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import pandas as pd
from geopandas import GeoDataFrame

from data.messages import Message
from data.nouns import TIRANE, RouteStop
from geo.risk import RiskSurface
from patrol.history import place_history

__all__ = ["Prospects", "prospects_of"]

_PRESENCE = ["place_id", "started_at", "ended_at"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prospects:
    """Places with what is expected and known of each.

    Parameters
    ----------
    places
        PLACES.
    per_hour
        Expected cases per hour of presence by `place_id`, also where nobody looked.
    hotspots
        HOTSPOTS indexed by `place_id`.
    presence
        When teams were at places: `place_id`, `started_at`, `ended_at`, one row a visit; where
        `expected` it is planned and not recorded yet.
    to_close
        Visits that a place still needs before it may be called empty; none where it is not named.
    verdict
        Says that there are too few cases to say anything, or `None`.
    """

    places: GeoDataFrame
    per_hour: pd.Series
    hotspots: GeoDataFrame
    presence: pd.DataFrame
    to_close: Mapping[str, int] = field(default_factory=dict)
    verdict: Message | None = None

    def history(self, as_of: datetime) -> pd.DataFrame:
        """Return what `patrol.history.place_history` says of the places at a moment.

        Visits that are expected count as made, but not in `hours_seen`: what was seen at a
        place was seen in the hours that somebody was there.
        """
        place_ids, made = self.places["place_id"], self.presence[~self.presence["expected"]]
        seen = place_history(place_ids, made, as_of)["hours"]
        return place_history(place_ids, self.presence, as_of).assign(hours_seen=seen)

    def after(self, met: Sequence[RouteStop]) -> Prospects:
        """Return these prospects as if the visits that were planned had taken place."""
        if not met:
            return self
        planned = pd.DataFrame(
            {
                "place_id": [one.stop.place_id for one in met],
                "started_at": pd.to_datetime([one.arrive for one in met], utc=True),
                "ended_at": pd.to_datetime([one.leave for one in met], utc=True),
                "expected": True,
            }
        )
        known = self.presence
        for name in ("started_at", "ended_at"):
            planned[name] = planned[name].dt.tz_convert(TIRANE).astype(known[name].dtype)
        both = planned if known.empty else pd.concat([known, planned], ignore_index=True)
        return replace(self, presence=both)


def prospects_of(
    places: GeoDataFrame,
    surface: RiskSurface,
    hotspots: GeoDataFrame,
    visits: pd.DataFrame,
    to_close: Mapping[str, int] | None = None,
) -> Prospects:
    """Return what risk, hotspots and visits say of places."""
    return Prospects(
        places=places,
        per_hour=surface.overall.set_index("place_id")["expected_per_hour"],
        hotspots=hotspots.set_index("place_id"),
        presence=visits[_PRESENCE].assign(expected=False).reset_index(drop=True),
        to_close=to_close or {},
        verdict=surface.verdict,
    )
