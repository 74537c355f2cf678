"""The parts of the coverage page: the answer, one's own units, counts of children, the file."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Final

import altair as alt
import pandas as pd
import streamlit as st

from data.nouns import TIRANE
from desk.coverage import Coverage, report_csv, rule
from desk.mapping import mapping
from layers.palette import CLASS_COLOURS
from layers.words import Words
from patrol.coverage import CoverageSettings
from ui.navigation import file_of
from ui.shell import Here
from ui.views.coverage_country import whole_table
from ui.widgets.charts import show_chart
from ui.widgets.messages import empty_state, quiet
from ui.widgets.tables import number_table

__all__ = [
    "answer",
    "children",
    "details",
    "download",
    "empty",
    "own",
]

_DAYS: Final = CoverageSettings()
_LINE: Final = CLASS_COLOURS[-2]


def empty(now: Here) -> None:
    """Say why there is nothing to count, and who can change it."""
    page = "import" if now.viewer.municipalities else None
    role = "own" if page else "country"
    label = now.words("app.page.import") if page else None
    empty_state(now.words(f"page_coverage.empty_{role}"), page=page, label=label)


def answer(seen: Coverage, words: Words) -> None:
    """Say in a sentence who is served; beside it the one number that says most, with its trend."""
    left, right = st.columns([2.2, 1], gap="medium")
    with left:
        st.markdown(_sentence(seen, words))
    with right:
        _number(seen, words)


def _sentence(seen: Coverage, words: Words) -> str:
    frame = seen.frame
    counts = {name: int(frame[name].sum()) for name in ("n_places", "n_reached", "n_overdue")}
    if len(frame) > 1:
        mapped = int((frame["mapped"] >= 1).sum())
        first = words(
            "page_coverage.answer_country",
            n=mapped,
            all=len(frame),
            teams=int((frame["n_teams"] > 0).sum()),
        )
    else:
        said, units = int(frame["n_said"].sum()), int(frame["n_units"].sum())
        first = words("page_coverage.answer_own", n=said, all=units, name=frame["name"].iloc[0])
    places = "answer_places" if counts["n_overdue"] else "answer_all_reached"
    second = words(
        f"page_coverage.{places if counts['n_places'] else 'answer_no_places'}",
        n=counts["n_places"],
        reached=counts["n_reached"],
        days=_DAYS.interval_days,
        overdue=counts["n_overdue"],
        never=int(frame["n_never"].sum()),
    )
    third = words(
        "page_coverage.answer_hours",
        n=int(frame["n_visits"].sum()),
        hours=round(float(frame["hours_done"].sum())),
        days=_DAYS.period_days,
    )
    return f"{first} {second} {third} {_done(seen, words)}".rstrip()


def _done(seen: Coverage, words: Words) -> str:
    """Say how many planned visits were made; nothing where none was due."""
    counts = seen.done
    if not counts.due:
        return ""
    return words(
        "done.country",
        n=counts.due,
        reached=counts.reached,
        percent=round(100 * counts.reached / counts.due),
        missed=counts.missed,
        days=_DAYS.period_days,
    )


def _number(seen: Coverage, words: Words) -> None:
    """Draw the share of places visited in time large, and how it changed small."""
    places = int(seen.frame["n_places"].sum())
    if not places:
        return
    share = int(seen.frame["n_reached"].sum()) / places
    moments, shares = list(seen.trend), list(seen.trend.values())
    change = None
    if len(shares) > 1:
        points = round(100 * (shares[-1] - shares[-2]))
        sign = "+" if points > 0 else "\N{MINUS SIGN}" if points < 0 else "±"
        before = moments[-2].astimezone(TIRANE).date()
        change = words("page_coverage.change", points=f"{sign}{abs(points)}", day=before)
    with st.container(border=True):
        st.metric(
            words("page_coverage.number"),
            f"{words.number(100 * share, '0')} %",
            change,
            delta_color="off",
            delta_arrow="off",
            help=words("page_coverage.number_help", days=_DAYS.interval_days),
        )
        if len(shares) > 2:  # noqa: PLR2004 - two moments are a change and no trend
            _trend(seen, words)


def _trend(seen: Coverage, words: Words) -> None:
    """Draw the share over time, small, and from nothing to all: a part of it would exaggerate."""
    days = [moment.astimezone(TIRANE) for moment in seen.trend]
    frame = pd.DataFrame(
        {
            "at": [day.isoformat() for day in days],
            "day": [words.day(day) for day in days],
            "percent": [round(100 * share) for share in seen.trend.values()],
        }
    )
    line = alt.Chart(frame).encode(
        x=alt.X("at:T", axis=None),
        y=alt.Y("percent:Q", axis=None).scale(domain=[0, 100]),
        tooltip=[
            alt.Tooltip("day:N", title=words("page_coverage.day")),
            alt.Tooltip("percent:Q", title="%"),
        ],
    )
    area = line.mark_area(opacity=0.15, color=_LINE)
    edge = line.mark_line(point=True, color=_LINE)
    show_chart(area + edge, key="coverage_trend", height_px=70)


def own(now: Here, seen: Coverage, moment: datetime) -> None:
    """Draw one municipality's units and what each said of itself, and lead on to the map."""
    words, row = now.words, seen.frame.iloc[0]
    found = mapping(now.house, now.viewer, str(row["code"]), moment)
    st.subheader(words("page_coverage.units_title"), anchor=False)
    lacking = len(found.missing)
    said = words("page_coverage.units_text", n=lacking) if lacking else None
    st.markdown(said or words("page_coverage.units_all"))
    units = sorted(found.units, key=lambda one: one.fresh)
    frame = pd.DataFrame(
        {
            "unit": [one.unit.name for one in units],
            "said": [words(f"word.mapping.{one.status}") for one in units],
            "at": ["\N{EN DASH}" if one.at is None else words.day(one.at) for one in units],
            "counts": [words("coverage.yes" if one.fresh else "coverage.no") for one in units],
        }
    )
    headers = {name: words(f"page_coverage.unit_{name}") for name in frame.columns}
    number_table(frame, headers, words)
    st.page_link(file_of("map"), label=words("page_coverage.to_map"), icon=":material/map:")
    with st.expander(words("page_coverage.whole")):
        whole_table(seen.frame, words)


def children(seen: Coverage, words: Words) -> None:
    """Say how many children were identified, by name of county and never by number."""
    if len(seen.frame) == 1:
        shown = seen.frame["children"].iloc[0]
        st.markdown(words("page_coverage.children_own", shown=f"**{_literal(shown)}**"))
        quiet(_literal(rule(seen.counts, words)))
        return
    with st.expander(words("page_coverage.children_title")):
        st.markdown(_literal(rule(seen.counts, words)))
        counties = seen.children_by_county()
        frame = pd.DataFrame(
            {
                "county": [one.county for one in counties],
                "total": [_literal(one.total) for one in counties],
                "by_name": [
                    " · ".join(f"{name} {_literal(n)}" for name, n in one.municipalities.items())
                    for one in counties
                ],
            }
        )
        headers = {name: words(f"page_coverage.children_{name}") for name in frame.columns}
        number_table(frame, headers, words)


def _literal(text: str) -> str:
    """Return a text whose ``<`` opens no tag."""
    return text.replace("<", r"\<")


def download(now: Here, moment: datetime) -> None:
    """Offer the coverage as a file; it is made, and noted in the audit, when it is asked for."""
    words = now.words
    with st.container(border=True):
        st.markdown(words("page_coverage.file_text"))
        st.download_button(
            words("page_coverage.file"),
            data=partial(report_csv, now.house, now.viewer, words, moment),
            file_name=f"fener-{words('page_coverage.file_name')}-{moment.date()}.csv",
            mime="text/csv",
            key="coverage_file",
            on_click="ignore",
            icon=":material/download:",
        )


def details(seen: Coverage, words: Words) -> None:
    """Say how each number is counted, for whoever has to answer for it."""
    with st.expander(words("page_coverage.details")):
        st.markdown(
            words(
                "page_coverage.details_text",
                interval=_DAYS.interval_days,
                period=_DAYS.period_days,
                year=_DAYS.mapped_days,
                k=seen.counts.k,
                at=seen.marks.as_of,
            )
        )
