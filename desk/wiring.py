"""The one place where the store, the keys and the readers are wired together."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from platformdirs import user_data_path

from data.access import Purpose
from data.errors import ContractError
from data.messages import Message
from data.nouns import Viewer
from data.readers import read_area, read_calendar, read_cases, read_teams, read_visits
from data.readers.streets import read_streets
from data.readers.streets_fetch import fetch_streets
from data.store import Store

__all__ = [
    "House",
    "data_home",
    "fetch_streets",
    "open_house",
    "read_area",
    "read_calendar",
    "read_cases",
    "read_streets",
    "read_teams",
    "read_visits",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """An open store and the folder it lies in."""

    home: Path
    store: Store

    def audit(
        self,
        viewer: Viewer,
        action: str,
        *,
        purpose: Purpose,
        scope: str = "",
        export_sha256: str = "",
    ) -> None:
        """Leave a line in the audit: who did what, for which purpose, on whose ground."""
        self.store.audit.add(
            viewer, action, purpose=purpose, scope=scope, export_sha256=export_sha256
        )


def data_home() -> Path:
    """Return the data folder: ``FENER_HOME``, else the user's own."""
    chosen = os.environ.get("FENER_HOME")
    return Path(chosen) if chosen else user_data_path("fener", appauthor=False)


def open_house(home: Path | None = None) -> House:
    """Open the store in the data folder, made and migrated where needed.

    Raises
    ------
    ContractError
        If the folder cannot be made, or the store not be opened.
    """
    return _open((home or data_home()).resolve())


@lru_cache(maxsize=4)
def _open(home: Path) -> House:
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as fault:
        raise ContractError(Message("account.store_unopened")) from fault
    address = os.environ.get("FENER_STORE", "")
    return House(home=home, store=Store.open(address or home / "fener.sqlite"))
