"""Plans and tables that leave the house: released first, then written whole, then audited."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from data.access import Action, Purpose, release_plan, require
from data.errors import NoRouteError
from data.messages import Message
from data.nouns import TIRANE, Plan, Viewer, Week
from desk.ground import area_of, ground_of
from desk.settings import cpu_phone
from desk.wiring import House
from layers.plan_files import plan_files

__all__ = ["newest_plan", "plan_bytes", "write_file", "write_plan"]


def newest_plan(house: House, municipality: str, week: Week) -> Plan:
    """Return the newest version of a week's plan, the approved one before a draft.

    Raises
    ------
    NoRouteError
        If none was made yet.
    """
    found = house.store.plans(municipality, week)
    if not found:
        raise NoRouteError(Message("desk.no_plan"))
    return max(found, key=lambda plan: (plan.approved_at is not None, plan.version))


def plan_bytes(house: House, viewer: Viewer, plan: Plan) -> dict[str, bytes]:
    """Return every file of a plan that the viewer may have, by its path; the audit gets a line."""
    require(viewer, Action.EXPORT_PLAN, plan.municipality)
    released = release_plan(viewer, plan, today=datetime.now(TIRANE).date())
    network = None
    if plan.municipality is not None:
        network = ground_of(house, area_of(plan.municipality)).network
    made = plan_files(released, network=network, phone=cpu_phone(house, plan.municipality))
    _audit(house, viewer, "plan.export", plan.municipality or "", made)
    return made


def write_plan(
    house: House, viewer: Viewer, plan: Plan, folder: Path, *, only: str = ""
) -> tuple[Path, ...]:
    """Write a plan's files into a folder, all of them or none; return what was written."""
    made = {k: v for k, v in plan_bytes(house, viewer, plan).items() if k.startswith(only)}
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".fener-") as staging:
        for name, content in made.items():
            path = Path(staging) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        for name in made:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (Path(staging) / name).replace(folder / name)
    return tuple(folder / name for name in sorted(made))


def write_file(house: House, viewer: Viewer, path: Path, content: bytes) -> None:
    """Write one file at once, and say so in the audit."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".fener-")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(name).replace(path)
    _audit(house, viewer, "file.export", "", {path.name: content})


def _audit(
    house: House, viewer: Viewer, action: str, scope: str, made: Mapping[str, bytes]
) -> None:
    whole = hashlib.sha256()
    for name in sorted(made):
        whole.update(name.encode() + b"\0" + made[name])
    house.audit(
        viewer, action, purpose=Purpose.EXPORT, scope=scope, export_sha256=whole.hexdigest()
    )
