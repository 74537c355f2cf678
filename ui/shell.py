"""What stands around every page: who is here, in which language, and the emergency line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from data.errors import AccessDeniedError, HouseError
from data.messages import Message
from data.nouns import Viewer
from data.vocabulary import Role
from desk import identity, settings
from desk.directory import municipality_names
from desk.identity import Person
from desk.wiring import House, data_home
from layers.words import Words
from ui import cache, navigation, session
from ui.language import language, switch
from ui.widgets import bridge
from ui.widgets.emergency import emergency_strip
from ui.widgets.messages import show_fault, show_kept_fault, synthetic_mark
from ui.widgets.text import plain

__all__ = ["Here", "here", "main"]

_ROLE_KEY = "role_switch"
#: A file of ours: a named symbol would be fetched from a server elsewhere.
_LANTERN = Path(__file__).with_name("lantern.svg")
_SIDEBAR_PX = 270
#: The page that shows at length what the alarm says in a line.
_BOARD = "schedule"


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """What every page begins with: the house, the language, and who looks."""

    house: House
    words: Words
    person: Person | None

    @property
    def viewer(self) -> Viewer:
        """Return who looks.

        Raises
        ------
        AccessDeniedError
            If nobody is signed in, or no longer.
        """
        if self.person is None:
            raise AccessDeniedError(Message("access.not_signed_in"))
        return self.person.viewer


def here() -> Here:
    """Return the house, the language and who looks, asked for anew: a session may have ended.

    A fragment runs without the shell around it, so it asks here as well.
    """
    house = cache.house(data_home())
    return Here(
        house=house,
        words=Words(language()),
        person=identity.person_of(house, session.token()),
    )


def main(alarm: Callable[[], None]) -> None:
    """Draw the page that was asked for, and what stands around it.

    Parameters
    ----------
    alarm
        Draws what cannot wait until its own page is opened. It stands above the page
        and is drawn after it, so that no page waits for it.
    """
    st.set_page_config(
        page_title="Fener", page_icon=_LANTERN, layout="wide", initial_sidebar_state=_SIDEBAR_PX
    )
    with st.spinner(Words(language())("app.opening"), show_time=False):
        now = here()
    viewer = None if now.person is None else now.person.viewer
    page = st.navigation(
        navigation.pages(viewer, now.words),
        position="top" if viewer is None else "sidebar",
        expanded=True,
    )
    if now.person is None:
        switch(now.words)
    else:
        with st.sidebar:
            _identity(now.words, now.person)
    if identity.demo_is_open(now.house):
        synthetic_mark(now.words)
    if now.person is None and session.wish("refused"):
        st.error(plain(now.words("app.ticket_refused")), icon=":material/error:")
    pressing = st.container()
    show_kept_fault(now.words)
    try:
        page.run()
    except HouseError as fault:
        show_fault(fault, now.words)
    if viewer is not None and page.url_path != _BOARD:
        with pressing:
            alarm()
    with st.bottom:
        emergency_strip(now.words, settings.cpu_phone(now.house, _only(viewer)))
        bridge.run(now.words)


def _identity(words: Words, person: Person) -> None:
    """Say who looks in which role; let them switch the role, the language, and leave."""
    switch(words)
    viewer = person.viewer
    name = words("app.demo") if identity.is_demo(viewer) else plain(viewer.name)
    grounds = [municipality_names().get(code, "") for code in sorted(viewer.municipalities)]
    st.markdown(f"**{', '.join([name, *filter(None, grounds)])}**")
    if len(person.roles) > 1:
        roles = {role: words(f"app.role.{role}") for role in person.roles}
        st.radio(
            words("app.role"),
            list(roles),
            index=person.roles.index(viewer.role),
            format_func=roles.__getitem__,
            key=_ROLE_KEY,
            on_change=_switch_role,
        )
    else:
        st.markdown(words(f"app.role.{viewer.role}"))
    st.button(
        words("app.sign_out"),
        key="sign_out",
        icon=":material/logout:",
        on_click=session.LEAVE.set,
        args=("end",),
    )


def _switch_role() -> None:
    """Put the session into the chosen role, and load the first page of that role anew."""
    role = session.Slot[Role](_ROLE_KEY, Role.FIELD).get()
    try:
        identity.switch_role(cache.house(data_home()), session.token(), role)
    except HouseError as fault:
        session.FAULT.set(fault.message)
    else:
        session.LEAVE.set("home")


def _only(viewer: Viewer | None) -> str | None:
    """Return the viewer's municipality if there is exactly one."""
    if viewer is None or len(viewer.municipalities) != 1:
        return None
    return next(iter(viewer.municipalities))
