"""Names are matched however Albanians write them, and never guessed."""

from __future__ import annotations

import pytest

from data import reference
from data.names import CodeSystem, find_county, find_municipality, fold, visible


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Tirana", "AL1105"),
        ("TIRANË", "AL1105"),
        ("Bashkia Tiranë", "AL1105"),
        ("durres", "AL0301"),
        ("Durrësi", "AL0301"),
        ("Vlora", "AL1207"),
        ("Shkodra", "AL1004"),
        ("Korça", "AL0703"),
        ("Kruja", "AL0302"),
        ("Kavaja", "AL1102"),
        ("Saranda", "AL1205"),
        ("Has", "AL0801"),
        ("Krumë", "AL0801"),
        ("Peshkopi", "AL0202"),
        ("Burrel", "AL0204"),
        ("Laç", "AL0901"),
        ("Koplik", "AL1002"),
        ("Dropulli", "AL0601"),
        ("Vau Dejës", "AL1005"),
        ("Fushe Arres", "AL1001"),
        ("Fushë-Arrëz", "AL1001"),
        ("Ura Vajgurore", "AL0105"),
        ("Kucove", "AL0102"),
        ("Bulqiza", "AL0201"),
    ],
)
def test_a_municipality_is_found_by_any_of_its_names(written: str, code: str):
    assert find_municipality(written, reference.municipalities()) == code


def test_every_municipality_is_found_by_its_own_names():
    for m in reference.municipalities():
        for name in (m.name_sq, m.name_en, m.name_sq.upper(), f"Bashkia {m.name_sq}"):
            assert find_municipality(name, reference.municipalities()) == m.code, name


def test_a_name_that_is_none_is_not_guessed():
    assert find_municipality("Atlantis", reference.municipalities()) is None
    assert find_municipality("", reference.municipalities()) is None


def test_a_code_is_understood_only_with_its_system_named():
    pairs = list(zip(reference.counties()["code"], reference.counties()["iso"], strict=True))

    assert find_municipality("AL0301", reference.municipalities()) is None
    assert (
        find_municipality("al0301", reference.municipalities(), system=CodeSystem.PCODE) == "AL0301"
    )
    assert find_county("AL-09", pairs, system=CodeSystem.ISO) == "AL02"
    assert find_county("AL09", pairs, system=CodeSystem.PCODE) == "AL09"


def test_folding_takes_accents_hyphens_and_the_office_away():
    assert fold("Bashkia  Fushë-Arrëz") == "fushe arrez"


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Tregu i ri, Durrës", "Tregu i ri, Durrës"),
        ("two\nlines\tand a tab\r\n", "two\nlines\tand a tab\r\n"),
        ("a\x00b\x07c\x1f", "abc "),
        ("no\u00a0break", "no break"),
        ("right\u202eleft\u2066x", "rightleftx"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("", ""),
    ],
)
def test_signs_that_nobody_sees_are_taken_out_of_a_text(text: str, seen: str):
    assert visible(text) == seen
