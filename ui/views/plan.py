"""The parts of the plan page: choices, progress, rounds, reasons, approval, files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

import altair as alt
import pandas as pd
import streamlit as st

from data.nouns import TIRANE, Plan, Week
from data.vocabulary import PlanStatus
from desk import exports, jobs, plans
from desk.backdrop import backdrop
from desk.choices import PlanChoices
from desk.ground import area_of
from desk.jobs import JobState
from layers.legend import legend_group
from layers.maps import routes
from layers.maps.base import base_map
from layers.marks import mark_lines
from layers.palette import TEAM_COLOURS
from layers.rounds import PlannedRound, planned_rounds
from layers.words import Words
from ui import session
from ui.map_door import show_map
from ui.shell import Here, here
from ui.widgets.charts import quiet_axis, show_chart
from ui.widgets.messages import keep_fault
from ui.widgets.tables import number_table, numbers_of
from ui.widgets.text import plain

__all__ = [
    "answer",
    "approval",
    "choose_version",
    "last_job",
    "progress",
    "settings",
    "view",
]

_ROUND_TABLE = ("number", "time", "place", "why", "way")


def choose_version(found: Sequence[Plan], words: Words) -> Plan | None:
    """Let the viewer choose among versions; the approved one comes first, else the newest."""
    if not found:
        return None
    ordered = sorted(found, key=lambda p: (p.status is not PlanStatus.APPROVED, -p.version))
    if len(ordered) == 1:
        return ordered[0]
    labels = {
        plan.version: words(
            "page_plan.version_label",
            number=plan.version,
            status=f"@word.plan_status.{plan.status}",
        )
        for plan in ordered
    }
    picked = st.selectbox(
        words("page_plan.version"), list(labels), format_func=labels.__getitem__, key="plan_version"
    )
    return next(plan for plan in ordered if plan.version == picked)


def last_job(state: JobState | None, words: Words) -> None:
    """Say why the last calculation gave no plan, where it did not."""
    if state is not None and state.failed:
        st.error(plain(words.message(state.message)), icon=":material/error:")


@st.fragment(run_every=1.0)
def progress(town: str, week: Week) -> None:
    """Show how far the calculation is, with a way out; draw the page anew when it ended."""
    now = here()
    state = jobs.state(now.house, town, week)
    if state is None or state.ended:
        st.rerun()
    st.progress(state.fraction, text=now.words.message(state.message))
    st.button(now.words("page_plan.stop"), key="plan_stop", on_click=_stop, args=(town, week))


def _stop(town: str, week: Week) -> None:
    now = here()
    with keep_fault():
        jobs.stop(now.house, now.viewer, town, week)


def answer(plan: Plan, words: Words) -> None:
    """Say in one sentence what the plan does, and what it says of itself."""
    teams = {shift.team for shift in plan.shifts}
    met = [stop.stop.place_id for route in plan.routes for stop in route.stops]
    st.markdown(
        words(
            "page_plan.answer",
            teams=len(teams),
            n=len(plan.routes),
            visits=len(met),
            places=len(set(met)),
        )
        + " "
        + words("page_plan.left_count", n=len(plan.left_out))
    )
    lines = [*mark_lines(plan.marks, words), *(words.message(note) for note in plan.notes)]
    if plan.cut_by_time:
        lines.append(words("page_plan.cut"))
    st.caption("  \n".join(plain(line) for line in lines))


def approval(now: Here, plan: Plan) -> None:
    """Offer to approve the plan, after a second question."""
    words = now.words
    if plan.status is PlanStatus.APPROVED and plan.approved_at is not None:
        at = words.moment(plan.approved_at)
        st.success(words("page_plan.approved", at=at), icon=":material/check_circle:")
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
        "rounds": _rounds,
        "map": _on_map,
        "week_tab": _timetable,
        "left_tab": _left_out,
        "files": _files,
        "details": _details,
    }
    picked = st.segmented_control(
        now.words("page_plan.view"),
        list(sides),
        default="rounds",
        required=True,
        format_func=lambda side: now.words(f"page_plan.{side}"),
        key="plan_view",
        label_visibility="collapsed",
    )
    sides[picked](now, plan)


def _rounds(now: Here, plan: Plan) -> None:
    """List every round with its places, times and reasons."""
    words = now.words
    found = planned_rounds(plan)
    teams = {one.team.id: one.team.name for one in found}
    picked = st.selectbox(
        words("page_plan.team"),
        ["", *teams],
        format_func=lambda team: plain(teams[team]) if team else words("page_plan.all_teams"),
        key="plan_team",
    )
    people = {worker.id: worker.name for worker in plan.workers}
    for number, one in enumerate(o for o in found if not picked or o.team.id == picked):
        with st.expander(_round_title(one, words), expanded=number == 0):
            st.markdown(plain(_crew(one, people, words)))
            number_table(_stops(one, words), _round_headers(words), words)


def _round_title(one: PlannedRound, words: Words) -> str:
    return words(
        "page_plan.round",
        day=words.weekday(one.shift.start.astimezone(TIRANE).date()),
        team=plain(one.team.name),
        hours=words.span(one.shift.start, one.shift.end),
        n=len(one.route.stops),
    )


def _crew(one: PlannedRound, people: dict[str, str], words: Words) -> str:
    def names(ids: Sequence[str]) -> str:
        return ", ".join(people.get(worker, worker) for worker in ids)

    text = words("page_plan.people", names=names(one.shift.workers))
    if one.shift.on_call:
        text += " " + words("page_plan.on_call", names=names(one.shift.on_call))
    return text


def _round_headers(words: Words) -> dict[str, str]:
    return {"number": "#", **{name: words(f"page_plan.col_{name}") for name in _ROUND_TABLE[1:]}}


def _stops(one: PlannedRound, words: Words) -> pd.DataFrame:
    rows = []
    for number, met in enumerate(one.route.stops):
        must = f" ({words('page_plan.must_mark')})" if met.stop.must else ""
        rows.append(
            {
                "number": number + 1,
                "time": words.span(met.arrive, met.leave),
                "place": plain(met.stop.name) + must,
                "why": plain(words.message(met.stop.reason)),
                "way": round(one.route.legs[number].travel_s / 60),
            }
        )
    return pd.DataFrame(rows, columns=list(_ROUND_TABLE))


def _on_map(now: Here, plan: Plan) -> None:
    """Draw the rounds of all teams, or of one, on the map."""
    words = now.words
    chosen = session.Slot("plan_team", "").get()
    shifts = {shift.id for shift in plan.shifts if not chosen or shift.team == chosen}
    ground = backdrop(now.house, area_of(plan.area))
    show_map(
        base_map(ground, words, plan.marks),
        [
            routes.layer(plan, words, shifts=shifts),
            legend_group(routes.legend(plan, words), words),
        ],
        key="plan_map",
    )


def _timetable(now: Here, plan: Plan) -> None:
    """Draw the week as bars by day, one colour and row a team, with its numbers below."""
    words = now.words
    frame = _bars(plan, words)
    teams = sorted(frame["team"].unique())
    bars = (
        alt.Chart(frame)
        .mark_bar(cornerRadius=3)
        .encode(
            x=alt.X("start:Q", axis=quiet_axis(words("page_plan.hour"))).scale(domain=[6, 24]),
            x2="end:Q",
            y=alt.Y("day:N", axis=quiet_axis(), sort=None),
            yOffset=alt.YOffset("team:N", sort=teams),
            color=alt.Color("team:N", title=words("page_plan.team")).scale(
                domain=teams, range=list(TEAM_COLOURS)
            ),
            tooltip=["day:N", "team:N", "hours:N", "stops:Q"],
        )
    )
    show_chart(bars, key="plan_timetable", height_px=340)
    headers = {name: words(f"page_plan.col_{name}") for name in ("day", "hours", "stops")}
    numbers_of(frame, {"team": words("page_plan.team"), **headers}, words)


def _bars(plan: Plan, words: Words) -> pd.DataFrame:
    rows = []
    for one in planned_rounds(plan):
        start = one.shift.start.astimezone(TIRANE)
        hours = (one.shift.end - one.shift.start).total_seconds() / 3600
        first = start.hour + start.minute / 60
        rows.append(
            {
                "day": words.weekday(start.date()),
                "team": one.team.name,
                "start": first,
                "end": first + hours,
                "hours": words.span(one.shift.start, one.shift.end),
                "stops": len(one.route.stops),
            }
        )
    return pd.DataFrame(rows)


def _left_out(now: Here, plan: Plan) -> None:
    """List the places without a visit, each with the reason."""
    words = now.words
    if not plan.left_out:
        st.markdown(words("page_plan.none_left"))
        return
    frame = pd.DataFrame(
        {
            "place": [plain(one.name) for one in plan.left_out],
            "why": [plain(words.message(one.reason)) for one in plan.left_out],
        }
    )
    headers = {name: words(f"page_plan.col_{name}") for name in ("place", "why")}
    number_table(frame, headers, words)


def _files(now: Here, plan: Plan) -> None:
    """Offer the plan's files; each is made, and noted in the audit, when it is asked for."""
    words = now.words
    st.warning(words("page_plan.files_text"), icon=":material/warning:")
    stem = f"{plan.area}-{plan.week}"
    for kind, (name, made) in {
        "sheets": (f"{stem}.pdf", partial(_one, now, plan, "sheets.pdf")),
        "packs": (f"{stem}-packs.zip", partial(_zip, now, plan, "packs/")),
        "roster": (f"{stem}.xlsx", partial(_one, now, plan, "roster.xlsx")),
        "calendar": (f"{stem}.ics", partial(_one, now, plan, "roster.ics")),
        "gpx": (f"{stem}.gpx", partial(_one, now, plan, "routes.gpx")),
        "all": (f"{stem}.zip", partial(_zip, now, plan, "")),
    }.items():
        _download(words(f"page_plan.file.{kind}"), name, made, key=f"plan_file_{kind}")


def _download(label: str, name: str, made: Callable[[], bytes], *, key: str) -> None:
    st.download_button(
        label, data=made, file_name=name, key=key, on_click="ignore", icon=":material/download:"
    )


def _one(now: Here, plan: Plan, name: str) -> bytes:
    return exports.plan_bytes(now.house, now.viewer, plan, now.words)[name]


def _zip(now: Here, plan: Plan, only: str) -> bytes:
    made = exports.plan_bytes(now.house, now.viewer, plan, now.words)
    return exports.plan_zip(made, only)


def _details(now: Here, plan: Plan) -> None:
    """Say how the plan was made, for whoever wants to make it again."""
    words = now.words
    streets = "illustrative" if plan.marks.illustrative_streets else "osm"
    st.markdown(
        words(
            "page_plan.seed_used",
            seed=str(plan.seed),
            version=plan.version,
            streets=f"@page_plan.streets_{streets}",
        )
    )
    st.json(dict(plan.settings), expanded=1)


def settings(now: Here, town: str, week: Week, *, is_first: bool) -> None:
    """Draw the form that starts a calculation."""
    words, usual = now.words, PlanChoices()
    names = plans.place_names(now.house, now.viewer, town)
    with (
        st.expander(words("page_plan.settings"), expanded=is_first),
        st.form("plan_settings", border=False),
    ):
        left, middle, right = st.columns(3)
        service = left.number_input(
            words("page_plan.service"), 5, 180, usual.service_min, 5, key="plan_service"
        )
        risky = middle.number_input(
            words("page_plan.hotspot_service"), 5, 180, usual.hotspot_service_min, 5,
            key="plan_risky",
        )  # fmt: skip
        share = right.number_input(
            words("page_plan.exploration"), 0, 50, usual.exploration_pct, 1,
            help=words("page_plan.exploration_help"), key="plan_share",
        )  # fmt: skip
        must = st.multiselect(
            words("page_plan.must"),
            list(names),
            format_func=names.__getitem__,
            placeholder=words("page_plan.must_empty"),
            key="plan_must",
        )
        unstaffed = st.checkbox(words("page_plan.unstaffed"), key="plan_unstaffed")
        seed = st.number_input(words("page_plan.seed"), 0, 2**31 - 1, None, 1, key="plan_seed")
        asked = st.form_submit_button(
            words("page_plan.make"), type="primary", icon=":material/route:", key="plan_make"
        )
    if asked:
        choices = PlanChoices(
            service_min=service,
            hotspot_service_min=risky,
            exploration_pct=share,
            must_places=tuple(must),
            leave_unstaffed=unstaffed,
            seed=seed,
        )
        jobs.start(now.house, now.viewer, town, week, choices)
        st.rerun()
