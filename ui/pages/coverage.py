"""Coverage: who is served and who is not, the whole country or one's own municipality."""

from datetime import datetime

import streamlit as st

from data.nouns import TIRANE
from desk.coverage import coverage
from desk.purposes import purpose_results
from ui.shell import here
from ui.views import coverage as view
from ui.views import coverage_country as side
from ui.views.coverage_purposes import purposes

now = here()
words = now.words
moment = datetime.now(TIRANE)

st.title(words("app.page.coverage"), anchor=False)
with st.spinner(words("page_coverage.counting")):
    seen = coverage(now.house, now.viewer, moment)

if seen.is_empty:
    view.empty(now)
else:
    view.answer(seen, words)
    if len(seen.frame) > 1:
        side.side_by_side(seen)
        side.hours(seen, words)
    else:
        view.own(now, seen, moment)
    view.children(seen, words)
    purposes(purpose_results(now.house, now.viewer, moment), words)
    view.download(now, moment)
    view.details(seen, words)
