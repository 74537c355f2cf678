"""What teams say while they are out: that they are well, and which stops they passed by and why.

A check-in is a time and never a place, and it is let go after a month: it is
there to find a team that does not answer, not to watch one.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Delete, Engine, delete, select

from data.fieldwork import CheckIn, Skip
from data.nouns import TIRANE
from data.store.engine import writing
from data.store.schema import CHECK_INS, SKIPS
from data.vocabulary import CheckInState, SkipReason

__all__ = ["Fieldwork"]

#: For so long a check-in is kept.
KEPT: Final = timedelta(days=30)


class Fieldwork:
    """The check-ins and passed-by stops of one store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def check_ins(self, municipality: str, *, since: datetime) -> tuple[CheckIn, ...]:
        """Return a municipality's check-ins from a moment on, the oldest first."""
        query = (
            select(CHECK_INS)
            .where(CHECK_INS.c.municipality == municipality, CHECK_INS.c.at >= since)
            .order_by(CHECK_INS.c.at, CHECK_INS.c.shift, CHECK_INS.c.state)
        )
        with self._engine.connect() as connection:
            return tuple(
                CheckIn(
                    shift=row["shift"],
                    team=row["team"],
                    municipality=row["municipality"],
                    at=row["at"].astimezone(TIRANE),
                    state=CheckInState(row["state"]),
                )
                for row in connection.execute(query).mappings()
            )

    def check_in(self, check_in: CheckIn, *, synthetic: bool = False) -> None:
        """Keep a check-in, and let go of those of more than a month before it."""
        row = {name: getattr(check_in, name) for name in check_in.__slots__}
        row |= {"state": str(check_in.state), "synthetic": synthetic}
        same = [CHECK_INS.c[name] == row[name] for name in ("shift", "at", "state")]
        with writing(self._engine) as connection:
            connection.execute(delete(CHECK_INS).where(CHECK_INS.c.at < check_in.at - KEPT))
            connection.execute(delete(CHECK_INS).where(*same))
            connection.execute(CHECK_INS.insert(), row)

    def skips(self, municipality: str | None = None) -> tuple[Skip, ...]:
        """Return the stops that were passed by, the oldest first."""
        query = select(SKIPS).order_by(SKIPS.c.at, SKIPS.c.shift, SKIPS.c.place_id)
        if municipality is not None:
            query = query.where(SKIPS.c.municipality == municipality)
        with self._engine.connect() as connection:
            return tuple(
                Skip(
                    shift=row["shift"],
                    team=row["team"],
                    municipality=row["municipality"],
                    place_id=row["place_id"],
                    at=row["at"].astimezone(TIRANE),
                    reason=SkipReason(row["reason"]),
                )
                for row in connection.execute(query).mappings()
            )

    def skip(self, skip: Skip, *, synthetic: bool = False) -> None:
        """Keep that a stop was passed by; said twice, the last reason stands."""
        row = {name: getattr(skip, name) for name in skip.__slots__}
        row |= {"reason": str(skip.reason), "synthetic": synthetic}
        with writing(self._engine) as connection:
            connection.execute(_one(skip.shift, skip.place_id))
            connection.execute(SKIPS.insert(), row)

    def take_back_skip(self, shift: str, place_id: str) -> None:
        """Take back that a stop was passed by."""
        with writing(self._engine) as connection:
            connection.execute(_one(shift, place_id))


def _one(shift: str, place_id: str) -> Delete:
    return delete(SKIPS).where(SKIPS.c.shift == shift, SKIPS.c.place_id == place_id)
