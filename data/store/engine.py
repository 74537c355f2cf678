"""Opening the store: the engine, its safeguards, and the migrations."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.pool import NullPool

__all__ = ["open_engine"]

_MIGRATIONS = Path(__file__).with_name("migrations")


def open_engine(address: str | Path) -> Engine:
    """Return an engine on a migrated store.

    Parameters
    ----------
    address
        A file for SQLite, or a ``postgresql+psycopg://`` address.
    """
    text = str(address)
    if "://" in text:
        engine = create_engine(text)
    else:
        _private(Path(text))
        # A thread of Streamlit comes and goes: a connection each, none kept.
        engine = create_engine(f"sqlite:///{text}", poolclass=NullPool)
        event.listen(engine, "connect", _safeguards)
    _migrate(engine)
    return engine


def _private(path: Path) -> None:
    """Make the file before SQLite does, so that nobody else can ever read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def _safeguards(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own type
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "foreign_keys=ON",
        "busy_timeout=15000",
        "synchronous=NORMAL",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _migrate(engine: Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    newest = ScriptDirectory.from_config(config).get_current_head()
    with engine.connect() as connection:
        if MigrationContext.configure(connection).get_current_revision() == newest:
            return
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
