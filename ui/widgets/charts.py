"""One look for every chart: the theme's colours, quiet lines, text one can read."""

from __future__ import annotations

from typing import Any

import altair as alt
import streamlit as st

from layers.words import Words

__all__ = ["decimals", "quiet_axis", "show_chart", "spoken"]

_TEXT_PX = 14
_INK = "#1F2A33"
_RULE = "#CFC8B8"


def show_chart(chart: Any, *, key: str, height_px: int = 260) -> None:  # noqa: ANN401 - altair's kinds have no common face
    """Show an Altair chart in the one look; it never asks the network for anything."""
    styled = (
        chart.properties(height=height_px)
        .configure_axis(
            labelFontSize=_TEXT_PX,
            titleFontSize=_TEXT_PX,
            labelColor=_INK,
            titleColor=_INK,
            gridColor=_RULE,
        )
        .configure_legend(labelFontSize=_TEXT_PX, titleFontSize=_TEXT_PX, orient="bottom")
        .configure_view(stroke=None)
    )
    st.altair_chart(styled, key=key, width="stretch", theme=None)


def quiet_axis(title: str | None = None) -> alt.Axis:
    """Return an axis without ticks: the grid is enough."""
    return alt.Axis(title=title, ticks=False, domain=False)


def decimals(words: Words) -> str:
    """Return the expression that writes an axis's numbers with the reader's decimal mark."""
    return f"replace(datum.label, '.', '{words.number(0.5)[1]}')"


def spoken() -> list[alt.Tooltip]:
    """Return the tooltip of the fields `head` and `text`, a sentence under what it is of.

    Only beside a heading does the browser's tooltip break its lines for a narrow screen.
    """
    return [alt.Tooltip("head:N", title="title"), alt.Tooltip("text:N", title=" ")]
