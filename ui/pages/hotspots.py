"""Places at risk: what is proposed, what was decided, and what has to be decided next."""

import streamlit as st

from desk.picture import edition
from desk.register import owners
from ui import cache
from ui.shell import here
from ui.views import hotspot_actions, hotspots
from ui.widgets import week

now = here()
words, house, viewer = now.words, now.house, now.viewer

st.title(words("app.page.hotspots"), anchor=False)
town = week.choose_town(viewer, words)
with st.spinner(words("page_map.looking"), show_time=False):
    register = cache.register(viewer, cache.MapKey(town, edition(house)), house)
names = owners(house, viewer, town)

hotspots.answer(register, words)
hotspot_actions.done(now, register)
hotspots.listing(register, names, words, hotspot_actions.deciding(now, register, names))
hotspot_actions.add(now, register, names)
hotspots.details(register, words)
