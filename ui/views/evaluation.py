"""The parts of the evaluation page: who finds more, how often forecasts held, the statistics."""

from __future__ import annotations

from typing import Final

import altair as alt
import pandas as pd
import streamlit as st

from desk.evaluate import Judged
from geo.judging import OURS, Comparison, Score
from layers.marks import mark_lines
from layers.palette import INK, MUTED, PRIMARY
from layers.words import Words
from ui.widgets.charts import quiet_axis, show_chart
from ui.widgets.messages import empty_state, listed, quiet
from ui.widgets.tables import number_table, numbers_of
from ui.widgets.text import plain

__all__ = ["answer", "details", "intervals", "methods", "too_few"]

#: What the first sentence speaks of: the middle of what is judged.
_HEADLINE: Final = 1
_COUNT: Final = "count"
_TWO: Final = "0.00"


def too_few(judged: Judged, words: Words) -> None:
    """Say that there is too little to judge, what is missing, and what to do."""
    found = judged.found
    missing = judged.settings.min_test - found.n_test
    text = words(
        "page_evaluation.too_few",
        n=missing,
        have=found.n_test,
        needed=judged.settings.min_test,
        before=judged.settings.min_train,
    )
    empty_state(text, page="import", label=words("app.page.import"))
    _marks(judged, words)


def answer(judged: Judged, words: Words) -> None:
    """Say whether the map finds the cases, and whether a simpler one finds more."""
    found = judged.found
    verdicts = [_verdict(one) for one in found.comparisons]
    losers = [one.simpler for one, how in zip(found.comparisons, verdicts, strict=True) if how < 0]
    if losers:
        outcome = "counting" if _COUNT in losers else "simpler"
    elif any(how > 0 for how in verdicts):
        outcome = "ours"
    else:
        outcome = "same"
    middle = found.comparisons[_HEADLINE]
    first = words(
        f"page_evaluation.found_{found.period}",
        share=round(100 * middle.share),
        found=_cases(judged, middle.ours, _HEADLINE),
        n=found.n_test,
    )
    st.markdown(f"**{words(f'page_evaluation.answer_{outcome}')}** {first}")
    st.markdown(listed([_compared(judged, i, words) for i in range(len(found.comparisons))]))
    _marks(judged, words)


def _marks(judged: Judged, words: Words) -> None:
    quiet("  \n".join(plain(line) for line in mark_lines(judged.marks, words)))


def _verdict(one: Comparison) -> int:
    """Return 1 where ours surely found more, -1 where a simpler map did, else 0."""
    return {"evaluation.ours_better": 1, "evaluation.ours_worse": -1}.get(one.verdict.id, 0)


def _cases(judged: Judged, method: str, at: int) -> int:
    return round(judged.found.methods[method][at].hit_rate * judged.found.n_test)


def _compared(judged: Judged, at: int, words: Words) -> str:
    """Say of one share of the area who finds more, by how much, and how sure that is."""
    one = judged.found.comparisons[at]
    how = ("same", "better", "worse")[_verdict(one)]
    low, high = sorted(abs(round(end)) for end in one.gain_95) if how != "same" else (0, 0)
    return words(
        f"page_evaluation.{how}",
        share=round(100 * one.share),
        ours=f"@page_evaluation.method.{one.ours}",
        simpler=f"@page_evaluation.method.{one.simpler}",
        found=_cases(judged, one.ours, at),
        other=_cases(judged, one.simpler, at),
        n=judged.found.n_test,
        low=low,
        high=high,
    )


def methods(judged: Judged, words: Words) -> None:
    """Draw how much each map finds of the later cases, for each share of the area."""
    st.subheader(words("page_evaluation.methods_title"), anchor=False)
    names = {name: words(f"page_evaluation.method.{name}") for name in judged.found.methods}
    frame = pd.DataFrame(
        [
            {
                "method": names[name],
                "share": round(100 * share),
                "percent": round(100 * score.hit_rate),
            }
            for name, scores in judged.found.methods.items()
            for share, score in zip(judged.settings.shares, scores, strict=True)
        ]
    )
    looks = {name: _look(name) for name in names}
    order = list(names.values())
    legend = alt.Legend(title=None, columns=1, labelLimit=0, symbolType="stroke", symbolSize=900)
    # What is drawn last lies on top: ours.
    lines = (
        alt.Chart(frame.iloc[::-1])
        .mark_line()
        .encode(
            x=alt.X("share:Q", axis=_percent_axis(words("page_evaluation.share"))).scale(
                domain=[0, 100 * max(judged.settings.shares)]
            ),
            y=alt.Y("percent:Q", axis=quiet_axis(words("page_evaluation.percent"))).scale(
                domain=[0, 100]
            ),
            color=alt.Color("method:N", sort=order, legend=legend).scale(
                domain=order, range=[colour for colour, _, _ in looks.values()]
            ),
            strokeDash=alt.StrokeDash("method:N", sort=order, legend=legend).scale(
                domain=order, range=[dash for _, dash, _ in looks.values()]
            ),
            strokeWidth=alt.StrokeWidth("method:N", sort=order, legend=None).scale(
                domain=order, range=[width for _, _, width in looks.values()]
            ),
            tooltip=[
                alt.Tooltip("method:N", title=words("page_evaluation.method")),
                alt.Tooltip("share:Q", title=words("page_evaluation.share")),
                alt.Tooltip("percent:Q", title=words("page_evaluation.percent")),
            ],
        )
    )
    show_chart(lines, key="evaluation_methods", height_px=440)
    table = frame.pivot_table(index="method", columns="share", values="percent", sort=False)
    table.columns = [f"at_{share}" for share in table.columns]
    table = table.reset_index()
    headers = {"method": words("page_evaluation.method")} | {
        f"at_{round(100 * share)}": words("page_evaluation.at", share=round(100 * share))
        for share in judged.settings.shares
    }
    numbers_of(table, headers, words)


def _percent_axis(title: str) -> alt.Axis:
    return alt.Axis(title=title, ticks=False, domain=False, values=[1, 5, 10], grid=False)


def _look(name: str) -> tuple[str, list[int], float]:
    """Return a map's colour, dash and width in pixels: ours stands out, and no colour alone."""
    if name in OURS:
        return PRIMARY, [1, 0] if name == OURS[0] else [8, 3], 4.0
    if name == _COUNT:
        return INK, [6, 4], 2.0
    scale = int(name.removeprefix("kde_"))
    return MUTED, [2, 1 + scale // 250], 1.5


def intervals(judged: Judged, words: Words) -> None:
    """Say how often the forecasts held, and draw each beside what came."""
    sure = judged.sure
    st.subheader(words("page_evaluation.sure_title"), anchor=False)
    st.markdown("  \n".join(dict.fromkeys(words.message(one.verdict) for one in sure.levels)))
    if not sure.said:
        return
    frame = pd.DataFrame(
        {
            "period": [words.day(one.start, "MM.yyyy") for one in sure.said],
            "low": [one.low for one in sure.said],
            "high": [one.high for one in sure.said],
            "expected": [float(round(one.expected, 1)) for one in sure.said],
            "met": [one.met for one in sure.said],
        }
    )
    headers = {name: words(f"page_evaluation.said_{name}") for name in frame.columns}
    st.markdown(words(f"page_evaluation.said_{judged.found.period}"))
    base = alt.Chart(frame).encode(
        x=alt.X(
            "period:N",
            sort=None,
            axis=alt.Axis(title=None, ticks=False, domain=False, labelAngle=0, labelOverlap=True),
        ),
        tooltip=[alt.Tooltip(f"{name}:N", title=title) for name, title in headers.items()],
    )
    bars = base.mark_bar(width=14, color=PRIMARY, opacity=0.3, cornerRadius=3).encode(
        y=alt.Y("low:Q", axis=quiet_axis(words("page_evaluation.cases"))), y2="high:Q"
    )
    dots = base.mark_point(color=INK, filled=True, size=80, opacity=1).encode(y="met:Q")
    show_chart(bars + dots, key="evaluation_said", height_px=220)
    numbers_of(frame, headers, words)


def details(judged: Judged, words: Words) -> None:
    """Name the statistics, for whoever has to answer for them."""
    found, sure = judged.found, judged.sure
    with st.expander(words("page_evaluation.details")):
        st.markdown(words("page_evaluation.details_text"))
        if found.verdict is None:
            basis = {"rounds": found.n_rounds, "cells": found.n_cells, "outside": found.n_outside}
            lines = [words(f"evaluation.basis_{found.period}", n=found.n_test, **basis)]
            if "risk" not in found.methods:
                lines.append(words("evaluation.no_effort"))
            st.markdown(listed([*lines, words("evaluation.hindsight")]))
            _table(judged, words)
        for one in sure.levels:
            low, high = (round(100 * end) for end in one.share_95)
            text = words(
                "page_evaluation.details_held",
                level=round(100 * one.level),
                claimed=round(100 * one.claimed),
                held=one.held,
                n=one.n,
                low=low,
                high=high,
            )
            st.markdown(text)
        distance = sure.pit_distance
        name = "details_no_pit" if distance is None else "details_pit"
        gap = "" if distance is None else words.number(distance, _TWO)
        st.markdown(words(f"page_evaluation.{name}", gap=gap))


def _table(judged: Judged, words: Words) -> None:
    columns = ("hit_rate", "pai", "pei")
    frame = pd.DataFrame(
        [
            {
                "method": words(f"evaluation.method.{name}"),
                "share": f"{round(100 * share)} %",
                **{column: _interval(score, column, words) for column in columns},
            }
            for name, scores in judged.found.methods.items()
            for share, score in zip(judged.settings.shares, scores, strict=True)
        ]
    )
    number_table(frame, {c: words(f"evaluation.column_{c}") for c in frame.columns}, words)


def _interval(score: Score, column: str, words: Words) -> str:
    low, high = getattr(score, f"{column}_95")
    value, low, high = (words.number(v, _TWO) for v in (getattr(score, column), low, high))
    return f"{value} ({low}\N{EN DASH}{high})"
