"""Scenarios in a process of their own: asked, watched, stopped, read by who asked; never kept."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from data.errors import AccessDeniedError, NoRouteError
from data.messages import Message
from data.nouns import Plan, Viewer, Week
from data.vocabulary import Role
from desk import processes, what_if
from desk.wiring import House, open_house
from layers.words import Words
from patrol.plan import weeks_from
from patrol.scenarios import Holiday, MoreTeam
from tests.builders import DURRES
from tests.houses import WEEK as WEEK_TEXT
from tests.houses import ask

WEEK = Week.parse(WEEK_TEXT)
COORDINATOR = Viewer(
    account="c", name="c", role=Role.COORDINATOR, municipalities=frozenset({DURRES})
)
HOLIDAY = Holiday(day=WEEK.days[2])
GONE = MoreTeam(like="no-team")
PATIENCE_S = 150.0


@pytest.fixture
def house(planned_home: Path) -> Iterator[House]:
    """Return the demo's house with a plan; the processes that a test started are waited for."""
    yield open_house(planned_home)
    for process in processes.STARTED.values():
        process.wait(timeout=PATIENCE_S)
    processes.STARTED.clear()


@pytest.fixture
def plan(house: House) -> Plan:
    """Return the plan that is kept, with so short a search that a test can wait for it."""
    (kept,) = house.store.plans(DURRES, WEEK)
    settings = {**kept.settings, "routes": {**kept.settings["routes"], "iterations": 20}}  # type: ignore[dict-item]
    quick = replace(kept, settings=settings)
    return replace(quick, version=house.store.save_plan(quick))


def ended(house: House) -> what_if.JobState:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        now = what_if.state(house, DURRES, WEEK)
        if now is not None and now.ended:
            return now
        time.sleep(0.1)
    pytest.fail("the scenarios were not worked out")


def test_scenarios_are_worked_out_for_who_asked_and_no_plan_is_kept(house: House, plan: Plan):
    before = house.store.plans(DURRES)

    name = what_if.start(house, COORDINATOR, plan, [HOLIDAY, GONE])
    assert what_if.start(house, COORDINATOR, plan, [HOLIDAY]) == ""  # under way already
    state = ended(house)

    assert (state.failed, state.message) == (False, Message("what_if.done"))
    holiday, gone = what_if.found(house, COORDINATOR, DURRES, WEEK, name)
    assert holiday.scenario == HOLIDAY
    assert holiday.after is not None
    assert holiday.after.hours < holiday.before.hours
    assert holiday.before.lek > holiday.after.lek > 0
    assert (gone.after, gone.fault) == (None, Message("what_if.gone"))
    assert what_if.found(house, COORDINATOR, DURRES, WEEK, "another") == ()
    assert house.store.plans(DURRES) == before
    assert "plan.what_if" in {line.action for line in house.store.audit.last(5)}
    # Numbers only: no place and nobody's name lies in the folder.
    left = json.loads((what_if._folder(house, DURRES, WEEK) / "found.json").read_text("utf-8"))
    text = json.dumps(left)
    assert not [p for p in house.store.places(DURRES)["place_id"] if p in text]
    assert not [w.name for w in plan.workers if w.name in text]


def test_scenarios_can_be_stopped_and_leave_nothing(house: House, plan: Plan):
    name = what_if.start(house, COORDINATOR, plan, [HOLIDAY])

    what_if.stop(house, COORDINATOR, DURRES, WEEK)

    state = what_if.state(house, DURRES, WEEK)
    assert state is not None
    assert (state.ended, state.failed) == (True, False)
    assert what_if.found(house, COORDINATOR, DURRES, WEEK, name) == ()


def test_a_week_that_cannot_be_planned_any_more_ends_with_the_sentence_why(
    house: House, plan: Plan, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(processes.subprocess, "Popen", lambda *_, **__: None)
    what_if.start(house, COORDINATOR, plan, [HOLIDAY])
    processes.STARTED.clear()
    folder = what_if._folder(house, DURRES, WEEK)

    def nowhere(*_: object, **__: object) -> None:
        raise NoRouteError(Message("plan.no_places"))

    monkeypatch.setattr(what_if, "gather", nowhere)

    what_if._work(folder)

    state = what_if.state(house, DURRES, WEEK)
    assert state is not None
    assert (state.failed, state.message) == (True, Message("plan.no_places"))


def test_the_weeks_after_that_came_of_the_same_search_are_looked_at_with_it(
    house: House, plan: Plan
):
    first, second, third, fourth = weeks_from(WEEK, 4)
    own = replace(plan, week=second, id=f"{DURRES}-{second}")
    house.store.save_plan(own)
    undone = replace(own, version=house.store.save_plan(replace(own, cut_by_time=True)))
    house.store.versions.undo(undone)
    house.store.save_plan(replace(own, week=third, id=f"{DURRES}-{third}", seed=plan.seed + 1))
    house.store.save_plan(replace(own, week=fourth, id=f"{DURRES}-{fourth}"))

    found = what_if._together(house, plan)

    assert found[0] == plan
    assert [(one.week, one.cut_by_time) for one in found] == [(first, False), (second, False)]


@pytest.mark.parametrize("role", [Role.FIELD, Role.AGENCY, Role.ADMINISTRATOR])
def test_who_may_not_plan_asks_nothing_and_reads_nothing(house: House, plan: Plan, role: Role):
    other = replace(COORDINATOR, role=role)

    for attempt in (
        lambda: what_if.start(house, other, plan, [HOLIDAY]),
        lambda: what_if.stop(house, other, DURRES, WEEK),
        lambda: what_if.found(house, other, DURRES, WEEK, "x"),
        lambda: what_if.answer(house, other, plan, [HOLIDAY], progress=lambda *_: None),
    ):
        with pytest.raises(AccessDeniedError):
            attempt()

    assert what_if.state(house, DURRES, WEEK) is None


def test_the_terminal_says_the_usual_scenarios_of_the_newest_plan(
    house: House, plan: Plan, capsys: pytest.CaptureFixture[str]
):
    before = house.store.plans(DURRES)

    code, told, fault = ask(
        "--language", "en", "what-if", "--municipality", DURRES, "--week", WEEK_TEXT,
        "--as", "arta", capsys=capsys,
    )  # fmt: skip

    assert (code, fault) == (0, "")
    assumed, *lines = told.splitlines()
    assert assumed == Words("en")("what_if.assumed")
    assert [line.partition(":")[0].split(" like ")[0] for line in lines] == [
        "One more team",
        "One car less",
        "A holiday on Wednesday, 08.07",
        "10 more hours a week, in longer shifts",
    ]
    assert all("lek" in line for line in lines)
    assert house.store.plans(DURRES) == before
    assert plan in before
