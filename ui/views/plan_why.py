"""Why a stop is in a round, and why another place is in none, with what would put it there."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from data.changes import Change
from data.nouns import Plan
from data.vocabulary import ChangeKind, PlanStatus
from desk import reasons, revising
from desk.picture import edition
from layers.rounds import PlannedRound
from ui import cache
from ui.shell import Here
from ui.views.plan_change import change, ground, moment
from ui.widgets.messages import listed, telling
from ui.widgets.text import distinct, plain

__all__ = ["why_not", "why_this"]


def why_this(now: Here, plan: Plan, one: PlannedRound) -> None:
    """Let a stop of a round be chosen, and say in at most five sentences why it is there."""
    words = now.words
    names = distinct({met.stop.id: met.stop.name for met in one.route.stops})
    picked = st.selectbox(
        words("decide.why_this"), list(names), index=None, format_func=names.__getitem__,
        placeholder=words("decide.choose_place"), key=f"why_{one.shift.id}",
    )  # fmt: skip
    if picked is None:
        return
    met = next(stop for stop in one.route.stops if stop.stop.id == picked)
    with telling(words):
        with st.spinner(words("decide.looking"), show_time=False):
            key = cache.MapKey(plan.municipality, edition(now.house))
            risk = cache.risk_reasons(now.viewer, key, plan.week, now.house)
        said = reasons.why_this(plan, one.shift.id, met, risk)
        st.markdown(listed([plain(words.message(line)) for line in said]))


def why_not(now: Here, plan: Plan) -> None:
    """Let a place without a visit be chosen; say what it would take, and offer to put it in."""
    words = now.words
    left = {one.stop: one for one in plan.left_out}
    names = distinct({stop: one.name for stop, one in left.items()})
    picked = st.selectbox(
        words("decide.why_not"), list(names), index=None, format_func=names.__getitem__,
        placeholder=words("decide.choose_place"), key="why_not",
    )  # fmt: skip
    if picked is None:
        return
    asked = Change(kind=ChangeKind.ADD, stop=picked)
    with telling(words):
        with st.spinner(words("decide.working"), show_time=False):
            found = revising.price_of(now.viewer, plan, asked, ground(now, plan), at=moment())
        st.markdown(listed([plain(words.message(line)) for line in found.told]))
        if plan.status is PlanStatus.UNDONE:
            return
        # What a rule keeps out because of its season a person may still want: they know better.
        known = revising.spots(now.house, now.viewer, plan.municipality or "")
        is_rule = left[picked].candidate is None
        label = words("decide.put_in_anyway" if is_rule else "decide.put_in")
        if (found.rule is None or is_rule) and st.button(label, key="put_in"):
            change(now, plan, [replace(asked, spot=known.get(picked))])
