"""Records by hand: a new place, case or visit, and the ones that are kept, corrected or erased."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import pandas as pd
import streamlit as st

from data.errors import ContractError
from data.messages import Message
from data.nouns import TIRANE
from desk import records
from desk.record_forms import case_form_of, place_form_of, visit_form_of
from layers.words import Words
from ui import session
from ui.shell import Here
from ui.views.record_fields import case_fields, place_fields, visit_fields
from ui.widgets.messages import empty_state, quiet, telling
from ui.widgets.text import plain

__all__ = ["correct", "enter"]

_NOUNS: Final = ("cases", "visits", "places")
_FIELDS: Final[Mapping[str, Callable[..., Callable[[], Any]]]] = {
    "cases": case_fields,
    "visits": visit_fields,
    "places": place_fields,
}
_FORM_OF: Final[Mapping[str, Callable[[pd.Series], Any]]] = {
    "cases": case_form_of,
    "visits": visit_form_of,
    "places": place_form_of,
}
_CORRECT: Final[Mapping[str, Callable[..., None]]] = {
    "cases": records.correct_case,
    "visits": records.correct_visit,
    "places": records.correct_place,
}
_KEYS: Final = {"cases": "case_code", "visits": "visit_id", "places": "place_id"}


def _choose_noun(key: str, words: Words) -> str:
    return st.radio(
        words("page_import.record"),
        _NOUNS,
        format_func={noun: words(f"page_import.record_{noun}") for noun in _NOUNS}.__getitem__,
        horizontal=True,
        key=key,
    )


def enter(now: Here, town: str) -> None:
    """Draw an empty form; what is sent is kept, and the form is empty again."""
    words = now.words
    noun = _choose_noun("enter_noun", words)
    choices = records.choices(now.house, now.viewer, town)
    if noun != "places" and not choices.places:
        kind = "demo" if choices.replaces_demo else "none"
        empty_state(words(f"page_import.place_first_{kind}"))
        return
    key = f"enter_{noun}_{session.IMPORT_TURN.get()}"
    with st.form(key):
        st.markdown(words(f"page_import.enter_{noun}"))
        made = _FIELDS[noun](key, words, choices, None)
        agreed = True
        if choices.replaces_demo:
            st.warning(words("page_import.demo_goes"), icon=":material/warning:")
            agreed = st.checkbox(words("page_import.demo_yes"), key=f"{key}_agreed")
        sent = st.form_submit_button(
            words("page_import.keep"), key="enter_keep", type="primary", icon=":material/save:"
        )
    if sent:
        with telling(words):
            if not agreed:
                raise ContractError(Message("page_import.demo_agree"))
            _done(_added(now, noun, made))


def _added(now: Here, noun: str, made: Callable[[], Any]) -> Message:
    """Keep a new record; return what to say of it."""
    if noun == "cases":
        code = records.add_case(now.house, now.viewer, made())
        return Message("page_import.kept_case", {"code": code})
    if noun == "visits":
        records.add_visit(now.house, now.viewer, made())
        return Message("page_import.kept_visit")
    records.add_place(now.house, now.viewer, made())
    return Message("page_import.kept_place")


def correct(now: Here, town: str) -> None:
    """Let the viewer choose a record of theirs, change it, or erase it after a second question."""
    words = now.words
    noun = _choose_noun("correct_noun", words)
    frame = _own(now, noun, town)
    if frame.empty:
        empty_state(words(f"page_import.none_{noun}"))
        return
    places = frame if noun == "places" else records.own_places(now.house, now.viewer, town)
    labels = _labels(noun, frame, places, words)
    turn = session.IMPORT_TURN.get()
    chosen = st.selectbox(
        words(f"page_import.which_{noun}"),
        list(labels),
        index=None,
        format_func=labels.__getitem__,
        placeholder=words("page_import.which_hint"),
        key=f"correct_{noun}_{turn}",
    )
    if chosen is None:
        quiet(words("page_import.n_kept", n=len(labels)))
        return
    row = frame.set_index(_KEYS[noun], drop=False).loc[chosen]
    _change(now, noun, town, row)
    _erase(now, noun, chosen)


def _own(now: Here, noun: str, town: str) -> pd.DataFrame:
    if noun == "cases":
        frame = records.own_cases(now.house, now.viewer, town)
        return frame.sort_values(["identified_at", "case_code"], ascending=False)
    if noun == "visits":
        frame = records.own_visits(now.house, now.viewer, town)
        return frame.sort_values(["started_at", "visit_id"], ascending=False)
    return records.own_places(now.house, now.viewer, town).sort_values(["name", "place_id"])


def _labels(noun: str, frame: pd.DataFrame, places: pd.DataFrame, words: Words) -> dict[str, str]:
    """Return what each record is called, by its key: by day, place and code."""
    names = dict(zip(places["place_id"], places["name"], strict=True))
    if noun == "places":
        return {
            row["place_id"]: f"{row['name']} · {words('word.kind.' + row['kind'])}"
            for row in frame.to_dict("records")
        }
    key, at = _KEYS[noun], "identified_at" if noun == "cases" else "started_at"
    return {
        row[key]: " · ".join(
            part
            for part in (
                words.moment(row[at])
                if row.get("hour_known", True)
                else words.day(row[at].astimezone(TIRANE)),
                names.get(row["place_id"], ""),
                row[key],
            )
            if part
        )
        for row in frame.to_dict("records")
    }


def _change(now: Here, noun: str, town: str, row: pd.Series) -> None:
    """Draw the record's form, filled; what is sent replaces it."""
    words, code = now.words, str(row[_KEYS[noun]])
    key = f"correct_{noun}_{code}_{session.IMPORT_TURN.get()}"
    choices = records.choices(now.house, now.viewer, town, known=True)
    known = _FORM_OF[noun](row)
    with st.form(f"{key}_form"):
        made = _FIELDS[noun](key, words, choices, known)
        sent = st.form_submit_button(
            words("page_import.change"), key="correct_keep", type="primary", icon=":material/save:"
        )
    if sent:
        with telling(words):
            _CORRECT[noun](now.house, now.viewer, code, made())
            _done(Message("page_import.changed"))


def _erase(now: Here, noun: str, code: str) -> None:
    """Offer to erase the record for good."""
    words = now.words
    with st.popover(words("page_import.erase"), icon=":material/delete:"):
        st.markdown(words(f"page_import.erase_{noun}", code=plain(code)))
        if st.button(words("page_import.erase_yes"), key="correct_erase"):
            with telling(words):
                records.erase(now.house, now.viewer, noun, code)
                _done(Message("page_import.erased"))


def _done(said: Message) -> None:
    """Say it in the next run, with everything drawn anew."""
    session.IMPORT_SAID.set((said,))
    session.IMPORT_TURN.set(session.IMPORT_TURN.get() + 1)
    st.rerun()
