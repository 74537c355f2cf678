"""Every page of every role, in both languages, on a desk and on a phone, in a real browser."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from layers.words import LOCALE_DIR, Words
from tests.browser.pictures import keep
from tests.browser.server import Server
from tests.browser.walk import PHONE_PX, SIGHTS, Sight, Walk

pytestmark = pytest.mark.browser

_DOMAINS = "|".join(sorted(path.stem for path in (LOCALE_DIR / "en").glob("*.po")))
#: An id of ours where its sentence should stand; a file of ours may be called `plan.json`.
_MESSAGE_ID = re.compile(
    rf"(?<![\w.])(?:{_DOMAINS})\.(?!(?:csv|geojson|gpx|html|ics|json|pdf|po|xlsx)\b)[a-z_]+"
)
#: Small words that stand in nearly every sentence of the other language, and in no name.
_FOREIGN = {
    "sq": re.compile(r"\b(and|choose|drag|of|option|press|select|the|this|with)\b", re.IGNORECASE),
    "en": re.compile(r"\b(dhe|është|janë|këtë|nga|nuk|për|zgjidhni)\b", re.IGNORECASE),
}
#: The button of the box for files, which Streamlit lets nobody translate.
_ITS_OWN = {"Upload"}

every_sight = pytest.mark.parametrize("sight", SIGHTS, ids=lambda sight: sight.name)


@every_sight
def test_no_request_leaves_the_machine(walk: Walk, server: Server, sight: Sight):
    own = urlsplit(server.address).netloc

    seen = walk.at(sight)

    asked = [urlsplit(address) for address in seen.addresses]
    assert {url.scheme for url in asked} >= {"http", "ws"}
    # What the page made itself has no host: data and blob addresses.
    assert {url.netloc for url in asked if url.scheme not in {"data", "blob"}} == {own}


@every_sight
def test_a_page_opens_without_a_fault(walk: Walk, sight: Sight):
    assert walk.at(sight).faults == ()


@every_sight
def test_a_page_speaks_the_chosen_language_and_no_other(walk: Walk, sight: Sight):
    lines = [line for line in walk.at(sight).text.splitlines() if line not in _ITS_OWN]

    assert Words(sight.language)(f"app.page.{sight.page}") in lines
    assert [line for line in lines if _MESSAGE_ID.search(line)] == []
    assert [line for line in lines if _FOREIGN[sight.language].search(line)] == []


@every_sight
def test_a_page_says_that_its_data_are_invented_and_whom_to_call(walk: Walk, sight: Sight):
    words = Words(sight.language)
    invented = words("app.synthetic").split("**")[1]

    lines = walk.at(sight).text.splitlines()

    assert invented in lines
    assert {"129", "112", "116 111"} <= set(lines)


@every_sight
def test_every_text_stands_out_from_its_ground(walk: Walk, sight: Sight):
    assert walk.at(sight).faint == ()


@pytest.mark.parametrize(
    "sight", [s for s in SIGHTS if s.width_px == PHONE_PX], ids=lambda sight: sight.name
)
def test_a_page_fits_a_phone(walk: Walk, sight: Sight):
    assert walk.at(sight).wider_by_px <= 0


@every_sight
def test_a_page_has_its_picture(walk: Walk, sight: Sight, screens: Path):
    keep(walk.at(sight).picture, screens / f"{sight.name}.png")
