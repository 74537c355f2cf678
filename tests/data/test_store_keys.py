"""The masking key: one for a folder, readable by its owner only, whole or not there."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from data.errors import AccessDeniedError
from data.messages import Message
from data.store import keys
from data.store.keys import mask_key

posix = pytest.mark.skipif(os.name != "posix", reason="Rights of files are POSIX here.")


def test_a_key_is_made_once_and_says_which_year_it_serves(tmp_path: Path):
    first, second = mask_key(tmp_path), mask_key(tmp_path)

    assert first == second
    assert len(first.key) == 32
    assert first.epoch == str(datetime.now(UTC).year)


def test_every_folder_has_a_key_of_its_own(tmp_path: Path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()

    assert mask_key(tmp_path / "a").key != mask_key(tmp_path / "b").key


@posix
def test_only_its_owner_can_read_it_whatever_the_usual_rights_are(tmp_path: Path):
    before = os.umask(0)
    try:
        mask_key(tmp_path)
    finally:
        os.umask(before)

    (path,) = tmp_path.iterdir()
    assert path.name == "mask-key.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@posix
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o611])
def test_a_key_that_others_can_read_is_refused_with_the_mend(tmp_path: Path, mode: int):
    mask_key(tmp_path)
    (tmp_path / "mask-key.json").chmod(mode)

    with pytest.raises(AccessDeniedError) as fault:
        mask_key(tmp_path)

    assert fault.value.message == Message("access.key_open")


def test_a_key_whose_writing_was_cut_off_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def cut_off(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(keys.json, "dump", cut_off)
    with pytest.raises(KeyboardInterrupt):
        mask_key(tmp_path)
    monkeypatch.undo()

    assert len(mask_key(tmp_path).key) == 32


def test_many_who_ask_first_get_the_same_key(tmp_path: Path):
    with ThreadPoolExecutor(8) as hands:
        made = set(hands.map(lambda _: mask_key(tmp_path).key, range(32)))

    assert len(made) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["mask-key.json"]
