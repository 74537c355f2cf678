"""Walking through the house in a real browser, and what it reports of each page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, WebSocket
from playwright.sync_api import Error as PlaywrightError

from data.nouns import Viewer
from data.vocabulary import Role
from layers.words import LANGUAGES
from tests.browser.look import DRAWN, FAINT, LENGTH, RESTING, TEXT
from tests.browser.server import DURRES, Server
from ui import navigation

__all__ = [
    "DESK_PX",
    "PHONE_PX",
    "SIGHTS",
    "Seen",
    "Sight",
    "Walk",
    "new_context",
    "settle",
    "sign_in",
    "speak",
    "unfolded",
]

DESK_PX, PHONE_PX = 1280, 390
_HEIGHTS_PX: Final = {DESK_PX: 800, PHONE_PX: 844}
_PHONE: Final = {
    "user_agent": (
        "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/130.0.0.0 Mobile Safari/537.36"
    ),
    "has_touch": True,
}
#: A page that is longer is cut off at its foot in the picture.
_LONGEST_PX = 4000
#: What a chart needs to fit itself to a new screen.
_BREATH_MS = 150
#: Streamlit's own page asks for these below every address before it finds its root.
_PROBES: Final = ("/_stcore/health", "/_stcore/host-config")


class Sight(NamedTuple):
    """One page as one role sees it, in one language, on a screen of one width."""

    role: Role | None
    page: str
    language: str
    width_px: int

    @property
    def name(self) -> str:
        """Return how its picture is called."""
        return f"{self.page}-{self.role or 'nobody'}-{self.language}-{self.width_px}"


def _allowed(role: Role | None) -> list[str]:
    return navigation.allowed(None if role is None else Viewer(account="a", name="a", role=role))


#: In the order in which they are cheap to walk: one sign-in for a role and a width.
SIGHTS: Final = tuple(
    Sight(role, page, language, width)
    for role in (None, *Role)
    for width in (DESK_PX, PHONE_PX)
    for language in LANGUAGES
    for page in _allowed(role)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the browser reported of a sight."""

    addresses: tuple[str, ...]
    faults: tuple[str, ...]
    text: str
    #: Texts that one can hardly read.
    faint: tuple[str, ...]
    wider_by_px: int
    #: How many shapes each map on the page shows.
    maps: tuple[int, ...]
    picture: bytes


@dataclass  # without slots: Playwright notes on it whom it calls
class _Ears:
    """What is written down while a page loads."""

    addresses: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def listen(self, context: BrowserContext) -> None:
        context.on("request", lambda request: self.addresses.append(request.url))
        context.on("console", self._console)
        context.on("weberror", lambda error: self.faults.append(str(error.error)))
        context.on("page", lambda page: page.on("websocket", self._socket))

    def _socket(self, socket: WebSocket) -> None:
        self.addresses.append(socket.url)

    def _console(self, message: ConsoleMessage) -> None:
        is_probe = urlsplit(message.location["url"]).path.endswith(_PROBES)
        if message.type == "error" and not is_probe:
            self.faults.append(message.text)

    def clear(self) -> None:
        self.addresses.clear()
        self.faults.clear()


class Walk:
    """Goes to each sight once and remembers what it saw."""

    def __init__(self, browser: Browser, server: Server) -> None:
        self._browser = browser
        self._server = server
        self._seen: dict[Sight, Seen | PlaywrightError] = {}
        self._as: tuple[Role | None, int] | None = None
        self._ears = _Ears()
        self._page: Page | None = None

    def at(self, sight: Sight) -> Seen:
        """Return what is to be seen there; a page that never settles is waited for once."""
        if sight not in self._seen:
            try:
                self._seen[sight] = self._look(sight)
            except PlaywrightError as fault:
                self._seen[sight] = fault
        seen = self._seen[sight]
        if isinstance(seen, PlaywrightError):
            raise seen
        return seen

    def leave(self) -> None:
        """Close what is open."""
        if self._page is not None:
            self._page.context.close()

    def _look(self, sight: Sight) -> Seen:
        page = self._somebody(sight)
        self._ears.clear()
        speak(page, self._server, sight.language)
        page.goto(f"{self._server.address}/{sight.page}")
        # The bridge says the language last of all.
        page.wait_for_function(
            "asked => document.documentElement.lang === asked", arg=sight.language
        )
        maps = settle(page)
        return Seen(
            addresses=tuple(self._ears.addresses),
            faults=(*self._ears.faults, *_exceptions(page)),
            text="\n".join(str(frame.evaluate(TEXT)) for frame in page.frames),
            faint=tuple(page.evaluate(FAINT)),
            wider_by_px=int(page.evaluate("document.scrollingElement.scrollWidth - innerWidth")),
            maps=maps,
            picture=unfolded(page),
        )

    def _somebody(self, sight: Sight) -> Page:
        """Return a page in which the role is signed in on a screen of the width."""
        if self._page is None or self._as != (sight.role, sight.width_px):
            self.leave()
            context = new_context(self._browser, sight.width_px)
            self._ears = _Ears()
            self._ears.listen(context)
            self._page = context.new_page()
            self._as = sight.role, sight.width_px
            if sight.role is not None:
                sign_in(self._page, self._server, sight.role)
        return self._page


def new_context(browser: Browser, width_px: int = DESK_PX) -> BrowserContext:
    """Return a browser of somebody new, on a desk or on a phone."""
    screen = {"width": width_px, "height": _HEIGHTS_PX[width_px]}
    phone = _PHONE if width_px == PHONE_PX else {}
    context = browser.new_context(viewport=screen, locale="sq", **phone)
    context.set_default_timeout(30_000)
    return context


def sign_in(page: Page, server: Server, role: Role) -> None:
    """Sign in with the demo's one click and wait for the role's first page."""
    ground = f"_{DURRES}" if role in {Role.COORDINATOR, Role.FIELD} else ""
    page.goto(f"{server.address}/sign_in")
    settle(page)
    page.locator(f".st-key-demo_{role}{ground} button").click()
    first = _allowed(role)[0]
    page.wait_for_url(f"**/{first}")
    settle(page)


def speak(page: Page, server: Server, language: str) -> None:
    """Let the browser remember a language; the next load is in it."""
    page.context.add_cookies(
        [{"name": "fener_language", "value": language, "url": server.address, "sameSite": "Strict"}]
    )


def settle(page: Page) -> tuple[int, ...]:
    """Wait until the page rests and its maps are drawn; return how many shapes each shows."""
    page.wait_for_function(RESTING)
    embedded = [iframe.content_frame() for iframe in page.locator("iframe").element_handles()]
    shown = [frame for frame in embedded if frame is not None]
    for frame in shown:
        frame.wait_for_function(DRAWN, polling=100)
    return tuple(int(frame.evaluate(DRAWN)) for frame in shown)


def unfolded(page: Page) -> bytes:
    """Return a picture of a page on a screen that is as long as the page."""
    screen = page.viewport_size
    assert screen is not None
    length = min(max(int(page.evaluate(LENGTH)), screen["height"]), _LONGEST_PX)
    page.set_viewport_size({"width": screen["width"], "height": length})
    settle(page)
    page.wait_for_timeout(_BREATH_MS)
    picture = page.screenshot()
    page.set_viewport_size(screen)
    return picture


def _exceptions(page: Page) -> list[str]:
    return page.locator('[data-testid="stException"]').all_inner_texts()
