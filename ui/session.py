"""The one door to what a browser tab remembers, and to what its browser sends.

Nothing here is trusted for a right: who somebody is, the server looks up from
the cookie at every run (`ui.shell.here`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Generic, TypeVar, cast

import streamlit as st

from data.messages import Message
from desk.calendar import Change as CalendarChange
from desk.import_ready import Outcome
from desk.register_actions import Change
from desk.search import Hit
from patrol.what_if import Outcome as Worked

__all__ = [
    "CALENDAR_DONE",
    "CALENDAR_OPEN",
    "CALENDAR_TURN",
    "CALENDAR_YEAR",
    "FAULT",
    "HOTSPOT_CHOSEN",
    "HOTSPOT_DONE",
    "HOTSPOT_TURN",
    "IMPORT_CHECK",
    "IMPORT_SAID",
    "IMPORT_TURN",
    "LANGUAGE",
    "LEAVE",
    "LINK_COOKIE",
    "LINK_SHOWN",
    "MAP_CHOSEN",
    "MAP_FORM",
    "MAP_ORDER",
    "MAP_SAID",
    "MAP_TOWN",
    "OUTCOME",
    "PLAN_REFUSED",
    "PLAN_SAID",
    "PLAN_SHOWN",
    "PLAN_TOWN",
    "PLAN_TURN",
    "PLAN_VERSION",
    "PLAN_WEEK",
    "SEASON_SAID",
    "SEASON_SCOPE",
    "SESSION_COOKIE",
    "TEAMS_OPEN",
    "TICKET",
    "TIMETABLE",
    "TODAY_TEAM",
    "WHAT_IF_ASKED",
    "WHAT_IF_FOUND",
    "Slot",
    "cookie",
    "is_phone",
    "link",
    "token",
    "wish",
    "wishes",
]

Value = TypeVar("Value")

SESSION_COOKIE: Final = "fener_session"
LINK_COOKIE: Final = "fener_link"
#: What an address may ask for, and the values it may ask for; anything else is ignored.
_WISHES: Final = {"lang": ("sq", "en"), "refused": ("yes",)}


@dataclass(frozen=True)  # with slots a generic class cannot note its parameter
class Slot(Generic[Value]):
    """One named thing that a tab remembers until it is closed, and what it is before that."""

    name: str
    empty: Value

    def get(self) -> Value:
        """Return what is remembered."""
        return cast("Value", st.session_state.get(self.name, self.empty))

    def set(self, value: Value) -> None:
        """Remember a value; it has to survive pickling."""
        st.session_state[self.name] = value

    def take(self) -> Value:
        """Return what is remembered and forget it."""
        value = self.get()
        self.clear()
        return value

    def clear(self) -> None:
        """Forget."""
        st.session_state.pop(self.name, None)


#: The language chosen in this tab.
LANGUAGE: Final = Slot("fener.language", "")
#: A ticket on its way to the browser, which exchanges it for a cookie.
TICKET: Final = Slot("fener.ticket", "")
#: Where the browser is sent next: ``end`` signs out, ``home`` loads the first page anew.
LEAVE: Final = Slot("fener.leave", "")
#: A fault met in a callback, shown at the head of the page in the same run.
FAULT: Final[Slot[Message | None]] = Slot("fener.fault", None)
#: Today: the team a coordinator looks at, and the outcome whose counts are being given.
TODAY_TEAM: Final = Slot("fener.today.team", "")
OUTCOME: Final = Slot("fener.today.outcome", "")
#: Plan: the municipality and the week that are looked at.
PLAN_TOWN: Final = Slot("fener.plan.town", "")
PLAN_WEEK: Final = Slot("fener.plan.week", "")
#: What if: the name of what was asked last, and what was worked out so far of which plan.
WHAT_IF_ASKED: Final = Slot("fener.what_if.asked", "")
WHAT_IF_FOUND: Final[Slot[tuple[str, tuple[Worked, ...]]]] = Slot("fener.what_if.found", ("", ()))
#: Plan: the version to show next, the version shown, what the last change did, and how often
#: something was changed: a table that was taken is drawn anew.
PLAN_SHOWN: Final = Slot("fener.plan.shown", 0)
PLAN_VERSION: Final = Slot("plan_version", 0)
PLAN_SAID: Final[Slot[tuple[Message, ...]]] = Slot("fener.plan.said", ())
PLAN_TURN: Final = Slot("fener.plan.turn", 0)
#: Plan: how often a draft of a timetable was refused, the draft, and why; and the state of the
#: timetable itself, which stays empty.
PLAN_REFUSED: Final[Slot[tuple[int, str, Message | None]]] = Slot(
    "fener.plan.refused", (0, "", None)
)
TIMETABLE: Final = Slot("plan_timetable", "")
#: Map: the municipality that is looked at, what was looked for or touched last, the order
#: to go there, the form that is open (``new`` or a place's id), and what was done.
MAP_TOWN: Final = Slot("fener.map.town", "")
MAP_CHOSEN: Final[Slot[Hit | None]] = Slot("fener.map.chosen", None)
MAP_ORDER: Final = Slot("fener.map.order", "")
MAP_FORM: Final = Slot("fener.map.form", "")
MAP_SAID: Final[Slot[tuple[Message, ...]]] = Slot("fener.map.said", ())
#: Places at risk: the place that is decided on; where something was done, what, and what that
#: changed; and how often: a form that was taken is drawn anew, empty.
HOTSPOT_CHOSEN: Final[Slot[str | None]] = Slot("fener.hotspots.chosen", None)
HOTSPOT_DONE: Final[Slot[tuple[str, Message, Change | None] | None]] = Slot(
    "fener.hotspots.done", None
)
HOTSPOT_TURN: Final = Slot("fener.hotspots.turn", 0)
#: Teams: the form that is open, as ``KIND:ID``; a new record has no id yet.
TEAMS_OPEN: Final = Slot("fener.teams.open", "")
#: Calendar: the year that is looked at, the entry that is open (``new`` or an id), what was
#: done last and what that changed; and how often: a form that was taken is drawn anew, empty.
CALENDAR_YEAR: Final = Slot("fener.calendar.year", 0)
CALENDAR_OPEN: Final = Slot("fener.calendar.open", "")
CALENDAR_DONE: Final[Slot[tuple[Message, CalendarChange | None] | None]] = Slot(
    "fener.calendar.done", None
)
CALENDAR_TURN: Final = Slot("fener.calendar.turn", 0)
#: The year: the scope that is looked at, as ``kind:code``; and what was done to a loan.
SEASON_SCOPE: Final = Slot("fener.season.scope", "")
SEASON_SAID: Final[Slot[Message | None]] = Slot("fener.season.said", None)
#: Import: what a file gives and which file it is, what was done, and how often: a file
#: or form that was taken is drawn anew, empty.
IMPORT_CHECK: Final[Slot[tuple[str, Outcome] | None]] = Slot("fener.import.check", None)
IMPORT_SAID: Final[Slot[tuple[Message, ...]]] = Slot("fener.import.said", ())
IMPORT_TURN: Final = Slot("fener.import.turn", 0)
#: Accounts: the one-time link to show once.
LINK_SHOWN: Final = Slot("fener.accounts.link", "")


def cookie(name: str) -> str:
    """Return a cookie the browser sent when it connected, or an empty text."""
    return str(st.context.cookies.get(name, ""))


def token() -> str:
    """Return the session's token from its cookie, or an empty text."""
    return cookie(SESSION_COOKIE)


def link() -> str:
    """Return the one-time link's token that `/welcome` took out of the address."""
    return cookie(LINK_COOKIE)


def wish(name: str) -> str:
    """Return what the address asks for if it is one of the things it may ask for."""
    value = st.query_params.get(name, "")
    return value if value in _WISHES[name] else ""


def wishes() -> dict[str, str]:
    """Return everything the address asks for that it may ask for."""
    return {name: wish(name) for name in _WISHES if wish(name)}


def is_phone() -> bool:
    """Say whether the browser calls itself a phone's; layout only, never a right."""
    return "Mobi" in str(st.context.headers.get("User-Agent", ""))
