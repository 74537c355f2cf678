"""Help: what each page is for, how to meet a child, the words, what Fener does not do, privacy."""

import streamlit as st

from ui.navigation import PAGES, allowed, file_of
from ui.shell import here

now = here()
words = now.words
mine = [] if now.person is None else [p for p in allowed(now.viewer) if p != "help"]

st.title(words("app.page.help"), anchor=False)
st.markdown(words("page_help.lead"))

with st.container(border=True):
    st.subheader(words("page_help.first_contact_title"), anchor="first-contact")
    st.markdown(words("page_help.first_contact"))

st.subheader(words("page_help.pages_title"), anchor="pages")
for page in mine:
    with st.container(gap=None):
        st.page_link(file_of(page), label=f"**{words(f'app.page.{page}')}**", icon=PAGES[page])
        st.markdown(words(f"page_help.of_{page}"))
if not mine:
    st.markdown(words("page_help.of_sign_in"))

for topic in ("words", "limits", "privacy", "lost"):
    with st.expander(words(f"page_help.{topic}_title")):
        st.markdown(words(f"page_help.{topic}"))
