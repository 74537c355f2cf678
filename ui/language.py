"""Albanian or English: what the tab chose, else the address, the browser's memory, its own wish."""

from __future__ import annotations

import streamlit as st

from layers.words import LANGUAGES, Words
from ui import session

__all__ = ["LANGUAGE_COOKIE", "language", "switch"]

LANGUAGE_COOKIE = "fener_language"
_NAMES = {"sq": "Shqip", "en": "English"}
_KEY = "language_switch"


def language() -> str:
    """Return the language of this run."""
    browser = str(st.context.locale or "").partition("-")[0]
    wishes = (
        session.LANGUAGE.get(),
        session.wish("lang"),
        session.cookie(LANGUAGE_COOKIE),
        browser,
    )
    return next((found for found in wishes if found in LANGUAGES), LANGUAGES[0])


def switch(words: Words) -> None:
    """Draw the switch; it keeps the page and what was entered on it."""
    st.segmented_control(
        words("app.language"),
        LANGUAGES,
        default=words.language,
        format_func=_NAMES.__getitem__,
        key=_KEY,
        required=True,
        label_visibility="collapsed",
        on_change=_chosen,
    )


def _chosen() -> None:
    session.LANGUAGE.set(session.Slot(_KEY, LANGUAGES[0]).get())
