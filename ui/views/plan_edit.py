"""The side of a plan on which a round is changed by hand: order, times, teams, locks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import streamlit as st

from data.changes import Change
from data.nouns import TIRANE, Plan, RouteStop, Shift
from data.vocabulary import ChangeKind, PlanStatus
from desk import revising
from desk.edits import Row, ahead_of, edits_of, is_locked, open_shifts
from ui import session
from ui.shell import Here
from ui.views.plan_change import change, ground, moment, shift_label, short_label
from ui.widgets.text import distinct, plain

__all__ = ["edit"]

_STEP: Final = timedelta(minutes=5)
_WIDTHS: Final = (0.8, 1.9, 2.5, 2.5, 0.9, 0.9)


def edit(now: Here, plan: Plan) -> None:
    """Let one round be changed as a table, and places be added."""
    words, at = now.words, moment()
    shifts = {shift.id: shift for shift in open_shifts(plan, at)}
    if not shifts or plan.status is PlanStatus.UNDONE:
        st.info(words("decide.closed"), icon=":material/info:")
        return
    if plan.status is PlanStatus.APPROVED:
        st.info(words("decide.of_approved"), icon=":material/info:")
    with st.spinner(words("decide.ready"), show_time=False):
        ground(now, plan)  # so that no change waits for the streets
    st.markdown(words("decide.how"))
    labels = distinct({name: shift_label(plan, shift, words) for name, shift in shifts.items()})
    picked = st.selectbox(
        words("decide.round"), list(labels), format_func=labels.__getitem__, key="edit_round"
    )
    short = distinct({name: short_label(plan, shift, words) for name, shift in shifts.items()})
    _table(now, plan, shifts[picked], short, at)
    _add(now, plan, labels)


def _table(now: Here, plan: Plan, shift: Shift, labels: dict[str, str], at: datetime) -> None:
    """Draw the stops of a round that have not begun, each with everything that can be changed."""
    words, ahead = now.words, ahead_of(plan, shift.id, at)
    if not ahead:
        st.markdown(words("decide.none_ahead"))
        return
    turn = f"{session.PLAN_TURN.get()}_{plan.version}_{shift.id}"
    with st.form(f"edit_{turn}", border=False):
        read = [
            _row(now, plan, shift, met, (number, len(ahead)), labels, f"{turn}_{number}")
            for number, met in enumerate(ahead, start=1)
        ]
        asked = st.form_submit_button(
            words("decide.apply"), type="primary", icon=":material/published_with_changes:",
            key="edit_apply",
        )  # fmt: skip
    if asked:
        change(now, plan, edits_of(plan, shift.id, [one() for one in read]))


def _row(  # noqa: PLR0913, PLR0917 - a stop, where it stands, and where it may go
    now: Here,
    plan: Plan,
    shift: Shift,
    met: RouteStop,
    place: tuple[int, int],
    labels: dict[str, str],
    key: str,
) -> Callable[[], Row]:
    """Draw the fields of a stop; return what reads them."""
    words, (number, n) = now.words, place
    name, begins = plain(met.stop.name), _local(met.arrive)
    with st.container(border=True):
        columns = st.columns(_WIDTHS, vertical_alignment="center")
        position = columns[0].number_input(
            words("decide.position"), 1, n, number, 1, key=f"pos_{key}"
        )
        must = f" ({words('page_plan.must_mark')})" if met.stop.must else ""
        hours = words.span(met.window.opens, met.window.closes)
        columns[1].markdown(f"**{name}**{must}  \n{words('decide.open', hours=hours)}")
        first, last = _local(shift.start), _local(shift.end)
        time = columns[2].slider(
            words("decide.arrive", place=met.stop.name),
            min(first, begins), max(last, begins), begins, _STEP,
            format="HH:mm", key=f"at_{key}",
        )  # fmt: skip
        own = columns[3].selectbox(
            words("decide.whose"), list(labels), index=list(labels).index(shift.id),
            format_func=labels.__getitem__, key=f"shift_{key}",
        )  # fmt: skip
        locked = columns[4].checkbox(
            words("decide.lock"), is_locked(plan, shift.id, met.stop.id), key=f"lock_{key}"
        )
        out = columns[5].checkbox(words("decide.out"), key=f"out_{key}")

    def read() -> Row:
        asked = None if time == begins else time
        return Row(
            stop=met.stop.id,
            position=position,
            shift=own,
            locked=locked,
            out=out,
            at=None if asked is None else asked.replace(tzinfo=TIRANE),
        )

    return read


def _local(at: datetime) -> datetime:
    """Return the local time without its zone, to the minute: a slider knows no zones."""
    return at.astimezone(TIRANE).replace(tzinfo=None, second=0, microsecond=0)


def _add(now: Here, plan: Plan, labels: dict[str, str]) -> None:
    """Let a place be put into a round, or wherever it costs least."""
    words = now.words
    known = revising.spots(now.house, now.viewer, plan.municipality or "")
    names = distinct({stop: spot.name for stop, spot in known.items()})
    with (
        st.expander(words("decide.add"), icon=":material/add_location_alt:"),
        st.form(f"add_{session.PLAN_TURN.get()}", border=False),
    ):
        stop = st.selectbox(
            words("decide.place"), list(names), index=None, format_func=names.__getitem__,
            placeholder=words("decide.choose_place"), key="add_place",
        )  # fmt: skip
        rounds = {"": words("decide.anywhere"), **labels}
        to_shift = st.selectbox(
            words("decide.whose"), list(rounds), format_func=rounds.__getitem__, key="add_shift"
        )
        asked = st.form_submit_button(words("decide.add_yes"), key="add_yes")
    if asked and stop is not None:
        wanted = Change(kind=ChangeKind.ADD, stop=stop, to_shift=to_shift, spot=known[stop])
        change(now, plan, [wanted])
