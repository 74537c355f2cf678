"""The parts of the plan page that start a calculation, watch it, stop it, and say how it ended."""

from __future__ import annotations

import streamlit as st

from data.nouns import Week
from desk import jobs, plans
from desk.choices import PlanChoices
from desk.jobs import JobState
from layers.words import Words
from ui.shell import Here, here
from ui.views import plan_people, plan_wishes
from ui.widgets.messages import telling
from ui.widgets.text import distinct, plain

__all__ = ["last_job", "progress", "settings"]


def last_job(state: JobState | None, words: Words) -> None:
    """Say why the last calculation gave no plan, where it did not."""
    if state is not None and state.failed:
        why = plain(words.message(state.message))
        st.error(f"**{words('page_plan.failed')}** {why}", icon=":material/error:")


@st.fragment(run_every=1.0)
def progress(town: str, week: Week) -> None:
    """Show how far the calculation is, with a way out; draw the page anew when it ended."""
    now = here()
    state = jobs.state(now.house, town, week)
    if state is None or state.ended:
        st.rerun()
    st.progress(state.fraction, text=now.words.message(state.message))
    if st.button(now.words("page_plan.stop"), key="plan_stop"):
        with telling(now.words):
            jobs.stop(now.house, now.viewer, town, week)
            st.toast(now.words("desk.job_stopped"), icon=":material/stop_circle:")
            st.rerun()


def settings(now: Here, town: str, week: Week, *, is_first: bool) -> None:
    """Draw the form that starts a calculation."""
    words = now.words
    names = distinct(plans.place_names(now.house, now.viewer, town))
    settings_of = words(f"page_plan.settings{'_first' if is_first else ''}")
    with st.expander(settings_of, expanded=is_first, key=f"plan_settings_fold_{is_first}"):
        own = plan_wishes.choose_places(now, town, names)
        asked = _form(now, town, names, own)
    if asked is not None:
        jobs.start(now.house, now.viewer, town, week, asked)
        st.rerun()


def _form(
    now: Here, town: str, names: dict[str, str], own: tuple[list[str], list[str]]
) -> PlanChoices | None:
    """Draw the form; return what was chosen once it is sent."""
    words, usual = now.words, PlanChoices()
    with st.form("plan_settings", border=False):
        left, middle, right = st.columns(3, vertical_alignment="bottom")
        service = left.number_input(
            words("page_plan.service"), 5, 180, usual.service_min, 5, key="plan_service",
            persist_state="session",
        )  # fmt: skip
        risky = middle.number_input(
            words("page_plan.hotspot_service"), 5, 180, usual.hotspot_service_min, 5,
            key="plan_risky", persist_state="session",
        )  # fmt: skip
        share = right.number_input(
            words("page_plan.exploration"), 0, 50, usual.exploration_pct, 1,
            help=words("page_plan.exploration_help"), key="plan_share", persist_state="session",
        )  # fmt: skip
        must = st.multiselect(
            words("page_plan.must"),
            list(names),
            format_func=names.__getitem__,
            placeholder=words("page_plan.must_empty"),
            key=f"plan_must_{town}",
            persist_state="session",
        )
        more = plan_wishes.wishes(now, town, names, own) | plan_people.people(words)
        unstaffed = st.checkbox(
            words("page_plan.unstaffed"), key="plan_unstaffed", persist_state="session"
        )
        seed = st.number_input(
            words("page_plan.seed"), 0, 2**31 - 1, None, 1,
            help=words("page_plan.seed_help"), key="plan_seed", persist_state="session",
        )  # fmt: skip
        asked = st.form_submit_button(
            words("page_plan.make"), type="primary", icon=":material/route:", key="plan_make"
        )
    if not asked:
        return None
    return PlanChoices(
        service_min=service,
        hotspot_service_min=risky,
        exploration_pct=share,
        must_places=tuple(must),
        leave_unstaffed=unstaffed,
        seed=seed,
        **more,
    )
