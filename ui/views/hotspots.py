"""The register of places at risk as people read it: the answer, the table or cards, the details."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import pandas as pd
import streamlit as st

from data.nouns import TIRANE
from data.vocabulary import HotspotState
from desk.register import Entry, Register
from geo.detection import Detection
from layers.words import Words
from ui import session
from ui.widgets.messages import empty_state
from ui.widgets.text import capital, plain, together

__all__ = ["Deciding", "answer", "details", "listing", "state_of"]

#: What draws the actions of one entry.
Deciding = Callable[[Entry], None]

_COLUMNS: Final = (
    "place",
    "state",
    "evidence_so_far",
    "high_hours",
    "owner",
    "last_visit",
    "until",
    "left",
)
_NOTHING: Final = "\N{EN DASH}"
#: What the answer counts beside the places that count, in the order of how soon it presses.
_PRESSING: Final = ("due", "proposed", "expired", "asleep")


def answer(register: Register, words: Words) -> None:
    """Say in one sentence how many places count, and what waits for a decision."""
    n = register.n_counting
    counted = words("page_hotspots.answer", n=n) if n else words("page_hotspots.answer_none")
    waiting = {state: register.count(HotspotState(state)) for state in _PRESSING}
    lines = [words(f"page_hotspots.n_{state}", n=many) for state, many in waiting.items() if many]
    if register.verdict is not None:
        lines.append(words("page_hotspots.too_few", why=words.message(register.verdict)))
    st.markdown(" ".join([counted, *lines]))
    overall = register.detections.overall
    if overall is not None:
        share = round(100 * overall.p)
        st.markdown(words("page_hotspots.needed", n=overall.needed, share=share))
    if not register.entries:
        empty_state(words("page_hotspots.empty"))


def listing(register: Register, names: Mapping[str, str], words: Words, deciding: Deciding) -> None:
    """Draw every place, the most pressing first, with what can be decided on the chosen one."""
    if session.is_phone():
        _cards(register, names, words, deciding)
    elif register.entries:
        rows = [_row(entry, names, words) for entry in register.entries]
        headers = [words(f"page_hotspots.{column}") for column in _COLUMNS]
        st.table(pd.DataFrame(rows, columns=headers), border="horizontal", hide_index=True)
        chosen = _choose(register, words)
        if chosen is not None:
            with st.container(border=True):
                deciding(chosen)


def _choose(register: Register, words: Words) -> Entry | None:
    entries = {entry.place_id: entry for entry in register.entries}
    labels = {place: f"{entry.name} · {state_of(entry, words)}" for place, entry in entries.items()}
    if session.HOTSPOT_CHOSEN.get() not in entries:
        session.HOTSPOT_CHOSEN.clear()
    chosen = st.selectbox(
        words("page_hotspots.choose"),
        list(labels),
        index=None,
        format_func=labels.__getitem__,
        placeholder=words("page_hotspots.choose_hint"),
        key=session.HOTSPOT_CHOSEN.name,
    )
    return None if chosen is None else entries[chosen]


def _cards(register: Register, names: Mapping[str, str], words: Words, deciding: Deciding) -> None:
    """Draw one card a place; what can be decided stands in the card that was opened."""
    for entry in register.entries:
        is_open = session.HOTSPOT_CHOSEN.get() == entry.place_id
        with st.container(border=True):
            row = dict(zip(_COLUMNS, _row(entry, names, words), strict=True))
            said = {column: row[column] for column in _COLUMNS[2:] if row[column] != _NOTHING}
            lines = [f"**{row['place']}** · {row['state']}"]
            lines += [capital(said.pop("evidence_so_far"))] if said else []
            lines += [f"{words(f'page_hotspots.{name}')}: {text}" for name, text in said.items()]
            st.markdown("  \n".join(lines))
            st.button(
                words("page_hotspots.close" if is_open else "page_hotspots.open"),
                key=f"hotspot_open_{entry.place_id}",
                icon=":material/close:" if is_open else ":material/edit:",
                on_click=session.HOTSPOT_CHOSEN.set,
                args=(None if is_open else entry.place_id,),
            )
            if is_open:
                deciding(entry)


def _row(entry: Entry, names: Mapping[str, str], words: Words) -> list[str]:
    """Return what stands in each column."""
    head = [plain(entry.name), state_of(entry, words, escape=True)]
    if entry.state is HotspotState.MERGED:  # the other place says it all
        return head + [_NOTHING] * (len(_COLUMNS) - len(head))
    owner = entry.decision.owner if entry.decision is not None else ""
    last = entry.last_visit
    return [
        *head,
        _evidence(entry, words),
        "; ".join(_slot(slot, words) for slot in entry.slots) or words("page_hotspots.hours_usual"),
        plain(names.get(owner, "")) or _NOTHING,
        words("page_hotspots.never") if last is None else words.day(last.astimezone(TIRANE)),
        _until(entry, words),
        _left(entry, words),
    ]


def state_of(entry: Entry, words: Words, *, escape: bool = False) -> str:
    """Return how a place stands, in words."""
    name = plain(entry.merged_into) if escape else entry.merged_into
    month = f"@word.month.{entry.awake_from}"
    return words(f"page_hotspots.state.{entry.state}", name=name, month=month)


def _slot(slot: str, words: Words) -> str:
    """Return the name of a slot; its hours stay on one line."""
    name, _, hours = words(f"word.slot.{slot}").rpartition(" ")
    return f"{name} {together(hours)}"


def _evidence(entry: Entry, words: Words) -> str:
    found = (
        words("page_hotspots.cases", n=entry.n_cases)
        if entry.n_cases
        else words("page_hotspots.no_case")
    )
    looked = (
        words("page_hotspots.hours", hours=round(entry.hours, 1))
        if entry.hours
        else words("page_hotspots.no_hours")
    )
    return f"{found}, {looked}"


def _until(entry: Entry, words: Words) -> str:
    if entry.expires is None or entry.state is HotspotState.ASLEEP:
        return _NOTHING  # while it sleeps its days stand still
    return together(words.day(entry.expires.astimezone(TIRANE)))


def _left(entry: Entry, words: Words) -> str:
    """Say how many visits are needed before the place may be called empty."""
    if entry.state in {HotspotState.REFUSED, HotspotState.ASLEEP}:
        return _NOTHING
    if entry.n_left is None:
        return words("page_hotspots.left.unknown")
    if entry.n_left == 0:
        return words("page_hotspots.left.none", empty=entry.n_empty)
    return words("page_hotspots.left.some", n=entry.n_left)


def details(register: Register, words: Words) -> None:
    """Say from what the number of visits is learned, and how sure it is."""
    learned = register.detections
    with st.expander(words("page_hotspots.details")):
        if learned.verdict is not None:
            st.markdown(plain(words.message(learned.verdict)))
        if learned.overall is not None:
            rows = [_learned(words("page_hotspots.detail_all"), learned.overall, words)]
            rows += [
                _learned(words(f"word.kind.{kind}"), one, words)
                for kind, one in sorted(learned.by_kind.items())
            ]
            headers = [
                words(f"page_hotspots.detail_{name}")
                for name in ("kind", "p", "80", "95", "needed", "from")
            ]
            st.table(pd.DataFrame(rows, columns=headers), border="horizontal", hide_index=True)
        st.markdown(words("page_hotspots.detail_how"))


def _learned(name: str, one: Detection, words: Words) -> list[str]:
    def to(low: float, high: float, pattern: str = "0.00") -> str:
        return together(f"{words.number(low, pattern)}\N{EN DASH}{words.number(high, pattern)}")

    return [
        capital(name),
        words.number(one.p, "0.00"),
        to(one.low80, one.high80),
        to(one.low95, one.high95),
        f"{words.number(one.needed)} ({to(*one.needed80, '0')})",
        words("page_hotspots.detail_visits", visits=one.n_visits, quarters=one.n_quarters),
    ]
