"""The sides of a plan for whoever takes it along, or wants to make it again: files and details."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from data.nouns import Plan
from desk import exports
from ui.shell import Here

__all__ = ["details", "files"]

#: What a team takes along: of the approved version only.
_FIELD = frozenset({"sheets", "packs", "gpx"})


def files(now: Here, plan: Plan) -> None:
    """Offer the plan's files; each is made, and noted in the audit, when it is asked for."""
    words = now.words
    st.warning(words("page_plan.files_text"), icon=":material/warning:")
    fit = exports.fit_to_leave(plan)
    if not fit:
        st.info(words("decide.files_draft"), icon=":material/info:")
    stem = f"{plan.area}-{plan.week}"
    for kind, (name, made) in {
        "sheets": (f"{stem}.pdf", partial(_one, now, plan, "sheets.pdf")),
        "packs": (f"{stem}-packs.zip", partial(_zip, now, plan, "packs/")),
        "roster": (f"{stem}.xlsx", partial(_one, now, plan, "roster.xlsx")),
        "calendar": (f"{stem}.ics", partial(_one, now, plan, "roster.ics")),
        "gpx": (f"{stem}.gpx", partial(_one, now, plan, "routes.gpx")),
        "all": (f"{stem}.zip", partial(_zip, now, plan, "")),
    }.items():
        if fit or kind not in _FIELD:
            _download(words(f"page_plan.file.{kind}"), name, made, key=f"plan_file_{kind}")


def _download(label: str, name: str, made: Callable[[], bytes], *, key: str) -> None:
    st.download_button(
        label, data=made, file_name=name, key=key, on_click="ignore", icon=":material/download:"
    )


def _one(now: Here, plan: Plan, name: str) -> bytes:
    return exports.plan_bytes(now.house, now.viewer, plan, now.words)[name]


def _zip(now: Here, plan: Plan, only: str) -> bytes:
    made = exports.plan_bytes(now.house, now.viewer, plan, now.words)
    return exports.plan_zip(made, only)


def details(now: Here, plan: Plan) -> None:
    """Say how the plan was made, for whoever wants to make it again."""
    words = now.words
    streets = "illustrative" if plan.marks.illustrative_streets else "osm"
    st.markdown(
        words(
            "page_plan.seed_used",
            seed=str(plan.seed),
            version=plan.version,
            streets=f"@page_plan.streets_{streets}",
        )
    )
    st.json(dict(plan.settings), expanded=1)
