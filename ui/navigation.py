"""The pages: one file each, and only those a viewer may open are handed to Streamlit."""

from __future__ import annotations

from typing import Final

import streamlit as st

from data.access import pages_for
from data.nouns import Viewer
from layers.words import Words

__all__ = ["PAGES", "allowed", "file_of", "first_page", "pages"]

#: Every page's symbol, by the page's id: `ui/pages/<id>.py`, at the address `/<id>`.
PAGES: Final = {
    "sign_in": ":material/login:",
    "today": ":material/today:",
    "map": ":material/map:",
    "hotspots": ":material/pin_drop:",
    "plan": ":material/route:",
    "schedule": ":material/calendar_month:",
    "season": ":material/beach_access:",
    "calendar": ":material/event:",
    "coverage": ":material/grid_view:",
    "evaluation": ":material/fact_check:",
    "import": ":material/upload_file:",
    "teams": ":material/groups:",
    "accounts": ":material/manage_accounts:",
    "help": ":material/help:",
}
#: Stands at the root and leads on, so that every page answers at its own address.
_ROOT: Final = "start"
#: Stands at the addresses of pages that the role in use does not have.
_NOT_YOURS: Final = "not_yours"


def file_of(page: str) -> str:
    """Return a page's file, relative to the browser door."""
    return f"ui/pages/{page}.py"


def first_page(viewer: Viewer | None) -> str:
    """Return the file of the page a viewer begins with."""
    return file_of(allowed(viewer)[0])


def allowed(viewer: Viewer | None) -> list[str]:
    """Return the ids of the pages a viewer may open, in their order."""
    return [page for page in pages_for(viewer) if page in PAGES]


def pages(viewer: Viewer | None, words: Words) -> list[st.Page]:
    """Return the pages of a viewer, the root first.

    At the address of any other page stands a plain sentence; for who has not
    signed in yet, the sign-in, after which the browser is where it wanted to be.
    """
    own = allowed(viewer)
    stand_in = _NOT_YOURS if viewer is not None else "sign_in"
    return [
        st.Page(file_of(_ROOT), title="Fener", url_path=_ROOT, default=True, visibility="hidden"),
        *(
            st.Page(file_of(page), title=words(f"app.page.{page}"), icon=PAGES[page], url_path=page)
            for page in own
        ),
        *(
            st.Page(
                file_of(stand_in),
                title=words(f"app.page.{stand_in}"),
                url_path=page,
                visibility="hidden",
            )
            for page in PAGES
            if page not in own
        ),
    ]
