"""The risk surface: classes by colour and outline, how sure by opacity, hatching where unknown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import folium
import numpy as np
import shapely
from geopandas import GeoDataFrame

from geo.explain import Why
from layers.drawing import LegendEntry, hatch, shapes, tip
from layers.glyphs import hatched, swatch
from layers.palette import INK, MUTED, RISK_COLOURS, RISK_WIDTHS_PX
from layers.words import Words

__all__ = ["PER_HOURS", "class_ends", "layer", "legend", "over_slots"]

PER_HOURS = 100
_HATCH_DEG = 0.0006
#: An interval this many times as wide as its rate is as unsure as the picture can say.
_UNSURE = 3.0
_OPACITY = (0.35, 0.85)
#: Rate and presence stand first in every tooltip.
_SAID = ("why.finds", "why.no_finds", "why.never_visited")
_TWO_DECIMALS = "#,##0.##"


def over_slots(risk: GeoDataFrame, slots: Sequence[str]) -> GeoDataFrame:
    """Return one row a cell: rate and interval over the slots, weighted by hours of presence.

    A cell in none of whose slots anybody was
    stays unknown. The interval is the mean of the slots' ends, so it is wider
    than that of the mean: it never pretends to know more.
    """
    rows = risk[risk["slot"].isin(slots)]
    values = ["rate_per_hour", "low80", "high80"]
    known = rows[rows["known"]]
    weighted = (
        known[values]
        .mul(known["hours"], axis=0)
        .assign(cell_id=known["cell_id"], hours=known["hours"])
    )
    sums = weighted.groupby("cell_id")[[*values, "hours"]].sum()
    cells = rows.drop_duplicates("cell_id")[["cell_id", "geometry"]].set_index("cell_id")
    means = sums[values].div(sums["hours"], axis=0).reindex(cells.index)
    hours = sums["hours"].reindex(cells.index).fillna(0.0)
    return GeoDataFrame(
        means.assign(hours=hours, known=means["rate_per_hour"].notna()).reset_index(),
        geometry=cells.geometry.to_numpy(),
        crs=risk.crs,
    )


def class_ends(cells: GeoDataFrame) -> tuple[float, ...]:
    """Return the upper ends of the classes per `PER_HOURS`, as many as there are steps in it."""
    rates = cells.loc[cells["known"], "rate_per_hour"].to_numpy(dtype=np.float64) * PER_HOURS
    if not len(rates):
        return ()
    steps = np.linspace(0, 1, len(RISK_COLOURS) + 1)[1:]
    ends = np.unique(np.quantile(rates, steps, method="higher").round(2))
    return tuple(float(end) for end in ends)


def layer(
    cells: GeoDataFrame, words: Words, *, why: Mapping[str, Why] | None = None
) -> folium.FeatureGroup:
    """Return cells over some slots or the week; the tooltip says why a cell is as it is."""
    why = why or {}
    group = folium.FeatureGroup(name="risk")
    unknown = cells[~cells["known"]]
    if len(unknown):
        whole = shapely.union_all(unknown.geometry.to_numpy())
        grey = {"color": MUTED, "weight": 0.8}
        shapes([hatch(whole, _HATCH_DEG)], [grey]).add_to(group)
        clear = {"color": MUTED, "weight": 0.6, "fill": True, "fillOpacity": 0.0}
        text = (words("map.risk_unknown"), words("map.nobody_looked"))
        tips = [tip(*text, *_because(why.get(cell), words)) for cell in unknown["cell_id"]]
        shapes(list(unknown.geometry), [clear] * len(unknown), tips).add_to(group)
    known = cells[cells["known"]]
    if len(known):
        ends = class_ends(cells)
        rows = known[["rate_per_hour", "low80", "high80", "hours"]].to_numpy(dtype=np.float64)
        styles = [_style(rate, low, high, ends) for rate, low, high, _ in rows]
        tips = [
            _tip(row, _because(why.get(cell), words), words)
            for cell, row in zip(known["cell_id"], rows, strict=True)
        ]
        shapes(list(known.geometry), styles, tips).add_to(group)
    return group


def _class(rate: float, ends: tuple[float, ...]) -> int:
    return min(int(np.searchsorted(ends, round(rate * PER_HOURS, 2))), len(ends) - 1)


def _step(number: int, count: int) -> int:
    """Return the place of a class in the palette: few classes are spread over all of it."""
    return round(number * (len(RISK_COLOURS) - 1) / max(count - 1, 1))


def _style(rate: float, low: float, high: float, ends: tuple[float, ...]) -> dict[str, object]:
    step = _step(_class(rate, ends), len(ends))
    unsure = min((high - low) / max(rate, 1e-9) / _UNSURE, 1.0)
    least, most = _OPACITY
    return {
        "color": INK,
        "weight": RISK_WIDTHS_PX[step],
        "fill": True,
        "fillColor": RISK_COLOURS[step],
        "fillOpacity": round(most - (most - least) * unsure, 2),
    }


def _because(why: Why | None, words: Words) -> list[str]:
    """Return why a cell is as it is, but for what its tooltip says already."""
    if why is None:
        return []
    said = [one for one in why.because if one.id not in _SAID]
    return [words.message(message) for message in (*said, why.change)]


def _tip(row: np.ndarray, because: Sequence[str], words: Words) -> str:
    rate, low, high = (round(float(value) * PER_HOURS, 1) for value in row[:3])
    return tip(
        words("map.rate", rate=rate, hours=PER_HOURS, low=low, high=high),
        words("map.presence", hours=round(float(row[3]), 1)),
        *because,
    )


def legend(cells: GeoDataFrame, words: Words) -> tuple[LegendEntry, ...]:
    """Return the classes with their numbers, and what hatching means."""
    ends = class_ends(cells)
    starts = (0.0, *ends)[: len(ends)]  # where nobody looked there is no class at all
    entries = [
        LegendEntry(
            sign=swatch(RISK_COLOURS[_step(n, len(ends))], RISK_WIDTHS_PX[_step(n, len(ends))]),
            text=words(
                # The first says of what the numbers are.
                "map.legend_risk_next" if n else "map.legend_risk",
                # As finely as the classes are cut: two of them never read the same.
                low=words.number(low, _TWO_DECIMALS),
                high=words.number(high, _TWO_DECIMALS),
                hours=PER_HOURS,
            ),
        )
        for n, (low, high) in enumerate(zip(starts, ends, strict=True))
    ]
    if not cells["known"].all():
        entries.append(LegendEntry(sign=hatched(), text=words("map.risk_unknown")))
    return tuple(entries)
