"""A pack opens from a phone's storage without a network, works there, and hides after its day."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from data.access import fit_for_field
from data.nouns import TIRANE, Plan, Week
from layers.pack import packs_html
from layers.rounds import planned_rounds
from layers.words import LANGUAGES, Words
from tests.builders import CENTRE, streets
from tests.conftest import unavailable
from tests.plans import EVIDENCE, plan_of

SQ = Words("sq")
PHONE = "052 22 13 13"
LON, LAT = CENTRE
NETWORK = streets([(LON - 0.001, LAT), (LON + 0.006, LAT + 0.001)])
EVIL = "</script><script>document.title='owned'</script><img src=x onerror=alert(1)>"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chrome")


def plan() -> Plan:
    made = fit_for_field(plan_of(Week.parse("2026-W28")))
    return replace(made, marks=replace(made.marks, synthetic=True))


def pack(made: Plan | None = None, words: Words = SQ) -> str:
    """Return the first round's pack."""
    return next(iter(packs_html(made or plan(), words, NETWORK, PHONE).values())).decode()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return a real Chromium."""
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None:
        unavailable("There is no Chromium on this machine.")
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield started
        started.close()


class Phone:
    """A page of a phone's size with what it asked for and complained of."""

    def __init__(self, browser: Browser, now: datetime) -> None:
        self.context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
        self.page: Page = self.context.new_page()
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.clock.set_fixed_time(now)

    def open(self, folder: Path, text: str) -> Page:
        """Open a pack from the phone's storage with the network off."""
        file = folder / "pack.html"
        file.write_text(text, encoding="utf-8")
        self.context.set_offline(offline=True)
        self.page.goto(file.as_uri())
        return self.page


@pytest.fixture
def phone(browser: Browser) -> Iterator[Phone]:
    """Return a phone on the morning of the round."""
    made = Phone(browser, planned_rounds(plan())[0].shift.start)
    yield made
    made.context.close()


@pytest.mark.browser
def test_it_opens_from_storage_and_asks_nobody_for_anything(phone: Phone, tmp_path: Path):
    page = phone.open(tmp_path, pack())

    assert phone.asked == [(tmp_path / "pack.html").as_uri()]
    assert phone.complaints == []
    for met in planned_rounds(plan())[0].route.stops:
        assert page.get_by_text(met.stop.name).is_visible()
    assert page.locator("svg").bounding_box()["height"] > 100


@pytest.mark.browser
def test_it_fits_a_phone_and_a_thumb(phone: Phone, tmp_path: Path):
    page = phone.open(tmp_path, pack())

    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    ticks = page.locator("label")
    assert ticks.count() == 3
    assert all(tick.bounding_box()["height"] >= 44 for tick in ticks.all())
    ticks.first.click()
    assert page.locator("input").first.is_checked()
    strip = page.get_by_text(SQ("sheet.emergency", phone=PHONE))
    assert strip.bounding_box()["y"] < 844, "the emergency line is always on the screen"


@pytest.mark.browser
def test_after_its_day_it_shows_no_place_any_more(browser: Browser, tmp_path: Path):
    one = planned_rounds(plan())[0]
    midnight = one.shift.start.astimezone(TIRANE).replace(hour=0) + timedelta(days=1)
    for late, shown in ((timedelta(minutes=-1), True), (timedelta(minutes=1), False)):
        phone = Phone(browser, (midnight + late).astimezone(UTC))

        page = phone.open(tmp_path, pack())

        assert (one.route.stops[0].stop.name in page.inner_text("body")) == shown
        assert (SQ("pack.expired") in page.inner_text("body")) != shown
        assert page.get_by_text(SQ("sheet.emergency", phone=PHONE)).is_visible()
        phone.context.close()


@pytest.mark.browser
def test_what_a_file_calls_a_place_is_text_and_never_a_script(phone: Phone, tmp_path: Path):
    made = plan()
    route = made.routes[0]
    stops = tuple(replace(met, stop=replace(met.stop, name=EVIL)) for met in route.stops)
    hostile = replace(made, routes=(replace(route, stops=stops), *made.routes[1:]))

    page = phone.open(tmp_path, pack(hostile))

    assert page.title() != "owned"
    assert page.locator("img").count() == 0
    assert EVIL in page.inner_text("body")
    assert phone.complaints == []


@pytest.mark.browser
def test_the_letters_of_albanian_are_kept(phone: Phone, tmp_path: Path):
    page = phone.open(tmp_path, pack().replace("Vend p000", "Çezma e Ëmbël"))

    assert page.get_by_text("Çezma e Ëmbël").is_visible()
    assert page.evaluate("document.characterSet") == "UTF-8"


def test_nothing_in_it_could_be_asked_of_anybody():
    text = re.sub(r'xmlns="[^"]*"', "", pack())

    assert not re.search(r"https?:|//\w|url\(|@import|<link|<iframe|<form", text)
    assert "default-src 'none'" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_what_it_rests_on_until_when_it_is_good_and_never_the_evidence(language: str):
    words = Words(language)

    text = pack(words=words)

    assert f'<html lang="{language}">' in text
    assert words("mark.synthetic") in text
    assert words("sheet.draft") in text
    assert words("pack.copy") in text
    for secret in (words.message(EVIDENCE), "1.234567", "prize"):
        assert secret not in text


def test_a_round_past_midnight_is_good_until_it_ends():
    made = plan()
    first = made.shifts[0]
    night = replace(first, end=first.start + timedelta(hours=20))

    text = pack(replace(made, shifts=(night, *made.shifts[1:])))

    expires = int(re.search(r"Date\.now\(\) > (\d+)", text)[1]) / 1000
    assert datetime.fromtimestamp(expires, tz=TIRANE) == night.end


def test_there_is_a_pack_for_each_round_and_none_without_one():
    assert len(packs_html(plan(), SQ, None, PHONE)) == 4
    assert packs_html(replace(plan(), routes=()), SQ, None, PHONE) == {}
