"""Places at risk, each with its active hours as a small clock."""

from __future__ import annotations

import math

import folium
import pandas as pd
from geopandas import GeoDataFrame

from layers.drawing import LegendEntry, said, symbols, tip
from layers.glyphs import clock
from layers.words import Words

__all__ = ["PER_HOURS", "layer", "legend"]

#: Rates are said per so many hours of presence: about a team's month outside.
PER_HOURS = 100
_CLOCK_PX = 40


def layer(hotspots: GeoDataFrame, words: Words) -> folium.FeatureGroup:
    """Return the places at risk; the tooltip says how sure that is."""
    group = folium.FeatureGroup(name="hotspots")
    if hotspots.empty:
        return group
    rows = hotspots.drop(columns="geometry").to_dict("records")
    icons = [clock(row["slots"], size_px=_CLOCK_PX) for row in rows]
    tips = [_tip(row, words) for row in rows]
    symbols(list(hotspots.geometry), icons, tips, size_px=_CLOCK_PX).add_to(group)
    return group


def _tip(row: dict[str, object], words: Words) -> str:
    slots = row["slots"] if isinstance(row["slots"], tuple) else ()
    last = row["last_visit"]
    return tip(
        row["name"],
        _rate(row, words),
        said(row["reason"], words),
        words("map.high_hours", slots="; ".join(words(f"word.slot.{s}") for s in slots))
        if slots
        else "",
        words("map.last_visit", day=last.date()) if isinstance(last, pd.Timestamp) else "",
    )


def _rate(row: dict[str, object], words: Words) -> str:
    """Say how many children are met there; where that is unknown, how far anybody looked."""
    rate, low, high = (
        round(float(str(row[name])) * PER_HOURS, 1) for name in ("rate_per_hour", "low80", "high80")
    )
    if not math.isnan(rate):
        return words("map.rate", rate=rate, hours=PER_HOURS, low=low, high=high)
    hours = round(float(str(row["hours"])), 1)
    return words("map.presence", hours=hours) if hours else words("map.nobody_looked")


def legend(words: Words) -> tuple[LegendEntry, ...]:
    """Return what the clock means."""
    sign = clock(("weekday-evening",), size_px=24)
    return (LegendEntry(sign=sign, text=words("map.legend_hotspot")),)
