"""The country side by side: a map beside who is served least, and hours planned against done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import altair as alt
import pandas as pd
import streamlit as st

from data.names import fold
from desk.backdrop import backdrop
from desk.coverage import Coverage
from desk.picture import country
from layers.legend import legend_group
from layers.maps import coverage as tiles
from layers.maps.base import base_map
from layers.palette import CLASS_COLOURS, INK, ROAD_CASING
from layers.words import Words
from patrol.coverage import CoverageSettings, least_served
from ui import session
from ui.map_door import show_map
from ui.shell import Here, here
from ui.widgets.charts import quiet_axis, show_chart
from ui.widgets.messages import quiet, telling
from ui.widgets.tables import numbers_of

__all__ = ["hours", "side_by_side", "whole_table"]

#: The shares a map can show, and the counts that each is made of.
_SHARES: Final = {"reached": ("n_reached", "n_places"), "mapped": ("n_said", "n_units")}
_WHOLE: Final = (
    *("n_places", "n_reached", "n_overdue", "n_never"),
    *("n_units", "n_said", "n_teams", "hours_planned", "hours_done", "n_visits", "last_visit"),
)
_SIDE_PX: Final = 470
_ROW_PX: Final = 36
_COLOURS: Final = {"hours_planned": ROAD_CASING, "hours_done": CLASS_COLOURS[-2]}


@st.fragment
def side_by_side(seen: Coverage) -> None:
    """Draw the map beside the table; choosing a share or searching counts nothing again."""
    now = here()
    words = now.words
    with telling(words):
        _ = now.viewer  # a fragment runs by itself: is somebody still signed in?
        share = _choose_share(words)
        left, right = st.columns([1.55, 1], gap="medium")
        phone = session.is_phone()
        with right if not phone else left:
            _list(seen, share, words)
        with left if not phone else right:
            _map(now, seen, share)
        with st.expander(words("page_coverage.whole")):
            whole_table(least_served(seen.frame), words)


def _choose_share(words: Words) -> str:
    return st.segmented_control(
        words("page_coverage.share"),
        list(_SHARES),
        default="reached",
        required=True,
        format_func={s: words(f"page_coverage.share_{s}") for s in _SHARES}.__getitem__,
        key="coverage_share",
    )


def _map(now: Here, seen: Coverage, share: str) -> None:
    """Draw the municipalities by the class of the share."""
    words, frame = now.words, seen.frame
    part, whole = _SHARES[share]
    lines = [
        [
            row["county"],
            words(f"page_coverage.tip_{share}", part=row[part], n=row[whole]),
            words("page_coverage.tip_teams", n=row["n_teams"]),
        ]
        for row in frame.drop(columns="geometry").to_dict("records")
    ]
    unknown = bool(frame[share].isna().any())
    ground = backdrop(now.house, country(), with_streets=False)
    # Names of towns would hide the figures; a touch on a municipality says its name.
    ground = replace(ground, settlements=ground.settlements.iloc[:0])
    show_map(
        base_map(ground, words, seen.marks),
        [
            tiles.layer(frame, words, column=share, details=lines),
            legend_group(tiles.legend(words, with_unknown=unknown), words),
        ],
        key="coverage_map",
    )


def _list(seen: Coverage, share: str, words: Words) -> None:
    """Draw the municipalities, who is served least first; a few letters find one."""
    frame = least_served(seen.frame)
    if share == "mapped":
        frame = frame.sort_values("mapped", kind="stable")
    asked = fold(
        st.text_input(
            words("page_coverage.search"),
            key="coverage_search",
            icon=":material/search:",
            placeholder=words("page_coverage.search_hint"),
            label_visibility="collapsed",
        )
    )
    if asked:
        names = (frame["name"] + " " + frame["county"]).map(fold)
        frame = frame[names.str.contains(asked, regex=False)]
    if frame.empty:
        st.markdown(words("page_coverage.search_none"))
        return
    quiet(words(f"page_coverage.order_{share}"))
    shown = pd.DataFrame({"name": frame["name"], share: 100 * frame[share]})
    shown["rest"] = frame["n_overdue"] if share == "reached" else frame["n_units"] - frame["n_said"]
    st.dataframe(
        shown,
        hide_index=True,
        width="stretch",
        height=min(_SIDE_PX, _ROW_PX * (len(shown) + 1)),
        column_config={
            "name": st.column_config.TextColumn(words("coverage.column_municipality")),
            share: st.column_config.ProgressColumn(
                words(f"page_coverage.column_{share}"),
                format="%.0f %%",
                min_value=0,
                max_value=100,
                width="small",
            ),
            "rest": st.column_config.NumberColumn(
                words(f"page_coverage.rest_{share}"), width="small"
            ),
        },
        key="coverage_list",
    )


def whole_table(frame: pd.DataFrame, words: Words) -> None:
    """Draw every count of work of every municipality; a touch on a header sorts by it."""
    shown = pd.DataFrame(frame[["name", "county", *_WHOLE]]).assign(
        last_visit=frame["last_visit"].dt.tz_localize(None)
    )
    for column in ("hours_planned", "hours_done"):
        shown[column] = shown[column].round().astype("int64")
    names = {"name": "coverage.column_municipality"}
    headers = {c: words(names.get(c, f"coverage.column_{c}")) for c in shown.columns}
    st.dataframe(
        shown,
        hide_index=True,
        width="stretch",
        column_config={
            **headers,
            "name": st.column_config.TextColumn(headers["name"], pinned=True),
            "last_visit": st.column_config.DateColumn(headers["last_visit"], format="DD.MM.YYYY"),
        },
        key="coverage_table",
    )


def hours(seen: Coverage, words: Words) -> None:
    """Draw hours planned against hours done by county, with their numbers below."""
    st.subheader(
        words("page_coverage.hours_title", days=CoverageSettings().period_days), anchor=False
    )
    sums = seen.frame.groupby("county")[["hours_planned", "hours_done"]].sum().round()
    sums = sums.sort_values(["hours_done", "hours_planned"]).reset_index()
    kinds = {c: words(f"page_coverage.{c}") for c in ("hours_planned", "hours_done")}
    is_planned = bool(sums["hours_planned"].any())
    _bars(sums, kinds if is_planned else {"hours_done": kinds["hours_done"]}, words)
    note = "page_coverage.hours_note" if is_planned else "page_coverage.none_planned"
    quiet(words(note))
    numbers_of(sums, {"county": words("coverage.column_county"), **kinds}, words)


def _bars(sums: pd.DataFrame, kinds: Mapping[str, str], words: Words) -> None:
    """Draw a bar for each kind of hours of each county, its figure at its end."""
    long = sums.melt("county", list(kinds), "kind", "hours")
    long = long.assign(kind=long["kind"].map(kinds), written=long["hours"].map(words.number))
    rows = alt.Chart(long).encode(
        x=alt.X("hours:Q", axis=None),
        y=alt.Y("county:N", sort=sums["county"].tolist(), axis=quiet_axis()),
        yOffset=alt.YOffset("kind:N", sort=list(kinds.values())),
        tooltip=[
            alt.Tooltip("county:N", title=words("coverage.column_county")),
            alt.Tooltip("kind:N", title=" "),
            alt.Tooltip("written:N", title=words("page_coverage.hours_axis")),
        ],
    )
    colours = alt.Scale(domain=list(kinds.values()), range=[_COLOURS[kind] for kind in kinds])
    bars = rows.mark_bar(stroke=INK, strokeWidth=0.5).encode(
        color=alt.Color("kind:N", title=None, scale=colours)
    )
    figures = rows.mark_text(align="left", dx=5, fontSize=14, color=INK).encode(text="written:N")
    height = (20 + 16 * len(kinds)) * len(sums)
    show_chart(bars + figures, key="coverage_hours", height_px=height + 60)
