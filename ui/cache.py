"""The one door to caches: decorated one-line calls, and the viewer always an argument.

A cache of all is shared by everybody who is signed in, one of a session by
nobody. What depends on who looks takes the viewer as an argument, so that nobody
is answered with another's view, nor with the view of a right they had before.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from data.nouns import TIRANE, Marks, Viewer, Week
from data.vocabulary import TravelMode
from desk import picture
from desk.evaluate import Judged, hotspot_evaluation
from desk.findings import Findings, find_out, kept_at_once
from desk.picture import Edition, Picture
from desk.reasons import risk_reasons as reasons_of_risk
from desk.register import Register, register_of
from desk.revising import ground_for_changes as ground_of_changes
from desk.when import PlaceWeek, When, find_when, place_week
from desk.wiring import House
from geo.explain import Why
from layers.maps.base import base_map
from layers.still import Still, still
from layers.words import Words
from patrol.revise_ground import ReviseGround
from ui import start

__all__ = [
    "BaseKey",
    "MapKey",
    "evaluation",
    "findings",
    "ground_for_changes",
    "house",
    "kept_groups",
    "register",
    "risk_reasons",
    "still_base",
    "week_at",
    "when",
    "whole_picture",
]


class MapKey(NamedTuple):
    """What a whole picture is of, and what it is made from."""

    town: str | None
    made_from: Edition


class BaseKey(NamedTuple):
    """What the still part of a map is of, and what it is made from."""

    town: str | None
    streets: str
    language: str
    marks: Marks


@st.cache_resource(show_spinner=False)
def house(home: Path) -> House:
    """Return the house in a data folder, made ready once for every process."""
    return start.ready(home)


@st.cache_resource(show_spinner=False, scope="session", max_entries=3, ttl="10m")
def whole_picture(viewer: Viewer, key: MapKey, _house: House) -> Picture:
    """Return what a viewer may see; each one made leaves its line in the audit."""
    return picture.whole_picture(_house, viewer, key.town)


@st.cache_resource(show_spinner=False, scope="session", max_entries=3, ttl="10m")
def register(viewer: Viewer, key: MapKey, _house: House) -> Register:
    """Return a municipality's register of places at risk; each one made leaves its audit line."""
    return register_of(_house, viewer, key.town or "")


@st.cache_resource(show_spinner=False, scope="session", max_entries=2, ttl="10m")
def ground_for_changes(
    viewer: Viewer, key: MapKey, modes: tuple[TravelMode, ...], _house: House
) -> ReviseGround:
    """Return the streets and places that changes of a municipality's plans are worked out on."""
    return ground_of_changes(_house, viewer, key.town or "", modes)


@st.cache_resource(show_spinner=False, scope="session", max_entries=3, ttl="10m")
def risk_reasons(viewer: Viewer, key: MapKey, week: Week, _house: House) -> Mapping[str, Why]:
    """Return why places are as they are; each one made leaves its audit line."""
    return reasons_of_risk(_house, viewer, key.town or "", week)


@st.cache_resource(show_spinner=False, scope="session", max_entries=3, ttl="10m")
def findings(viewer: Viewer, key: MapKey, _house: House) -> Findings:
    """Return how a municipality compares with chance; each one made leaves its audit line."""
    return find_out(_house, viewer, key.town or "")


@st.cache_resource(show_spinner=False, scope="session", max_entries=3, ttl="10m")
def evaluation(viewer: Viewer, key: MapKey, _house: House) -> Judged:
    """Return how well a municipality's earlier maps did; each one made leaves its audit line."""
    return hotspot_evaluation(_house, viewer, key.town or "", as_of=datetime.now(TIRANE))


@st.cache_resource(show_spinner=False, scope="session", max_entries=3, ttl="10m")
def kept_groups(viewer: Viewer, key: MapKey, _whole: Picture) -> Mapping[str, float]:
    """Return how well the groups hold, where that is quickly found."""
    return kept_at_once(viewer, key.town or "", _whole.frames.cases)


@st.cache_resource(show_spinner=False, scope="session", max_entries=3, ttl="10m")
def when(viewer: Viewer, key: MapKey, _house: House) -> When:
    """Return the times of a municipality; each one made leaves its audit line."""
    return find_when(_house, viewer, key.town or "")


@st.cache_resource(show_spinner=False, scope="session", max_entries=20, ttl="10m")
def week_at(
    viewer: Viewer,
    key: MapKey,  # noqa: ARG001 - it is what the times were made from
    place_id: str,
    _when: When,
) -> PlaceWeek | None:
    """Return the week at one place."""
    return place_week(viewer, _when, place_id)


@st.cache_resource(show_spinner=False, scope="session", max_entries=4)
def still_base(viewer: Viewer, key: BaseKey, _whole: Picture) -> Still:  # noqa: ARG001 - a base map knows nobody; the door's rule
    """Return the still part of a lasting map as text."""
    return still(base_map(_whole.ground, Words(key.language), key.marks, lasting=True))
