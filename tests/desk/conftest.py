"""The demo's house and a plan in it, copied for each test that changes them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.houses import Made, kept_in


@pytest.fixture(autouse=True)
def _no_other_house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep every test out of the house of whoever runs it."""
    for name in ("FENER_STORE", "FENER_LANGUAGE", "FENER_ADDRESS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("FENER_HOME", str(tmp_path / "home"))


@pytest.fixture
def home(demo_home: Path, tmp_path: Path) -> Path:
    """Return a copy of the demo's house, in which this process lives."""
    return shutil.copytree(demo_home, tmp_path / "home")


@pytest.fixture
def planned_home(made: Made, tmp_path: Path) -> Path:
    """Return a copy of the house in which the plan was kept, in which this process lives."""
    return shutil.copytree(made.home, tmp_path / "home")


@pytest.fixture
def new_home(tmp_path: Path) -> Path:
    """Return where no house is yet, in which this process will live."""
    return tmp_path / "home"


@pytest.fixture(scope="module")
def untouched(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Return a house and its rows that no command of a whole module may change."""
    home = shutil.copytree(made.home, tmp_path_factory.mktemp("untouched") / "home")
    return replace(made, home=home, rows=kept_in(home))


@pytest.fixture
def refusing(untouched: Made, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return the untouched house, in which this process lives; fail if it was touched."""
    monkeypatch.setenv("FENER_HOME", str(untouched.home))
    yield untouched.home
    assert kept_in(untouched.home) == untouched.rows
    assert not list(untouched.home.glob("streets/*"))
