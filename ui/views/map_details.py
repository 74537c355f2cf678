"""Details of the map: what comparing with chance says for the work, its numbers under it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import islice
from typing import Final

import pandas as pd
import streamlit as st

from data.messages import Message, Param
from desk.findings import BAND_M, SURE, BurstFound, Findings, Listed
from desk.picture import Edition, Picture
from geo.near_repeat import NearRepeat
from layers.maps.clusters import HOLDS, TEN
from layers.words import Words
from ui import cache
from ui.cache import MapKey
from ui.session import Slot
from ui.shell import Here
from ui.views.map_ground import ground_part, scales_part
from ui.widgets.tables import number_table
from ui.widgets.text import plain

__all__ = ["details", "steadied"]

#: What was asked for: a municipality, and the data of then.
_ASKED: Final = Slot("fener.map.details", "")
#: So many rows are read; the rest is noise.
_MOST: Final = 10
_NAMED: Final = 3
_P: Final = "0.000"
_TWO: Final = "0.00"


def details(now: Here, town: str, made_from: Edition) -> None:
    """Offer the comparisons, and show them once somebody asked."""
    words = now.words
    st.markdown(words("findings.what"))
    asked = _asked(town, made_from)
    if _ASKED.get() != asked:
        st.button(
            words("findings.ask"),
            key="map_details_ask",
            icon=":material/query_stats:",
            on_click=_ASKED.set,
            args=(asked,),
        )
        return
    with st.spinner(words("findings.working")):
        found = cache.findings(now.viewer, MapKey(town, made_from), now.house)
    _show(found, words)


def _asked(town: str, made_from: Edition) -> str:
    return f"{town} {made_from.home} {made_from.known} {made_from.streets}"


def steadied(
    now: Here, town: str, made_from: Edition, *, whole: Picture, picture: Picture
) -> Picture:
    """Return a filtered picture with how well its groups hold, as far as that is known by now.

    Few cases are redrawn at once; of many it is known after somebody asked for the details.
    """
    key = MapKey(town, made_from)
    if _ASKED.get() == _asked(town, made_from):
        with st.spinner(now.words("findings.working")):
            kept: Mapping[str, float] = cache.findings(now.viewer, key, now.house).kept
    else:
        kept = cache.kept_groups(now.viewer, key, whole)
    return replace(picture, frames=replace(picture.frames, kept=kept))


def _show(found: Findings, words: Words) -> None:
    _standouts(found.standouts, words)
    _burst(found.burst, words)
    _repeat(found.repeat, words)
    _groups(found.groups, words)
    ground_part(found.effects, words)
    scales_part(found.scales, words)


def _part(name: str, said: Message, words: Words) -> None:
    """Write what it means for the work; the statistic is named under it."""
    st.markdown(f"**{words(f'findings.{name}.title')}** {plain(words.message(said))}")


def _standouts(found: Listed, words: Words) -> None:
    rows = found.rows
    out = rows[rows["q"] <= SURE]
    said = found.verdict or Message("findings.standouts.none")
    if len(out):
        said = Message("findings.standouts.some", {"n": len(out), "names": _names(out["name"])})
    _part("standouts", said, words)
    if rows.empty:
        return
    st.caption(words("findings.standouts.statistic", metres=BAND_M))
    top = rows.head(_MOST)
    _table(
        {
            "place": [plain(name) for name in top["name"]],
            "cases": top["n_cases"].to_list(),
            "z": [words.number(z, _TWO) for z in top["z"]],
            "q": [words.number(q, _P) for q in top["q"]],
        },
        words,
    )


def _burst(found: BurstFound, words: Words) -> None:
    said = found.verdict or Message("findings.burst.none")
    if found.n and found.p <= SURE:
        about: dict[str, Param] = {
            "n": found.n,
            "names": _names(found.names),
            "expected": round(found.expected, 1),
            "first": found.first,
            "last": found.last,
        }
        said = Message("findings.burst.some", about)
    _part("burst", said, words)
    if not found.n:
        return
    st.caption(words("findings.burst.statistic"))
    _numbers(
        {
            "place": plain(_names(found.names)),
            "span": f"{words.day(found.first)}\N{EN DASH}{words.day(found.last)}",
            "cases": words.number(found.n),
            "expected": words.number(found.expected, _TWO),
            "strength": words.number(found.strength, _TWO),
            "p": words.number(found.p, _P),
        },
        words,
    )


def _repeat(found: NearRepeat, words: Words) -> None:
    _part("repeat", found.rule, words)
    if found.verdict is not None:
        return
    st.caption(words("findings.repeat.statistic", n=found.settings.shuffles))
    _numbers(
        {
            "cases": words.number(found.n_cases),
            "pairs": words.number(found.n_pairs),
            "expected": words.number(found.expected, _TWO),
            "p": words.number(found.p, _P),
        },
        words,
    )


def _groups(found: Listed, words: Words) -> None:
    rows = found.rows
    tenths = [round(TEN * float(share)) for share in rows["kept"]]
    said = found.verdict
    if said is None:
        hold = sum(times >= HOLDS for times in tenths)
        said = Message("findings.groups.some", {"n": hold, "all": len(rows), "times": HOLDS})
    _part("groups", said, words)
    if rows.empty:
        return
    st.caption(words("findings.groups.statistic"))
    top = rows.head(_MOST)
    _table(
        {
            "around": [plain(name) for name in top["near"]],
            "cases": top["n_cases"].to_list(),
            "kept": [words("findings.kept", times=times) for times in tenths[:_MOST]],
            "jaccard": [words.number(share, _TWO) for share in top["jaccard"]],
        },
        words,
    )


def _names(names: Iterable[str]) -> str:
    """Return the first few names: a sentence is no list."""
    return ", ".join(islice(names, _NAMED))


def _table(columns: dict[str, list[object]], words: Words) -> None:
    headers = {name: words(f"findings.column.{name}") for name in columns}
    number_table(pd.DataFrame(columns), headers, words)


def _numbers(values: dict[str, str], words: Words) -> None:
    """Show single numbers one under another: the room is narrow."""
    names = [words(f"findings.column.{name}") for name in values]
    frame = pd.DataFrame({"what": names, "value": list(values.values())})
    headers = {name: words(f"findings.column.{name}") for name in frame.columns}
    number_table(frame, headers, words)
