"""What if: scenarios of a municipality's weeks, worked out beside its plan, never kept as one.

They are solved in a process of their own (`desk.processes`); this module is that
process. What it leaves is numbers, neither places nor rounds.
"""

from __future__ import annotations

import json
import secrets
import sys
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from data.access import Action, require
from data.errors import HouseError
from data.messages import Message
from data.nouns import Plan, Viewer, Week
from data.vocabulary import PlanStatus, TravelMode
from desk import processes
from desk.cost import cost_settings
from desk.ground import area_of
from desk.planning import MOST_WEEKS, PlanRequest, Progress, gather
from desk.processes import JobState
from desk.wiring import House, open_house
from geo.travel import prepare
from patrol.done import plan_that_counts
from patrol.plan import weeks_from
from patrol.plan_reach import Reach
from patrol.plan_settings import plan_settings
from patrol.scenarios import Scenario, scenario_of, scenario_record
from patrol.what_if import Outcome, Question, work_out

__all__ = ["JobState", "answer", "found", "start", "state", "stop"]


def answer(
    house: House,
    viewer: Viewer,
    plan: Plan,
    scenarios: Sequence[Scenario],
    *,
    progress: Progress,
) -> tuple[Outcome, ...]:
    """Return each scenario beside the plan as it was decided, with its seed and settings.

    The weeks that were planned together with it and follow it are looked at with it.

    Raises
    ------
    AccessDeniedError
        If the viewer may not plan there.
    HouseError
        If there is nothing to plan from any more.
    """
    plans = _together(house, plan)
    request = PlanRequest(
        area=area_of(plan.municipality or ""),
        week=plan.week,
        weeks=len(plans),
        seed=plan.seed,
        settings=plan_settings(plan.settings),
    )
    made_from = gather(house, viewer, request, action="plan.what_if")
    question = Question(
        plans=plans,
        task=made_from.task,
        routers={mode: prepare(made_from.network, mode) for mode in TravelMode},
        seed=plan.seed,
        cost=cost_settings(house, viewer, plan.municipality).settings,
    )
    return work_out(question, scenarios, progress=progress)


def _together(house: House, plan: Plan) -> tuple[Plan, ...]:
    """Return a plan with those of the weeks after it that came of the same search.

    They have its seed, which is drawn anew for each search; of each week the one that counts.
    """
    found = [plan]
    for week in weeks_from(plan.week, MOST_WEEKS)[1:]:
        kept = house.store.plans(plan.municipality or "", week)
        own = (one for one in kept if one.seed == plan.seed)
        then = plan_that_counts(one for one in own if one.status is not PlanStatus.UNDONE)
        if then is None:
            break
        found.append(then)
    return tuple(found)


def _folder(house: House, municipality: str, week: Week) -> Path:
    return house.home / "jobs" / f"what-if-{municipality}-{week}"


def start(house: House, viewer: Viewer, plan: Plan, scenarios: Sequence[Scenario]) -> str:
    """Start working scenarios out unless that is under way; return the name of what is asked.

    Raises
    ------
    AccessDeniedError
        If the viewer may not plan there.
    """
    require(viewer, Action.PLAN, plan.municipality)
    municipality = plan.municipality or ""
    folder = _folder(house, municipality, plan.week)
    now = processes.state_of(folder)
    if now is not None and not now.ended:
        return ""
    (folder / "found.json").unlink(missing_ok=True)
    name = secrets.token_hex(8)
    request = {
        "home": str(house.home),
        "name": name,
        "municipality": municipality,
        "week": str(plan.week),
        "version": plan.version,
        "scenarios": [scenario_record(one) for one in scenarios],
        "viewer": processes.viewer_record(viewer),
    }
    processes.launch(folder, "desk.what_if", request)
    return name


def state(house: House, municipality: str, week: Week) -> JobState | None:
    """Return how far the scenarios of a week are, or `None` where none were asked for."""
    return processes.state_of(_folder(house, municipality, week))


def stop(house: House, viewer: Viewer, municipality: str, week: Week) -> None:
    """Stop working the scenarios of a week out."""
    require(viewer, Action.PLAN, municipality)
    processes.stop_in(_folder(house, municipality, week))


def found(
    house: House, viewer: Viewer, municipality: str, week: Week, name: str
) -> tuple[Outcome, ...]:
    """Return what was worked out under a name; nothing where that is over or was another's.

    Raises
    ------
    AccessDeniedError
        If the viewer may not plan there.
    """
    require(viewer, Action.PLAN, municipality)
    path = _folder(house, municipality, week) / "found.json"
    if not name or not path.exists():
        return ()
    record = json.loads(path.read_text(encoding="utf-8"))
    return tuple(map(_outcome, record["outcomes"])) if record["name"] == name else ()


def _outcome_record(outcome: Outcome) -> dict[str, object]:
    fault = None
    if outcome.fault is not None:
        params = outcome.fault.params.items()
        plain = {k: v if isinstance(v, int | float) else str(v) for k, v in params}
        fault = {"id": outcome.fault.id, "params": plain}
    return {
        "scenario": scenario_record(outcome.scenario),
        "before": _reach_record(outcome.before),
        "after": None if outcome.after is None else _reach_record(outcome.after),
        "fault": fault,
    }


def _reach_record(reach: Reach) -> dict[str, object]:
    return {f.name: getattr(reach, f.name) for f in fields(reach)}


def _outcome(record: Mapping[str, Any]) -> Outcome:
    after, fault = record["after"], record["fault"]
    return Outcome(
        scenario=scenario_of(record["scenario"]),
        before=Reach(**record["before"]),
        after=None if after is None else Reach(**after),
        fault=None if fault is None else Message(fault["id"], fault["params"]),
    )


def _work(folder: Path) -> None:
    """Do the work of a folder, leaving how far it is as it goes."""
    asked = processes.asked_of(folder)
    house, week = open_house(Path(asked["home"])), Week.parse(asked["week"])
    plans = house.store.plans(asked["municipality"], week)
    plan = next(one for one in plans if one.version == asked["version"])

    def tell(message: Message, fraction: float) -> None:
        processes.tell(folder, message, fraction)

    viewer = processes.viewer_of(asked["viewer"])
    scenarios = [scenario_of(one) for one in asked["scenarios"]]
    try:
        outcomes = answer(house, viewer, plan, scenarios, progress=tell)
    except HouseError as fault:
        processes.end(folder, fault.message, failed=True)
    else:
        record = {"name": asked["name"], "outcomes": [_outcome_record(one) for one in outcomes]}
        processes.write_json(folder / "found.json", record)
        processes.end(folder, Message("what_if.done"))


if __name__ == "__main__":
    _work(Path(sys.argv[1]))
