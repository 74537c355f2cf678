"""The year: visits needed against hours at hand, week by week; teams lent; before and after."""

from datetime import datetime

import streamlit as st

from data.nouns import TIRANE
from desk.year import year_picture
from ui.shell import here
from ui.views import calendar, season, season_loans

now = here()
words, house, viewer = now.words, now.house, now.viewer
today = datetime.now(TIRANE).date()

st.title(words("app.page.season"), anchor=False)
scope = season.choose_scope(viewer, words)
year = calendar.choose_year(today, words)
with st.spinner(words("page_season.counting")):
    picture = year_picture(house, viewer, scope, year)

season.answer(picture, words)
season.chart(picture, words)
season.numbers(picture, words)
season.compared(picture, words)
if scope.kind == "municipality":
    season_loans.loans(now, scope.code, today)
season.files(now, picture)
