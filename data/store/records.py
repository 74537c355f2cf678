"""Frames and nouns in and out of the tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from typing import Any

import pandas as pd
from geopandas import GeoDataFrame
from sqlalchemy import Connection, Table, delete, select, update

from data import frames
from data.crs import EDGE_CRS
from data.frames import Contract
from data.nouns import Absence, Base, Team, Worker
from data.store import schema
from data.store.version import renew
from data.vocabulary import Language, Sex, Skill, TravelMode

__all__ = [
    "CONTRACTS",
    "load_absences",
    "load_bases",
    "load_frame",
    "load_teams",
    "load_workers",
    "put_crew",
    "upsert",
]

#: Which table keeps which frame, its key, and the column that says whose it is.
CONTRACTS: dict[str, tuple[Table, Contract, str, str]] = {
    "places": (schema.PLACES, frames.PLACES, "place_id", "municipality"),
    "cases": (schema.CASES, frames.CASES, "case_code", "municipality_found"),
    "visits": (schema.VISITS, frames.VISITS, "visit_id", "municipality"),
    "perimeters": (schema.PERIMETERS, frames.PERIMETERS, "perimeter_id", "municipality"),
    "segments": (schema.SEGMENTS, frames.SEGMENTS, "segment_id", ""),
}

_BATCH = 400
_DTYPES = {"int": "int64", "float": "float64", "bool": "bool", "text": "object"}


def load_frame(connection: Connection, noun: str, municipality: str | None) -> pd.DataFrame:
    """Return a noun's frame, sorted by its key; of one municipality where one is given."""
    table, contract, key, owner = CONTRACTS[noun]
    query = select(table).order_by(table.c[key])
    if municipality is not None and owner:
        query = query.where(table.c[owner] == municipality)
    rows = [dict(row) for row in connection.execute(query).mappings()]
    if not rows:
        return contract.empty()
    data = {name: _column(rows, name, c.kind) for name, c in contract.columns.items()}
    if contract.geometry is None:
        return contract.check(pd.DataFrame(data))
    return contract.check(
        GeoDataFrame(data, geometry=[row["geometry"] for row in rows], crs=EDGE_CRS)
    )


def _column(rows: Sequence[Mapping[str, Any]], name: str, kind: str) -> pd.Series:
    values = [row[name] for row in rows]
    if kind == "time":
        return pd.Series(pd.to_datetime(values, utc=True)).dt.tz_convert("Europe/Tirane")
    return pd.Series(values, dtype=_DTYPES[kind])


def _records(frame: pd.DataFrame, contract: Contract) -> list[dict[str, Any]]:
    columns = list(contract.columns)
    plain = pd.DataFrame(frame[columns]).astype(object).where(frame[columns].notna(), None)
    empty = {name: "" if c.kind == "text" else None for name, c in contract.columns.items()}
    records = [
        {name: empty[name] if value is None else _value(value) for name, value in row.items()}
        for row in plain.to_dict("records")
    ]
    if contract.geometry is not None:
        for record, shape in zip(records, frame.geometry, strict=True):
            record["geometry"] = None if shape is None or shape.is_empty else shape
    return records


def _value(value: Any) -> Any:  # noqa: ANN401 - any column's value
    return value.to_pydatetime(warn=False) if isinstance(value, pd.Timestamp) else value


def upsert(connection: Connection, noun: str, frame: pd.DataFrame) -> tuple[int, int]:
    """Write a frame's rows by their key; return how many were new and how many changed."""
    table, contract, key, _ = CONTRACTS[noun]
    records = _records(frame, contract)
    n_new = n_changed = 0
    for start in range(0, len(records), _BATCH):
        batch = records[start : start + _BATCH]
        codes = [record[key] for record in batch]
        query = select(table).where(table.c[key].in_(codes))
        known = {row[key]: dict(row) for row in connection.execute(query).mappings()}
        fresh = [r for r in batch if r[key] not in known]
        changed = [r for r in batch if r[key] in known and _differs(r, known[r[key]])]
        if fresh:
            connection.execute(table.insert(), fresh)
        for record in changed:  # never erased and written anew: other rows may stand on it
            connection.execute(update(table).where(table.c[key] == record[key]).values(record))
        n_new, n_changed = n_new + len(fresh), n_changed + len(changed)
    if n_new or n_changed:
        renew(connection)
    return n_new, n_changed


def _differs(record: Mapping[str, Any], known: Mapping[str, Any]) -> bool:
    return any(_plain(value) != _plain(known[name]) for name, value in record.items())


def _plain(value: Any) -> Any:  # noqa: ANN401 - any column's value
    return value.wkb if hasattr(value, "wkb") else value


def load_bases(connection: Connection, municipality: str | None) -> tuple[Base, ...]:
    """Return bases by id."""
    return tuple(
        Base(id=r["id"], name=r["name"], municipality=r["municipality"], lon=r["lon"], lat=r["lat"])
        for r in _rows(connection, schema.BASES, municipality)
    )


def load_workers(connection: Connection, municipality: str | None) -> tuple[Worker, ...]:
    """Return workers by id."""
    return tuple(
        Worker(
            id=r["id"],
            name=r["name"],
            municipality=r["municipality"],
            skills=frozenset(Skill(word) for word in r["skills"].split()),
            trained=r["trained"],
            weekly_hours=r["weekly_hours"],
            languages=frozenset(Language(word) for word in r["languages"].split()),
            sex=Sex(r["sex"]),
            available_days=tuple(int(day) for day in r["available_days"].split()),
            available_from=_time(r["available_from"]),
            available_until=_time(r["available_until"]),
        )
        for r in _rows(connection, schema.WORKERS, municipality)
    )


def load_teams(connection: Connection, municipality: str | None) -> tuple[Team, ...]:
    """Return teams by id."""
    return tuple(
        Team(
            id=r["id"],
            name=r["name"],
            municipality=r["municipality"],
            base=r["base"],
            mode=TravelMode(r["mode"]),
            start=time.fromisoformat(r["start"]),
            end=time.fromisoformat(r["end"]),
            weekdays=tuple(int(day) for day in r["weekdays"].split()),
            size=r["size"],
            members=tuple(r["members"].split()),
            languages=frozenset(Language(word) for word in r["languages"].split()),
        )
        for r in _rows(connection, schema.TEAMS, municipality)
    )


def _time(text: str) -> time | None:
    return time.fromisoformat(text) if text else None


def _clock(moment: time | None) -> str:
    return "" if moment is None else moment.isoformat("minutes")


def load_absences(connection: Connection, municipality: str | None) -> tuple[Absence, ...]:
    """Return absences by worker and first day."""
    people = {worker.id for worker in load_workers(connection, municipality)}
    query = select(schema.ABSENCES).order_by(schema.ABSENCES.c.worker, schema.ABSENCES.c.first)
    return tuple(
        Absence(
            worker=r["worker"],
            first=date.fromisoformat(r["first"]),
            last=date.fromisoformat(r["last"]),
            kind=r["kind"],
        )
        for r in connection.execute(query).mappings()
        if r["worker"] in people
    )


def _rows(
    connection: Connection, table: Table, municipality: str | None
) -> Iterable[Mapping[str, Any]]:
    query = select(table).order_by(table.c.id)
    if municipality is not None:
        query = query.where(table.c.municipality == municipality)
    return [dict(row) for row in connection.execute(query).mappings()]


def put_crew(  # noqa: PLR0913 - one argument a kind of record
    connection: Connection,
    *,
    bases: Iterable[Base] = (),
    workers: Iterable[Worker] = (),
    teams: Iterable[Team] = (),
    absences: Iterable[Absence] = (),
    synthetic: bool = False,
) -> None:
    """Write bases, workers, teams and absences by their ids."""
    for base in bases:
        _put(connection, schema.BASES, {**_fields(base), "synthetic": synthetic})
    for worker in workers:
        row = {
            **_fields(worker),
            "skills": " ".join(sorted(worker.skills)),
            "languages": " ".join(sorted(worker.languages)),
            "sex": str(worker.sex),
            "available_days": " ".join(str(day) for day in worker.available_days),
            "available_from": _clock(worker.available_from),
            "available_until": _clock(worker.available_until),
            "synthetic": synthetic,
        }
        _put(connection, schema.WORKERS, row)
    for team in teams:
        row = {
            **_fields(team),
            "mode": str(team.mode),
            "start": team.start.isoformat("minutes"),
            "end": team.end.isoformat("minutes"),
            "weekdays": " ".join(str(day) for day in team.weekdays),
            "members": " ".join(team.members),
            "languages": " ".join(sorted(team.languages)),
            "synthetic": synthetic,
        }
        _put(connection, schema.TEAMS, row)
    for absence in absences:
        row = {
            "worker": absence.worker,
            "first": absence.first.isoformat(),
            "last": absence.last.isoformat(),
            "kind": absence.kind,
        }
        table = schema.ABSENCES
        connection.execute(
            delete(table).where(table.c.worker == row["worker"], table.c.first == row["first"])
        )
        connection.execute(table.insert(), row)


def _fields(noun: Base | Worker | Team) -> dict[str, Any]:
    record = {name: getattr(noun, name) for name in noun.__slots__}
    return {**record, "municipality": record["municipality"] or ""}


def _put(connection: Connection, table: Table, row: Mapping[str, Any]) -> None:
    known = connection.execute(select(table.c.id).where(table.c.id == row["id"])).first()
    if known is None:
        connection.execute(table.insert(), dict(row))
    else:
        connection.execute(table.update().where(table.c.id == row["id"]).values(**row))
