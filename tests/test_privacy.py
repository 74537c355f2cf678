"""Each role by each way out: nothing leaves the house that the role may not have."""

from __future__ import annotations

import csv
import io
import json
import logging
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import shapely
from pypdf import PdfReader

from data.errors import AccessDeniedError
from data.nouns import TIRANE, Decision, Viewer, Week
from data.vocabulary import EvidenceKind, PlanStatus, RegisterState, Role
from desk import exports, picture
from desk.coverage import report_csv
from desk.identity import operator
from desk.planning import PlanRequest, plan_week
from desk.register import register_of
from desk.rounds import round_today
from desk.wiring import House, open_house
from layers.plan_files import plan_files
from layers.words import LANGUAGES, Words
from patrol.plan import PlanSettings
from patrol.routes import RouteSettings
from tests.builders import DURRES, NOON, cases, places, visits
from tests.houses import Made
from tests.looking import Elements, in_text, map_html, texts, unescaped
from tests.plans import EVIDENCE, PROMISED, plan_of

KRUJE = "AL0302"
WEEK = Week.parse("2026-W28")
SQ = Words("sq")
ALL = picture.MapFilters()
NOW = NOON.replace(day=25)
COORDINATOR = Viewer(
    account="c", name="c", role=Role.COORDINATOR, municipalities=frozenset({DURRES})
)
PEOPLE = {
    "coordinator": COORDINATOR,
    "neighbour": replace(COORDINATOR, municipalities=frozenset({KRUJE})),
    "field": replace(COORDINATOR, role=Role.FIELD, teams=frozenset({"t1"})),
    "agency": replace(COORDINATOR, role=Role.AGENCY, municipalities=frozenset()),
    "administrator": replace(COORDINATOR, role=Role.ADMINISTRATOR, municipalities=frozenset()),
}
CONFIRMED = Decision(
    place_id="p003",
    municipality=DURRES,
    state=RegisterState.CONFIRMED,
    evidence=EvidenceKind.RESIDENTS,
    decided_at=NOON,
    decided_by="c",
    expires_at=NOON.replace(month=9),
)
# What is secret in a house, and every way out of it


CODE = "RASTI-{}-{:04d}"


@pytest.fixture
def house(tmp_path: Path) -> House:
    """Return a house of real rows in Durrës and Kruja with an approved plan for Durrës."""
    made = open_house(tmp_path / "home")
    here = places(6, synthetic=False, name=[f"Vend i fshehtë {n}" for n in range(6)])
    here["geometry"] = [
        shapely.Point(19.454712 + 0.004013 * n, 41.323617 + 0.001007 * n) for n in range(6)
    ]
    there = places(1, synthetic=False, name="Vendi i Krujës").assign(
        place_id="kruja-1", municipality=KRUJE
    )
    found = cases(["p000"] * 14 + ["p001"] * 3 + ["p002"], synthetic=False)
    found["case_code"] = [CODE.format("D", n) for n in range(len(found))]
    other = cases(["kruja-1"], synthetic=False).assign(
        case_code=CODE.format("K", 1), municipality_found=KRUJE
    )
    looked = visits(["p000", "p001", "p002"] * 10, synthetic=False)
    made.store.add({"places": here, "cases": found, "visits": looked})
    made.store.add({"places": there, "cases": other})
    made.store.register.decide(CONFIRMED)
    made.store.save_plan(plan_of(WEEK))
    plan = made.store.plans(DURRES, WEEK)[0]
    made.store.approve_plan(plan, by="c", at=NOON)
    return made


def codes(house: House) -> set[str]:
    return set(house.store.cases()["case_code"])


def exact_points(house: House, text: str) -> set[tuple[str, str]]:
    """Return the places whose true longitude and latitude both stand in a text.

    As fine as any map writes them. One of the two alone may be that of a place that was
    moved: among a few dozen drawn numbers such a chance is one in twenty.
    """
    lonlat = shapely.get_coordinates(house.store.places().geometry.to_numpy())
    pairs = {(f"{lon:.5f}".rstrip("0"), f"{lat:.5f}".rstrip("0")) for lon, lat in lonlat}
    return {pair for pair in pairs if all(number in text for number in pair)}


def map_of(town: str | None) -> Callable[[House, Viewer], dict[str, str]]:
    return lambda house, viewer: {
        "map.html": unescaped(map_html(picture.picture(house, viewer, town, ALL, as_of=NOW), SQ))
    }


def report(house: House, viewer: Viewer) -> dict[str, str]:
    return {"report.csv": report_csv(house, viewer, SQ, NOW).decode("utf-8-sig")}


def files_of_the_plan(house: House, viewer: Viewer) -> dict[str, str]:
    plan = house.store.plans(DURRES, WEEK)[0]
    return texts(exports.plan_bytes(house, viewer, plan, SQ))


def newest(house: House, viewer: Viewer) -> dict[str, str]:
    return {"plan": repr(exports.newest_plan(house, viewer, DURRES, WEEK))}


def round_of_the_day(house: House, viewer: Viewer) -> dict[str, str]:
    team = plan_of(WEEK).teams[0]
    return {"round": repr(round_today(house, viewer, team, WEEK.monday))}


def register(house: House, viewer: Viewer) -> dict[str, str]:
    return {"register": repr(register_of(house, viewer, DURRES, as_of=NOW))}


EXPORTERS: dict[str, Callable[[House, Viewer], dict[str, str]]] = {
    "map of Durrës": map_of(DURRES),
    "map of Kruja": map_of(KRUJE),
    "map of the country": map_of(None),
    "report": report,
    "files of the plan": files_of_the_plan,
    "newest plan": newest,
    "round of the day": round_of_the_day,
    "register of places at risk": register,
}
#: Who gets anything at all from which exporter, and whether true points of Durrës are in it.
GETS = {
    "map of Durrës": {"coordinator": True, "agency": False},
    "map of Kruja": {"neighbour": False, "agency": False},
    "map of the country": {"agency": False},
    "report": {"coordinator": False, "neighbour": False, "agency": False},
    "files of the plan": {"coordinator": True},
    "newest plan": {"coordinator": True},
    "round of the day": {"coordinator": True, "field": True},
    "register of places at risk": {"coordinator": True},
}
PAIRS = [(name, who) for name in EXPORTERS for who in PEOPLE]


@pytest.mark.parametrize(("name", "who"), PAIRS)
def test_no_role_gets_by_any_way_what_it_may_not_have(house: House, name: str, who: str):
    gets = GETS[name]
    secret = {"fshehtë", "Vendi i Krujës", "p000", "kruja-1"}
    if who not in gets:
        with pytest.raises(AccessDeniedError) as fault:
            EXPORTERS[name](house, PEOPLE[who])
        assert not in_text(secret | codes(house), str(fault.value))
        assert exact_points(house, str(fault.value)) == set()
        return
    left = EXPORTERS[name](house, PEOPLE[who])
    whole = "\n".join(left.values())
    assert in_text(codes(house), whole) == set()
    if not gets[who]:
        own_ground = {"Vendi i Krujës", "kruja-1"} if who == "neighbour" else set()
        assert in_text(secret - own_ground, whole) == set()
        assert who == "neighbour" or exact_points(house, whole) == set()
    if who == "neighbour":
        assert not in_text({"fshehtë", "p000", "Punonjës"}, whole)


def test_the_own_map_shows_the_own_places_exactly_so_that_the_search_above_can_fail(house: House):
    whole = EXPORTERS["map of Durrës"](house, COORDINATOR)["map.html"]

    assert "fshehtë" in whole
    assert len(exact_points(house, whole)) >= len(house.store.places(DURRES))


def test_an_agency_map_shows_places_and_says_how_far_they_were_moved(house: House):
    seen = picture.picture(house, PEOPLE["agency"], DURRES, ALL, as_of=NOW)

    assert len(seen.frames.places) == 6
    low, high = seen.marks.masked_m or (0, 0)
    assert (low, high) == (250.0, 3000.0)
    assert SQ("mark.masked", low=low, high=high) in unescaped(map_html(seen, SQ))


def test_a_report_hides_counts_from_which_a_child_could_be_told(house: House):
    rows = list(csv.reader(report(house, PEOPLE["agency"])["report.csv"].splitlines()))

    head = next(row for row in rows if SQ("coverage.column_children") in row)
    children = head.index(SQ("coverage.column_children"))
    shown = {row[0]: row[children] for row in rows if row and row[0].startswith("AL")}
    assert len(shown) == 61
    assert set(shown.values()) <= {"0", "<11"}


def test_a_field_worker_takes_the_own_round_along_without_evidence_and_the_others(house: House):
    field = PEOPLE["field"]
    team, other = plan_of(WEEK).teams

    left = repr(round_today(house, field, team, WEEK.monday))

    assert "Vend p000" in left
    assert EVIDENCE.id not in left
    assert not in_text({"Punonjës", "Vend i fshehtë", "hidden"}, left)
    with pytest.raises(AccessDeniedError):
        round_today(house, field, other, WEEK.monday)


# What goes into the field, made from the demo by a real process


@pytest.fixture(scope="module")
def left(made: Made) -> dict[str, str]:
    """Return the texts of every file that the plan left."""
    found = [path for path in made.out.rglob("*") if path.is_file()]
    return texts({str(path.relative_to(made.out)): path.read_bytes() for path in found})


def test_no_file_of_a_plan_holds_the_code_of_a_case_or_visit(made: Made, left: dict[str, str]):
    store = open_house(made.home).store
    known = set(store.cases()["case_code"]) | set(store.visits()["visit_id"])
    assert len(known) > 1000

    found = {name: in_text(known, text) for name, text in left.items()}

    assert {name: some for name, some in found.items() if some} == {}


def test_a_pack_holds_places_of_its_own_round_only(made: Made):
    plan = json.loads((made.out / "plan.json").read_text("utf-8"))
    shifts = {shift["id"]: shift for shift in plan["shifts"]}
    everywhere = {s["place"] for route in plan["routes"] for s in route["stops"]}
    everywhere |= {one["place"] for one in plan["left_out"]}
    for route in plan["routes"]:
        shift, own = shifts[route["shift"]], {s["place"] for s in route["stops"]}
        text = (made.out / f"packs/{shift['team']}-{shift['start'][:10]}.html").read_text("utf-8")
        shown = set(re.findall(r"<h2>\d+\. ([^<]*)</h2>", text))
        assert shown == own
        others = {name for name in everywhere - own if not any(name in mine for mine in own)}
        assert in_text(others, text) == set()


#: Attributes and elements by which a page can ask somebody for something.
ASKS = {"src", "href", "action", "data", "poster", "srcset", "formaction", "xlink:href", "ping"}
ASKING_TAGS = {"link", "img", "iframe", "object", "embed", "form", "base", "video", "audio", "use"}


def test_a_pack_asks_nobody_for_anything(left: dict[str, str]):
    packs = [text for name, text in left.items() if name.startswith("packs/")]
    assert packs
    for text in packs:
        page = Elements(text)
        assert {tag for tag, _ in page.tags} & ASKING_TAGS == set()
        assert {name for _, found in page.tags for name in found} & ASKS == set()
        policy = next(a["content"] for _, a in page.tags if a.get("http-equiv"))
        assert str(policy).startswith("default-src 'none'")
        assert "connect-src" not in str(policy)
        code = "".join(re.findall(r"<script>(.*?)</script>", text, re.DOTALL))
        asking = r"fetch|XMLHttp|WebSocket|import\(|sendBeacon|\bEventSource|location|url\("
        assert not re.search(
            asking, code + "".join(re.findall(r"<style>.*?</style>", text, re.DOTALL))
        )
        assert set(re.findall(r"https?://[^\s\"'<)]+", text)) <= {"http://www.w3.org/2000/svg"}


def test_a_sheet_has_no_link_no_script_and_no_attachment(made: Made):
    reader = PdfReader(io.BytesIO((made.out / "sheets.pdf").read_bytes()))
    raw = (made.out / "sheets.pdf").read_bytes()

    assert len(reader.pages) >= len(list((made.out / "packs").iterdir()))
    assert not any(page.get("/Annots") for page in reader.pages)
    assert not reader.attachments
    assert [w for w in (b"/URI", b"/JavaScript", b"/Launch", b"/OpenAction") if w in raw] == []


def test_sheets_and_packs_say_hours_and_never_what_was_found_or_who_reported():
    made = texts(plan_files(plan_of(WEEK, status=PlanStatus.APPROVED), SQ, network=None, phone=""))
    flat = {name: " ".join(text.split()) for name, text in made.items()}
    told = {SQ.message(EVIDENCE), SQ.message(PROMISED)}
    assert in_text(told, flat["stops.csv"]) == told  # the coordinator's own table

    for name, text in flat.items():
        if name == "sheets.pdf" or name.startswith("packs/") or name == "routes.gpx":
            assert in_text(told, text) == set(), name
            assert re.findall(r"\brast(?:i|e|et|esh)?\b", text, re.IGNORECASE) == [], name


def test_a_calendar_and_a_roster_say_who_and_when_and_not_where(made: Made, left: dict[str, str]):
    plan = json.loads((made.out / "plan.json").read_text("utf-8"))
    stops = [s for route in plan["routes"] for s in route["stops"]]
    secret = {s["place"] for s in stops} | {
        f"{s[axis]:.4f}" for s in stops for axis in ("lon", "lat")
    }

    for name in ("roster.ics", "roster.xlsx"):
        assert in_text(secret, left[name]) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_shows_a_place_says_that_it_is_invented(made: Made, language: str):
    plan = open_house(made.home).store.plans(DURRES, WEEK)[0]
    words = Words(language)
    made_now = texts(plan_files(plan, words, network=None, phone="129"))
    mark = words("mark.synthetic")

    for name, text in made_now.items():
        flat = " ".join(text.split())
        if name == "plan.json":
            assert json.loads(text)["synthetic"] is True
        elif name == "stops.csv":
            assert {row["synthetic"] for row in csv.DictReader(io.StringIO(text))} == {"true"}
        else:
            assert mark[:20] in flat.replace("\\,", ","), name


# Logs and the audit


def test_logs_and_the_audit_hold_no_coordinate_no_name_and_no_code(
    house: House, caplog: pytest.LogCaptureFixture, tmp_path: Path
):
    caplog.set_level(logging.DEBUG)
    quick = PlanSettings(routes=RouteSettings(iterations=40))
    area = picture.area_of(DURRES)

    plan_week(house, operator(), PlanRequest(area=area, week=WEEK, seed=1, settings=quick))
    for name, who in PAIRS:
        try:
            EXPORTERS[name](house, PEOPLE[who])
        except AccessDeniedError:
            logging.getLogger("test").exception("refused")
    made = exports.plan_bytes(house, COORDINATOR, house.store.plans(DURRES, WEEK)[0], SQ)
    exports.write_plan(tmp_path / "out", made)

    ours = "\n".join(f"{r.getMessage()} {r.exc_info and r.exc_info[1]}" for r in caplog.records)
    audit = "\n".join(repr(line) for line in house.store.audit.last(999))
    secret = codes(house) | {"fshehtë", "Punonjës", "Vend p0", "kruja-1", "Krujës"}
    for text in (ours, audit):
        assert in_text(secret, text) == set()
        assert re.findall(r"\b(?:19|20|21|39|4[0-2])\.\d{2,}", text) == []
    assert "plan.make" in audit
    assert {line.at.astimezone(TIRANE).tzinfo for line in house.store.audit.last(1)} == {TIRANE}
