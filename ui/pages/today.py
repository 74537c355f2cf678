"""Today: my round, the next stop first; what was met is marked with one thumb."""

from datetime import datetime

import streamlit as st

from data.nouns import TIRANE
from desk import rounds
from desk.round_changes import changed_today
from ui.shell import here
from ui.views import today, today_safety

now = here()
words, house, viewer = now.words, now.house, now.viewer
moment = datetime.now(TIRANE)

st.title(words("app.page.today"), anchor=False)
team = today.choose_team(rounds.teams_of(house, viewer), words)
outing = None if team is None else rounds.round_now(house, viewer, team, moment)

if team is None:
    today.nobody(viewer, words)
elif outing is None:
    coming = rounds.next_round(house, viewer, team, moment.date())
    today.no_round(viewer, coming, words)
else:
    outing = rounds.planned_again(house, viewer, outing, moment)
    today.summary(outing, words)
    today.changed(changed_today(house, outing), words)
    side = today.choose_side(words)
    if side == "map":
        today.on_map(now, outing)
    elif side == "first_contact":
        st.markdown(words("page_help.first_contact"))
    else:
        today.next_stop(outing, moment, words)
        today_safety.check_in(now, outing, moment)
        today_safety.passed_by(outing, words)
        today.rest(outing, words)
