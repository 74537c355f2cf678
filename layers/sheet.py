"""Printed sheets: one A4 page a round, fit for black and white, set by Typst."""

from __future__ import annotations

import json
import tempfile
from functools import lru_cache
from pathlib import Path

import typst

from data.nouns import TIRANE, Plan, RouteStop
from data.streetnet import StreetNetwork
from data.vocabulary import VisitOutcome
from layers.marks import plan_lines
from layers.rounds import PlannedRound, file_stem, planned_rounds
from layers.signs import sign_lines, waited, why_line
from layers.sketch import sketch_svg
from layers.words import Words
from patrol.checkins import CheckInSettings

__all__ = ["sheets_pdf"]

_COLUMNS = ("time", "place", "why", "met")


@lru_cache(maxsize=1)
def _template() -> str:
    return Path(__file__).with_name("sheet.typ").read_text(encoding="utf-8")


def sheets_pdf(
    plan: Plan,
    words: Words,
    network: StreetNetwork | None,
    phone: str,
    rhythm: CheckInSettings | None = None,
) -> bytes:
    """Return the sheets of a plan that is fit for the field (`data.access.fit_for_field`).

    Parameters
    ----------
    network
        Streets for the little map.
    phone
        Of the municipality's Child Protection Unit.
    rhythm
        When teams say that they are well, and whom to call; the usual one where none is set.
    """
    record = {
        "title": words("sheet.title"),
        "lang": words.language,
        "marks": list(plan_lines(plan, words)),
        "footer": f"Fener · {plan.area_name} · {plan.week}",
        "emergency": words("sheet.emergency", phone=phone),
        "rounds": [_round(plan, one, words, network, rhythm) for one in planned_rounds(plan)],
    }
    with tempfile.TemporaryDirectory(prefix="fener-") as folder:
        (Path(folder) / "sheet.typ").write_text(_template(), encoding="utf-8")
        (Path(folder) / "sheet.json").write_text(json.dumps(record), encoding="utf-8")
        return bytes(typst.compile(str(Path(folder) / "sheet.typ"), ignore_system_fonts=True))


def _round(
    plan: Plan,
    one: PlannedRound,
    words: Words,
    network: StreetNetwork | None,
    rhythm: CheckInSettings | None,
) -> dict[str, object]:
    day = words.weekday(one.shift.start.astimezone(TIRANE).date())
    people = {worker.id: worker.name for worker in plan.workers}
    facts = [
        *_ends(one, words),
        (words("sheet.mode"), words(f"word.mode.{one.shift.mode}")),
        (words("sheet.people"), ", ".join(people.get(w, w) for w in one.shift.workers)),
    ]
    if one.route.pause is not None:
        facts.append(
            (words("sheet.pause"), words.span(one.route.pause.opens, one.route.pause.closes))
        )
    if one.shift.on_call:
        names = ", ".join(people.get(w, w) for w in one.shift.on_call)
        facts.append((words("sheet.on_call"), names))
    return {
        "title": f"{one.team.name} · {day}",
        "hours": words.span(one.shift.start, one.shift.end),
        "facts": facts,
        "sketch": sketch_svg(one, network),
        "head": ["", *(words(f"sheet.{name}") for name in _COLUMNS)],
        "rows": [_row(one, n, met, words) for n, met in enumerate(one.route.stops)],
        "back": _back(one, words),
        "signs": list(sign_lines(one, rhythm, words)),
        "expires": words("sheet.expires", day=day),
        "page": words("sheet.page", id=f"{file_stem(one)}-v{plan.version}"),
    }


def _ends(one: PlannedRound, words: Words) -> list[tuple[str, str]]:
    """Return where a round starts and ends."""
    if one.home == one.base:
        return [(words("sheet.base"), one.base.name)]
    return [(words("sheet.start"), one.base.name), (words("sheet.end"), one.home.name)]


def _row(one: PlannedRound, number: int, met: RouteStop, words: Words) -> dict[str, object]:
    leg = one.route.legs[number]
    hours = met.hours_in(one.shift)
    window = words.span(hours.opens, hours.closes)
    return {
        "number": f"{number + 1}",
        "time": words.span(met.arrive, met.leave),
        "place": met.stop.name,
        "way": waited(
            leg,
            words(
                "sheet.way", minutes=round(leg.travel_s / 60), km=round(leg.distance_m / 1000, 1)
            ),
            words,
        ),
        "why": why_line(met.stop, words),
        "window": f"{words('sheet.window')}: {window}",
        "met": [words(f"word.outcome.{outcome}") for outcome in VisitOutcome],
    }


def _back(one: PlannedRound, words: Words) -> str:
    return waited(one.route.legs[-1], words("sheet.back", at=words.clock(one.back_at)), words)
