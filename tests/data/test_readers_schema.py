"""The page that describes the files and the readers that read them say the same."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path

import pytest

from data.readers import headers
from data.readers.words import word_of
from data.vocabulary import (
    AgeBand,
    Engagement,
    PlaceKind,
    RiskDegree,
    Schooling,
    Sector,
    Skill,
    Source,
    TravelMode,
    VisitOutcome,
    VisitPurpose,
)

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "schema.md").read_text(encoding="utf-8")
CODED = set(re.findall(r"`([^`]+)`", PAGE))
SECTIONS = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))


@pytest.mark.parametrize(
    ("section", "fields"),
    [
        ("Cases", headers.CASE_HEADERS),
        ("Visits", headers.VISIT_HEADERS),
        ("Teams", headers.WORKER_HEADERS),
        ("Teams", headers.TEAM_HEADERS),
        ("Teams", headers.BASE_HEADERS),
        ("Teams", headers.ABSENCE_HEADERS),
    ],
)
def test_every_column_that_is_read_is_described(section: str, fields: headers.Headers):
    assert [name for name in fields if f"`{name}`" not in SECTIONS[section]] == []


@pytest.mark.parametrize(
    "words",
    [
        AgeBand, Engagement, PlaceKind, RiskDegree, Schooling, Sector, Skill, Source, TravelMode,
        VisitOutcome, VisitPurpose,
    ],
)  # fmt: skip
def test_every_word_that_is_read_is_described(words: type[StrEnum]):
    assert {word.value for word in words} <= CODED


@pytest.mark.parametrize(
    ("section", "fields"),
    [("Cases", headers.CASE_HEADERS), ("Visits", headers.VISIT_HEADERS)],
)
def test_every_other_name_of_a_column_that_the_page_gives_is_read(
    section: str, fields: headers.Headers
):
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \|", SECTIONS[section], re.MULTILINE)

    for field, others in rows:
        for name in others.split(","):
            assert headers.match_headers([name.strip()], fields) == {field: 0}, name


WORDS = {
    "sector": Sector,
    "risk degree": RiskDegree,
    "engagement": Engagement,
    "age band": AgeBand,
    "schooling": Schooling,
    "source": Source,
    "place kind": PlaceKind,
    "purpose": VisitPurpose,
    "outcome": VisitOutcome,
}


@pytest.mark.parametrize("name", WORDS)
def test_every_other_spelling_of_a_word_that_the_page_gives_is_read(name: str):
    [row] = re.findall(rf"^\| {name} \| (.*) \|$", PAGE, re.MULTILINE)

    for word, others in re.findall(r"`([\w-]+)`(?: \(([^)]*)\))?", row):
        for other in re.split(r"[,;]", others):
            spelling = other.replace("of other systems", "").strip(" `")
            assert word_of(spelling or word, WORDS[name]) in list(WORDS[name]), spelling
            if spelling and word in set(WORDS[name]):
                assert word_of(spelling, WORDS[name]) == word, spelling
