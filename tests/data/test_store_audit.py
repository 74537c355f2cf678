"""The audit only grows, whoever writes to it at once, and tells when somebody laid hands on it."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from data.access import Purpose
from data.nouns import Viewer
from data.store import Store
from data.vocabulary import Role
from desk.identity import operator

ROOT = Path(__file__).resolve().parents[2]
MIRA = Viewer(account="mira", name="Mira Ç.", role=Role.COORDINATOR)


def write(store: Store, n: int = 5) -> None:
    for number in range(n):
        store.audit.add(MIRA, f"act.{number}", purpose=Purpose.MAP, scope="AL0301")


def tamper(store: Store, *statements: str) -> None:
    """Do what the triggers forbid, as somebody who owns the database can."""
    with store._engine.begin() as connection:
        _without_triggers(connection)
        for statement in statements:
            connection.execute(text(statement))


def _without_triggers(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL session_replication_role = replica"))
    else:
        for verb in ("update", "delete"):
            connection.execute(text(f"DROP TRIGGER audit_no_{verb}"))


def test_a_line_says_who_did_what_in_which_role_and_where(store: Store):
    before = datetime.now(UTC)

    store.audit.add(MIRA, "map.see", purpose=Purpose.MAP, scope="AL0301", export_sha256="ab" * 32)

    (line,) = store.audit.last(5)
    assert (line.id, line.account, line.role) == (1, "mira", "coordinator")
    assert (line.action, line.purpose, line.scope) == ("map.see", "map", "AL0301")
    assert line.export_sha256 == "ab" * 32
    assert abs(line.at - before) < timedelta(seconds=5)


def test_the_machines_administrator_is_told_from_an_account_of_that_name(store: Store):
    store.audit.add(operator(), "plan.make", purpose=Purpose.PLAN)
    store.audit.add(
        Viewer(account="machine", name="", role=Role.AGENCY), "map.see", purpose=Purpose.MAP
    )

    assert [line.account for line in store.audit.last(2)] == ["machine", "machine (operator)"]


def test_no_line_holds_the_name_of_the_person(store: Store):
    write(store)

    assert all("Mira Ç." not in str(line) for line in store.audit.last(9))


def test_the_last_lines_come_newest_first(store: Store):
    write(store)

    assert [line.id for line in store.audit.last(3)] == [5, 4, 3]


def test_an_untouched_audit_is_whole_and_so_is_an_empty_one(store: Store):
    assert store.audit.first_broken() is None
    write(store)
    assert store.audit.first_broken() is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET scope = 'AL0302' WHERE id = 3",
        "UPDATE audit SET scope = 'AL0302'",
        "DELETE FROM audit WHERE id = 3",
        "DELETE FROM audit",
    ],
)
def test_the_database_itself_refuses_to_change_or_erase_a_line(store: Store, statement: str):
    write(store)

    with (
        pytest.raises(DBAPIError, match="the audit only grows"),
        store._engine.begin() as connection,
    ):
        connection.execute(text(statement))

    assert store.audit.first_broken() is None


@pytest.mark.postgis
@pytest.mark.parametrize("address", ["postgis"], indirect=True)
def test_postgresql_refuses_to_truncate_it(store: Store):
    write(store)

    with (
        pytest.raises(DBAPIError, match="the audit only grows"),
        store._engine.begin() as connection,
    ):
        connection.execute(text("TRUNCATE audit"))


@pytest.mark.parametrize(
    ("statements", "line"),
    [
        (["UPDATE audit SET account = 'eve' WHERE id = 3"], 3),
        (["UPDATE audit SET role = 'agency' WHERE id = 1"], 1),
        (["UPDATE audit SET action = 'map.see' WHERE id = 2"], 2),
        (["UPDATE audit SET purpose = 'plan' WHERE id = 2"], 2),
        (["UPDATE audit SET scope = '' WHERE id = 4"], 4),
        (["UPDATE audit SET export_sha256 = 'ff' WHERE id = 5"], 5),
        (["UPDATE audit SET at = '2026-01-01 00:00:00+00' WHERE id = 5"], 5),
        (["UPDATE audit SET hash = previous WHERE id = 2"], 2),
        (["DELETE FROM audit WHERE id = 1"], 1),
        (["DELETE FROM audit WHERE id = 3"], 3),
        (["DELETE FROM audit WHERE id = 5"], 5),
        (["DELETE FROM audit WHERE id > 2"], 3),
        (["DELETE FROM audit"], 1),
        (
            [
                "UPDATE audit SET id = 99 WHERE id = 2",
                "UPDATE audit SET id = 2 WHERE id = 3",
                "UPDATE audit SET id = 3 WHERE id = 99",
            ],
            2,
        ),
        (
            [
                "DELETE FROM audit WHERE id = 2",
                "UPDATE audit SET id = 2 WHERE id = 3",
                "UPDATE audit SET id = 3 WHERE id = 4",
                "UPDATE audit SET id = 4 WHERE id = 5",
            ],
            2,
        ),
        (["DELETE FROM settings"], 6),
    ],
    ids=lambda value: " ".join(value)[:48] if isinstance(value, list) else None,
)
def test_a_line_that_was_changed_erased_or_moved_is_found(
    store: Store, statements: list[str], line: int
):
    write(store)

    tamper(store, *statements)

    assert store.audit.first_broken() == line


def test_lines_cut_off_the_end_are_missed_even_when_others_follow(store: Store):
    write(store)
    tamper(store, "DELETE FROM audit WHERE id > 3")

    write(store, 2)

    assert store.audit.first_broken() == 4


def test_an_end_that_was_set_back_keeps_nobody_from_writing(store: Store):
    write(store)
    tamper(store, "DELETE FROM settings")

    write(store, 1)

    assert [line.id for line in store.audit.last(2)] == [6, 5]


WRITER = """
import sys
from data.access import Purpose
from data.nouns import Viewer
from data.store import Store
from data.vocabulary import Role
store = Store.open(sys.argv[1])
viewer = Viewer(account=sys.argv[2], name="", role=Role.AGENCY)
for number in range(40):
    store.audit.add(viewer, f"act.{number}", purpose=Purpose.MAP)
"""


def test_processes_and_threads_that_write_at_once_make_one_chain(address: str, store: Store):
    others = [
        subprocess.Popen([sys.executable, "-c", WRITER, address, name], cwd=ROOT)
        for name in ("first", "second")
    ]
    threads = [threading.Thread(target=write, args=(store, 20)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [process.wait(timeout=60) for process in others] == [0, 0]
    lines = store.audit.last(1000)
    assert len(lines) == 2 * 40 + 3 * 20
    assert {sum(line.account == name for line in lines) for name in ("first", "second")} == {40}
    assert store.audit.first_broken() is None
