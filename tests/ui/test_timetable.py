"""What the timetable's script is given: data and sentences, and nothing to run."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path

import pytest

from desk.timetable import lanes_of
from layers.words import LANGUAGES, Words
from tests.changes import BEFORE, WEEK, small_plan
from ui.widgets.timetable import TimetableData, timetable_data

SCRIPTS = Path(__file__).resolve().parents[2] / "ui" / "scripts"
TEAMS = {team.id: team.name for team in small_plan().teams}
ROUNDS = {shift.id: f"Dalja {shift.id}" for shift in small_plan().shifts}


def data(language: str = "en", now: datetime = BEFORE) -> TimetableData:
    lanes = lanes_of(small_plan(), WEEK.monday, now)
    return timetable_data(lanes, ROUNDS, TEAMS, Words(language))


def asked_for(pattern: str) -> set[str]:
    return {
        name
        for path in SCRIPTS.glob("*.js")
        for name in re.findall(pattern, path.read_text(encoding="utf-8"))
    }


def test_the_track_runs_over_whole_hours_and_holds_every_lane():
    found = data()

    assert (found["begin"], found["end"]) == (9 * 60, 16 * 60)
    assert [lane["name"] for lane in found["lanes"]] == [
        "Ekipi t1 · 09:00\N{EN DASH}16:00",
        "Ekipi t2 · 12:00\N{EN DASH}16:00",
    ]
    assert len({lane["colour"] for lane in found["lanes"]}) == 2
    assert [one["shift"] for one in found["rounds"]] == list(ROUNDS)


def test_a_bar_says_when_its_place_may_be_visited():
    bars = data()["lanes"][0]["bars"]

    assert {bar["hours"] for bar in bars} == {
        Words("en")("decide.open", hours="09:00\N{EN DASH}17:00")
    }


def test_the_data_are_plain_enough_to_travel():
    assert json.loads(json.dumps(data())) == json.loads(json.dumps(data()))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_script_has_every_sentence_it_says_and_says_every_one_it_has(language: str):
    said = data(language)["words"]

    asked = asked_for(r"\bwords\.(\w+)") | set(
        re.findall(r'"(\w+)"', "".join(asked_for(r"for \(const name of (\[[^]]*\])\)")))
    )

    assert set(said) == asked
    assert all(said.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_script_fills_in_is_left_in_braces(language: str):
    said = data(language)["words"]

    assert set(re.findall(r"\{(\w+)\}", said["changed_time"])) == {"place", "before", "after"}
    assert set(re.findall(r"\{(\w+)\}", said["changed_both"])) == {"place", "team", "after"}
    assert "{n}" in said["way"]


def test_a_script_turns_data_into_text_and_asks_nobody():
    forbidden = (
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\b|new Function"
        r"|\bfetch\b|XMLHttpRequest|WebSocket|sendBeacon|import\(|localStorage|sessionStorage"
        r"|https?://(?!www\.w3\.org/2000/svg)"
    )

    assert asked_for(rf"({forbidden})") == set()
