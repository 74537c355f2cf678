"""The stops as CSV: a row a visit, aware times, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import datetime

import pytest

from data.nouns import Plan, Week
from layers.csv_file import safe_cell, stops_csv
from layers.words import LANGUAGES, Words
from tests.plans import REASONS, plan_of

SQ = Words("sq")


def plan() -> Plan:
    return plan_of(Week.parse("2026-W28"))


def rows(made: Plan | None = None, words: Words = SQ) -> list[dict[str, str]]:
    text = stops_csv(made or plan(), words).decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_there_is_a_row_for_each_visit_in_the_order_of_the_week():
    made = rows()

    assert len(made) == 12
    assert [row["arrive"] for row in made[::3]] == sorted(row["arrive"] for row in made[::3])
    assert [row["order"] for row in made] == ["1", "2", "3"] * 4
    assert [row["must"] for row in made[:3]] == ["false", "true", "false"]
    assert [row["exploration"] for row in made[:3]] == ["false", "false", "true"]
    assert {row["synthetic"] for row in made} == {"false"}


def test_its_times_are_moments_of_tirana_on_the_day_of_the_shift():
    for row in rows():
        arrive, leave = (datetime.fromisoformat(row[name]) for name in ("arrive", "leave"))
        assert arrive.utcoffset().total_seconds() == 7200
        assert arrive < leave
        assert arrive.date().isoformat() == row["day"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_reasons_are_sentences_of_the_language(language: str):
    words = Words(language)

    assert [row["reason"] for row in rows(words=words)[:3]] == [
        words.message(reason) for reason in REASONS
    ]


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("Tregu", "Tregu"),
        ("=1+1", "'=1+1"),
        ("+355 4", "'+355 4"),
        ("-2", "'-2"),
        ("@x", "'@x"),
        ("\t=1", "'\t=1"),
        ("\n=1", "'\n=1"),
        ("", ""),
        ("a=b", "a=b"),
    ],
)
def test_a_text_that_a_spreadsheet_would_run_is_made_safe(text: str, safe: str):
    assert safe_cell(text) == safe


@pytest.mark.parametrize("hidden", ["\r", "\x00", "\u202e", "\u200b", "\ufeff"])
def test_what_nobody_sees_hides_no_formula(hidden: str):
    assert not safe_cell(f"{hidden}=1+1").startswith(("=", hidden))


def test_no_text_of_a_user_reaches_the_file_unsafe():
    evil = "=cmd|' /C calc'!A0"
    made = plan()
    stops = tuple(
        replace(met, stop=replace(met.stop, name=evil, place_id=evil))
        for met in made.routes[0].stops
    )
    shift = replace(made.shifts[0], id="-2/3")
    hostile = replace(
        made,
        shifts=(shift, *made.shifts[1:]),
        teams=tuple(replace(team, name=evil) for team in made.teams),
        routes=(replace(made.routes[0], shift="-2/3", stops=stops), *made.routes[1:]),
    )

    for row in rows(hostile):
        assert not [cell for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]


def test_a_name_with_commas_quotes_and_albanian_letters_comes_back_whole():
    name = 'Sheshi "Çamëria", përballë; 2'
    made = plan()
    first = made.routes[0].stops[0]
    stops = (replace(first, stop=replace(first.stop, name=name)), *made.routes[0].stops[1:])

    told = rows(replace(made, routes=(replace(made.routes[0], stops=stops), *made.routes[1:])))

    assert name in {row["place"] for row in told}
