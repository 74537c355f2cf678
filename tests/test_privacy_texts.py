"""A text that a file brought is read wherever it goes, and never taken for code."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import gpxpy
import pytest
from icalendar import Calendar

from data.nouns import Plan, Viewer, Week
from data.vocabulary import PlanStatus, Role
from desk import exports, picture
from desk.coverage import report_csv
from desk.wiring import House, open_house
from layers.plan_files import plan_files
from layers.words import Words
from tests.builders import DURRES, NOON, cases, places, visits
from tests.looking import Elements, map_html, pdf_text, sheet_cells
from tests.plans import TEAMS, plan_of

WEEK = Week.parse("2026-W28")
SQ = Words("sq")
COORDINATOR = Viewer(
    account="c", name="c", role=Role.COORDINATOR, municipalities=frozenset({DURRES})
)
#: What stands in cells and names of files that somebody hostile made.
HOSTILE = (
    "<img src=x onerror=alert(1)>",
    '"><script>alert(1)</script>',
    "</script><script>alert(1)</script>",
    "' onmouseover='alert(1)",
    "{{ 7*7 }}${alert(1)}",
    '=HYPERLINK("http://evil.example")',
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    '#import "x"; *bold* $x$ `code`',
    "@word.role.agency",
    "a\x00b\x07c\u202ed",
    "BEGIN:VEVENT\r\nSUMMARY:x",
)


@pytest.fixture
def house(tmp_path: Path) -> House:
    """Return a house whose places somebody hostile has named."""
    made = open_house(tmp_path / "home")
    storable = [name.replace("\x00", "") for name in HOSTILE]
    rows = places(len(HOSTILE), synthetic=False, name=storable)
    made.store.add({"places": rows, "cases": cases(["p000"] * 9), "visits": visits(["p001"] * 9)})
    return made


@cache
def hostile_plan() -> Plan:
    """Return a plan in which every name is one that somebody hostile would choose."""
    plan = plan_of(WEEK, status=PlanStatus.APPROVED)
    names: Iterator[str] = iter(HOSTILE * 9)
    routes = tuple(
        replace(
            route,
            stops=tuple(
                replace(s, stop=replace(s.stop, name=next(names), place_id=next(names)))
                for s in route.stops
            ),
        )
        for route in plan.routes
    )
    return replace(
        plan,
        routes=routes,
        area_name=HOSTILE[5],
        teams=tuple(replace(t, name=n) for t, n in zip(plan.teams, HOSTILE[:2], strict=True)),
        bases=tuple(replace(b, name=n) for b, n in zip(plan.bases, HOSTILE[2:4], strict=True)),
        workers=tuple(replace(w, name=n) for w, n in zip(plan.workers, HOSTILE[5:9], strict=True)),
    )


@cache
def hostile_files() -> dict[str, bytes]:
    return plan_files(hostile_plan(), SQ, network=None, phone="052 <b>1</b>")


def is_quiet(page: Elements) -> bool:
    """Say whether nothing of a hostile text became an element or an attribute."""
    handlers = {name for _, found in page.tags for name in found if name.startswith("on")}
    return not handlers and not {tag for tag, _ in page.tags} & {"img", "b", "iframe"}


def test_in_a_pack_a_hostile_name_is_read_and_never_run():
    packs = {name: c.decode() for name, c in hostile_files().items() if name.startswith("packs/")}
    assert len(packs) == 4
    for text in packs.values():
        page = Elements(text)
        assert is_quiet(page)
        assert [tag for tag, _ in page.tags].count("script") == 1
    shown = "".join("".join(Elements(text).texts) for text in packs.values())
    assert HOSTILE[0] in shown
    assert HOSTILE[4] in shown
    assert "49" not in shown.replace(HOSTILE[4], "").split()


def test_on_a_map_a_hostile_name_is_read_and_never_run(house: House):
    seen = picture.picture(house, COORDINATOR, DURRES, picture.MapFilters(), as_of=NOON)

    html = map_html(seen, SQ)

    page = Elements(html)
    assert is_quiet(page)
    assert "<img" not in html
    assert "</script><script>alert" not in html
    assert "\\u0026lt;img src=x onerror=alert(1)\\u0026gt;" in html  # escaped for HTML, then for JS


def test_in_tables_a_hostile_name_is_no_formula():
    rows = list(csv.DictReader(io.StringIO(hostile_files()["stops.csv"].decode())))
    assert len(rows) == 12
    numbers = {"lon", "lat", "order"}
    for row in rows:
        dangerous = [v for k, v in row.items() if k not in numbers and v[:1] in "=+-@\t\r\n" and v]
        assert dangerous == []
    cells = sheet_cells(hostile_files()["roster.xlsx"])
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert [c.value for c in cells if str(c.value)[:1] in "=+-@"] == []
    assert not any(cell.hyperlink for cell in cells)


def test_in_a_report_a_hostile_cell_is_no_formula(house: House):
    whole = report_csv(house, COORDINATOR, SQ, NOON).decode("utf-8-sig")

    cells = [cell for row in csv.reader(io.StringIO(whole)) for cell in row]
    assert [cell for cell in cells if cell[:1] in {"=", "+", "-", "@", "\t"}] == []


def test_other_programs_can_read_files_with_hostile_names():
    made = hostile_files()
    gpx = gpxpy.parse(made["routes.gpx"].decode())
    assert len(gpx.waypoints) == 12
    assert any(HOSTILE[0] in str(point.name) for point in gpx.waypoints)
    calendar = Calendar.from_ical(made["roster.ics"])
    assert len(calendar.walk("VEVENT")) == 4
    assert any(HOSTILE[0] in str(event["SUMMARY"]) for event in calendar.walk("VEVENT"))
    for name in ("routes.geojson", "plan.json"):
        json.loads(made[name])


def test_on_a_sheet_a_hostile_name_is_set_as_it_stands():
    flat = "".join(pdf_text(hostile_files()["sheets.pdf"]).split())

    for name in (HOSTILE[0], HOSTILE[4], HOSTILE[10]):
        assert "".join(name.split()) in flat


def test_a_hostile_name_leads_no_file_out_of_its_folder(tmp_path: Path):
    plan = hostile_plan()
    bad = "../../../etc/passwd"
    teams = tuple(replace(team, id=bad) for team in plan.teams[:1])
    shifts = tuple(replace(s, team=bad) if s.team == TEAMS[0] else s for s in plan.shifts)
    moved = replace(plan, teams=(*teams, *plan.teams[1:]), shifts=shifts)

    written = exports.write_plan(tmp_path / "out", plan_files(moved, SQ, network=None, phone=""))

    assert all((tmp_path / "out") in path.resolve().parents for path in written)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
