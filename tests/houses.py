"""Houses for tests: run as their users run them, and looked into afterwards."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import fener
from data.vocabulary import Role
from desk import accounts, identity, wiring
from tests.builders import DURRES

ROOT = Path(__file__).resolve().parents[1]
FILES_DIR = ROOT / "tests" / "files"
KRUJE = "AL0302"
WEEK = "2026-W28"
#: Accounts of the demo's house: login, and what `users invite` is told of them.
PEOPLE = {
    "arta": ("coordinator", DURRES, None),
    "besa": ("coordinator", KRUJE, None),
    "fatos": ("field", DURRES, "AL0301-t1"),
    "genta": ("agency", None, None),
    "ilir": ("administrator", None, None),
}
#: Tables that a refused command may add to: the audit, its end, and the marks beside it.
_ALWAYS_GROWING = frozenset({"audit", "settings"})


@dataclass(frozen=True)
class Made:
    """What a process of ours left: files, a house, its sentences, and its processor seconds."""

    out: Path
    home: Path
    seconds: float
    told: str
    rows: dict[str, list[tuple[object, ...]]] = field(default_factory=dict)


def terminal(home: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run ``fener.py`` as its users do, on a house of its own."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("FENER_")}
    return subprocess.run(
        [sys.executable, "-W", "error", "fener.py", *map(str, arguments)],
        cwd=ROOT,
        env={**environment, "FENER_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def kept_in(home: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of a house but those of its audit, by table."""
    path = home / "fener.sqlite"
    if not path.exists():
        return {}
    connection = sqlite3.connect(path)
    try:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {
            name: sorted(connection.execute(f'SELECT * FROM "{name}"'), key=repr)  # noqa: S608 - our own tables
            for (name,) in names.fetchall()
            if name not in _ALWAYS_GROWING
        }
    finally:
        connection.close()


def load_demo(home: Path) -> Path:
    """Load the demo into a new house as a process of its own, and make an account for each role."""
    loaded = terminal(home, "demo", "load")
    assert (loaded.returncode, loaded.stderr) == (0, "")
    assert loaded.stdout == "The invented data is loaded.\n"
    house = wiring.open_house(home)
    administrator = identity.operator(Role.ADMINISTRATOR)
    for login, (role, town, team) in PEOPLE.items():
        accounts.invite(house, administrator, login, accounts.grant(role, town, team))
    return home


def plan_in(demo_home: Path, folder: Path) -> Made:
    """Return the plan of Durrës that a coordinator makes in a copy of a house."""
    home, out = folder / "home", folder / "out"
    shutil.copytree(demo_home, home)
    asked = ("--municipality", DURRES, "--week", WEEK, "--seed", "7", "--out", out)
    before = os.times()
    done = terminal(home, "plan", "--as", "arta", *asked)
    after = os.times()
    # Of the process alone: whatever else this machine does is not the plan's fault.
    seconds = after.children_user - before.children_user
    seconds += after.children_system - before.children_system
    assert (done.returncode, done.stderr) == (0, "")
    return Made(out=out, home=home, seconds=seconds, told=done.stdout)


def ask(*arguments: str | Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    """Run a command in this process; return its exit code and what it said."""
    try:
        code = fener.main([str(argument) for argument in arguments])
    except SystemExit as fault:  # argparse ends by itself
        code = int(fault.code or 0)
    said = capsys.readouterr()
    return code, said.out, said.err


def is_plain_sentence(text: str) -> bool:
    """Say whether a text is one line that a person can read."""
    lines = text.strip().splitlines()
    return len(lines) == 1 and lines[0].endswith(".") and "Traceback" not in text
