"""Plans and tables that leave the house: released first, then written whole, then audited."""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from data.access import Action, Purpose, release_plan, require
from data.errors import ContractError, NoRouteError
from data.messages import Message
from data.nouns import TIRANE, Plan, Viewer, Week
from data.streetnet import StreetNetwork
from data.vocabulary import PlanStatus
from desk.cost import plan_cost
from desk.ground import area_of, ground_of
from desk.safety import rhythm_of
from desk.settings import cpu_phone
from desk.wiring import House
from layers.plan_files import plan_files
from layers.words import Words

__all__ = [
    "fit_to_leave",
    "newest_plan",
    "plan_bytes",
    "plan_zip",
    "require_writable",
    "write_drafts",
    "write_file",
    "write_plan",
]

#: What a team takes along.
_FIELD = ("sheets.pdf", "packs/", "routes.gpx")


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
    newest = max(found, key=lambda plan: (plan.status.rank, plan.version))
    return release_plan(viewer, newest, today=datetime.now(TIRANE).date())


def fit_to_leave(plan: Plan) -> bool:
    """Say whether a plan may go to the field on paper or a phone: approved, or invented whole."""
    return plan.status is PlanStatus.APPROVED or plan.marks.synthetic


def plan_bytes(  # noqa: PLR0913 - the plan, who takes it, in which words, on which streets
    house: House,
    viewer: Viewer,
    plan: Plan,
    words: Words,
    *,
    network: StreetNetwork | None = None,
    drafts: bool = False,
) -> dict[str, bytes]:
    """Return every file of a plan that the viewer may have, by its path; the audit gets a line.

    What goes to the field is the approved version: of a draft there is no sheet, no pack and
    no track.

    Parameters
    ----------
    network
        Streets for the little maps; without them those of the plan's municipality.
    drafts
        Make them of a draft as well, where it has just been made to be looked at; they say
        on every page that they are not approved.
    """
    require(viewer, Action.EXPORT_PLAN, plan.municipality)
    released = release_plan(viewer, plan, today=datetime.now(TIRANE).date())
    if network is None and plan.municipality is not None:
        network = ground_of(house, area_of(plan.municipality)).network
    phone = cpu_phone(house, plan.municipality)
    cost = plan_cost(house, viewer, released)
    rhythm = rhythm_of(house, plan.municipality)
    made = plan_files(released, words, network=network, phone=phone, cost=cost, rhythm=rhythm)
    if not drafts and not fit_to_leave(plan):
        made = {name: one for name, one in made.items() if not name.startswith(_FIELD)}
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


def require_writable(folder: Path) -> None:
    """Raise unless something can be written into a folder; nothing is made on the way.

    Raises
    ------
    ContractError
        If it is a file or lies below one, or belongs to somebody else.
    """
    there = next(one for one in (folder, *folder.absolute().parents) if one.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        raise ContractError(Message("desk.unwritable"))


def write_plan(folder: Path, made: Mapping[str, bytes]) -> tuple[Path, ...]:
    """Write a plan's files into a folder; a fault on the way leaves what was there before.

    Packs of an earlier plan in the same folder are taken away: an old round must not be walked.
    Like everything that shows places in clear, the files are their owner's alone.

    Raises
    ------
    ContractError
        If they cannot be written there.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".fener-") as staging:
            new, old = Path(staging) / "new", Path(staging) / "old"
            for name, content in made.items():
                _write_own(new / name, content)
            old.mkdir()
            _exchange(folder, new, old)
    except OSError as fault:
        raise ContractError(Message("desk.unwritable")) from fault
    return tuple(folder / name for name in sorted(made))


def write_drafts(  # noqa: PLR0913, PLR0917 - plans, who takes them, where to, in which words
    house: House,
    viewer: Viewer,
    folder: Path,
    plans: Sequence[Plan],
    words: Words,
    network: StreetNetwork,
) -> dict[Week, int]:
    """Write all files of plans made together, and return how many each week has.

    One plan alone goes into the folder itself, of several each into a folder of its week. All
    are made before the first one is written.

    Raises
    ------
    AccessDeniedError
        If the viewer may not take the plans along.
    ContractError
        If they cannot be written there.
    """
    made = [plan_bytes(house, viewer, one, words, network=network, drafts=True) for one in plans]
    alone = len(plans) == 1
    return {
        one.week: len(write_plan(folder if alone else folder / str(one.week), files))
        for one, files in zip(plans, made, strict=True)
    }


def _write_own(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(content)


def _exchange(folder: Path, new: Path, old: Path) -> None:
    """Put new files and folders in the place of old ones; a fault puts the old ones back."""
    done: list[Path] = []
    try:
        for made in sorted(new.iterdir()):
            target = folder / made.name
            if target.exists():
                if target.is_dir() != made.is_dir():
                    raise FileExistsError(target)
                target.replace(old / made.name)
            done.append(target)
            made.replace(target)
    except OSError:
        for target in done:
            if target.exists():
                target.replace(new / target.name)
            if (old / target.name).exists():
                (old / target.name).replace(target)
        raise


def write_file(house: House, viewer: Viewer, path: Path, content: bytes) -> None:
    """Write one file at once, and say so in the audit.

    Raises
    ------
    ContractError
        If it cannot be written there.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".fener-") as staging:
            _write_own(Path(staging) / path.name, content)
            (Path(staging) / path.name).replace(path)
    except OSError as fault:
        raise ContractError(Message("desk.unwritable")) from fault
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
