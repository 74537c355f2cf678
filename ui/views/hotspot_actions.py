"""What can be decided on a place at risk: confirm, edit, refuse, merge, take back, undo, add."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import streamlit as st

from data.errors import ContractError
from data.messages import Message, Param
from data.nouns import TIRANE, Decision
from data.vocabulary import EvidenceKind, HotspotState
from desk import records
from desk import register_actions as act
from desk.register import Entry, Register
from desk.register_actions import Change, RegisterForm
from geo.slots import SLOT_IDS
from layers.words import Words
from ui import session
from ui.shell import Here, here
from ui.views.hotspots import Deciding, state_of
from ui.views.record_fields import place_fields
from ui.widgets.messages import keep_fault, telling
from ui.widgets.text import distinct, plain

__all__ = ["add", "deciding", "done"]

#: A person confirmed these and may do so again, or change what was said of them.
_HELD: Final = (HotspotState.CONFIRMED, HotspotState.DUE, HotspotState.ASLEEP)
#: What was decided on these stands in the way; it can be taken back.
_SET_ASIDE: Final = (HotspotState.REFUSED, HotspotState.MERGED)
_KNOWN, _NEW = "known", "new"
#: Where something was done that belongs to no place of the list yet.
_ADD: Final = "add"


def done(now: Here, register: Register) -> None:
    """Say what was done last to a place that is not open any more, and let it be undone."""
    last, chosen = session.HOTSPOT_DONE.get(), session.HOTSPOT_CHOSEN.get()
    listed = {entry.place_id for entry in register.entries}
    if last is not None and last[0] != _ADD and (last[0] != chosen or chosen not in listed):
        _done(now, register.municipality, last[0])


def _done(now: Here, town: str, where: str) -> None:
    """Say what was done there last, if anything was, where the eye still is."""
    last = session.HOTSPOT_DONE.get()
    if last is None or last[0] != where:
        return
    _, said, change = last
    decided = None if change is None else change.after or change.before
    if decided is not None and decided.municipality != town:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.success(plain(now.words.message(said)), icon=":material/check_circle:")
        if change is not None:
            st.button(
                now.words("page_hotspots.undo"),
                key="hotspot_undo",
                icon=":material/undo:",
                on_click=_undo,
                args=(town, where, change),
            )


def _undo(town: str, where: str, change: Change) -> None:
    session.HOTSPOT_DONE.clear()
    with keep_fault():
        now = here()
        act.undo(now.house, now.viewer, town, change)
        session.HOTSPOT_DONE.set((where, Message("page_hotspots.undone"), None))


def deciding(now: Here, register: Register, names: Mapping[str, str]) -> Deciding:
    """Return what draws the actions of an entry."""

    def drawn(entry: Entry) -> None:
        st.markdown(f"**{plain(entry.name)}** · {_said(entry, now.words)}")
        _done(now, register.municipality, entry.place_id)
        if entry.state is not HotspotState.MERGED:
            _confirm(now, register, names, entry)
        with st.container(horizontal=True):
            if entry.state in _SET_ASIDE:
                _withdraw(now, register, entry)
            else:
                _refuse(now, register, entry)
                _merge(now, register, entry)

    return drawn


def _said(entry: Entry, words: Words) -> str:
    """Say on what the entry's state rests."""
    one = entry.decision
    if one is None:
        return words("page_hotspots.said.proposed")
    params: dict[str, Param] = {
        "day": one.decided_at.astimezone(TIRANE).date(),
        "evidence": f"@word.evidence.{one.evidence}",
        "name": plain(entry.merged_into),
    }
    if one.expires_at is not None:
        params["until"] = one.expires_at.astimezone(TIRANE).date()
    said = words(f"page_hotspots.said.{one.state}", **params)
    return said if entry.state in _SET_ASIDE else f"{state_of(entry, words)}. {said}"


def _fields(
    key: str, names: Mapping[str, str], words: Words, known: Decision | None
) -> Callable[[], RegisterForm]:
    """Draw how somebody knows of a place, who looks after it, and when it is active."""
    evidence = _evidence(key, words, known.evidence if known else None)
    labels = {"": words("page_hotspots.field.no_owner"), **distinct(names)}
    owner = known.owner if known and known.owner in labels else ""
    owner = st.selectbox(
        words("page_hotspots.field.owner"),
        list(labels),
        index=list(labels).index(owner),
        format_func=labels.__getitem__,
        key=f"{key}_owner",
    )
    slots = st.multiselect(
        words("page_hotspots.field.slots"),
        SLOT_IDS,
        list(known.slots) if known else [],
        format_func={slot: words(f"word.slot.{slot}") for slot in SLOT_IDS}.__getitem__,
        placeholder=words("page_hotspots.field.slots_hint"),
        key=f"{key}_slots",
    )
    return lambda: RegisterForm(evidence=evidence, owner=owner, slots=tuple(slots))


def _evidence(key: str, words: Words, known: EvidenceKind | None) -> EvidenceKind:
    kinds = list(EvidenceKind)
    return st.selectbox(
        words("page_hotspots.field.evidence"),
        kinds,
        index=kinds.index(known or EvidenceKind.TEAM),
        format_func={kind: words(f"word.evidence.{kind}") for kind in kinds}.__getitem__,
        key=f"{key}_evidence",
    )


def _confirm(now: Here, register: Register, names: Mapping[str, str], entry: Entry) -> None:
    """Draw the form that confirms a place, or changes what was said of it."""
    words, held = now.words, entry.state in _HELD
    key = f"hotspot_{entry.place_id}_{session.HOTSPOT_TURN.get()}"
    with st.form(key, border=False):
        made = _fields(key, names, words, entry.decision if held else None)
        with st.container(horizontal=True):
            confirmed = st.form_submit_button(
                words("page_hotspots.confirm_again" if held else "page_hotspots.confirm"),
                key="hotspot_confirm",
                type="primary",
                icon=":material/check:",
            )
            changed = held and st.form_submit_button(
                words("page_hotspots.keep"), key="hotspot_keep", icon=":material/save:"
            )
    if confirmed or changed:
        with telling(words):
            action = act.confirm if confirmed else act.edit
            change = action(now.house, now.viewer, register.municipality, entry.place_id, made())
            _did("confirm" if confirmed else "edit", entry.name, change)


def _refuse(now: Here, register: Register, entry: Entry) -> None:
    words = now.words
    with st.popover(words("page_hotspots.refuse"), icon=":material/block:"):
        st.markdown(words("page_hotspots.refuse_ask"))
        evidence = _evidence(f"hotspot_refuse_{entry.place_id}", words, None)
        if st.button(words("page_hotspots.refuse_yes"), key="hotspot_refuse"):
            with telling(words):
                town = register.municipality
                change = act.refuse(now.house, now.viewer, town, entry.place_id, evidence)
                _did("refuse", entry.name, change)


def _merge(now: Here, register: Register, entry: Entry) -> None:
    words = now.words
    labels = distinct({p: n for p, n in register.places.items() if p != entry.place_id})
    with st.popover(words("page_hotspots.merge"), icon=":material/merge:"):
        st.markdown(words("page_hotspots.merge_ask"))
        into = st.selectbox(
            words("page_hotspots.merge_into"),
            list(labels),
            index=None,
            format_func=labels.__getitem__,
            placeholder=words("page_hotspots.choose_hint"),
            key=f"hotspot_into_{entry.place_id}",
        )
        if st.button(words("page_hotspots.merge_yes"), key="hotspot_merge", disabled=into is None):
            with telling(words):
                town = register.municipality
                change = act.merge(now.house, now.viewer, town, entry.place_id, into or "")
                _did("merge", entry.name, change, into=labels[into or ""])


def _withdraw(now: Here, register: Register, entry: Entry) -> None:
    words = now.words
    if st.button(words("page_hotspots.withdraw"), key="hotspot_withdraw", icon=":material/undo:"):
        with telling(words):
            change = act.withdraw(now.house, now.viewer, register.municipality, entry.place_id)
            _did("withdraw", entry.name, change)


def add(now: Here, register: Register, names: Mapping[str, str]) -> None:
    """Draw the form that adds a place with no case at all: one that is known, or a new one."""
    words = now.words
    listed = {entry.place_id for entry in register.entries}
    labels = distinct({p: n for p, n in register.places.items() if p not in listed})
    with st.expander(
        words("page_hotspots.add"), icon=":material/add_location_alt:", key="hotspot_add_fold"
    ):
        _done(now, register.municipality, _ADD)
        st.markdown(words("page_hotspots.add_lead"))
        which = st.radio(
            words("page_hotspots.add_which"),
            (_KNOWN, _NEW),
            format_func={one: words(f"page_hotspots.add_{one}") for one in (_KNOWN, _NEW)}.get,
            horizontal=True,
            key="hotspot_add_which",
        )
        if which == _NEW:
            _add_new(now, register, names)
        else:
            _add_known(now, register, names, labels)


def _add_known(
    now: Here, register: Register, names: Mapping[str, str], labels: Mapping[str, str]
) -> None:
    words, key = now.words, f"hotspot_known_{session.HOTSPOT_TURN.get()}"
    with st.form(key, border=False):
        place = st.selectbox(
            words("page_hotspots.place"),
            list(labels),
            index=None,
            format_func=dict(labels).__getitem__,
            placeholder=words("page_hotspots.choose_hint"),
            key=f"{key}_place",
        )
        made = _fields(key, names, words, None)
        sent = st.form_submit_button(words("page_hotspots.add_yes"), key="hotspot_add_known")
    if sent:
        with telling(words):
            if place is None:
                raise ContractError(Message("register.choose_place"))
            change = act.confirm(now.house, now.viewer, register.municipality, place, made())
            _did(_ADD, labels[place], change)


def _add_new(now: Here, register: Register, names: Mapping[str, str]) -> None:
    words, key = now.words, f"hotspot_new_{session.HOTSPOT_TURN.get()}"
    choices = records.choices(now.house, now.viewer, register.municipality)
    with st.form(key, border=False):
        place = place_fields(key, words, choices, None)
        made = _fields(key, {} if choices.replaces_demo else names, words, None)
        agreed = True
        if choices.replaces_demo:
            st.warning(words("page_import.demo_goes"), icon=":material/warning:")
            agreed = st.checkbox(words("page_import.demo_yes"), key=f"{key}_agreed")
        sent = st.form_submit_button(words("page_hotspots.add_yes"), key="hotspot_add_new")
    if sent:
        with telling(words):
            if not agreed:
                raise ContractError(Message("page_import.demo_agree"))
            form = place()
            _did(_ADD, form.name, act.add(now.house, now.viewer, form, made()))


def _did(what: str, name: str, change: Change, *, into: str = "") -> None:
    """Say it in the next run, with every form drawn anew."""
    after = change.after
    params: dict[str, Param] = {"name": name, "into": into}
    if after is not None and after.expires_at is not None:
        params["until"] = after.expires_at.astimezone(TIRANE).date()
    where = _ADD if what == _ADD else change.place_id
    session.HOTSPOT_DONE.set((where, Message(f"page_hotspots.did.{what}", params), change))
    session.HOTSPOT_TURN.set(session.HOTSPOT_TURN.get() + 1)
    st.rerun()
