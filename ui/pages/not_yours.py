"""Stands at the address of a page that the role in use does not have."""

import streamlit as st

from ui.navigation import first_page
from ui.shell import here

now = here()
words = now.words

st.title(words("app.page.not_yours"))
st.markdown(words("app.not_yours", role=f"@app.role.{now.viewer.role}"))
st.page_link(first_page(now.viewer), label=words("app.first_page"), icon=":material/arrow_forward:")
