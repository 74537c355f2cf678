"""The line that stands in every view: a child in immediate danger."""

from __future__ import annotations

import streamlit as st

from layers.words import Words
from ui.widgets.text import plain

__all__ = ["emergency_strip"]


def emergency_strip(words: Words, phone: str) -> None:
    """Draw the emergency line; `phone` is the Child Protection Unit's, or an ellipsis."""
    st.markdown(words("app.emergency", phone=plain(phone)))
