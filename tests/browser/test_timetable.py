"""The timetable in real hands: a mouse, keys and a thumb change the plan around what they set."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import Final, NamedTuple

import pytest
from playwright.sync_api import Browser, Cookie, Locator, Page, expect

from data.nouns import TIRANE, Plan, Week
from data.store import Store
from data.store.schema import PLANS
from data.vocabulary import ChangeKind, Role
from layers.words import LANGUAGES, Words
from tests.browser.look import FAINT
from tests.browser.pictures import keep
from tests.browser.server import DURRES, Server, copy_home, serving
from tests.browser.walk import (
    DESK_PX,
    PHONE_PX,
    Sight,
    new_context,
    settle,
    sign_in,
    speak,
    unfolded,
)

pytestmark = pytest.mark.browser

_THUMB_PX = 44
_PATIENCE_MS = 30_000
#: The texts of the timetable stand in a tree of their own.
_FAINT_IN_IT: Final = FAINT.replace(
    "document.body",
    "[...document.querySelectorAll('*')].find((one) => one.shadowRoot"
    "?.querySelector('.timetable')).shadowRoot",
)
_NAMED: Final = """(bars) => bars.filter((bar) => !bar.getAttribute("aria-label")
  || (bar.getAttribute("role") === "slider" && !bar.getAttribute("aria-valuetext"))).length"""
_FIELDS_UNNAMED: Final = """(fields) => fields.filter((field) =>
  ![...field.labels].some((label) => label.textContent.trim())).length"""
_BOXES: Final = """(parts) => parts.map((part) => {
  const { left, right, top, bottom } = part.getBoundingClientRect();
  return [left, top, right, bottom];
})"""


class Office(NamedTuple):
    """A running house that may be changed, and where it keeps its plans."""

    server: Server
    home: Path

    def plan(self) -> Plan:
        """Return the newest version of next week's plan."""
        week = Week.of((datetime.now(TIRANE) + timedelta(weeks=1)).date())
        with closing(Store.open(self.home / "fener.sqlite")) as store:
            return store.plans(DURRES, week)[-1]

    def begin_anew(self) -> None:
        """Leave the first versions alone: what one test locks would stand in another's way."""
        with (
            closing(Store.open(self.home / "fener.sqlite")) as store,
            store._engine.begin() as connection,
        ):
            connection.execute(PLANS.delete().where(PLANS.c.version > 1))


class Visit(NamedTuple):
    """A visit as the plan has it."""

    shift: str
    stop: str
    minute: int


Turn = Callable[..., Page]


@pytest.fixture(scope="module")
def office(prepared_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Return a house of one's own: its plan is changed."""
    folder = tmp_path_factory.mktemp("timetable")
    home = copy_home(prepared_home, folder / "home")
    with serving(home, folder / "log") as running:
        yield Office(running, home)


@pytest.fixture(scope="module")
def signed_in(browser: Browser, office: Office) -> list[Cookie]:
    """Return the cookies of a coordinator who signed in once."""
    context = new_context(browser)
    sign_in(context.new_page(), office.server, Role.COORDINATOR)
    cookies = context.cookies()
    context.close()
    return cookies


@pytest.fixture
def timetable(browser: Browser, office: Office, signed_in: list[Cookie]) -> Iterator[Turn]:
    """Return a function that opens the timetable of the first day, in a language, on a screen."""
    office.begin_anew()
    opened = []

    def turn(language: str = "en", width_px: int = DESK_PX) -> Page:
        context = new_context(browser, width_px)
        opened.append(context)
        context.add_cookies([{**cookie} for cookie in signed_in])
        page = context.new_page()
        speak(page, office.server, language)
        page.goto(f"{office.server.address}/plan")
        settle(page)
        page.get_by_text(Words(language)("page_plan.part_change"), exact=True).click()
        bars(page).first.wait_for()
        settle(page)
        page.locator(".timetable").scroll_into_view_if_needed()
        return page

    yield turn
    for context in opened:
        context.close()


def bars(page: Page, lane: int | None = None) -> Locator:
    place = page.locator(".timetable") if lane is None else page.locator(".lane").nth(lane)
    return place.get_by_role("slider")


def bar_of(page: Page, visit: Visit) -> Locator:
    return page.locator(f'.bar[data-key="{visit.shift} {visit.stop}"]')


def visit_of(bar: Locator) -> Visit:
    shift, stop = (bar.get_attribute("data-key") or "").split(" ")
    return Visit(shift, stop, int(bar.get_attribute("aria-valuenow") or -1))


def per_minute(page: Page) -> float:
    hour = page.locator(".track").evaluate("(t) => t.style.getPropertyValue('--hour')")
    return float(hour.removesuffix("px")) / 60


def middle(bar: Locator) -> tuple[float, float]:
    bar.evaluate("(bar) => bar.scrollIntoView({ block: 'center', inline: 'center' })")
    box = bar.locator(".box").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page: Page, bar: Locator, right_px: float, down_px: float = 0.0) -> None:
    x, y = middle(bar)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right_px, y + down_px, steps=6)
    page.mouse.up()


def apply(page: Page, language: str = "en") -> None:
    """Send the draft and wait for what it came to."""
    page.get_by_role("button", name=Words(language)("decide.apply")).click()
    answered(page)


def answered(page: Page) -> None:
    expect(page.locator('.timetable[aria-busy="false"]')).to_be_attached(timeout=_PATIENCE_MS)
    settle(page)


def begins(plan: Plan, visit: Visit) -> int:
    (met,) = [
        met
        for route in plan.routes
        for met in route.stops
        if (route.shift, met.stop.id) == (visit.shift, visit.stop)
    ]
    local = met.arrive.astimezone(TIRANE)
    return 60 * local.hour + local.minute


def locks(plan: Plan) -> set[tuple[str, str]]:
    return {(one.shift, one.stop) for one in plan.standing if one.kind is ChangeKind.LOCK}


def kept_at(page: Page, office: Office, visit: Visit, minute: int, version: int) -> None:
    """Assert that the plan has a visit at a time, locked, and that the page shows it so."""
    plan = office.plan()
    assert plan.version == version + 1
    assert begins(plan, visit) == minute
    assert (visit.shift, visit.stop) in locks(plan)
    expect(bar_of(page, visit)).to_have_attribute("aria-valuenow", str(minute))
    expect(bar_of(page, visit).locator(".padlock")).to_be_visible()


def later(visit: Visit, by: int) -> int:
    """Return the time on the grid of five minutes that a visit is dragged to."""
    return round((visit.minute + by) / 5) * 5


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_bar_that_is_dragged_by_a_mouse_changes_the_plan(
    timetable: Turn, office: Office, language: str
):
    page = timetable(language)
    before = office.plan().version
    bar = bars(page, 0).nth(2)
    visit = visit_of(bar)
    wanted = later(visit, 10)

    drag(page, bar, (wanted - visit.minute) * per_minute(page))
    expect(bar).to_have_attribute("aria-valuenow", str(wanted))
    expect(page.locator(".changed li")).to_have_count(1)
    assert office.plan().version == before
    apply(page, language)

    kept_at(page, office, visit, wanted, before)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_bar_that_is_moved_by_keys_changes_the_plan(
    timetable: Turn, office: Office, language: str
):
    page = timetable(language)
    before = office.plan().version
    bar = bars(page, 1).nth(1)
    visit = visit_of(bar)
    bar.focus()

    page.keyboard.press("ArrowRight")
    first = visit_of(bar).minute
    page.keyboard.press("Shift+ArrowRight")
    second = visit_of(bar).minute
    page.keyboard.press("ArrowLeft")
    third = visit_of(bar).minute
    assert 0 < first - visit.minute <= 5
    assert (second - first, third - second) == (15, -5)
    page.keyboard.press("Enter")  # to the fields of the bar, and on to the button
    for _ in range(4):
        page.keyboard.press("Tab")
        if page.locator(".apply:focus").count():
            break
    expect(page.locator(".apply")).to_be_focused()
    page.keyboard.press("Enter")
    answered(page)

    kept_at(page, office, visit, third, before)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_bar_that_is_dragged_by_a_thumb_changes_the_plan(
    timetable: Turn, office: Office, language: str
):
    page = timetable(language, PHONE_PX)
    before = office.plan().version
    bar = bars(page, 0).nth(2)
    visit = visit_of(bar)
    wanted = later(visit, 10)
    x, y = middle(bar)
    page.touchscreen.tap(x, y)
    expect(bar).to_have_class("bar chosen")
    place = page.get_by_test_id("stMain").evaluate("(main) => main.scrollTop")

    swipe(page, middle(bar), (wanted - visit.minute) * per_minute(page), 3)
    assert page.get_by_test_id("stMain").evaluate("(main) => main.scrollTop") == place
    expect(bar).to_have_attribute("aria-valuenow", str(wanted))
    page.locator(".apply").tap()
    answered(page)

    kept_at(page, office, visit, wanted, before)


def swipe(page: Page, at: tuple[float, float], right_px: float, down_px: float) -> None:
    """Move a finger over the screen."""
    touch = page.context.new_cdp_session(page)

    def send(kind: str, *points: dict[str, float]) -> None:
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})

    x, y = at
    send("touchStart", {"x": x, "y": y})
    for step in range(1, 9):
        send("touchMove", {"x": x + right_px * step / 8, "y": y + down_px * step / 8})
        page.wait_for_timeout(20)
    send("touchEnd")
    page.wait_for_timeout(50)


def test_a_thumb_that_has_chosen_nothing_scrolls_past_the_bars(timetable: Turn):
    page = timetable(width_px=PHONE_PX)
    bar = bars(page, 0).nth(1)
    visit = visit_of(bar)
    before = page.locator(".scroll").evaluate("(track) => track.scrollLeft")

    swipe(page, middle(bar), -120, 0)

    assert page.locator(".scroll").evaluate("(track) => track.scrollLeft") > before
    assert visit_of(bar) == visit
    expect(page.locator(".changed li")).to_have_count(0)


def test_a_bar_over_another_one_changes_the_order(timetable: Turn, office: Office):
    page = timetable()
    first, second, third = (visit_of(bars(page, 0).nth(n)) for n in range(3))

    drag(page, bar_of(page, first), (second.minute - first.minute) * per_minute(page))
    names = [visit_of(bar).stop for bar in bars(page, 0).all()]
    apply(page)

    assert names[:3] == [second.stop, first.stop, third.stop]
    (route,) = [one for one in office.plan().routes if one.shift == first.shift]
    assert [met.stop.id for met in route.stops][:3] == names[:3]


def test_the_order_can_be_chosen_without_dragging(timetable: Turn):
    page = timetable()
    first, second, third = (visit_of(bars(page, 1).nth(n)) for n in range(3))
    bar_of(page, first).click()

    page.get_by_label(Words("en")("decide.position")).select_option("3")

    now = [visit_of(bar).stop for bar in bars(page, 1).all()][:3]
    assert now == [second.stop, third.stop, first.stop]
    page.get_by_label(Words("en")("decide.position")).select_option("1")
    assert visit_of(bar_of(page, first)) == first
    expect(page.locator(".apply")).to_be_hidden()


def test_a_bar_on_another_lane_goes_to_that_team(timetable: Turn, office: Office):
    page = timetable()
    bar = bars(page, 0).last
    visit, other = visit_of(bar), visit_of(bars(page, 1).first).shift
    here, there = (one.bounding_box() for one in (bar, bars(page, 1).first))
    assert here is not None
    assert there is not None

    drag(page, bar, 0, there["y"] - here["y"])
    expect(bars(page, 1).locator(".time", has_text="~")).to_have_count(1)  # its time is the plan's
    apply(page)

    plan = office.plan()
    met = {(route.shift, one.stop.id) for route in plan.routes for one in route.stops}
    assert (other, visit.stop) in met
    assert (visit.shift, visit.stop) not in met
    assert (other, visit.stop) in locks(plan)


def test_keys_lock_take_out_and_put_back(timetable: Turn, office: Office):
    page = timetable()
    locked = next(bar for bar in bars(page).all() if not bar.locator(".padlock").count())
    visit = visit_of(locked)
    bar = bar_of(page, visit)
    gone = visit_of(bars(page, 1).last)

    bar.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    assert visit_of(bar) == visit
    expect(page.locator(".apply")).to_be_hidden()
    page.keyboard.press("l")
    expect(bar.locator(".padlock")).to_be_visible()
    bar_of(page, gone).focus()
    page.keyboard.press("Delete")
    apply(page)

    plan = office.plan()
    assert begins(plan, visit) == visit.minute
    assert (visit.shift, visit.stop) in locks(plan)
    assert gone.stop in {one.stop for one in plan.standing if one.kind is ChangeKind.DROP}


def test_what_cannot_be_had_says_why_and_the_draft_waits_to_be_mended(
    timetable: Turn, office: Office
):
    page = timetable()
    before = office.plan().version
    school = bars(page).filter(has_text="Shkolla").first
    name = school.locator(".name").inner_text()
    visit = visit_of(school)
    school.click()

    page.get_by_label(Words("en")("decide.arrive")).select_option("18:00")
    expect(page.locator(".when")).to_have_class("when wrong")
    apply(page)

    expect(page.get_by_role("alert").filter(has_text=name)).to_be_visible()
    assert office.plan().version == before
    assert visit_of(bar_of(page, visit)).minute == 18 * 60
    expect(page.locator(".apply")).to_be_enabled()
    page.get_by_role("button", name=Words("en")("decide.discard")).click()
    assert visit_of(bar_of(page, visit)) == visit
    expect(page.locator(".refusal")).to_be_hidden()


def test_the_draft_of_a_day_waits_while_another_one_is_changed(timetable: Turn, office: Office):
    page = timetable()
    before = office.plan().version
    bar = bars(page, 0).nth(1)
    visit = visit_of(bar)
    bar.focus()
    page.keyboard.press("ArrowRight")
    moved = visit_of(bar)
    days = page.locator(".st-key-edit_day button")

    days.nth(1).click()
    expect(bar_of(page, visit)).to_have_count(0)
    expect(page.locator(".changed li")).to_have_count(0)
    other = bars(page).first
    other.focus()
    page.keyboard.press("l")
    apply(page)
    expect(page.locator(".changed li")).to_have_count(0)
    days.nth(0).click()

    expect(bar_of(page, visit)).to_have_attribute("aria-valuenow", str(moved.minute))
    assert office.plan().version == before + 1
    assert moved != visit


@pytest.mark.parametrize("width_px", [DESK_PX, PHONE_PX])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_bar_of_every_day_has_a_name_a_size_and_a_label_that_can_be_read(
    timetable: Turn, office: Office, screens: Path, language: str, width_px: int
):
    page = timetable(language, width_px)
    days = sorted({shift.start.astimezone(TIRANE).date() for shift in office.plan().shifts})
    for n, day in enumerate(days):
        page.locator(".st-key-edit_day button").nth(n).click()
        page.locator(f'.lane[data-shift$="{day}"]').first.wait_for()
        settle(page)
        boxes = page.locator(".bar .box").evaluate_all(_BOXES)
        labels = page.locator(".bar .name").evaluate_all(_BOXES)

        assert page.locator(".bar").evaluate_all(_NAMED) == 0
        assert min(box[3] - box[1] for box in boxes) >= _THUMB_PX
        assert min(box[2] - box[0] for box in boxes) >= _THUMB_PX
        assert overlapping(boxes + labels) == []
        assert page.evaluate("document.scrollingElement.scrollWidth - innerWidth") <= 0
        assert page.evaluate(_FAINT_IN_IT) == []
    bars(page).first.click()
    assert page.locator(".card select, .card input").evaluate_all(_FIELDS_UNNAMED) == 0
    sight = Sight(Role.COORDINATOR, "plan-change", language, width_px)
    keep(unfolded(page), screens / f"{sight.name}.png")


def overlapping(boxes: list[list[float]]) -> list[object]:
    """Return the pairs that cover each other by more than a hair."""
    return [
        (one, other)
        for one, other in combinations(boxes, 2)
        if min(one[2], other[2]) - max(one[0], other[0]) > 1
        and min(one[3], other[3]) - max(one[1], other[1]) > 1
    ]
