"""The maps of other pages in a browser: a hand that pans and zooms asks nobody."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Frame, Page, WebSocket

from data.vocabulary import Role
from layers.words import LANGUAGES, Words
from tests.browser.conftest import OpenPage
from tests.browser.pictures import keep
from tests.browser.server import Server
from tests.browser.walk import DESK_PX, PHONE_PX, Sight, settle, speak, unfolded

pytestmark = pytest.mark.browser

_VIEW: Final = """() => {
  const { lat, lng } = window.map.getCenter();
  return [lat.toFixed(4), lng.toFixed(4), window.map.getZoom()].join(" ");
}"""


def open_map(page: Page, server: Server, name: str, language: str = "sq") -> Frame:
    """Open a page and bring its map into sight; return the map's own document."""
    speak(page, server, language)
    page.goto(f"{server.address}/{name}")
    settle(page)
    side = page.locator(f"[class*='st-key-{name}_view']")
    if side.count():
        side.get_by_text(Words(language)(f"page_{name}.map"), exact=True).click()
        page.locator("iframe").wait_for()
        settle(page)
    iframe = page.locator("iframe").first
    iframe.scroll_into_view_if_needed()
    frame = iframe.element_handle().content_frame()
    assert frame is not None
    return frame


def gestures(page: Page) -> None:
    """Pan five times and zoom three times, as a hand does."""
    box = page.locator("iframe").first.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 3
    for step in range(5):
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x - 40 + 10 * step, y + 24, steps=4)
        page.mouse.up()
        page.wait_for_timeout(100)
    for turn in (-240, -240, 240):
        page.mouse.wheel(0, turn)
        page.wait_for_timeout(350)


def view(frame: Frame) -> str:
    return str(frame.evaluate(_VIEW))


@pytest.mark.parametrize(
    ("role", "name"),
    [
        (Role.AGENCY, "map"),
        (Role.AGENCY, "coverage"),
        (Role.COORDINATOR, "plan"),
        (Role.FIELD, "today"),
    ],
)
def test_panning_and_zooming_send_nothing_to_the_server(
    open_page: OpenPage, server: Server, role: Role, name: str
):
    page = open_page(role)
    sent: list[str | bytes] = []

    def note(frame: str | bytes) -> None:
        sent.append(frame)

    def listen(socket: WebSocket) -> None:
        socket.on("framesent", note)

    page.on("websocket", listen)
    frame = open_map(page, server, name)
    page.wait_for_timeout(1000)  # what the map says of itself when it is drawn
    before = view(frame)
    assert sent
    sent.clear()

    gestures(page)

    assert view(frame) != before
    assert sent == []


@pytest.mark.parametrize(
    "sight",
    [
        Sight(role, page, language, width_px)
        for role, page, width_px in (
            (Role.COORDINATOR, "plan", DESK_PX),
            (Role.FIELD, "today", PHONE_PX),
        )
        for language in LANGUAGES
    ],
    ids=lambda sight: sight.name,
)
def test_the_map_of_the_rounds_has_its_picture(
    open_page: OpenPage, server: Server, screens: Path, sight: Sight
):
    page = open_page(sight.role, width_px=sight.width_px)
    open_map(page, server, sight.page, sight.language)

    keep(unfolded(page), screens / f"{sight._replace(page=f'{sight.page}-map').name}.png")
