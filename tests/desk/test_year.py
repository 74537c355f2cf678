"""The year of a scope: who sees what of it, which hours count, and the files of the terminal."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path

import pytest
from icalendar import Calendar
from openpyxl import load_workbook

from data.errors import AccessDeniedError, ContractError
from data.nouns import TIRANE, Base, Team, Viewer, Week, Worker
from data.vocabulary import CalendarKind, Role, Skill, TravelMode, VisitPurpose
from desk import calendar, lending
from desk.calendar import EntryForm
from desk.evidence import Files, evidence_of
from desk.ground import area_of
from desk.lending import LoanForm
from desk.season import season_of, with_inhabited
from desk.wiring import House, open_house
from desk.year import Scope, scopes_of, year_picture
from desk.year_files import sentences, year_files
from layers.words import Words
from patrol.season import PURPOSES
from tests.builders import DURRES, NOON, places, visits
from tests.houses import ask as run
from tests.houses import is_plain_sentence

KRUJE = "AL0302"
OWN = Viewer(account="d", name="d", role=Role.COORDINATOR, municipalities=frozenset({DURRES}))
BORROWER = replace(OWN, account="k", municipalities=frozenset({KRUJE}))
AGENCY = replace(OWN, role=Role.AGENCY, municipalities=frozenset())
TOWN, COUNTY = Scope(kind="municipality", code=DURRES), Scope(kind="county", code="AL03")
NOW = datetime(2026, 12, 1, 12, tzinfo=TIRANE)
SQ = Words("sq")


@pytest.fixture
def house(tmp_path: Path) -> House:
    """Return a house in which Durrës has three places and a team that goes out on Mondays."""
    made = open_house(tmp_path / "home")
    kinds = ["beach", "market", "junction"]
    names = ["Plazhi i fshehtë", "Tregu i fshehtë", "Kryqëzimi i fshehtë"]
    made.store.add({"places": places(3, kind=kinds, name=names, synthetic=False)})
    made.store.put_crew(
        bases=[Base(id="b1", name="NJMF", municipality=DURRES, lon=19.45, lat=41.32)],
        workers=[
            Worker(
                id="w1",
                name="Ana",
                municipality=DURRES,
                skills=frozenset({Skill.CHILD_PROTECTION}),
            )
        ],
        teams=[
            Team(
                id="t1",
                name="Ekipi 1",
                municipality=DURRES,
                base="b1",
                mode=TravelMode.WALK,
                start=time(9),
                end=time(15),
                weekdays=(0,),
                members=("w1",),
            )
        ],
    )
    return made


@pytest.fixture
def at_home(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the terminal live in the house; return where its files may be written."""
    monkeypatch.setenv("FENER_HOME", str(house.home))
    return tmp_path


def test_a_coordinator_sees_the_own_year_and_the_agency_counties(house: House):
    assert scopes_of(OWN) == (TOWN,)
    assert scopes_of(AGENCY)[0] == Scope(kind="coast")
    assert len(scopes_of(AGENCY)) == 13
    for scope in (COUNTY, Scope(kind="coast"), Scope(kind="municipality", code=KRUJE)):
        with pytest.raises(AccessDeniedError):
            year_picture(house, OWN, scope, 2027, as_of=NOW)


def test_the_agency_gets_hours_and_no_place_no_loan_and_no_title(house: House):
    form = EntryForm(
        kind=CalendarKind.MARKET,
        title="Tregu sekret",
        first=date(2027, 5, 1),
        last=date(2027, 5, 1),
    )
    calendar.save_entry(house, OWN, DURRES, form)

    seen = year_picture(house, AGENCY, COUNTY, 2027, as_of=NOW)
    made = year_files(house, AGENCY, seen, SQ)

    assert seen.visits.empty
    assert seen.weeks["needed_h"].sum() > 0
    texts = b"".join(made.values()).decode("utf-8", "replace")
    book = load_workbook(io.BytesIO(made["season.xlsx"]))
    cells = " ".join(str(c.value) for sheet in book for row in sheet for c in row)
    assert "fshehtë" not in texts + cells
    assert "sekret" not in texts + cells


def test_hours_needed_and_at_hand_are_those_of_its_places_and_teams(house: House):
    seen = year_picture(house, OWN, TOWN, 2027, as_of=NOW)
    (town,) = seen.towns

    n_holidays = sum(
        1
        for day in season_of(house, area_of(DURRES), [Week(year=2027, number=10)]).closed(
            date(2027, 1, 4), date(2027, 12, 31)
        )
        if day.weekday() == 0
    )
    assert town.hand_h == 6.0 * (52 - n_holidays)
    assert set(seen.visits["name"]) >= {"Plazhi i fshehtë", "Tregu i fshehtë"}
    assert town.n_places > 3  # the inhabited areas in which none is known


def test_a_municipality_without_a_team_is_told_what_it_lacks(house: House):
    seen = year_picture(house, BORROWER, Scope(kind="municipality", code=KRUJE), 2027, as_of=NOW)

    (only,) = sentences(seen)
    assert only.id == "season.no_teams"


def test_a_loan_brings_its_hours_and_takes_them_from_the_lender(house: House):
    form = LoanForm(
        team="t1",
        lender=DURRES,
        borrower=KRUJE,
        first=date(2027, 7, 5),
        last=date(2027, 7, 18),
    )
    lending.answer(house, OWN, lending.ask(house, BORROWER, KRUJE, form), agree=True)

    here = year_picture(house, OWN, TOWN, 2027, as_of=NOW)
    there = year_picture(house, BORROWER, Scope(kind="municipality", code=KRUJE), 2027, as_of=NOW)

    assert there.weeks["lent_h"].sum() == there.weeks["hand_h"].sum() == 12.0
    assert (there.days_lent, there.towns[0].days_lent) == (2, 2)
    both = here.weeks["hand_h"] + there.weeks["hand_h"]
    assert sorted(set(both)) == [0.0, 6.0]
    assert len(here.loans) == len(there.loans) == 1


def test_the_coordinators_files_hold_the_plan_its_calendar_and_what_they_say(house: House):
    seen = year_picture(house, OWN, TOWN, 2027, as_of=NOW)

    made = year_files(house, OWN, seen, SQ)

    rows = list(csv.DictReader(io.StringIO(made["season.csv"].decode("utf-8-sig"))))
    assert len(rows) == len(seen.visits)
    assert {row["purpose"] for row in rows} >= {str(VisitPurpose.SCHOOL_ENROLMENT)}
    book = load_workbook(io.BytesIO(made["season.xlsx"]))
    assert book.sheetnames == ["Javët", "Bashkitë", "Vizitat", "Kalendari"]
    events = Calendar.from_ical(made["season.ics"]).walk("VEVENT")
    assert "Sezoni në bregdet" in {str(event["SUMMARY"]) for event in events}
    assert house.store.audit.last(1)[0].action == "season.export"


def test_every_inhabited_area_is_planned_for_and_its_visits_are_found_again(house: House):
    area = area_of(DURRES)
    evidence = evidence_of(house, area, Files(), until=NOW)
    first = with_inhabited(house, area, evidence, NOW)
    (added, *_) = sorted(set(first.places["place_id"]) - set(evidence.places["place_id"]))
    met = visits([added], when=[NOON], synthetic=False)
    house.store.add({"visits": met})

    again = with_inhabited(house, area, evidence_of(house, area, Files(), until=NOW), NOW)

    assert set(again.places["place_id"]) == set(first.places["place_id"])
    assert added in set(again.visits["place_id"])


def test_each_drive_and_round_has_a_purpose_of_its_own():
    assert len(set(PURPOSES.values())) == len(PURPOSES) == 3


@pytest.mark.parametrize(
    ("where", "said"),
    [
        (("--municipality", DURRES), "weeks between"),
        (("--county", "durrës"), "municipalities have no team yet."),
    ],
)
def test_the_terminal_writes_the_seasonal_plan(
    at_home: Path, capsys: pytest.CaptureFixture[str], where: tuple[str, ...], said: str
):
    code, out, _ = run("season", *where, "--year", "2027", "--out", at_home / "out", capsys=capsys)

    assert code == 0
    assert said in out
    assert sorted(p.name for p in (at_home / "out").iterdir()) == [
        "season.csv",
        "season.ics",
        "season.xlsx",
    ]


@pytest.mark.parametrize(
    "arguments", [("--county", "Atlantis", "--year", "2027"), ("--coast", "--year", "1900")]
)
def test_what_is_no_county_and_no_year_is_told_in_one_sentence(
    at_home: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
):
    code, _, err = run("season", *arguments, "--out", at_home / "out", capsys=capsys)

    assert code == 2
    assert is_plain_sentence(err)
    assert not (at_home / "out").exists()


def test_a_scope_of_no_municipality_is_refused():
    with pytest.raises(ContractError):
        year_picture(None, OWN, Scope(kind="county", code="AL99"), 2027)  # type: ignore[arg-type] - not reached
