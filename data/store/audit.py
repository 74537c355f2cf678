"""The audit: append-only, each line chained to the one before by its hash.

A line says who, in which role, did what, for which purpose, on whose ground.
It holds no name of a child, no case and no coordinate.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, select, text

from data.access import Purpose
from data.nouns import Viewer
from data.store.schema import AUDIT

__all__ = ["Audit", "AuditLine"]

_FIRST = "0" * 64


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
        with self._engine.begin() as connection:
            _lock(connection)
            last = connection.execute(
                select(AUDIT.c.id, AUDIT.c.hash).order_by(AUDIT.c.id.desc()).limit(1)
            ).first()
            number, previous = (1, _FIRST) if last is None else (last.id + 1, last.hash)
            chained = {**row, "id": number, "previous": previous}
            connection.execute(AUDIT.insert(), {**chained, "hash": _hash(chained)})

    def last(self, n: int) -> tuple[AuditLine, ...]:
        """Return the last lines, the newest first."""
        query = select(AUDIT).order_by(AUDIT.c.id.desc()).limit(n)
        with self._engine.connect() as connection:
            rows = connection.execute(query).mappings().all()
        return tuple(AuditLine(**{name: row[name] for name in AuditLine.__slots__}) for row in rows)

    def first_broken(self) -> int | None:
        """Return the number of the first line that was changed or whose predecessor is gone."""
        previous, expected = _FIRST, 1
        with self._engine.connect() as connection:
            for row in connection.execute(select(AUDIT).order_by(AUDIT.c.id)).mappings():
                record = {name: row[name] for name in row if name != "hash"}
                if (
                    row["id"] != expected
                    or row["previous"] != previous
                    or row["hash"] != _hash(record)
                ):
                    return expected
                previous, expected = row["hash"], expected + 1
        return None


def _lock(connection: Connection) -> None:
    """Let one writer append at a time, so that the chain never forks."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE audit IN EXCLUSIVE MODE"))
    else:
        connection.execute(text("UPDATE settings SET value = value WHERE key = 'audit'"))


def _hash(record: dict[str, object]) -> str:
    at = record["at"]
    if isinstance(at, datetime):
        at = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    names = ("id", "account", "role", "action", "purpose", "scope", "export_sha256", "previous")
    parts = [str(at), *(str(record[name]) for name in names)]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
