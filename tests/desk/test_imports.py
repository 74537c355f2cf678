"""Files into a real store: checked before, whole or not at all, and nobody else's rows."""

from __future__ import annotations

import csv
import io
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import openpyxl
import pytest

from data.errors import AccessDeniedError, ContractError
from data.nouns import TIRANE, Base, Viewer, Worker
from data.vocabulary import Role, Skill
from desk import identity
from desk.imports import Outcome, check_file, import_file
from desk.wiring import House, open_house
from tests.builders import cases, places, visits

FILES = Path(__file__).resolve().parents[1] / "files"
DURRES, TIRANA = "AL0301", "AL1105"
HERE, BESIDE, THERE = (19.4500, 41.3200), (19.4503, 41.3201), (19.8187, 41.3275)
NOW = datetime.now(TIRANE)


def coordinator(*codes: str) -> Viewer:
    return Viewer(
        account="mira", name="Mira", role=Role.COORDINATOR, municipalities=frozenset(codes)
    )


MIRA = coordinator(DURRES)
DEMO = replace(MIRA, account=identity.DEMO)


@pytest.fixture
def house(tmp_path: Path) -> House:
    return open_house(tmp_path)


def table(rows: Sequence[dict[str, object]], *, also: Sequence[str] = ()) -> bytes:
    """Return rows as a CSV file; `also` names columns that hold a word no store may keep."""
    header = [*dict.fromkeys(name for row in rows for name in row), *also]
    out = io.StringIO()
    writer = csv.DictWriter(out, header, restval="")
    writer.writeheader()
    writer.writerows({**row, **dict.fromkeys(also, "Zefina")} for row in rows)
    return out.getvalue().encode()


def case(code: str, at: tuple[float, float] | None = HERE, **columns: object) -> dict[str, object]:
    return {
        "case_code": code,
        "identified_at": "2026-06-02 17:40",
        "lon": "" if at is None else at[0],
        "lat": "" if at is None else at[1],
        "municipality_found": "Durrës",
        "sector": "street",
        "risk_degree": "high",
        "source": "patrol",
        "synthetic": "no",
        **columns,
    }


def visit(code: str, **columns: object) -> dict[str, object]:
    return {
        "visit_id": code,
        "date": "2026-06-02",
        "started_at": "16:30",
        "ended_at": "18:00",
        "place_name": "Sheshi",
        "lon": HERE[0],
        "lat": HERE[1],
        "municipality": "Durrës",
        "outcome": "nobody",
        "synthetic": "no",
        **columns,
    }


def take(house: House, *rows: dict[str, object], viewer: Viewer = MIRA) -> Outcome:
    return import_file(house, viewer, "cases", table(rows), "c.csv")


def refusals(outcome: Outcome) -> list[tuple[int, str]]:
    return [(one.row, one.rule.id.removeprefix("import.rule.")) for one in outcome.rejected]


def said(outcome: Outcome) -> dict[str, object]:
    return {note.id.removeprefix("import."): note.params.get("n") for note in outcome.notes}


def everything(house: House) -> list[list[tuple[object, ...]]]:
    """Return every row of what is known, as the database holds it."""
    with sqlite3.connect(house.home / "fener.sqlite") as connection:
        tables = ("places", "cases", "visits", "bases", "workers", "teams", "absences")
        found = [connection.execute(f"SELECT * FROM {t} ORDER BY 1").fetchall() for t in tables]  # noqa: S608 - our own names
    connection.close()
    return found


def test_checking_a_file_says_everything_and_writes_nothing(house: House):
    outcome = check_file(house, MIRA, "cases", FILES / "cases.csv", "cases.csv")

    assert outcome.n_valid == 4
    assert refusals(outcome) == [(6, "date")]
    assert said(outcome)["note.identifying_columns"] == 1
    assert said(outcome)["note.without_coordinates"] == 1
    assert said(outcome)["note.swapped"] == 1
    assert house.store.is_empty()


@pytest.mark.parametrize("noun", ["cases", "visits", "teams"])
def test_the_same_file_twice_changes_nothing(house: House, noun: str):
    path = FILES / f"{noun}.csv"
    import_file(house, DEMO, noun, path, path.name)
    before = everything(house)

    again = import_file(house, DEMO, noun, path, path.name)

    assert everything(house) == before
    if noun != "teams":
        assert again.notes[0].params["n"] == 0
        assert again.notes[0].params["changed"] == 0


def test_a_case_between_two_new_places_stays_at_its_own_when_the_file_comes_again(house: House):
    """The case at 70 m belongs to those at 0 m, but the middle of the others is nearer."""
    metre = 1.196e-5  # degrees eastwards
    spots = [0.0] * 9 + [70.0] + [110.0] * 9 + [145.0]
    rows = [case(f"c{i:02d}", (HERE[0] + metre * m, HERE[1])) for i, m in enumerate(spots)]
    take(house, *rows)
    before = everything(house)

    again = take(house, *rows)

    assert house.store.cases()["place_id"].nunique() == 2
    assert everything(house) == before
    assert again.n_known == len(rows)


def test_a_case_that_moved_is_given_another_place(house: House):
    take(house, case("c1"), case("c2", (19.4700, 41.3300)))
    first, second = house.store.cases()["place_id"]

    take(house, case("c1", (19.4700, 41.3300)))

    assert first != second
    assert house.store.cases()["place_id"].tolist() == [second, second]


def test_rows_of_another_municipality_are_refused_by_their_number(house: House):
    outcome = take(
        house,
        case("c1"),
        case("c2", municipality_found="Tiranë", lon="", lat=""),
        case("c3", THERE, municipality_found=""),
        case("c4", THERE),
        case("c5", (7.42, 43.73), municipality_found=""),
    )

    assert refusals(outcome) == [
        (3, "not_yours"),
        (4, "not_yours"),
        (5, "elsewhere"),
        (6, "nowhere"),
    ]
    assert house.store.cases()["case_code"].tolist() == ["c1"]
    assert house.store.cases(TIRANA).empty


def test_a_file_with_nothing_of_ones_own_is_refused_whole(house: House):
    with pytest.raises(ContractError) as fault:
        take(house, case("c1", THERE, municipality_found="Tiranë"))

    assert fault.value.message.id == "import.nothing_valid"
    assert fault.value.message.params["row"] == 2
    assert house.store.is_empty()


def test_a_code_of_another_municipality_cannot_be_taken_over(house: House):
    take(house, case("c1", THERE, municipality_found="Tiranë"), viewer=coordinator(TIRANA))
    tirana = [visit("v1", municipality="Tiranë", lon=THERE[0], lat=THERE[1])]
    import_file(house, coordinator(TIRANA), "visits", table(tirana), "v.csv")
    before = everything(house)

    mine = check_file(house, MIRA, "cases", table([case("c1"), case("c2")]), "c.csv")
    hers = check_file(house, MIRA, "visits", table([visit("v1"), visit("v2")]), "v.csv")
    with pytest.raises(ContractError):
        take(house, case("c1"))

    assert refusals(mine) == refusals(hers) == [(2, "code_taken")]
    assert everything(house) == before


def test_a_case_without_point_and_municipality_comes_from_the_own_desk(house: House):
    row = case("c1", None, municipality_found="")

    outcome = take(house, row)

    assert said(outcome)["note.own_assumed"] == 1
    assert house.store.cases(DURRES)["case_code"].tolist() == ["c1"]
    with pytest.raises(ContractError):  # whose desk is it, where somebody has two?
        take(house, row, viewer=coordinator(DURRES, TIRANA))


def test_cases_without_a_point_are_counted_among_those_taken_only(house: House):
    rows = [case("c1", None), case("c2", None, municipality_found="Tiranë"), case("c3")]

    outcome = take(house, *rows)

    assert said(outcome)["note.without_coordinates"] == 1
    assert house.store.cases().geometry.isna().tolist() == [True, False]


def test_a_point_on_the_beach_beside_the_drawn_shore_still_lies_in_the_municipality(house: House):
    outcome = take(house, case("c1", (19.4372, 41.3085), municipality_found=""))

    assert outcome.n_valid == 1


def test_a_case_that_has_not_happened_yet_is_refused(house: House):
    tomorrow = (NOW + timedelta(days=1)).date().isoformat()

    outcome = take(house, case("c1"), case("c2", identified_at=tomorrow))

    assert refusals(outcome) == [(3, "future")]


def test_what_says_who_somebody_is_is_dropped_counted_and_kept_nowhere(house: House):
    also = ("emri", "mbiemri", "telefoni", "weather")
    content = table([case("c1")], also=also)

    outcome = import_file(house, MIRA, "cases", content, "c.csv")

    assert said(outcome)["note.dropped_columns"] == 4
    assert said(outcome)["note.identifying_columns"] == 3
    for path in house.home.rglob("*"):
        assert not path.is_file() or b"Zefina" not in path.read_bytes()


def test_a_place_a_case_names_is_taken_if_it_is_known_here_and_told_if_not(house: House):
    house.store.add({"places": places(2, synthetic=False)})

    outcome = take(house, case("c1", None, place_id="p001"), case("c2", place_id="p999"))

    assert said(outcome)["note.place_unknown"] == 1
    assert house.store.cases().set_index("case_code").loc["c1", "place_id"] == "p001"
    assert said(outcome)["done.places"] == 1


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"\x00\x01\x02", "unreadable"),
        (b"", "empty"),
        (b"a,b\n1,2\n", "columns_missing"),
        (b"PK\x03\x04 broken", "unreadable"),
        (b"\xd0\xcf\x11\xe0 old", "old_excel"),
        (b"identified_at,sector,risk_degree,source\n", "no_rows"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_sentence(house: House, content: bytes, rule: str):
    with pytest.raises(ContractError) as fault:
        check_file(house, MIRA, "cases", content, "cases.csv")

    assert fault.value.message.id == f"import.file.{rule}"


def test_row_numbers_are_those_of_the_workbook(house: House):
    book = openpyxl.Workbook()
    sheet = book.active
    header = list(case("c"))
    sheet.append(["Raste të komisariatit"])
    rows = [header, list(case("c1").values()), [], list(case("c2", sector="zoo").values())]
    for number, row in enumerate(rows, 3):
        for column, value in enumerate(row, 1):
            sheet.cell(number, column, value)
    sheet.delete_rows(1)
    out = io.BytesIO()
    book.save(out)

    outcome = check_file(house, MIRA, "cases", out.getvalue(), "raste.xlsx")

    assert outcome.n_valid == 1
    assert refusals(outcome) == [(5, "word")]


def test_a_visit_to_a_place_nobody_knows_or_of_another_municipality_is_refused(house: House):
    house.store.add({"places": places(1, municipality=TIRANA, synthetic=False)})
    bare = {"place_name": "", "lon": "", "lat": "", "municipality": ""}
    rows = [
        visit("v1"),
        visit("v2", place_id="p999", **bare),
        visit("v3", place_id="p000", **{**bare, "municipality": "Durrës"}),
        visit("v4", place_name="Larg", lon=THERE[0], lat=THERE[1]),
    ]

    outcome = import_file(house, MIRA, "visits", table(rows), "v.csv")

    assert refusals(outcome) == [(3, "place_unknown"), (4, "not_yours"), (5, "elsewhere")]
    assert house.store.visits()["visit_id"].tolist() == ["v1"]
    assert len(house.store.places(DURRES)) == said(outcome)["done.places"] == 1


def loaded(house: House) -> None:
    """Load a small demonstration: two places, two cases, one visit."""
    house.store.add(
        {
            "places": places(2),
            "cases": cases(["p000", "p001"], municipality_home=TIRANA),
            "visits": visits(["p000"]),
        }
    )


def test_the_first_real_file_takes_the_demonstration_away_and_says_so_before(house: House):
    loaded(house)
    spot = places(1).geometry.iloc[0]
    rows = [case("c1", (spot.x, spot.y))]

    before = check_file(house, MIRA, "cases", table(rows), "c.csv")
    assert before.replaces_demo
    assert len(house.store.cases()) == 2
    outcome = take(house, *rows)

    assert "demo_gone" in said(outcome)
    kept = house.store.cases()
    assert kept["case_code"].tolist() == ["c1"]
    assert house.store.visits().empty
    assert house.store.places()["place_id"].tolist() == kept["place_id"].tolist()
    assert not house.store.places()["synthetic"].any()
    assert not check_file(house, MIRA, "cases", table(rows), "c.csv").replaces_demo


def test_a_file_that_breaks_off_leaves_the_demonstration_as_it_was(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    loaded(house)
    before = everything(house)

    def cut(*_: object) -> None:
        msg = "the light went out"
        raise OSError(msg)

    monkeypatch.setattr("data.store.records.upsert", cut)
    with pytest.raises(OSError, match="light"):
        take(house, case("c1"))

    assert everything(house) == before


def test_the_demo_account_cannot_bring_in_a_real_row(house: House):
    loaded(house)
    before = everything(house)
    rows = [case("c1", synthetic="yes"), case("c2")]

    for act in (check_file, import_file):
        with pytest.raises(AccessDeniedError):
            act(house, DEMO, "cases", table(rows), "c.csv")
        with pytest.raises(AccessDeniedError):
            act(house, DEMO, "visits", table([visit("v1")]), "v.csv")

    assert everything(house) == before
    assert house.store.all_synthetic()


def test_the_demo_account_tries_invented_rows_beside_the_demonstration(house: House):
    loaded(house)

    outcome = take(house, case("c1", synthetic="yes"), viewer=DEMO)

    assert not outcome.replaces_demo
    assert len(house.store.cases()) == 3
    assert house.store.all_synthetic()


def test_invented_rows_never_come_to_stand_beside_real_ones(house: House):
    both = take(house, case("c1"), case("c2", synthetic="yes"))
    assert refusals(both) == [(3, "invented")]

    with pytest.raises(ContractError):
        take(house, case("c3", synthetic="yes"))

    assert house.store.cases()["case_code"].tolist() == ["c1"]


def crew(*rows: str) -> bytes:
    head = "record;id;name;municipality;lon;lat;skills;base;start;end;members;worker;first"
    return "\n".join([head, *rows]).encode()


BASE_ROW = "base;B1;NJMF;;19,45;41,32;;;;;;;"
WORKER_ROW = "worker;W1;Mira;;;;outreach;;;;;;"
TEAM_ROW = "team;T1;Ekipi;;;;;B1;09:00;14:00;W1;;"
ABSENCE_ROW = "absence;;;;;;;;;;;W1;06.07.2026"


def test_a_crew_that_names_no_municipality_is_the_own_one(house: House):
    content = crew(BASE_ROW, WORKER_ROW, TEAM_ROW, ABSENCE_ROW)

    outcome = import_file(house, MIRA, "teams", content, "t.csv")

    store = house.store
    assert (outcome.n_valid, outcome.rejected) == (4, ())
    assert [one.id for one in store.bases(DURRES)] == ["B1"]
    assert [one.id for one in store.workers(DURRES)] == ["W1"]
    assert [one.id for one in store.teams(DURRES)] == ["T1"]
    assert [one.worker for one in store.absences(DURRES)] == ["W1"]
    assert not store.all_synthetic()


def test_a_crew_of_another_municipality_is_refused_with_whatever_stands_on_it(house: House):
    content = crew(
        BASE_ROW.replace("NJMF;", "NJMF;Tiranë"),
        BASE_ROW.replace("B1", "B2").replace("19,45;41,32", "19,8187;41,3275"),
        WORKER_ROW.replace("Mira;", "Mira;Tiranë"),
        WORKER_ROW.replace("W1", "W2"),
        TEAM_ROW.replace(";W1;", ";;"),
        ABSENCE_ROW,
    )

    outcome = import_file(house, MIRA, "teams", content, "t.csv")

    found = {(one.sheet, one.row, one.rule.id.rpartition(".")[2]) for one in outcome.rejected}
    assert found == {
        ("bases", 2, "not_yours"),
        ("bases", 3, "elsewhere"),
        ("workers", 4, "not_yours"),
        ("teams", 6, "stands_on_refused"),
        ("absences", 7, "stands_on_refused"),
    }
    assert [one.id for one in house.store.workers()] == ["W2"]


def test_a_crews_code_of_another_municipality_cannot_be_taken_over(house: House):
    base = Base(id="B1", name="NJMF Tiranë", municipality=TIRANA, lon=THERE[0], lat=THERE[1])
    worker = Worker(id="W1", name="Ana", municipality=TIRANA, skills=frozenset({Skill.OUTREACH}))
    house.store.put_crew(bases=[base], workers=[worker])

    with pytest.raises(ContractError):
        import_file(house, MIRA, "teams", crew(BASE_ROW, WORKER_ROW, TEAM_ROW), "t.csv")

    assert house.store.bases() == (base,)
    assert house.store.workers() == (worker,)
    assert house.store.teams() == ()


def test_a_real_crew_takes_the_demonstration_away_and_a_tried_one_does_not(house: House):
    loaded(house)
    content = crew(BASE_ROW, WORKER_ROW, TEAM_ROW)

    tried = import_file(house, DEMO, "teams", content, "t.csv")
    assert not tried.replaces_demo
    assert house.store.all_synthetic()

    real = import_file(house, MIRA, "teams", content, "t.csv")
    assert real.replaces_demo
    assert house.store.cases().empty
    assert [one.id for one in house.store.teams()] == ["T1"]
    assert not house.store.holds_demo()


@pytest.mark.parametrize("role", [Role.FIELD, Role.AGENCY, Role.ADMINISTRATOR])
def test_nobody_else_checks_or_imports(house: House, role: Role):
    other = Viewer(account="x", name="x", role=role, municipalities=frozenset({DURRES}))

    for act in (check_file, import_file):
        with pytest.raises(AccessDeniedError):
            act(house, other, "cases", table([case("c1")]), "c.csv")


def test_an_import_leaves_a_line_in_the_audit_with_the_municipality_only(house: House):
    take(house, case("c1"))

    line = house.store.audit.last(1)[0]
    assert (line.action, line.scope, line.account) == ("cases.import", DURRES, "mira")
