"""Printed sheets: a round a page, A4, readable without colour, with every letter of Albanian."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import typst
from PIL import Image
from pypdf import PdfReader

from data.nouns import TIRANE, Plan, Week
from data.vocabulary import PlanStatus
from layers.rounds import planned_rounds
from layers.sheet import sheets_pdf
from layers.words import LANGUAGES, Words
from tests.builders import CENTRE, streets
from tests.plans import plan_of

PHONE = "052 22 13 13"
LON, LAT = CENTRE
NETWORK = streets([(LON - 0.001, LAT), (LON + 0.006, LAT + 0.001)])
SQ = Words("sq")


def plan(status: PlanStatus = PlanStatus.APPROVED) -> Plan:
    return plan_of(Week.parse("2026-W28"), status=status)


def named(name: str) -> Plan:
    """Return a plan of one round whose first place has a name."""
    made = plan()
    route = made.routes[0]
    first = replace(route.stops[0], stop=replace(route.stops[0].stop, name=name))
    return replace(made, routes=(replace(route, stops=(first, *route.stops[1:])),))


def with_stops(n: int) -> Plan:
    """Return a plan of one round of n stops, with names as long as they come."""
    made = plan()
    route = made.routes[0]
    stops = tuple(
        replace(met, stop=replace(met.stop, name=f"Stacioni i autobusëve të qytetit {i}"))
        for i in range(n)
        for met in (route.stops[i % 3],)
    )
    legs = (*(route.legs[i % 3] for i in range(n)), route.legs[-1])
    return replace(made, routes=(replace(route, stops=stops, legs=legs),))


def pages(made: Plan, words: Words = SQ) -> list[str]:
    reader = PdfReader(io.BytesIO(sheets_pdf(made, words, NETWORK, PHONE)))
    return [" ".join(page.extract_text().split()) for page in reader.pages]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_round_has_one_page_with_its_team_its_stops_and_the_emergency_line(language: str):
    made, words = plan(), Words(language)

    printed = pages(made, words)

    rounds = planned_rounds(made)
    assert len(printed) == len(rounds) == 4
    for text, one in zip(printed, rounds, strict=True):
        assert one.team.name in text
        assert words.weekday(one.shift.start.date()) in text
        assert one.base.name in text
        assert words("sheet.emergency", phone=PHONE) in text
        for met in one.route.stops:
            assert met.stop.name in text
            assert words.span(met.arrive, met.leave) in text
        others = {m.stop.name for r in rounds if r is not one for m in r.route.stops}
        assert not any(name in text for name in others)


@pytest.mark.parametrize("n", [1, 9, 12, 13, 15, 17])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_long_round_fits_on_one_page_too(n: int, language: str):
    assert len(pages(with_stops(n), Words(language))) == 1


def test_a_round_that_needs_a_second_page_repeats_what_matters_on_it():
    made = with_stops(25)
    one = planned_rounds(made)[0]

    printed = pages(replace(made, marks=replace(made.marks, synthetic=True)))

    assert len(printed) == 2
    for text in printed:
        assert SQ("sheet.emergency", phone=PHONE) in text
        assert SQ("sheet.met") in text
        assert SQ("mark.synthetic") in text
        assert f"{one.team.name} · {SQ.weekday(one.shift.start.date())}" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_waits_before_a_way_reads_until_when_and_is_home_after_it(language: str):
    made, words = plan(), Words(language)
    route = made.routes[0]
    four = route.stops[-1].leave.replace(hour=16, minute=0)
    legs = (route.legs[0], *(replace(leg, departs=four) for leg in route.legs[1:]))
    held = replace(made, routes=(replace(route, legs=legs),))

    (text,) = pages(held, words)
    (one,) = planned_rounds(held)

    assert text.count(words("sheet.wait", at="16:00")) == len(legs) - 1
    assert one.back_at == four + timedelta(seconds=route.legs[-1].travel_s)
    assert words("sheet.back", at=words.clock(one.back_at)) in text


def test_every_page_is_a4():
    reader = PdfReader(io.BytesIO(sheets_pdf(plan(), SQ, NETWORK, PHONE)))

    for page in reader.pages:
        assert [float(x) for x in page.mediabox] == pytest.approx([0, 0, 595.28, 841.89], abs=0.1)


@pytest.mark.parametrize("name", ["Çezma e Ëmbël", "Sheshi «Skënderbej», përballë çarshisë"])
def test_the_letters_of_albanian_are_kept(name: str):
    assert name in pages(named(name))[0]
    assert "Çfarë u takua" in pages(named(name))[0]


@pytest.mark.parametrize("name", ['#import "x": *', "*bold* _it_ $x^2$", "@label <l> [x] \\ //"])
def test_what_a_file_calls_a_place_is_text_and_never_markup(name: str):
    assert name in pages(named(name))[0]


def test_nothing_on_paper_needs_colour(monkeypatch: pytest.MonkeyPatch):
    compile_ = typst.compile
    pictures: list[bytes] = []

    def both(path: str, **how: object) -> bytes:
        # The document as a printer without colour gets it: page by page, as pixels.
        template = str(Path(path).with_name("page-{p}.png"))
        compile_(path, output=template, format="png", ppi=72, **how)
        pictures.extend(p.read_bytes() for p in sorted(Path(path).parent.glob("page-*.png")))
        return compile_(path, **how)

    monkeypatch.setattr(typst, "compile", both)
    sheets_pdf(plan(PlanStatus.DRAFT), SQ, NETWORK, PHONE)

    assert len(pictures) == 4
    for picture in pictures:
        pixels = np.asarray(Image.open(io.BytesIO(picture)).convert("RGB")).astype(int)
        assert (pixels.max(axis=2) == pixels.min(axis=2)).all()
        assert pixels.min() < 40, "there is ink on it"


def test_a_draft_says_on_every_page_that_it_is_one_and_an_approved_plan_does_not():
    assert all(SQ("sheet.draft") in text for text in pages(plan(PlanStatus.DRAFT)))
    assert not any(SQ("sheet.draft") in text for text in pages(plan()))


def test_what_the_plan_rests_on_is_marked_on_every_page():
    made = plan()
    made = replace(made, marks=replace(made.marks, synthetic=True, illustrative_streets=True))

    for text in pages(made):
        assert SQ("mark.synthetic") in text
        assert SQ("mark.illustrative") in text


def test_a_page_says_its_number_and_the_day_it_is_good_for():
    for text, one in zip(pages(plan()), planned_rounds(plan()), strict=True):
        day = one.shift.start.date()
        assert SQ("sheet.expires", day=SQ.weekday(day)) in text
        assert f"{one.team.id}-{day.isoformat()}-v1" in text


def test_a_plan_without_a_round_is_a_paper_without_one():
    empty = replace(plan(), routes=())

    assert sheets_pdf(empty, SQ, None, PHONE).startswith(b"%PDF-")


def test_an_approved_plan_says_on_every_page_whose_approval_it_has():
    at = datetime(2026, 7, 3, 14, 5, tzinfo=TIRANE)
    approved = replace(plan(), version=4, approved_by="Mira Hoxha", approved_at=at)
    line = SQ("file.approved", number=4, name="Mira Hoxha", at=at)

    assert all(line in " ".join(text.split()) for text in pages(approved))
