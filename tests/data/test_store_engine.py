"""How a store is opened, migrated, shared between processes, and left behind by one that dies."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import MetaData, Table, create_engine, inspect
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.pool import NullPool

from data.errors import ContractError
from data.messages import Message
from data.nouns import Week, Worker
from data.store import Store
from data.store.geometry import Geometry
from data.store.schema import METADATA
from tests.builders import DURRES, cases, places, visits
from tests.data.conftest import ENGINES
from tests.postgres import Postgres

ROOT = Path(__file__).resolve().parents[2]
#: Signs of a child process that is where the test wants it.
HALF = "half"
WEEK = Week.parse("2026-W28")


@pytest.fixture(params=ENGINES)
def new_address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return where nothing is yet: no file, or a database without a table."""
    if request.param == "sqlite":
        return str(tmp_path / "new.sqlite")
    server: Postgres = request.getfixturevalue("postgres")
    return server.address(server.new())


@contextmanager
def opened(address: str) -> Iterator[Store]:
    made = Store.open(address)
    try:
        yield made
    finally:
        made.close()


@contextmanager
def opened_at(revision: str, address: str, then: pytest.MonkeyPatch) -> Iterator[Store]:
    """Open a store as a house of an earlier version left it."""
    whole = command.upgrade
    then.setattr(command, "upgrade", lambda config, _: whole(config, revision))
    with opened(address) as made:
        yield made


def child(code: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def end_well(*processes: subprocess.Popen[str]) -> None:
    for process in processes:
        _, told = process.communicate(timeout=60)
        assert process.returncode == 0, told


def ours(_thing: Any, name: str | None, kind: str, *_: Any) -> bool:
    """Leave out what PostGIS brings along."""
    return not (kind == "table" and name == "spatial_ref_sys")


def test_the_migrations_make_what_the_schema_describes(
    new_address: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(PGDialect.ischema_names, "geometry", lambda *_, **__: Geometry())

    with opened(new_address) as store, store._engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_object": ours}
        )
        assert compare_metadata(context, METADATA) == []


def test_people_kept_before_the_roster_asked_more_of_them_can_work_at_any_time(new_address: str):
    with opened(new_address) as store:
        person = Worker(id="w1", name="Ana", municipality=DURRES, skills=frozenset())
        with store._engine.begin() as connection:
            connection.exec_driver_sql(
                "INSERT INTO workers (id, name, municipality, skills, trained, weekly_hours, "
                "synthetic) VALUES ('w1', 'Ana', 'AL0301', '', true, 40, false)"
            )
        assert store.workers() == (person,)


def test_visits_of_a_house_that_did_not_count_all_that_children_lack_are_kept_and_have_none(
    new_address: str, monkeypatch: pytest.MonkeyPatch
):
    made = visits(["p000", "p001"], outcome="spoken", n_seen=3, n_without_health_card=2)
    later = ["n_not_vaccinated", "n_not_registered"]
    rows = made.drop(columns=later)
    for name in ("started_at", "ended_at"):
        rows[name] = rows[name].dt.tz_convert(UTC)
    with (
        monkeypatch.context() as then,
        opened_at("0007", new_address, then) as older,
        older._engine.begin() as connection,
    ):
        table = Table("visits", MetaData(), autoload_with=connection)
        assert not set(later) & set(table.c.keys())
        connection.execute(table.insert(), rows.to_dict("records"))

    with opened(new_address) as store:
        pd.testing.assert_frame_equal(store.visits(), made, check_dtype=False)
        store.add({"visits": made.assign(**dict.fromkeys(later, 1))})
        assert store.visits()[later].to_numpy().tolist() == [[1, 1], [1, 1]]


def test_geometry_is_a_real_geometry_on_postgis(postgres: Postgres, migrated: str):
    with opened(postgres.address(migrated)) as store:
        postgres.empty(migrated)
        store.add({"places": places(1)})
        with store._engine.connect() as connection:
            row = connection.exec_driver_sql(
                "SELECT ST_SRID(geometry), GeometryType(geometry), ST_X(geometry) FROM places"
            ).one()

    assert row == (4326, "POINT", 19.4547)


def test_a_store_that_is_opened_again_holds_what_it_held(new_address: str):
    with opened(new_address) as store:
        store.add({"places": places(2)})

    with opened(new_address) as store:
        assert len(store.places()) == 2


def test_a_migration_that_is_cut_off_leaves_nothing_and_is_made_up_for(
    new_address: str, monkeypatch: pytest.MonkeyPatch
):
    whole = command.upgrade

    def cut_off(config: Any, revision: str) -> None:
        whole(config, revision)
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "upgrade", cut_off)
    with pytest.raises(KeyboardInterrupt):
        Store.open(new_address)
    monkeypatch.undo()

    url = new_address if "://" in new_address else f"sqlite:///{new_address}"
    left = set(inspect(create_engine(url, poolclass=NullPool)).get_table_names())
    assert not left & set(METADATA.tables)
    with opened(new_address) as store:
        assert store.is_empty()


def test_processes_that_open_a_new_store_together_all_get_it(new_address: str):
    code = "import sys; from data.store import Store; Store.open(sys.argv[1]).close()"

    end_well(*(child(code, new_address) for _ in range(2)))

    with opened(new_address) as store:
        assert store.is_empty()


@pytest.mark.skipif(os.name != "posix", reason="Rights of files are POSIX here.")
def test_only_the_owner_can_read_the_file_and_what_lies_beside_it(tmp_path: Path):
    before = os.umask(0)
    try:
        with opened(str(tmp_path / "deep" / "fener.sqlite")) as store:
            store.add({"places": places(1)})
            with store._engine.connect() as connection:
                connection.exec_driver_sql("SELECT 1 FROM places").all()
                modes = {
                    path.name: stat.S_IMODE(path.stat().st_mode)
                    for path in (tmp_path / "deep").iterdir()
                }
    finally:
        os.umask(before)

    assert modes == {f"fener.sqlite{end}": 0o600 for end in ("", "-wal", "-shm")}


@pytest.mark.parametrize("name", ["a b", "50%", "x?y=z", "#1", "ë"])
def test_a_folder_may_have_any_name(tmp_path: Path, name: str):
    path = tmp_path / name / "fener.sqlite"

    with opened(str(path)) as store:
        store.add({"places": places(1)})

    assert path.exists()
    with opened(str(path)) as store:
        assert len(store.places()) == 1


@pytest.mark.parametrize(
    "address", ["/dev/null/x/fener.sqlite", "postgresql+psycopg://fener@127.0.0.1:1/fener"]
)
def test_a_store_that_cannot_be_opened_is_told_in_a_sentence(address: str):
    with pytest.raises(ContractError) as fault:
        Store.open(address)

    assert fault.value.message == Message("account.store_unopened")


HALF_AN_IMPORT = """
import sys, time
from data.store import Store, records
from tests.builders import cases, places

whole = records.upsert

def half(connection, noun, frame):
    done = whole(connection, noun, frame)
    if noun == "cases":
        print("half", flush=True)
        time.sleep(60)
    return done

records.upsert = half
Store.open(sys.argv[1]).add({"places": places(8), "cases": cases(["p000"] * 500)}, kind="cases")
"""


def test_a_process_killed_half_way_through_an_import_leaves_the_store_as_it_was(address: str):
    with opened(address) as store:
        store.add({"places": places(1, name="Vend i vjetër")})

    dying = child(HALF_AN_IMPORT, address)
    assert dying.stdout is not None
    assert dying.stdout.readline().strip() == HALF
    with opened(address) as store:
        assert len(store.places()) == 1  # nobody sees half of it while it goes on
    dying.send_signal(signal.SIGKILL)
    dying.communicate()

    assert dying.returncode == -signal.SIGKILL
    with opened(address) as store:
        assert store.places()["name"].tolist() == ["Vend i vjetër"]
        assert store.cases().empty
        assert store.add({"places": places(8), "cases": cases(["p000"] * 500)}).n_new == 507


SAME_FILE = """
import sys
from data.store import Store
from tests.builders import cases, places
store = Store.open(sys.argv[1])
for _ in range(3):
    store.add({"places": places(8), "cases": cases(["p000"] * 300)})
"""

SAME_WEEK = """
import os
import sys
from dataclasses import replace
from data.nouns import Week
from data.store import Store
from tests.plans import plan_of
store = Store.open(sys.argv[1])
for n in range(10):
    store.save_plan(replace(plan_of(Week.parse("2026-W28")), seed=100 * os.getpid() + n))
"""


def test_two_processes_that_bring_the_same_file_keep_each_row_once(address: str):
    end_well(*(child(SAME_FILE, address) for _ in range(2)))

    with opened(address) as store:
        assert (len(store.places()), len(store.cases())) == (8, 300)


def test_two_processes_that_plan_the_same_week_keep_every_version(address: str):
    end_well(*(child(SAME_WEEK, address) for _ in range(2)))

    with opened(address) as store:
        plans = store.plans(DURRES, WEEK)
    assert [plan.version for plan in plans] == list(range(1, 21))
    assert len({plan.seed for plan in plans}) == 20
