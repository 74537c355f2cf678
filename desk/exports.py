"""Plans and tables that leave the house: released first, then written whole, then audited."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from data.access import Action, Purpose, release_plan, require
from data.errors import NoRouteError
from data.messages import Message
from data.nouns import TIRANE, Plan, Viewer, Week
from data.streetnet import StreetNetwork
from desk.ground import area_of, ground_of
from desk.settings import cpu_phone
from desk.wiring import House
from layers.plan_files import plan_files
from layers.words import Words

__all__ = ["newest_plan", "plan_bytes", "plan_zip", "write_file", "write_plan"]


def newest_plan(house: House, viewer: Viewer, municipality: str, week: Week) -> Plan:
    """Return a week's approved plan, else its newest draft, as the viewer may have it.

    Raises
    ------
    AccessDeniedError
        If the viewer may not see plans there.
    NoRouteError
        If none was made yet.
    """
    require(viewer, Action.EXPORT_PLAN, municipality)
    found = house.store.plans(municipality, week)
    if not found:
        raise NoRouteError(Message("desk.no_plan"))
    newest = max(found, key=lambda plan: (plan.approved_at is not None, plan.version))
    return release_plan(viewer, newest, today=datetime.now(TIRANE).date())


def plan_bytes(
    house: House,
    viewer: Viewer,
    plan: Plan,
    words: Words,
    *,
    network: StreetNetwork | None = None,
) -> dict[str, bytes]:
    """Return every file of a plan that the viewer may have, by its path; the audit gets a line.

    Parameters
    ----------
    network
        Streets for the little maps; without them those of the plan's municipality.
    """
    require(viewer, Action.EXPORT_PLAN, plan.municipality)
    released = release_plan(viewer, plan, today=datetime.now(TIRANE).date())
    if network is None and plan.municipality is not None:
        network = ground_of(house, area_of(plan.municipality)).network
    phone = cpu_phone(house, plan.municipality)
    made = plan_files(released, words, network=network, phone=phone)
    _audit(house, viewer, "plan.export", plan.municipality or "", made)
    return made


def plan_zip(made: Mapping[str, bytes], only: str = "") -> bytes:
    """Return files as one ZIP; `only` takes those whose path begins so."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(made):
            if name.startswith(only):
                archive.writestr(name, made[name])
    return out.getvalue()


def write_plan(folder: Path, made: Mapping[str, bytes]) -> tuple[Path, ...]:
    """Write a plan's files into a folder; a fault on the way leaves what was there before.

    Packs of an earlier plan in the same folder are taken away: an old round must not be walked.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".fener-") as staging:
        for name, content in made.items():
            path = Path(staging) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        if any(name.startswith("packs/") for name in made):
            shutil.rmtree(folder / "packs", ignore_errors=True)
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
