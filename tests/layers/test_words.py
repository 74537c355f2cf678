"""Every sentence can be said in both languages, with numbers and days as readers write them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from enum import StrEnum
from string import Formatter

import pytest

from data.messages import Message, Param
from data.nouns import TIRANE
from data.vocabulary import (
    CalendarKind,
    LoanState,
    MappingStatus,
    PerimeterKind,
    PlaceKind,
    RiskDegree,
    Role,
    Sector,
    SegmentStatus,
    Skill,
    TravelMode,
    VisitOutcome,
    VisitPurpose,
)
from geo.slots import SLOT_IDS
from layers.words import LANGUAGES, LOCALE_DIR, Words, catalogue

DOMAINS = sorted(path.stem for path in (LOCALE_DIR / "en").glob("*.po"))
SQ, EN = Words("sq"), Words("en")
#: A value of each kind that a sentence may be given.
VALUES: tuple[Param, ...] = (
    3,
    4.25,
    "Tregu i Ri",
    "{n} %s <b>",
    date(2026, 11, 24),
    datetime(2026, 11, 24, 16, 20, tzinfo=TIRANE),
    time(16, 20),
    "@word.role.agency",
)


def placeholders(form: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(form) if name}


def entries(language: str, domain: str) -> dict[str, tuple[str, ...]]:
    found = {}
    for entry in catalogue(language, domain):
        if entry.id:
            key = entry.id if isinstance(entry.id, str) else entry.id[0]
            text = entry.string
            found[key] = (text,) if isinstance(text, str) else tuple(text)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("domain", DOMAINS)
def test_every_sentence_can_be_said(domain: str, language: str):
    words = Words(language)
    for key, forms in entries(language, domain).items():
        names = set().union(*(placeholders(form) for form in forms))
        for value in VALUES:
            for n in (0, 1, 2):
                params = (
                    {**dict.fromkeys(names, value), "n": n}
                    if len(forms) > 1
                    else (dict.fromkeys(names, value))
                )
                assert words.message(Message(key, params)).strip(), key


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("domain", DOMAINS)
def test_a_sentence_that_counts_has_two_forms_and_says_one_in_its_own(domain: str, language: str):
    for key, forms in entries(language, domain).items():
        assert len(forms) in {1, 2}, key
        if len(forms) == 2:
            params = dict.fromkeys(set().union(*map(placeholders, forms)), "x")
            said = [Words(language)(key, **{**params, "n": n}) for n in (1, 2)]
            assert said == [
                form.format(**{**params, "n": n}) for form, n in zip(forms, (1, 2), strict=True)
            ], key


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("family", "words_of"),
    [
        ("word.slot", SLOT_IDS),
        ("word.month", range(1, 13)),
        ("word.role", Role),
        ("word.mode", TravelMode),
        ("word.outcome", VisitOutcome),
        ("word.kind", PlaceKind),
        ("word.sector", Sector),
        ("word.risk", RiskDegree),
        ("word.skill", Skill),
        ("word.segment", SegmentStatus),
        ("word.perimeter", PerimeterKind),
        ("word.mapping", MappingStatus),
        ("word.calendar", CalendarKind),
        ("word.loan", LoanState),
        ("word.purpose", VisitPurpose),
    ],
)
def test_every_word_of_the_vocabulary_has_its_translation(
    language: str, family: str, words_of: Iterable[StrEnum | str | int]
):
    words = Words(language)

    said = [words(f"{family}.{word}") for word in words_of]

    assert len(set(said)) == len(said)


@pytest.mark.parametrize(
    ("words", "number", "written"),
    [(SQ, 4.25, "4,2"), (EN, 4.25, "4.2"), (SQ, 12_345, "12\u00a0345"), (EN, 12_345, "12,345")],
)
def test_numbers_have_the_marks_of_the_language(words: Words, number: float, written: str):
    assert words.number(number) == written


@pytest.mark.parametrize(("words", "weekday"), [(SQ, "e martë, 24.11"), (EN, "Tuesday, 24.11")])
def test_days_are_written_as_europeans_write_them(words: Words, weekday: str):
    day = date(2026, 11, 24)

    assert words.day(day) == "24.11.2026"
    assert words.weekday(day) == weekday


def test_a_moment_is_written_in_the_time_of_tirana():
    midnight = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)

    assert SQ.moment(midnight) == "01.07.2026 00:30"
    assert SQ.clock(midnight) == "00:30"
    assert SQ.span(time(9), midnight) == "09:00\u201300:30"


def test_a_parameter_that_is_one_of_our_ids_is_translated():
    message = Message("stop.high_hours", {"slot": "@word.slot.weekday-evening"})

    assert SQ("word.slot.weekday-evening") in SQ.message(message)
    assert EN("word.slot.weekday-evening") in EN.message(message)


@pytest.mark.parametrize(
    "name",
    ["@home", "@word.slot.never", "@nothing.here", "@../../etc.passwd", "@", "@.", "a@b.al"],
)
def test_a_name_that_only_looks_like_an_id_stays_as_it_is(name: str):
    assert name in EN("file.round", team=name)


def test_what_a_parameter_says_is_never_read_as_a_sentence():
    assert "{n} {secret}" in EN("file.round", team="{n} {secret}")


def test_a_sentence_that_is_not_there_is_a_fault_of_the_programmer():
    with pytest.raises(KeyError, match=r"no sentence stop\.nothing in sq"):
        SQ("stop.nothing")


def test_there_is_no_third_language():
    with pytest.raises(ValueError, match="sq, en"):
        Words("de")
