"""The head of the plan page: the version, what it does, its approval, and which side is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import streamlit as st

from data.messages import Message
from data.nouns import Plan
from data.vocabulary import PlanStatus
from desk import plans
from layers.marks import mark_lines
from layers.words import Words
from ui import session
from ui.shell import Here, here
from ui.views import (
    plan_change,
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

__all__ = ["PARTS", "answer", "approval", "choose_version", "view"]

Side = Callable[[Here, Plan], None]
#: The sides of a plan, by what they are looked at for.
PARTS: Final[Mapping[str, Mapping[str, Side]]] = {
    "part_plan": {
        "rounds": plan_rounds.rounds,
        "map": plan_rounds.on_map,
        "week_tab": plan_rounds.timetable,
        "left_tab": plan_rounds.left_out,
    },
    "part_change": {"edit": plan_edit.edit, "versions": plan_versions.versions},
    "part_check": {
        "done": plan_done.done,
        "rhythm": plan_rhythm.rhythm,
        "safety": plan_safety.rules,
    },
    "part_cost": {"cost": plan_cost.cost, "what_if": plan_what_if.what_if},
    "part_files": {"files": plan_files.files, "details": plan_files.details},
}


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


def approval(now: Here, plan: Plan, kept: Sequence[Plan]) -> None:
    """Say what the plan breaks and how to mend it; offer to approve it, after a second question."""
    words = now.words
    found: tuple[Message, ...] = ()
    if plan.status is not PlanStatus.UNDONE:
        found = plans.broken(now.viewer, plan, kept, plan_change.moment())
    plan_change.broken(words, found)
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
            anyway = bool(found) and st.checkbox(
                words("breaks.anyway", n=len(found)), key=f"plan_anyway_{plan.id}_{plan.version}"
            )
            st.button(
                words("page_plan.approve_yes"),
                key="plan_approve",
                type="primary",
                disabled=bool(found) and not anyway,
                on_click=_approve,
                args=(plan, anyway),
            )


def _approve(plan: Plan, anyway: bool) -> None:  # noqa: FBT001 - a callback has no keywords
    now = here()
    with keep_fault():
        plans.approve(now.house, now.viewer, plan, plan_change.moment(), anyway=anyway)


def view(now: Here, plan: Plan) -> None:
    """Show one side of the plan; a map in a hidden tab would have no size."""
    part = _choose(now.words, "plan_part", list(PARTS), "page_plan.part")
    sides = PARTS[part]
    picked = _choose(now.words, f"plan_view_{part}", list(sides), "page_plan.view")
    sides[picked](now, plan)


def _choose(words: Words, key: str, choices: list[str], label: str) -> str:
    names = {one: words(f"page_plan.{one}") for one in choices}
    return st.segmented_control(
        words(label),
        choices,
        default=choices[0],
        required=True,
        format_func=names.__getitem__,
        key=key,
        label_visibility="collapsed",
    )
