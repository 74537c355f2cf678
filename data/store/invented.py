"""The invented data in the tables: written as one, told from what is real, and erased."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Column, Connection, Table, delete, exists, select

from data.store import records, schema
from data.store.version import renew
from data.synthetic import Demo

__all__ = ["add_demo", "all_synthetic", "clear", "is_empty", "is_there"]

#: Made from what is known, or about days and teams alone: it says nothing of the world.
_ABOUT = (schema.PLANS, schema.CALENDAR, schema.LOANS)
#: What is known of the world.
_KNOWN = tuple(
    table
    for table in schema.METADATA.sorted_tables
    if "synthetic" in table.c and table not in _ABOUT
)
#: What real rows stand on: a key, and the columns that name it.
_HELD: dict[Table, tuple[Column[str], tuple[Column[str], ...]]] = {
    schema.PLACES: (
        schema.PLACES.c.place_id,
        (
            schema.CASES.c.place_id,
            schema.VISITS.c.place_id,
            schema.REGISTER.c.place_id,
            schema.REGISTER.c.merged_into,
        ),
    ),
    schema.BASES: (schema.BASES.c.id, (schema.TEAMS.c.base,)),
}


def add_demo(connection: Connection, demo: Demo) -> None:
    """Write the invented data."""
    for noun, frame in demo.frames().items():
        records.upsert(connection, noun, frame)
    records.put_crew(
        connection, bases=demo.bases, workers=demo.workers, teams=demo.teams, synthetic=True
    )
    now = datetime.now(UTC)
    connection.execute(
        schema.UNIT_STATUS.insert(),
        [{**row, "at": now, "synthetic": True} for row in demo.statuses.to_dict("records")],
    )


def is_empty(connection: Connection) -> bool:
    """Say whether nothing at all is known: no place, no case, no visit, nobody who works."""
    return not any(connection.scalar(select(exists().select_from(table))) for table in _KNOWN)


def all_synthetic(connection: Connection) -> bool:
    """Say whether there is data and not one row of it is real."""
    real = (exists().where(table.c.synthetic.is_(False)) for table in _KNOWN)
    return not any(connection.scalar(select(one)) for one in real) and not is_empty(connection)


def is_there(connection: Connection) -> bool:
    """Say whether invented rows are left that `clear` would take away.

    The place of a real case and the base of a real team stay when the others
    go; by themselves they are no demonstration.
    """
    loose = (table for table in _KNOWN if table not in _HELD)
    invented = (exists().where(table.c.synthetic) for table in loose)
    return any(connection.scalar(select(one)) for one in invented) or all_synthetic(connection)


def clear(connection: Connection) -> None:
    """Erase every invented row, and the plans made from them.

    What something real stands on stays and goes on saying that it is invented:
    the place of a real case, visit or decision, the base of a real team.
    """
    people = select(schema.WORKERS.c.id).where(schema.WORKERS.c.synthetic)
    connection.execute(delete(schema.ABSENCES).where(schema.ABSENCES.c.worker.in_(people)))
    connection.execute(delete(schema.WISHES).where(schema.WISHES.c.worker.in_(people)))
    mines = select(schema.PERIMETERS.c.perimeter_id).where(schema.PERIMETERS.c.synthetic)
    connection.execute(delete(schema.SEGMENTS).where(schema.SEGMENTS.c.perimeter_id.in_(mines)))
    for table in reversed((*_KNOWN, *_ABOUT)):
        erased = delete(table).where(table.c.synthetic)
        if table in _HELD:
            key, namers = _HELD[table]
            for namer in namers:
                # One empty name among them, and no key at all would be known not to be there.
                named = select(namer).where(namer.table.c.synthetic.is_(False), namer.is_not(None))
                erased = erased.where(key.not_in(named))
        connection.execute(erased)
    renew(connection)
