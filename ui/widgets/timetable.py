"""A day's rounds as bars to drag: the one component of ours that runs a script in the browser.

Notes
-----
What it is given is data, every sentence included, and its script turns data into text,
never into markup. What it answers is checked by `desk.timetable`.

A component's state cannot be pickled, which what the session holds has to be
(`tests/ui/test_streamlit_facts.py`). This one keeps none on the server: its draft is in the
browser until it is sent, and its state is set to an empty text before it is mounted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import time
from pathlib import Path
from typing import Final

import streamlit as st

from desk.timetable import Bar, Lane
from layers.palette import team_line
from layers.words import Words
from ui import session

__all__ = ["TimetableData", "show", "timetable_data"]

TimetableData = dict[str, object]

_SCRIPTS: Final = Path(__file__).resolve().parents[1] / "scripts"
#: One after the other they are the script of the component.
_PARTS: Final = ("draft.js", "lanes.js", "card.js", "timetable.js")
_HOUR_MIN: Final = 60

_component = st.components.v2.component(
    "fener.timetable",
    css=(_SCRIPTS / "timetable.css").read_text(encoding="utf-8"),
    js="\n".join((_SCRIPTS / part).read_text(encoding="utf-8") for part in _PARTS),
)


def show(data: TimetableData) -> object | None:
    """Show a timetable; return what was sent from it, in the run in which it was sent.

    Parameters
    ----------
    data
        What `timetable_data` returned, and four things more: `draft`, under which name a draft
        waits in the browser; `turn`, which day of which version it is, that what is sent names
        again; `n_refused`, how often something was refused, with which the script goes on; and
        `refusal`, why the last was, or an empty text.
    """
    session.TIMETABLE.set("")
    found = _component(key=session.TIMETABLE.name, data=data, on_asked_change=_nothing)
    return found.get("asked")


def _nothing() -> None:
    """Do nothing: a component names by its callback what it may send."""


def timetable_data(
    lanes: Sequence[Lane],
    rounds: Mapping[str, str],
    teams: Mapping[str, str],
    words: Words,
) -> TimetableData:
    """Return everything that a timetable shows.

    Parameters
    ----------
    lanes
        The rounds of the day; there is at least one.
    rounds
        The names of all rounds that a visit may go to, by shift.
    teams
        The names of all teams that have a round in the plan, by id.
    """
    numbers = {team: number for number, team in enumerate(sorted(teams))}
    return {
        "begin": min(lane.begin for lane in lanes) // _HOUR_MIN * _HOUR_MIN,
        "end": -(-max(lane.end for lane in lanes) // _HOUR_MIN) * _HOUR_MIN,
        "lanes": [
            {
                "shift": lane.shift,
                "team": teams[lane.team],
                "name": f"{teams[lane.team]} · {_span(lane.begin, lane.end, words)}",
                "colour": team_line(numbers[lane.team]).colour,
                "from": lane.begin,
                "until": lane.end,
                "earliest": lane.earliest,
                "pause": lane.pause,
                "home": lane.home_min,
                "bars": [_bar(bar, words) for bar in lane.bars],
            }
            for lane in lanes
        ],
        "rounds": [{"shift": shift, "name": name} for shift, name in rounds.items()],
        "words": _sentences(words),
    }


def _bar(bar: Bar, words: Words) -> dict[str, object]:
    hours = ", ".join(_span(opens, closes, words) for opens, closes in bar.windows)
    return {
        "stop": bar.stop,
        "name": bar.name,
        "must": bar.must,
        "at": bar.begin,
        "minutes": bar.minutes,
        "way": bar.way_min,
        "windows": bar.windows,
        "hours": words("decide.open", hours=hours) if hours else words("decide.open_never"),
        "locked": bar.locked,
        "done": bar.has_begun,
    }


def _span(begin: int, end: int, words: Words) -> str:
    """Write two minutes of the day's clock as times."""
    first, last = (time(at // _HOUR_MIN % 24, at % _HOUR_MIN) for at in (begin, end))
    return words.span(first, last)


def _sentences(words: Words) -> dict[str, str]:
    """Return the sentences of the script; names in braces are filled in there."""
    return {
        "how": words("decide.how"),
        "keys": words("decide.keys"),
        "apply": words("decide.apply"),
        "discard": words("decide.discard"),
        "position": words("decide.position"),
        "arrive": words("decide.arrive"),
        "any_time": words("decide.any_time"),
        "whose": words("decide.whose"),
        "lock": words("decide.lock"),
        "remove": words("decide.out"),
        "must": words("page_plan.must_mark"),
        "pause": words("decide.pause"),
        "none": words("decide.none_ahead"),
        "way": words("decide.way", n="{n}"),
        "about": words("decide.about", time="{time}"),
        "locked": words("decide.is_locked"),
        "done": words("decide.is_begun"),
        "is_out": words("decide.is_out"),
        "new_order": words("decide.new_order", team="{team}", places="{places}"),
        "changed_time": words(
            "decide.changed_time", place="{place}", before="{before}", after="{after}"
        ),
        "changed_team": words("decide.changed_team", place="{place}", team="{team}"),
        "changed_both": words(
            "decide.changed_both", place="{place}", team="{team}", after="{after}"
        ),
        "changed_lock": words("decide.changed_lock", place="{place}"),
        "changed_free": words("decide.changed_free", place="{place}"),
        "changed_out": words("decide.changed_out", place="{place}"),
    }
