"""What goes along without a network says when a sign is owed, whom to call, and who comes along."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from pypdf import PdfReader

from data.fieldwork import Contact
from data.nouns import Plan, Week
from layers.pack import packs_html
from layers.rounds import planned_rounds
from layers.sheet import sheets_pdf
from layers.signs import sign_lines
from layers.words import LANGUAGES, Words
from patrol.checkins import CheckInSettings
from tests.plans import plan_of

CHAIN = (Contact(name="Mira <b>", phone="069 111"), Contact(name="Roja", phone="069 222"))
RHYTHM = CheckInSettings(every_min=90, chain=CHAIN)
PLAN = plan_of(Week.parse("2026-W28"))


def escorted() -> Plan:
    """Return the plan with an escort asked for at its very first stop."""
    route = PLAN.routes[0]
    first = replace(route.stops[0], stop=replace(route.stops[0].stop, needs_escort=True))
    return replace(PLAN, routes=(replace(route, stops=(first, *route.stops[1:])), *PLAN.routes[1:]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sheet_and_a_pack_hold_the_times_and_the_chain(language: str):
    words = Words(language)
    sheet = " ".join(
        PdfReader(io.BytesIO(sheets_pdf(PLAN, words, None, "", RHYTHM)))
        .pages[0]
        .extract_text()
        .split()
    )
    pack = next(iter(packs_html(PLAN, words, None, "", RHYTHM).values())).decode()

    for text in (sheet, pack):
        for told in ("10:30", "12:00", "13:30", "15:00", "069 111", "069 222"):
            assert told in text
    assert "<b>" not in pack


def test_without_a_chain_the_police_are_named():
    due, calls = sign_lines(planned_rounds(PLAN)[0], None, Words("en"))

    assert "10:00, 11:00, 12:00, 13:00, 14:00, 15:00" in due
    assert "129" in calls


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_stop_with_an_escort_says_so_and_the_others_do_not(language: str):
    words = Words(language)

    packs = packs_html(escorted(), words, None, "", RHYTHM)

    said = [text.decode().count(words("stop.with_escort")) for text in packs.values()]
    assert sorted(said) == [0] * (len(said) - 1) + [1]
