"""A visit is hours and outcome together, at a place that is known or described."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from data.frames import CHILD_COUNTS, PLACES, RIGHTS_COUNTS, VISITS
from data.nouns import TIRANE, Municipality
from data.readers import Import, read_visits
from data.vocabulary import PlaceKind, VisitOutcome, VisitPurpose
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
ROW = {
    "visit_id": "V-1",
    "place_id": "P-1",
    "date": "06.06.2026",
    "started_at": "16:30",
    "ended_at": "18:00",
    "outcome": "u panë",
    "n_seen": "3",
}


def read(*rows: dict[str, str], as_of: datetime | None = None) -> Import:
    lines = [rows[0].keys(), *(row.values() for row in rows)]
    text = "\n".join(";".join(line) for line in lines)
    return read_visits(text.encode(), "x.csv", municipalities=[DURRES], as_of=as_of)


def changed(**values: str) -> Import:
    return read({**ROW, **values})


def rule(found: Import) -> str:
    assert len(found.frame) == 0
    return found.rejected[0].rule.id.removeprefix("import.rule.")


def hours(found: Import) -> float:
    visit = found.frame.iloc[0]
    return (visit["ended_at"] - visit["started_at"]).total_seconds() / 3600


def test_the_example_file_gives_four_visits_at_three_places():
    found = read_visits(FILES / "visits.csv", "visits.csv", municipalities=[DURRES])

    VISITS.check(found.frame)
    PLACES.check(found.places)
    assert (len(found.frame), len(found.places)) == (4, 3)
    assert [r.row for r in found.rejected] == [6]
    assert found.frame["place_id"].nunique() == 3
    assert set(found.places["kind"]) == {"square", "beach", "market"}
    assert found.frame["synthetic"].all()
    assert found.frame["n_not_registered"].to_list() == [0, 0, 0, 1]
    assert found.places["synthetic"].all()


def test_a_visit_past_midnight_ends_on_the_next_day():
    assert hours(changed(started_at="22:30", ended_at="00:15")) == 1.75


def test_a_visit_over_the_change_of_clocks_has_its_true_hours():
    night = {"date": "24.10.2026", "started_at": "22:00", "ended_at": "04:00"}

    assert hours(changed(**night)) == 7


def test_moments_with_their_own_day_need_no_date():
    found = changed(date="", started_at="2026-06-06T16:30", ended_at="2026-06-06 18:00")

    assert hours(found) == 1.5
    assert hours(changed(date="", started_at="06.06.2026 16:30", ended_at="18:00")) == 1.5


def test_the_counts_say_the_outcome_where_it_is_not_written():
    cases = [
        ("0", "0", "nobody"),
        ("2", "0", "seen"),
        ("2", "1", "identified"),
        ("", "1", "identified"),
    ]
    for seen, identified, outcome in cases:
        found = changed(outcome="", n_seen=seen, n_identified=identified)
        assert found.frame["outcome"].to_list() == [outcome]
    assert changed(outcome="", n_seen="", n_identified="2").frame["n_seen"].to_list() == [2]


@pytest.mark.parametrize("count", RIGHTS_COUNTS)
def test_who_knows_what_a_child_lacks_has_seen_it_and_spoken(count: str):
    visit = changed(outcome="", n_seen="", **{count: "2"}).frame.iloc[0]

    assert (visit["outcome"], visit["n_seen"], visit[count]) == ("spoken", 2, 2)


@pytest.mark.parametrize(
    ("header", "count"),
    [
        ("n_not_registered", "n_not_registered"),
        ("Të paregjistruar në gjendjen civile", "n_not_registered"),
        ("Pa certifikatë lindjeje", "n_not_registered"),
        ("Të pavaksinuar", "n_not_vaccinated"),
    ],
)
def test_children_who_lack_what_is_theirs_are_counted_under_any_heading(header: str, count: str):
    found = changed(**{header: "2"})

    assert found.frame[count].to_list() == [2]
    assert (found.dropped_columns, found.identifying_columns) == (0, 0)


def test_a_file_without_a_column_of_children_counts_none():
    assert changed().frame[list(RIGHTS_COUNTS)].to_numpy().tolist() == [[0, 0, 0, 0]]


@pytest.mark.parametrize("count", CHILD_COUNTS[1:])
def test_more_children_of_a_kind_than_were_seen_are_refused_with_the_row(count: str):
    found = changed(**{count: "4"})

    assert rule(found) == "outcome"
    assert [r.row for r in found.rejected] == [2]


def test_a_place_without_an_id_is_made_once_and_the_same_each_time():
    described = {"place_id": "", "place_name": "Sheshi", "lon": "19,45", "lat": "41,31"}
    rows = [{**ROW, **described, "visit_id": f"V-{i}"} for i in range(2)]

    first, again = read(*rows), read(*rows)

    assert first.frame["place_id"].nunique() == len(first.places) == 1
    assert first.places["place_id"].equals(again.places["place_id"])
    assert (first.places["awake_from"][0], first.places["awake_to"][0]) == (1, 12)


def test_the_id_of_a_made_place_does_not_tell_where_it_is():
    described = {"place_id": "", "place_name": "Sheshi", "lon": "19,45", "lat": "41,31"}

    first, other = changed(**described), changed(**described, n_seen="4")

    assert first.places["place_id"][0] != other.places["place_id"][0]


def test_a_known_place_needs_no_description():
    found = changed()

    assert found.frame["place_id"].to_list() == ["P-1"]
    assert len(found.places) == 0


@pytest.mark.parametrize(
    ("values", "broken"),
    [
        ({"place_id": ""}, "place_needed"),
        ({"place_id": "", "lon": "19.4", "lat": "41.3"}, "place_needed"),
        ({"place_id": "the square"}, "id"),
        ({"started_at": ""}, "missing"),
        ({"started_at": "late"}, "moment"),
        ({"date": "", "started_at": "06.06.2026", "ended_at": "07.06.2026"}, "moment"),
        ({"ended_at": "06.06.2026 16:00"}, "ended_before"),
        ({"ended_at": "08.06.2026 16:00"}, "visit_too_long"),
        ({"outcome": "nobody"}, "outcome"),
        ({"outcome": "", "n_seen": ""}, "missing"),
        ({"n_seen": "-1"}, "count"),
        ({"n_seen": "2,5"}, "count"),
        ({"n_not_registered": "-1"}, "count"),
        ({"outcome": "arrested"}, "word"),
        ({"purpose": "inspection of papers"}, "word"),
        ({"municipality": "Atlantis"}, "municipality"),
    ],
)
def test_a_visit_that_breaks_a_rule_is_refused_with_the_rule(values: dict[str, str], broken: str):
    found = changed(**values)

    assert rule(found) == broken
    for language in LANGUAGES:
        assert Words(language).message(found.rejected[0].rule)


def test_a_visit_that_has_not_been_is_refused_where_today_is_named():
    assert rule(read(ROW, as_of=datetime(2026, 6, 6, 12, tzinfo=TIRANE))) == "future"


def test_what_the_columns_of_a_visit_do_not_say_is_dropped_and_counted():
    found = changed(Emri="Test", photo="x", wind="calm")

    assert (found.dropped_columns, found.identifying_columns) == (3, 2)


@pytest.mark.parametrize("words", [PlaceKind, VisitPurpose, VisitOutcome])
def test_every_word_of_a_visit_can_be_written_in_a_file(words: type):
    field = {PlaceKind: "place_kind", VisitPurpose: "purpose", VisitOutcome: "outcome"}[words]
    point = {"place_name": "Vendi", "lon": "19.45", "lat": "41.31"}
    rows = [
        {**ROW, **point, "place_id": f"P-{i}", "visit_id": f"V-{i}", "n_seen": "", field: word}
        for i, word in enumerate(words)
    ]
    for row in rows:
        row.setdefault("outcome", "seen")

    found = read(*rows)

    assert found.rejected == ()
    column = found.places["kind"] if words is PlaceKind else found.frame[field]
    assert column.to_list() == [word.value for word in words]
