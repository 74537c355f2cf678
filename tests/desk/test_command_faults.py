"""What is asked for wrongly is told in one sentence, and that is all that happens."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from desk import exports
from layers.words import Words
from tests.builders import DURRES
from tests.houses import FILES_DIR, WEEK, ask, is_plain_sentence

EN = Words("en")

Command = Callable[[Path], list[str]]


def wrong(*more: str, without: str = "") -> Command:
    """Return a plan's command with something else in it."""

    def command(folder: Path) -> list[str]:
        usual = {
            "--municipality": DURRES,
            "--week": WEEK,
            "--seed": "7",
            "--out": str(folder / "o"),
        }
        changed = dict(zip(more[::2], more[1::2], strict=True))
        kept = {k: v for k, v in {**usual, **changed}.items() if k != without}
        return ["plan", *(part.format(folder=folder) for item in kept.items() for part in item)]

    return command


def bad_files(folder: Path) -> None:
    """Write files of every kind that cannot be read."""
    (folder / "empty.csv").write_bytes(b"")
    (folder / "noise.csv").write_bytes(bytes(range(256)) * 9)
    (folder / "folder.csv").mkdir()
    (folder / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0" + b"\0" * 999)
    (folder / "area.geojson").write_text('{"type": "Point", "coordinates": [19, 41]}', "utf-8")
    head = "case_code,identified_at,lat,lon,sector,risk_degree,source,synthetic"
    row = "X-1,31.02.2026,41.32,19.45,street,high,patrol,yes"
    (folder / "no_valid_row.csv").write_text(f"{head}\n{row}\n", "utf-8")
    (folder / "a_file").write_text("", "utf-8")


FAULTS: dict[str, Command] = {
    **{
        f"week {week!r}": wrong("--week", week)
        for week in ("2026-28", "2026-W60", "W28", "", "26-W28", "2026-W0", "next", "2026-W28-1")
    },
    **{
        f"municipality {code!r}": wrong("--municipality", code)
        for code in ("AL9999", "", "Durrës", "AL03", "AL0301 ")
    },
    **{f"seed {seed}": wrong("--seed", seed) for seed in ("-1", "4294967296")},
    **{
        f"{option} {name}": wrong(option, f"{{folder}}/{name}")
        for option in ("--cases", "--visits", "--teams", "--streets")
        for name in ("missing.csv", "empty.csv", "noise.csv", "folder.csv", "old.xls")
    },
    "a crew that cannot keep the rules": wrong("--teams", str(FILES_DIR / "teams.csv")),
    "no valid row": wrong("--cases", "{folder}/no_valid_row.csv"),
    **{
        f"area {name}": wrong("--area", f"{{folder}}/{name}", without="--municipality")
        for name in ("missing.geojson", "empty.csv", "noise.csv", "area.geojson")
    },
    "an area without streets": wrong(
        "--area", str(FILES_DIR / "area.geojson"), without="--municipality"
    ),
    "out is a file": wrong("--out", "{folder}/a_file"),
    "out lies below a file": wrong("--out", "{folder}/a_file/deep/er"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_in_one_plain_sentence_with_nothing_half_written(
    name: str, refusing: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    bad_files(tmp_path)
    files = sorted(tmp_path.rglob("*"))
    assert refusing.exists()

    code, _, fault = ask(*FAULTS[name](tmp_path), capsys=capsys)

    assert code == 2
    assert is_plain_sentence(fault), fault
    assert sorted(tmp_path.rglob("*")) == files


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["plan"],
        ["plan", "--municipality", DURRES, "--week", WEEK],
        ["plan", "--municipality", DURRES, "--area", "x", "--week", WEEK, "--out", "o"],
        ["plan", "--municipality", DURRES, "--week", WEEK, "--seed", "x", "--out", "o"],
        ["cases"],
        ["fly"],
    ],
    ids=" ".join,
)
def test_a_command_that_is_not_one_ends_with_the_same_code(
    arguments: list[str], new_home: Path, capsys: pytest.CaptureFixture[str]
):
    code, said, fault = ask(*arguments, capsys=capsys)

    assert (code, said) == (2, "")
    assert "error:" in fault
    assert not new_home.exists()


@pytest.mark.parametrize("noun", ["cases", "visits", "teams"])
@pytest.mark.parametrize("name", ["missing.csv", "empty.csv", "noise.csv", "folder.csv", "old.xls"])
def test_a_file_that_cannot_be_read_is_told_and_changes_nothing(
    noun: str, name: str, refusing: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    bad_files(tmp_path)
    assert refusing.exists()

    code, said, fault = ask(noun, "import", tmp_path / name, capsys=capsys)

    assert (code, said) == (2, "")
    assert is_plain_sentence(fault), fault


@pytest.mark.parametrize(
    "command",
    [
        lambda folder: ["cases", "import", str(folder / "no_valid_row.csv")],
        wrong("--cases", "{folder}/no_valid_row.csv"),
    ],
    ids=["import", "plan"],
)
def test_without_a_valid_row_the_sentence_names_the_row_and_the_mend(
    command: Command, refusing: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    bad_files(tmp_path)
    assert refusing.exists()

    code, _, fault = ask(*command(tmp_path), capsys=capsys)

    assert code == 2
    rule = EN("import.rule.date", field="@import.field.identified_at")
    assert fault.strip() == f"No row is valid. Row 2: {rule}"


@pytest.mark.parametrize("target", ["a_file/report.csv", "folder.csv"])
def test_a_report_that_cannot_be_written_is_told(
    target: str, refusing: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    bad_files(tmp_path)
    files = sorted(tmp_path.rglob("*"))
    assert refusing.exists()

    code, said, fault = ask("report", "--out", tmp_path / target, capsys=capsys)

    assert (code, said) == (2, "")
    assert fault.strip() == EN("desk.unwritable")
    assert sorted(tmp_path.rglob("*")) == files


def test_a_folder_of_somebody_else_is_told(
    refusing: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    assert refusing.exists()
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    # Whoever runs the tests may be allowed to write everywhere.
    monkeypatch.setattr(exports.os, "access", lambda path, _: Path(path) != theirs)

    code, _, fault = ask(*wrong("--out", "{folder}/theirs/deep/er")(tmp_path), capsys=capsys)

    assert (code, fault.strip()) == (2, EN("desk.unwritable"))
    assert list(theirs.iterdir()) == []


@pytest.mark.parametrize("code", ["AL9999", "", "Durrës"])
@pytest.mark.parametrize(
    "arguments",
    [
        ["streets", "fetch", "{code}"],
        ["pack", "--municipality", "{code}", "--week", WEEK, "--out", "{folder}/out"],
        ["users", "invite", "new", "--role", "coordinator", "--municipality", "{code}"],
    ],
    ids=lambda a: " ".join(a[:2]),
)
def test_an_unknown_municipality_is_told_by_every_command(
    arguments: list[str],
    code: str,
    refusing: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
):
    assert refusing.exists()
    asked = [part.format(code=code, folder=tmp_path) for part in arguments]

    outcome, said, fault = ask(*asked, capsys=capsys)

    assert (outcome, said) == (2, "")
    assert is_plain_sentence(fault)
    assert not (tmp_path / "out").exists()


def test_a_week_without_a_plan_has_no_packs(
    refusing: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert refusing.exists()
    asked = ("--municipality", DURRES, "--week", "2026-W29", "--out", tmp_path / "out")

    code, _, fault = ask("pack", *asked, capsys=capsys)

    assert (code, fault.strip()) == (2, EN("desk.no_plan"))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("value", ["/dev/null/home", "{folder}/a_file"])
def test_a_house_that_cannot_be_opened_is_told(
    value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    bad_files(tmp_path)
    monkeypatch.setenv("FENER_HOME", value.format(folder=tmp_path))

    code, said, fault = ask("users", "list", capsys=capsys)

    assert (code, said) == (2, "")
    assert is_plain_sentence(fault)
