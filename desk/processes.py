"""Work in a process of its own, so that a page stays alive and can stop it.

Its folder says what was asked (``request.json``), how far it is (``progress.json``)
and how it ended; the process is a module of the desk started with that folder.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.messages import Message
from data.nouns import Viewer
from data.vocabulary import Role

__all__ = [
    "STARTED",
    "JobState",
    "asked_of",
    "end",
    "launch",
    "state_of",
    "stop_in",
    "tell",
    "viewer_of",
    "viewer_record",
    "write_json",
]

ROOT = Path(__file__).resolve().parents[1]
#: A job of an earlier start of the program that was silent for so long has died with it.
_SILENT_S = 120.0
#: The processes this one has started, by folder.
STARTED: dict[Path, subprocess.Popen[bytes]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class JobState:
    """How far a job is: a fraction from 0 to 1, a sentence, and its end if it came."""

    fraction: float
    message: Message
    ended: bool
    failed: bool


def launch(folder: Path, module: str, request: Mapping[str, object]) -> None:
    """Start a module on a folder with what is asked of it."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    tell(folder, Message("desk.job_started"), 0.0)
    write_json(folder / "request.json", request)
    STARTED[folder] = subprocess.Popen(  # noqa: S603 - our own module, our own arguments
        [sys.executable, "-m", module, str(folder)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def asked_of(folder: Path) -> dict[str, Any]:
    """Return what was asked of a folder's process."""
    record: dict[str, Any] = json.loads((folder / "request.json").read_text(encoding="utf-8"))
    return record


def state_of(folder: Path) -> JobState | None:
    """Return how far a folder's work is, or `None` where none was ever started."""
    path = folder / "progress.json"
    if not path.exists():
        return None
    alive = _alive(folder)  # asked first: what it wrote before it ended is read after
    record = json.loads(path.read_text(encoding="utf-8"))
    if not record["ended"] and not alive:
        record = _record(1.0, Message("desk.job_lost"), ended=True, failed=True)
    return JobState(
        fraction=record["fraction"],
        message=Message(record["id"], record["params"]),
        ended=record["ended"],
        failed=record["failed"],
    )


def stop_in(folder: Path) -> None:
    """Stop a folder's process if it runs."""
    process = STARTED.get(folder)
    if process is not None and process.poll() is None:
        process.terminate()
        process.wait()
        end(folder, Message("desk.job_stopped"), fraction=0.0)


def tell(folder: Path, message: Message, fraction: float) -> None:
    """Leave how far the work is."""
    write_json(folder / "progress.json", _record(fraction, message, ended=False, failed=False))


def end(folder: Path, message: Message, *, failed: bool = False, fraction: float = 1.0) -> None:
    """Leave how the work ended."""
    write_json(folder / "progress.json", _record(fraction, message, ended=True, failed=failed))


def write_json(path: Path, record: Mapping[str, object]) -> None:
    """Replace a file at once, so that a reader never meets half of it; its owner alone reads it."""
    draft = path.with_suffix(f".{os.getpid()}.tmp")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(record), encoding="utf-8")
    draft.replace(path)


def viewer_record(viewer: Viewer) -> dict[str, object]:
    """Return who asks as JSON has them."""
    return {
        "account": viewer.account,
        "name": viewer.name,
        "role": str(viewer.role),
        "municipalities": sorted(viewer.municipalities),
        "teams": sorted(viewer.teams),
    }


def viewer_of(record: Mapping[str, object]) -> Viewer:
    """Return who `viewer_record` was made of."""
    municipalities, teams = record["municipalities"], record["teams"]
    return Viewer(
        account=str(record["account"]),
        name=str(record["name"]),
        role=Role(str(record["role"])),
        municipalities=frozenset(municipalities if isinstance(municipalities, list) else ()),
        teams=frozenset(teams if isinstance(teams, list) else ()),
    )


def _alive(folder: Path) -> bool:
    process = STARTED.get(folder)
    if process is not None:
        return process.poll() is None
    return time.time() - (folder / "progress.json").stat().st_mtime < _SILENT_S


def _record(fraction: float, message: Message, *, ended: bool, failed: bool) -> dict[str, object]:
    params = {k: v if isinstance(v, int | float) else str(v) for k, v in message.params.items()}
    return {
        "fraction": fraction,
        "id": message.id,
        "params": params,
        "ended": ended,
        "failed": failed,
    }
