"""The whole plan as JSON, for other programs: the schema that `ARCHITECTURE.md` names."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from data.messages import Message
from data.nouns import Plan, Route, RouteStop, Shift, Worker
from data.vocabulary import ChangeKind
from layers.words import LANGUAGES, Words
from patrol.changes_said import said
from patrol.cost import Cost

__all__ = ["SCHEMA_VERSION", "plan_json"]

SCHEMA_VERSION = 1


def plan_json(plan: Plan, cost: Cost | None = None) -> bytes:
    """Return the plan as UTF-8 JSON, with its cost if given; the same plan is the same bytes."""
    record: dict[str, object] = {
        "schema_version": SCHEMA_VERSION,
        "synthetic": plan.marks.synthetic,
        "streets": "illustrative" if plan.marks.illustrative_streets else "osm",
        "id": plan.id,
        "version": plan.version,
        "status": plan.status,
        "based_on": plan.based_on,
        "approved_by": plan.approved_by,
        "approved_at": plan.approved_at,
        "municipality": plan.municipality,
        "area": plan.area_name,
        "week": str(plan.week),
        "as_of": plan.marks.as_of,
        "seed": plan.seed,
        "cut_by_time": plan.cut_by_time,
        "shifts": [_shift(shift) for shift in plan.shifts],
        "routes": [_route(route) for route in plan.routes],
        "left_out": [
            {"stop": one.stop, "place": one.name, "reason": _reason(one.reason)}
            for one in plan.left_out
        ],
        "workers": [_worker(worker, plan) for worker in plan.workers],
        "notes": [_reason(note) for note in plan.notes],
        "changes": [{"kind": c.kind, **_reason(said(c, plan))} for c in plan.changes],
        "locked": [
            {"shift": c.shift, "stop": c.stop} for c in plan.standing if c.kind is ChangeKind.LOCK
        ],
        "settings": plan.settings,
    }
    if cost is not None:
        record["cost"] = _cost(cost)
    text = json.dumps(_plain(record), ensure_ascii=False, indent=1, sort_keys=False)
    return (text + "\n").encode()


def _cost(cost: Cost) -> dict[str, object]:
    """Return sums by kind and team; what one person earns is nobody's who reads the file."""
    return {
        "total_lek": cost.lek,
        "budget_lines": {str(line): lek for line, lek in cost.by_budget_line().items()},
        "lines": [
            {
                "kind": kind,
                "team": team,
                "budget_line": str(cost.budget_line(kind)),
                "quantity": round(float(amount.quantity), 3),
                "unit": kind.unit,
                "lek": amount.lek,
            }
            for (kind, team), amount in cost.by_kind_and_team().items()
        ],
    }


def _shift(shift: Shift) -> dict[str, object]:
    return {
        "id": shift.id,
        "team": shift.team,
        "start": shift.start,
        "end": shift.end,
        "base": shift.base,
        "mode": shift.mode,
        "workers": shift.workers,
        "on_call": shift.on_call,
    }


def _route(route: Route) -> dict[str, object]:
    return {
        "shift": route.shift,
        "legs": [
            {
                "from": leg.origin,
                "to": leg.destination,
                "travel_s": leg.travel_s,
                "distance_m": leg.distance_m,
                "departs": leg.departs,
            }
            for leg in route.legs
        ],
        "stops": [_stop(stop) for stop in route.stops],
        "break": None if route.pause is None else [route.pause.opens, route.pause.closes],
    }


def _stop(met: RouteStop) -> dict[str, object]:
    return {
        "stop": met.stop.id,
        "place": met.stop.name,
        "lon": met.stop.lon,
        "lat": met.stop.lat,
        "arrive": met.arrive,
        "leave": met.leave,
        "window": [met.window.opens, met.window.closes],
        "prize": met.stop.prize,
        "must": met.stop.must,
        "exploration": met.stop.exploration,
        "purpose": met.stop.purpose,
        "reason": _reason(met.stop.reason),
    }


def _reason(message: Message) -> dict[str, object]:
    sentences = {language: Words(language).message(message) for language in LANGUAGES}
    return {"id": message.id, "params": dict(message.params), **sentences}


def _worker(worker: Worker, plan: Plan) -> dict[str, object]:
    return {
        "worker": worker.id,
        "skills": sorted(worker.skills),
        "unavailable": [
            {"first": absence.first, "last": absence.last}
            for absence in plan.absences
            if absence.worker == worker.id
        ],
    }


def _plain(value: Any) -> Any:  # noqa: ANN401 - any value of a plan
    """Return a value as JSON has it: times in ISO 8601 with their offset."""
    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(_plain(part) for part in value)
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, StrEnum):
        return str(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return value
