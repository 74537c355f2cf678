"""Schedule: who works when in a week, who is absent, and the rules that every roster keeps."""

import streamlit as st

from desk import crew
from desk.schedule import week_grid
from ui.session import is_phone
from ui.shell import here
from ui.views import absences, repairs, schedule, teams_out, wishes
from ui.widgets import week

now = here()
words, house, viewer = now.words, now.house, now.viewer

st.title(words("app.page.schedule"), anchor=False)
town, chosen = week.choose(viewer, words)
grid = week_grid(house, viewer, town, chosen)
people = crew.crew_of(house, viewer, town)

schedule.answer(grid, words)
teams_out.board(town)
schedule.to_know(grid, words)
repairs.offered(now, town, chosen, grid)
if is_phone():
    schedule.by_day(grid, words)
else:
    schedule.by_person(grid, words)
schedule.hours(grid, words)
absences.absences(people, chosen, words)
wishes.wishes(now, people, grid)
schedule.rules(grid, words)
