"""Opening the store: the engine, its safeguards, its transactions, and the migrations."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from data.errors import ContractError
from data.messages import Message

__all__ = ["open_engine", "writing"]

_MIGRATIONS = Path(__file__).with_name("migrations")
#: Any number of our own: who writes to a store on PostgreSQL holds this lock.
_WRITERS: Final = 0x46454E4552


def open_engine(address: str | Path) -> Engine:
    """Return an engine on a migrated store.

    Parameters
    ----------
    address
        A file for SQLite, or a ``postgresql+psycopg://`` address.

    Raises
    ------
    ContractError
        If there is no store and none can be made: no right, no room, no server.
    """
    where = str(address)
    try:
        engine = create_engine(where) if "://" in where else _sqlite(Path(where))
        try:
            _migrate(engine)
        except BaseException:
            engine.dispose()
            raise
    except (OSError, OperationalError) as fault:
        raise ContractError(Message("account.store_unopened")) from fault
    return engine


def _sqlite(path: Path) -> Engine:
    _private(path)
    # A thread of Streamlit comes and goes: a connection each, none kept.
    engine = create_engine(URL.create("sqlite", database=str(path)), poolclass=NullPool)
    event.listen(engine, "connect", _safeguards)
    event.listen(engine, "begin", _begin)
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Begin a transaction beside which nobody else writes, and end it whole or not at all.

    So what it reads first is still true when it writes: two imports, two plans
    or two lines of the audit come one after the other, on both engines.
    """
    with engine.execution_options(writes=True).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITERS})
        yield connection


def _private(path: Path) -> None:
    """Make the file before SQLite does, so that nobody else can ever read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def _safeguards(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own type
    # The driver's own transactions leave out what is read first and every change of a table.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "busy_timeout=15000",
        "journal_mode=WAL",
        "foreign_keys=ON",
        "synchronous=NORMAL",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _migrate(engine: Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    newest = ScriptDirectory.from_config(config).get_current_head()
    with engine.connect() as connection:
        if MigrationContext.configure(connection).get_current_revision() == newest:
            return
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
