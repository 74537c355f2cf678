"""Coverage: the answer first, who is served least, and no league table on finds."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from data import reference
from data.nouns import TIRANE, Viewer
from data.vocabulary import MappingStatus, Role
from desk import records
from desk.coverage import coverage
from desk.wiring import House
from layers.words import LANGUAGES, Words
from tests.builders import cases, visits
from tests.ui.conftest import DURRES, NAMES, OpenApp

EN = Words("en")
NOW = datetime.now(TIRANE)
AGENCY = Viewer(account="a", name="a", role=Role.AGENCY)


def looked(house: House) -> None:
    """Write down visits to two of the four places of Durrës over three months."""
    when = [NOW - timedelta(days=days) for days in (2, 5, 33, 40, 61, 80, 100)]
    at = ["p0", "p1", "p0", "p1", "p0", "p1", "p0"]
    house.store.add({"visits": visits(at, when=when, municipality=DURRES)})


def said(app: AppTest) -> str:
    return "\n".join(m.value for m in app.markdown)


def units_of_durres() -> list[str]:
    return [unit.id for unit in reference.units(DURRES)]


def frames(app: AppTest) -> list[set[str]]:
    return [set(one.value.columns) for one in app.dataframe]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", [Role.AGENCY, Role.COORDINATOR])
def test_the_answer_comes_first_with_its_numbers(
    house: House, open_app: OpenApp, role: Role, language: str
):
    looked(house)
    words = Words(language)

    app = open_app(role, "coverage", language=language)

    assert not app.exception
    assert not app.error
    answer = words("page_coverage.answer_places", n=4, reached=2, days=28, overdue=2, never=2)
    assert answer in said(app)
    assert words("page_coverage.answer_hours", n=2, hours=2, days=30) in said(app)


def test_the_one_number_is_large_and_its_change_is_told(house: House, open_app: OpenApp):
    looked(house)

    metric = open_app(Role.AGENCY, "coverage", language="en").metric[0]

    assert metric.value == "50 %"
    day = (NOW - timedelta(days=28)).date()
    assert metric.delta == EN("page_coverage.change", points="±0", day=day)


def test_without_a_place_there_is_no_share_to_show(house: House, open_app: OpenApp):
    house.store.erase("places", "p0")
    for n in range(1, len(NAMES)):
        house.store.erase("places", f"p{n}")

    app = open_app(Role.AGENCY, "coverage", language="en")

    assert not app.metric
    assert EN("page_coverage.answer_no_places", n=0) in said(app)


def test_the_country_stands_in_the_order_of_who_is_served_least(house: House, open_app: OpenApp):
    looked(house)

    app = open_app(Role.AGENCY, "coverage", language="en")

    side = app.dataframe[0].value
    assert len(side) == 61
    assert side["name"].iloc[-1] == "Durrës"
    assert side["reached"].iloc[:-1].isna().all()


@pytest.mark.parametrize(
    ("letters", "n"), [("durres", 3), ("KRUJE", 1), ("vlor", 7), ("atlantis", 0)]
)
def test_a_few_letters_find_a_municipality_or_a_county(open_app: OpenApp, letters: str, n: int):
    app = open_app(Role.AGENCY, "coverage", language="en")

    app.text_input(key="coverage_search").set_value(letters).run()

    assert not app.exception
    assert len(app.dataframe) == 1 + bool(n)
    assert not n or len(app.dataframe[0].value) == n
    assert n or EN("page_coverage.search_none") in said(app)


def test_the_map_can_show_what_is_mapped(house: House, open_app: OpenApp):
    mira = Viewer(account="m", name="m", role=Role.COORDINATOR, municipalities=frozenset({DURRES}))
    for unit in units_of_durres():
        records.set_unit_status(house, mira, unit, MappingStatus.LOOKED_NONE)
    app = open_app(Role.AGENCY, "coverage", language="en")

    app.segmented_control(key="coverage_share").set_value("mapped").run()

    assert not app.exception
    side = app.dataframe[0].value
    assert side["name"].iloc[-1] == "Durrës"
    assert side["mapped"].tolist() == [0.0] * 60 + [100.0]
    assert EN("page_coverage.answer_country", n=1, all=61, teams=1) in said(app)


def test_children_are_in_no_table_that_can_be_sorted(house: House, open_app: OpenApp):
    house.store.add({"cases": cases(["p0"] * 7)})

    app = open_app(Role.AGENCY, "coverage", language="en")

    assert all("children" not in columns for columns in frames(app))
    assert any(EN("page_coverage.children_total") in t.value.columns for t in app.table)


def test_the_rule_of_suppression_stands_beside_the_counts(house: House, open_app: OpenApp):
    seen = coverage(house, AGENCY, NOW)

    app = open_app(Role.AGENCY, "coverage", language="en")

    rule = EN("coverage.rule", k=5, first=seen.counts.first, last=seen.counts.last)
    assert rule in said(app).replace("\\", "")


def test_a_coordinator_sees_the_own_municipality_its_units_and_true_count(
    house: House, open_app: OpenApp
):
    last = coverage(house, AGENCY, NOW).counts.last
    moment = datetime(last.year, last.month, last.day, 12, tzinfo=TIRANE)
    house.store.add({"cases": cases(["p0", "p1"], when=[moment, moment])})

    app = open_app(Role.COORDINATOR, "coverage", language="en")

    units = app.table[0].value
    assert len(units) == len(units_of_durres())
    assert set(units[EN("page_coverage.unit_said")]) == {EN("word.mapping.unknown")}
    assert EN("page_coverage.units_text", n=len(units)) in said(app)
    assert EN("page_coverage.children_own", shown="**2**") in said(app)
    assert [len(one.value) for one in app.dataframe] == [1]


@pytest.mark.parametrize(("role", "kind"), [(Role.AGENCY, "country"), (Role.COORDINATOR, "own")])
def test_where_nothing_is_known_the_next_step_is_named(
    house: House, open_app: OpenApp, role: Role, kind: str
):
    elsewhere = "AL0302"
    house.store.clear_synthetic()
    base = {"visit_id": ["x"], "municipality": elsewhere}
    lone = visits(["nowhere"], when=[NOW - timedelta(days=400)]).assign(**base)
    house.store.add({"visits": lone})  # so that the demo stays open

    app = open_app(role, "coverage", language="en")

    assert not app.exception
    assert EN(f"page_coverage.empty_{kind}") in said(app)


def test_hours_planned_stand_against_hours_done(house: House, open_app: OpenApp):
    looked(house)

    app = open_app(Role.AGENCY, "coverage", language="en")

    assert len(app.get("vega_lite_chart")) == 2
    assert any("2" in t.value.to_string() for t in app.table)


def test_a_look_is_noted_and_the_file_is_made_only_when_it_is_asked_for(
    house: House, open_app: OpenApp
):
    app = open_app(Role.AGENCY, "coverage", language="en")

    noted = {line.action for line in house.store.audit.last(20)}
    assert "coverage.see" in noted
    assert "coverage.export" not in noted
    assert app.download_button(key="coverage_file").label == EN("page_coverage.file")
