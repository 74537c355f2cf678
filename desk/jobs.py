"""Plans are solved in a process of their own (`desk.processes`); this module is that process."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from data.access import Action, require
from data.errors import HouseError
from data.messages import Message
from data.nouns import Viewer, Week
from desk import processes
from desk.choices import PlanChoices
from desk.ground import area_of
from desk.planning import PlanRequest, plan_week
from desk.processes import JobState
from desk.wiring import House, open_house

__all__ = ["JobState", "asked", "start", "state", "stop"]


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
    request = {
        "home": str(house.home),
        "municipality": municipality,
        "week": str(week),
        "choices": choices.record(),
        "viewer": processes.viewer_record(viewer),
    }
    processes.launch(_folder(house, municipality, week), "desk.jobs", request)


def state(house: House, municipality: str, week: Week) -> JobState | None:
    """Return how far the week's job is, or `None` where none was ever started."""
    return processes.state_of(_folder(house, municipality, week))


def asked(house: House, municipality: str, week: Week) -> PlanChoices:
    """Return the choices with which the week's job was started; the usual ones without a job."""
    folder = _folder(house, municipality, week)
    if not (folder / "request.json").exists():
        return PlanChoices()
    return PlanChoices.of(processes.asked_of(folder)["choices"])


def stop(house: House, viewer: Viewer, municipality: str, week: Week) -> None:
    """Stop the week's job; what was kept before stays as it was."""
    require(viewer, Action.PLAN, municipality)
    processes.stop_in(_folder(house, municipality, week))


def _solve(folder: Path) -> None:
    """Do the job of a folder, leaving how far it is as it goes."""
    asked = processes.asked_of(folder)
    began = time.monotonic()

    def tell(message: Message, fraction: float) -> None:
        processes.tell(folder, message, fraction)

    choices = PlanChoices.of(asked["choices"])
    request = PlanRequest(
        area=area_of(asked["municipality"]),
        week=Week.parse(asked["week"]),
        weeks=choices.weeks,
        seed=choices.seed,
        settings=choices.settings(),
    )
    viewer = processes.viewer_of(asked["viewer"])
    try:
        plan_week(open_house(Path(asked["home"])), viewer, request, progress=tell)
    except HouseError as fault:
        processes.end(folder, fault.message, failed=True)
    else:
        took = max(round(time.monotonic() - began), 1)
        processes.end(folder, Message("desk.job_done", {"n": took}))


if __name__ == "__main__":
    _solve(Path(sys.argv[1]))
