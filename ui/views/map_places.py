"""Places on the map: what was touched or found, a form to add or correct one, and its end."""

from __future__ import annotations

import secrets
from typing import Any, Final

import streamlit as st

from data.messages import Message
from data.vocabulary import PlaceKind
from desk import demo, records
from desk.picture import Picture
from desk.points import typed_point
from desk.records import PlaceForm
from desk.search import Hit
from geo.explain import Why
from layers.words import Words
from ui import session
from ui.map_door import Touch, last_touch
from ui.session import Slot
from ui.shell import Here
from ui.views.map_search import kind_of
from ui.widgets.messages import telling
from ui.widgets.text import plain

__all__ = ["CANVAS", "follow", "is_open", "show"]

CANVAS: Final = "map_canvas"
#: The form of a place that is not there yet.
_NEW: Final = "new"
_POINT: Final = "point"
#: A sign stands at its place's point, rounded to five decimals.
_SAME_DEG: Final = 2e-5
_MONTHS: Final = tuple(range(1, 13))

# The form's widgets; whatever opens it fills them.
_NAME: Final = Slot("map_form_name", "")
_KIND: Final = Slot("map_form_kind", "")
_AT: Final = Slot("map_form_at", "")
_FROM: Final = Slot("map_form_from", _MONTHS[0])
_TO: Final = Slot("map_form_to", _MONTHS[-1])


def follow(whole: Picture) -> None:
    """Take over a touch of the map, if one led to this run: a place by its sign, or a point."""
    touch = last_touch(CANVAS)
    if touch is None:
        return
    session.MAP_CHOSEN.set(_touched(touch, whole))
    session.MAP_ORDER.clear()
    if session.MAP_FORM.get():
        _AT.set(_written(touch.lon, touch.lat))


def _touched(touch: Touch, whole: Picture) -> Hit:
    for row in _rows(whole):
        point = row["geometry"]
        if abs(point.x - touch.lon) < _SAME_DEG and abs(point.y - touch.lat) < _SAME_DEG:
            return _hit(row)
    return Hit(name="", kind=_POINT, lon=touch.lon, lat=touch.lat)


def _rows(whole: Picture) -> list[dict[str, Any]]:
    frames = (whole.frames.places, whole.frames.schools)
    return [row for frame in frames for row in frame.to_dict("records")]


def _hit(row: dict[str, Any]) -> Hit:
    point = row["geometry"]
    return Hit(
        name=row["name"], kind=row["kind"], lon=point.x, lat=point.y, place_id=row["place_id"]
    )


def _written(lon: float, lat: float) -> str:
    return f"{lat:.5f}, {lon:.5f}"


def is_open() -> bool:
    """Say whether there is something to show beside the map: a form, a choice, what was done."""
    return bool(session.MAP_FORM.get() or session.MAP_CHOSEN.get() or session.MAP_SAID.get())


def show(now: Here, whole: Picture, town: str) -> None:
    """Draw what was done, and the form, or what was chosen, or how to begin."""
    words, hit = now.words, session.MAP_CHOSEN.get()
    said = session.MAP_SAID.take()
    if said:
        text = " ".join(words.message(message) for message in said)
        st.success(plain(text), icon=":material/check_circle:")
    known = {row["place_id"]: row for row in _rows(whole)}
    form = session.MAP_FORM.get()
    if form in known or form == _NEW:
        _form(now, town, form)
    elif hit is not None and hit.place_id in known:
        _place(now, hit, known[hit.place_id], whole)
    elif hit is not None:
        _point(hit, words)
    else:
        st.markdown(words("page_map.touch_hint"))
        _open_button(words("page_map.add"), Hit(name="", kind="", lon=0.0, lat=0.0), at="")


def _place(now: Here, hit: Hit, row: dict[str, Any], whole: Picture) -> None:
    """Draw a place: what it is, why its risk is what it is, and what can be done to it."""
    words, state = now.words, whole.frames.states.get(hit.place_id, "")
    with st.container(border=True):
        said = [kind_of(hit, words), *([words(f"map.place_{state}")] if state else [])]
        st.markdown(f"**{plain(hit.name)}** · {' · '.join(said)}")
        _why(whole.frames.why.get(hit.place_id), words)
        with st.container(horizontal=True):
            st.button(
                words("page_map.correct"),
                key="map_correct",
                icon=":material/edit:",
                on_click=_open,
                args=(hit, _written(hit.lon, hit.lat), row),
            )
            with st.popover(words("page_map.erase"), icon=":material/delete:"):
                st.markdown(words("page_map.erase_ask"))
                if st.button(words("page_map.erase_yes"), key="map_erase", type="primary"):
                    _erase(now, hit)


def _why(why: Why | None, words: Words) -> None:
    """Say why the place's risk is what it is, and what would change it."""
    if why is None:
        return
    st.markdown("\n".join(f"- {plain(words.message(message))}" for message in why.because))
    st.markdown(f"**{words('why.change')}:** {plain(words.message(why.change))}")


def _point(hit: Hit, words: Words) -> None:
    """Draw a point where there is no place of ours yet."""
    at = _written(hit.lon, hit.lat)
    with st.container(border=True):
        if hit.name:
            st.markdown(f"**{plain(hit.name)}** · {kind_of(hit, words)} · {plain(at)}")
        else:
            st.markdown(words("page_map.touched", at=plain(at)))
        _open_button(words("page_map.add_here"), hit, at=at)


def _open_button(label: str, hit: Hit, *, at: str) -> None:
    st.button(
        label, key="map_add", icon=":material/add_location_alt:", on_click=_open, args=(hit, at)
    )


def _open(hit: Hit, at: str, row: dict[str, Any] | None = None) -> None:
    """Open the form, filled with what is known already."""
    row = row or {}
    _NAME.set(hit.name)
    _KIND.set(hit.kind if hit.kind in set(PlaceKind) else str(PlaceKind.OTHER))
    _AT.set(at)
    _FROM.set(int(row.get("awake_from", _MONTHS[0])))
    _TO.set(int(row.get("awake_to", _MONTHS[-1])))
    session.MAP_FORM.set(row.get("place_id", _NEW))


def _form(now: Here, town: str, form: str) -> None:
    """Draw the form of a place; the point can be typed, pasted or touched on the map."""
    words = now.words
    kinds = {str(kind): words(f"word.kind.{kind}") for kind in PlaceKind}
    months = {month: words(f"word.month.{month}") for month in _MONTHS}
    with st.form("map_place"):
        st.markdown(f"**{words('page_map.add' if form == _NEW else 'page_map.correct')}**")
        if form == _NEW and demo.gives_way(now.house, now.viewer):
            st.warning(words("page_map.demo_gives_way"), icon=":material/warning:")
        name = st.text_input(words("page_map.name"), key=_NAME.name, max_chars=80)
        kind = st.selectbox(
            words("page_map.kind"),
            list(kinds),
            format_func=kinds.__getitem__,
            key=_KIND.name,
        )
        at = st.text_input(
            words("page_map.at"), placeholder="41.3200, 19.4400", key=_AT.name,
            help=words("page_map.at_help"), max_chars=60,
        )  # fmt: skip
        left, right = st.columns(2)
        first, last = (
            column.selectbox(
                words(label),
                list(months),
                format_func=months.__getitem__,
                key=slot.name,
            )
            for column, label, slot in (
                (left, "page_map.awake_from", _FROM),
                (right, "page_map.awake_to", _TO),
            )
        )
        kept = st.form_submit_button(
            words("page_map.keep"), key="map_keep", type="primary", icon=":material/save:"
        )
    st.button(words("page_map.cancel"), key="map_cancel", on_click=session.MAP_FORM.clear)
    if kept:
        with telling(words):
            point = typed_point(at)
            filled = PlaceForm(
                municipality=town,
                name=name,
                kind=PlaceKind(kind),
                lon=point.lon,
                lat=point.lat,
                awake_from=first,
                awake_to=last,
            )
            _keep(now, form, filled, swapped=point.was_swapped)


def _keep(now: Here, form: str, filled: PlaceForm, *, swapped: bool) -> None:
    if form == _NEW:
        place_id = records.add_place(now.house, now.viewer, filled)
    else:
        place_id = form
        records.correct_place(now.house, now.viewer, place_id, filled)
    turned = [Message("page_map.was_swapped")] if swapped else []
    session.MAP_SAID.set((Message("page_map.kept"), *turned))
    session.MAP_FORM.clear()
    lon, lat, before = filled.lon, filled.lat, session.MAP_CHOSEN.get()
    kept = Hit(name=filled.name, kind=str(filled.kind), lon=lon, lat=lat, place_id=place_id)
    session.MAP_CHOSEN.set(kept)
    # Where somebody touched they are looking; a point that was typed the map has to go to.
    if before is None or _written(before.lon, before.lat) != _written(lon, lat):
        session.MAP_ORDER.set(secrets.token_hex(4))
    st.rerun()


def _erase(now: Here, hit: Hit) -> None:
    with telling(now.words):
        records.erase(now.house, now.viewer, "places", hit.place_id)
        session.MAP_SAID.set((Message("page_map.erased"),))
        session.MAP_CHOSEN.clear()
        st.rerun()
