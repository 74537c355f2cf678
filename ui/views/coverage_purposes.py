"""What visits were made for and what came of it: drives and rounds counted by their purpose."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from desk.purposes import FOUND_COUNTS, PurposeResults
from layers.words import Words
from ui.widgets.messages import quiet
from ui.widgets.tables import number_table
from ui.widgets.text import capital

__all__ = ["purposes"]


def purposes(found: PurposeResults, words: Words) -> None:
    """Draw the results by purpose as a table; who was only identified stands there as well."""
    if not found.rows:
        return
    st.subheader(words("page_coverage.purposes"), anchor=False)
    frame = pd.DataFrame(
        {
            "purpose": [capital(words(f"word.purpose.{row.purpose}")) for row in found.rows],
            "visits": [row.n_visits for row in found.rows],
            "places": [row.n_places for row in found.rows],
            "hours": [row.hours for row in found.rows],
            **{name: [row.children[name] for row in found.rows] for name in FOUND_COUNTS},
        }
    )
    headers = {
        "purpose": words("page_coverage.purpose"),
        "visits": words("page_coverage.purpose_visits"),
        "places": words("page_coverage.purpose_places"),
        "hours": words("page_coverage.purpose_hours"),
        **{name: words(f"page_coverage.purpose_{name}") for name in FOUND_COUNTS},
    }
    number_table(frame, headers, words)
    rule = "purposes_hidden" if found.k > 1 else "purposes_period"
    quiet(words(f"page_coverage.{rule}", first=found.first, last=found.last, k=found.k))
