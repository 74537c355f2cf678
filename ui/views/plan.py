"""The head of the plan page: the version, what it does, its approval, and which side is shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import streamlit as st

from data.nouns import TIRANE, Plan
from data.vocabulary import PlanStatus
from desk import plans
from layers.marks import mark_lines
from layers.words import Words
from ui import session
from ui.shell import Here, here
from ui.views import (
    plan_cost,
    plan_done,
    plan_edit,
    plan_files,
    plan_rhythm,
    plan_rounds,
    plan_safety,
    plan_versions,
    plan_what_if,
)
from ui.widgets.messages import keep_fault, listed, quiet
from ui.widgets.text import plain

__all__ = ["answer", "approval", "choose_version", "view"]


def choose_version(found: Sequence[Plan], words: Words) -> Plan | None:
    """Let the viewer choose among versions; the approved one comes first, else the newest."""
    if not found:
        return None
    ordered = sorted(found, key=lambda p: (-p.status.rank, -p.version))
    if len(ordered) == 1:
        return ordered[0]
    labels = {plan.version: plan_versions.label_of(plan, words) for plan in ordered}
    shown = session.PLAN_SHOWN.take()
    if shown in labels:
        session.PLAN_VERSION.set(shown)
    elif session.PLAN_VERSION.get() not in labels:
        session.PLAN_VERSION.clear()  # the choice was one of another week
    picked = st.selectbox(
        words("page_plan.version"), list(labels), format_func=labels.__getitem__, key="plan_version"
    )
    return next(plan for plan in ordered if plan.version == picked)


def answer(plan: Plan, words: Words) -> None:
    """Say in one sentence what the plan does, and what it says of itself."""
    n_teams = len({shift.team for shift in plan.shifts})
    met = [stop.stop.place_id for route in plan.routes for stop in route.stops]
    text = words(
        "page_plan.answer",
        n=n_teams,
        rounds=words("page_plan.n_rounds", n=len(plan.routes)),
        visits=words("page_plan.n_visits", n=len(met)),
        places=words("page_plan.n_places", n=len(set(met))),
    )
    st.markdown(f"**{text}** {words('page_plan.left_count', n=len(plan.left_out))}")
    quiet("  \n".join(plain(line) for line in mark_lines(plan.marks, words)))
    notes = [plain(words.message(note)) for note in plan.notes]
    if plan.cut_by_time:
        notes.append(words("page_plan.cut"))
    if notes:
        st.info(listed(notes), icon=":material/info:")


def approval(now: Here, plan: Plan) -> None:
    """Offer to approve the plan, after a second question."""
    words = now.words
    if plan.status is PlanStatus.APPROVED and plan.approved_at is not None:
        at, name = words.moment(plan.approved_at), plain(plan.approved_by or "")
        st.success(words("decide.approved", name=name, at=at), icon=":material/check_circle:")
    elif plan.status is PlanStatus.UNDONE:
        st.warning(words("decide.is_undone"), icon=":material/undo:")
    elif plan.marks.illustrative_streets:
        st.info(words("page_plan.approve_never"), icon=":material/info:")
    else:
        with st.popover(words("page_plan.approve"), icon=":material/task_alt:"):
            st.markdown(words("page_plan.approve_ask"))
            st.button(
                words("page_plan.approve_yes"),
                key="plan_approve",
                type="primary",
                on_click=_approve,
                args=(plan,),
            )


def _approve(plan: Plan) -> None:
    now = here()
    with keep_fault():
        plans.approve(now.house, now.viewer, plan, datetime.now(TIRANE).replace(microsecond=0))


def view(now: Here, plan: Plan) -> None:
    """Show one side of the plan; a map in a hidden tab would have no size."""
    sides: dict[str, Callable[[Here, Plan], None]] = {
        "rounds": plan_rounds.rounds,
        "edit": plan_edit.edit,
        "map": plan_rounds.on_map,
        "week_tab": plan_rounds.timetable,
        "left_tab": plan_rounds.left_out,
        "rhythm": plan_rhythm.rhythm,
        "cost": plan_cost.cost,
        "what_if": plan_what_if.what_if,
        "done": plan_done.done,
        "safety": plan_safety.rules,
        "versions": plan_versions.versions,
        "files": plan_files.files,
        "details": plan_files.details,
    }
    labels = {side: now.words(f"page_plan.{side}") for side in sides}
    picked = st.segmented_control(
        now.words("page_plan.view"),
        list(sides),
        default="rounds",
        required=True,
        format_func=labels.__getitem__,
        key="plan_view",
        label_visibility="collapsed",
    )
    sides[picked](now, plan)
