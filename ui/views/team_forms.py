"""The forms of the teams page: one dialog for a person, a team or a base, new or known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import time
from functools import partial
from typing import Final

import streamlit as st

from data import reference
from data.nouns import Team
from data.vocabulary import Skill, TravelMode
from desk import crew as crew_desk
from desk.crew import Crew, TeamForm, WorkerForm
from desk.points import typed_point
from layers.words import Words
from ui import session
from ui.shell import here
from ui.views import crew_fields
from ui.views.teams import day_name
from ui.widgets.messages import quiet, telling
from ui.widgets.text import distinct, plain

__all__ = ["opened"]

_HALF_HOUR_S: Final = 1800
#: What a new team begins with: it fits the day and the week of everybody's contract.
_USUAL_DAYS: Final = (0, 1, 2, 3, 4)
_USUAL_HOURS: Final = (time(9), time(15))


def opened(crew: Crew, words: Words) -> None:
    """Draw the dialog that a button opened, if one did."""
    kind, _, key = session.TEAMS_OPEN.get().partition(":")
    ids = {w.id for w in crew.workers} | {t.id for t in crew.teams} | {b.id for b in crew.bases}
    if kind not in _FORMS or (key and key not in ids):
        session.TEAMS_OPEN.clear()
        return
    title = words(f"page_teams.{'change' if key else 'add'}_{kind}")
    st.dialog(title, on_dismiss=session.TEAMS_OPEN.clear)(_FORMS[kind])(crew, key)


def _worker(crew: Crew, key: str) -> None:
    """Ask for a person's name, skills, training and hours."""
    now = here()
    words = now.words
    known = next((one for one in crew.workers if one.id == key), None)
    form = WorkerForm(name="", skills=frozenset())
    if known is not None:
        form = WorkerForm(
            name=known.name,
            skills=known.skills,
            trained=known.trained,
            weekly_hours=known.weekly_hours,
            languages=known.languages,
            sex=known.sex,
            available_days=known.available_days,
            available_from=known.available_from,
            available_until=known.available_until,
        )
    called = {skill: words(f"word.skill.{skill}") for skill in Skill}
    with st.form("worker", border=False):
        name = st.text_input(
            words("page_teams.name"), form.name, max_chars=60, key="worker_name",
            help=words("page_teams.name_help"),
        )  # fmt: skip
        skills = st.multiselect(
            words("page_teams.skills"),
            list(called),
            sorted(form.skills),
            format_func=called.__getitem__,
            placeholder=words("page_teams.choose"),
            key="worker_skills",
        )
        trained = st.checkbox(
            words("page_teams.is_trained"), form.trained, key="worker_trained",
            help=words("page_teams.trained_help"),
        )  # fmt: skip
        hours = st.number_input(
            words("page_teams.weekly_hours"), 1.0, 60.0, form.weekly_hours, 1.0, format="%g",
            key="worker_hours",
        )  # fmt: skip
        about = crew_fields.about_worker(form, words)
        asked = _keep_button(words)
    entered = replace(
        about, name=name, skills=frozenset(skills), trained=trained, weekly_hours=float(hours)
    )
    if asked and known is None:
        _done(partial(crew_desk.add_worker, now.house, now.viewer, crew, entered), words)
    elif asked:
        _done(partial(crew_desk.change_worker, now.house, now.viewer, crew, key, entered), words)
    if known is not None:
        erase = partial(crew_desk.erase_worker, now.house, now.viewer, crew, key)
        _erase("worker", known.name, erase, words)


def _team(crew: Crew, key: str) -> None:
    """Ask for a team's name, base, hours, days, size and members."""
    now = here()
    words = now.words
    known = next((one for one in crew.teams if one.id == key), None)
    with st.form("team", border=False):
        entered = _team_fields(crew, known, words)
        asked = _keep_button(words)
    if asked and known is None:
        _done(partial(crew_desk.add_team, now.house, now.viewer, crew, entered), words)
    elif asked:
        _done(partial(crew_desk.change_team, now.house, now.viewer, crew, key, entered), words)
    if known is not None:
        erase = partial(crew_desk.erase_team, now.house, now.viewer, crew, key)
        _erase("team", known.name, erase, words)


def _team_fields(crew: Crew, known: Team | None, words: Words) -> TeamForm:
    """Draw a team's fields; return what stands in them."""
    number = len(crew.teams) + 1
    start, end = _USUAL_HOURS if known is None else (known.start, known.end)
    places = distinct({base.id: base.name for base in crew.bases})
    people = distinct({worker.id: worker.name for worker in crew.workers})
    usual = words("page_teams.usual_name", n=number)
    name = st.text_input(
        words("page_teams.name"), usual if known is None else known.name, max_chars=60,
        key="team_name",
    )  # fmt: skip
    week = {day: day_name(day, words) for day in range(7)}
    days = st.pills(
        words("page_teams.weekdays"),
        list(week),
        selection_mode="multi",
        default=_USUAL_DAYS if known is None else known.weekdays,
        format_func=week.__getitem__,
        key="team_days",
    )
    left, right = st.columns(2)
    begins = left.time_input(words("page_teams.start"), start, key="team_start", step=_HALF_HOUR_S)
    ends = right.time_input(
        words("page_teams.end"), end, key="team_end", step=_HALF_HOUR_S,
        help=words("page_teams.end_help"),
    )  # fmt: skip
    modes = {mode: words(f"word.mode.{mode}") for mode in TravelMode}
    mode = left.radio(
        words("page_teams.mode"),
        list(modes),
        index=0 if known is None else list(modes).index(known.mode),
        format_func=modes.__getitem__,
        horizontal=True,
        key="team_mode",
    )
    size = right.number_input(
        words("page_teams.size"), 2, 8, 2 if known is None else known.size, 1, key="team_size"
    )
    base = st.selectbox(
        words("page_teams.base"),
        list(places),
        index=list(places).index(known.base) if known and known.base in places else 0,
        format_func=places.__getitem__,
        key="team_base",
    )
    members = st.multiselect(
        words("page_teams.members"),
        list(people),
        [] if known is None else [one for one in known.members if one in people],
        format_func=people.__getitem__,
        placeholder=words("page_teams.choose"),
        key="team_members",
    )
    languages = crew_fields.languages(
        known.languages if known else frozenset(), words, key="team_languages"
    )
    return TeamForm(
        name=name,
        languages=languages,
        base=base or "",
        mode=mode,
        start=begins,
        end=ends,
        weekdays=tuple(sorted(days)),
        size=size,
        members=tuple(members),
    )


def _base(crew: Crew, key: str) -> None:
    """Ask for a base's name and point; the seat of the municipality is suggested."""
    now = here()
    words = now.words
    known = next((one for one in crew.bases if one.id == key), None)
    town = reference.municipality(crew.municipality)
    name = words("page_teams.usual_base", town=town.name_sq) if known is None else known.name
    lon, lat = (town.seat_lon, town.seat_lat) if known is None else (known.lon, known.lat)
    with st.form("base", border=False):
        entered = st.text_input(words("page_teams.name"), name, max_chars=60, key="base_name")
        written = st.text_input(
            words("page_teams.point"), f"{lat:.5f}, {lon:.5f}", key="base_point",
            help=words("page_teams.point_help"),
        )  # fmt: skip
        if known is None:
            quiet(words("page_teams.point_seat", town=town.name_sq))
        asked = _keep_button(words)
    if asked:
        with telling(words):
            point = typed_point(written)
            lonlat = (point.lon, point.lat)
            if known is None:
                keep = partial(crew_desk.add_base, now.house, now.viewer, crew, entered, lonlat)
            else:
                changed = replace(known, name=entered, lon=point.lon, lat=point.lat)
                keep = partial(crew_desk.change_base, now.house, now.viewer, crew, changed)
            if point.was_swapped:
                st.toast(words("page_teams.swapped"), icon=":material/swap_horiz:")
            _done(keep, words)
    if known is not None:
        erase = partial(crew_desk.erase_base, now.house, now.viewer, crew, key)
        _erase("base", known.name, erase, words)


_FORMS: Final = {"worker": _worker, "team": _team, "base": _base}


def _keep_button(words: Words) -> bool:
    return st.form_submit_button(
        words("page_teams.keep"), type="primary", width="stretch", key="keep_form"
    )


def _done(keep: Callable[[], None], words: Words) -> None:
    """Keep what was entered and close the dialog; a fault leaves it open, with its sentence."""
    with telling(words):
        keep()
        session.TEAMS_OPEN.clear()
        st.rerun()


def _erase(kind: str, name: str, erase: Callable[[], None], words: Words) -> None:
    """Offer to erase the record, after a second question."""
    with st.popover(words("page_teams.erase"), icon=":material/delete:"):
        st.markdown(words(f"page_teams.erase_{kind}", name=plain(name)))
        if st.button(words("page_teams.erase_yes"), key=f"erase_{kind}"):
            _done(erase, words)
