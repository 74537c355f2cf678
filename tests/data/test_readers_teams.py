"""Teams, their people and their bases come from four sheets or from one list of records."""

from __future__ import annotations

import io
from datetime import date, time
from pathlib import Path

import openpyxl
import pytest

from data.errors import ContractError
from data.nouns import Absence, Municipality
from data.readers import Teams, read_area, read_teams
from data.readers.lists import parse_weekdays
from data.vocabulary import Language, Sex, Skill, TravelMode
from layers.words import LANGUAGES, Words

FILES = Path(__file__).resolve().parents[1] / "files"
DURRES = Municipality(
    code="AL0301",
    name_sq="Durrës",
    name_en="Durres",
    aliases=("Durrësi",),
    county="AL03",
    coastal=True,
    seat="Durrës",
    seat_lon=19.45,
    seat_lat=41.32,
)
SHEETS: dict[str, list[list[object]]] = {
    "Punonjësit": [
        ["kodi", "emri", "bashkia", "aftësitë", "i trajnuar", "orë në javë"],
        ["W1", "Punonjësi 1", "Durrës", "NJMF, terren", "po", 40],
        ["W2", None, "Durrës", "ndërmjetës", "jo", 20.5],
    ],
    "Ekipet": [
        ["kodi", "baza", "mënyra", "fillimi", "mbarimi", "ditët", "madhësia", "anëtarët"],
        ["T1", "B1", "në këmbë", time(16), time(22), "e premte - e diel", 2, "W1; W2"],
    ],
    "Bazat": [["kodi", "emri", "gjatësia", "gjerësia"], ["B1", "Baza", 19.45, 41.32]],
    "Mungesat": [["punonjësi", "nga", "deri"], ["W2", date(2026, 7, 6), date(2026, 7, 8)]],
}


def read(**changes: list[list[object]] | None) -> Teams:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in {**SHEETS, **changes}.items():
        if rows is None:
            continue
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return read_teams(kept.getvalue(), "teams.xlsx", municipalities=[DURRES])


def test_who_speaks_what_and_can_work_when_is_read_and_may_be_left_out():
    people = [
        ["kodi", "aftësitë", "gjuhët", "gjinia", "ditët kur mundet", "mundet nga ora",
         "mundet deri në orën"],
        ["W1", "NJMF", "shqip, romisht", "grua", "1-3", "08:00", "14:30"],
        ["W2", "terren", None, None, None, None, None],
    ]  # fmt: skip
    found = read(Punonjësit=people)

    first, second = found.workers
    assert first.languages == {Language.ALBANIAN, Language.ROMANI}
    assert (first.sex, first.available_days) == (Sex.FEMALE, (0, 1, 2))
    assert (first.available_from, first.available_until) == (time(8), time(14, 30))
    assert (second.languages, second.sex) == (frozenset(), Sex.UNKNOWN)
    assert second.available_days == tuple(range(7))
    assert (second.available_from, second.available_until) == (None, None)


def refused(**changes: list[list[object]]) -> tuple[str, int, str]:
    [found] = read(**changes).rejected
    for language in LANGUAGES:
        assert Words(language).message(found.rule)
    return found.sheet, found.row, found.rule.id.removeprefix("import.rule.")


def test_four_sheets_in_albanian_give_the_nouns():
    found = read()

    assert found.rejected == ()
    assert found.workers[0].skills == {Skill.CHILD_PROTECTION, Skill.OUTREACH}
    assert (found.workers[1].name, found.workers[1].weekly_hours) == ("W2", 20.5)
    assert not found.workers[1].trained
    [team] = found.teams
    assert (team.start, team.end, team.weekdays) == (time(16), time(22), (4, 5, 6))
    assert (team.mode, team.members, team.size) == (TravelMode.WALK, ("W1", "W2"), 2)
    assert (found.bases[0].lon, found.bases[0].lat) == (19.45, 41.32)
    assert found.absences == (Absence(worker="W2", first=date(2026, 7, 6), last=date(2026, 7, 8)),)


def test_one_list_of_records_gives_the_same_kinds():
    found = read_teams(FILES / "teams.csv", "teams.csv", municipalities=[DURRES])

    assert found.rejected == ()
    counts = [len(part) for part in (found.workers, found.teams, found.bases, found.absences)]
    assert counts == [4, 2, 1, 1]
    assert found.teams[0].weekdays == (0, 1, 2, 3, 4)
    assert {worker.municipality for worker in found.workers} == {"AL0301"}


def test_absences_may_be_missing_and_the_other_parts_not():
    assert read(Mungesat=None).absences == ()
    with pytest.raises(ContractError) as caught:
        read(Bazat=None)
    assert caught.value.message.params["parts"] == "bases"


def test_a_row_that_names_what_the_file_does_not_hold_is_refused_with_its_sheet():
    away = [["punonjësi", "nga"], ["W9", date(2026, 7, 6)]]

    assert refused(Mungesat=away) == ("absences", 2, "unknown")


def test_a_team_without_its_base_or_with_a_stranger_is_refused():
    header = SHEETS["Ekipet"][0]
    lost = [header, ["T1", "B9", "", "16:00", "22:00", "1-5", 2, "W1"]]
    stranger = [header, ["T1", "B1", "", "16:00", "22:00", "1-5", 2, "W1, W9"]]

    assert refused(Ekipet=lost) == ("teams", 2, "unknown")
    assert refused(Ekipet=stranger) == ("teams", 2, "unknown")


def test_a_code_stands_once():
    twice = [SHEETS["Bazat"][0], ["B1", "Baza", 19.45, 41.32], ["B1", "Tjetra", 19.5, 41.3]]

    assert refused(Bazat=twice) == ("bases", 3, "duplicate")


def test_an_absence_that_ends_before_it_begins_is_refused():
    away = [["punonjësi", "nga", "deri"], ["W2", "08.07.2026", "06.07.2026"]]

    assert refused(Mungesat=away) == ("absences", 2, "absence_order")


def test_a_base_needs_its_point():
    nowhere = [*SHEETS["Bazat"], ["B2", "Tjetra", None, None]]

    assert refused(Bazat=nowhere) == ("bases", 3, "both_coordinates")


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("1-5", (0, 1, 2, 3, 4)),
        ("Mon, Wed, Fri", (0, 2, 4)),
        ("e hënë; e shtunë", (0, 5)),
        ("e premte - e hënë", (0, 4, 5, 6)),
        ("e hënë deri e mërkurë", (0, 1, 2)),
        ("çdo ditë", (0, 1, 2, 3, 4, 5, 6)),
    ],
)
def test_days_of_the_week_are_read_as_people_write_them(text: str, days: tuple[int, ...]):
    assert parse_weekdays(text) == days


@pytest.mark.parametrize("text", ["0-5", "someday", "1-3-5"])
def test_what_is_no_day_of_the_week_is_refused(text: str):
    with pytest.raises(ValueError, match=r"."):
        parse_weekdays(text)


def test_the_example_area_is_an_area(tmp_path: Path):
    area = read_area(FILES / "area.geojson")

    assert area.name == "Zone e shpikur (synthetic)"
    assert area.metric_crs == "EPSG:6870"
    (tmp_path / "empty.geojson").write_text("", encoding="utf-8")
    with pytest.raises(ContractError):
        read_area(tmp_path / "empty.geojson")
