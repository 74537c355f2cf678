"""Calendar: holidays, season, school, markets, ferries, drives and inspections of a year."""

from datetime import datetime

import streamlit as st

from data.nouns import TIRANE
from desk.calendar import calendar_of, may_edit
from ui.shell import here
from ui.views import calendar, calendar_form

now = here()
words, house, viewer = now.words, now.house, now.viewer
today = datetime.now(TIRANE).date()

st.title(words("app.page.calendar"), anchor=False)
town = calendar.choose_calendar(viewer, words)
year = calendar.choose_year(today, words)
entries = calendar_of(house, viewer, town, [year])

calendar.answer(entries, today, words)
calendar_form.done(now, town)
if may_edit(viewer, town):
    calendar_form.add(now, town, year)
calendar.listing(now, town, entries, year)
calendar.files(now, town, year)
