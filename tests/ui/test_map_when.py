"""When, on the map: a week for the place that was chosen, the season folded, both languages."""

from __future__ import annotations

import json
import re
from datetime import datetime, time, timedelta

import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from data.nouns import TIRANE
from data.vocabulary import Role
from desk.wiring import House
from layers.words import LANGUAGES, Words
from tests.builders import cases, visits
from tests.ui.conftest import DURRES, OpenApp
from ui import session

EN = Words("en")


def fill(house: House, n: int, years: int = 1) -> House:
    """Give the house n cases at two places, at five in the afternoon, and visits at nine too."""
    now = datetime.now(TIRANE).replace(hour=17, minute=0, second=0, microsecond=0)
    when = [now - timedelta(days=1 + 3 * i + 365 * year) for year in range(years) for i in range(n)]
    at = (["p0"] * 3 + ["p1"]) * len(when)
    at = at[: len(when)]
    mornings = [moment.replace(hour=9) for moment in when]
    seen = visits(at * 2, when=when + mornings, hours=2.0)
    house.store.add({"cases": cases(at, when=when), "visits": seen})
    return house


@pytest.fixture
def known(house: House) -> House:
    return fill(house, 40)


in_a_known_house = pytest.mark.usefixtures("known")
in_both_languages = pytest.mark.parametrize("language", LANGUAGES)


def said(app: AppTest) -> str:
    text = " ".join(element.value for element in (*app.markdown, *app.caption))
    return re.sub(r"\\(.)", r"\1", text)


def choose(app: AppTest, name: str) -> AppTest:
    app.text_input(key="map_search").set_value(name).run()
    return app.button(key="map_hit_0").click().run()


def unfold(app: AppTest) -> AppTest:
    app.session_state["map_when"] = True
    return app.run()


def charts(app: AppTest) -> list[dict[str, object]]:
    return [json.loads(chart.proto.spec) for chart in app.get("vega_lite_chart")]


def told(app: AppTest) -> list[str]:
    """Return the tooltips of every chart; Streamlit sends rows apart from their charts."""
    sent = [part.data.data for chart in app.get("vega_lite_chart") for part in chart.proto.datasets]
    tables = [pa.ipc.open_stream(rows).read_all() for rows in sent]
    return [text for rows in tables for text in rows.column("text").to_pylist()]


def looks(house: House) -> int:
    return [line.action for line in house.store.audit.last(50)].count("map.when")


def test_nothing_is_worked_out_before_a_place_is_chosen_or_the_season_unfolded(
    known: House, open_app: OpenApp
):
    app = open_app(Role.COORDINATOR, "map", language="en")

    assert not app.exception
    assert charts(app) == []
    assert looks(known) == 0


@in_a_known_house
@in_both_languages
def test_a_chosen_place_says_its_high_hours_and_draws_its_week(open_app: OpenApp, language: str):
    words = Words(language)

    app = choose(open_app(Role.COORDINATOR, "map", language=language), "Tregu")

    assert not app.exception
    head = words("when.high", runs="", percent=1).partition(":")[0]
    assert head in said(app)
    assert words("when.signs") in said(app)
    (chart,) = charts(app)
    assert len(chart["layer"]) >= 3
    assert words("app.numbers") in [part.label for part in app.expander]


@in_a_known_house
def test_every_hour_explains_itself_in_a_sentence(open_app: OpenApp):
    app = choose(open_app(Role.COORDINATOR, "map", language="en"), "Tregu")

    (spec,) = charts(app)
    for layer in spec["layer"]:
        assert [part["field"] for part in layer["encoding"]["tooltip"]] == ["head", "text"]
    week = app.dataframe[0].value
    assert (week["children in 100 h"] != "not known").all()
    assert set(week["hour"]) == {EN.span(time(h), time(h + 1)) for h in (9, 10, 17, 18)}


@in_a_known_house
@in_both_languages
def test_on_a_phone_the_days_stand_and_the_tooltip_is_short(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch, language: str
):
    monkeypatch.setattr(session, "is_phone", lambda: True)

    app = unfold(choose(open_app(Role.COORDINATOR, "map", language=language), "Tregu"))

    assert not app.exception
    week, _ = charts(app)
    across = {layer["encoding"]["x"]["field"] for layer in week["layer"]}
    assert across == {"name"}
    assert 0 < max(map(len, told(app))) <= 26


@in_a_known_house
def test_a_point_that_is_no_place_has_no_week(open_app: OpenApp):
    app = open_app(Role.COORDINATOR, "map", language="en")
    touched = {"lat": 41.3, "lng": 19.5}
    app.session_state["map_canvas"] = {"last_clicked": touched, "last_object_clicked": None}
    app.run()

    assert not app.exception
    assert charts(app) == []


@pytest.mark.parametrize("n", [0, 5])
@in_both_languages
def test_too_few_cases_are_said_with_how_many_are_missing(
    house: House, open_app: OpenApp, language: str, n: int
):
    app = choose(open_app(Role.COORDINATOR, "map", language=language), "Tregu")
    fill(house, n)
    app.run()

    assert not app.exception
    lacking = Words(language)("when.missing_timed", n=30 - n, have=n, needed=30)
    assert lacking in said(app)
    assert charts(app) == []


@in_both_languages
def test_the_season_stands_apart_for_coast_and_inland(
    house: House, open_app: OpenApp, language: str
):
    fill(house, 40)
    words = Words(language)

    app = unfold(open_app(Role.COORDINATOR, "map", language=language))

    assert not app.exception
    for side in ("coast", "inland"):
        assert f"**{words(f'when.side.{side}')}" in said(app)
    assert words("when.season_signs") in said(app)
    # The beach of the house has no case: only the other side has months to draw.
    assert len(charts(app)) == 1
    months = list(app.table[0].value.iloc[:, 0])
    assert months == [words(f"word.month.{month}") for month in range(1, 13)]


@in_both_languages
def test_two_years_are_compared_in_a_sentence_with_their_numbers(
    house: House, open_app: OpenApp, language: str
):
    words = Words(language)
    fill(house, 80, years=2)

    app = unfold(open_app(Role.COORDINATOR, "map", language=language))

    assert not app.exception
    rows = app.table[-1].value
    assert rows.iloc[:, 0].to_list() == [
        words(f"when.row.{name}") for name in ("hours", "n_meetings", "n_found", "n_reported")
    ]
    assert words("when.year_reports") in said(app)


@in_both_languages
def test_records_of_less_than_a_year_say_so_and_show_no_numbers(
    house: House, open_app: OpenApp, language: str
):
    fill(house, 40)

    app = unfold(open_app(Role.COORDINATOR, "map", language=language))

    title = Words(language)("when.year_title")
    assert f"**{title}.**" in said(app)
    assert Words(language)("when.year_reports") not in said(app)


def test_the_page_drawn_again_works_nothing_out_again(known: House, open_app: OpenApp):
    app = unfold(choose(open_app(Role.COORDINATOR, "map", language="en"), "Tregu"))
    app.checkbox(key="map_layer_risk").check().run()

    assert len(charts(app)) == 2
    assert looks(known) == 1


@in_a_known_house
def test_the_agency_is_offered_neither(open_app: OpenApp):
    app = open_app(Role.AGENCY, "map", language="en")
    app.selectbox(key="map_ground").set_value(DURRES).run()

    assert not app.exception
    assert EN("when.season") not in [part.label for part in app.expander]
