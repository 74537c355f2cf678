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
    if not path.exists():
        _make(path)
    return _read(path)


def _make(path: Path) -> None:
    """Write a new key whole, or not at all; another process may be faster, and its key stays."""
    record = {"key": secrets.token_hex(32), "epoch": str(datetime.now(UTC).year)}
    draft = path.with_name(f".{path.stem}-{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        json.dump(record, file)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _read(path: Path) -> MaskKey:
    others = stat.S_IRWXG | stat.S_IRWXO
    if os.name == "posix" and path.stat().st_mode & others:
        raise AccessDeniedError(Message("access.key_open"))
    record = json.loads(path.read_text(encoding="utf-8"))
    return MaskKey(key=bytes.fromhex(record["key"]), epoch=record["epoch"])
