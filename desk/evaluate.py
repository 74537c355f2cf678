"""Whether a municipality's earlier map would have found its later cases, for its coordinator."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from data import reference
from data.access import (
    Action,
    Purpose,
    release_cases,
    release_places,
    release_visits,
    require,
)
from data.nouns import Marks, Viewer
from desk.ground import area_of
from desk.wiring import House
from geo.calibration import Calibration, check_forecasts
from geo.evaluate import (
    Evaluation,
    EvaluationSettings,
    Known,
    evaluate_hotspots,
    inhabited_ground,
)
from layers.marks import mark_lines
from layers.words import Words

__all__ = ["Judged", "evaluation_json", "evaluation_lines", "hotspot_evaluation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """An evaluation, how sure the forecasts may be, and what both have to say of themselves."""

    municipality: str
    found: Evaluation
    sure: Calibration
    settings: EvaluationSettings
    marks: Marks


def hotspot_evaluation(
    house: House, viewer: Viewer, municipality: str, *, as_of: datetime
) -> Judged:
    """Return how well a municipality's earlier maps found its later cases.

    Raises
    ------
    AccessDeniedError
        If the viewer may not open the cases it rests on.
    """
    require(viewer, Action.SEE_CASES, municipality)
    house.audit(viewer, "evaluation.see", purpose=Purpose.EVALUATION, scope=municipality)
    area, settings = area_of(municipality), EvaluationSettings()
    cases = release_cases(viewer, house.store.cases(municipality))
    visits = release_visits(viewer, house.store.visits(municipality))
    places = release_places(viewer, house.store.places(municipality))
    known = Known(
        cases=cases[cases["identified_at"] < as_of],
        visits=visits[visits["ended_at"] < as_of],
        places=places,
        area=area,
    )
    towns = reference.settlements()
    ground = inhabited_ground(towns[towns["municipality"] == municipality], places, area, settings)
    invented = any(bool(f["synthetic"].any()) for f in (cases, visits, places))
    return Judged(
        municipality=municipality,
        found=evaluate_hotspots(known, ground, settings=settings),
        sure=check_forecasts(known, ground, settings=settings, as_of=as_of),
        settings=settings,
        marks=Marks(synthetic=invented, illustrative_streets=False, as_of=as_of),
    )


def evaluation_lines(judged: Judged, words: Words) -> list[str]:
    """Return an evaluation as a person reads it: marks, the answer, and the table behind it."""
    found, lines = judged.found, list(mark_lines(judged.marks, words))
    sure = [words.message(one.verdict) for one in judged.sure.levels]
    sure = list(dict.fromkeys(sure))  # too few for one level is too few for the other
    if found.verdict is not None:
        return [*lines, words.message(found.verdict), *sure]
    lines += [words.message(one.verdict) for one in found.comparisons]
    lines += sure
    lines.append(
        words(
            f"evaluation.basis_{found.period}",
            n=found.n_test,
            rounds=found.n_rounds,
            cells=found.n_cells,
            outside=found.n_outside,
        )
    )
    if "risk" not in found.methods:
        lines.append(words("evaluation.no_effort"))
    columns = [words(f"evaluation.column_{name}") for name in ("method", "share", *_COLUMNS)]
    rows = [
        [
            words(f"evaluation.method.{name}"),
            f"{words.number(100 * score.share, '0.#')} %",
            *(_with_interval(score, column, words) for column in _COLUMNS),
        ]
        for name, scores in found.methods.items()
        for score in scores
    ]
    widths = [max(len(row[i]) for row in (columns, *rows)) for i in range(len(columns))]
    lines += ["  ".join(map(str.ljust, row, widths)).rstrip() for row in (columns, *rows)]
    return [*lines, words("evaluation.hindsight")]


_COLUMNS = ("hit_rate", "pai", "pei")


def _with_interval(score: object, column: str, words: Words) -> str:
    low, high = getattr(score, f"{column}_95")
    value, low, high = (words.number(v, "0.00") for v in (getattr(score, column), low, high))
    return f"{value} ({low}\u2013{high})"


def evaluation_json(judged: Judged) -> bytes:
    """Return an evaluation as a file for programs."""
    found = judged.found
    verdict = None if found.verdict is None else dict(found.verdict.params, id=found.verdict.id)
    compared = [
        {**asdict(one), "verdict": one.verdict.id.partition(".")[2]} for one in found.comparisons
    ]
    content = {
        "schema_version": 1,
        "synthetic": judged.marks.synthetic,
        "as_of": judged.marks.as_of.isoformat(timespec="seconds"),
        "municipality": judged.municipality,
        "period": found.period,
        "rounds": found.n_rounds,
        "cells": found.n_cells,
        "cases": found.n_cases,
        "test": found.n_test,
        "outside": found.n_outside,
        "methods": {name: [asdict(s) for s in scores] for name, scores in found.methods.items()},
        "comparisons": compared,
        "intervals": _intervals(judged.sure),
        "verdict": verdict,
        "settings": asdict(judged.settings),
    }
    return json.dumps(content, indent=2).encode()


def _intervals(sure: Calibration) -> dict[str, object]:
    """Return how often the intervals held, and what was said of each period beside what came."""
    said = [{**asdict(one), "start": one.start.date().isoformat()} for one in sure.said]
    return {
        "levels": [
            {**asdict(one), "verdict": one.verdict.id.partition(".")[2]} for one in sure.levels
        ],
        "pit_distance": sure.pit_distance,
        "said": said,
    }
