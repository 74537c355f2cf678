"""What would make an impossible roster possible: mends to choose from, each tried before."""

from __future__ import annotations

import streamlit as st

from data.nouns import Week
from desk import jobs, mending
from desk.choices import PlanChoices
from desk.jobs import JobState
from ui.shell import Here, here
from ui.widgets.messages import keep_fault
from ui.widgets.text import plain

__all__ = ["mends"]


def mends(now: Here, town: str, week: Week, state: JobState | None) -> None:
    """List the mends of a roster that was impossible; what a choice can do has a button."""
    if state is None or not state.failed or not state.message.id.startswith("roster.impossible."):
        return
    words = now.words
    asked = jobs.asked(now.house, town, week)
    found = mending.mends_of(now.house, now.viewer, town, week, asked)
    if found is None:
        return
    with st.container(border=True):
        st.markdown(f"**{words('page_plan.mends')}**")
        for number, mend in enumerate(found.mends):
            choices = mending.mended(asked, mend)
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(plain(words.message(mend.sentence)), width="stretch")
                if choices is not None:
                    st.button(
                        words("page_plan.mend_take"),
                        key=f"mend_{number}",
                        on_click=_take,
                        args=(town, week, choices),
                    )


def _take(town: str, week: Week, choices: PlanChoices) -> None:
    now = here()
    with keep_fault():
        jobs.start(now.house, now.viewer, town, week, choices)
