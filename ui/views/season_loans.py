"""Teams lent between municipalities: asked for, agreed to, refused, taken back, ended early."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

import streamlit as st

from data.lending import Loan
from data.messages import Message
from data.nouns import Team
from data.vocabulary import LoanState
from desk import lending
from desk.directory import municipality_names
from desk.lending import LoanForm
from layers.words import Words
from ui import session
from ui.shell import Here, here
from ui.widgets.messages import keep_fault, telling
from ui.widgets.text import capital, distinct, plain

__all__ = ["loans"]

_DATES: Final = "DD.MM.YYYY"
_WEEK: Final = timedelta(days=6)


def loans(now: Here, town: str, today: date) -> None:
    """Draw the loans of a municipality that are not over, and the form that asks for one."""
    words = now.words
    st.subheader(words("page_season.loans"), anchor=False)
    said = session.SEASON_SAID.take()
    if said is not None:
        st.success(plain(words.message(said)), icon=":material/check_circle:")
    shown = [one for one in lending.loans_of(now.house, now.viewer, town) if one.last >= today]
    teams = lending.names_in(now.house, now.viewer, shown)
    if not shown:
        st.markdown(words("page_season.no_loan"))
    for one in shown:
        _one(town, one, teams, today, words)
    with st.expander(words("page_season.ask"), icon=":material/handshake:", key="loan_fold"):
        _form(now, town, today)


def _one(town: str, loan: Loan, teams: dict[str, str], today: date, words: Words) -> None:
    names = municipality_names()
    with st.container(border=True):
        way = "borrowed" if loan.borrower == town else "lent"
        st.markdown(
            words(
                f"page_season.loan_{way}",
                team=plain(teams.get(loan.team, loan.team)),
                other=names[loan.lender if loan.borrower == town else loan.borrower],
                first=loan.first,
                last=loan.last,
                state=capital(words(f"word.loan.{loan.state}")),
            )
        )
        with st.container(horizontal=True):
            if loan.state is LoanState.ASKED and loan.other == town:
                _button("agree", loan, words, _agree, primary=True)
                _button("refuse", loan, words, _refuse)
            elif loan.state is LoanState.ASKED:
                _button("take_back", loan, words, _take_back)
        if loan.state is LoanState.AGREED:
            _end(town, loan, today, words)


def _button(
    name: str, loan: Loan, words: Words, act: Callable[[Loan], None], *, primary: bool = False
) -> None:
    st.button(
        words(f"page_season.{name}"),
        key=f"loan_{name}_{loan.id}",
        type="primary" if primary else "secondary",
        on_click=act,
        args=(loan,),
    )


def _end(town: str, loan: Loan, today: date, words: Words) -> None:
    with st.popover(words("page_season.end"), icon=":material/event_busy:"):
        last = st.date_input(
            words("page_season.end_last"),
            max(today, loan.first),
            format=_DATES,
            key=f"loan_last_{loan.id}",
        )
        st.button(
            words("page_season.end_now"),
            key=f"loan_end_{loan.id}",
            type="primary",
            on_click=_ended,
            args=(town, loan, last),
        )


def _form(now: Here, town: str, today: date) -> None:
    """Ask for a team of another municipality, or offer one of the own."""
    words, names = now.words, municipality_names()
    theirs = lending.askable(now.house, now.viewer, town)
    own = lending.lendable(now.house, now.viewer, town)
    choices = {"ask_for": theirs, "offer": own}
    way = st.segmented_control(
        words("page_season.way"),
        [name for name, teams in choices.items() if teams],
        format_func={name: words(f"page_season.{name}") for name in choices}.__getitem__,
        key="loan_way",
    )
    if way is None:
        st.markdown(words("page_season.choose_way" if theirs or own else "page_season.no_team"))
        return
    teams: dict[str, Team] = {team.id: team for team in choices[way]}
    labels = distinct(
        {
            key: f"{names[team.municipality or town]} · {team.name}"
            for key, team in sorted(teams.items(), key=lambda one: one[0])
        }
    )
    with st.form("loan", border=False):
        picked = st.selectbox(
            words("page_season.team"), list(labels), format_func=labels.__getitem__, key="loan_team"
        )
        borrower = town
        if way == "offer":
            others = sorted(set(names) - {town}, key=names.__getitem__)
            borrower = st.selectbox(
                words("page_season.to"), others, format_func=names.__getitem__, key="loan_to"
            )
        left, right = st.columns(2)
        first = left.date_input(
            words("page_calendar.field.first"), today, format=_DATES, key="loan_first"
        )
        last = right.date_input(
            words("page_calendar.field.last"), today + _WEEK, format=_DATES, key="loan_until"
        )
        sent = st.form_submit_button(words("page_season.send"), type="primary", key="loan_send")
    if sent:
        form = LoanForm(
            team=picked,
            lender=teams[picked].municipality or town,
            borrower=borrower,
            first=first,
            last=last,
        )
        with telling(words):
            lending.ask(now.house, now.viewer, town, form)
            session.SEASON_SAID.set(Message("page_season.asked"))
            st.rerun()


def _agree(loan: Loan) -> None:
    with keep_fault():
        now = here()
        lending.answer(now.house, now.viewer, loan, agree=True)
        session.SEASON_SAID.set(Message("page_season.agreed"))


def _refuse(loan: Loan) -> None:
    with keep_fault():
        now = here()
        lending.answer(now.house, now.viewer, loan, agree=False)
        session.SEASON_SAID.set(Message("page_season.refused"))


def _take_back(loan: Loan) -> None:
    with keep_fault():
        now = here()
        lending.take_back(now.house, now.viewer, loan)
        session.SEASON_SAID.set(Message("page_season.taken_back"))


def _ended(town: str, loan: Loan, last: date) -> None:
    with keep_fault():
        now = here()
        lending.end_early(now.house, now.viewer, town, loan, last)
        session.SEASON_SAID.set(Message("page_season.ended"))
