"""The three ways in: an account, an invitation, the demo."""

from __future__ import annotations

import streamlit as st

from data.errors import ContractError
from data.messages import Message
from data.vocabulary import Role
from desk import identity
from desk.demo import DEMO_MUNICIPALITIES
from desk.directory import municipality_names
from desk.wiring import House
from layers.words import Words
from ui import session
from ui.widgets.messages import telling

__all__ = ["account_form", "demo_roles", "password_form"]


def account_form(house: House, words: Words) -> None:
    """Draw the form for login and password; a right pair gets a ticket."""
    with st.form("sign_in"):
        st.subheader(words("page_sign_in.account"))
        login = st.text_input(words("page_sign_in.login"), autocomplete="username", key="login")
        password = st.text_input(
            words("page_sign_in.password"),
            type="password",
            autocomplete="current-password",
            key="password",
        )
        sent = st.form_submit_button(
            words("page_sign_in.enter"), type="primary", width="stretch", key="enter"
        )
    if sent:
        with telling(words):
            session.TICKET.set(identity.sign_in(house, login, password))


def password_form(house: House, words: Words) -> None:
    """Draw the form an invitation's link leads to: choose a password, and go straight in."""
    with st.form("welcome"):
        st.subheader(words("page_sign_in.welcome"))
        st.markdown(words("page_sign_in.choose_password"))
        first, second = (
            st.text_input(
                words(f"page_sign_in.{name}"),
                type="password",
                autocomplete="new-password",
                key=name,
            )
            for name in ("new_password", "again")
        )
        sent = st.form_submit_button(
            words("page_sign_in.keep_password"), type="primary", width="stretch", key="keep"
        )
    if sent:
        with telling(words):
            if first != second:
                raise ContractError(Message("page_sign_in.differ"))
            session.TICKET.set(identity.set_password(house, session.link(), first))


def demo_roles(house: House, words: Words) -> None:
    """Draw one button for each of the demo's roles; they exist while all data is invented."""
    with st.container(border=True):
        st.subheader(words("page_sign_in.demo"))
        st.markdown(words("page_sign_in.demo_lead"))
        for column, code in zip(st.columns(3), DEMO_MUNICIPALITIES, strict=True):
            with column:
                st.markdown(f"**{municipality_names()[code]}**")
                for role in (Role.COORDINATOR, Role.FIELD):
                    _demo_button(house, words, role, code)
        st.markdown(f"**{words('page_sign_in.country')}**")
        for column, role in zip(st.columns(2), (Role.AGENCY, Role.ADMINISTRATOR), strict=True):
            with column:
                _demo_button(house, words, role, "")


def _demo_button(house: House, words: Words, role: Role, code: str) -> None:
    pressed = st.button(
        words(f"app.role.{role}"), key=f"demo_{role}_{code}".rstrip("_"), width="stretch"
    )
    if pressed:
        with telling(words):
            session.TICKET.set(identity.demo_ticket(house, role, code))
