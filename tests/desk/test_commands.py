"""The terminal door: who may do what, what it says when it refuses, and that refusing is all."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from data import streetnet
from data.access import Purpose
from data.store.audit import AuditLine
from desk import ground
from desk.identity import operator
from desk.wiring import open_house
from layers.words import Words
from tests.builders import DURRES
from tests.houses import FILES_DIR, KRUJE, PEOPLE, WEEK, ask, is_plain_sentence, kept_in, terminal

EN = Words("en")
STREETS = """<?xml version="1.0"?><osm version="0.6">
<node id="1" lat="41.3236" lon="19.4547"/><node id="2" lat="41.3246" lon="19.4557"/>
<node id="3" lat="41.3256" lon="19.4557"/>
<way id="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="highway" v="residential"/></way>
</osm>"""

Command = Callable[[Path], list[str]]


def plan(folder: Path) -> list[str]:
    return [
        *("plan", "--municipality", DURRES, "--week", WEEK),
        *("--seed", "7", "--out", str(folder / "out")),
    ]


def pack(folder: Path) -> list[str]:
    return ["pack", "--municipality", DURRES, "--week", WEEK, "--out", str(folder / "out")]


def report(folder: Path) -> list[str]:
    return ["report", "--out", str(folder / "out" / "report.csv")]


def streets_import(folder: Path) -> list[str]:
    (folder / "streets.osm").write_text(STREETS, encoding="utf-8")
    return ["streets", "import", str(folder / "streets.osm")]


def streets_fetch(_: Path) -> list[str]:
    return ["streets", "fetch", DURRES]


def evaluate_hotspots(folder: Path) -> list[str]:
    out = folder / "out" / "found.json"
    return ["evaluate", "hotspots", "--municipality", DURRES, "--out", str(out)]


def table_import(noun: str) -> Command:
    return lambda _: [noun, "import", str(FILES_DIR / f"{noun}.csv")]


#: Each command, and who may run it.
COMMANDS: dict[str, tuple[Command, set[str]]] = {
    "plan": (plan, {"arta"}),
    "pack": (pack, {"arta"}),
    "report": (report, {"arta", "besa", "genta"}),
    "streets import": (streets_import, {"arta", "besa"}),
    "streets fetch": (streets_fetch, {"arta"}),
    "cases import": (table_import("cases"), {"arta"}),
    "visits import": (table_import("visits"), {"arta"}),
    "evaluate hotspots": (evaluate_hotspots, {"arta"}),
    "teams import": (table_import("teams"), {"arta"}),
}
#: The whole climb takes seconds: it is run once, as a real process (tests of the plan's files).
ELSEWHERE = {("plan", "arta")}
MATRIX = [(name, login) for name in COMMANDS for login in PEOPLE if (name, login) not in ELSEWHERE]


def may(name: str, login: str) -> bool:
    return login in COMMANDS[name][1]


@pytest.fixture(autouse=True)
def no_internet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give whoever fetches streets a small network instead."""

    def fetched(*_: object) -> streetnet.StreetNetwork:
        path = Path(os.environ["FENER_HOME"]) / "fetched.osm"
        path.write_text(STREETS, encoding="utf-8")
        return ground.read_streets(path)

    monkeypatch.setattr(ground, "fetch_streets", fetched)


def new_lines(home: Path, last: int) -> list[AuditLine]:
    """Return the lines of the audit after one, in their order."""
    store = open_house(home).store
    assert store.audit.first_broken() is None
    return [line for line in reversed(store.audit.last(40)) if line.id > last]


def last_line(home: Path) -> int:
    return open_house(home).store.audit.last(1)[0].id


@pytest.mark.parametrize(("name", "login"), [pair for pair in MATRIX if may(*pair)])
def test_each_role_may_run_its_own_commands_and_the_audit_says_so(
    name: str,
    login: str,
    planned_home: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
):
    last = last_line(planned_home)

    code, said, fault = ask(*COMMANDS[name][0](tmp_path), "--as", login, capsys=capsys)

    assert (code, fault) == (0, "")
    assert said.strip()
    new = new_lines(planned_home, last)
    assert new[0].action == f"command.{name.replace(' ', '.')}"
    assert len(new) > 1
    assert {(line.account, line.role) for line in new} == {(login, PEOPLE[login][0])}


@pytest.mark.parametrize(("name", "login"), [pair for pair in MATRIX if not may(*pair)])
def test_no_role_may_run_anothers_and_the_audit_says_that_it_was_tried(
    name: str, login: str, refusing: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    last = last_line(refusing)

    code, said, fault = ask(*COMMANDS[name][0](tmp_path), "--as", login, capsys=capsys)

    assert (code, said) == (2, "")
    assert is_plain_sentence(fault)
    assert not (tmp_path / "out").exists()
    (line,) = new_lines(refusing, last)
    assert line.action == f"command.{name.replace(' ', '.')}"
    assert (line.account, line.role) == (login, PEOPLE[login][0])


@pytest.mark.parametrize(
    ("name", "login"),
    [
        *(("plan", login) for login in ("", "machine (operator)", "demo account", "arta x")),
        *((name, "nobody") for name in COMMANDS),
    ],
)
def test_who_has_no_account_may_do_nothing(
    name: str, login: str, refusing: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert refusing.exists()

    code, said, fault = ask(*COMMANDS[name][0](tmp_path), "--as", login, capsys=capsys)

    assert (code, said) == (2, "")
    assert fault.strip() == EN("identity.no_account")
    assert not (tmp_path / "out").exists()


def test_who_was_shut_out_may_do_nothing_any_more(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert ask("users", "close", "arta", capsys=capsys)[0] == 0
    before = kept_in(home)

    code, said, fault = ask(*report(tmp_path), "--as", "arta", capsys=capsys)

    assert (code, said, fault.strip()) == (2, "", EN("identity.no_account"))
    assert kept_in(home) == before


@pytest.mark.parametrize(
    "command",
    [
        ["users", "list"],
        ["users", "invite", "new", "--role", "agency"],
        ["users", "close", "genta"],
        ["demo", "load"],
        ["demo", "clear"],
        ["audit", "show"],
        ["audit", "check"],
        ["report", "--out", "report.csv"],
    ],
    ids=" ".join,
)
def test_without_a_name_it_is_the_machines_administrator_and_the_audit_says_so(
    command: list[str], home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    command = [str(tmp_path / part) if part.endswith(".csv") else part for part in command]
    last = last_line(home)

    code, _, fault = ask(*command, capsys=capsys)

    assert (code, fault) == (0, "")
    new = new_lines(home, last)
    assert new[0].action.startswith(f"command.{command[0]}")
    assert {line.account for line in new} == {"machine (operator)"}


def test_a_broken_audit_is_found_by_the_check_and_ends_with_a_code(
    home: Path, capsys: pytest.CaptureFixture[str]
):
    house = open_house(home)
    house.audit(operator(), "x", purpose=Purpose.MAP)
    assert ask("audit", "check", capsys=capsys)[:2] == (0, EN("desk.audit_whole") + "\n")
    connection = sqlite3.connect(home / "fener.sqlite")
    connection.executescript(
        "DROP TRIGGER audit_no_update; UPDATE audit SET scope = 'AL0302' WHERE id = 2"
    )
    connection.close()

    code, _, fault = ask("audit", "check", capsys=capsys)

    assert code == 2
    assert fault.strip() == EN("desk.audit_broken", line=2)


def test_the_audit_is_shown_newest_first_with_whole_moments(
    home: Path, capsys: pytest.CaptureFixture[str]
):
    ask("users", "list", capsys=capsys)
    assert home.exists()

    _, said, _ = ask("audit", "show", "--last", "3", capsys=capsys)

    lines = said.splitlines()
    assert len(lines) == 3
    assert "audit.see" in lines[0]
    assert "command.users.list" in lines[2]
    assert all(line[19] == "+" for line in lines)


def test_accounts_are_invited_listed_and_closed(new_home: Path, capsys: pytest.CaptureFixture[str]):
    invite = ("users", "invite", "Mira", "--role", "field", "--municipality", KRUJE, "--team", "t1")
    code, said, _ = ask(*invite, capsys=capsys)
    assert code == 0
    link = said.splitlines()[-1]
    assert link.startswith("http://localhost:8501/welcome?link=")

    house = open_house(new_home)
    assert house.store.accounts.set_password(link.partition("=")[2], "x" * 12) == "mira"
    _, listed, _ = ask("users", "list", capsys=capsys)
    assert listed == f"mira  {EN('word.role.field')}\n"

    assert ask("users", "close", "mira", capsys=capsys)[0] == 0
    assert house.store.accounts.find("mira") is None
    code, _, fault = ask("users", "close", "nobody", capsys=capsys)
    assert (code, fault.strip()) == (2, EN("identity.account_unknown"))


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        (("--role", "queen"), "identity.role_unknown"),
        (("--role", "coordinator"), "identity.municipality_needed"),
        (("--role", "field", "--municipality", DURRES), "identity.team_needed"),
    ],
)
def test_an_invitation_without_what_its_role_needs_is_told(
    more: tuple[str, ...], fault: str, new_home: Path, capsys: pytest.CaptureFixture[str]
):
    code, _, said = ask("users", "invite", "mira", *more, capsys=capsys)

    assert (code, said.strip()) == (2, EN(fault))
    assert kept_in(new_home)["accounts"] == []


def test_sentences_come_in_the_language_that_is_asked_for(
    new_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    wanted = Words("sq")("desk.audit_whole") + "\n"
    assert not new_home.exists()

    assert ask("--language", "sq", "audit", "check", capsys=capsys)[1] == wanted
    monkeypatch.setenv("FENER_LANGUAGE", "sq")
    assert ask("audit", "check", capsys=capsys)[1] == wanted
    monkeypatch.setenv("FENER_LANGUAGE", "xx")
    assert ask("audit", "check", capsys=capsys)[1] == EN("desk.audit_whole") + "\n"


def test_the_demo_is_not_loaded_twice_and_goes_when_it_is_cleared(
    home: Path, capsys: pytest.CaptureFixture[str]
):
    before = kept_in(home)
    assert ask("demo", "load", capsys=capsys)[1] == EN("desk.demo_not_needed") + "\n"
    assert kept_in(home) == before

    assert ask("demo", "clear", capsys=capsys)[1] == EN("desk.demo_cleared") + "\n"

    assert open_house(home).store.is_empty()


def test_a_plan_that_is_refused_does_not_load_the_demo(
    new_home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    ask("users", "invite", "genta", "--role", "agency", capsys=capsys)

    code, _, _ = ask(*plan(tmp_path), "--as", "genta", capsys=capsys)

    assert code == 2
    assert open_house(new_home).store.is_empty()


def test_a_file_is_imported_by_a_process_once_and_twice_it_changes_nothing(new_home: Path):
    asked = ("cases", "import", FILES_DIR / "cases.csv")

    first = terminal(new_home, *asked)
    before = {name: rows for name, rows in kept_in(new_home).items() if name != "imports"}
    second = terminal(new_home, *asked)
    checked = terminal(new_home, "audit", "check")

    assert [done.returncode for done in (first, second, checked)] == [0, 0, 0]
    assert [done.stderr for done in (first, second, checked)] == ["", "", ""]
    refused = [line for line in first.stdout.splitlines() if line.startswith("Row ")]
    assert len(refused) == 1
    assert refused == [line for line in second.stdout.splitlines() if line.startswith("Row ")]
    assert len(before["cases"]) == 4
    after = {name: rows for name, rows in kept_in(new_home).items() if name != "imports"}
    assert after == before
    assert {row[3:5] for row in kept_in(new_home)["imports"][1:]} == {(0, 0)}
