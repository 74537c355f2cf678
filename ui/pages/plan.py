"""Plan: the week's rounds for every team, why each place is in or out, and the approval."""

import streamlit as st

from desk import jobs, plans
from ui.shell import here
from ui.views import mends, plan, plan_change, plan_job, plan_today
from ui.widgets import week

now = here()
words, house, viewer = now.words, now.house, now.viewer

st.title(words("app.page.plan"), anchor=False)
town, chosen = week.choose(viewer, words)
state = jobs.state(house, town, chosen)
if state is not None and not state.ended:
    plan_job.progress(town, chosen)
else:
    plan_job.last_job(state, words)
    mends.mends(now, town, chosen, state)
    found = plans.versions(house, viewer, town, chosen)
    shown = plan.choose_version(found, words)
    if shown is None:
        st.markdown(words("page_plan.none"))
    else:
        plan.answer(shown, words)
        plan_change.said(words, shown)
        plan.approval(now, shown, found)
        plan_today.today_changed(now, shown)
        plan.view(now, shown)
    plan_job.settings(now, town, chosen, is_first=shown is None)
