"""An example file is taken as it stands, in both languages and everywhere."""

from __future__ import annotations

import pytest

from data import reference
from data.readers import read_cases, read_teams, read_visits
from desk.templates import example_file
from layers.words import LANGUAGES, Words

TOWNS = reference.municipalities()
DURRES = "AL0301"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("noun", "read"), [("cases", read_cases), ("visits", read_visits)])
def test_every_column_of_an_example_is_known_and_every_row_taken_as_invented(
    language: str, noun: str, read: object
):
    content = example_file(noun, DURRES, Words(language))

    found = read(content, f"{noun}.csv", municipalities=TOWNS)

    assert found.rejected == ()
    assert len(found.frame) == 2
    assert found.dropped_columns == 0
    assert found.frame["synthetic"].all()


@pytest.mark.parametrize(("noun", "read"), [("cases", read_cases), ("visits", read_visits)])
def test_both_languages_say_the_same(noun: str, read: object):
    sq, en = (
        read(example_file(noun, DURRES, Words(one)), "x.csv", municipalities=TOWNS).frame
        for one in LANGUAGES
    )

    said = sorted(set(sq.columns) - {"team", "place_id"})
    assert sq[said].equals(en[said])


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_example_of_teams_is_taken_whole(language: str):
    found = read_teams(
        example_file("teams", DURRES, Words(language)), "t.csv", municipalities=TOWNS
    )

    assert found.rejected == ()
    counts = [len(part) for part in (found.bases, found.workers, found.teams, found.absences)]
    assert counts == [1, 2, 1, 1]
    assert found.workers[0].weekly_hours == 40.0
    assert found.teams[0].weekdays == (0, 2, 4)


@pytest.mark.parametrize("town", TOWNS, ids=lambda town: town.code)
def test_an_example_stands_in_its_municipality(town: reference.Municipality):
    content = example_file("cases", town.code, Words("sq"))

    found = read_cases(content, "c.csv", municipalities=TOWNS)

    assert set(found.frame["municipality_found"]) == {town.code}
    assert reference.area_of(town.code).boundary.distance(found.frame.geometry.iloc[0]) < 0.01


def test_an_example_opens_in_a_spreadsheet():
    content = example_file("cases", DURRES, Words("sq"))

    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == 3
