"""Today's parts: the next stop as one large card, the rest below by time, the round as a map."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from data.frames import CHILD_COUNTS, RIGHTS_COUNTS
from data.nouns import TIRANE, RouteStop, Team, Viewer
from data.vocabulary import Role, TravelMode, VisitOutcome, VisitPurpose
from desk import rounds
from desk.backdrop import backdrop
from desk.ground import area_of
from desk.met import Met
from desk.round_changes import Changed
from desk.rounds import NextRound, Round
from layers.legend import legend_group
from layers.maps import routes
from layers.maps.base import base_map
from layers.words import Words
from ui import session
from ui.map_door import show_map
from ui.shell import Here, here
from ui.views import today_safety
from ui.widgets.messages import empty_state, keep_fault
from ui.widgets.text import distinct, plain

__all__ = [
    "changed",
    "choose_side",
    "choose_team",
    "next_stop",
    "no_round",
    "nobody",
    "on_map",
    "rest",
    "summary",
]

_TEAM_KEY = "today_team"
_SIDES = ("list", "map", "first_contact")


def choose_team(teams: Sequence[Team], words: Words) -> Team | None:
    """Let whoever has several teams choose one; return it."""
    if len(teams) < 2:  # noqa: PLR2004 - one team is no choice
        return teams[0] if teams else None
    chosen = session.TODAY_TEAM.get()
    ids = [team.id for team in teams]
    names = distinct({team.id: team.name for team in teams})
    picked = st.selectbox(
        words("page_today.team"),
        ids,
        index=ids.index(chosen) if chosen in ids else 0,
        format_func=names.__getitem__,
        key=_TEAM_KEY,
    )
    session.TODAY_TEAM.set(picked)
    return teams[ids.index(picked)]


def choose_side(words: Words) -> str:
    """Let the viewer choose the list, the map or the card of the first contact.

    They are no tabs: a map in a hidden tab would have no size.
    """
    sides = {side: words(f"page_today.{side}") for side in _SIDES}
    return st.segmented_control(
        words("page_today.view"),
        _SIDES,
        default=_SIDES[0],
        required=True,
        format_func=sides.__getitem__,
        key="today_view",
        label_visibility="collapsed",
        width="stretch",
    )


def nobody(viewer: Viewer, words: Words) -> None:
    """Say that there is no team to look at, and what to do."""
    if viewer.role is Role.COORDINATOR:
        empty_state(words("page_today.no_teams"))
    else:
        empty_state(words("page_today.no_team_of_mine"))


def no_round(viewer: Viewer, coming: NextRound | None, words: Words) -> None:
    """Say when the next round is, or what has to happen for one."""
    if coming is not None:
        start = coming.shift.start.astimezone(TIRANE)
        text = words(
            "page_today.next_round", day=words.weekday(start), clock=words.clock(start),
            n=coming.n_stops,
        )  # fmt: skip
    else:
        text = words(f"page_today.no_plan_{viewer.role}")
    empty_state(f"{words('page_today.no_round')} {text}")


def summary(outing: Round, words: Words) -> None:
    """Say in one line whose round it is, how long, and how much of it is done."""
    st.markdown(
        words(
            "page_today.summary",
            team=plain(outing.team.name),
            start=words.clock(outing.shift.start),
            end=words.clock(outing.shift.end),
            done=len(outing.done),
            n=len(outing.route.stops),
        )
    )


def changed(what: Changed | None, words: Words) -> None:
    """Say at the head what was changed in the round today."""
    if what is None:
        return
    lines = [words("decide.today_new", at=words.clock(what.at))]
    for name, places in (("decide.came_in", what.came), ("decide.fell_out", what.gone)):
        if places:
            lines.append(words(name, n=len(places), places=plain(", ".join(places))))
    st.warning(" ".join(lines), icon=":material/bolt:")


def next_stop(outing: Round, moment: datetime, words: Words) -> None:
    """Draw the next stop as one large card, with the buttons that mark it."""
    if not outing.left:
        said = "through" if len(outing.done) < len(outing.route.stops) else "all_done"
        st.success(words(f"page_today.{said}"), icon=":material/check_circle:")
        return
    begun = [s for s in outing.left if outing.mark_of(s.stop.id) is not None]
    stop = (begun or list(outing.left))[0]
    with st.container(border=True, key="next_stop"):
        number = outing.number(stop)
        st.header(f"{number}\\. {plain(stop.stop.name)}", anchor=False)
        st.markdown(_facts(outing, stop, words))
        st.markdown(plain(words.message(stop.stop.reason)))
        if stop.stop.needs_escort:
            st.markdown(words("page_today.with_escort"))
        if outing.mark_of(stop.stop.id) is None:
            st.button(
                _large(words("page_today.arrived"), words("page_today.arrived_hint")),
                key="arrived",
                type="primary",
                width="stretch",
                on_click=_arrive,
                args=(outing, stop),
            )
            today_safety.skip(outing, stop, words)
        else:
            _met(outing, stop, moment, words)


def _met(outing: Round, stop: RouteStop, moment: datetime, words: Words) -> None:
    """Draw what can be said of a place one is at."""
    mark = outing.mark_of(stop.stop.id)
    arrived = moment if mark is None else mark.arrived
    minutes = max(0, round((moment - arrived).total_seconds() / 60))
    st.markdown(words("page_today.here_since", clock=words.clock(arrived), n=minutes))
    chosen = session.OUTCOME.get()
    if chosen:
        _counts(outing, stop, VisitOutcome(chosen), words)
        return
    st.button(
        _large(words("page_today.nobody"), words("page_today.nobody_hint")),
        key="outcome_nobody",
        width="stretch",
        on_click=_keep,
        args=(outing, stop, VisitOutcome.NOBODY),
    )
    for outcome in (VisitOutcome.SEEN, VisitOutcome.SPOKEN, VisitOutcome.IDENTIFIED):
        st.button(
            _large(words(f"page_today.{outcome}"), words(f"page_today.{outcome}_hint")),
            key=f"outcome_{outcome}",
            width="stretch",
            on_click=session.OUTCOME.set,
            args=(str(outcome),),
        )
    st.button(
        words("page_today.not_there"),
        key="undo_arrival",
        type="tertiary",
        icon=":material/undo:",
        on_click=_undo,
        args=(outing, stop),
    )


def _counts(outing: Round, stop: RouteStop, outcome: VisitOutcome, words: Words) -> None:
    """Ask how many children; only what the outcome can have."""
    names = ["n_seen"]
    if outcome is VisitOutcome.IDENTIFIED:
        names.append("n_identified")
    if outcome is not VisitOutcome.SEEN:
        names += RIGHTS_COUNTS
    with st.form("counts", border=False):
        st.markdown(f"**{words(f'page_today.{outcome}')}**")
        for name in names:
            st.number_input(
                words(f"page_today.{name}"),
                min_value=0,
                max_value=99,
                value=0 if name in RIGHTS_COUNTS else 1,
                key=name,
            )
        st.form_submit_button(
            _large(words("page_today.keep"), words("page_today.keep_hint")),
            key="keep_counts",
            type="primary",
            width="stretch",
            on_click=_keep,
            args=(outing, stop, outcome),
        )
    st.button(words("page_today.back"), key="back", type="tertiary", on_click=session.OUTCOME.clear)


def rest(outing: Round, words: Words) -> None:
    """List the stops after the next one by time, then the done ones with their undo."""
    if outing.plan.marks.illustrative_streets:
        st.markdown(f":orange[{words('app.illustrative')}]")
    later = outing.left[1:]
    if later:
        st.subheader(words("page_today.later"), anchor=False)
    for stop in later:
        with st.container(border=True):
            number = outing.number(stop)
            st.markdown(f"**{number}. {plain(stop.stop.name)}**  \n{_when(outing, stop, words)}")
    _dropped(outing, words)
    done = outing.done
    if not done:
        return
    st.subheader(words("page_today.done"), anchor=False)
    latest = max(done, key=lambda s: _left_at(outing, s))
    for stop in done:
        mark = outing.mark_of(stop.stop.id)
        if mark is None:
            continue
        with st.container(border=True):
            said = words(f"page_today.{mark.met.outcome}")
            number = outing.number(stop)
            at = words.clock(mark.met.at)
            st.markdown(f"✓ **{number}. {plain(stop.stop.name)}**  \n{said} · {at}")
            if stop is latest:
                st.button(
                    words("page_today.undo"),
                    key="undo",
                    icon=":material/undo:",
                    on_click=_undo,
                    args=(outing, stop),
                )


def _dropped(outing: Round, words: Words) -> None:
    """Name the stops that a meeting left no time for, and why each of them."""
    if outing.again is None:
        return
    st.subheader(words("page_today.dropped"), anchor=False)
    st.markdown(words("page_today.planned_again"))
    for one in outing.again.dropped:
        with st.container(border=True):
            st.markdown(f"**{plain(one.name)}**  \n{words.message(one.reason)}")


def on_map(now: Here, outing: Round) -> None:
    """Draw the round on a map that looks at it, with what is done ticked."""
    words, plan, shifts = now.words, outing.plan, {outing.shift.id}
    done = {stop.stop.id for stop in outing.done}
    canvas = base_map(backdrop(now.house, area_of(plan.area)), words, plan.marks)
    routes.look_at(canvas, plan, shifts)
    legend = routes.legend(plan, words, shifts=shifts, done=bool(done))
    show_map(
        canvas,
        [routes.layer(plan, words, shifts=shifts, done=done), legend_group(legend, words)],
        key="today_map",
    )


def _left_at(outing: Round, stop: RouteStop) -> datetime:
    mark = outing.mark_of(stop.stop.id)
    return outing.shift.start if mark is None else mark.met.at


def _facts(outing: Round, stop: RouteStop, words: Words) -> str:
    """Say how far it is, from when to when, and until when one may come."""
    metres, seconds = outing.way_to(stop)
    way = "walk" if outing.shift.mode is TravelMode.WALK else "drive"
    far = words(
        f"page_today.far_{way}",
        km=round(metres / 1000, 1),
        minutes=max(1, round(seconds / 60)),
    )
    if stop.stop.purpose is VisitPurpose.IDENTIFICATION:
        return f"{_when(outing, stop, words)}  \n{far}"
    what = words("page_today.purpose", purpose=words(f"word.purpose.{stop.stop.purpose}"))
    return f"**{what}**  \n{_when(outing, stop, words)}  \n{far}"


def _when(outing: Round, stop: RouteStop, words: Words) -> str:
    return words(
        "page_today.when",
        arrive=words.clock(stop.arrive),
        leave=words.clock(stop.leave),
        closes=words.clock(stop.hours_in(outing.shift).closes),
    )


def _large(label: str, hint: str) -> str:
    """Return a label of two lines: a button that a thumb cannot miss."""
    return f"**{label}**  \n{hint}"


def _arrive(outing: Round, stop: RouteStop) -> None:
    with keep_fault():
        now = here()
        rounds.arrive(now.house, now.viewer, outing, stop, datetime.now(TIRANE))


def _keep(outing: Round, stop: RouteStop, outcome: VisitOutcome) -> None:
    counted = {
        name: session.Slot(name, 0).get()
        for name in CHILD_COUNTS
        if outcome is not VisitOutcome.NOBODY
    }
    with keep_fault():
        now = here()
        met = Met(outcome=outcome, at=datetime.now(TIRANE), **counted)
        rounds.mark_visit(now.house, now.viewer, outing, stop, met)
        session.OUTCOME.clear()


def _undo(outing: Round, stop: RouteStop) -> None:
    with keep_fault():
        now = here()
        rounds.undo_mark(now.house, now.viewer, outing, stop)
    session.OUTCOME.clear()
