"""The side of a plan that asks what if: scenarios are asked for, worked out and read."""

from __future__ import annotations

import streamlit as st

from data.nouns import Plan
from desk import cost
from desk import what_if as scenarios
from layers.words import Words
from patrol.scenarios import Scenario, scenario_record, usual_scenarios
from patrol.what_if import Outcome
from ui import session
from ui.shell import Here, here
from ui.views import what_if_ask, what_if_found
from ui.widgets.messages import keep_fault, quiet
from ui.widgets.text import plain

__all__ = ["what_if"]


def what_if(now: Here, plan: Plan) -> None:
    """Let scenarios of the plan's week be asked for; show those worked out in this session."""
    words, town = now.words, plan.municipality or ""
    st.markdown(words("what_if.text"))
    confirmed_at = cost.cost_settings(now.house, now.viewer, town).confirmed_at
    # Of another version, or at other prices, nothing that was worked out holds.
    about = f"{plan.id} {plan.version} {confirmed_at}"
    if confirmed_at is None:
        quiet(words("what_if.assumed"))
    state = scenarios.state(now.house, town, plan.week)
    if state is not None and not state.ended:
        _progress(plan)
    else:
        _take(now, plan, about)
        if state is not None and state.failed and session.WHAT_IF_ASKED.get():
            why = plain(words.message(state.message))
            st.error(f"**{words('what_if.failed')}** {why}", icon=":material/error:")
        _ask(plan, words)
    of, found = session.WHAT_IF_FOUND.get()
    if found and of == about:
        what_if_found.found(found, plan, words)


@st.fragment(run_every=1.0)
def _progress(plan: Plan) -> None:
    """Show how far the scenarios are, with a way out; draw the page anew when they are done."""
    now, town = here(), plan.municipality or ""
    state = scenarios.state(now.house, town, plan.week)
    if state is None or state.ended:
        st.rerun()
    st.progress(state.fraction, text=now.words.message(state.message))
    st.button(now.words("what_if.stop"), key="what_if_stop", on_click=_stop, args=(plan,))


def _stop(plan: Plan) -> None:
    now = here()
    with keep_fault():
        scenarios.stop(now.house, now.viewer, plan.municipality or "", plan.week)
        session.WHAT_IF_ASKED.clear()


def _take(now: Here, plan: Plan, about: str) -> None:
    """Remember what was worked out for this tab, the newest of each scenario."""
    name = session.WHAT_IF_ASKED.get()
    new = scenarios.found(now.house, now.viewer, plan.municipality or "", plan.week, name)
    if not new:
        return
    session.WHAT_IF_ASKED.clear()
    of, known = session.WHAT_IF_FOUND.get()
    fresh = {str(scenario_record(one.scenario)) for one in new}
    kept: list[Outcome] = [
        one
        for one in (known if of == about else ())
        if str(scenario_record(one.scenario)) not in fresh
    ]
    session.WHAT_IF_FOUND.set((about, (*kept, *new)))


def _ask(plan: Plan, words: Words) -> None:
    usual = usual_scenarios(plan)
    st.button(
        words("what_if.usual"),
        key="what_if_usual",
        icon=":material/compare_arrows:",
        on_click=_start,
        args=(plan, usual),
    )
    with st.expander(words("what_if.own"), key="what_if_own_fold"):
        own = what_if_ask.own(plan, words)
        if own is not None:
            st.button(words("what_if.ask"), key="what_if_ask", on_click=_start, args=(plan, (own,)))


def _start(plan: Plan, asked: tuple[Scenario, ...]) -> None:
    now = here()
    with keep_fault():
        session.WHAT_IF_ASKED.set(scenarios.start(now.house, now.viewer, plan, asked))
