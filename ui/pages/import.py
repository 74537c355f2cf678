"""Import: files, streets, and records by hand; everything is checked before it is written."""

import streamlit as st

from desk.holdings import holdings
from ui.shell import here
from ui.views import bring_in, bring_streets, records
from ui.widgets import week

now = here()
words = now.words

st.title(words("app.page.import"), anchor=False)
town = week.choose_town(now.viewer, words)
known = holdings(now.house, now.viewer, town)
bring_in.answer(known, town, words)
bring_in.said(words)

way = bring_in.choose_way(words)
if way == "files":
    bring_in.files(now, town)
elif way == "streets":
    bring_streets.kept(now, known)
    bring_streets.file(now, town)
    bring_streets.fetch(now, town)
elif way == "by_hand":
    records.enter(now, town)
else:
    records.correct(now, town)
