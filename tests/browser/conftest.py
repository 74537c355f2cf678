"""A real Chromium, and the real app on a data folder with the demo and a plan."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Cookie, Page, sync_playwright

from data.vocabulary import Role
from tests.browser.server import ROOT, Server, copy_home, prepare_home, serving
from tests.browser.walk import DESK_PX, Walk, new_context, sign_in
from tests.conftest import unavailable

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_FLAGS = (
    "--no-sandbox",  # the tests may run as root
    # Chromium's own errands would hide one of ours.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
    "--no-pings",
    # And if something asks nevertheless, it finds nobody.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost",
)

OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of the system's Chromium; Playwright brings none and none is fetched."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        unavailable("There is no Chromium on the path (tests/system_packages.sh installs it).")
    return str(found)


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Return a running Chromium; it ends with the file, and Playwright's event loop with it."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=list(_FLAGS))
        yield running
        running.close()


@pytest.fixture(scope="session")
def prepared_home(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Path:  # noqa: ARG001 - nothing is prepared for no browser
    """Return a data folder with the demo and a plan of this week; copy it, never serve it."""
    return prepare_home(tmp_path_factory.mktemp("prepared") / "home")


@pytest.fixture(scope="session")
def server(prepared_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return the app that most tests share: they look, and change nothing others look at."""
    folder = tmp_path_factory.mktemp("server")
    with serving(copy_home(prepared_home, folder / "home"), folder / "log") as running:
        yield running


@pytest.fixture(scope="module")
def walk(browser: Browser, server: Server) -> Iterator[Walk]:
    """Return a walk through the house that goes to every sight at most once."""
    walking = Walk(browser, server)
    yield walking
    walking.leave()


@pytest.fixture(scope="session")
def kept_sessions() -> dict[Role, list[Cookie]]:
    """Return the cookies of one sign-in a role: once is enough for tests of other things."""
    return {}


@pytest.fixture
def open_page(
    browser: Browser, server: Server, kept_sessions: dict[Role, list[Cookie]]
) -> Iterator[OpenPage]:
    """Return a function that opens a browser of somebody new, signed in as a role."""
    opened = []

    def open_as(role: Role | None = None, *, width_px: int = DESK_PX) -> Page:
        context = new_context(browser, width_px)
        opened.append(context)
        page = context.new_page()
        if role in kept_sessions:
            context.add_cookies([{**cookie} for cookie in kept_sessions[role]])
        elif role is not None:
            sign_in(page, server, role)
            kept_sessions[role] = context.cookies()
        return page

    yield open_as
    for context in opened:
        context.close()


@pytest.fixture(scope="session")
def screens(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where pictures are kept: beside the documents only when asked, `FENER_SCREENS=1`."""
    if os.environ.get("FENER_SCREENS") == "1":
        folder = ROOT / "docs" / "screens"
        folder.mkdir(parents=True, exist_ok=True)
        return folder
    return tmp_path_factory.mktemp("screens")
