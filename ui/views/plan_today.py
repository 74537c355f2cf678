"""Today something changed: a call, rain, a closed road, somebody ill; one action each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import streamlit as st

from data.changes import Change, Spot
from data.errors import ContractError
from data.messages import Message
from data.nouns import TIRANE, Plan
from data.vocabulary import ChangeKind, PlaceKind, PlanStatus
from desk import records, revising
from desk.edits import open_shifts
from desk.points import typed_point
from desk.records import PlaceForm
from ui import session
from ui.shell import Here
from ui.views.plan_change import change, moment
from ui.views.plan_versions import names_of
from ui.widgets.messages import telling
from ui.widgets.text import distinct, plain

__all__ = ["today_changed"]

_DATES: Final = "DD.MM.YYYY"


def today_changed(now: Here, plan: Plan) -> None:
    """Offer one action for each thing that happens on the day, while a round is still to come."""
    words, at = now.words, moment()
    day = at.astimezone(TIRANE).date()
    left = [s for s in open_shifts(plan, at) if s.start.astimezone(TIRANE).date() == day]
    if day not in plan.week.days or not left or plan.status is PlanStatus.UNDONE:
        return
    sides: dict[str, Callable[[Here, Plan], None]] = {
        "call": _call,
        "rain": _rain,
        "closed": _road,
        "ill": _ill,
    }
    with st.expander(words("decide.today"), icon=":material/bolt:", key="today_fold"):
        approved = plan.status is PlanStatus.APPROVED
        st.markdown(words("decide.today_how" if approved else "decide.today_draft"))
        labels = {side: words(f"decide.today_{side}") for side in sides}
        picked = st.segmented_control(
            words("decide.today"),
            list(sides),
            default="call",
            required=True,
            format_func=labels.__getitem__,
            key="today_kind",
            label_visibility="collapsed",
        )
        sides[picked](now, plan)


def _call(now: Here, plan: Plan) -> None:
    words, town = now.words, plan.municipality or ""
    known = revising.spots(now.house, now.viewer, town)
    names = distinct({stop: spot.name for stop, spot in known.items()})
    with st.form(f"call_{session.PLAN_TURN.get()}", border=False):
        st.markdown(words("decide.call_how"))
        stop = st.selectbox(
            words("decide.place"), list(names), index=None, format_func=names.__getitem__,
            placeholder=words("decide.choose_place"), key="call_place",
        )  # fmt: skip
        left, right = st.columns(2)
        name = left.text_input(words("decide.new_name"), max_chars=80, key="call_name")
        point = right.text_input(
            words("decide.new_point"), placeholder="41.3200, 19.4400", max_chars=60,
            key="call_point",
        )  # fmt: skip
        asked = st.form_submit_button(
            words("decide.call_yes"), type="primary", icon=":material/call:", key="call_yes"
        )
    if not asked:
        return
    with telling(words):
        spot = known[stop] if stop else _new_spot(now, town, name, point)
        wanted = stop or f"stop-{spot.place_id}"
        change(now, plan, [Change(kind=ChangeKind.CALL, stop=wanted, spot=spot, at=moment())])


def _new_spot(now: Here, town: str, name: str, point: str) -> Spot:
    """Keep a place that nobody knew yet, and return it."""
    if not name.strip() or not point.strip():
        raise ContractError(Message("decide.which_place"))
    typed = typed_point(point)
    form = PlaceForm(
        municipality=town,
        name=name,
        kind=PlaceKind.OTHER,
        lon=typed.lon,
        lat=typed.lat,
        awake_from=1,
        awake_to=12,
    )
    place_id = records.add_place(now.house, now.viewer, form)
    return Spot(
        place_id=place_id,
        name=" ".join(name.split()),
        kind=PlaceKind.OTHER,
        lon=typed.lon,
        lat=typed.lat,
    )


def _rain(now: Here, plan: Plan) -> None:
    st.markdown(now.words("decide.rain_how"))
    if st.button(now.words("decide.rain_yes"), key="rain_yes", icon=":material/rainy:"):
        change(now, plan, [Change(kind=ChangeKind.RAIN, at=moment())])


def _road(now: Here, plan: Plan) -> None:
    words = now.words
    names = {base.id: base.name for base in plan.bases} | names_of(plan)
    with st.form(f"road_{session.PLAN_TURN.get()}", border=False):
        st.markdown(words("decide.road_how"))
        left, right = st.columns(2)
        ends = [
            column.selectbox(
                words(f"decide.road_{side}"), list(names), index=None,
                format_func=names.__getitem__, placeholder=words("decide.choose_place"),
                key=f"road_{side}",
            )
            for side, column in (("from", left), ("to", right))
        ]  # fmt: skip
        asked = st.form_submit_button(words("decide.road_yes"), key="road_yes")
    if asked and ends[0] and ends[1]:
        change(now, plan, [Change(kind=ChangeKind.CLOSED, stop=ends[0], other=ends[1])])
    for one in plan.standing:
        if one.kind is not ChangeKind.CLOSED:
            continue
        label = words(
            "decide.reopen",
            one=plain(names.get(one.stop, "")),
            other=plain(names.get(one.other, "")),
        )
        if st.button(label, key=f"reopen_{one.stop}_{one.other}"):
            opened = Change(kind=ChangeKind.UNLOCK, stop=one.stop, other=one.other)
            change(now, plan, [opened])


def _ill(now: Here, plan: Plan) -> None:
    words, today = now.words, moment().date()
    names = distinct({worker.id: worker.name for worker in plan.workers})
    with st.form(f"ill_{session.PLAN_TURN.get()}", border=False):
        st.markdown(words("decide.ill_how"))
        left, right = st.columns(2)
        worker = left.selectbox(
            words("decide.ill_who"), list(names), index=None, format_func=names.__getitem__,
            placeholder=words("decide.choose_person"), key="ill_worker",
        )  # fmt: skip
        until = right.date_input(
            words("decide.ill_until"), today, min_value=today, format=_DATES, key="ill_until"
        )
        asked = st.form_submit_button(words("decide.ill_yes"), key="ill_yes")
    if asked and worker is not None:
        change(now, plan, [Change(kind=ChangeKind.ILL, worker=worker, until=until, at=moment())])
