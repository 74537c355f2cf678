"""What the ground says of an area's places before anybody is sent: places, and never a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pandas as pd
from geopandas import GeoDataFrame

from data.messages import Message
from geo.risk import RiskSurface
from patrol.history import place_history

__all__ = ["Prospects", "prospects_of"]


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
    history
        Of `patrol.history.place_history`.
    verdict
        Says that there are too few cases to say anything, or `None`.
    """

    places: GeoDataFrame
    per_hour: pd.Series
    hotspots: GeoDataFrame
    history: pd.DataFrame
    verdict: Message | None


def prospects_of(
    places: GeoDataFrame,
    surface: RiskSurface,
    hotspots: GeoDataFrame,
    visits: pd.DataFrame,
    as_of: datetime,
) -> Prospects:
    """Return what risk, hotspots and visits say of places at a moment."""
    return Prospects(
        places=places,
        per_hour=surface.overall.set_index("place_id")["expected_per_hour"],
        hotspots=hotspots.set_index("place_id"),
        history=place_history(places["place_id"], visits, as_of),
        verdict=surface.verdict,
    )
