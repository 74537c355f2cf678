"""Faults, marks and empty states in words: what happened, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import streamlit as st

from data.errors import HouseError
from layers.words import Words
from ui import session
from ui.navigation import file_of
from ui.widgets.text import plain

__all__ = [
    "empty_state",
    "keep_fault",
    "listed",
    "quiet",
    "show_fault",
    "show_kept_fault",
    "synthetic_mark",
    "telling",
]


def show_fault(fault: HouseError, words: Words) -> None:
    """Show what happened and what to do, in the reader's language."""
    st.error(plain(words.message(fault.message)), icon=":material/error:")


@contextmanager
def telling(words: Words) -> Iterator[None]:
    """Show a fault met in the block where the block stands; the page goes on below it."""
    try:
        yield
    except HouseError as fault:
        show_fault(fault, words)


@contextmanager
def keep_fault() -> Iterator[None]:
    """Keep a fault met in a callback until the page is drawn again."""
    try:
        yield
    except HouseError as fault:
        session.FAULT.set(fault.message)


def show_kept_fault(words: Words) -> None:
    """Show the fault of the callback that led to this run, if there was one."""
    message = session.FAULT.take()
    if message is not None:
        st.error(plain(words.message(message)), icon=":material/error:")


def listed(lines: Sequence[str]) -> str:
    """Return Markdown lines as a list; a single one stands for itself."""
    return lines[0] if len(lines) == 1 else "\n".join(f"- {line}" for line in lines)


def quiet(text: str) -> None:
    """Say what only some will want to know, small and muted; a caption is too pale to read."""
    st.markdown(f":small[:gray[{text}]]")


def synthetic_mark(words: Words) -> None:
    """Say that everything here is invented."""
    st.markdown(f":orange[:material/science: {words('app.synthetic')}]")


def empty_state(text: str, *, page: str | None = None, label: str | None = None) -> None:
    """Say why there is nothing here, with the step that changes it.

    Parameters
    ----------
    text
        Why, and what to do.
    page, label
        The page where it can be done, if the viewer has it, and what its link says.
    """
    with st.container(border=True):
        st.markdown(text)
        if page is not None:
            st.page_link(file_of(page), label=label, icon=":material/arrow_forward:")
