"""The sides of a plan that show its rounds: by team, on the map, over the week, and left out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import altair as alt
import pandas as pd
import streamlit as st

from data.nouns import TIRANE, Plan, RouteStop
from desk.backdrop import backdrop
from desk.ground import area_of
from layers.legend import legend_group
from layers.maps import routes
from layers.maps.base import base_map
from layers.palette import INK, TEAM_COLOURS
from layers.rounds import PlannedRound, planned_rounds
from layers.signs import waited
from layers.words import Words
from ui.map_door import show_map
from ui.session import is_phone
from ui.shell import Here
from ui.views import plan_why
from ui.widgets.charts import quiet_axis, show_chart
from ui.widgets.tables import number_table, numbers_of
from ui.widgets.text import capital, distinct, plain, together

__all__ = ["left_out", "on_map", "rounds", "timetable"]

_ROUND_TABLE: Final = ("number", "time", "place", "why", "way")
#: The hours that the timetable shows in any case.
_DAY_H: Final = (8, 20)


def rounds(now: Here, plan: Plan) -> None:
    """List every round with its places, times and reasons."""
    words = now.words
    picked = _choose_team(plan, words)
    people = {worker.id: worker.name for worker in plan.workers}
    shown = [one for one in planned_rounds(plan) if picked in ("", one.team.id)]
    for number, one in enumerate(shown):
        with st.expander(
            _round_title(one, words), expanded=number == 0, key=f"round_fold_{one.shift.id}"
        ):
            st.markdown(_crew(one, people, words))
            if is_phone():
                _cards(one, words)
            else:
                number_table(_stops(one, words), _round_headers(words), words)
            plan_why.why_this(now, plan, one)


def _choose_team(plan: Plan, words: Words) -> str:
    """Let the viewer choose a team, or all of them: an empty text."""
    teams = distinct({one.team.id: one.team.name for one in planned_rounds(plan)})
    names = {"": words("page_plan.all_teams"), **teams}
    return st.selectbox(
        words("page_plan.team"), list(names), format_func=names.__getitem__, key="plan_team"
    )


def _round_title(one: PlannedRound, words: Words) -> str:
    return words(
        "page_plan.round",
        day=capital(words.weekday(_day(one))),
        team=plain(one.team.name),
        hours=words.span(one.shift.start, one.shift.end),
        n=len(one.route.stops),
    )


def _day(one: PlannedRound) -> date:
    return one.shift.start.astimezone(TIRANE).date()


def _crew(one: PlannedRound, people: dict[str, str], words: Words) -> str:
    def names(ids: Sequence[str]) -> str:
        return plain(", ".join(people.get(worker, worker) for worker in ids))

    text = words("page_plan.people", names=names(one.shift.workers))
    if one.route.pause is not None:
        hours = words.span(one.route.pause.opens, one.route.pause.closes)
        text += " " + words("page_plan.pause", hours=hours)
    if one.shift.on_call:
        text += " " + words("page_plan.on_call", names=names(one.shift.on_call))
    return text


def _cards(one: PlannedRound, words: Words) -> None:
    """Draw a round's stops below each other: a phone has no room for a table."""
    for row in _stops(one, words).to_dict("records"):
        way = words("page_plan.way", n=row["way"])
        st.markdown(f"**{row['number']}\\. {row['place']}** · {row['time']}  \n{row['why']} {way}")


def _round_headers(words: Words) -> dict[str, str]:
    return {name: words(f"page_plan.col_{name}") for name in _ROUND_TABLE}


def _stops(one: PlannedRound, words: Words) -> pd.DataFrame:
    rows = [
        {
            "number": number,
            "time": together(words.span(met.arrive, met.leave)),
            "place": _place(met, words),
            "why": waited(leg, plain(words.message(met.stop.reason)), words),
            "way": round(leg.travel_s / 60),
        }
        # The last leg leads home.
        for number, (met, leg) in enumerate(
            zip(one.route.stops, one.route.legs, strict=False), start=1
        )
    ]
    return pd.DataFrame(rows, columns=list(_ROUND_TABLE))


def _place(met: RouteStop, words: Words) -> str:
    must = f" ({words('page_plan.must_mark')})" if met.stop.must else ""
    return plain(met.stop.name) + must


def on_map(now: Here, plan: Plan) -> None:
    """Draw the rounds of a day, or of the week, on a map that looks at them."""
    words = now.words
    left, right = st.columns(2)
    with left:
        team = _choose_team(plan, words)
    days = {
        str(day): capital(words.weekday(day))
        for day in sorted({_day(o) for o in planned_rounds(plan)})
    }
    labels = {**days, "": words("page_plan.all_days")}
    with right:
        day = st.selectbox(
            words("page_plan.col_day"), list(labels), format_func=labels.__getitem__, key="plan_day"
        )
    shifts = {
        one.shift.id
        for one in planned_rounds(plan)
        if team in ("", one.team.id) and day in ("", str(_day(one)))
    }
    if not shifts:
        st.markdown(words("page_plan.no_round"))
        return
    canvas = base_map(backdrop(now.house, area_of(plan.area)), words, plan.marks)
    routes.look_at(canvas, plan, shifts)
    legend = routes.legend(plan, words, shifts=shifts)
    show_map(
        canvas,
        [routes.layer(plan, words, shifts=shifts), legend_group(legend, words)],
        key="plan_map",
    )


def timetable(now: Here, plan: Plan) -> None:
    """Draw the week as bars by day, one row and colour a team, with its numbers below."""
    words = now.words
    frame = _bars(plan, words)
    teams = sorted(frame["team"].unique())
    hours = [min(_DAY_H[0], frame["start"].min()), max(_DAY_H[1], frame["end"].max())]
    titles = {name: words(f"page_plan.col_{name}") for name in ("day", "hours", "stops")}
    titles = {"team": words("page_plan.team"), **titles}
    rows = alt.Chart(frame).encode(
        y=alt.Y("day:N", axis=quiet_axis(), sort=None),
        yOffset=alt.YOffset("team:N", sort=teams),
        tooltip=[alt.Tooltip(f"{name}:N", title=title) for name, title in titles.items()],
    )
    axis = quiet_axis(words("page_plan.hour"))
    axis.format, axis.tickMinStep = "d", 1
    # Pale inside, so that the team's name can be read on every colour.
    colours = alt.Scale(domain=teams, range=list(TEAM_COLOURS))
    bars = rows.mark_bar(cornerRadius=3, fillOpacity=0.25, strokeWidth=2).encode(
        x=alt.X("start:Q", axis=axis).scale(domain=hours),
        x2="end:Q",
        fill=alt.Fill("team:N", legend=None, scale=colours),
        stroke=alt.Stroke("team:N", legend=None, scale=colours),
    )
    names = rows.mark_text(align="left", dx=6, color=INK, fontSize=13).encode(
        x="start:Q", text="team:N"
    )
    n_rows = frame["day"].nunique() * max(1, len(teams))
    show_chart(bars + names, key="plan_timetable", height_px=70 + 26 * n_rows)
    numbers_of(frame, titles, words)


def _bars(plan: Plan, words: Words) -> pd.DataFrame:
    rows = []
    for one in planned_rounds(plan):
        start = one.shift.start.astimezone(TIRANE)
        hours = (one.shift.end - one.shift.start).total_seconds() / 3600
        first = start.hour + start.minute / 60
        rows.append(
            {
                "day": capital(words.weekday(start.date())),
                "team": one.team.name,
                "start": first,
                "end": first + hours,
                "hours": words.span(one.shift.start, one.shift.end),
                "stops": len(one.route.stops),
            }
        )
    return pd.DataFrame(rows)


def left_out(now: Here, plan: Plan) -> None:
    """List the places without a visit, each with the reason."""
    words = now.words
    if not plan.left_out:
        st.markdown(words("page_plan.none_left"))
        return
    frame = pd.DataFrame(
        {
            "place": [plain(one.name) for one in plan.left_out],
            "why": [plain(words.message(one.reason)) for one in plan.left_out],
        }
    )
    headers = {name: words(f"page_plan.col_{name}") for name in ("place", "why")}
    number_table(frame, headers, words)
    plan_why.why_not(now, plan)
