"""Stands at the root: leads on to the first page of the role in use, and keeps what was asked."""

import streamlit as st

from ui.navigation import first_page
from ui.session import wishes
from ui.shell import here

now = here()
viewer = None if now.person is None else now.viewer
st.switch_page(first_page(viewer), query_params=wishes())
