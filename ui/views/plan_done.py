"""The side of the plan page that holds a plan against what was done."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import streamlit as st

from data.nouns import TIRANE, Plan
from desk import plans
from desk.done import done_of
from layers.words import Words
from patrol.done import Done, DoneCounts, Fate, Line, counted
from ui.session import is_phone
from ui.shell import Here
from ui.widgets.messages import listed, quiet
from ui.widgets.tables import number_table
from ui.widgets.text import capital, plain, together

__all__ = ["counts_sentence", "done"]

_COLUMNS = ("day", "team", "place", "fate", "planned", "spent")


def done(now: Here, plan: Plan) -> None:
    """Say how much of the plan was done, then every stop: the missed ones first, with why."""
    words, moment = now.words, datetime.now(TIRANE)
    found = done_of(now.house, now.viewer, plan, moment)
    counts = counted([found])
    if not counts.due and not found.unplanned:
        st.markdown(words("done.not_begun"))
    else:
        st.markdown(f"**{counts_sentence(counts, words)}**")
        st.markdown(_minutes(counts, words))
    missed = [line for line in found.lines if line.fate is Fate.MISSED]
    if missed:
        st.subheader(words("done.missed_title"), anchor=False)
        st.markdown(_why(counts, words))
        _table(missed, plan, words)
    reached = [line for line in found.lines if line.fate.reached]
    if reached:
        st.subheader(words("done.reached_title"), anchor=False)
        _table(reached, plan, words)
    _unplanned(now, found, plan)
    if counts.planned > counts.due:
        quiet(words("done.later", n=counts.planned - counts.due))


def counts_sentence(counts: DoneCounts, words: Words) -> str:
    """Say how many of the stops that were due were reached, and how many in their hours."""
    share = round(100 * counts.reached / counts.due) if counts.due else 0
    return words(
        "done.answer",
        n=counts.due,
        reached=counts.reached,
        percent=share,
        in_window=counts.in_window,
        missed=counts.missed,
    )


def _minutes(counts: DoneCounts, words: Words) -> str:
    spent = counts.spent_min + counts.unplanned_min
    explored = round(100 * counts.explored_min / spent) if spent else 0
    return words(
        "done.minutes",
        planned=round(counts.planned_min),
        spent=round(counts.spent_min),
        extra=round(counts.unplanned_min),
        explored=explored,
    )


def _why(counts: DoneCounts, words: Words) -> str:
    """Say why stops were missed, the most frequent reason first; no word is none of them."""
    said = sorted(
        ((n, why) for why, n in counts.why.items()), key=lambda pair: (not pair[1], -pair[0])
    )
    return listed(
        [f"{words(f'word.skip.{why}') if why else words('done.no_word')}: {n}" for n, why in said]
    )


def _table(lines: list[Line], plan: Plan, words: Words) -> None:
    rows = [_row(line, plan, words) for line in lines]
    if is_phone():
        for row in rows:
            st.markdown(f"**{row['place']}** · {row['team']} · {row['day']}  \n{row['fate']}")
        return
    frame = pd.DataFrame(rows, columns=list(_COLUMNS))
    headers = {name: words(f"done.col_{name}") for name in _COLUMNS}
    number_table(frame, headers, words)


def _row(line: Line, plan: Plan, words: Words) -> dict[str, object]:
    reached = line.fate.reached
    return {
        "day": _moment(line.stop.arrive, words),
        "team": together(plain(_team(line.shift.team, plan))),
        "place": plain(line.stop.stop.name),
        "fate": _fate(line, plan, words),
        "planned": round(line.planned_min),
        "spent": words.number(round(line.spent_min)) if reached else "\N{EN DASH}",
    }


def _fate(line: Line, plan: Plan, words: Words) -> str:
    if line.fate is Fate.MISSED:
        return words(f"word.skip.{line.why}") if line.why else words("done.no_word")
    if line.begun is None:
        return words(f"done.fate_{line.fate}")
    return words(
        f"done.fate_{line.fate}",
        at=f"{words.weekday(line.begun.astimezone(TIRANE))} {words.clock(line.begun)}",
        team=plain(_team(line.by, plan)),
    )


def _unplanned(now: Here, found: Done, plan: Plan) -> None:
    """List the visits that no stop asked for."""
    words = now.words
    if not found.unplanned:
        return
    st.subheader(words("done.unplanned_title"), anchor=False)
    names = plans.place_names(now.house, now.viewer, plan.municipality or "")
    rows = [
        {
            "begun": _moment(visit.begun, words),
            "team": together(plain(_team(visit.team, plan))),
            "place": plain(names.get(visit.place_id, "\N{EN DASH}")),
            "spent": round(visit.spent_min),
        }
        for visit in found.unplanned
    ]
    if is_phone():
        for row in rows:
            st.markdown(f"**{row['place']}** · {row['team']} · {row['begun']}")
        return
    frame = pd.DataFrame(rows)
    number_table(frame, {name: words(f"done.col_{name}") for name in frame.columns}, words)


def _moment(moment: datetime, words: Words) -> str:
    """Write a day and its time so that a narrow cell keeps them on one line."""
    local = moment.astimezone(TIRANE)
    return together(f"{capital(words.weekday(local))} {words.clock(local)}")


def _team(team: str, plan: Plan) -> str:
    return next((one.name for one in plan.teams if one.id == team), team or "\N{EN DASH}")
