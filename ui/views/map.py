"""The parts of the map page: its answer, the list of layers, and the map itself."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import streamlit as st

from data.messages import Message
from data.nouns import TIRANE
from data.vocabulary import Role
from desk.directory import municipality_names
from desk.mapping import mapping
from desk.picture import Edition, Picture
from layers.map_view import count_of, map_groups
from layers.maps import found
from layers.maps.places import OVERDUE
from layers.mark_box import mark_group
from layers.still import Still
from layers.words import Words
from ui import cache, session
from ui.cache import BaseKey, MapKey
from ui.map_door import show_lasting_map
from ui.shell import Here
from ui.views.map_places import CANVAS
from ui.widgets.messages import empty_state
from ui.widgets.text import plain
from ui.widgets.week import choose_town

__all__ = [
    "Rooms",
    "answer",
    "choose_ground",
    "choose_layers",
    "folded",
    "look",
    "on_map",
    "rooms",
    "still_part",
]

#: In the list as people look for them; those of the first part are drawn at once.
_FIRST: Final = ("cases", "places", "hotspots", "perimeters")
_LATER: Final = ("risk", "clusters", "beaches", "schools", "borders")
#: What the agency can have: nothing that a case could be read from.
_MASKED: Final = ("places", "perimeters", "beaches", "borders")
#: These rest on what is worked out, and may be unknown instead of none.
_WORKED_OUT: Final = {"risk": "risk", "hotspots": "risk", "clusters": "clusters"}
_WIDTHS: Final = (2, 1)
#: The still part is not of a moment; the marks that are stand in a layer.
_NO_MOMENT: Final = datetime(1, 1, 1, tzinfo=TIRANE)

Room = AbstractContextManager[object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """Where the parts stand; a page fills them in the order it needs, not in that of the eye.

    What was just touched or found stands in `chosen`, in sight of the map; details have
    tables, and stand where there is room for them.
    """

    search: Room
    chosen: Room
    layers: Room
    filters: Room
    map: Room
    places: Room
    units: Room
    details: Room


def rooms() -> Rooms:
    """Return the rooms: the map two thirds left, or, on a phone, below its folded controls."""
    if session.is_phone():
        search, layers, filters, middle, chosen, places, units, details = (
            st.container() for _ in range(8)
        )
    else:
        left, right = st.columns(_WIDTHS, gap="small")
        middle, details = left.container(), left.container()
        search, chosen, layers, filters, places, units = (right.container() for _ in range(6))
    return Rooms(
        search=search,
        chosen=chosen,
        layers=layers,
        filters=filters,
        map=middle,
        places=places,
        units=units,
        details=details,
    )


def folded(label: str, *, key: str, opened: bool = False) -> Room:
    """Return a part that folds; on a phone every one begins folded."""
    return st.expander(label, key=key, expanded=opened and not session.is_phone())


def choose_ground(now: Here) -> str | None:
    """Let the viewer choose what to look at; `None` is the country."""
    town = _chosen_ground(now)
    if session.MAP_TOWN.get() != (town or ""):
        # What was touched or begun elsewhere stays there.
        for slot in (session.MAP_CHOSEN, session.MAP_ORDER, session.MAP_FORM):
            slot.clear()
        session.MAP_TOWN.set(town or "")
    return town


def _chosen_ground(now: Here) -> str | None:
    if now.viewer.role is Role.COORDINATOR:
        return choose_town(now.viewer, now.words)
    towns = municipality_names()
    names = {"": now.words("page_map.country"), **towns}
    picked = st.selectbox(
        now.words("page_map.ground"),
        ["", *sorted(towns, key=towns.__getitem__)],
        format_func=names.__getitem__,
        key="map_ground",
        persist_state="session",
    )
    return picked or None


def look(now: Here, town: str | None, made_from: Edition) -> Picture:
    """Return all that the viewer may see; it is read again when something changed."""
    return cache.whole_picture(now.viewer, MapKey(town, made_from), now.house)


def answer(now: Here, whole: Picture, town: str | None, chosen: tuple[str, ...]) -> None:
    """Say in one sentence what is known, and then what of the chosen layers cannot be said."""
    words, shown = now.words, whole.frames
    if shown.masked:
        st.markdown(_moved(whole, town, words))
    elif not (whole.n_cases or len(shown.places)):
        empty_state(words("page_map.empty"), page="import", label=words("page_map.to_import"))
    else:
        st.markdown(_known(whole, words))
    lines = []
    if town is not None:
        units = mapping(now.house, now.viewer, town, datetime.now(TIRANE))
        lines.append(words("page_map.mapped", n=units.n_said, all=len(units.units)))
    lines += _silent(whole.silent, chosen, words)
    if whole.n_without_point:
        lines.append(words("page_map.without_point", n=whole.n_without_point))
    if lines:
        st.markdown(" ".join(plain(line) for line in lines))


def _known(whole: Picture, words: Words) -> str:
    shown = whole.frames
    overdue = sum(state == OVERDUE for state in shown.states.values())
    said = "page_map.answer" if "risk" in whole.silent else "page_map.answer_risk"
    text = words(
        said,
        cases=words("page_map.n_cases", n=whole.n_cases),
        places=words("page_map.n_places", n=len(shown.places)),
        n=len(shown.hotspots),
    )
    return f"{text} {words('page_map.overdue', n=overdue)}" if overdue else text


def _moved(whole: Picture, town: str | None, words: Words) -> str:
    where = "page_map.moved_here" if town else "page_map.moved_everywhere"
    text = words(
        where,
        places=words("page_map.n_places", n=count_of(whole.frames, "places")),
        perimeters=words("page_map.n_perimeters", n=len(whole.frames.perimeters)),
    )
    low, high = whole.marks.masked_m or (0.0, 0.0)
    return f"{text} {words('page_map.moved', low=low, high=high)}" if high else text


def _silent(silent: Mapping[str, Message], chosen: tuple[str, ...], words: Words) -> list[str]:
    """Return why chosen layers show nothing, each sentence once."""
    asked = {_WORKED_OUT.get(name, name) for name in chosen}
    kept = {layer: message for layer, message in silent.items() if layer in asked}
    lines = []
    if "clusters" in kept and kept["clusters"] == kept.get("risk"):
        lines += [words("page_map.silent.all"), words.message(kept.pop("risk"))]
        del kept["clusters"]
    for layer in ("risk", "clusters"):
        if layer in kept:
            lines += [words(f"page_map.silent.{layer}"), words.message(kept.pop(layer))]
    return lines + [words.message(message) for message in kept.values()]


def choose_layers(now: Here, picture: Picture) -> tuple[str, ...]:
    """Let the viewer choose what is drawn, each with how many there are; return the chosen."""
    words, masked = now.words, picture.frames.masked
    return tuple(
        name
        for name in (_MASKED if masked else (*_FIRST, *_LATER))
        if st.checkbox(
            f"{words(f'page_map.layer.{name}')} · {_count(picture, name, words)}",
            value=masked or name in _FIRST,
            key=f"map_layer_{name}",
            persist_state="session",
        )
    )


def _count(picture: Picture, name: str, words: Words) -> str:
    n = count_of(picture.frames, name)
    if n == 0 and _WORKED_OUT.get(name) in picture.silent:
        return words("page_map.not_known")
    if name == "cases" and picture.n_shown < picture.n_cases:
        return words("page_map.of_all", n=n, all=picture.n_cases)
    return words.number(n)


def still_part(now: Here, town: str | None, made_from: Edition, whole: Picture) -> Still:
    """Return the still part of the map: the same text as long as the ground is the same."""
    marks = replace(whole.marks, as_of=_NO_MOMENT)
    key = BaseKey(town, made_from.streets, now.words.language, marks)
    return cache.still_base(now.viewer, key, whole)


def on_map(now: Here, base: Still, picture: Picture, chosen: tuple[str, ...]) -> None:
    """Draw the chosen layers on a base map that stays mounted while they change."""
    words = now.words
    groups = [mark_group(picture.marks, words), *map_groups(picture.frames, chosen, words)]
    hit = session.MAP_CHOSEN.get()
    if hit is not None:
        order = session.MAP_ORDER.get()
        groups.append(found.layer(hit.lon, hit.lat, hit.name, order=order, zoom=hit.zoom))
    show_lasting_map(base, groups, key=CANVAS, touches=not picture.frames.masked)
