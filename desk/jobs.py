"""Plans are solved in a process of their own, so that the page stays alive and can stop them.

A job is a folder with what was asked (``request.json``), how far it is
(``progress.json``) and how it ended; the process is this module started again.
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

from data.access import Action, require
from data.errors import HouseError
from data.messages import Message
from data.nouns import Viewer, Week
from data.vocabulary import Role
from desk.choices import PlanChoices
from desk.ground import area_of
from desk.planning import PlanRequest, plan_week
from desk.wiring import House, open_house

__all__ = ["JobState", "start", "state", "stop"]

ROOT = Path(__file__).resolve().parents[1]
#: A job of an earlier start of the program that was silent for so long has died with it.
_SILENT_S = 120.0
#: The processes this one has started, by folder.
_STARTED: dict[Path, subprocess.Popen[bytes]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class JobState:
    """How far a job is: a fraction from 0 to 1, a sentence, and its end if it came."""

    fraction: float
    message: Message
    ended: bool
    failed: bool


def _folder(house: House, municipality: str, week: Week) -> Path:
    return house.home / "jobs" / f"{municipality}-{week}"


def start(
    house: House, viewer: Viewer, municipality: str, week: Week, choices: PlanChoices
) -> None:
    """Start solving a week for a municipality unless that is already under way.

    Raises
    ------
    AccessDeniedError
        If the viewer may not plan there.
    """
    require(viewer, Action.PLAN, municipality)
    now = state(house, municipality, week)
    if now is not None and not now.ended:
        return
    folder = _folder(house, municipality, week)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _write(folder / "progress.json", _record(0.0, Message("desk.job_started"), ended=False))
    request = {
        "home": str(house.home),
        "municipality": municipality,
        "week": str(week),
        "choices": choices.record(),
        "viewer": _as_record(viewer),
    }
    _write(folder / "request.json", request)
    _STARTED[folder] = subprocess.Popen(  # noqa: S603 - our own module, our own arguments
        [sys.executable, "-m", "desk.jobs", str(folder)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def state(house: House, municipality: str, week: Week) -> JobState | None:
    """Return how far the week's job is, or `None` where none was ever started."""
    folder = _folder(house, municipality, week)
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


def stop(house: House, viewer: Viewer, municipality: str, week: Week) -> None:
    """Stop the week's job; what was kept before stays as it was."""
    require(viewer, Action.PLAN, municipality)
    folder = _folder(house, municipality, week)
    process = _STARTED.get(folder)
    if process is not None and process.poll() is None:
        process.terminate()
        process.wait()
        _write(folder / "progress.json", _record(0.0, Message("desk.job_stopped"), ended=True))


def _alive(folder: Path) -> bool:
    process = _STARTED.get(folder)
    if process is not None:
        return process.poll() is None
    return time.time() - (folder / "progress.json").stat().st_mtime < _SILENT_S


def _record(
    fraction: float, message: Message, *, ended: bool, failed: bool = False
) -> dict[str, object]:
    params = {k: v if isinstance(v, int | float) else str(v) for k, v in message.params.items()}
    return {
        "fraction": fraction,
        "id": message.id,
        "params": params,
        "ended": ended,
        "failed": failed,
    }


def _write(path: Path, record: Mapping[str, object]) -> None:
    """Replace a file at once, so that a reader never meets half of it."""
    draft = path.with_suffix(f".{os.getpid()}.tmp")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(record), encoding="utf-8")
    draft.replace(path)


def _as_record(viewer: Viewer) -> dict[str, object]:
    return {
        "account": viewer.account,
        "name": viewer.name,
        "role": str(viewer.role),
        "municipalities": sorted(viewer.municipalities),
        "teams": sorted(viewer.teams),
    }


def _viewer(record: Mapping[str, object]) -> Viewer:
    municipalities, teams = record["municipalities"], record["teams"]
    return Viewer(
        account=str(record["account"]),
        name=str(record["name"]),
        role=Role(str(record["role"])),
        municipalities=frozenset(municipalities if isinstance(municipalities, list) else ()),
        teams=frozenset(teams if isinstance(teams, list) else ()),
    )


def _solve(folder: Path) -> None:
    """Do the job of a folder, leaving how far it is as it goes."""
    asked = json.loads((folder / "request.json").read_text(encoding="utf-8"))
    began = time.monotonic()

    def tell(message: Message, fraction: float) -> None:
        _write(folder / "progress.json", _record(fraction, message, ended=False))

    choices = PlanChoices.of(asked["choices"])
    request = PlanRequest(
        area=area_of(asked["municipality"]),
        week=Week.parse(asked["week"]),
        weeks=choices.weeks,
        seed=choices.seed,
        settings=choices.settings(),
    )
    try:
        plan_week(open_house(Path(asked["home"])), _viewer(asked["viewer"]), request, progress=tell)
    except HouseError as fault:
        end = _record(1.0, fault.message, ended=True, failed=True)
    else:
        took = max(round(time.monotonic() - began), 1)
        end = _record(1.0, Message("desk.job_done", {"n": took}), ended=True)
    _write(folder / "progress.json", end)


if __name__ == "__main__":
    _solve(Path(sys.argv[1]))
