"""A mark that changes whenever places, their register, cases, visits or perimeters do.

Who keeps a view of them asks for the mark first: while it is the same, so is the view.
"""

from __future__ import annotations

import secrets

from sqlalchemy import Connection, delete, select

from data.store.schema import SETTINGS

__all__ = ["renew", "version"]

#: The setting that keeps the mark.
_KEY = "known.version"


def renew(connection: Connection) -> None:
    """Change the mark in the transaction that changes what is known."""
    connection.execute(delete(SETTINGS).where(SETTINGS.c.key == _KEY))
    connection.execute(SETTINGS.insert(), {"key": _KEY, "value": secrets.token_hex(8)})


def version(connection: Connection) -> str:
    """Return the mark; it is empty while nothing was ever written."""
    return connection.scalar(select(SETTINGS.c.value).where(SETTINGS.c.key == _KEY)) or ""
