"""The demonstration: loaded where nothing is known, and taken away by who may."""

from __future__ import annotations

import subprocess
import sys
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

ROOT = Path(__file__).resolve().parents[2]
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


LOADING = """
import sys
from pathlib import Path
from desk import demo
from desk.wiring import open_house
from tests.data import test_store_invented

def made(*_):
    print("made", flush=True)
    sys.stdin.readline()
    return test_store_invented.demo()

demo.make_demo = made
print(demo.load_if_empty(open_house(Path(sys.argv[1]))))
"""


def test_of_two_processes_that_load_a_new_house_one_does_and_the_other_finds_it_loaded(
    new_home: Path,
):
    both = [
        subprocess.Popen(
            [sys.executable, "-c", LOADING, str(new_home)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for one in both:  # each has seen an empty house before either writes
        assert one.stdout is not None
        assert one.stdout.readline() == "made\n"

    told = [one.communicate("go\n", timeout=60) for one in both]

    assert [one.returncode for one in both] == [0, 0], told
    assert sorted(out for out, _ in told) == ["False\n", "True\n"]
    assert [err for _, err in told] == ["", ""]
    house = open_house(new_home)
    assert len(house.store.visits()) == len(test_store_invented.demo().visits)
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
