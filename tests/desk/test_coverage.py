"""Coverage on the screen and as a file: who sees which rows, and which counts are hidden."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from data.errors import AccessDeniedError
from data.nouns import TIRANE, Viewer
from data.vocabulary import Role
from desk.counts import last_year
from desk.coverage import coverage, report_csv
from desk.identity import operator
from desk.wiring import House, open_house
from layers.words import LANGUAGES, Words
from tests.builders import DURRES, cases, places, visits

NOW = datetime(2026, 7, 2, 12, tzinfo=TIRANE)
KRUJE, SHIJAK, TIRANE_TOWN = "AL0302", "AL0303", "AL1105"
EN = Words("en")
COORDINATOR = Viewer(
    account="a", name="a", role=Role.COORDINATOR, municipalities=frozenset({DURRES})
)
AGENCY = Viewer(account="b", name="b", role=Role.AGENCY)


@pytest.fixture
def house(tmp_path: Path) -> House:
    """Return a house with 4 cases in Durrës, 8 in Kruja, 7 in Shijak, 30 in Tirana."""
    made = open_house(tmp_path)
    made.store.add({"places": places(2), "visits": visits(["p000"])})
    for code, n in ((DURRES, 4), (KRUJE, 8), (SHIJAK, 7), (TIRANE_TOWN, 30)):
        rows = cases(["p000"] * n).assign(municipality_found=code)
        rows["case_code"] = [f"{code}-{i}" for i in range(n)]
        rows["place_id"] = [f"{code}-{i % 5}" for i in range(n)]
        made.store.add({"cases": rows})
    return made


def rows_of(content: bytes) -> list[dict[str, str]]:
    lines = content.decode("utf-8-sig").splitlines()
    head = next(i for i, line in enumerate(lines) if line.startswith("Code,"))
    return list(csv.DictReader(io.StringIO("\n".join(lines[head:]))))


def test_a_coordinator_reads_the_own_true_count_and_no_other_row(house: House):
    seen = coverage(house, COORDINATOR, NOW)

    assert seen.frame["code"].tolist() == [DURRES]
    assert seen.frame["children"].tolist() == ["4"]
    assert not seen.is_country


def test_the_agency_sees_all_municipalities_with_small_counts_hidden(house: House):
    seen = coverage(house, AGENCY, NOW)
    shown = seen.frame.set_index("code")["children"]

    assert len(seen.frame) == 61
    assert shown[DURRES] == "<5"
    assert shown[SHIJAK] == "≥5"  # with the county's total it would give Durrës away
    assert shown[KRUJE] == "8"
    assert shown[TIRANE_TOWN] == "30"
    assert (shown == "0").sum() == 57


@pytest.mark.parametrize("role", [Role.FIELD, Role.ADMINISTRATOR])
def test_nobody_else_sees_or_exports_coverage(house: House, role: Role):
    other = Viewer(account="x", name="x", role=role, municipalities=frozenset({DURRES}))

    with pytest.raises(AccessDeniedError):
        coverage(house, other, NOW)
    with pytest.raises(AccessDeniedError):
        report_csv(house, other, EN, NOW)


def test_what_leaves_the_house_hides_counts_below_eleven_also_a_coordinators_own(house: House):
    rows = rows_of(report_csv(house, AGENCY, EN, NOW))
    agency = {row["Code"]: row["Children identified"] for row in rows}
    own = rows_of(report_csv(house, COORDINATOR, EN, NOW))

    assert agency[DURRES] == agency[KRUJE] == agency[SHIJAK] == "<11"
    assert agency[TIRANE_TOWN] == "30"
    assert [(r["Code"], r["Children identified"]) for r in own] == [(DURRES, "<11")]


def test_the_machines_administrator_exports_the_country_suppressed(house: House):
    rows = rows_of(report_csv(house, operator(), EN, NOW))

    assert len(rows) == 61
    assert {r["Children identified"] for r in rows} == {"0", "<11", "30"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_says_what_it_is_and_of_when(house: House, language: str):
    words = Words(language)

    text = report_csv(house, AGENCY, words, NOW).decode("utf-8-sig")

    assert words("mark.synthetic") in text
    assert words("mark.as_of", at=NOW) in text
    assert "<11" in text.splitlines()[2]


def test_the_same_data_make_the_same_file(house: House):
    assert report_csv(house, AGENCY, EN, NOW) == report_csv(house, AGENCY, EN, NOW)


def test_an_export_leaves_its_hash_in_the_audit(house: House):
    report_csv(house, AGENCY, EN, NOW)

    line = house.store.audit.last(1)[0]
    assert line.action == "coverage.export"
    assert len(line.export_sha256) == 64


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2026, 7, 2), date(2025, 7, 1), date(2026, 6, 30)),
        (date(2026, 12, 31), date(2025, 7, 1), date(2026, 6, 30)),
        (date(2026, 3, 1), date(2025, 1, 1), date(2025, 12, 31)),
    ],
)
def test_counts_are_of_complete_half_years(day: date, first: date, last: date):
    moment = datetime(day.year, day.month, day.day, 12, tzinfo=TIRANE)

    assert last_year(moment) == (first, last)


def test_a_count_that_one_place_makes_nearly_alone_is_hidden(house: House):
    rows = cases(["p000"] * 20).assign(municipality_found="AL0101", place_id="one")
    rows["case_code"] = [f"berat-{i}" for i in range(20)]
    house.store.add({"cases": rows})

    seen = coverage(house, AGENCY, NOW).frame.set_index("code")["children"]

    assert seen["AL0101"] == "≥5"


def test_counts_of_children_stand_by_name_and_never_by_number(house: House):
    counties = coverage(house, AGENCY, NOW).children_by_county()

    durres = next(one for one in counties if one.county == "Durrës")
    assert [one.county for one in counties] == sorted(one.county for one in counties)
    assert dict(durres.municipalities) == {"Durrës": "<5", "Krujë": "8", "Shijak": "≥5"}
    assert list(durres.municipalities) == ["Durrës", "Krujë", "Shijak"]
    assert durres.total == "19"


def test_a_house_in_which_nothing_is_known_is_empty(tmp_path: Path, house: House):
    assert coverage(open_house(tmp_path / "new"), AGENCY, NOW).is_empty
    assert not coverage(house, AGENCY, NOW).is_empty


def test_the_share_over_time_ends_at_the_share_of_today(house: House):
    long_ago = [NOW - timedelta(days=days) for days in (3, 90)]
    house.store.add({"visits": visits(["p000", "p000"], when=long_ago)})

    seen = coverage(house, AGENCY, NOW)

    assert list(seen.trend)[-1] == NOW
    assert seen.trend[NOW] == seen.frame["n_reached"].sum() / seen.frame["n_places"].sum()
