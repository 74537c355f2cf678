"""Sign in: with one's account, by an invitation's link, or in one of the demo's roles."""

import streamlit as st

from desk import identity
from ui import session
from ui.shell import here
from ui.views.sign_in import account_form, demo_roles, password_form

now = here()
words = now.words

st.title(words("app.page.sign_in"), anchor=False)
st.markdown(words("page_sign_in.lead"))

invited, demo = bool(session.link()), identity.demo_is_open(now.house)
if invited:
    password_form(now.house, words)
left, right = st.columns([1, 1.8], gap="medium") if demo else (st.container(), None)
with left:
    account_form(now.house, words)
if right is not None:
    with right:
        demo_roles(now.house, words)
