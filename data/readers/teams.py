"""A file of teams: workers, teams, bases and absences in four sheets, or one CSV of records."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import time
from typing import Any, Final

import numpy as np
import pandas as pd

from data.errors import ContractError
from data.messages import Message
from data.nouns import Absence, Base, Municipality, Team, Worker
from data.readers.codes import parse_id
from data.readers.ground import read_municipalities, read_points
from data.readers.headers import (
    ABSENCE_HEADERS,
    BASE_HEADERS,
    TEAM_HEADERS,
    WORKER_HEADERS,
    Headers,
)
from data.readers.lists import parse_languages, parse_list, parse_skills, parse_weekdays
from data.readers.moments import is_month_first, parse_day, parse_time
from data.readers.numbers import parse_count, parse_real
from data.readers.reading import Field, Reading, Rejection
from data.readers.tables import RawTable, Source, fold, header_key, read_sheets
from data.readers.words import word_of
from data.vocabulary import Sex, TravelMode

__all__ = ["Teams", "read_teams"]

logger = logging.getLogger(__name__)

_SHEETS: Final[Mapping[str, tuple[str, ...]]] = {
    "bases": ("bases", "base", "bazat", "baza"),
    "workers": ("workers", "worker", "punonjesit", "punonjes", "punonjesi"),
    "teams": ("teams", "team", "ekipet", "ekip", "ekipi"),
    "absences": ("absences", "absence", "mungesat", "mungese", "mungesa"),
}
_HEADERS: Final[Mapping[str, tuple[Headers, tuple[str, ...]]]] = {
    "bases": (BASE_HEADERS, ("id", "lon", "lat")),
    "workers": (WORKER_HEADERS, ("id", "skills")),
    "teams": (TEAM_HEADERS, ("id", "base", "start", "end")),
    "absences": (ABSENCE_HEADERS, ("worker", "first")),
}
_LANGUAGES: Final = Field(name="languages", rule="word", empty=frozenset())
_RECORD: Final = ("record", "lloji_i_rreshtit", "rreshti")


@dataclass(frozen=True, kw_only=True)
class Teams:
    """Who works, in which teams, from where, and when not; rows refused name their sheet.

    `rows` holds the number in the file of each of them, by part: ``workers``,
    ``teams``, ``bases``, ``absences``.
    """

    workers: tuple[Worker, ...]
    teams: tuple[Team, ...]
    bases: tuple[Base, ...]
    absences: tuple[Absence, ...]
    rejected: tuple[Rejection, ...] = ()
    rows: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


def read_teams(
    source: Source, filename: str, *, municipalities: Sequence[Municipality] = ()
) -> Teams:
    """Return the workers, teams, bases and absences of a file as ``docs/schema.md`` describes it.

    Parameters
    ----------
    source
        Path of the file, or its bytes.
    filename
        Name of the file.
    municipalities
        The municipalities a row may name.

    Raises
    ------
    ContractError
        If the file cannot be read, or has no sheet (or record) of workers, of
        teams or of bases.
    """
    parts = _parts(read_sheets(source, filename))
    missing = [part for part in ("workers", "teams", "bases") if part not in parts]
    if missing:
        raise ContractError(Message("import.file.parts_missing", {"parts": ", ".join(missing)}))
    rejected: list[Rejection] = []
    rows: dict[str, tuple[int, ...]] = {}

    def read(part: str, build: Callable[[Reading], list[Any]]) -> tuple[Any, ...]:
        if part not in parts:
            return ()
        reading = Reading.of(parts[part], *_HEADERS[part])
        built = build(reading)
        keep = reading.valid
        rejected.extend(replace(found, sheet=part) for found in reading.rejected)
        rows[part] = reading.rows()
        return tuple(noun for noun, good in zip(built, keep, strict=True) if good)

    bases = read("bases", lambda reading: _bases(reading, municipalities))
    workers = read("workers", lambda reading: _workers(reading, municipalities))
    known = {worker.id for worker in workers}
    teams = read(
        "teams",
        lambda reading: _teams(reading, municipalities, {base.id for base in bases}, known),
    )
    absences = read("absences", lambda reading: _absences(reading, known))
    logger.info("teams: %d workers, %d teams, %d refused", len(workers), len(teams), len(rejected))
    return Teams(
        workers=workers,
        teams=teams,
        bases=bases,
        absences=absences,
        rejected=tuple(rejected),
        rows=rows,
    )


def _parts(sheets: Mapping[str, RawTable]) -> dict[str, RawTable]:
    """Return the tables by part: sheets by their name, or the records of a single table."""
    by_name = {name: part for part, names in _SHEETS.items() for name in names}
    parts = {by_name[fold(name)]: table for name, table in sheets.items() if fold(name) in by_name}
    if parts:
        return parts
    table = next(iter(sheets.values()))
    column = next((c for c in table.frame.columns if header_key(c) in _RECORD), None)
    if column is None:
        raise ContractError(Message("import.file.columns_missing", {"columns": "record"}))
    kinds = table.frame[column].map(lambda text: by_name.get(fold(text), ""))
    return {
        part: replace(table, frame=table.frame[kinds == part])
        for part in _SHEETS
        if (kinds == part).any()
    }


def _ids(reading: Reading, name: str = "id", *, unique: bool = True) -> list[str]:
    found = reading.parsed(Field(name=name, rule="id", empty="", required=True), parse_id)
    if unique:
        rule = Message("import.rule.duplicate", {"field": f"@import.field.{name}"})
        reading.reject(pd.Series(found, dtype=object).duplicated().to_numpy(), rule)
    return found


def _bases(reading: Reading, municipalities: Sequence[Municipality]) -> list[Base]:
    ids = _ids(reading)
    points = read_points(reading)
    reading.reject(~points.there, Message("import.rule.both_coordinates"))
    return [
        Base(id=code, name=name or code, municipality=where, lon=float(lon), lat=float(lat))
        for code, name, where, lon, lat in zip(
            ids,
            reading.texts("name"),
            read_municipalities(reading, "municipality", municipalities),
            points.lon,
            points.lat,
            strict=True,
        )
    ]


def _workers(reading: Reading, municipalities: Sequence[Municipality]) -> list[Worker]:
    hours = Field(name="weekly_hours", rule="number", empty=40.0)
    skills = Field(name="skills", rule="word", empty=frozenset(), required=True)
    return [
        Worker(
            id=code,
            name=name or code,
            municipality=where,
            skills=able,
            trained=trained,
            weekly_hours=weekly,
            languages=speaks,
            sex=sex,
            available_days=days,
            available_from=opens,
            available_until=closes,
        )
        for code, name, where, able, trained, weekly, speaks, sex, days, opens, closes in zip(
            _ids(reading),
            reading.texts("name"),
            read_municipalities(reading, "municipality", municipalities),
            reading.parsed(skills, parse_skills),
            reading.flags("trained", empty=True),
            reading.parsed(hours, parse_real),
            reading.parsed(_LANGUAGES, parse_languages),
            reading.parsed(
                Field(name="sex", rule="word", empty=Sex.UNKNOWN), lambda text: word_of(text, Sex)
            ),
            reading.parsed(
                Field(name="available_days", rule="weekdays", empty=tuple(range(7))),
                parse_weekdays,
            ),
            reading.parsed(Field(name="available_from", rule="time"), parse_time),
            reading.parsed(Field(name="available_until", rule="time"), parse_time),
            strict=True,
        )
    ]


def _teams(
    reading: Reading,
    municipalities: Sequence[Municipality],
    bases: set[str],
    workers: set[str],
) -> list[Team]:
    start, end = (
        reading.parsed(Field(name=n, rule="time", empty=time(), required=True), parse_time)
        for n in ("start", "end")
    )
    days = Field(name="weekdays", rule="weekdays", empty=(0, 1, 2, 3, 4))
    rows = zip(
        _ids(reading),
        reading.texts("name"),
        read_municipalities(reading, "municipality", municipalities),
        _known(reading, "base", bases),
        reading.parsed(
            Field(name="mode", rule="word", empty=TravelMode.WALK),
            lambda text: word_of(text, TravelMode),
        ),
        start,
        end,
        reading.parsed(days, parse_weekdays),
        reading.parsed(Field(name="size", rule="count", empty=2), parse_count),
        _members(reading, workers),
        reading.parsed(_LANGUAGES, parse_languages),
        strict=True,
    )
    names = ("id", "name", "municipality", "base", "mode", "start", "end", "weekdays", "size")
    return [
        Team(
            **{
                **dict(zip((*names, "members", "languages"), row, strict=True)),
                "name": row[1] or row[0],
            }
        )
        for row in rows
    ]


def _known(reading: Reading, name: str, ids: set[str]) -> list[str]:
    found = _ids(reading, name, unique=False)
    strange = np.array([code not in ids for code in found])
    reading.reject(strange, Message("import.rule.unknown", {"field": f"@import.field.{name}"}))
    return found


def _members(reading: Reading, workers: set[str]) -> list[tuple[str, ...]]:
    found = reading.parsed(Field(name="members", rule="id", empty=()), parse_list)
    strange = np.array([not workers.issuperset(members) for members in found])
    reading.reject(strange, Message("import.rule.unknown", {"field": "@import.field.members"}))
    return found


def _absences(reading: Reading, workers: set[str]) -> list[Absence]:
    month_first = is_month_first([*reading.texts("first"), *reading.texts("last")])
    first, last = (
        reading.parsed(
            Field(name=name, rule="date", required=name == "first"),
            lambda text: parse_day(text.partition(" ")[0], month_first=month_first),
        )
        for name in ("first", "last")
    )
    last = [b or a for a, b in zip(first, last, strict=True)]
    backwards = [bool(a and b and b < a) for a, b in zip(first, last, strict=True)]
    reading.reject(np.array(backwards), Message("import.rule.absence_order"))
    return [
        Absence(worker=worker, first=a, last=b, kind=kind or "leave")
        for worker, a, b, kind in zip(
            _known(reading, "worker", workers), first, last, reading.texts("kind"), strict=True
        )
    ]
