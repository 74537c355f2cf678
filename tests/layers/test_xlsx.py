"""The workbook: readable by others, people by days, and no cell that a spreadsheet would run."""

from __future__ import annotations

import io
from dataclasses import replace

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from data.nouns import Plan, Week
from layers.words import LANGUAGES, Words
from layers.xlsx import roster_xlsx
from tests.plans import plan_of

SQ = Words("sq")


def plan() -> Plan:
    return plan_of(Week.parse("2026-W28"))


def book(made: Plan | None = None, words: Words = SQ) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(roster_xlsx(made or plan(), words)))


def rows(sheet) -> list[list[object]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def row_of(sheet, first: str) -> list[object]:
    return next(row for row in rows(sheet) if row[0] == first)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_has_a_sheet_of_people_by_days_and_a_sheet_of_shifts(language: str):
    words = Words(language)

    grid, shifts = book(words=words).worksheets

    assert [grid.title, shifts.title] == [words("file.roster"), words("file.shifts")]
    head = row_of(grid, words("file.worker"))
    assert head[1:8] == [words.weekday(day) for day in plan().week.days]
    assert head[8] == words("file.hours")


def test_a_worker_has_a_row_with_the_shifts_of_each_day_and_their_hours():
    grid = book().worksheets[0]

    works, rests = row_of(grid, "Punonjës 0"), row_of(grid, "Punonjës 3")

    assert works[1] == "09:00\u201315:00 Ekipi t1\n09:00\u201315:00 Ekipi t2"
    assert works[5] == works[1]
    assert works[8] == 24
    assert rests[1:8] == [None] * 7
    assert rests[8] == 0


def test_an_absence_is_marked_on_each_of_its_days():
    row = row_of(book().worksheets[0], "Punonjës 0")

    assert [SQ("file.absent") in str(cell) for cell in row[1:8]] == [
        *(False, False, True, True),
        *(False, False, False),
    ]


def test_every_shift_is_listed_with_its_people_and_its_number_of_stops():
    listed = rows(book().worksheets[1])

    shifts = [row for row in listed if row[1] in {"Ekipi t1", "Ekipi t2"}]
    assert len(shifts) == len(plan().shifts)
    assert shifts[0][2:] == ["09:00", "15:00", "Punonjës 0, Punonjës 1", "Punonjës 2", 3]


@pytest.mark.parametrize("evil", ["=1+1", "+355", "-2", "@SUM(A1)", "\tx", '=HYPERLINK("x")'])
def test_no_name_becomes_a_formula(evil: str):
    made = plan()
    hostile = replace(
        made,
        workers=tuple(replace(worker, name=evil) for worker in made.workers),
        teams=tuple(replace(team, name=evil) for team in made.teams),
        area_name="Durrës",
    )

    for sheet in book(hostile).worksheets:
        for cells in sheet.iter_rows():
            for cell in cells:
                assert cell.data_type != "f"
                assert not str(cell.value or "").startswith(("=", "+", "-", "@", "\t"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_what_it_rests_on(language: str):
    words = Words(language)
    made = plan()
    invented = replace(made, marks=replace(made.marks, synthetic=True))

    for sheet in book(invented, words).worksheets:
        texts = [row[0] for row in rows(sheet)]
        assert texts[0] == "Durrës · 2026-W28"
        assert words("mark.synthetic") in texts


def test_the_grid_prints_on_a4_across():
    sheet = book().worksheets[0]

    assert sheet.page_setup.orientation == "landscape"
    assert int(sheet.page_setup.paperSize) == 9
    assert sheet.sheet_properties.pageSetUpPr.fitToPage


def test_it_says_when_and_with_whom_but_not_where():
    texts = {str(cell) for sheet in book().worksheets for row in rows(sheet) for cell in row}

    names = {met.stop.name for route in plan().routes for met in route.stops}
    assert not [text for text in texts if any(name in text for name in names)]
