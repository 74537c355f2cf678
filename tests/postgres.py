"""A PostgreSQL server with PostGIS for the tests: in a folder of its own, on the loopback only."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

from data.store.schema import METADATA
from tests.conftest import unavailable

#: The server answers in its own zone: the store must not care.
_ZONE = "Europe/Tirane"
_READY_S = 30.0
_TEXTS = ("-E", "UTF8", "--locale=C")
_NUMBERS = count(1)


def _binaries() -> Path:
    """Return the folder of the newest PostgreSQL that has PostGIS; skip with a sentence if none."""
    if os.name != "posix":
        unavailable("The tests start PostgreSQL on Linux and macOS only.")
    controls = sorted(Path("/usr/share/postgresql").glob("*/extension/postgis.control"))
    folders = [Path("/usr/lib/postgresql") / path.parents[1].name / "bin" for path in controls]
    found = [folder for folder in folders if (folder / "initdb").exists()]
    if not found:
        unavailable("There is no PostgreSQL with PostGIS (tests/system_packages.sh installs it).")
    return found[-1]


def _not_root(folder: Path) -> dict[str, Any]:
    """Return how to start a program as somebody whom PostgreSQL serves; the folder becomes theirs.

    PostgreSQL refuses to run as root: then Debian's own user of it does.
    """
    if os.geteuid() != 0:
        return {}
    try:
        person = pwd.getpwnam("postgres")
    except KeyError:
        pytest.fail("PostgreSQL does not run as root, and there is no user postgres.")
    os.chown(folder, person.pw_uid, person.pw_gid)
    return {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": ()}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Postgres:
    """A server that is running, and new databases on it."""

    def __init__(self, port: int) -> None:
        self.port = port

    def address(self, database: str) -> str:
        """Return what `Store.open` takes."""
        return f"postgresql+psycopg://fener@127.0.0.1:{self.port}/{database}"

    def run(self, statement: str, database: str = "postgres") -> None:
        """Run one statement outside of a transaction."""
        with psycopg.connect(
            host="127.0.0.1", port=self.port, user="fener", dbname=database, autocommit=True
        ) as connection:
            connection.execute(statement)

    def new(self) -> str:
        """Return the name of a new database that has no table yet."""
        name = f"fener_{next(_NUMBERS)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE template0")
        return name

    def empty(self, database: str) -> None:
        """Take all rows out of a store's tables, the audit's too: its triggers are held off."""
        tables = ", ".join(METADATA.tables)
        self.run(f"SET session_replication_role = replica; TRUNCATE {tables}", database)


@contextmanager
def serving() -> Iterator[Postgres]:
    """Start a server, wait until it answers, and take it away afterwards."""
    binaries = _binaries()
    # Not in pytest's own folder: only the user of the tests may enter it.
    folder = Path(tempfile.mkdtemp(prefix="fener-postgres-"))
    try:
        somebody = {"cwd": folder, **_not_root(folder)}
        data, port = str(folder / "data"), _free_port()
        made = subprocess.run(
            [binaries / "initdb", "-D", data, "-U", "fener", "-A", "trust", "--no-sync", *_TEXTS],
            capture_output=True,
            text=True,
            check=False,
            **somebody,
        )
        assert made.returncode == 0, made.stderr
        options = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "fsync": "off",
            "timezone": _ZONE,
        }
        settings = [part for item in options.items() for part in ("-c", "=".join(item))]
        with (folder / "log").open("w") as log:
            server = subprocess.Popen(
                [binaries / "postgres", "-D", data, "-p", str(port), *settings],
                stdout=log,
                stderr=log,
                **somebody,
            )
        try:
            postgres = Postgres(port)
            _wait(postgres, server, folder / "log")
            yield postgres
        finally:
            server.send_signal(signal.SIGINT)  # ends what is open, then the server
            server.wait(timeout=_READY_S)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait(postgres: Postgres, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + _READY_S
    while time.monotonic() < end and server.poll() is None:
        try:
            postgres.run("SELECT 1")
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"PostgreSQL did not start: {log.read_text(encoding='utf-8')}")
