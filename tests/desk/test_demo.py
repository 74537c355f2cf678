"""The demonstration: loaded where nothing is known, and taken away by who may."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from data import reference
from data.errors import AccessDeniedError
from data.nouns import Viewer
from data.store import UnitStatus
from data.vocabulary import MappingStatus, Role
from desk import demo
from desk.identity import operator
from desk.wiring import House, open_house
from tests.builders import DURRES, cases
from tests.data import test_store_invented
from tests.data.test_store import WORKER

ADMINISTRATOR = Viewer(account="d", name="d", role=Role.ADMINISTRATOR)


@pytest.fixture
def house(new_home: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    """Return an empty house; the demo is that of one municipality here."""
    monkeypatch.setattr(demo, "make_demo", lambda *_: test_store_invented.demo())
    return open_house(new_home)


def actions(house: House) -> list[str]:
    return [f"{line.account} {line.action}" for line in house.store.audit.last(9)]


def test_an_empty_house_gets_the_demo_once_and_the_audit_says_so(house: House):
    assert demo.load_if_empty(house)
    n = len(house.store.cases())

    assert not demo.load_if_empty(house)

    assert house.store.all_synthetic()
    assert len(house.store.cases()) == n > 0
    assert actions(house) == ["machine (operator) demo.load"]


def test_a_house_where_something_real_is_known_never_gets_it(house: House):
    said = UnitStatus(
        unit=reference.units(DURRES)[0].id,
        municipality=DURRES,
        status=MappingStatus.LOOKED_NONE,
        at=datetime(2026, 7, 1, tzinfo=UTC),
    )
    house.store.set_unit_status(said)

    assert not demo.load_if_empty(house)

    assert house.store.cases().empty
    assert house.store.unit_statuses() == (said,)
    assert actions(house) == []


@pytest.mark.parametrize("role", [Role.FIELD, Role.COORDINATOR, Role.AGENCY])
def test_only_an_administrator_takes_it_away(house: House, role: Role):
    demo.load_if_empty(house)

    for viewer in (replace(ADMINISTRATOR, role=role), operator(role)):
        with pytest.raises(AccessDeniedError):
            demo.clear(house, viewer)
    assert house.store.all_synthetic()

    demo.clear(house, ADMINISTRATOR)
    assert house.store.is_empty()
    assert actions(house)[0] == "d demo.clear"


def test_what_is_real_stays_when_it_goes(house: House):
    demo.load_if_empty(house)
    house.store.put_crew(workers=[WORKER])
    house.store.add({"cases": cases([""], synthetic=False)})

    demo.clear(house, ADMINISTRATOR)

    assert house.store.workers() == (WORKER,)
    assert house.store.cases()["case_code"].tolist() == ["c0000"]


def test_a_demo_that_was_cleared_comes_back_only_when_it_is_asked_for(house: House):
    demo.load_if_empty(house)
    demo.clear(house, ADMINISTRATOR)

    assert not demo.load_if_empty(house)
    assert house.store.is_empty()
    assert demo.load(house)
    assert not house.store.is_empty()
