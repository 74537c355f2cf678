"""Files of cases, visits and teams: an example, the check before, and what was taken."""

from __future__ import annotations

from functools import partial
from typing import Final

import pandas as pd
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from data.errors import HouseError
from desk.directory import municipality_names
from desk.holdings import Holdings
from desk.imports import NOUNS, Outcome, check_file, import_file
from desk.templates import example_file
from layers.words import Words
from ui import session
from ui.shell import Here
from ui.widgets.messages import empty_state, listed, quiet, show_fault, telling
from ui.widgets.tables import number_table
from ui.widgets.text import plain

__all__ = ["answer", "choose_way", "files", "said"]

_WAYS: Final = ("files", "streets", "by_hand", "correct")
_TYPES: Final = ("csv", "xlsx")
#: What was done, but hardly as it was meant.
_CONCERNS: Final = frozenset({"page_import.streets_elsewhere"})
#: So many refused rows are listed; whoever has more mends a column and not rows.
_MOST: Final = 200


def answer(known: Holdings, town: str, words: Words) -> None:
    """Say in a sentence what there is, and whose streets rounds run on."""
    name = municipality_names()[town]
    if known.is_empty:
        empty_state(words("page_import.empty", name=name))
        return
    nouns = (
        words("page_import.n_places", n=known.n_places),
        words("page_import.n_cases", n=known.n_cases),
        words("page_import.n_visits", n=known.n_visits),
        words("page_import.n_teams", n=known.n_teams),
    )
    streets = "streets_real" if known.streets else "streets_illustrative"
    st.markdown(
        words("page_import.answer", name=name, nouns=", ".join(nouns))
        + " "
        + words(f"page_import.{streets}")
    )


def said(words: Words) -> None:
    """Say once what was written, changed or erased in the run before."""
    done = session.IMPORT_SAID.take()
    lines = [plain(words.message(message)) for message in done]
    if any(message.id in _CONCERNS for message in done):
        st.warning(listed(lines), icon=":material/warning:")
    elif lines:
        st.success(lines[0] if len(lines) == 1 else listed(lines), icon=":material/check_circle:")


def choose_way(words: Words) -> str:
    """Let the viewer choose what to bring, or to correct."""
    return st.segmented_control(
        words("page_import.way"),
        _WAYS,
        default="files",
        required=True,
        format_func={way: words(f"page_import.{way}") for way in _WAYS}.__getitem__,
        key="import_way",
        label_visibility="collapsed",
    )


def files(now: Here, town: str) -> None:
    """Take a file: choose which kind, look at what it would do, and write it."""
    words = now.words
    noun = st.radio(
        words("page_import.kind"),
        NOUNS,
        format_func={noun: words(f"page_import.kind_{noun}") for noun in NOUNS}.__getitem__,
        horizontal=True,
        key="import_noun",
    )
    st.markdown(words(f"page_import.about_{noun}"))
    st.download_button(
        words("page_import.example"),
        data=partial(example_file, noun, town, words),
        file_name=f"fener-{words(f'page_import.file_{noun}')}.csv",
        mime="text/csv",
        key="import_example",
        on_click="ignore",
        icon=":material/download:",
    )
    upload = st.file_uploader(
        words(f"page_import.upload_{noun}"),
        type=list(_TYPES),
        key=f"import_file_{noun}_{session.IMPORT_TURN.get()}",
        help=words("page_import.upload_help"),
    )
    if upload is None:
        session.IMPORT_CHECK.clear()
        return
    found = _checked(now, noun, upload)
    if found is not None:
        _found(found, words)
        if found.n_valid:
            _take(now, noun, upload, found)


def _checked(now: Here, noun: str, upload: UploadedFile) -> Outcome | None:
    """Return what the file would do, read once; show why it cannot be read."""
    which = f"{noun} {upload.file_id}"
    known = session.IMPORT_CHECK.get()
    if known is not None and known[0] == which:
        return known[1]
    try:
        with st.spinner(now.words("page_import.checking")):
            found = check_file(now.house, now.viewer, noun, upload.getvalue(), upload.name)
    except HouseError as fault:
        show_fault(fault, now.words)
        return None
    session.IMPORT_CHECK.set((which, found))
    return found


def _found(found: Outcome, words: Words) -> None:
    """Say how many rows can be taken, what was assumed, and which rows are refused and why."""
    n_all = found.n_valid + len(found.rejected)
    st.markdown(words("page_import.found", n=found.n_valid, all=n_all))
    notes = [plain(words.message(note)) for note in found.notes]
    if found.n_known:
        notes.insert(0, words("page_import.known", n=found.n_known))
    if notes:
        st.markdown(listed(notes))
    if not found.rejected:
        return
    st.markdown(words("page_import.refused", n=len(found.rejected)))
    shown = found.rejected[:_MOST]
    frame = pd.DataFrame(
        {
            "sheet": [words(f"page_import.sheet_{o.sheet}") if o.sheet else "" for o in shown],
            "row": [str(one.row) for one in shown],
            "rule": [plain(words.message(one.rule)) for one in shown],
        }
    )
    columns = [c for c in frame.columns if c != "sheet" or frame["sheet"].any()]
    headers = {column: words(f"page_import.column_{column}") for column in columns}
    number_table(frame, headers, words)
    if len(found.rejected) > _MOST:
        quiet(words("page_import.more", n=len(found.rejected) - _MOST))


def _take(now: Here, noun: str, upload: UploadedFile, found: Outcome) -> None:
    """Offer to write what was found; where the demonstration goes with it, only after a yes."""
    words = now.words
    agreed = True
    if found.replaces_demo:
        st.warning(words("page_import.demo_goes"), icon=":material/warning:")
        agreed = st.checkbox(words("page_import.demo_yes"), key=f"import_agreed_{upload.file_id}")
    if not st.button(
        words(f"page_import.take_{noun}", n=found.n_valid),
        key="import_take",
        type="primary",
        icon=":material/save:",
        disabled=not agreed,
    ):
        return
    with telling(words):
        with st.spinner(words("page_import.writing")):
            done = import_file(now.house, now.viewer, noun, upload.getvalue(), upload.name)
        session.IMPORT_SAID.set(done.notes)
        session.IMPORT_CHECK.clear()
        session.IMPORT_TURN.set(session.IMPORT_TURN.get() + 1)
        st.rerun()
