"""Decisions on places: kept, undone, let go, and found again by a store of the first version."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pandas as pd
import pytest
from alembic import command
from sqlalchemy import Connection, MetaData, Table, insert, inspect

from data.errors import ContractError
from data.frames import CASES
from data.messages import Message
from data.nouns import Decision
from data.store import Store, records, register, schema
from data.store.engine import writing
from data.vocabulary import EvidenceKind, RegisterState
from tests.builders import DURRES, NOON, cases, places, visits
from tests.data.conftest import ENGINES
from tests.data.test_store import BASE, TEAM, WORKER
from tests.postgres import Postgres

CONFIRMED = Decision(
    place_id="p000",
    municipality=DURRES,
    state=RegisterState.CONFIRMED,
    evidence=EvidenceKind.RESIDENTS,
    decided_at=NOON,
    decided_by="mira",
    expires_at=NOON + timedelta(days=90),
    owner=TEAM.id,
    slots=("weekday-evening", "weekend-night"),
)
REFUSED = replace(CONFIRMED, state=RegisterState.REFUSED, owner="", slots=())
MERGED = replace(
    CONFIRMED, place_id="p001", state=RegisterState.MERGED, merged_into="p000", expires_at=None
)


@pytest.fixture
def known(store: Store) -> Store:
    """Return a store with three real places."""
    store.add({"places": places(3, synthetic=False)})
    return store


def test_a_decision_comes_back_as_it_was_made(known: Store):
    known.register.decide(CONFIRMED)
    known.register.decide(MERGED)

    assert known.register.decisions() == (CONFIRMED, MERGED)
    assert known.register.decisions(DURRES) == (CONFIRMED, MERGED)
    assert known.register.decisions("AL0302") == ()


def test_a_place_has_one_decision_and_the_one_before_is_handed_back(known: Store):
    assert known.register.decide(CONFIRMED) is None

    assert known.register.decide(REFUSED) == CONFIRMED

    assert known.register.decisions() == (REFUSED,)


def test_every_decision_renews_the_mark_and_so_does_its_undoing(known: Store):
    marks = [known.version()]

    known.register.decide(CONFIRMED)
    marks.append(known.version())
    known.register.decide(REFUSED)
    marks.append(known.version())
    known.register.put_back("p000", now=REFUSED, before=CONFIRMED)
    marks.append(known.version())
    known.register.put_back("p000", now=CONFIRMED, before=None)
    marks.append(known.version())
    known.register.put_back("p000", now=None, before=REFUSED)
    marks.append(known.version())

    assert len(set(marks)) == len(marks)
    assert known.register.decisions() == (REFUSED,)


def test_nothing_is_undone_that_somebody_changed_since(known: Store):
    known.register.decide(CONFIRMED)
    known.register.decide(REFUSED)

    with pytest.raises(ContractError) as fault:
        known.register.put_back("p000", now=CONFIRMED, before=None)

    assert fault.value.message == Message("register.changed_since")
    assert known.register.decisions() == (REFUSED,)


def test_a_place_worked_out_from_cases_is_kept_with_its_decision_or_neither_is(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    def cut_off(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(register, "_put", cut_off)
    with pytest.raises(KeyboardInterrupt):
        store.register.decide(CONFIRMED, places=places(1))
    assert store.places().empty
    monkeypatch.undo()

    store.register.decide(CONFIRMED, places=places(1))

    assert store.places()["place_id"].tolist() == ["p000"]
    assert store.register.decisions() == (CONFIRMED,)


def test_a_place_that_is_erased_takes_what_was_decided_on_it_along(known: Store):
    known.register.decide(CONFIRMED)
    known.register.decide(MERGED)

    assert known.erase("places", "p000")

    assert known.register.decisions() == ()
    assert known.places()["place_id"].tolist() == ["p001", "p002"]


@pytest.mark.parametrize("owner", [TEAM.id, WORKER.id])
def test_a_person_or_team_that_is_erased_owns_no_place_any_more(known: Store, owner: str):
    known.put_crew(bases=[BASE], workers=[WORKER], teams=[TEAM])
    known.register.decide(replace(CONFIRMED, owner=owner))

    known.erase_team(TEAM.id)
    known.erase_worker(WORKER.id)

    assert known.register.decisions() == (replace(CONFIRMED, owner=""),)


def test_what_was_decided_on_invented_data_goes_with_it(store: Store):
    store.add({"places": places(3)})
    store.register.decide(CONFIRMED, synthetic=True)
    store.register.decide(MERGED, synthetic=True)
    assert store.all_synthetic()

    store.clear_synthetic()

    assert store.is_empty()
    assert store.register.decisions() == ()


def test_an_invented_decision_on_a_place_that_stays_goes_and_is_the_demo_until_then(store: Store):
    store.add({"places": places(1)})
    store.add({"visits": visits(["p000"], synthetic=False)})
    store.register.decide(CONFIRMED, synthetic=True)
    assert store.holds_demo()

    store.clear_synthetic()

    assert store.register.decisions() == ()
    assert not store.holds_demo()
    assert store.places()["place_id"].tolist() == ["p000"]


def test_the_places_that_a_real_decision_names_stay_and_no_others(store: Store):
    store.add({"places": places(4)})
    store.register.decide(MERGED)

    store.clear_synthetic()

    assert store.places()["place_id"].tolist() == ["p000", "p001"]
    assert store.register.decisions() == (MERGED,)


def test_a_real_decision_without_a_merged_place_keeps_no_invented_place_alive(store: Store):
    store.add({"places": places(4)})
    store.register.decide(CONFIRMED)  # its empty `merged_into` names no place

    store.clear_synthetic()

    assert store.places()["place_id"].tolist() == ["p000"]


def test_undoing_a_decision_on_invented_data_leaves_it_invented(store: Store):
    store.add({"places": places(1)})
    store.register.decide(CONFIRMED, synthetic=True)
    store.register.decide(REFUSED, synthetic=True)

    store.register.put_back("p000", now=REFUSED, before=CONFIRMED, synthetic=True)

    assert store.all_synthetic()


def test_the_first_real_decision_on_a_new_place_takes_the_demo_away_with_it_or_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    store.add({"places": places(3)})
    new = places(1, synthetic=False).assign(place_id="new")
    decided = replace(CONFIRMED, place_id="new")

    with monkeypatch.context() as patched:
        patched.setattr(register, "renew", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            store.register.decide(decided, places=new, instead_of_demo=True)
    assert len(store.places()) == 3

    store.register.decide(decided, places=new, instead_of_demo=True)

    assert store.places()["place_id"].tolist() == ["new"]
    assert store.register.decisions() == (decided,)


@pytest.mark.parametrize(
    "changes",
    [
        {"merged_into": "p001"},
        {"expires_at": None},
        {"state": RegisterState.MERGED},
        {"state": RegisterState.MERGED, "merged_into": "p001"},
        {"state": RegisterState.MERGED, "merged_into": "p000", "expires_at": None},
    ],
)
def test_a_decision_never_says_two_things_at_once(changes: dict[str, Any]):
    with pytest.raises(ValueError, match="merged"):
        replace(CONFIRMED, **changes)


def _put_then(connection: Connection, table: Table, row: dict[str, Any]) -> None:
    """Write a row as an earlier version did: into the columns that there were."""
    was = Table(table.name, MetaData(), autoload_with=connection)
    known = {name: value for name, value in row.items() if name in was.c}
    connection.execute(was.insert(), known)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_store_of_the_first_version_keeps_its_data_and_gets_a_register(
    engine: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
):
    address = str(tmp_path / "first.sqlite")
    if engine == "postgis":
        server: Postgres = request.getfixturevalue("postgres")
        address = server.address(server.new())
    whole = command.upgrade
    monkeypatch.setattr(command, "upgrade", lambda config, _: whole(config, "0001"))
    first = Store.open(address)
    assert "register" not in inspect(first._engine).get_table_names()
    first.add({"places": places(3, synthetic=False)})
    # As the first version wrote it: spans were not known then.
    case = cases(["p000"], synthetic=False)
    row = {name: case[name].iloc[0] for name in CASES.columns if name != "identified_until"}
    row |= {"identified_at": row["identified_at"].to_pydatetime(), "referred_at": None}
    row |= {"hour_known": True, "synthetic": False, "geometry": case.geometry.iloc[0]}
    with writing(first._engine) as connection:
        connection.execute(insert(schema.CASES).values(row))
    with monkeypatch.context() as then:
        then.setattr(records, "_put", _put_then)
        first.put_crew(bases=[BASE], workers=[WORKER], teams=[TEAM])
    mark = first.version()
    first.close()
    monkeypatch.undo()

    store = Store.open(address)

    known, was = (pd.DataFrame(frame) for frame in (store.cases(), case))
    pd.testing.assert_frame_equal(known, was, check_dtype=False)
    team = replace(TEAM, languages=frozenset())
    assert (len(store.places()), store.teams(), store.version()) == (3, (team,), mark)
    assert store.register.decisions() == ()
    store.register.decide(CONFIRMED)
    assert store.register.decisions() == (CONFIRMED,)
    store.close()
