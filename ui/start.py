"""What is done once when the server starts: the store, Leaflet, the demo, the first link."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import streamlit as st

from desk import demo, identity, setup
from desk.wiring import House, open_house
from layers.words import Words

__all__ = ["address", "ready"]


def ready(home: Path) -> House:
    """Open the house, with the demo in an empty one; print the first administrator's link."""
    house = open_house(home)
    setup.prepare()
    demo.load_if_empty(house)
    token = identity.first_link(house)
    if token is not None:
        words = Words(os.environ.get("FENER_LANGUAGE", "en"))
        sys.stderr.write(f"\n{words('app.first_link')}\n  {address()}/welcome?link={token}\n\n")
    return house


def address() -> str:
    """Return the address people open: ``FENER_ADDRESS``, else this machine's."""
    port = st.get_option("server.port")
    return os.environ.get("FENER_ADDRESS", f"http://localhost:{port}").rstrip("/")
