"""Signing in as a browser does it: one click, a cookie nobody reads, and an end that holds."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from data.vocabulary import Role
from layers.words import Words
from tests.browser.conftest import OpenPage
from tests.browser.server import Server
from tests.browser.walk import PHONE_PX, settle, sign_in, speak
from ui.session import SESSION_COOKIE

pytestmark = pytest.mark.browser


def cookie(page: Page) -> dict[str, object]:
    found = [dict(c) for c in page.context.cookies() if c["name"] == SESSION_COOKIE]
    return found[0] if found else {}


def titled(page: Page, name: str, language: str = "sq") -> None:
    settle(page)
    title = page.get_by_test_id("stHeading").locator("h1")
    expect(title).to_have_text(Words(language)(f"app.page.{name}"))


def test_a_role_of_the_demo_is_one_click_and_outlives_a_reload(open_page: OpenPage, server: Server):
    page = open_page()
    sign_in(page, server, Role.FIELD)
    titled(page, "today")

    page.reload()

    titled(page, "today")


def test_a_signed_in_browser_opens_any_page_by_its_address_and_in_a_new_tab(
    open_page: OpenPage, server: Server
):
    page = open_page(Role.COORDINATOR)

    page.goto(f"{server.address}/schedule")
    titled(page, "schedule")

    tab = page.context.new_page()
    tab.goto(f"{server.address}/teams")
    titled(tab, "teams")


def test_the_way_in_leads_to_the_page_that_was_asked_for(open_page: OpenPage, server: Server):
    page = open_page()
    page.goto(f"{server.address}/schedule")
    titled(page, "sign_in")

    page.locator(".st-key-demo_coordinator_AL0301 button").click()

    expect(page.get_by_test_id("stHeading").locator("h1")).to_have_text(
        Words("sq")("app.page.schedule")
    )
    assert urlsplit(page.url).path == "/schedule"


def test_the_session_is_a_cookie_that_no_script_and_no_address_holds(
    open_page: OpenPage, server: Server
):
    page = open_page()
    sent: list[str] = []
    bodies: list[str] = []
    page.context.on("request", lambda request: sent.append(request.url))
    page.context.on("request", lambda request: bodies.append(request.post_data or ""))
    page.goto(f"{server.address}/sign_in")
    page.locator(".st-key-demo_agency button").click()
    page.wait_for_url("**/coverage")
    titled(page, "coverage")

    kept = cookie(page)
    ticket = next(body for body in bodies if body)
    assert (kept["httpOnly"], kept["sameSite"]) == (True, "Strict")
    assert SESSION_COOKIE not in page.evaluate("document.cookie")
    assert not urlsplit(page.url).query
    assert not [url for url in sent if ticket in url or str(kept["value"]) in url]


def test_signing_out_ends_the_session_on_the_server_too(open_page: OpenPage, server: Server):
    page = open_page()
    sign_in(page, server, Role.FIELD)  # a session of its own, since it ends here
    old = cookie(page)

    page.locator(".st-key-sign_out button").click()
    page.wait_for_url("**/sign_in")
    titled(page, "sign_in")

    assert not cookie(page)
    page.context.add_cookies(
        [{"name": SESSION_COOKIE, "value": str(old["value"]), "url": server.address}]
    )
    page.goto(f"{server.address}/today")
    titled(page, "sign_in")


def test_on_a_phone_the_menu_one_signed_out_from_does_not_cover_what_comes_next(
    open_page: OpenPage, server: Server
):
    page = open_page(width_px=PHONE_PX)
    sign_in(page, server, Role.FIELD)
    page.get_by_test_id("stExpandSidebarButton").click()

    page.locator(".st-key-sign_out button").click()
    page.wait_for_url("**/sign_in")
    settle(page)

    page.locator(".st-key-demo_agency button").click()
    page.wait_for_url("**/coverage")


@pytest.mark.parametrize("language", ["sq", "en"])
def test_a_page_the_role_lacks_says_so_in_one_sentence(
    open_page: OpenPage, server: Server, language: str
):
    page = open_page(Role.FIELD)
    speak(page, server, language)

    page.goto(f"{server.address}/map")

    titled(page, "not_yours", language)
    said = page.get_by_test_id("stMain").inner_text()
    words = Words(language)
    assert words("app.not_yours", role="@app.role.field").replace("*", "") in said
    assert page.locator("iframe").count() == 0
    page.get_by_test_id("stMain").get_by_role("link", name=words("app.first_page")).click()
    titled(page, "today", language)


def test_nobody_is_let_in_by_an_address(open_page: OpenPage, server: Server):
    page = open_page()

    for asked in ("map", "accounts", "today?role=administrator"):
        page.goto(f"{server.address}/{asked}")
        titled(page, "sign_in")
