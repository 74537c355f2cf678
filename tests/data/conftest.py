"""A store on each of its two engines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from data.store import Store
from tests.postgres import Postgres, serving

#: For tests that speak to the database itself, beside the store.
ENGINES = ("sqlite", pytest.param("postgis", marks=pytest.mark.postgis))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Return a server that lives as long as the tests."""
    with serving() as server:
        yield server


@pytest.fixture(scope="session")
def migrated(postgres: Postgres) -> str:
    """Return the name of a migrated database, to be emptied for each test."""
    name = postgres.new()
    Store.open(postgres.address(name)).close()
    return name


@pytest.fixture(params=ENGINES)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return where an empty store can be opened: a file, or a database of a real server."""
    if request.param == "sqlite":
        return str(tmp_path / "fener.sqlite")
    server, name = request.getfixturevalue("postgres"), request.getfixturevalue("migrated")
    server.empty(name)
    return str(server.address(name))


@pytest.fixture
def store(address: str) -> Iterator[Store]:
    """Return an empty store."""
    made = Store.open(address)
    yield made
    made.close()
