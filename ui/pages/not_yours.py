"""Stands at the address of a page that the role in use does not have."""

import streamlit as st

from data.access import pages_for
from ui.navigation import file_of
from ui.shell import here

now = here()
words = now.words
first = pages_for(now.viewer)[0]

st.title(words("app.page.not_yours"))
st.markdown(words("app.not_yours", role=f"@app.role.{now.viewer.role}"))
st.page_link(file_of(first), label=words(f"app.page.{first}"), icon=":material/arrow_forward:")
