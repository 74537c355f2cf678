"""The audit: append-only, each line chained to the one before by its hash.

A line says who, in which role, did what, for which purpose, on whose ground.
It holds no name of a child, no case and no coordinate. The number and hash of
the last line are kept beside the chain, so that lines cut off its end are missed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, delete, select

from data.access import Purpose
from data.nouns import Viewer
from data.store.engine import writing
from data.store.schema import AUDIT, SETTINGS

__all__ = ["Audit", "AuditLine"]

_FIRST = "0" * 64
#: The setting that keeps the number and hash of the last line.
_END = "audit.end"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLine:
    """One line."""

    id: int
    at: datetime
    account: str
    role: str
    action: str
    purpose: str
    scope: str
    export_sha256: str


class Audit:
    """The audit of one store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(
        self,
        viewer: Viewer,
        action: str,
        *,
        purpose: Purpose,
        scope: str = "",
        export_sha256: str = "",
    ) -> None:
        """Append a line."""
        account = f"{viewer.account} (operator)" if viewer.is_operator else viewer.account
        row = {
            "at": datetime.now(UTC).replace(microsecond=0),
            "account": account,
            "role": str(viewer.role),
            "action": action,
            "purpose": str(purpose),
            "scope": scope,
            "export_sha256": export_sha256,
        }
        with writing(self._engine) as connection:
            number, previous = max(_end(connection), _last(connection))
            chained = {**row, "id": number + 1, "previous": previous}
            digest = _hash(chained)
            connection.execute(AUDIT.insert(), {**chained, "hash": digest})
            connection.execute(delete(SETTINGS).where(SETTINGS.c.key == _END))
            end = {"key": _END, "value": f"{number + 1} {digest}"}
            connection.execute(SETTINGS.insert(), end)

    def last(self, n: int) -> tuple[AuditLine, ...]:
        """Return the last lines, the newest first."""
        query = select(AUDIT).order_by(AUDIT.c.id.desc()).limit(n)
        with self._engine.connect() as connection:
            rows = connection.execute(query).mappings().all()
        return tuple(AuditLine(**{name: row[name] for name in AuditLine.__slots__}) for row in rows)

    def first_broken(self) -> int | None:
        """Return the number of the first line that was changed or is gone, or `None`."""
        previous, number = _FIRST, 0
        with self._engine.connect() as connection:
            for row in connection.execute(select(AUDIT).order_by(AUDIT.c.id)).mappings():
                record = {name: row[name] for name in row if name != "hash"}
                if (
                    row["id"] != number + 1
                    or row["previous"] != previous
                    or row["hash"] != _hash(record)
                ):
                    return number + 1
                previous, number = row["hash"], number + 1
            whole = _end(connection) == (number, previous)
        return None if whole else number + 1


def _end(connection: Connection) -> tuple[int, str]:
    """Return the number and hash that the last line was written with."""
    kept = connection.scalar(select(SETTINGS.c.value).where(SETTINGS.c.key == _END))
    if kept is None:
        return 0, _FIRST
    number, _, digest = kept.partition(" ")
    return int(number), digest


def _last(connection: Connection) -> tuple[int, str]:
    """Return the number and hash of the last line there is."""
    newest = select(AUDIT.c.id, AUDIT.c.hash).order_by(AUDIT.c.id.desc()).limit(1)
    row = connection.execute(newest).first()
    return (0, _FIRST) if row is None else (row.id, row.hash)


def _hash(record: dict[str, object]) -> str:
    at = record["at"]
    if isinstance(at, datetime):
        at = at.astimezone(UTC).isoformat()
    names = ("id", "account", "role", "action", "purpose", "scope", "export_sha256", "previous")
    parts = [str(at), *(str(record[name]) for name in names)]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
