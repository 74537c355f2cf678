"""The main job on real input: the streets of Monaco and Andorra, with files in our schema."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gpxpy
import pytest
import shapely

from data.readers.streets import read_streets
from desk.wiring import open_house
from tests.houses import FILES_DIR, WEEK, ask, is_plain_sentence, terminal
from tests.real_input import write_input

STREETS = ("monaco.osm.gz", "andorra.osm.pbf")


@dataclass(frozen=True)
class Run:
    """One plan on real streets, and what it was made from."""

    folder: Path
    told: str
    plan: dict[str, Any]


@pytest.fixture(scope="module", params=STREETS, ids=lambda name: name.partition(".")[0])
def run(
    request: pytest.FixtureRequest, shared_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Run:
    streets = shared_data / "streets" / request.param
    folder = tmp_path_factory.mktemp("real")
    write_input(folder, read_streets(streets))
    with (folder / "cases.csv").open("a", encoding="utf-8") as file:
        file.write("T-99,31.06.2026,,,street,high,patrol,true\n")
    files = [part for n in ("cases", "visits") for part in (f"--{n}", folder / f"{n}.csv")]
    asked = ("--area", folder / "area.geojson", "--week", WEEK, "--seed", "7", *files)
    done = terminal(folder / "home", "plan", *asked, "--streets", streets, "--out", folder / "out")
    assert (done.returncode, done.stderr) == (0, "")
    plan = json.loads((folder / "out/plan.json").read_text(encoding="utf-8"))
    return Run(folder=folder, told=done.stdout, plan=plan)


def test_rounds_lead_along_real_streets_to_the_places_of_the_files(run: Run):
    area = shapely.from_geojson((run.folder / "area.geojson").read_text(encoding="utf-8"))
    stops = [stop for route in run.plan["routes"] for stop in route["stops"]]
    with (run.folder / "visits.csv").open(encoding="utf-8") as file:
        known = {row["place_name"] for row in csv.DictReader(file)}

    assert (run.plan["streets"], run.plan["municipality"]) == ("osm", None)
    assert len(stops) >= 10
    assert {stop["place"] for stop in stops} <= known
    assert all(area.buffer(1e-6).contains(shapely.Point(s["lon"], s["lat"])) for s in stops)
    for route in run.plan["routes"]:
        assert all(leg["distance_m"] >= 0 and leg["travel_s"] < 3600 * 3 for leg in route["legs"])


def test_real_streets_give_a_phone_a_route_for_each_round(run: Run):
    gpx = gpxpy.parse((run.folder / "out/routes.gpx").read_text(encoding="utf-8"))

    assert len(gpx.routes) == len(run.plan["routes"])


def test_a_row_that_is_refused_is_listed_and_the_plan_goes_on(run: Run):
    assert run.told.splitlines()[0].startswith("Row 32: ")
    assert run.plan["synthetic"] is True


def test_nothing_of_the_files_stays_in_the_house_and_the_audit_says_who_it_was(run: Run):
    store = open_house(run.folder / "home").store

    assert store.is_empty()
    lines = store.audit.last(5)
    assert [line.action for line in lines] == ["plan.export", "plan.make", "command.plan"]
    assert {line.account for line in lines} == {"machine (operator)"}


def test_an_area_from_a_file_is_the_machines_own_business(
    refusing: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert refusing.exists()
    asked = ("--area", FILES_DIR / "area.geojson", "--week", WEEK, "--out", tmp_path / "out")

    code, said, fault = ask("plan", *asked, "--as", "arta", capsys=capsys)

    assert (code, said) == (2, "")
    assert is_plain_sentence(fault)
    assert not (tmp_path / "out").exists()
