"""The side of a plan that says how hard its visits are to foresee, place by place."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from data.nouns import Plan
from desk.rhythm import PlaceRhythm, rhythms
from ui.shell import Here
from ui.widgets.tables import number_table
from ui.widgets.text import plain

__all__ = ["rhythm"]

_TABLE: Final = ("place", "visits", "different", "often", "mean_gap", "longest_gap")


def rhythm(now: Here, plan: Plan) -> None:
    """Say in how many different hours of the week each place is met, and how far apart."""
    words = now.words
    found = rhythms(now.house, now.viewer, plan)
    if not found:
        st.markdown(words("page_plan.rhythm_none"))
        return
    visits = sum(one.rhythm.n_visits for one in found)
    hours = sum(one.rhythm.n_hours for one in found)
    st.markdown(words("page_plan.rhythm_answer", n=len(found), visits=visits, hours=hours))
    frame = pd.DataFrame([_row(one) for one in found], columns=list(_TABLE))
    number_table(frame, {name: words(f"page_plan.col_{name}") for name in _TABLE}, words)
    with st.expander(words("page_plan.details")):
        st.markdown(words("page_plan.entropy_text"))
        bits = pd.DataFrame(
            {
                "place": [plain(one.name) for one in found],
                "entropy": [round(one.rhythm.entropy_bits, 2) for one in found],
            }
        )
        headers = {name: words(f"page_plan.col_{name}") for name in ("place", "entropy")}
        number_table(bits, headers, words)


def _row(one: PlaceRhythm) -> dict[str, object]:
    own = one.rhythm
    return {
        "place": plain(one.name),
        "visits": own.n_visits,
        "different": own.n_hours,
        "often": round(own.most_share * own.n_visits),
        "mean_gap": None if own.mean_gap_days is None else round(own.mean_gap_days, 1),
        "longest_gap": None if own.longest_gap_days is None else round(own.longest_gap_days, 1),
    }
