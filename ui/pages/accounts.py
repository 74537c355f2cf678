"""Accounts: who may sign in, in which roles and where; and what the audit says."""

import streamlit as st

from desk import accounts
from ui.shell import here
from ui.views import accounts as view

now = here()
words = now.words
known = accounts.listed(now.house, now.viewer)

st.title(words("app.page.accounts"), anchor=False)
n_open = sum(not account.closed for account in known)
st.markdown(words("page_accounts.lead", n=n_open))

view.link_once(words)
view.account_list(now, known)
view.invitation(now)
view.audit(now)
