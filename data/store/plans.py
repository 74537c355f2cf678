"""Plans as JSON and back, without loss."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from typing import Any

from data.changes import Change, Spot
from data.duties import Duty
from data.messages import Message
from data.nouns import (
    Absence,
    Base,
    LeftOut,
    Leg,
    Marks,
    Pace,
    Plan,
    Route,
    RouteStop,
    Shift,
    Stop,
    Team,
    TimeWindow,
    Week,
    Worker,
)
from data.vocabulary import (
    ChangeKind,
    DutyKind,
    Language,
    PlaceKind,
    PlanStatus,
    Sex,
    Skill,
    TravelMode,
    VisitPurpose,
)

__all__ = ["plan_from_json", "plan_to_json"]

_NOUNS = {
    kind.__name__: kind
    for kind in (
        Absence,
        Base,
        Change,
        Duty,
        LeftOut,
        Leg,
        Marks,
        Pace,
        Plan,
        Route,
        RouteStop,
        Shift,
        Spot,
        Stop,
        Team,
        TimeWindow,
        Week,
        Worker,
    )
}
_WORDS = {
    kind.__name__: kind
    for kind in (
        ChangeKind,
        DutyKind,
        Language,
        PlaceKind,
        PlanStatus,
        Sex,
        Skill,
        TravelMode,
        VisitPurpose,
    )
}
_TIMES: dict[str, Callable[[str], object]] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
}


def plan_to_json(plan: Plan) -> str:
    """Return a plan as JSON: every noun names its kind."""
    return json.dumps(_packed(plan), ensure_ascii=False, separators=(",", ":"))


def plan_from_json(text: str) -> Plan:
    """Return the plan that `plan_to_json` wrote."""
    plan = _unpacked(json.loads(text))
    if not isinstance(plan, Plan):
        msg = "this is not a plan"
        raise TypeError(msg)
    return plan


def _packed(value: Any) -> Any:  # noqa: ANN401, PLR0911 - one line a kind of value
    if isinstance(value, Message):
        return {"~": "Message", "id": value.id, "params": _packed(dict(value.params))}
    if is_dataclass(value) and not isinstance(value, type):
        return {
            "~": type(value).__name__,
            **{f.name: _packed(getattr(value, f.name)) for f in fields(value)},
        }
    if type(value).__name__ in _WORDS:
        return {"~": type(value).__name__, "word": str(value)}
    if isinstance(value, datetime | date | time):
        return {"~": type(value).__name__, "iso": value.isoformat()}
    if isinstance(value, tuple | list):
        return [_packed(item) for item in value]
    if isinstance(value, frozenset | set):
        return {"~": "frozenset", "items": [_packed(item) for item in sorted(value)]}
    if hasattr(value, "items"):
        plain = {str(key): _packed(item) for key, item in value.items()}
        # A key of ours in somebody's mapping must not be taken for a kind.
        return {"~": "mapping", "items": list(map(list, plain.items()))} if "~" in plain else plain
    return value


def _unpacked(value: Any) -> Any:  # noqa: ANN401, PLR0911 - one line a kind of value
    if isinstance(value, list):
        return tuple(_unpacked(item) for item in value)
    if not isinstance(value, dict):
        return value
    kind = value.get("~")
    if kind is None:
        return {key: _unpacked(item) for key, item in value.items()}
    if kind == "Message":
        return Message(value["id"], _unpacked(value["params"]))
    if kind == "mapping":
        return {key: _unpacked(item) for key, item in value["items"]}
    if kind == "frozenset":
        return frozenset(_unpacked(item) for item in value["items"])
    if kind in _WORDS:
        return _WORDS[kind](value["word"])
    if kind in _TIMES:
        return _TIMES[kind](value["iso"])
    return _NOUNS[kind](**{name: _unpacked(item) for name, item in value.items() if name != "~"})
