"""The store's mark changes with what is known, and with nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from data.access import Purpose
from data.nouns import Viewer
from data.store import Store, UnitStatus
from data.vocabulary import MappingStatus, Role
from tests.builders import DURRES, cases, places, visits


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Return a store with two places and a case."""
    made = Store.open(tmp_path / "s.sqlite")
    made.add({"places": places(2), "cases": cases(["p000"])})
    return made


def test_what_is_added_corrected_erased_or_cleared_changes_it(store: Store):
    marks = [store.version()]

    for change in (
        lambda: store.add({"visits": visits(["p000"])}),
        lambda: store.correct("places", "p001", {"name": "Tjetër"}),
        lambda: store.erase("places", "p001"),
        store.clear_synthetic,
    ):
        change()
        marks.append(store.version())

    assert len(set(marks)) == len(marks)


def test_the_same_rows_again_and_what_is_no_place_or_case_leave_it(store: Store):
    before = store.version()

    store.add({"places": places(2)})
    store.set_setting("cpu_phone", "1")
    viewer = Viewer(account="a", name="a", role=Role.COORDINATOR)
    store.audit.add(viewer, "map.see", purpose=Purpose.MAP)
    store.set_unit_status(
        UnitStatus(
            unit="u", municipality=DURRES, status=MappingStatus.LOOKED_NONE, at=datetime.now(UTC)
        )
    )

    assert store.version() == before


def test_a_new_store_has_none(tmp_path: Path):
    assert Store.open(tmp_path / "new.sqlite").version() == ""
