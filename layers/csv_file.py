"""The stops of a plan as CSV: one row a visit, in the order of the week."""

from __future__ import annotations

import csv
import io

from data.names import visible
from data.nouns import TIRANE, Plan
from layers.rounds import planned_rounds
from layers.words import Words

__all__ = ["safe_cell", "stops_csv"]

_COLUMNS = (
    "day",
    "shift",
    "team",
    "order",
    "arrive",
    "leave",
    "place_id",
    "place",
    "lon",
    "lat",
    "must",
    "exploration",
    "purpose",
    "reason",
    "synthetic",
)
#: A spreadsheet takes a text that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe_cell(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula, and none refuses."""
    text = visible(text)
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def stops_csv(plan: Plan, words: Words) -> bytes:
    """Return the plan's visits as UTF-8 CSV with commas and ISO times."""
    out = io.StringIO(newline="")
    table = csv.DictWriter(out, _COLUMNS, lineterminator="\r\n")
    table.writeheader()
    for one in planned_rounds(plan):
        for number, met in enumerate(one.route.stops, start=1):
            table.writerow(
                {
                    "day": one.shift.start.astimezone(TIRANE).date().isoformat(),
                    "shift": safe_cell(one.shift.id),
                    "team": safe_cell(one.team.name),
                    "order": number,
                    "arrive": met.arrive.isoformat(),
                    "leave": met.leave.isoformat(),
                    "place_id": safe_cell(met.stop.place_id),
                    "place": safe_cell(met.stop.name),
                    "lon": met.stop.lon,
                    "lat": met.stop.lat,
                    "must": str(met.stop.must).lower(),
                    "exploration": str(met.stop.exploration).lower(),
                    "purpose": str(met.stop.purpose),
                    "reason": safe_cell(words.message(met.stop.reason)),
                    "synthetic": str(plan.marks.synthetic).lower(),
                }
            )
    return out.getvalue().encode()
