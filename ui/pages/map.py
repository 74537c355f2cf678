"""Map: what is known, where and when; places are added, and units say whether they looked."""

import streamlit as st

from desk.picture import edition, filtered
from ui.shell import here
from ui.views import map as view
from ui.views import map_details, map_filters, map_places, map_search, map_units, map_when

now = here()
words = now.words

st.title(words("app.page.map"), anchor=False)
head = st.container()
town = view.choose_ground(now)
made_from = edition(now.house)
with head, st.spinner(words("page_map.looking"), show_time=False):
    whole = view.look(now, town, made_from)
    base = view.still_part(now, town, made_from, whole)
rooms = view.rooms()
with rooms.search:
    map_search.search(now, whole, town)
with rooms.filters, view.folded(words("page_map.filters"), key="map_filters"):
    filters = map_filters.choose(now, whole)
picture = filtered(whole, filters)
with rooms.layers, view.folded(words("page_map.layers"), key="map_layers", opened=True):
    chosen = view.choose_layers(now, picture)
with head:
    view.answer(now, whole, town, chosen)
    map_filters.hidden(now, whole, picture, filters)
if town is not None and "clusters" in chosen:
    with head:
        picture = map_details.steadied(now, town, made_from, whole=whole, picture=picture)
map_places.follow(whole)
with rooms.map:
    view.on_map(now, base, picture, chosen)
if town is not None and not whole.frames.masked:
    with rooms.chosen if map_places.is_open() else rooms.places:
        map_places.show(now, whole, town)
        map_when.place(now, town, made_from)
if town is not None:
    with rooms.units, view.folded(words("page_map.units"), key="map_units"):
        map_units.units(now, whole, town)
if town is not None and not whole.frames.masked:
    with rooms.details:
        map_when.clock(now, town, made_from)
        map_when.season(now, town, made_from)
    with rooms.details, view.folded(words("findings.title"), key="map_details"):
        map_details.details(now, town, made_from)
