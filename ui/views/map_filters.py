"""The filters of the map, and the line that says what they hide."""

from __future__ import annotations

from datetime import date
from typing import Final

import streamlit as st

from data.vocabulary import RiskDegree, Sector
from desk.picture import SEASONS, MapFilters, Picture
from geo.slots import PARTS, SLOTS
from layers.words import Words
from ui import session
from ui.shell import Here
from ui.widgets.text import plain

__all__ = ["choose", "hidden"]

_DAY_FORMAT: Final = "DD.MM.YYYY"
_DAYS: Final = ("weekday", "weekend")
#: Every filter's widget, and what it is while it hides nothing.
_EMPTY: Final[dict[str, list[str] | None]] = {
    "map_sectors": [],
    "map_degrees": [],
    "map_first": None,
    "map_last": None,
    "map_slots_weekday": [],
    "map_slots_weekend": [],
    "map_season": None,
}


def choose(now: Here, whole: Picture) -> MapFilters:
    """Let the viewer choose; who sees no case has no filter of cases."""
    words = now.words
    if whole.frames.masked:
        return MapFilters(season=_season(words))
    there = set(whole.frames.cases["sector"])
    sectors = {str(s): words(f"word.sector.{s}") for s in Sector if s in there}
    degrees = {str(d): words(f"word.risk.{d}") for d in RiskDegree}
    chosen_sectors = st.multiselect(
        words("page_map.sector"),
        list(sectors),
        format_func=sectors.__getitem__,
        placeholder=words("page_map.all"),
        key="map_sectors",
        persist_state="session",
    )
    chosen_degrees = st.pills(
        words("page_map.degree"),
        list(degrees),
        selection_mode="multi",
        format_func=degrees.__getitem__,
        key="map_degrees",
        persist_state="session",
    )
    first, last = _days(words)
    return MapFilters(
        sectors=tuple(chosen_sectors),
        degrees=tuple(chosen_degrees or ()),
        first=first,
        last=last,
        slots=_slots(words),
        season=_season(words),
    )


def _days(words: Words) -> tuple[date | None, date | None]:
    first, last = (
        st.date_input(
            words(f"page_map.{name}"),
            value=None,
            format=_DAY_FORMAT,
            key=f"map_{name}",
            persist_state="session",
        )
        for name in ("first", "last")
    )
    if first and last and last < first:
        st.error(words("page_map.days_turned"), icon=":material/error:")
    return first, last


def _slots(words: Words) -> tuple[str, ...]:
    """Offer the eight parts of the week, to be touched."""
    chosen: list[str] = []
    for days in _DAYS:
        picked = st.pills(
            words(f"page_map.{days}"),
            [slot.id for slot in SLOTS if slot.id.startswith(days)],
            selection_mode="multi",
            format_func=_hours,
            key=f"map_slots_{days}",
            persist_state="session",
        )
        chosen += picked or []
    return tuple(slot.id for slot in SLOTS if slot.id in chosen)


def _hours(slot: str) -> str:
    first, end = PARTS[slot.partition("-")[2]]
    return f"{first}\N{EN DASH}{end}"


def _season(words: Words) -> str:
    names = {season: words(f"page_map.season.{season}") for season in SEASONS}
    picked = st.pills(
        words("page_map.season"),
        list(names),
        format_func=names.__getitem__,
        key="map_season",
        persist_state="session",
    )
    return picked or ""


def hidden(now: Here, whole: Picture, picture: Picture, filters: MapFilters) -> None:
    """Say what the filters hide, and offer to hide nothing."""
    words = now.words
    if filters == MapFilters():
        return
    lines = []
    if not picture.frames.masked:
        lines.append(words("page_map.shown", n=picture.n_shown, all=whole.n_cases))
    if filters.season:
        lines.append(
            words("page_map.in_use", n=len(picture.frames.places), all=len(whole.frames.places))
        )
    if filters.slots:
        lines.append(words("page_map.of_hours"))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/filter_alt: {' '.join(lines)} {plain(_named(filters, words))}")
        st.button(
            words("page_map.show_all"),
            key="map_show_all",
            icon=":material/filter_alt_off:",
            on_click=_clear,
        )


def _named(filters: MapFilters, words: Words) -> str:
    """Return the filters in use as a list in words."""
    named = [
        *(words(f"word.sector.{sector}") for sector in filters.sectors),
        *(words("map.case_degree", degree=f"@word.risk.{one}") for one in filters.degrees),
        *([words("page_map.from_day", day=filters.first)] if filters.first else []),
        *([words("page_map.to_day", day=filters.last)] if filters.last else []),
        *(words(f"word.slot.{slot}") for slot in filters.slots),
        *([words(f"page_map.season.{filters.season}")] if filters.season else []),
    ]
    return f"({'; '.join(named)})"


def _clear() -> None:
    for key, nothing in _EMPTY.items():
        session.Slot(key, nothing).set(nothing)
