"""Evaluation: would an earlier map have found the later cases, and do the forecasts hold."""

import streamlit as st

from desk.picture import edition
from ui import cache
from ui.cache import MapKey
from ui.shell import here
from ui.views import evaluation as view
from ui.widgets.week import choose_town

now = here()
words = now.words

st.title(words("app.page.evaluation"), anchor=False)
town = choose_town(now.viewer, words)
with st.spinner(words("page_evaluation.working")):
    judged = cache.evaluation(now.viewer, MapKey(town, edition(now.house)), now.house)

if judged.found.verdict is None:
    view.answer(judged, words)
    view.methods(judged, words)
else:
    view.too_few(judged, words)
view.intervals(judged, words)
view.details(judged, words)
