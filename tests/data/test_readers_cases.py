"""Cases come in by their rules, and nothing that says who a child is comes with them."""

from __future__ import annotations

import io
import time
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import ContractError
from data.frames import CASES
from data.nouns import TIRANE, Municipality
from data.readers import Import, read_cases
from data.readers.codes import is_well_made, make_code
from data.readers.words import word_of
from data.vocabulary import AgeBand, Engagement, RiskDegree, Schooling, Sector, Source
from layers.words import LANGUAGES, Words

FILES = Path(__file__).resolve().parents[1] / "files"
HEADER = ("case_code", "identified_at", "lon", "lat", "sector", "risk_degree", "source")
ROW = ("C-1", "2026-06-02 17:40", "19.4457", "41.3126", "street", "high", "patrol")


def municipality(code: str, name: str, english: str, *aliases: str) -> Municipality:
    return Municipality(
        code=code,
        name_sq=name,
        name_en=english,
        aliases=aliases,
        county=code[:4],
        coastal=True,
        seat=name,
        seat_lon=19.45,
        seat_lat=41.32,
    )


MUNICIPALITIES = (
    municipality("AL0301", "Durrës", "Durres", "Durrësi"),
    municipality("AL0303", "Shijak", "Shijak"),
    municipality("AL1105", "Tiranë", "Tirana", "Tirana"),
)


def read(*rows: tuple[str, ...], header: tuple[str, ...] = HEADER, **more: datetime) -> Import:
    text = "\n".join(";".join(row) for row in (header, *rows))
    return read_cases(text.encode(), "x.csv", municipalities=MUNICIPALITIES, **more)


def changed(**values: str) -> Import:
    """Return what one good row gives with some of its columns changed or added."""
    row = {**dict(zip(HEADER, ROW, strict=True)), **values}
    return read(tuple(row.values()), header=tuple(row))


def rule(found: Import) -> str:
    assert len(found.frame) == 0
    return found.rejected[0].rule.id.removeprefix("import.rule.")


def notes(found: Import) -> dict[str, object]:
    return {note.id.removeprefix("import.note."): note.params["n"] for note in found.notes}


def test_the_example_file_gives_four_cases_and_one_row_refused():
    found = read_cases(FILES / "cases.csv", "cases.csv", municipalities=MUNICIPALITIES)

    CASES.check(found.frame)
    assert len(found.frame) == 4
    assert [r.row for r in found.rejected] == [6]
    assert (found.dropped_columns, found.identifying_columns) == (1, 1)
    assert (found.n_without_coordinates, found.n_swapped) == (1, 1)
    assert found.frame["synthetic"].all()
    assert found.frame["sector"].to_list() == ["street", "street", "street", "recycling"]
    assert found.frame["municipality_home"].to_list() == ["AL1105", "AL0301", None, "AL0303"]
    assert found.frame["hour_known"].to_list() == [True, True, False, True]


def test_no_column_that_is_not_on_the_list_is_returned():
    found = changed(Emri="Test", Mbiemri="Test", Telefoni="0691234567", weather="sunny")

    assert (found.dropped_columns, found.identifying_columns) == (4, 3)
    assert set(found.frame.columns) == {*CASES.columns, "geometry"}
    assert "Test" not in found.frame.to_csv()


def test_sensitive_traits_are_dropped_like_names():
    found = changed(Etnia="x", religion="x", Gjuha="x", disability="x", Mosha="12", Gjinia="F")

    assert found.identifying_columns == 6
    assert found.frame["age_band"].to_list() == ["unknown"]


def test_an_exchanged_longitude_and_latitude_is_put_right_with_a_note():
    found = changed(lon="41.3126", lat="19.4457")

    assert (found.frame.geometry.x[0], found.frame.geometry.y[0]) == (19.4457, 41.3126)
    assert notes(found)["swapped"] == 1


def test_outside_albania_nothing_is_exchanged_and_the_point_is_counted():
    found = changed(lon="1.5218", lat="42.5063")

    assert found.frame.geometry.x[0] == 1.5218
    assert notes(found) == {"abroad": 1}


def test_a_case_without_coordinates_is_kept_and_counted():
    found = changed(lon="", lat="")

    assert found.frame.geometry.isna().all()
    assert found.n_without_coordinates == 1
    assert changed(lon="0", lat="0").n_without_coordinates == 1


@pytest.mark.parametrize(
    ("values", "broken"),
    [
        ({"lon": ""}, "both_coordinates"),
        ({"lon": "484210", "lat": "4573120"}, "degrees"),
        ({"lat": "91"}, "degrees"),
        ({"identified_at": ""}, "missing"),
        ({"identified_at": "31.06.2026"}, "date"),
        ({"identified_at": "June"}, "date"),
        ({"sector": "fishing"}, "word"),
        ({"sector": ""}, "missing"),
        ({"risk_degree": "extreme"}, "word"),
        ({"source": ""}, "missing"),
        ({"age_band": "13"}, "word"),
        ({"municipality": "Atlantis"}, "municipality"),
        ({"municipality": "AL0301"}, "code_system"),
        ({"municipality": "AL-02"}, "code_system"),
        ({"municipality_pcode": "AL9999"}, "municipality"),
        ({"case_code": "Arben Hoxha"}, "code"),
        ({"case_code": "Arben"}, "code"),
        ({"case_code": "J12345678K"}, "code"),
        ({"case_code": "0691234567"}, "code"),
        ({"referred_at": "2026-06-01"}, "referred_before"),
        ({"synthetic": "maybe"}, "flag"),
    ],
)
def test_a_row_that_breaks_a_rule_is_refused_with_the_rule(values: dict[str, str], broken: str):
    found = changed(**values)

    assert rule(found) == broken
    assert found.rejected[0].row == 2
    for language in LANGUAGES:
        sentence = Words(language).message(found.rejected[0].rule)
        assert not any(value in sentence for value in values.values() if value not in {"", "13"})


def test_a_row_with_too_many_cells_is_refused():
    assert rule(read((*ROW, "more"))) == "too_many_cells"


def test_a_code_that_stands_twice_is_taken_once():
    found = read(ROW, ROW, ("C-2", *ROW[1:]))

    assert found.frame["case_code"].to_list() == ["C-1", "C-2"]
    assert [(r.row, r.rule.id) for r in found.rejected] == [(3, "import.rule.duplicate")]


def test_a_case_without_a_code_gets_the_same_one_each_time_the_file_is_read():
    first, again = changed(case_code=""), changed(case_code="")
    other = changed(case_code="", risk_degree="low")

    assert is_well_made(first.frame["case_code"][0])
    assert first.frame["case_code"].equals(again.frame["case_code"])
    assert not first.frame["case_code"].equals(other.frame["case_code"])
    assert notes(first) == {"codes_made": 1}


@settings(max_examples=50, deadline=None, derandomize=True)
@given(
    st.text(max_size=20), st.integers(0, 11), st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
)
def test_one_wrong_symbol_of_a_made_code_is_noticed(seed: str, at: int, symbol: str):
    code = make_code(seed)
    wrong = code[:at] + symbol + code[at + 1 :]

    assert is_well_made(code)
    assert is_well_made(wrong) == (wrong == code)


def test_a_future_case_is_refused_where_today_is_named():
    today = datetime(2026, 6, 1, tzinfo=TIRANE)

    assert rule(read(ROW, as_of=today)) == "future"


def test_a_referral_on_the_same_day_without_its_hour_is_not_too_early():
    assert len(changed(referred_at="2026-06-02").frame) == 1
    assert rule(changed(referred_at="2026-06-02 17:00")) == "referred_before"


def test_a_municipality_is_known_by_its_names_and_by_a_code_with_its_system():
    for name in ("Durrës", "durres", "Durrësi", "Bashkia Durrës", "pcode:AL0301"):
        assert changed(municipality=name).frame["municipality_found"][0] == "AL0301"
    assert changed(municipality_pcode="al0301").frame["municipality_found"][0] == "AL0301"


def test_an_hour_that_the_clocks_skip_is_told():
    found = changed(identified_at="29.03.2026 02:30")

    assert found.frame["identified_at"][0].hour == 3
    assert notes(found) == {"clock_change": 1}


def test_american_days_are_read_as_such_and_told():
    second = ("C-2", "06/23/2026", *ROW[2:])
    found = read(("C-1", "06/02/2026", *ROW[2:]), second)

    assert [d.day for d in found.frame["identified_at"]] == [2, 23]
    assert "month_first" in notes(found)


def test_the_medium_of_other_systems_is_moderate():
    assert changed(risk_degree="Medium").frame["risk_degree"][0] == RiskDegree.MODERATE


@pytest.mark.parametrize("words", [Sector, RiskDegree, Engagement, AgeBand, Schooling, Source])
def test_every_word_of_the_house_can_be_written_in_a_file(words: type):
    assert [word_of(member.value, words) for member in words] == list(words)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    lon=st.floats(19.3, 21.0).map(lambda v: round(v, 5)),
    lat=st.floats(39.7, 42.6).map(lambda v: round(v, 5)),
    mark=st.sampled_from([",", "."]),
    swapped=st.booleans(),
)
def test_every_point_of_albania_comes_back_with_either_decimal_mark(
    lon: float, lat: float, mark: str, *, swapped: bool
):
    written = [f"{v:.5f}".replace(".", mark) for v in ((lat, lon) if swapped else (lon, lat))]

    found = changed(lon=written[0], lat=written[1])

    assert (found.frame.geometry.x[0], found.frame.geometry.y[0]) == (lon, lat)
    assert found.n_swapped == int(swapped)


def test_missing_columns_are_named():
    with pytest.raises(ContractError) as caught:
        read(("1", "2"), header=("case_code", "sector"))

    assert caught.value.message.params["columns"] == "identified_at, risk_degree, source"


def test_a_header_without_rows_is_refused():
    with pytest.raises(ContractError) as caught:
        read()

    assert caught.value.message.id == "import.file.no_rows"


def test_a_hundred_thousand_rows_take_less_than_eight_seconds():
    rows = [
        (f"C-{i}", f"{i % 28 + 1:02d}.06.2025 {i % 24:02d}:{i % 60:02d}", f"19,{10000 + i % 80000}")
        for i in range(100_000)
    ]
    began = time.perf_counter()

    found = read(*((*row, "41,3126", "rrugë", "i lartë", "terren") for row in rows))

    assert len(found.frame) == 100_000
    assert time.perf_counter() - began < 8


def test_a_workbook_with_native_dates_gives_the_same_cases_as_a_csv():
    book = openpyxl.Workbook()
    book.active.append(list(HEADER))
    when = datetime(2026, 6, 2, 17, 40)  # noqa: DTZ001 - a spreadsheet has no zones
    book.active.append(["C-1", when, 19.4457, 41.3126, *ROW[4:]])
    kept = io.BytesIO()
    book.save(kept)

    found = read_cases(kept.getvalue(), "x.xlsx", municipalities=MUNICIPALITIES)

    assert found.frame.equals(read(ROW).frame)
    assert found.digest != read(ROW).digest


def test_a_file_in_which_every_row_is_refused_gives_an_empty_frame_that_keeps_the_contract():
    found = read(("C 1", *ROW[1:]), ("C-2", "never", *ROW[2:]))

    CASES.check(found.frame)
    assert (len(found.frame), len(found.rejected)) == (0, 2)


@pytest.mark.parametrize(
    ("until", "ends"),
    [("12.06.2026", datetime(2026, 6, 13)), ("12.06.2026 14:30", datetime(2026, 6, 12, 14, 30))],  # noqa: DTZ001 - the zone comes below
)
def test_a_span_ends_with_its_last_day_or_at_its_moment_and_has_no_hour(until: str, ends: datetime):
    found = changed(identified_at="10.06.2026", identified_until=until).frame

    assert found["identified_until"].iloc[0] == ends.replace(tzinfo=TIRANE)
    assert found["hour_known"].to_list() == [False]


def test_a_span_that_ends_before_it_begins_is_refused():
    assert (
        rule(changed(identified_at="10.06.2026", identified_until="09.06.2026")) == "until_before"
    )
