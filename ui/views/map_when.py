"""When, on the map: the week clock of the place that was chosen, and the folded season."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any, Final

import altair as alt
import pandas as pd
import streamlit as st

from desk.picture import Edition
from desk.when import PlaceWeek
from geo.week import DAWN
from layers.maps.risk import PER_HOURS
from layers.palette import HAZE, INK, MUTED, PRIMARY, RISK_COLOURS
from layers.words import Words
from ui import cache, session
from ui.cache import MapKey
from ui.shell import Here
from ui.views.map_years import seasons, years
from ui.widgets.charts import decimals, show_chart, spoken
from ui.widgets.tables import numbers_of
from ui.widgets.text import capital, plain

__all__ = ["clock", "place", "season"]

_DAY: Final = 24
#: Hours as the clock shows them, the night last.
_HOURS: Final = [(DAWN + hour) % _DAY for hour in range(_DAY)]
_NAMED: Final = [hour for hour in _HOURS if hour % 3 == 0]
#: Any Monday: only the names of its week's days are read.
_MONDAY: Final = date(2024, 1, 1)
_SLASH: Final = "M-1,1L1,-1"
#: Height of the chart lying, and standing for a phone, with its legend.
_LYING_PX: Final = 250
_STANDING_PX: Final = 460


def place(now: Here, town: str, made_from: Edition) -> None:
    """Say when the place that was touched or found is at its worst; on a phone draw its week too.

    Nothing is said where it is no place of ours.
    """
    week = _week(now, town, made_from)
    if week is None:
        return
    st.markdown(" ".join(_sentences(week, now.words)))
    if session.is_phone():
        _clock(week, now.words, standing=True)


def clock(now: Here, town: str, made_from: Edition) -> None:
    """Draw the week of that place where there is room for it; a phone has it with the place."""
    hit = session.MAP_CHOSEN.get()
    week = None if session.is_phone() else _week(now, town, made_from)
    if week is None or hit is None or week.verdict is not None:
        return
    st.markdown(f"**{now.words('when.week_of', name=plain(hit.name))}**")
    _clock(week, now.words, standing=False)


def _week(now: Here, town: str, made_from: Edition) -> PlaceWeek | None:
    hit = session.MAP_CHOSEN.get()
    if hit is None or not hit.place_id or session.MAP_FORM.get():
        return None
    key = MapKey(town, made_from)
    with st.spinner(now.words("when.working"), show_time=False):
        when = cache.when(now.viewer, key, now.house)
        return cache.week_at(now.viewer, key, hit.place_id, when)


def _sentences(week: PlaceWeek, words: Words) -> list[str]:
    """Return the high hours first, and then on what they rest."""
    if week.verdict is not None:
        return [plain(words.message(week.verdict))]
    if not week.high:
        return [words("when.no_high")]
    runs = "; ".join(words.message(run) for run in week.high)
    said = [words("when.high", runs=runs, percent=round(100 * week.held))]
    if week.of_kind:
        alone = "when.of_kind" if week.n_timed else "when.of_kind_alone"
        said.append(words(alone, n=week.n_timed))
    if week.unseen_h:
        said.append(words("when.unseen", n=week.unseen_h, all=week.high_h))
    return said


def _clock(week: PlaceWeek, words: Words, *, standing: bool) -> None:
    """Draw the hours: days lie under each other, on a phone they stand side by side."""
    if week.verdict is not None:
        return
    rows = week.rows.assign(
        name=[_short(day, words) for day in week.rows["day"]],
        head=[_hour(row, words) for row in week.rows.to_dict("records")],
        text=[_told(row, words, brief=standing) for row in week.rows.to_dict("records")],
        per=week.rows["rate_per_hour"] * PER_HOURS,
        known=week.rows["hours"] > 0,
    )
    show_chart(
        _drawn(rows, _axes(words, standing=standing), words),
        key="map_week",
        height_px=_STANDING_PX if standing else _LYING_PX,
    )
    st.caption(words("when.signs"))
    _numbers(rows, words)


def _axes(words: Words, *, standing: bool) -> dict[str, Any]:
    """Return days and hours as axes, the days on top where they stand."""

    def quiet(**more: Any) -> alt.Axis:  # noqa: ANN401 - altair's options
        return alt.Axis(title=None, ticks=False, domain=False, labelAngle=0, **more)

    days = [_short(day, words) for day in range(7)]
    if standing:
        return {
            "x": alt.X("name:O", sort=days, axis=quiet(orient="top")),
            "y": alt.Y("hour:O", sort=_HOURS, axis=quiet(values=_NAMED)),
        }
    return {
        "x": alt.X("hour:O", sort=_HOURS, axis=quiet(values=_NAMED)),
        "y": alt.Y("name:O", sort=days, axis=quiet()),
    }


def _drawn(rows: pd.DataFrame, axes: dict[str, Any], words: Words) -> Any:  # noqa: ANN401 - altair's kinds have no common face
    """Return colour for the rate, hatching where nobody was, outlines and rings over both."""
    axes = {**axes, "tooltip": spoken()}
    unseen = alt.Chart(rows[~rows["known"]]).encode(**axes)
    layers = [
        unseen.mark_rect(fill=HAZE, stroke=HAZE),
        unseen.mark_point(shape=_SLASH, stroke=MUTED, size=60, strokeWidth=1),
        alt.Chart(rows[rows["known"]])
        .mark_rect(stroke=INK, strokeWidth=0.4)
        .encode(
            **axes,
            color=alt.Color(
                "per:Q",
                scale=alt.Scale(range=list(RISK_COLOURS), domainMin=0),
                legend=alt.Legend(
                    title=words("when.scale", hours=PER_HOURS),
                    gradientLength=140,
                    labelExpr=decimals(words),
                    titleLimit=300,
                ),
            ),
        ),
        alt.Chart(rows[rows["high"]])
        .encode(**axes)
        .mark_rect(fillOpacity=0, stroke=PRIMARY, strokeWidth=2),
        alt.Chart(rows[rows["reported"] > 0])
        .encode(**axes)
        .mark_point(shape="circle", stroke=INK, size=40, strokeWidth=1.6),
    ]
    return alt.layer(*[layer for layer in layers if len(layer.data)])


def _hour(row: dict[str, Any], words: Words) -> str:
    """Return an hour's name: *Friday, 17:00-18:00*."""
    opens, closes = time(row["hour"]), time((row["hour"] + 1) % _DAY)
    day = f"@when.day.{row['day']}"
    return capital(words("when.hour", day=day, opens=opens, closes=closes))


def _told(row: dict[str, Any], words: Words, *, brief: bool) -> str:
    """Return what is known of an hour as a sentence; a phone has no room for all of it."""
    if row["hours"] > 0:
        rate = words.number(row["rate_per_hour"] * PER_HOURS)
        return words(
            "when.known_brief" if brief else "when.known_hour",
            rate=rate,
            per=PER_HOURS,
            hours=row["hours"],
            cases=row["found"],
        )
    if brief:
        return words("when.unknown")
    kind = "reported_hour" if row["reported"] else "unseen_hour"
    return words(f"when.{kind}", reported=row["reported"])


def _short(day: int, words: Words) -> str:
    return words.day(_MONDAY + timedelta(days=day), "ccc")


def _numbers(rows: pd.DataFrame, words: Words) -> None:
    """Offer the hours in which a team was, or a case is known, as a table."""
    kept = rows[rows["known"] | (rows["found"] > 0)]
    kept = kept.sort_values(
        ["day", "hour"], key=lambda c: (c - DAWN) % _DAY if c.name == "hour" else c
    )
    rate = [
        words.number(value) if known else words("when.unknown")
        for value, known in zip(kept["per"], kept["known"], strict=True)
    ]
    table = kept.assign(
        day=[words(f"when.day.{day}") for day in kept["day"]],
        hour=[words.span(time(h), time((h + 1) % _DAY)) for h in kept["hour"]],
        rate=rate,
    )
    columns = ("day", "hour", "rate", "hours", "found", "reported")
    numbers_of(
        table, {name: words(f"when.column.{name}", hours=PER_HOURS) for name in columns}, words
    )


def season(now: Here, town: str, made_from: Edition) -> None:
    """Fold the season and the years; they are worked out once somebody unfolds them."""
    words = now.words
    room = st.expander(words("when.season"), key="map_when", on_change="rerun")
    if not room.open:
        return
    with room:
        with st.spinner(words("when.working"), show_time=False):
            when = cache.when(now.viewer, MapKey(town, made_from), now.house)
        seasons(when.seasons, words)
        years(when.years, words)
