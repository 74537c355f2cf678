"""The shell around every page: roles, languages, the emergency line, one door per danger."""

from __future__ import annotations

import pickle
import re
from pathlib import Path

import pytest

from data.access import pages_for
from data.messages import Message
from data.nouns import Viewer
from data.vocabulary import Role
from layers.words import LANGUAGES, Words
from tests.ui.conftest import OpenApp
from ui import navigation, session
from ui.widgets.text import plain

UI = Path(navigation.__file__).parent
ROLES: list[Role | None] = [None, *Role]


def viewer(role: Role | None) -> Viewer | None:
    return None if role is None else Viewer(account="a", name="a", role=role)


def of_role(role: Role | None) -> list[str]:
    return navigation.allowed(viewer(role))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("role", "page"), [(role, page) for role in ROLES for page in of_role(role)]
)
def test_every_page_of_every_role_opens_with_the_emergency_line_and_the_mark(
    open_app: OpenApp, role: Role | None, page: str, language: str
):
    app = open_app(role, page, language=language)

    words = Words(language)
    said = [element.value for element in app.markdown]
    assert not app.exception
    assert [title.value for title in app.title] == [words(f"app.page.{page}")]
    assert words("app.emergency", unit=words("app.the_unit")) in said
    assert any(words("app.synthetic") in text for text in said)


@pytest.mark.parametrize(
    ("role", "page"),
    [(role, page) for role in ROLES for page in navigation.PAGES if page not in of_role(role)],
)
def test_a_page_the_role_lacks_cannot_be_opened(open_app: OpenApp, role: Role | None, page: str):
    app = open_app(role)

    with pytest.raises(ValueError, match="navigation page"):
        app.switch_page(f"ui/pages/{page}.py")


@pytest.mark.parametrize("role", ROLES)
def test_the_root_leads_to_the_first_page_of_the_role(open_app: OpenApp, role: Role | None):
    app = open_app(role, language="en")

    assert app.title[0].value == Words("en")(f"app.page.{of_role(role)[0]}")


def test_navigation_hands_over_nothing_that_the_policy_does_not_name():
    for role in ROLES:
        assert set(of_role(role)) <= set(pages_for(viewer(role)))


def test_the_language_switch_keeps_the_page(open_app: OpenApp):
    app = open_app(Role.FIELD, "help", language="sq")

    app.segmented_control(key="language_switch").set_value("en").run()

    assert app.title[0].value == Words("en")("app.page.help")


def test_an_unknown_wish_in_the_address_is_ignored(open_app: OpenApp):
    app = open_app(language="")
    app.query_params["lang"] = "<script>"
    app.query_params["role"] = "administrator"

    app.run()

    assert not app.exception
    assert app.title[0].value == Words("sq")("app.page.sign_in")


def test_without_any_wish_the_page_speaks_albanian(open_app: OpenApp):
    assert open_app(language="").title[0].value == Words("sq")("app.page.sign_in")


def test_somebody_with_one_role_is_offered_no_switch(open_app: OpenApp):
    assert len(open_app(Role.FIELD).radio) == 0


def test_a_forged_cookie_is_nobody(open_app: OpenApp):
    app = open_app(token="x" * 43, language="en")

    assert app.title[0].value == "Sign in"


def test_everything_a_tab_remembers_can_be_pickled():
    slots = [value for value in vars(session).values() if isinstance(value, session.Slot)]

    assert slots
    for slot in slots:
        assert pickle.loads(pickle.dumps(slot.empty)) == slot.empty  # noqa: S301 - our own bytes
    assert pickle.loads(pickle.dumps(Message("app.role"))) == Message("app.role")  # noqa: S301 - same


def test_no_two_slots_share_a_name():
    names = [value.name for value in vars(session).values() if isinstance(value, session.Slot)]

    assert len(set(names)) == len(names)


def test_only_the_bridge_and_the_timetable_run_a_script_in_the_browser():
    found = [
        path.name
        for path in UI.rglob("*.py")
        if re.search(r"unsafe_allow_javascript|components\.(v1|v2)", path.read_text("utf-8"))
    ]

    assert sorted(found) == ["bridge.py", "timetable.py"]


def test_caches_hold_one_line_each():
    text = (UI / "cache.py").read_text("utf-8")

    bodies = re.findall(r'"""\n((?:    .+\n)+)', text.split("__all__")[1])
    assert bodies
    assert all(body.count("\n") == 1 for body in bodies)


@pytest.mark.parametrize(
    "text", ["![x](http://a.example/p.png)", "[a](b)", "**b**", "`c`", "$x$", ":red[x]", "<b>x"]
)
def test_text_from_a_file_is_taken_literally(text: str):
    assert re.sub(r"\\(.)", r"\1", plain(text)).replace("\N{WORD JOINER}", "") == text
    assert not re.search(r"(?<!\\)[\[\]()*`$<:!]", plain(text))


@pytest.mark.parametrize("text", ["http://a.example", "HTTPS://a.b", "www.a.example", "a@b.c"])
def test_an_address_in_a_text_from_a_file_is_no_link(text: str):
    as_read = re.sub(r"\\(.)", r"\1", plain(text))

    assert not re.search(r"https?://|www\.|@\w", as_read, re.IGNORECASE)
