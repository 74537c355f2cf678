"""The roster as a workbook: people by days, and the list of shifts."""

from __future__ import annotations

import io
from datetime import UTC

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from data.nouns import TIRANE, Plan, Shift
from layers.cost_sheet import cost_sheet
from layers.csv_file import safe_cell
from layers.marks import plan_lines
from layers.rounds import planned_rounds
from layers.words import Words
from patrol.cost import Cost

__all__ = ["roster_xlsx"]

_BOLD = Font(bold=True)
_WRAP = Alignment(wrap_text=True, vertical="top")
_NAME_WIDTH, _DAY_WIDTH = 26, 18


def roster_xlsx(plan: Plan, words: Words, cost: Cost | None = None) -> bytes:
    """Return a workbook: people by days, shifts, and what it costs where that is given."""
    book = Workbook()
    book.properties.creator = "Fener"
    book.properties.created = plan.marks.as_of.astimezone(UTC).replace(tzinfo=None)
    _grid(book.create_sheet(words("file.roster")), plan, words)
    _list(book.create_sheet(words("file.shifts")), plan, words)
    if cost is not None:
        sheet = book.create_sheet(words("cost.sheet"))
        _head(sheet, plan, words)
        cost_sheet(sheet, plan, cost, words)
    del book["Sheet"]  # the empty one that every new workbook has
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _head(sheet: Worksheet, plan: Plan, words: Words) -> None:
    sheet.append([safe_cell(f"{plan.area_name} · {plan.week}")])
    sheet["A1"].font = _BOLD
    for line in plan_lines(plan, words):
        sheet.append([line])


def _bold_last(sheet: Worksheet) -> None:
    for cell in sheet[sheet.max_row]:
        cell.font = _BOLD


def _hours(shift: Shift) -> float:
    return (shift.end.astimezone(UTC) - shift.start.astimezone(UTC)).total_seconds() / 3600


def _grid(sheet: Worksheet, plan: Plan, words: Words) -> None:
    _head(sheet, plan, words)
    days = plan.week.days
    sheet.append([words("file.worker"), *(words.weekday(day) for day in days), words("file.hours")])
    _bold_last(sheet)
    teams = {team.id: team.name for team in plan.teams}
    for worker in plan.workers:
        own = [shift for shift in plan.shifts if worker.id in shift.workers]
        row: list[str | float] = [safe_cell(worker.name)]
        for day in days:
            texts = [
                f"{words.span(s.start, s.end)} {teams.get(s.team, s.team)}"
                for s in own
                if s.start.astimezone(TIRANE).date() == day
            ]
            if any(a.worker == worker.id and a.first <= day <= a.last for a in plan.absences):
                texts.append(words("file.absent"))
            row.append(safe_cell("\n".join(texts)))
        sheet.append([*row, sum(_hours(shift) for shift in own)])
    for cells in sheet.iter_rows(min_row=2):
        for cell in cells[1:]:
            cell.alignment = _WRAP
    sheet.column_dimensions["A"].width = _NAME_WIDTH
    for letter in "BCDEFGH":
        sheet.column_dimensions[letter].width = _DAY_WIDTH
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _list(sheet: Worksheet, plan: Plan, words: Words) -> None:
    _head(sheet, plan, words)
    names = ("day", "team", "start", "end", "workers", "on_call", "stops")
    sheet.append([words(f"file.{name}") for name in names])
    _bold_last(sheet)
    teams = {team.id: team.name for team in plan.teams}
    people = {worker.id: worker.name for worker in plan.workers}
    stops = {one.shift.id: len(one.route.stops) for one in planned_rounds(plan)}
    for shift in plan.shifts:
        sheet.append(
            [
                words.weekday(shift.start.astimezone(TIRANE).date()),
                safe_cell(teams.get(shift.team, shift.team)),
                words.clock(shift.start),
                words.clock(shift.end),
                safe_cell(", ".join(people.get(w, w) for w in shift.workers)),
                safe_cell(", ".join(people.get(w, w) for w in shift.on_call)),
                stops.get(shift.id, 0),
            ]
        )
    for letter in "ABCDEFG":
        sheet.column_dimensions[letter].width = _DAY_WIDTH
