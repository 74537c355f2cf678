"""A file is a table whatever program wrote it; one that is none says what to do."""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import ContractError
from data.readers.headers import CASE_HEADERS, VISIT_HEADERS, is_identifying, match_headers
from data.readers.tables import fold, header_key, read_sheets, read_table
from layers.words import LANGUAGES, Words


def table(text: str, encoding: str = "utf-8") -> list[dict[str, str]]:
    return read_table(text.encode(encoding), "any.csv").frame.to_dict("records")


def workbook(*sheets: tuple[str, list[list[object]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


cells = st.text(alphabet="abcëçËÇ 12.-", min_size=0, max_size=8).map(str.strip)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    delimiter=st.sampled_from([";", ",", "\t"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp1250", "cp1252", "utf-16"]),
    line_end=st.sampled_from(["\n", "\r\n"]),
    rows=st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=5),
)
def test_every_delimiter_and_encoding_gives_the_same_texts(
    delimiter: str, encoding: str, line_end: str, rows: list[tuple[str, str, str]]
):
    lines = [("kodi", "bashkia e banimit", "shënim"), *rows]
    text = line_end.join(delimiter.join(row) for row in lines)

    found = read_table(text.encode(encoding), "x.csv").frame

    nothing = {"", "-"}
    expected = [
        ["" if cell in nothing else cell for cell in row] for row in rows if not set(row) <= nothing
    ]
    assert found.to_numpy().tolist() == expected
    assert list(found.columns) == list(lines[0])


def test_a_quoted_cell_may_hold_the_delimiter_and_a_new_line():
    assert table('a;b\n"1;2";"x\ny"\n') == [{"a": "1;2", "b": "x\ny"}]


def test_blank_rows_and_hxl_tags_are_passed_over_and_rows_keep_their_number():
    found = read_table(b"a;b\n#meta+id;#geo+lat\n\n1;2\n;\n3;4\n", "x.csv").frame

    assert list(found.index) == [4, 6]


def test_the_hint_that_excel_hides_is_no_header():
    found = read_table(b"sep=,\na,b\n1,2\n", "x.csv")

    assert found.frame.to_dict("records") == [{"a": "1", "b": "2"}]
    assert list(found.frame.index) == [3]


def test_one_apostrophe_before_a_formula_is_taken_away():
    assert table("a;b\n'=1+1;''x\n") == [{"a": "=1+1", "b": "'x"}]


def test_a_row_with_too_many_cells_is_marked_and_a_short_one_is_filled():
    found = read_table(b"a;b\n1;2;3\n4\n5;6;\n", "x.csv")

    assert found.too_long == {2}
    assert found.frame.to_numpy().tolist() == [["1", "2"], ["4", ""], ["5", "6"]]


def test_a_workbook_gives_its_first_sheet_with_a_header_and_native_dates_as_iso():
    when = datetime(2026, 6, 2, 17, 40)  # noqa: DTZ001 - a spreadsheet has no zones
    content = workbook(
        ("empty", []),
        (
            "cases",
            [
                ["day", "moment", "hour", "lat", "n", "yes", "long"],
                [date(2026, 6, 2), when, time(17, 40), 41.3126, 3.0, True, timedelta(hours=2)],
            ],
        ),
    )

    row = read_table(content, "x.xlsx").frame.iloc[0].to_list()

    assert row == [
        "2026-06-02", "2026-06-02T17:40:00", "17:40:00", "41.3126", "3", "True", "02:00:00",
    ]  # fmt: skip


def test_every_sheet_can_be_had_by_its_name():
    content = workbook(("Ekipet", [["kodi"], ["T1"]]), ("Bazat", [["kodi"], ["B1"]]))

    assert set(read_sheets(content, "x.xlsx")) == {"Ekipet", "Bazat"}


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "empty"),
        (b"  \n\n", "empty"),
        (b";;\n;;\n", "empty"),
        (b"\xd0\xcf\x11\xe0 an old workbook", "old_excel"),
        (b"PK\x03\x04 no workbook", "unreadable"),
        (b"a;b\n\x00\x01;2\n", "unreadable"),
        (b"\xff\xfea;b\x00\x00\xd8", "unreadable"),
        (b'a;b\n1;2\n"3;4\n', "quotes"),
        (workbook(("only", [])), "empty"),
    ],
)
def test_a_file_that_is_no_table_says_what_to_do(content: bytes, rule: str):
    with pytest.raises(ContractError) as caught:
        read_table(content, "x.csv")

    assert caught.value.message.id == f"import.file.{rule}"
    for language in LANGUAGES:
        assert Words(language).message(caught.value.message).endswith(".")


def test_a_file_that_is_gone_says_so(tmp_path: Path):
    with pytest.raises(ContractError) as caught:
        read_table(tmp_path / "gone.csv", "gone.csv")

    assert caught.value.message.id == "import.file.unopened"


def test_headers_are_read_without_case_accents_and_signs():
    assert header_key(" Gjerësia (gradë) ") == "gjeresia_grade"
    assert fold("Punë-Shtëpie") == "pune shtepie"


@pytest.mark.parametrize("headers", [CASE_HEADERS, VISIT_HEADERS])
def test_no_header_means_two_fields(headers: dict[str, tuple[str, ...]]):
    every = [name for field, names in headers.items() for name in (field, *names)]

    assert len(every) == len(set(every))
    assert all(header_key(name) == name for name in every)


def test_a_field_prefers_its_own_name_then_the_first_of_its_others():
    assert match_headers(["data", "Identified at"], CASE_HEADERS) == {"identified_at": 1}
    assert match_headers(["data", "date"], CASE_HEADERS) == {"identified_at": 0}


def test_the_columns_of_kobotoolbox_are_known():
    columns = ["grupi/sektori", "_vendi_latitude", "_vendi_longitude", "_vendi_altitude"]

    assert match_headers(columns, CASE_HEADERS) == {"sector": 0, "lat": 1, "lon": 2}


@pytest.mark.parametrize(
    "column",
    [
        "Emri", "Mbiemri", "first_name", "Emri i babait", "Atësia", "Telefoni", "Adresa", "NID",
        "Numri personal", "Datëlindja", "birth date", "Mosha", "Etnia", "religion", "Kombësia",
        "Shtetësia", "Gjuha", "disability", "Foto", "national_id_no", "Shënime",
    ],
)  # fmt: skip
def test_a_column_that_says_who_somebody_is_is_known_as_such(column: str):
    assert is_identifying(column)
    assert match_headers([column], CASE_HEADERS) == {}
    assert match_headers([column], VISIT_HEADERS) == {}


RULES = ("empty", "unreadable", "encoding", "quotes", "too_large", "old_excel")
OUTCOMES = {"table", *(f"import.file.{rule}" for rule in RULES)}


def outcome(content: bytes) -> str:
    try:
        read_table(content, "any")
    except ContractError as fault:
        return fault.message.id
    return "table"


@settings(max_examples=120, deadline=None, derandomize=True)
@given(
    st.binary(max_size=80) | st.text(alphabet="a;,\"\n\r\t\x00#'=-1ë", max_size=40).map(str.encode)
)
def test_any_bytes_are_a_table_or_a_sentence(content: bytes):
    assert outcome(content) in OUTCOMES


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=8))
def test_a_damaged_workbook_is_a_table_or_a_sentence(damage: list[tuple[int, int]]):
    content = bytearray(workbook(("cases", [["kodi", "ora"], ["A1", time(9)]])))
    for at, byte in damage:
        content[4 + at % (len(content) - 4)] = byte

    assert outcome(bytes(content)) in OUTCOMES
