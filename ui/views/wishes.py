"""Wishes: which days people would like off or to work, and which the plan keeps."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

import streamlit as st

from data.duties import MOST_WEIGHT, Wish
from data.nouns import TIRANE, Week
from data.vocabulary import Wants
from desk import wishes as desk
from desk.crew import Crew
from desk.schedule import WeekGrid
from layers.words import Words
from ui.shell import Here, here
from ui.widgets.messages import keep_fault, telling
from ui.widgets.text import distinct, plain

__all__ = ["wishes"]

_DATES: Final = "DD.MM.YYYY"


def wishes(now: Here, crew: Crew, grid: WeekGrid) -> None:
    """List the wishes of the week looked at, whether the plan keeps them, and a form for more."""
    if not crew.workers:
        return
    words, week = now.words, grid.week
    st.subheader(words("page_schedule.wishes"), anchor=False)
    names = {worker.id: worker.name for worker in crew.workers}
    found = [one for one in desk.wishes_of(now.house, now.viewer, crew) if one.day in week.days]
    if not found:
        st.markdown(words("page_schedule.no_wish"))
    for wish in found:
        with st.container(horizontal=True, vertical_alignment="center", border=True):
            st.markdown(_sentence(wish, (names, _teams(crew)), grid, words), width="stretch")
            st.button(
                words("page_schedule.take_back"),
                key=f"wish_back_{wish.worker}_{wish.day}",
                icon=":material/undo:",
                on_click=_take_back,
                args=(crew, wish),
            )
    with st.expander(words("page_schedule.add_wish"), icon=":material/favorite:"):
        _form(crew, week, names, words)


def _teams(crew: Crew) -> dict[str, str]:
    return distinct({team.id: team.name for team in crew.teams})


def _sentence(
    wish: Wish, known: tuple[dict[str, str], dict[str, str]], grid: WeekGrid, words: Words
) -> str:
    names, teams = known
    text = words(
        f"page_schedule.wish_{wish.wants}{'_with' if wish.team else ''}",
        name=plain(names.get(wish.worker, wish.worker)),
        day=words.weekday(wish.day),
        team=plain(teams.get(wish.team, wish.team)),
    )
    if grid.status is None:
        return text
    kept = "kept" if grid.keeps(wish) else "given_up"
    return f"{text} · {words(f'page_schedule.wish_{kept}')}"


def _form(crew: Crew, week: Week, names: dict[str, str], words: Words) -> None:
    labels = distinct(names)
    wants = {one: words(f"word.wants.{one}") for one in Wants}
    with st.form("wish", border=False, clear_on_submit=True):
        left, middle, right = st.columns(3)
        worker = left.selectbox(
            words("page_schedule.person"),
            sorted(names, key=lambda one: (names[one], one)),
            format_func=labels.__getitem__,
            key="wish_worker",
        )
        day = middle.date_input(
            words("page_schedule.wish_day"), _first(week), format=_DATES, key="wish_day"
        )
        wanted = right.selectbox(
            words("page_schedule.wish_wants"),
            list(wants),
            format_func=wants.__getitem__,
            key="wish_wants",
        )
        left, right = st.columns(2, vertical_alignment="bottom")
        teams = {"": words("page_schedule.any_team"), **_teams(crew)}
        team = left.selectbox(
            words("page_schedule.wish_team"),
            list(teams),
            format_func=teams.__getitem__,
            key="wish_team",
        )
        weight = right.number_input(
            words("page_schedule.wish_weight"), 1, MOST_WEIGHT, 1, key="wish_weight"
        )
        asked = st.form_submit_button(
            words("page_schedule.add_wish"), type="primary", key="wish_add"
        )
    if asked and worker is not None:
        now = here()
        with telling(words):
            # A day off is off from every team.
            with_whom = team if wanted is Wants.WORK else ""
            made = Wish(worker=worker, day=day, wants=wanted, team=with_whom, weight=weight)
            desk.add_wish(now.house, now.viewer, crew, made)
            st.rerun()


def _take_back(crew: Crew, wish: Wish) -> None:
    with keep_fault():
        now = here()
        desk.erase_wish(now.house, now.viewer, crew, wish)


def _first(week: Week) -> date:
    return max(week.monday, datetime.now(TIRANE).date())
