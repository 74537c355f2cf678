"""The masking key: in a file of its own that only its owner can read, with its epoch."""

from __future__ import annotations

import json
import os
import secrets
import stat
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from data.errors import AccessDeniedError
from data.messages import Message

__all__ = ["MaskKey", "mask_key"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskKey:
    """The secret and the year it serves."""

    key: bytes
    epoch: str


def mask_key(home: Path) -> MaskKey:
    """Return the masking key of a data folder, made where there is none.

    Raises
    ------
    AccessDeniedError
        If others on this machine can read the file.
    """
    path = home / "mask-key.json"
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return _read(path)
    made = MaskKey(key=secrets.token_bytes(32), epoch=str(datetime.now(UTC).year))
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump({"key": made.key.hex(), "epoch": made.epoch}, file)
    return made


def _read(path: Path) -> MaskKey:
    others = stat.S_IRWXG | stat.S_IRWXO
    if os.name == "posix" and path.stat().st_mode & others:
        raise AccessDeniedError(Message("access.key_open"))
    record = json.loads(path.read_text(encoding="utf-8"))
    return MaskKey(key=bytes.fromhex(record["key"]), epoch=record["epoch"])
