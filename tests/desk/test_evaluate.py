"""The coordinator reads whether earlier maps found later cases; the file says the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from layers.words import LANGUAGES, Words
from tests.builders import DURRES
from tests.houses import ask

TIRANA = "AL1105"
#: Hardly any cases are known there.
KRUJE = "AL0302"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_answer_comes_first_and_the_table_names_every_map(
    language: str, home: Path, capsys: pytest.CaptureFixture[str]
):
    assert home.exists()
    words = Words(language)

    code, said, fault = ask(
        *("--language", language, "evaluate", "hotspots", "--municipality", TIRANA), capsys=capsys
    )

    assert (code, fault) == (0, "")
    lines = said.splitlines()
    assert lines[0] == words("mark.synthetic")
    for name in ("density", "count", "kde_250", "kde_2000"):
        rows = [line for line in lines if line.startswith(words(f"evaluation.method.{name}"))]
        assert len(rows) == 3
    table = next(i for i, line in enumerate(lines) if "PAI" in line)
    assert sum("10 %" in line for line in lines[:table]) == 1


def test_too_few_is_an_answer_and_the_file_says_the_same(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert home.exists()
    out = tmp_path / "out" / "found.json"

    code, said, _ = ask(
        *("evaluate", "hotspots", "--municipality", KRUJE, "--out", out), capsys=capsys
    )

    assert code == 0
    kept = json.loads(out.read_text(encoding="utf-8"))
    assert kept["synthetic"] is True
    assert kept["verdict"]["id"] == "evaluation.too_few"
    assert kept["verdict"]["n"] == kept["test"] < kept["verdict"]["needed"]
    assert f"{kept['test']} of 30 cases" in said


def test_the_file_has_every_map_at_every_share_and_no_case(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert home.exists()
    out = tmp_path / "found.json"

    code, _, _ = ask(
        *("evaluate", "hotspots", "--municipality", TIRANA, "--out", out), capsys=capsys
    )

    assert code == 0
    kept = json.loads(out.read_text(encoding="utf-8"))
    assert kept["verdict"] is None
    assert all(len(scores) == 3 for scores in kept["methods"].values())
    assert [one["share"] for one in kept["comparisons"]] == [0.01, 0.05, 0.1]
    assert "case_code" not in out.read_text(encoding="utf-8")


def test_how_often_the_forecasts_held_stands_in_the_file_and_in_a_sentence(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert home.exists()
    out = tmp_path / "found.json"

    _, said, _ = ask(
        *("evaluate", "hotspots", "--municipality", DURRES, "--out", out), capsys=capsys
    )

    sure = json.loads(out.read_text(encoding="utf-8"))["intervals"]
    assert [one["level"] for one in sure["levels"]] == [0.8, 0.95]
    for one in sure["levels"]:
        assert 0 <= one["share_95"][0] <= one["held"] / one["n"] <= one["share_95"][1] <= 1
    assert all(one["low"] <= one["high"] for one in sure["said"])
    # The demo has too few quarters: that is said once, not for each level.
    assert {one["verdict"] for one in sure["levels"]} == {"held_too_few"}
    few = Words("en")("evaluation.held_too_few", n=sure["levels"][0]["n"], needed=12)
    assert said.count(few) == 1


def test_a_municipality_that_is_none_is_told_and_nothing_is_written(
    new_home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert not new_home.exists()
    out = tmp_path / "found.json"

    code, _, fault = ask(
        *("evaluate", "hotspots", "--municipality", "AL9999", "--out", out), capsys=capsys
    )

    assert (code, fault.strip()) == (2, Words("en")("desk.municipality_unknown"))
    assert not out.exists()
