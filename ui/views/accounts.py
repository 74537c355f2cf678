"""The parts of the accounts page: the list, the invitation, the audit's last lines."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from data.nouns import TIRANE
from data.vocabulary import Role
from desk import accounts, directory
from desk.accounts import Account
from layers.words import Words
from ui import session
from ui.shell import Here, here
from ui.start import address
from ui.widgets.messages import keep_fault, telling
from ui.widgets.tables import number_table
from ui.widgets.text import plain

__all__ = ["account_list", "audit", "invitation", "link_once"]

_PLACED = (Role.COORDINATOR, Role.FIELD)


def link_once(words: Words) -> None:
    """Show the one-time link that was just made; the next run of the page forgets it."""
    token = session.LINK_SHOWN.take()
    if token:
        with st.container(border=True):
            st.markdown(words("page_accounts.link"))
            st.code(f"{address()}/welcome?link={token}", language=None, wrap_lines=True)


def account_list(now: Here, known: Sequence[Account]) -> None:
    """Draw one card an account: its roles, and what can be done with it."""
    words = now.words
    for account in known:
        with st.container(border=True):
            state = "closed" if account.closed else "open" if account.has_password else "invited"
            st.markdown(
                f"**{plain(account.name or account.login)}** ({plain(account.login)}) · "
                f"{words(f'page_accounts.{state}')}  \n{_roles(account, words)}"
            )
            with st.container(horizontal=True):
                st.button(
                    words("page_accounts.reset"),
                    key=f"reset_{account.login}",
                    on_click=_reset,
                    args=(account.login,),
                )
                if not account.closed and account.login != now.viewer.account:
                    st.button(
                        words("page_accounts.close"),
                        key=f"close_{account.login}",
                        on_click=_close,
                        args=(account.login,),
                    )


def _roles(account: Account, words: Words) -> str:
    names = directory.municipality_names()
    return "; ".join(
        " · ".join(
            part
            for part in (words(f"app.role.{g.role}"), names.get(g.municipality, ""), plain(g.team))
            if part
        )
        for g in account.grants
    )


def invitation(now: Here) -> None:
    """Draw the form that makes an account, or gives one another role."""
    words = now.words
    st.subheader(words("page_accounts.invite_title"), anchor=False)
    # The role stands outside the form, because it decides what the form asks for.
    roles = {role: words(f"app.role.{role}") for role in Role}
    role = st.radio(
        words("page_accounts.role"),
        list(roles),
        format_func=roles.__getitem__,
        horizontal=True,
        key="invite_role",
    )
    municipality = team = None
    if role in _PLACED:
        names = directory.municipality_names()
        municipality = st.selectbox(
            words("page_accounts.municipality"),
            sorted(names, key=names.__getitem__),
            format_func=names.__getitem__,
            index=None,
            placeholder=words("page_accounts.choose"),
            key="invite_municipality",
        )
    if role is Role.FIELD and municipality is not None:
        teams = directory.team_names(now.house, now.viewer, municipality)
        team = st.selectbox(
            words("page_accounts.team"),
            list(teams),
            format_func=teams.__getitem__,
            index=None,
            placeholder=words("page_accounts.choose"),
            key="invite_team",
        )
    with st.form("invite"):
        name = st.text_input(words("page_accounts.name"), key="invite_name", max_chars=80)
        login = st.text_input(words("page_accounts.login"), key="invite_login", max_chars=64)
        sent = st.form_submit_button(words("page_accounts.invite"), type="primary", key="invite_go")
    if sent:
        with telling(words):
            grant = accounts.grant(role or "", municipality, team)
            token = accounts.invite(now.house, now.viewer, login, grant, name=name)
            session.LINK_SHOWN.set(token)
            st.rerun()


def audit(now: Here) -> None:
    """Show the audit's last lines when asked for: who, when, in which role, what, where."""
    words = now.words
    st.subheader(words("page_accounts.audit_title"), anchor=False)
    st.markdown(words("page_accounts.audit_lead"))
    if not st.button(words("page_accounts.audit_show"), key="audit_show"):
        return
    lines = accounts.audit_tail(now.house, now.viewer)
    frame = pd.DataFrame(
        {
            "at": [words.moment(line.at.astimezone(TIRANE)) for line in lines],
            "account": [line.account for line in lines],
            "role": [words(f"app.role.{line.role}") for line in lines],
            "action": [line.action for line in lines],
            "scope": [line.scope for line in lines],
        }
    )
    headers = {column: words(f"page_accounts.audit_{column}") for column in frame.columns}
    number_table(frame, headers, words)


def _reset(login: str) -> None:
    with keep_fault():
        now = here()
        session.LINK_SHOWN.set(accounts.reset(now.house, now.viewer, login))


def _close(login: str) -> None:
    with keep_fault():
        now = here()
        accounts.close(now.house, now.viewer, login)
