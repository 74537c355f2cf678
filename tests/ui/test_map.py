"""Map: what is known, what the filters hide, places added by a touch, units that looked."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from data import reference
from data.nouns import TIRANE
from data.store import UnitStatus
from data.vocabulary import MappingStatus, Role
from desk.wiring import House
from layers.words import Words
from tests.builders import cases, visits
from tests.ui.conftest import DURRES, NAMES, OpenApp

EN = Words("en")
ON_LAND = {"lat": 41.3236, "lng": 19.4547}
ALL_LAYERS = [
    "cases", "places", "hotspots", "perimeters", "risk", "clusters", "beaches", "schools",
    "borders",
]  # fmt: skip


@pytest.fixture
def known(house: House) -> House:
    """Return the house with thirty cases, a third of them of mining, and a visit to each."""
    now = datetime.now(TIRANE)
    when = [now - timedelta(days=2 + i) for i in range(30)]
    at = ["p0"] * 20 + ["p1"] * 10
    found = cases(at, when=when, sector=["street"] * 20 + ["mining"] * 10)
    house.store.add({"cases": found, "visits": visits(at, when=when)})
    return house


def said(app: AppTest) -> str:
    text = " ".join(element.value for element in (*app.markdown, *app.success))
    return re.sub(r"\\(.)", r"\1", text)


def touch(app: AppTest, **where: dict[str, float]) -> AppTest:
    """Touch the map: what its component puts into the session before the page runs."""
    app.session_state["map_canvas"] = {"last_clicked": None, "last_object_clicked": None, **where}
    return app.run()


def looks(house: House) -> int:
    return [line.action for line in house.store.audit.last(50)].count("map.see")


def fill(app: AppTest, **values: str) -> AppTest:
    for name, value in values.items():
        app.text_input(key=f"map_form_{name}").set_value(value)
    return app.button(key="map_keep").click().run()


in_a_known_house = pytest.mark.usefixtures("known")
in_a_new_house = pytest.mark.usefixtures("house")


@in_a_known_house
def test_the_first_line_says_what_is_known(open_app: OpenApp):
    app = open_app(Role.COORDINATOR, "map", language="en")

    cases_said, places_said = EN("page_map.n_cases", n=30), EN("page_map.n_places", n=4)
    first = [m.value for m in app.markdown if m.value.startswith("**")]
    assert not app.exception
    assert any(f"{cases_said} and {places_said} are known" in text for text in first)


@in_a_known_house
def test_every_layer_stands_in_the_list_with_its_count(open_app: OpenApp):
    app = open_app(Role.COORDINATOR, "map", language="en")

    labels = {box.key: box.label for box in app.checkbox}
    assert list(labels) == [f"map_layer_{name}" for name in ALL_LAYERS]
    assert labels["map_layer_cases"] == "Cases · 30"
    assert labels["map_layer_places"] == "Places · 4"


@in_a_known_house
@pytest.mark.parametrize("ground", ["", DURRES])
def test_the_agency_sees_no_case_and_is_told_that_places_were_moved(open_app: OpenApp, ground: str):
    app = open_app(Role.AGENCY, "map", language="en")
    app.selectbox(key="map_ground").set_value(ground).run()

    assert not app.exception
    assert [box.key for box in app.checkbox] == [
        f"map_layer_{name}" for name in ("places", "perimeters", "beaches", "borders")
    ]
    assert "moved 250 to 3,000 metres on purpose" in said(app)
    assert not re.search(r"\b30\b", said(app))
    assert not any(button.key in {"map_add", "map_correct"} for button in app.button)


@in_a_known_house
def test_what_the_filters_hide_is_said_and_can_be_shown_again(open_app: OpenApp):
    app = open_app(Role.COORDINATOR, "map", language="en")

    app.multiselect(key="map_sectors").set_value(["mining"]).run()
    assert EN("page_map.shown", n=10, all=30) in said(app)
    assert app.checkbox(key="map_layer_cases").label == "Cases · 10 of 30"

    app.button(key="map_show_all").click().run()
    assert EN("page_map.shown", n=10, all=30) not in said(app)
    assert app.checkbox(key="map_layer_cases").label == "Cases · 30"


@in_a_known_house
def test_days_the_wrong_way_round_are_told(open_app: OpenApp):
    app = open_app(Role.COORDINATOR, "map", language="en")
    today = datetime.now(TIRANE).date()

    app.date_input(key="map_first").set_value(today)
    app.date_input(key="map_last").set_value(today - timedelta(days=3)).run()

    assert [error.value for error in app.error] == [EN("page_map.days_turned")]


@in_a_known_house
def test_filters_and_layers_outlive_another_page_and_the_other_language(open_app: OpenApp):
    app = open_app(Role.COORDINATOR, "map", language="en")
    app.checkbox(key="map_layer_risk").check()
    app.multiselect(key="map_sectors").set_value(["mining"]).run()

    app.switch_page("ui/pages/help.py").run()
    app.segmented_control(key="language_switch").set_value("sq").run()
    app.switch_page("ui/pages/map.py").run()

    assert app.checkbox(key="map_layer_risk").value
    assert Words("sq")("page_map.shown", n=10, all=30) in said(app)


def test_too_few_cases_are_a_sentence_and_not_a_zero(house: House, open_app: OpenApp):
    house.store.add({"cases": cases(["p0"] * 3)})

    app = open_app(Role.COORDINATOR, "map", language="en")

    assert EN("page_map.silent.risk") in said(app)
    assert "3 cases: too few to say anything" in said(app)
    assert app.checkbox(key="map_layer_hotspots").label == "Places at risk · not known"


@in_a_new_house
def test_an_empty_municipality_is_told_what_to_do_next(open_app: OpenApp):
    app = open_app(Role.COORDINATOR, "map", language="en", municipality="AL0302")

    assert not app.exception
    assert EN("page_map.empty") in said(app)


def test_a_look_is_noted_once_and_again_when_something_changed(known: House, open_app: OpenApp):
    app = open_app(Role.COORDINATOR, "map", language="en")
    assert looks(known) == 1

    app.checkbox(key="map_layer_risk").check().run()
    app.multiselect(key="map_sectors").set_value(["mining"]).run()
    assert looks(known) == 1

    known.store.erase("cases", "c0000")
    app.run()
    assert looks(known) == 2
    assert EN("page_map.n_cases", n=29) in said(app)


@in_a_new_house
def test_a_place_is_found_without_its_accents(open_app: OpenApp):
    app = open_app(Role.COORDINATOR, "map", language="en")

    app.text_input(key="map_search").set_value("kryqezimi").run()
    app.button(key="map_hit_0").click().run()

    assert not app.exception
    assert any(NAMES[1] in m.value and "junction" in m.value for m in app.markdown)


@in_a_new_house
def test_the_agency_finds_no_place_by_its_name(open_app: OpenApp):
    app = open_app(Role.AGENCY, "map", language="en")

    app.text_input(key="map_search").set_value("kryqëzimi i portit").run()

    assert EN("page_map.search_none") in said(app)


def test_a_place_is_added_where_the_map_was_touched(house: House, open_app: OpenApp):
    app = touch(open_app(Role.COORDINATOR, "map", language="en"), last_clicked=ON_LAND)

    app.button(key="map_add").click().run()
    assert app.text_input(key="map_form_at").value == "41.32360, 19.45470"
    app.selectbox(key="map_form_kind").set_value("square")
    fill(app, name="Sheshi {% x %} [1](y)")

    kept = house.store.places(DURRES).set_index("name").loc["Sheshi {% x %} [1](y)"]
    assert not app.exception
    assert (kept["kind"], kept.geometry.x, kept.geometry.y) == ("square", 19.4547, 41.3236)
    assert EN("page_map.kept") in said(app)
    assert app.checkbox(key="map_layer_places").label == "Places · 5"


@in_a_new_house
def test_a_touch_while_the_form_is_open_moves_its_point(open_app: OpenApp):
    app = touch(open_app(Role.COORDINATOR, "map"), last_clicked=ON_LAND)
    app.button(key="map_add").click().run()

    touch(app, last_clicked={"lat": 41.33, "lng": 19.46})

    assert app.text_input(key="map_form_at").value == "41.33000, 19.46000"


def test_coordinates_in_the_other_order_are_put_right_and_said(house: House, open_app: OpenApp):
    app = open_app(Role.COORDINATOR, "map", language="en")
    app.button(key="map_add").click().run()

    fill(app, name="Sheshi", at="19.4547, 41.3236")

    point = house.store.places(DURRES).set_index("name").loc["Sheshi"].geometry
    assert (point.x, point.y) == (19.4547, 41.3236)
    assert EN("page_map.was_swapped") in said(app)


@pytest.mark.parametrize(
    ("name", "at"), [("Sheshi", "here"), ("Sheshi", "40.62, 20.78"), ("", "41.3236, 19.4547")]
)
def test_a_form_that_breaks_a_rule_says_so_and_keeps_nothing(
    house: House, open_app: OpenApp, name: str, at: str
):
    app = open_app(Role.COORDINATOR, "map", language="en")
    app.button(key="map_add").click().run()

    fill(app, name=name, at=at)

    assert len(app.error) == 1
    assert len(house.store.places(DURRES)) == len(NAMES)
    assert app.text_input(key="map_form_at").value == at


def test_a_place_is_chosen_by_its_sign_and_corrected(house: House, open_app: OpenApp):
    sign = {"lat": 41.32, "lng": 19.44}
    app = touch(open_app(Role.COORDINATOR, "map", language="en"), last_object_clicked=sign)

    app.button(key="map_correct").click().run()
    assert app.text_input(key="map_form_name").value == NAMES[0]
    app.selectbox(key="map_form_to").set_value(9)
    fill(app, name="Tregu i vjetër")

    place = house.store.places(DURRES).set_index("place_id").loc["p0"]
    assert (place["name"], place["kind"], place["awake_to"]) == ("Tregu i vjetër", "market", 9)


def test_a_place_is_erased_after_a_second_question(house: House, open_app: OpenApp):
    sign = {"lat": 41.32, "lng": 19.44}
    app = touch(open_app(Role.COORDINATOR, "map", language="en"), last_object_clicked=sign)

    app.button(key="map_erase").click().run()

    assert "p0" not in set(house.store.places(DURRES)["place_id"])
    assert EN("page_map.erased") in said(app)


def test_a_place_that_cases_speak_of_stays(known: House, open_app: OpenApp):
    sign = {"lat": 41.32, "lng": 19.44}
    app = touch(open_app(Role.COORDINATOR, "map", language="en"), last_object_clicked=sign)

    app.button(key="map_erase").click().run()

    assert len(app.error) == 1
    assert "p0" in set(known.store.places(DURRES)["place_id"])


def test_a_municipality_is_mapped_when_every_unit_said_something(house: House, open_app: OpenApp):
    units = reference.units(DURRES)
    app = open_app(Role.COORDINATOR, "map", language="en")
    assert EN("page_map.mapped", n=0, all=len(units)) in said(app)

    for n, unit in enumerate(units):
        answer = "looked_none" if n % 2 else "places_found"
        app.segmented_control(key=f"map_unit_{unit.id}").set_value(answer).run()

    assert EN("page_map.mapped", n=len(units), all=len(units)) in said(app)
    statuses = {s.unit: s.status for s in house.store.unit_statuses(DURRES)}
    assert statuses[units[0].id] is MappingStatus.PLACES_FOUND
    assert statuses[units[1].id] is MappingStatus.LOOKED_NONE


def test_what_a_unit_said_more_than_a_year_ago_is_missing_again(house: House, open_app: OpenApp):
    unit = reference.units(DURRES)[0]
    house.store.set_unit_status(
        UnitStatus(
            unit=unit.id,
            municipality=DURRES,
            status=MappingStatus.PLACES_FOUND,
            at=datetime.now(UTC) - timedelta(days=400),
        ),
        synthetic=True,
    )

    app = open_app(Role.COORDINATOR, "map", language="en")

    assert app.segmented_control(key=f"map_unit_{unit.id}").value is None
    assert "more than a year ago" in app.segmented_control(key=f"map_unit_{unit.id}").label
    assert unit.name in next(m.value for m in app.markdown if "Still missing" in m.value)


def test_a_unit_takes_back_what_it_said(house: House, open_app: OpenApp):
    key = f"map_unit_{reference.units(DURRES)[0].id}"
    app = open_app(Role.COORDINATOR, "map", language="en")

    app.segmented_control(key=key).set_value("places_found").run()
    app.segmented_control(key=key).set_value(None).run()

    (status,) = house.store.unit_statuses(DURRES)
    assert status.status is MappingStatus.UNKNOWN
