"""The year as one picture: what each week needs, the hours at hand, and what the calendar marks."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any, Final

import altair as alt
import pandas as pd
import streamlit as st

from data.nouns import Viewer
from data.vocabulary import CalendarKind
from desk.calendar import title_of
from desk.year import Scope, YearPicture, scopes_of
from desk.year_files import scope_name, sentences, year_files
from layers.palette import DANGER, INK, MUTED
from layers.words import Words
from patrol.before_after import PeriodEffort
from patrol.year_plan import GROUPS
from ui import session
from ui.session import is_phone
from ui.shell import Here
from ui.widgets.charts import decimals, show_chart, spoken
from ui.widgets.messages import listed, quiet
from ui.widgets.tables import number_table, numbers_of
from ui.widgets.text import capital, plain

__all__ = ["answer", "chart", "choose_scope", "compared", "files", "numbers"]

#: Each group has its colour and, on paper, its place in the stack: the legend is in that order.
_COLOURS: Final = {
    "areas": "#94BFC6",
    "places": "#0B5C73",
    "coast": "#E69F00",
    "rounds": "#CC79A7",
}
_HEIGHT_PX: Final = 320
#: What is drawn as a stretch above the weeks, from top to bottom.
_STRETCHES: Final = (
    CalendarKind.SEASON,
    CalendarKind.SCHOOL_YEAR,
    CalendarKind.ENROLMENT_DRIVE,
    CalendarKind.HEALTH_ROUND,
    CalendarKind.REGISTRATION_ROUND,
    CalendarKind.PUBLIC_HOLIDAY,
    CalendarKind.AWARENESS_DAY,
    CalendarKind.JOINT_INSPECTION,
    CalendarKind.MARKET,
    CalendarKind.FERRY,
    CalendarKind.PILGRIMAGE,
)
_ROW_PX, _AXIS_PX = 22, 40
#: Room for the names of the calendar: both charts stand on one line of weeks.
_NAMES_PX: Final = 130
_HALF_WEEK: Final = timedelta(days=4)


def choose_scope(viewer: Viewer, words: Words) -> Scope:
    """Let the viewer choose what to look at, where there is a choice."""
    scopes = {f"{one.kind}:{one.code}": one for one in scopes_of(viewer)}
    if len(scopes) == 1:
        return next(iter(scopes.values()))
    names = {key: scope_name(one, words) for key, one in scopes.items()}
    known = session.SEASON_SCOPE.get()
    picked = st.selectbox(
        words("page_season.scope"),
        list(scopes),
        index=list(scopes).index(known) if known in scopes else 0,
        format_func=names.__getitem__,
        key="season_scope",
    )
    session.SEASON_SCOPE.set(picked)
    return scopes[picked]


def answer(picture: YearPicture, words: Words) -> None:
    """Say in sentences whether the hours suffice, and where they do not."""
    first, *rest = [plain(words.message(one)) for one in sentences(picture)]
    st.markdown(" ".join([f"**{first}**", *rest]))


def chart(picture: YearPicture, words: Words) -> None:
    """Draw the weeks as stacked bars, the hours at hand as a line, the calendar below them."""
    weeks = picture.weeks
    names = {group: words(f"season.column.needed_{group}") for group in GROUPS}
    long = pd.concat(
        [
            weeks[["week", "monday", "hand_h"]].assign(
                hours=weeks[f"needed_{group}"], group=names[group], order=number
            )
            for number, group in enumerate(GROUPS)
        ]
    )
    long = long.assign(
        at=[day.isoformat() for day in long["monday"]],
        head=[words.day(day) for day in long["monday"]],
        text=[
            words("page_season.bar", group=group, hours=round(hours, 1))
            for group, hours in zip(long["group"], long["hours"], strict=True)
        ],
    )
    bars = (
        alt.Chart(long)
        .mark_bar(size=9)
        .encode(
            x=_time(picture, words),
            y=alt.Y(
                "hours:Q",
                stack="zero",
                axis=alt.Axis(
                    title=None,
                    ticks=False,
                    domain=False,
                    labelExpr=decimals(words),
                    minExtent=_NAMES_PX,
                    maxExtent=_NAMES_PX,
                ),
            ),
            color=alt.Color(
                "group:N",
                title=None,
                sort=list(names.values()),
                scale=alt.Scale(domain=list(names.values()), range=list(_COLOURS.values())),
                legend=alt.Legend(columns=1 if is_phone() else 2),
            ),
            order="order:Q",
            tooltip=spoken(),
        )
    )
    show_chart(bars + _hand(picture, words), key="season_weeks", height_px=_HEIGHT_PX)
    st.markdown(f":small[{words('page_season.line')}]")
    _calendar(picture, words)


def _time(picture: YearPicture, words: Words, *, labels: bool = True) -> alt.X:
    # Half a bar before the first week, so that none stands on the axis.
    mondays = picture.weeks["monday"]
    first, last = mondays.iloc[0] - _HALF_WEEK, mondays.iloc[-1] + _HALF_WEEK
    months = [words.day(date(picture.year, month, 1), "LLL") for month in range(1, 13)]
    said = f"{months}[month(datum.value)]"
    return alt.X(
        "at:T",
        scale=alt.Scale(domain=[first.isoformat(), last.isoformat()]),
        axis=alt.Axis(
            title=None, tickCount="month", labelExpr=said, ticks=False, domain=False, labels=labels
        ),
    )


def _hand(picture: YearPicture, words: Words) -> Any:  # noqa: ANN401 - altair's kinds have no common face
    """Return the hours at hand as steps, with a sign on the weeks in which they do not suffice."""
    weeks = picture.weeks.assign(
        at=[day.isoformat() for day in picture.weeks["monday"]],
        head=[words.day(day) for day in picture.weeks["monday"]],
        text=[_told(row, words) for row in picture.weeks.to_dict("records")],
    )
    # Where there is far more time than visits the line would press the bars to the ground.
    top = max(float(weeks["needed_h"].max()) * 2.0, 1.0)
    drawn = weeks.assign(hand=weeks["hand_h"].clip(upper=top))
    base = alt.Chart(drawn).encode(x="at:T", y="hand:Q", tooltip=spoken())
    line = base.mark_line(color=INK, strokeWidth=2, interpolate="step-after")
    short = (
        alt.Chart(weeks[weeks["lacking_h"] > 0])
        .mark_point(shape="triangle-down", color=DANGER, filled=True, size=60, opacity=1)
        .encode(x="at:T", y="needed_h:Q", tooltip=spoken())
    )
    return line + short


def _told(row: dict[Any, Any], words: Words) -> str:
    name = "week_short" if row["lacking_h"] > 0 else "week"
    return words(
        f"page_season.{name}",
        needed=round(row["needed_h"], 1),
        hand=round(row["hand_h"], 1),
        lacking=round(row["lacking_h"], 1),
    )


def _calendar(picture: YearPicture, words: Words) -> None:
    """Draw what the calendar holds as stretches on the same weeks."""
    kinds = [k for k in _STRETCHES if any(e.kind is k for _, _, e in picture.spans)]
    mondays = picture.weeks["monday"]
    first, last = mondays.iloc[0] - _HALF_WEEK, mondays.iloc[-1] + _HALF_WEEK
    rows = pd.DataFrame(
        [
            {
                "at": max(begins, first).isoformat(),
                "until": f"{min(ends, last).isoformat()}T23:59",
                "kind": words(f"word.calendar.{entry.kind}"),
                "head": title_of(entry, words),
                "text": words("page_calendar.span", first=begins, last=ends),
            }
            for begins, ends, entry in picture.spans
            if entry.kind in kinds
        ]
    )
    if rows.empty:
        return
    names = [words(f"word.calendar.{kind}") for kind in kinds]
    stretches = (
        alt.Chart(rows)
        .mark_bar(color=MUTED, height=10, cornerRadius=2, stroke=MUTED, strokeWidth=2)
        .encode(
            x=_time(picture, words),
            x2="until:T",
            y=alt.Y(
                "kind:N",
                sort=names,
                axis=alt.Axis(
                    title=None,
                    ticks=False,
                    domain=False,
                    labelLimit=_NAMES_PX - 5,
                    minExtent=_NAMES_PX,
                    maxExtent=_NAMES_PX,
                ),
            ),
            tooltip=spoken(),
        )
    )
    show_chart(stretches, key="season_calendar", height_px=_AXIS_PX + _ROW_PX * len(names))


def numbers(picture: YearPicture, words: Words) -> None:
    """Offer the weeks as a table, and show the municipalities side by side where there are more."""
    if len(picture.towns) > 1:
        st.subheader(words("page_season.towns"), anchor=False)
        # By name and never by number: this is no league table.
        towns = sorted(picture.towns, key=lambda town: town.name)
        names = ("name", "n_places", "needed_h", "hand_h", "weeks_short", "days_lacking")
        frame = pd.DataFrame([{name: getattr(town, name) for name in names} for town in towns])
        headers = {name: words(f"season.column.{name}") for name in names[1:]}
        number_table(frame, {"name": words("season.column.municipality"), **headers}, words)
    shown = picture.weeks.assign(monday=[words.day(day) for day in picture.weeks["monday"]])
    columns = ("monday", "needed_h", "hand_h", "lent_h", "lacking_h", "n_planned", "n_late")
    numbers_of(shown, {name: words(f"season.column.{name}") for name in columns}, words)
    quiet(words("page_season.how"))


def compared(picture: YearPicture, words: Words) -> None:
    """Say what an hour of presence on the coast found before, during and after the season."""
    if not any(one.n_visits for one in picture.compared):
        return
    st.subheader(words("page_season.compared"), anchor=False)
    st.markdown(listed([_period(one, words) for one in picture.compared]))
    quiet(words("page_season.compared_how", year=str(picture.compared_year)))


def _period(one: PeriodEffort, words: Words) -> str:
    name = capital(words(f"page_season.period.{one.period}"))
    if one.verdict is not None or one.per_10h is None:
        why = words.message(one.verdict) if one.verdict is not None else ""
        return words("page_season.unsaid", period=name, hours=one.hours, why=plain(why))
    return words(
        "page_season.said",
        period=name,
        rate=round(one.per_10h, 1),
        low=round(one.low80 or 0.0, 1),
        high=round(one.high80 or 0.0, 1),
        hours=one.hours,
    )


def files(now: Here, picture: YearPicture) -> None:
    """Offer the seasonal plan as files, in the reader's language."""
    with st.expander(now.words("page_season.files"), icon=":material/download:"):
        columns = st.columns(3)
        for column, (name, mime) in zip(columns, _FILES.items(), strict=True):
            column.download_button(
                now.words("page_calendar.take", name=name),
                partial(_file, now, picture, name),
                file_name=f"{picture.year}-{name}",
                mime=mime,
                key=f"season_take_{name}",
                on_click="ignore",
                width="stretch",
            )


_FILES: Final = {
    "season.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "season.csv": "text/csv",
    "season.ics": "text/calendar",
}


def _file(now: Here, picture: YearPicture, name: str) -> bytes:
    return year_files(now.house, now.viewer, picture, now.words)[name]
