"""Tables with their numbers in the reader's writing, and a second way to read every chart."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from layers.words import Words
from ui.widgets.text import unmarked

__all__ = ["number_table", "numbers_of"]

#: A longer table scrolls in its own box; a shorter one is plain text for a screen reader.
_LONG = 15


def number_table(frame: pd.DataFrame, headers: Mapping[str, str], words: Words) -> None:
    """Show the named columns of a frame under the reader's headers, numbers as they write them."""
    shown = pd.DataFrame(
        {header: [_cell(value, words) for value in frame[c]] for c, header in headers.items()}
    )
    if len(shown) > _LONG:
        st.dataframe(shown.map(unmarked), hide_index=True, width="stretch")
    else:
        st.table(shown, border="horizontal", hide_index=True)


def numbers_of(frame: pd.DataFrame, headers: Mapping[str, str], words: Words) -> None:
    """Offer the numbers behind a picture to whoever would rather read."""
    with st.expander(words("app.numbers")):
        number_table(frame, headers, words)


def _cell(value: object, words: Words) -> str:
    if isinstance(value, float):
        return "\N{EN DASH}" if pd.isna(value) else words.number(value)
    if isinstance(value, int):
        return words.number(value)
    return str(value)
