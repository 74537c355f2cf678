"""One column type for moments: aware in, UTC in the table, aware in UTC out, on both engines.

SQLite keeps no zone and PostgreSQL answers in the server's; neither is left to chance.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import DateTime, Dialect
from sqlalchemy.types import TypeDecorator

__all__ = ["Moment"]


class Moment(TypeDecorator[datetime]):
    """A moment in time, `None` where there is none; one without a zone is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Hand the moment over in UTC."""
        del dialect
        if value is not None and value.tzinfo is None:
            msg = "a moment needs its zone"
            raise ValueError(msg)
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Fetch the moment in UTC."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
