"""The line that stands in every view: a child in immediate danger."""

from __future__ import annotations

import re

import streamlit as st

from layers.words import Words
from ui.widgets.text import plain

__all__ = ["emergency_strip"]


def emergency_strip(words: Words, phone: str) -> None:
    """Draw the emergency line; `phone` is the Child Protection Unit's, or an ellipsis."""
    st.markdown(words("app.emergency", unit=_unit(words, phone)))


def _unit(words: Words, phone: str) -> str:
    """Name the unit with a number that a thumb can call, or only name it."""
    digits = re.sub(r"[^\d+]", "", phone)
    if not digits:
        return words("app.the_unit")
    return words("app.our_unit", phone=f"[{plain(phone)}](tel:{digits})")
