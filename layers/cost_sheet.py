"""What a plan costs as rows of a workbook: by kind and team, each with its line of the budget."""

from __future__ import annotations

from typing import Final

from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from data.nouns import Plan
from layers.csv_file import safe_cell
from layers.words import Words
from patrol.cost import Cost
from patrol.cost_settings import BudgetLine

__all__ = ["budget_name", "cost_sheet"]

_BOLD: Final = Font(bold=True)
_WIDTHS: Final = {"A": 26, "B": 34, "C": 22, "D": 14, "E": 14}
_COLUMNS: Final = ("line", "kind", "team", "quantity", "lek")


def budget_name(cost: Cost, line: BudgetLine) -> str:
    """Return a line by its activity of the action plan, and what the municipality calls it."""
    code = cost.settings.budget_codes.get(line, "")
    return f"{line} · {code}" if code else str(line)


def cost_sheet(sheet: Worksheet, plan: Plan, cost: Cost, words: Words) -> None:
    """Write a row for each kind and team, the sums of the budget lines, and the whole."""
    teams = {"": words("cost.no_team"), **{team.id: team.name for team in plan.teams}}
    sheet.append([words(f"cost.col.{name}") for name in _COLUMNS])
    _bold_last(sheet)
    for (kind, team), amount in cost.by_kind_and_team().items():
        n = float(amount.quantity)
        sheet.append(
            [
                safe_cell(budget_name(cost, cost.budget_line(kind))),
                words(f"cost.kind.{kind}"),
                safe_cell(teams.get(team, team)),
                f"{words.number(n, '#,##0.##')} {words(f'cost.unit.{kind.unit}', n=n)}",
                amount.lek,
            ]
        )
    for line, lek in cost.by_budget_line().items():
        sheet.append([words(f"cost.line.{line.name.lower()}"), None, None, None, lek])
    sheet.append([words("cost.total"), None, None, None, cost.lek])
    _bold_last(sheet)
    for letter, width in _WIDTHS.items():
        sheet.column_dimensions[letter].width = width


def _bold_last(sheet: Worksheet) -> None:
    for cell in sheet[sheet.max_row]:
        cell.font = _BOLD
