"""The parts of the plan's form about people: time for children who are met, rules of the crew."""

from __future__ import annotations

from typing import Any

import streamlit as st

from desk.choices import PlanChoices
from layers.words import Words

__all__ = ["people"]


def people(words: Words) -> dict[str, Any]:
    """Draw the fields inside the form; return the choices of theirs."""
    usual = PlanChoices()
    left, middle, right = st.columns(3, vertical_alignment="bottom")
    contact = left.number_input(
        words("page_plan.contact"), 0, 120, usual.contact_min, 5,
        help=words("page_plan.contact_help"), key="plan_contact", persist_state="session",
    )  # fmt: skip
    in_time = middle.number_input(
        words("page_plan.in_time"), 50, 99, usual.in_time_pct, 1,
        help=words("page_plan.in_time_help"), key="plan_in_time", persist_state="session",
    )  # fmt: skip
    casework = right.number_input(
        words("page_plan.casework"), 0, 20, usual.casework_h, 1,
        help=words("page_plan.casework_help"), key="plan_casework", persist_state="session",
    )  # fmt: skip
    ticked = {
        what: st.checkbox(words(f"page_plan.{what}"), key=f"plan_{what}", persist_state="session")
        for what in ("helpline_rota", "need_driver", "need_language")
    }
    return {"contact_min": contact, "in_time_pct": in_time, "casework_h": casework, **ticked}
