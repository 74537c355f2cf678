"""Cases as circles on canvas: larger and fuller is more urgent."""

from __future__ import annotations

import folium
from geopandas import GeoDataFrame

from data.vocabulary import RiskDegree
from layers.drawing import LegendEntry, circles, tip
from layers.glyphs import dot
from layers.palette import DEGREE_MARKS, INK, PAPER
from layers.words import Words

__all__ = ["layer", "legend"]


def layer(cases: GeoDataFrame, words: Words) -> folium.FeatureGroup:
    """Return the cases that have a point; a tooltip names no code and no place."""
    group = folium.FeatureGroup(name="cases")
    there = cases[cases.geometry.notna() & ~cases.geometry.is_empty]
    if there.empty:
        return group
    # The urgent ones are drawn last, so that they lie on top.
    rank = there["risk_degree"].map({d: i for i, d in enumerate(RiskDegree)})
    there = there.iloc[rank.argsort(kind="stable")[::-1]]
    styles = {str(degree): _style(degree) for degree in RiskDegree}
    sectors = {str(s): words(f"word.sector.{s}") for s in there["sector"].unique()}
    degrees = {str(d): words("map.case_degree", degree=f"@word.risk.{d}") for d in RiskDegree}
    days = there["identified_at"].dt.strftime("%d.%m.%Y")
    tips = [
        tip(sectors[sector], degrees[degree], day)
        for sector, degree, day in zip(there["sector"], there["risk_degree"], days, strict=True)
    ]
    circles(list(there.geometry), [styles[d] for d in there["risk_degree"]], tips).add_to(group)
    return group


def legend(words: Words) -> tuple[LegendEntry, ...]:
    """Return what the circles mean."""
    return tuple(
        LegendEntry(
            sign=dot(mark.colour, mark.radius_px, filled=mark.filled),
            text=words("map.legend_case", degree=f"@word.risk.{degree}"),
        )
        for degree, mark in DEGREE_MARKS.items()
    )


def _style(degree: RiskDegree) -> dict[str, object]:
    mark = DEGREE_MARKS[degree]
    return {
        "radius": mark.radius_px,
        "color": INK if mark.filled else mark.colour,
        "weight": 1.2 if mark.filled else 2.0,
        "fillColor": mark.colour if mark.filled else PAPER,
        "fillOpacity": 0.9,
    }
