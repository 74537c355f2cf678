"""Teams: who goes out, from where and when; and what they lack before a roster fails for it."""

from datetime import datetime

import streamlit as st

from data.nouns import TIRANE, Week
from desk import crew
from desk.crew_check import check_crew
from ui.shell import here
from ui.views import absences, call_chain, team_forms, teams
from ui.widgets import week

now = here()
words, house, viewer = now.words, now.house, now.viewer

st.title(words("app.page.teams"), anchor=False)
town = week.choose_town(viewer, words)
known = crew.crew_of(house, viewer, town)
found = check_crew(known)

teams.answer(known, found, words)
teams.lacking(found, words)
left, right = st.columns([3, 2], gap="medium")
with left:
    teams.team_list(known, words)
with right:
    teams.bases(known, words)
    teams.phone(now, town)
    call_chain.call_chain(now, town)
    absences.absences(known, Week.of(datetime.now(TIRANE).date()), words)
team_forms.opened(known, words)
