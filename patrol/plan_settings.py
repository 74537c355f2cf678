"""The settings of a plan as it keeps them, back as the settings they were."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

from patrol.task import PlanSettings

__all__ = ["plan_settings"]


def plan_settings(record: Mapping[str, object]) -> PlanSettings:
    """Return what `dataclasses.asdict` wrote of a plan's settings, also after a way as JSON.

    What the record does not name has its default: an older plan knew fewer settings.
    """
    return cast("PlanSettings", _made(PlanSettings, record))


def _made(kind: Any, value: Any) -> Any:  # noqa: ANN401 - a type as annotations have it, and its value
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        known = {f.name for f in fields(kind)} & set(value)
        made = {name: _made(hints[name], value[name]) for name in sorted(known)}
        return cast("Any", kind)(**made)
    if get_origin(kind) is tuple:
        return tuple(_made(one, part) for one, part in _parts(get_args(kind), value))
    if get_origin(kind) in {Union, UnionType}:
        return None if value is None else _made(_only(get_args(kind)), value)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind(value)
    return value


def _parts(kinds: tuple[Any, ...], values: Any) -> list[tuple[Any, Any]]:  # noqa: ANN401 - as above
    if len(kinds) == 2 and kinds[1] is Ellipsis:  # noqa: PLR2004 - tuple[kind, ...]
        return [(kinds[0], value) for value in values]
    return list(zip(kinds, values, strict=True))


def _only(kinds: tuple[Any, ...]) -> Any:  # noqa: ANN401 - as above
    return next(kind for kind in kinds if kind is not NoneType)
