"""Several weeks from the terminal: a folder each, and a sentence where they are too many."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from desk.choices import PlanChoices
from desk.wiring import open_house
from layers.words import Words
from tests.builders import DURRES
from tests.houses import WEEK, ask

ASKED = ("plan", "--municipality", DURRES, "--week", WEEK, "--seed", "7")


@pytest.mark.slow
def test_each_week_gets_a_folder_with_all_of_its_files(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    out = tmp_path / "out"

    code, told, _ = ask(*ASKED, "--weeks", "2", "--out", out, capsys=capsys)

    assert code == 0
    assert sorted(one.name for one in out.iterdir()) == ["2026-W28", "2026-W29"]
    for folder in out.iterdir():
        plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
        assert plan["week"] == folder.name
        assert (folder / "sheets.pdf").exists()
        assert Words("en")("desk.plan_of_week", week=folder.name) in told
    weeks = {str(plan.week) for plan in open_house(home).store.plans(DURRES)}
    assert weeks == {"2026-W28", "2026-W29"}


@pytest.mark.parametrize("weeks", ["0", "9"])
def test_too_many_weeks_are_one_sentence_and_nothing_is_written(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], weeks: str
):
    assert home.exists()

    code, _, said = ask(*ASKED, "--weeks", weeks, "--out", tmp_path / "out", capsys=capsys)

    assert code == 2
    assert said.strip() == Words("en")("desk.weeks_range", low=1, high=8)
    assert not (tmp_path / "out").exists()


def test_choices_come_back_from_json_as_they_were():
    choices = PlanChoices(
        weeks=4,
        most_stops=6,
        end_bases=(("t1", "b2"),),
        needs=(("p1", 2, 7, 3),),
        promises=(("p2", 4, 17),),
        must_places=("p3",),
    )

    assert PlanChoices.of(json.loads(json.dumps(choices.record()))) == choices
    assert choices.settings().stops.needs[0].need.interval_days == 3.5
    assert choices.settings().routes.end_bases == {"t1": "b2"}
