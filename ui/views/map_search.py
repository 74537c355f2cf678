"""Search on the map: a name as people write it, and the map goes there."""

from __future__ import annotations

import secrets

import streamlit as st

from desk.picture import Picture
from desk.search import Hit, find
from layers.words import Words
from ui import session
from ui.shell import Here
from ui.widgets.text import plain

__all__ = ["kind_of", "search"]


def search(now: Here, whole: Picture, town: str | None) -> None:
    """Ask for a name; offer what it may mean, the best first."""
    words = now.words
    text = st.text_input(
        words("page_map.search"),
        placeholder=words("page_map.search_hint"),
        key="map_search",
        icon=":material/search:",
        max_chars=80,
        persist_state="session",
    )
    if not text:
        return
    hits = find(text, whole.frames, town)
    if not hits:
        st.markdown(words("page_map.search_none"))
    for number, hit in enumerate(hits):
        st.button(
            f"{plain(hit.name)} · {kind_of(hit, words)}",
            key=f"map_hit_{number}",
            icon=":material/location_on:",
            width="stretch",
            on_click=_go,
            args=(hit,),
        )


def kind_of(hit: Hit, words: Words) -> str:
    """Return in a word what was found."""
    known = {"municipality", "unit"}
    return words(f"page_map.kind.{hit.kind}" if hit.kind in known else f"word.kind.{hit.kind}")


def _go(hit: Hit) -> None:
    session.MAP_CHOSEN.set(hit)
    # An order of its own every time: the map goes there even if it was there before.
    session.MAP_ORDER.set(secrets.token_hex(4))
