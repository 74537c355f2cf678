"""What people wish of their days, one row a person and day."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, Engine, delete, select

from data.duties import Wish
from data.store import schema
from data.store.engine import writing
from data.vocabulary import Wants

__all__ = ["Wishes", "forget_wishes"]


class Wishes:
    """The wishes of the people of a municipality, in and out."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of(self, municipality: str | None = None) -> tuple[Wish, ...]:
        """Return wishes by worker and day."""
        table, people = schema.WISHES, schema.WORKERS
        query = select(table).order_by(table.c.worker, table.c.day)
        if municipality is not None:
            own = select(people.c.id).where(people.c.municipality == municipality)
            query = query.where(table.c.worker.in_(own))
        with self._engine.connect() as connection:
            return tuple(
                Wish(
                    worker=row["worker"],
                    day=date.fromisoformat(row["day"]),
                    wants=Wants(row["wants"]),
                    team=row["team"],
                    weight=row["weight"],
                )
                for row in connection.execute(query).mappings()
            )

    def put(self, wish: Wish) -> None:
        """Keep a wish, instead of the one of that person for that day."""
        row = {
            "worker": wish.worker,
            "day": wish.day.isoformat(),
            "wants": str(wish.wants),
            "team": wish.team,
            "weight": wish.weight,
        }
        with writing(self._engine) as connection:
            _erase(connection, wish)
            connection.execute(schema.WISHES.insert(), row)

    def erase(self, wish: Wish) -> None:
        """Take a wish back."""
        with writing(self._engine) as connection:
            _erase(connection, wish)


def forget_wishes(connection: Connection, worker: str) -> None:
    """Erase the wishes of somebody who is erased."""
    connection.execute(delete(schema.WISHES).where(schema.WISHES.c.worker == worker))


def _erase(connection: Connection, wish: Wish) -> None:
    table = schema.WISHES
    connection.execute(
        delete(table).where(table.c.worker == wish.worker, table.c.day == wish.day.isoformat())
    )
