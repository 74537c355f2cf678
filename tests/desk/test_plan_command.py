"""`fener.py plan` as its users run it: every file, the schema, the same bytes, and in time."""

from __future__ import annotations

import json
import re
import shutil
import stat
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from data.nouns import Week
from desk.wiring import open_house
from layers.words import Words
from tests.builders import DURRES
from tests.houses import WEEK, Made, ask, terminal

FILES = {
    *("plan.json", "stops.csv", "routes.geojson", "routes.gpx"),
    *("roster.ics", "roster.xlsx", "sheets.pdf"),
}
REASON = {"id", "params", "sq", "en"}
#: What each record of the JSON has: what other programs rely on, then what we say beside it.
SCHEMA: dict[str, tuple[set[str], set[str]]] = {
    "plan": (
        {
            *("schema_version", "synthetic", "streets", "municipality", "week", "seed"),
            *("cut_by_time", "shifts", "routes", "left_out", "workers", "settings"),
        },
        {
            *("id", "version", "status", "area", "as_of", "notes", "cost"),
            *("based_on", "approved_by", "approved_at", "changes", "locked"),
        },
    ),
    "shift": ({"id", "team", "start", "end", "workers"}, {"base", "mode", "on_call"}),
    "route": ({"shift", "legs", "stops"}, {"break"}),
    "leg": ({"from", "to", "travel_s", "distance_m"}, {"departs"}),
    "stop": (
        {"stop", "lon", "lat", "arrive", "leave", "window", "prize", "reason"},
        {"place", "must", "exploration", "purpose"},
    ),
    "left_out": ({"stop", "reason"}, {"place"}),
    "worker": ({"worker", "skills", "unavailable"}, set()),
}


@pytest.fixture(scope="module")
def plan(made: Made) -> dict[str, Any]:
    return json.loads((made.out / "plan.json").read_text(encoding="utf-8"))


def has_fields(kind: str, record: dict[str, Any]) -> None:
    promised, beside = SCHEMA[kind]
    assert set(record) == promised | beside


def moment(text: str) -> datetime:
    """Return a moment that says its offset, as the schema wants it."""
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+0[12]:00", text), text
    return datetime.fromisoformat(text)


def is_reason(record: dict[str, Any]) -> None:
    assert set(record) == REASON
    assert isinstance(record["params"], dict)
    assert all(record[language] for language in ("sq", "en"))


def test_forty_places_and_three_teams_take_less_than_twenty_seconds(made: Made):
    store = open_house(made.home).store

    assert len(store.places(DURRES)) == 40
    assert len(store.teams(DURRES)) == 3
    assert made.seconds < 20


def test_every_file_that_is_promised_is_written_and_no_other(made: Made, plan: dict[str, Any]):
    found = {str(p.relative_to(made.out)) for p in made.out.rglob("*") if p.is_file()}
    packs = {name for name in found if name.startswith("packs/")}

    assert found - packs == FILES
    shifts = {shift["id"]: shift for shift in plan["shifts"]}
    rounds = {
        (shifts[r["shift"]]["team"], shifts[r["shift"]]["start"][:10]) for r in plan["routes"]
    }
    assert packs == {f"packs/{team}-{day}.html" for team, day in rounds}
    assert all((made.out / name).stat().st_size > 500 for name in found)
    assert made.told.splitlines()[-1] == Words("en")(
        "desk.plan_written",
        n=len(found),
        routes=len(plan["routes"]),
        stops=sum(len(route["stops"]) for route in plan["routes"]),
    )


def test_only_their_owner_can_read_the_files(made: Made):
    modes = {stat.S_IMODE(p.stat().st_mode) for p in made.out.rglob("*") if p.is_file()}

    assert modes == {0o600}


def test_the_json_has_the_schema_that_other_programs_rely_on(plan: dict[str, Any]):
    has_fields("plan", plan)
    assert (plan["schema_version"], plan["synthetic"]) == (1, True)
    assert (plan["streets"], plan["municipality"]) == ("illustrative", DURRES)
    assert (plan["week"], plan["seed"], plan["cut_by_time"]) == (WEEK, 7, False)
    assert isinstance(plan["settings"], dict)
    for shift in plan["shifts"]:
        has_fields("shift", shift)
        assert moment(shift["start"]) < moment(shift["end"])
        assert len(shift["workers"]) >= 2
    for one in plan["left_out"]:
        has_fields("left_out", one)
        is_reason(one["reason"])
    for worker in plan["workers"]:
        has_fields("worker", worker)
        assert worker["skills"]
        assert isinstance(worker["unavailable"], list)


def test_every_round_is_a_chain_of_legs_and_times_within_its_shift(plan: dict[str, Any]):
    shifts = {shift["id"]: shift for shift in plan["shifts"]}
    assert plan["routes"]
    for route in plan["routes"]:
        has_fields("route", route)
        shift, stops, legs = shifts[route["shift"]], route["stops"], route["legs"]
        names = [shift["base"], *(stop["stop"] for stop in stops), shift["base"]]
        assert [(leg["from"], leg["to"]) for leg in legs] == list(pairwise(names))
        free = moment(shift["start"])
        for leg, stop in zip(legs, stops, strict=False):
            has_fields("leg", leg)
            has_fields("stop", stop)
            is_reason(stop["reason"])
            opens, closes = map(moment, stop["window"])
            arrive, leave = moment(stop["arrive"]), moment(stop["leave"])
            assert (arrive - free).total_seconds() >= leg["travel_s"] - 1
            assert opens <= arrive <= closes
            assert arrive < leave
            free = leave
        home = (moment(shift["end"]) - free).total_seconds()
        assert home >= legs[-1]["travel_s"] - 1


def test_the_same_inputs_and_seed_give_the_same_bytes(made: Made, demo_home: Path, tmp_path: Path):
    home = shutil.copytree(demo_home, tmp_path / "home")
    asked = ("--municipality", DURRES, "--week", WEEK, "--out", tmp_path / "out")

    again = terminal(home, "plan", "--as", "arta", "--seed", "7", *asked)

    assert (again.returncode, again.stderr) == (0, "")
    assert (tmp_path / "out/plan.json").read_bytes() == (made.out / "plan.json").read_bytes()
    for name in ("stops.csv", "routes.geojson", "routes.gpx", "roster.ics", "sheets.pdf"):
        assert (tmp_path / "out" / name).read_bytes() == (made.out / name).read_bytes(), name


def test_the_plan_is_kept_as_a_version_for_its_coordinator(made: Made, plan: dict[str, Any]):
    (kept,) = open_house(made.home).store.plans(DURRES, Week.parse(WEEK))

    assert (kept.id, kept.version, kept.seed) == (plan["id"], 1, 7)
    assert [route.shift for route in kept.routes] == [route["shift"] for route in plan["routes"]]


def test_the_audit_knows_who_made_it_and_the_hash_of_what_left(made: Made):
    lines = open_house(made.home).store.audit.last(3)

    assert [line.action for line in lines] == ["plan.export", "plan.make", "command.plan"]
    assert {(line.account, line.role) for line in lines} == {("arta", "coordinator")}
    assert [line.scope for line in lines[:2]] == [DURRES, DURRES]
    assert len(lines[0].export_sha256) == 64


def test_packs_of_a_kept_plan_are_the_same_and_take_old_ones_away(
    made: Made, planned_home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    old = tmp_path / "out" / "packs" / "old-2026-06-01.html"
    old.parent.mkdir(parents=True)
    old.write_text("an old round", encoding="utf-8")
    (tmp_path / "out" / "letter.txt").write_text("mine", encoding="utf-8")
    assert planned_home.exists()
    asked = ("--municipality", DURRES, "--week", WEEK, "--out", tmp_path / "out")

    code, _, _ = ask("pack", "--as", "arta", *asked, capsys=capsys)

    assert code == 0
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["letter.txt", "packs"]
    packs = {p.name: p.read_bytes() for p in (made.out / "packs").iterdir()}
    assert {p.name: p.read_bytes() for p in (tmp_path / "out/packs").iterdir()} == packs


def test_files_are_in_the_language_that_is_asked_for(
    planned_home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert planned_home.exists()
    asked = ("--municipality", DURRES, "--week", WEEK, "--out")

    for options, language in (((), "sq"), (("--language", "en"), "en")):
        out = tmp_path / language
        assert ask(*options, "pack", *asked, out, "--as", "arta", capsys=capsys)[0] == 0
        text = next((out / "packs").iterdir()).read_text(encoding="utf-8")
        assert f'<html lang="{language}">' in text
        assert Words(language)("mark.synthetic") in text
