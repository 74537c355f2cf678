"""The real app in a process of its own, on a data folder of its own, for a real browser."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from data.nouns import TIRANE, Plan, Route, RouteStop, Team, TimeWindow, Week
from data.store import Store
from data.vocabulary import Role
from desk import demo, identity
from desk.ground import area_of
from desk.planning import PlanRequest, plan_week
from desk.wiring import House

__all__ = ["DURRES", "Server", "copy_home", "free_port", "prepare_home", "serving"]

ROOT = Path(__file__).resolve().parents[2]
DURRES = "AL0301"
_STORE = "fener.sqlite"
_SEED = 7
_READY_S = 90.0
_WELCOME = re.compile(r"/welcome\?link=([\w-]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server that is running, and where it writes what it says."""

    address: str
    log: Path

    @property
    def first_link(self) -> str | None:
        """Return the path of the one-time link it printed, if it printed one."""
        found = _WELCOME.search(self.log.read_text(encoding="utf-8"))
        return found.group(0) if found else None


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def prepare_home(home: Path) -> Path:
    """Fill a data folder with the demo and, for Durrës, plans of this week and of the next."""
    home.mkdir(parents=True)
    today = datetime.now(TIRANE).date()
    # Opened aside from the wiring, which would keep it open for good.
    with closing(Store.open(home / _STORE)) as store:
        house = House(home=home, store=store)
        demo.load_if_empty(house)
        # This week's is for Today; Plan and Schedule open with the next.
        _plan(house, today + timedelta(weeks=1))
        plan = _plan(house, today)
        moved = _with_a_round(plan, store.teams(DURRES)[0], today)
        if moved is not plan:
            store.save_plan(moved)
    return home


def _plan(house: House, day: date) -> Plan:
    """Make and keep the plan of the week a day lies in."""
    request = PlanRequest(area=area_of(DURRES), week=Week.of(day), seed=_SEED)
    return plan_week(house, identity.operator(Role.COORDINATOR), request).plan


def copy_home(home: Path, to: Path) -> Path:
    """Return a data folder of one's own with the same content."""
    shutil.copytree(home, to)
    return to


@contextmanager
def serving(home: Path, log: Path, *, port: int | None = None) -> Iterator[Server]:
    """Start the app as everybody starts it, wait until it answers, and stop it afterwards."""
    port = port or free_port()
    with log.open("w", encoding="utf-8") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}"],
            cwd=ROOT,
            env={**os.environ, "FENER_HOME": str(home), "FENER_STORE": "", "NO_COLOR": "1"},
            stdout=file,
            stderr=file,
        )
        try:
            server = Server(address=f"http://localhost:{port}", log=log)
            _wait(server, process)
            yield server
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(server: Server, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _READY_S
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{server.address}/_stcore/health", timeout=5):  # noqa: S310 - our own server
                return
        except OSError:
            time.sleep(0.05)
    pytest.fail(f"The app did not start: {server.log.read_text(encoding='utf-8')}")


def _with_a_round(plan: Plan, team: Team, today: date) -> Plan:
    """Return the plan with a round of the team today: no team goes out on every day.

    The tests have to find one on a Sunday too, so the team's first round moves.
    """
    own = [shift for shift in plan.shifts if shift.team == team.id]
    if any(shift.start.date() == today for shift in own):
        return plan
    first = own[0]
    by = today - first.start.date()
    shifts = [
        replace(shift, start=shift.start + by, end=shift.end + by) if shift is first else shift
        for shift in plan.shifts
    ]
    routes = [_moved(route, by) if route.shift == first.id else route for route in plan.routes]
    return replace(plan, shifts=tuple(shifts), routes=tuple(routes))


def _moved(route: Route, by: timedelta) -> Route:
    return replace(route, stops=tuple(_moved_stop(stop, by) for stop in route.stops))


def _moved_stop(visit: RouteStop, by: timedelta) -> RouteStop:
    window = TimeWindow(opens=visit.window.opens + by, closes=visit.window.closes + by)
    return replace(visit, arrive=visit.arrive + by, leave=visit.leave + by, window=window)
