"""The one door to caches: decorated one-line calls, and the viewer always an argument.

A cache is shared by everybody who is signed in. What depends on who looks takes
the viewer as an argument, so that nobody is answered with another's view.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from desk.wiring import House
from ui import start

__all__ = ["house"]


@st.cache_resource(show_spinner=False)
def house(home: Path) -> House:
    """Return the house in a data folder, made ready once for every process."""
    return start.ready(home)
