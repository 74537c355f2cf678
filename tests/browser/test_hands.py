"""Hands that use no mouse, and thumbs: what the keyboard reaches, and how large a button is."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page

from data.vocabulary import Role
from tests.browser.conftest import OpenPage
from tests.browser.server import Server
from tests.browser.walk import DESK_PX, PHONE_PX, settle

pytestmark = pytest.mark.browser

#: More steps than this to the thing one came for are too many.
_MOST_STEPS = 24
_TOUCH_PX = 48

_FOCUSED_KEY = (
    """() => document.activeElement.closest('[class*="st-key-"]')?.className ?? """ + '""'
)
_LOOK = """(element) => {
  const { outlineStyle, outlineWidth, boxShadow, borderColor } = getComputedStyle(element);
  return [outlineStyle, outlineWidth, boxShadow, borderColor].join();
}"""
#: What leads back is smaller by intent: it is no step of the round.
_STEPS = '[data-testid="stBaseButton-primary"], [data-testid="stBaseButton-secondary"]'
_HEIGHTS = """(buttons) => buttons.filter((button) => button.getClientRects().length)
  .map((button) => [button.innerText.split("\\n")[0], button.getBoundingClientRect().height])"""


def tab_to(page: Page, key: str) -> None:
    """Press Tab until an element of ours has the focus."""
    for _ in range(_MOST_STEPS):
        page.keyboard.press("Tab")
        if f"st-key-{key}" in page.evaluate(_FOCUSED_KEY):
            return
    pytest.fail(f"{_MOST_STEPS} steps do not lead to {key}.")


def too_small(page: Page) -> list[object]:
    """Return the buttons of a page that a thumb would miss, and their heights."""
    buttons = page.get_by_test_id("stMain").locator(_STEPS).evaluate_all(_HEIGHTS)
    assert buttons
    return [(name, height_px) for name, height_px in buttons if height_px < _TOUCH_PX]


@pytest.mark.parametrize("width_px", [DESK_PX, PHONE_PX])
@pytest.mark.parametrize(
    ("role", "key"), [(None, "enter"), (Role.FIELD, "arrived")], ids=["sign_in", "today"]
)
def test_the_keyboard_reaches_the_primary_button_and_shows_where_it_is(
    open_page: OpenPage, server: Server, role: Role | None, key: str, width_px: int
):
    page = open_page(role, width_px=width_px)
    page.goto(server.address)
    page.wait_for_url(re.compile(r"/(sign_in|today)$"))
    settle(page)
    button = page.locator(f".st-key-{key} button")
    before = button.evaluate(_LOOK)

    tab_to(page, key)

    assert button.evaluate(_LOOK) != before


def test_every_button_that_marks_a_round_is_large_enough_for_a_thumb(
    open_page: OpenPage, server: Server
):
    page = open_page(Role.FIELD, width_px=PHONE_PX)
    page.goto(f"{server.address}/today")
    settle(page)
    small = too_small(page)

    page.locator(".st-key-arrived button").click()
    page.locator(".st-key-outcome_identified button").wait_for()
    settle(page)
    small += too_small(page)
    page.locator(".st-key-undo_arrival button").click()
    page.locator(".st-key-arrived button").wait_for()

    assert small == []
