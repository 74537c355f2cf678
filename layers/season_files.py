"""The seasonal plan as files: a workbook, its visits as CSV, its calendar as iCalendar."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from typing import Final

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from data.calendar import CalendarEntry
from data.nouns import Marks
from layers.calendar_file import calendar_ics
from layers.csv_file import safe_cell
from layers.marks import mark_lines
from layers.words import Words

__all__ = ["SeasonSheets", "season_files"]

_BOLD: Final = Font(bold=True)
_WRAP: Final = Alignment(wrap_text=True, vertical="top")
_WIDTH: Final = 18
_WEEK_COLUMNS: Final = (
    "week",
    "monday",
    "needed_h",
    "hand_h",
    "lent_h",
    "lacking_h",
    "needed_areas",
    "needed_places",
    "needed_coast",
    "needed_rounds",
    "n_planned",
    "n_late",
)
_VISIT_COLUMNS: Final = (
    "week",
    "municipality",
    "place_id",
    "name",
    "kind",
    "purpose",
    "evening",
    "weeks_late",
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SeasonSheets:
    """What the files say.

    Parameters
    ----------
    title
        Of what, and of which year.
    said
        The answer in sentences.
    weeks, visits
        Of `desk.year.YearPicture`.
    towns
        Rows of municipalities: name, places, hours needed and at hand, weeks short, days
        lacking and lent.
    spans
        First and last day of calendar entries in the year.
    """

    title: str
    said: Sequence[str]
    weeks: pd.DataFrame
    visits: pd.DataFrame
    towns: Sequence[Sequence[str | float]]
    spans: Sequence[tuple[date, date, CalendarEntry]]
    marks: Marks


def season_files(
    sheets: SeasonSheets, words: Words, title: Callable[[CalendarEntry], str]
) -> dict[str, bytes]:
    """Return ``season.xlsx``, ``season.csv`` (its visits) and ``season.ics`` by their names."""
    entries = dict.fromkeys(entry for _, _, entry in sheets.spans)
    return {
        "season.xlsx": _workbook(sheets, words, title),
        "season.csv": _csv(sheets, words),
        "season.ics": calendar_ics(entries, title, made_at=sheets.marks.as_of),
    }


def _workbook(sheets: SeasonSheets, words: Words, title: Callable[[CalendarEntry], str]) -> bytes:
    book = Workbook()
    book.properties.creator = "Fener"
    book.properties.created = sheets.marks.as_of.astimezone(UTC).replace(tzinfo=None)
    heads = {name: words(f"season.column.{name}") for name in _WEEK_COLUMNS}
    rows = ([_cell(row[name], words) for name in _WEEK_COLUMNS] for row in _records(sheets.weeks))
    _sheet(book, sheets, words, words("season.sheet.weeks"), (list(heads.values()), rows))
    towns = [
        words(f"season.column.{name}")
        for name in (
            *("municipality", "n_places", "needed_h", "hand_h", "weeks_short"),
            *("days_lacking", "days_lent"),
        )
    ]
    _sheet(book, sheets, words, words("season.sheet.towns"), (towns, sheets.towns))
    if len(sheets.visits):
        heads = {name: words(f"season.column.{name}") for name in _VISIT_COLUMNS}
        made = (_visit(row, words) for row in _records(sheets.visits))
        _sheet(book, sheets, words, words("season.sheet.visits"), (list(heads.values()), made))
    days = [words(f"season.column.{name}") for name in ("first", "last", "title", "kind")]
    entries = (
        [words.day(a), words.day(b), safe_cell(title(e)), words(f"word.calendar.{e.kind}")]
        for a, b, e in sheets.spans
    )
    _sheet(book, sheets, words, words("season.sheet.calendar"), (days, entries))
    del book["Sheet"]  # the empty one that every new workbook has
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet(
    book: Workbook,
    sheets: SeasonSheets,
    words: Words,
    name: str,
    table: tuple[Sequence[str], Iterable[Sequence[object]]],
) -> None:
    heads, rows = table
    sheet: Worksheet = book.create_sheet(name)
    sheet.append([safe_cell(sheets.title)])
    sheet["A1"].font = _BOLD
    for line in (*sheets.said, *mark_lines(sheets.marks, words)):
        sheet.append([safe_cell(line)])
    sheet.append(list(heads))
    for cell in sheet[sheet.max_row]:
        cell.font = _BOLD
        cell.alignment = _WRAP
    sheet.freeze_panes = f"A{sheet.max_row + 1}"
    for row in rows:
        sheet.append(list(row))
    for column in range(1, len(heads) + 1):
        sheet.column_dimensions[get_column_letter(column)].width = _WIDTH
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _csv(sheets: SeasonSheets, words: Words) -> bytes:
    out = io.StringIO(newline="")
    table = csv.writer(out, lineterminator="\r\n")
    columns = _VISIT_COLUMNS if len(sheets.visits) else _WEEK_COLUMNS
    table.writerow([*columns, "synthetic"])
    rows = _records(sheets.visits if len(sheets.visits) else sheets.weeks)
    del words  # the columns of a table for programs have one language
    for row in rows:
        cells = [row[name] for name in columns]
        table.writerow([*(_plain(cell) for cell in cells), str(sheets.marks.synthetic).lower()])
    return out.getvalue().encode("utf-8-sig")


def _records(frame: pd.DataFrame) -> list[dict[str, object]]:
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def _visit(row: dict[str, object], words: Words) -> list[object]:
    said = {
        "kind": words(f"word.kind.{row['kind']}"),
        "purpose": words(f"word.purpose.{row['purpose']}"),
        "evening": words("season.evening" if row["evening"] else "season.any_hour"),
    }
    return [said.get(name) or _cell(row[name], words) for name in _VISIT_COLUMNS]


def _cell(value: object, words: Words) -> object:
    if isinstance(value, date):
        return words.day(value)
    if isinstance(value, float):
        return round(value, 1)
    return safe_cell(value) if isinstance(value, str) else value


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.1f}"
    return safe_cell(value.isoformat() if isinstance(value, date) else str(value))
