"""A plan in a process of its own: started once, watched, stopped, and told when it was lost."""

from __future__ import annotations

import json
import os
import signal
import stat
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from data.errors import AccessDeniedError
from data.messages import Message
from data.nouns import Viewer, Week
from data.vocabulary import Role
from desk import jobs, processes
from desk.choices import PlanChoices
from desk.jobs import JobState
from desk.wiring import House, open_house
from tests.builders import DURRES

WEEK = Week.parse("2026-W28")
CHOICES = PlanChoices(seed=7)
COORDINATOR = Viewer(
    account="c", name="c", role=Role.COORDINATOR, municipalities=frozenset({DURRES})
)
PATIENCE_S = 90.0


@pytest.fixture
def house(home: Path) -> Iterator[House]:
    """Return the demo's house; the processes that a test started are waited for."""
    yield open_house(home)
    for process in processes.STARTED.values():
        process.wait(timeout=PATIENCE_S)
    processes.STARTED.clear()


def until(house: House, enough: Callable[[JobState], bool]) -> JobState:
    """Return the state of the job as soon as it is what a test waits for."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        now = jobs.state(house, DURRES, WEEK)
        if now is not None and enough(now):
            return now
        time.sleep(0.05)
    pytest.fail("the job did not come so far")


def process_of(house: House) -> int:
    return processes.STARTED[jobs._folder(house, DURRES, WEEK)].pid


@pytest.mark.parametrize("role", [Role.FIELD, Role.AGENCY, Role.ADMINISTRATOR])
def test_who_may_not_plan_starts_and_stops_nothing(new_home: Path, role: Role):
    house = open_house(new_home)
    other = replace(COORDINATOR, role=role)

    for attempt in (
        lambda: jobs.start(house, other, DURRES, WEEK, CHOICES),
        lambda: jobs.start(house, COORDINATOR, "AL0302", WEEK, CHOICES),
        lambda: jobs.stop(house, other, DURRES, WEEK),
    ):
        with pytest.raises(AccessDeniedError):
            attempt()

    assert jobs.state(house, DURRES, WEEK) is None
    assert not (new_home / "jobs").exists()


def test_a_job_solves_the_week_once_and_keeps_the_plan(house: House):
    jobs.start(house, COORDINATOR, DURRES, WEEK, CHOICES)
    first = process_of(house)
    jobs.start(house, COORDINATOR, DURRES, WEEK, CHOICES)  # under way already
    assert process_of(house) == first

    going = until(house, lambda state: state.fraction > 0.02)
    assert not going.failed
    done = until(house, lambda state: state.ended)

    assert (done.fraction, done.failed, done.message.id) == (1.0, False, "desk.job_done")
    (plan,) = house.store.plans(DURRES, WEEK)
    assert (plan.seed, plan.version) == (7, 1)
    line = house.store.audit.last(1)[0]
    assert (line.account, line.role, line.action) == ("c", "coordinator", "plan.make")


def test_a_job_that_is_stopped_ends_and_keeps_nothing(house: House):
    jobs.start(house, COORDINATOR, DURRES, WEEK, CHOICES)
    pid = process_of(house)

    jobs.stop(house, COORDINATOR, DURRES, WEEK)
    jobs.stop(house, COORDINATOR, DURRES, WEEK)

    now = jobs.state(house, DURRES, WEEK)
    assert now is not None
    assert (now.ended, now.failed, now.message) == (True, False, Message("desk.job_stopped"))
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert house.store.plans(DURRES) == ()


def test_a_job_that_was_killed_is_told_as_lost(house: House):
    jobs.start(house, COORDINATOR, DURRES, WEEK, CHOICES)

    os.kill(process_of(house), signal.SIGKILL)

    lost = until(house, lambda state: state.ended)
    assert (lost.failed, lost.message) == (True, Message("desk.job_lost"))
    assert house.store.plans(DURRES) == ()


def test_a_job_of_an_earlier_start_counts_as_lost_after_a_silence(house: House):
    folder = jobs._folder(house, DURRES, WEEK)
    folder.mkdir(parents=True)
    path = folder / "progress.json"
    processes.tell(folder, Message("plan.progress.routes"), 0.5)

    going = jobs.state(house, DURRES, WEEK)
    os.utime(path, (time.time() - 300, time.time() - 300))
    lost = jobs.state(house, DURRES, WEEK)

    assert going is not None
    assert lost is not None
    assert (going.ended, going.fraction) == (False, 0.5)
    assert (lost.ended, lost.message) == (True, Message("desk.job_lost"))


def test_a_job_that_cannot_be_done_ends_with_the_sentence_why(new_home: Path):
    house = open_house(new_home)
    stranger = replace(COORDINATOR, municipalities=frozenset({"AL0302"}))
    folder = jobs._folder(house, DURRES, WEEK)
    folder.mkdir(parents=True)
    request = {
        "home": str(house.home),
        "municipality": DURRES,
        "week": str(WEEK),
        "choices": CHOICES.record(),
        "viewer": processes.viewer_record(stranger),
    }
    processes.write_json(folder / "request.json", request)

    jobs._solve(folder)

    state = jobs.state(house, DURRES, WEEK)
    assert state is not None
    denied = Message("access.denied", {"role": "@word.role.coordinator"})
    assert (state.ended, state.failed, state.message) == (True, True, denied)


@pytest.mark.skipif(os.name != "posix", reason="Rights of files are POSIX here.")
def test_what_was_asked_for_can_be_read_by_its_owner_only(house: House):
    jobs.start(house, COORDINATOR, DURRES, WEEK, PlanChoices(must_places=("AL0301-p001",)))
    jobs.stop(house, COORDINATOR, DURRES, WEEK)
    folder = jobs._folder(house, DURRES, WEEK)

    assert json.loads((folder / "request.json").read_text("utf-8"))["choices"]["must_places"]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
