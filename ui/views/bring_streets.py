"""Streets: what is kept, a file that somebody brought, or the internet after a plain warning."""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pandas as pd
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from data.messages import Message
from desk.directory import municipality_names
from desk.ground import (
    StreetsKept,
    area_of,
    fetch_area_streets,
    import_streets,
    kept_streets,
    reaches,
)
from desk.holdings import Holdings
from ui import session
from ui.shell import Here
from ui.widgets.messages import telling
from ui.widgets.tables import number_table
from ui.widgets.text import plain

__all__ = ["fetch", "file", "kept"]

#: The last part of `.osm.pbf`, `.osm.gz`, `.osm` and `.graphml`: a browser knows no longer ones.
_TYPES: Final = ("pbf", "osm", "gz", "graphml")
_HASH_SHOWN: Final = 8
_STRANGE: Final = re.compile(r"[^\w.\-]+")


def kept(now: Here, known: Holdings) -> None:
    """List the streets that are kept, the newest first, and say which are in use."""
    words = now.words
    found = kept_streets(now.house)[::-1]
    if not found:
        st.markdown(words("page_import.no_streets"))
        return
    ours = {one.name for one in known.streets}
    frame = pd.DataFrame(
        {
            "source": [plain(one.source) for one in found],
            "as_of": [_day(one) for one in found],
            "n": [one.n_edges for one in found],
            "hash": [one.sha256[:_HASH_SHOWN] for one in found],
            "ours": [words("coverage.yes" if o.name in ours else "coverage.no") for o in found],
        }
    )
    headers = {name: words(f"page_import.streets_{name}") for name in frame.columns}
    st.markdown(words("page_import.streets_kept", n=len(found)))
    number_table(frame, headers, words)


def _day(one: StreetsKept) -> str:
    """Write the day of a file's newest street, `dd.mm.yyyy`, or a dash."""
    return ".".join(reversed(one.as_of.split("-"))) if one.as_of else "\N{EN DASH}"


def file(now: Here, town: str) -> None:
    """Take a street file; it is read in a folder of its own that is gone afterwards."""
    words = now.words
    st.subheader(words("page_import.streets_file"), anchor=False)
    st.markdown(words("page_import.streets_file_text"))
    upload = st.file_uploader(
        words("page_import.streets_upload"),
        type=list(_TYPES),
        key=f"import_streets_{session.IMPORT_TURN.get()}",
        label_visibility="collapsed",
    )
    if upload is None:
        return
    if st.button(
        words("page_import.streets_take"),
        key="import_streets_take",
        type="primary",
        icon=":material/save:",
    ):
        with telling(words):
            with st.spinner(words("page_import.streets_reading")):
                found = _read(now, upload)
            _done(found, town)


def _read(now: Here, upload: UploadedFile) -> StreetsKept:
    """Keep the streets of an upload: readers want a file, and its name says of which kind."""
    name = _STRANGE.sub("_", Path(upload.name).name)
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(upload.getbuffer())
        return import_streets(now.house, now.viewer, path)


def fetch(now: Here, town: str) -> None:
    """Offer to fetch the municipality's streets, with what the other side learns by it."""
    words = now.words
    name = municipality_names()[town]
    with st.container(border=True):
        st.subheader(words("page_import.fetch_title"), anchor=False)
        st.warning(words("page_import.fetch_text", name=name), icon=":material/public:")
        if not st.button(words("page_import.fetch", name=name), key="import_streets_fetch"):
            return
        bar = st.progress(0.0, text=words("page_import.fetch_begin"))

        def tell(message: Message, fraction: float) -> None:
            bar.progress(fraction, text=words.message(message))

        with telling(words):
            found = fetch_area_streets(now.house, now.viewer, town, progress=tell)
            _done(found, town)
        bar.empty()


def _done(found: StreetsKept, town: str) -> None:
    """Say what was kept, and whether it serves this municipality; draw the page anew."""
    lines = [Message("desk.streets_kept", {"n": found.n_edges})]
    if not reaches(found, area_of(town)):
        lines.append(Message("page_import.streets_elsewhere"))
    session.IMPORT_SAID.set(tuple(lines))
    session.IMPORT_TURN.set(session.IMPORT_TURN.get() + 1)
    st.rerun()
