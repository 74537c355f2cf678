"""The language switch in a browser: the page, the choice made on it, and the place on it stay."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from data.vocabulary import Role
from layers.words import Words
from tests.browser.conftest import OpenPage
from tests.browser.server import Server
from tests.browser.walk import settle

pytestmark = pytest.mark.browser

_WEEK = re.compile(r"\d{4}-W\d{2}")


def switch(page: Page, name: str) -> None:
    page.get_by_role("radio", name=name).or_(page.get_by_role("button", name=name)).click()


def title(page: Page) -> str:
    return page.get_by_test_id("stHeading").locator("h1").inner_text()


def test_the_switch_keeps_the_page_the_week_and_the_address(open_page: OpenPage, server: Server):
    page = open_page(Role.COORDINATOR)
    page.goto(f"{server.address}/schedule")
    settle(page)
    week = page.locator(".st-key-plan_week input")
    before = week.input_value()
    week.click()
    page.get_by_role("option").last.click()
    settle(page)
    chosen = _WEEK.findall(week.input_value())
    assert chosen != _WEEK.findall(before)

    switch(page, "English")

    heading = page.get_by_test_id("stHeading").locator("h1")
    expect(heading).to_have_text(Words("en")("app.page.schedule"))
    settle(page)
    assert page.url == f"{server.address}/schedule"
    assert _WEEK.findall(week.input_value()) == chosen
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_the_switch_keeps_the_place_on_a_long_page(open_page: OpenPage, server: Server):
    page = open_page(Role.COORDINATOR)
    page.goto(f"{server.address}/help")
    settle(page)
    main = page.get_by_test_id("stMain")
    main.evaluate("(main) => main.scrollTo(0, 300)")

    switch(page, "English")

    expect(page.locator("html")).to_have_attribute("lang", "en")
    settle(page)
    assert abs(main.evaluate("(main) => main.scrollTop") - 300) < 60


def test_the_browser_remembers_the_language(open_page: OpenPage, server: Server):
    page = open_page()
    page.goto(f"{server.address}/sign_in")
    settle(page)
    switch(page, "English")
    expect(page.locator("html")).to_have_attribute("lang", "en")

    page.goto(f"{server.address}/help")

    settle(page)
    assert title(page) == Words("en")("app.page.help")
