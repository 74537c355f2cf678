"""What only the browser can do for us: fetch a cookie, give it up, remember the language.

A script of Streamlit's cannot set an HttpOnly cookie. So the page hands the
browser a ticket, the browser posts it, in the body, to a route of ours, and that
answer sets the cookie; then the page is loaded anew and its socket carries it.

Notes
-----
Nothing that a person or a file wrote goes into this script. The other one of ours is
the timetable's (`ui/widgets/timetable.py`).
"""

from __future__ import annotations

import json
from typing import Final

import streamlit as st

from layers.words import Words
from ui import session
from ui.language import LANGUAGE_COOKIE

__all__ = ["run"]

_SCRIPT: Final = """
const asked = %s;
const home = () => {
  localStorage.removeItem("stSidebarCollapsed-"); // left open, a phone's menu hides the next page
  window.location.replace("/");
};
const post = (path, body) => fetch(path, { method: "POST", body: body });

document.documentElement.lang = asked.language;
document.cookie = `${asked.cookie}=${asked.language}; path=/; max-age=31536000; SameSite=Strict`;
if (asked.ticket && window.fenerTicket !== asked.ticket) {
  window.fenerTicket = asked.ticket;
  post("/session", asked.ticket).then((answer) => {
    if (!answer.ok) { window.location.replace("/?refused=yes"); }
    else if (window.location.pathname === "/sign_in" || window.location.search) { home(); }
    else { window.location.reload(); }
  });
}
if (asked.leave === "end") { post("/session/end", "").then(home); }
if (asked.leave === "home") { home(); }
"""


def run(words: Words) -> None:
    """Let the browser do what is waiting, once."""
    asked = {
        "language": words.language,
        "cookie": LANGUAGE_COOKIE,
        "ticket": session.TICKET.take(),
        "leave": session.LEAVE.take(),
    }
    # Nothing in JSON may end the script element early.
    script = _SCRIPT % json.dumps(asked).replace("<", "\\u003c")
    st.html(
        f'<script type="module">{script}</script>',
        width="content",
        unsafe_allow_javascript=True,
    )
