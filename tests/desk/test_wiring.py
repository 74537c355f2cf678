"""Where the house lies, who can look into its folder, and which store it opens."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from data.access import Purpose
from data.errors import ContractError
from data.messages import Message
from desk.identity import operator
from desk.wiring import data_home, open_house
from tests.builders import places


@pytest.mark.skipif(os.name != "posix", reason="Rights of files are POSIX here.")
def test_only_its_owner_can_look_into_a_new_folder(new_home: Path):
    before = os.umask(0)
    try:
        open_house(new_home)
    finally:
        os.umask(before)

    assert stat.S_IMODE(new_home.stat().st_mode) == 0o700
    assert stat.S_IMODE((new_home / "fener.sqlite").stat().st_mode) == 0o600


def test_the_folder_is_the_one_that_is_named_else_the_users_own(
    new_home: Path, monkeypatch: pytest.MonkeyPatch
):
    assert data_home() == new_home
    monkeypatch.delenv("FENER_HOME")
    assert data_home().name == "fener"
    monkeypatch.setenv("FENER_HOME", "")
    assert data_home().is_absolute()


def test_the_same_folder_is_the_same_house_however_it_is_written(new_home: Path):
    assert open_house(new_home) is open_house(new_home / ".." / new_home.name)


def test_another_store_is_opened_where_one_is_named(
    new_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("FENER_STORE", str(tmp_path / "elsewhere.sqlite"))

    open_house(new_home).store.add({"places": places(1)})

    assert (tmp_path / "elsewhere.sqlite").exists()
    assert not (new_home / "fener.sqlite").exists()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path):
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(ContractError) as fault:
        open_house(tmp_path / "file" / "home")

    assert fault.value.message == Message("account.store_unopened")


def test_a_line_of_the_audit_goes_into_the_houses_own_store(new_home: Path):
    house = open_house(new_home)

    house.audit(operator(), "x", purpose=Purpose.MAP, scope="AL0301", export_sha256="ab")

    (line,) = house.store.audit.last(5)
    assert (line.account, line.action, line.scope) == ("machine (operator)", "x", "AL0301")
