"""The parts of the teams page: the answer, what is lacking, teams, people, bases, the telephone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

import streamlit as st

from data.messages import Message
from data.nouns import Team, Worker
from desk import settings
from desk.crew import Crew
from desk.crew_check import CrewCheck, members_of
from layers.words import Words
from ui import session
from ui.shell import Here, here
from ui.widgets.messages import empty_state, keep_fault, listed
from ui.widgets.text import capital, plain

__all__ = ["answer", "bases", "day_name", "lacking", "phone", "team_list"]

_A_MONDAY: Final = date(2024, 1, 1)
#: From here on days in a row are written with a dash.
_A_ROW: Final = 3
_PHONE_KEY: Final = "cpu_phone"


def day_name(weekday: int, words: Words) -> str:
    """Return the short name of a day of the week; 0 is Monday."""
    return words.day(_A_MONDAY + timedelta(days=weekday), "ccc")


def answer(crew: Crew, found: CrewCheck, words: Words) -> None:
    """Say in one sentence who there is and what is lacking, or what to enter first."""
    if not crew.teams and not crew.workers:
        empty_state(words("page_teams.nobody"))
        return
    n_lacking = len(found.teams_without_protection)
    counted = words(
        "page_teams.answer",
        people=words("page_teams.n_people", n=len(crew.workers)),
        teams=words("page_teams.n_teams", n=len(crew.teams)),
    )
    rest = words("page_teams.n_lacking", n=n_lacking) if n_lacking else ""
    if crew.teams and not n_lacking:
        rest = words("page_teams.none_lacking")
    st.markdown(f"**{counted}** {rest}")


def lacking(found: CrewCheck, words: Words) -> None:
    """Say what makes a roster impossible, and what it can make good by lending people."""
    if found.faults:
        st.warning(_said(found.faults, words), icon=":material/warning:")
    if found.notes:
        st.info(_said(found.notes, words), icon=":material/info:")


def _said(messages: Sequence[Message], words: Words) -> str:
    return listed([plain(words.message(message)) for message in messages])


def team_list(crew: Crew, words: Words) -> None:
    """Draw one card a team: when, how and from where it goes out, and who belongs to it."""
    if not crew.teams and crew.workers:
        empty_state(words("page_teams.no_teams" if crew.bases else "page_teams.no_base_no_teams"))
    for team in sorted(crew.teams, key=lambda one: (one.name, one.id)):
        with st.container(border=True):
            st.subheader(plain(team.name), anchor=False)
            st.markdown(_usual(crew, team, words))
            own = members_of(crew, team)
            _people(own, words, within=team.id)
            if not own:
                st.markdown(words("page_teams.no_members"))
            _open(words("page_teams.change_team"), f"team:{team.id}")
    in_a_team = {member for team in crew.teams for member in team.members}
    alone = [worker for worker in crew.workers if worker.id not in in_a_team]
    if alone:
        with st.container(border=True):
            st.subheader(words("page_teams.in_no_team"), anchor=False)
            _people(alone, words, within="")
    step = _next_step(crew)
    with st.container(horizontal=True):
        if crew.bases:
            _open(words("page_teams.add_team"), "team:", is_primary=step == "team")
        _open(words("page_teams.add_worker"), "worker:", is_primary=step == "worker")


def _people(workers: Sequence[Worker], words: Words, *, within: str) -> None:
    """Draw one line a person; their name opens their form."""
    for worker in sorted(workers, key=lambda one: (one.name, one.id)):
        facts = [_skills(worker, words), words("page_teams.hours", hours=worker.weekly_hours)]
        if not worker.trained:
            facts.append(words("page_teams.not_trained"))
        with st.container(gap=None):
            st.button(
                f"**{plain(worker.name)}**",
                key=f"open_worker:{worker.id}:{within}",
                type="tertiary",
                icon=":material/edit:",
                on_click=session.TEAMS_OPEN.set,
                args=(f"worker:{worker.id}",),
            )
            st.markdown(" · ".join(facts))


def _skills(worker: Worker, words: Words) -> str:
    skills = [words(f"word.skill.{skill}") for skill in sorted(worker.skills)]
    return ", ".join(skills) or words("page_teams.no_skill")


def _usual(crew: Crew, team: Team, words: Words) -> str:
    base = next((base.name for base in crew.bases if base.id == team.base), "")
    return words(
        "page_teams.usual",
        days=capital(_days(team.weekdays, words)),
        hours=words.span(team.start, team.end),
        mode=f"@word.mode.{team.mode}",
        n=team.size,
        base=plain(base),
    )


def _days(weekdays: Sequence[int], words: Words) -> str:
    """Return the first and the last of days in a row, else every day by name."""
    days = sorted(weekdays)
    in_a_row = days == list(range(days[0], days[0] + len(days))) if days else False
    if in_a_row and len(days) >= _A_ROW:
        return f"{day_name(days[0], words)}\N{EN DASH}{day_name(days[-1], words)}"
    return ", ".join(day_name(day, words) for day in days)


def bases(crew: Crew, words: Words) -> None:
    """List where rounds begin and end."""
    st.subheader(words("page_teams.bases"), anchor=False)
    for base in crew.bases:
        with st.container(border=True):
            st.markdown(f"**{plain(base.name)}**  \n{plain(f'{base.lat:.5f}, {base.lon:.5f}')}")
            _open(words("page_teams.change"), f"base:{base.id}")
    _open(words("page_teams.add_base"), "base:", is_primary=_next_step(crew) == "base")


def _next_step(crew: Crew) -> str:
    """Return what is added next: a base, then people, then teams."""
    if not crew.bases:
        return "base"
    return "team" if crew.workers else "worker"


def _open(label: str, what: str, *, is_primary: bool = False) -> None:
    """Draw the button that opens a form; what stands after the colon is the record's id."""
    adds = what.endswith(":")
    st.button(
        label,
        key=f"open_{what}",
        type="primary" if is_primary else "secondary",
        icon=":material/add:" if adds else ":material/edit:",
        on_click=session.TEAMS_OPEN.set,
        args=(what,),
    )


def phone(now: Here, town: str) -> None:
    """Show the telephone that stands in the emergency line, and let it be changed."""
    words = now.words
    known = settings.cpu_phone(now.house, town)
    st.subheader(words("page_teams.phone_title"), anchor=False)
    st.markdown(words("page_teams.phone_text"))
    with st.form("phone", border=False):
        st.text_input(
            words("page_teams.phone"),
            value="" if known == settings.NO_PHONE else known,
            max_chars=24,
            key=_PHONE_KEY,
            label_visibility="collapsed",
        )
        st.form_submit_button(
            words("page_teams.keep"), key="keep_phone", on_click=_keep_phone, args=(town,)
        )


def _keep_phone(town: str) -> None:
    with keep_fault():
        now = here()
        number = session.Slot(_PHONE_KEY, "").get()
        settings.set_cpu_phone(now.house, now.viewer, town, number)
