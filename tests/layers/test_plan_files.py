"""Every file of a plan: whole, readable by others, marked, and without evidence for the field."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache

import gpxpy
import openpyxl
import pytest
from icalendar import Calendar

from data.messages import Message
from data.nouns import Absence, Plan
from layers.csv_file import safe_cell
from layers.pack import packs_html
from layers.plan_files import plan_files
from layers.rounds import file_stem, planned_rounds
from layers.words import Words
from tests.looking import in_text, texts
from tests.patrol.test_plan import planned

SQ = Words("sq")
EVIDENCE = Message(
    "stop.evidence_hotspot", {"n": 9, "hours": 3.5, "slot": "@word.slot.weekday-evening"}
)


@cache
def plan() -> Plan:
    """Return a plan in which one stop's reason is evidence and one name is hostile."""
    made = planned()
    route = made.routes[0]
    first = route.stops[0]
    told = replace(
        first, stop=replace(first.stop, reason=EVIDENCE, name="<script>alert(1)</script>")
    )
    absent = Absence(worker=made.workers[0].id, first=made.week.monday, last=made.week.monday)
    return replace(
        made,
        routes=(replace(route, stops=(told, *route.stops[1:])), *made.routes[1:]),
        absences=(absent,),
    )


@cache
def files() -> dict[str, bytes]:
    return plan_files(plan(), SQ, network=None, phone="052 123")


def real() -> Plan:
    """Return the same plan as if its streets were real ones."""
    return replace(plan(), marks=replace(plan().marks, illustrative_streets=False))


def test_every_file_that_the_house_promises_is_there():
    expected = {
        *("plan.json", "stops.csv", "routes.geojson", "routes.gpx"),
        *("roster.ics", "roster.xlsx", "sheets.pdf"),
    }
    packs = {name for name in files() if name.startswith("packs/")}
    assert set(files()) - packs == expected
    assert len(packs) == len(plan().routes)
    assert all(re.fullmatch(r"packs/[\w-]+-\d{4}-\d\d-\d\d\.html", name) for name in packs)


def test_the_json_holds_the_whole_plan_with_aware_times_and_both_languages():
    made = json.loads(files()["plan.json"])
    assert made["schema_version"] == 1
    assert made["synthetic"] is True
    assert made["streets"] == "illustrative"
    assert len(made["routes"]) == len(plan().routes)
    assert len(made["left_out"]) == len(plan().left_out)
    for route in made["routes"]:
        assert len(route["legs"]) == len(route["stops"]) + 1
        for stop in route["stops"]:
            arrive = datetime.fromisoformat(stop["arrive"])
            opens, closes = map(datetime.fromisoformat, stop["window"])
            assert arrive.utcoffset() is not None
            assert opens <= arrive <= closes
            assert stop["reason"]["sq"] != stop["reason"]["en"]
    unavailable = [worker["unavailable"] for worker in made["workers"] if worker["unavailable"]]
    monday = plan().week.monday.isoformat()
    assert unavailable == [[{"first": monday, "last": monday}]]


def test_the_same_plan_is_the_same_bytes():
    again = plan_files(plan(), SQ, network=None, phone="052 123")
    for name in ("plan.json", "stops.csv", "routes.geojson", "routes.gpx", "roster.ics"):
        assert again[name] == files()[name]


def test_the_csv_has_a_row_a_visit_and_no_formula():
    rows = list(csv.DictReader(io.StringIO(files()["stops.csv"].decode())))
    assert len(rows) == sum(len(route.stops) for route in plan().routes)
    assert {row["synthetic"] for row in rows} == {"true"}
    assert safe_cell("=1+1") == "'=1+1"
    assert safe_cell("Tregu") == "Tregu"


def test_the_geojson_is_longitude_first_and_says_what_it_rests_on():
    made = json.loads(files()["routes.geojson"])
    assert any("trilluara" in line for line in made["marks"])
    for feature in made["features"]:
        points = feature["geometry"]["coordinates"]
        lon, lat = points[0] if isinstance(points[0], list) else points
        assert 19 < lon < 20
        assert 41 < lat < 42


def test_the_gpx_has_no_route_on_illustrative_streets_and_one_a_round_on_real_ones():
    tried = gpxpy.parse(files()["routes.gpx"].decode())
    assert tried.routes == []
    assert len(tried.waypoints) == sum(len(route.stops) for route in plan().routes)
    used = gpxpy.parse(plan_files(real(), SQ, network=None, phone="")["routes.gpx"].decode())
    assert len(used.routes) == len(plan().routes)


def test_the_calendar_says_when_and_not_where():
    calendar = Calendar.from_ical(files()["roster.ics"])
    events = calendar.walk("VEVENT")
    assert len(events) == len(plan().shifts)
    assert {str(event["CLASS"]) for event in events} == {"CONFIDENTIAL"}
    assert all(event.decoded("dtend") - event.decoded("dtstart") > timedelta(0) for event in events)
    text = files()["roster.ics"].decode().replace("\r\n ", "")
    names = {stop.stop.name for route in plan().routes for stop in route.stops}
    assert not [name for name in names if name in text]
    assert all(len(line) <= 75 for line in files()["roster.ics"].split(b"\r\n"))


def test_the_workbook_has_people_by_days_and_marks_absence():
    book = openpyxl.load_workbook(io.BytesIO(files()["roster.xlsx"]))
    cells = [str(cell.value) for sheet in book for row in sheet for cell in row if cell.value]
    assert len(book.worksheets) == 2
    assert any("mungon" in text for text in cells)
    assert any("trilluara" in text for text in cells)


def test_the_sheets_are_a_pdf_of_a4_pages():
    pdf = files()["sheets.pdf"]
    assert pdf.startswith(b"%PDF-")
    boxes = re.findall(rb"/MediaBox ?\[([^\]]*)\]", pdf)
    assert boxes
    for box in boxes:
        assert [round(float(x)) for x in box.split()] == [0, 0, 595, 842]


@pytest.mark.parametrize("name", sorted(n for n in files() if n.startswith("packs/")))
def test_a_pack_asks_nobody_and_escapes_what_files_brought(name):
    text = files()[name].decode()
    assert "<script>alert" not in text
    addresses = re.findall(r"(?:https?:)?//[\w.]+", text.replace("http://www.w3.org", ""))
    assert [a for a in addresses if a.startswith("http")] == []
    assert "default-src 'none'" in text
    assert "129" in text
    assert "052 123" in text
    assert "trilluara" in text


def test_what_goes_to_the_field_never_tells_the_evidence():
    told = SQ.message(EVIDENCE)
    assert told in json.loads(files()["plan.json"])["routes"][0]["stops"][0]["reason"]["sq"]
    for name, content in files().items():
        if name.startswith("packs/") or name == "routes.gpx":
            assert told not in content.decode()


def test_a_pack_hides_itself_after_its_day():
    one = planned_rounds(plan())[0]
    text = packs_html(plan(), SQ, None, "")[f"{file_stem(one)}.html"].decode()
    expires = int(re.search(r"Date\.now\(\) > (\d+)", text)[1]) / 1000
    day = one.shift.start.date()
    ends = datetime.fromtimestamp(expires, tz=one.shift.start.tzinfo)
    assert ends.date() == day + timedelta(days=1)
    assert ends.time() == datetime.min.time()


def test_a_team_whose_id_is_hostile_gives_a_plain_file_name():
    one = planned_rounds(plan())[0]
    hostile = replace(one, team=replace(one.team, id="../../etc/passwd"))
    assert "/" not in file_stem(hostile)
    assert date.fromisoformat(file_stem(hostile)[-10:])


def off(moment: datetime) -> datetime:
    """Return a moment that is no whole five minutes."""
    return moment.replace(minute=moment.minute // 5 * 5) + timedelta(minutes=3)


def test_what_goes_to_the_field_tells_hours_in_whole_five_minutes_and_the_desk_to_the_minute():
    exact = real()
    exact = replace(
        exact,
        routes=tuple(
            replace(
                route,
                stops=tuple(
                    replace(met, arrive=off(met.arrive), leave=off(met.leave))
                    for met in route.stops
                ),
            )
            for route in exact.routes
        ),
    )
    made = texts(plan_files(exact, SQ, network=None, phone=""))
    field = {n: x for n, x in made.items() if n.startswith(("packs/", "sheets", "routes.gpx"))}

    stops = [met for route in exact.routes for met in route.stops]
    told = {SQ.span(met.arrive, met.leave) for met in stops}
    stays = {SQ("pack.stay", at=SQ.clock(met.leave)) for met in stops}
    threes = {met.arrive.isoformat() for met in stops}
    assert len(field) == 2 + len(exact.routes)
    for name, content in field.items():
        assert not in_text(told | stays | threes, content), name
    shown = {
        SQ.span(met.arrive - timedelta(minutes=3), met.leave - timedelta(minutes=3))
        for met in stops
    }
    assert in_text(shown, field["sheets.pdf"]) == in_text(shown, field["routes.gpx"]) == shown
    assert in_text(threes, made["stops.csv"]) == in_text(threes, made["plan.json"]) == threes
    assert not in_text({met.stop.name for met in stops}, made["roster.ics"])
