"""The months on the coast and inland as small multiples, and this year against the last."""

from __future__ import annotations

from typing import Any, Final

import altair as alt
import pandas as pd
import streamlit as st

from geo.year import SideSeason, YearOnYear
from layers.palette import INK, MUTED, PRIMARY
from layers.words import Words
from ui import session
from ui.widgets.charts import decimals, show_chart, spoken
from ui.widgets.tables import number_table
from ui.widgets.text import capital, plain

__all__ = ["seasons", "years"]

_SLASH: Final = "M-1,1L1,-1"
_HEIGHT_PX: Final = 200
_ONE: Final = "#,##0.0"
_TWO: Final = "#,##0.##"
_ROWS: Final = ("hours", "n_meetings", "n_found", "n_reported")


def seasons(sides: tuple[SideSeason, ...], words: Words) -> None:
    """Draw the months of each side beside each other, on one scale."""
    known = [side for side in sides if side.verdict is None]
    top = max((float(side.months["high80"].max()) for side in known), default=1.0)
    for room, side in zip(st.columns(max(len(sides), 1), gap="medium"), sides, strict=False):
        with room:
            st.markdown(_sentence(side, words))
            if side.verdict is None:
                _months(side, top, words)
    if known:
        st.caption(words("when.season_signs"))


def _sentence(side: SideSeason, words: Words) -> str:
    name = words(f"when.side.{side.side}")
    if side.verdict is not None:
        return words("when.side_few", side=name, why=plain(words.message(side.verdict)))
    if not side.high:
        return words("when.side_flat", side=name)
    months = ", ".join(words(f"word.month.{month}") for month in side.high)
    return words("when.side_high", side=name, months=months)


def _months(side: SideSeason, top: float, words: Words) -> None:
    """Draw a dot and its doubt by month, hatched where too little is known."""
    rows = side.months.assign(
        head=[capital(words(f"word.month.{month}")) for month in side.months["month"]],
        text=[_told(row, words) for row in side.months.to_dict("records")],
        bottom=0.0,
        usual=1.0,
    )
    month = alt.X(
        "month:O",
        axis=alt.Axis(title=words("when.months"), ticks=False, domain=False, labelAngle=0),
    )
    scale = alt.Scale(domain=[0, top], nice=False)
    said, unsaid = rows[rows["times"].notna()], rows[rows["times"].isna()]
    axis = alt.Axis(
        title=words("when.axis"), ticks=False, domain=False, labelExpr=decimals(words), tickCount=4
    )
    chart = alt.Chart(said).encode(x=month, tooltip=spoken())
    usual = alt.Chart(rows).encode(x=month, y=alt.Y("usual:Q", scale=scale, axis=axis))
    layers: list[Any] = [
        usual.mark_line(color=MUTED, strokeDash=[4, 4], strokeWidth=1),
        chart.mark_rule(color=PRIMARY, strokeWidth=3, opacity=0.45).encode(
            y=alt.Y("low80:Q", scale=scale, axis=axis), y2="high80:Q"
        ),
        chart.mark_point(color=PRIMARY, filled=True, size=70, opacity=1).encode(
            y=alt.Y("times:Q", scale=scale, axis=axis)
        ),
    ]
    if len(unsaid):
        layers.append(
            alt.Chart(unsaid)
            .mark_point(shape=_SLASH, stroke=INK, size=160, strokeWidth=1.2)
            .encode(x=month, y=alt.Y("bottom:Q", scale=scale, axis=axis), tooltip=spoken())
        )
    show_chart(alt.layer(*layers), key=f"map_season_{side.side}", height_px=_HEIGHT_PX)
    _numbers(rows, words)


def _told(row: dict[str, Any], words: Words) -> str:
    """Return what is known of a month as a sentence."""
    cases, hours = round(row["n_cases"]), round(row["hours"])
    brief = session.is_phone()  # its screen is narrower than a sentence
    if pd.isna(row["times"]):
        if brief:
            return words("when.unknown")
        kind = "month_few" if row["known"] else "month_unseen"
        return words(f"when.{kind}", cases=cases, hours=hours)
    times, low, high = (words.number(row[name], _ONE) for name in ("times", "low80", "high80"))
    said = "when.month_brief" if brief else "when.month"
    return words(said, times=times, low=low, high=high, cases=cases, hours=hours)


def _numbers(rows: pd.DataFrame, words: Words) -> None:
    """Show the months as a table too, narrow enough for half a page."""
    table = pd.DataFrame(
        {
            "month": [words(f"word.month.{month}") for month in rows["month"]],
            "times": [_times(row, words) for row in rows.to_dict("records")],
            "cases": [
                f"{words.number(round(row['n_cases']))} / {words.number(round(row['hours']))}"
                for row in rows.to_dict("records")
            ],
        }
    )
    number_table(table, {name: words(f"when.column.{name}") for name in table.columns}, words)


def _times(row: dict[str, Any], words: Words) -> str:
    if pd.isna(row["times"]):
        return words("when.unknown")
    times, low, high = (words.number(row[name], _ONE) for name in ("times", "low80", "high80"))
    return f"{times} ({low}\N{EN DASH}{high})"


def years(found: YearOnYear, words: Words) -> None:
    """Say how this year is against the last, and show the numbers it rests on."""
    st.markdown(_compared(found, words))
    if found.years.empty:
        return
    before, now = found.years.to_dict("records")

    def span(year: dict[str, Any]) -> str:
        return f"{words.day(year['first'])}\N{EN DASH}{words.day(year['last'])}"

    table = pd.DataFrame(
        {
            "what": [words(f"when.row.{name}") for name in _ROWS],
            "before": [round(before[name]) for name in _ROWS],
            "now": [round(now[name]) for name in _ROWS],
        }
    )
    headers = {"what": words("when.column.what"), "before": span(before), "now": span(now)}
    number_table(table, headers, words)
    st.caption(words("when.year_reports"))


def _compared(found: YearOnYear, words: Words) -> str:
    title = words("when.year_title")
    if found.verdict is not None:
        return words("when.year_few", title=title, why=plain(words.message(found.verdict)))
    kind = "more" if found.low95 > 1.0 else "less" if found.high95 < 1.0 else "same"
    times, low, high = (
        words.number(v, "#,##0.##") for v in (found.ratio, found.low95, found.high95)
    )
    return words(f"when.year_{kind}", title=title, times=times, low=low, high=high)
