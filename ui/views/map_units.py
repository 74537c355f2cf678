"""The administrative units of the map: places found, or looked and none; all of them is mapped."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from data.nouns import TIRANE
from data.vocabulary import MappingStatus
from desk import records
from desk.mapping import UnitSaid, mapping
from desk.picture import Picture
from layers.words import Words
from ui import session
from ui.shell import Here, here
from ui.widgets.messages import keep_fault
from ui.widgets.text import plain

__all__ = ["units"]

_ANSWERS = (MappingStatus.PLACES_FOUND, MappingStatus.LOOKED_NONE)


def units(now: Here, whole: Picture, town: str) -> None:
    """List the units by name, with what they said; those that said nothing are named before."""
    words = now.words
    known = mapping(now.house, now.viewer, town, datetime.now(TIRANE))
    st.markdown(words("page_map.mapped_means"))
    if known.missing:
        names = ", ".join(one.unit.name for one in known.missing)
        st.markdown(words("page_map.units_missing", names=plain(names)))
    if whole.frames.masked:
        return
    counts = whole.frames.places["unit"].value_counts()
    for one in known.units:
        _unit(one, int(counts.get(one.unit.id, 0)), words)


def _unit(one: UnitSaid, n_places: int, words: Words) -> None:
    """Draw a unit with the two things it can say; touched again, it says nothing."""
    key = f"map_unit_{one.unit.id}"
    label = f"**{plain(one.unit.name)}** · {words('page_map.n_places', n=n_places)}"
    if one.at is not None:
        said = "page_map.unit_said" if one.fresh else "page_map.unit_old"
        label += f" · {words(said, day=one.at.date())}"
    answers = {str(answer): words(f"word.mapping.{answer}") for answer in _ANSWERS}
    st.segmented_control(
        label,
        list(answers),
        default=str(one.status) if one.fresh else None,
        format_func=answers.__getitem__,
        key=key,
        on_change=_said,
        args=(one.unit.id, key),
        width="stretch",
    )


def _said(unit: str, key: str) -> None:
    status = session.Slot[str | None](key, None).get()
    with keep_fault():
        now = here()
        answer = MappingStatus(status) if status else MappingStatus.UNKNOWN
        records.set_unit_status(now.house, now.viewer, unit, answer)
