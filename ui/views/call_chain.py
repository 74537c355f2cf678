"""The teams page's form of the rhythm of signs, and of whom to call when one is missed."""

from __future__ import annotations

import streamlit as st

from data.fieldwork import Contact
from desk import safety
from patrol.checkins import CheckInSettings
from ui.session import Slot
from ui.shell import Here, here
from ui.widgets.messages import keep_fault

__all__ = ["call_chain"]


def call_chain(now: Here, town: str) -> None:
    """Show how often teams give a sign and who is called in which order, to be changed."""
    words, known = now.words, safety.rhythm_of(now.house, town)
    st.subheader(words("check_in.chain_title"), anchor=False)
    st.markdown(words("check_in.chain_text"))
    with st.form("call_chain", border=False):
        left, right = st.columns(2, vertical_alignment="bottom")
        left.number_input(
            words("check_in.every"), min_value=15, max_value=240, value=known.every_min, step=15,
            key="chain_every",
        )  # fmt: skip
        right.number_input(
            words("check_in.grace"), min_value=0, max_value=60, value=known.grace_min, step=5,
            key="chain_grace",
        )  # fmt: skip
        for n in range(_rows(known)):
            link = known.chain[n] if n < len(known.chain) else Contact(name="", phone="")
            left, right = st.columns([3, 2], vertical_alignment="bottom")
            left.text_input(
                words("check_in.chain_name", n=n + 1), value=link.name, max_chars=60,
                key=f"chain_name_{n}",
            )  # fmt: skip
            right.text_input(
                words("check_in.chain_phone", n=n + 1), value=link.phone, max_chars=24,
                key=f"chain_phone_{n}",
            )  # fmt: skip
        st.form_submit_button(
            words("check_in.chain_keep"), key="chain_keep", on_click=_keep, args=(town,)
        )


def _rows(known: CheckInSettings) -> int:
    """Return how many calls the form has room for: one more than there are, and two at least."""
    return min(max(2, len(known.chain) + 1), safety.LONGEST_CHAIN)


def _keep(town: str) -> None:
    chain = tuple(
        Contact(name=Slot(f"chain_name_{n}", "").get(), phone=Slot(f"chain_phone_{n}", "").get())
        for n in range(_rows(safety.rhythm_of(here().house, town)))
    )
    with keep_fault():
        now = here()
        rhythm = CheckInSettings(
            every_min=Slot("chain_every", 60).get(),
            grace_min=Slot("chain_grace", 15).get(),
            chain=chain,
        )
        safety.keep_rhythm(now.house, now.viewer, town, rhythm)
