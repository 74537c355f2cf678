"""Details of the map: only when asked for, sentences before statistics, only for coordinators."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from data.nouns import TIRANE
from data.vocabulary import Role
from desk.wiring import House
from layers.words import LANGUAGES, Words
from tests.builders import cases, visits
from tests.ui.conftest import OpenApp

PARTS = ("standouts", "burst", "repeat", "groups")


def fill(house: House, n: int) -> House:
    now = datetime.now(TIRANE)
    at = (["p0"] * 3 + ["p1"]) * 10
    when = [now - timedelta(days=2 + 3 * i) for i in range(n)]
    house.store.add(
        {"cases": cases(at[:n], when=when), "visits": visits(at, when=when + when[:1] * (40 - n))}
    )
    return house


@pytest.fixture
def known(house: House) -> House:
    """Return the house with forty cases, and a visit to each."""
    return fill(house, 40)


def said(app: AppTest) -> str:
    text = " ".join(element.value for element in (*app.markdown, *app.caption))
    return re.sub(r"\\(.)", r"\1", text)


def looks(house: House) -> int:
    return [line.action for line in house.store.audit.last(50)].count("map.details")


def ask(app: AppTest) -> AppTest:
    return app.button(key="map_details_ask").click().run()


def test_nothing_is_worked_out_before_somebody_asks(known: House, open_app: OpenApp):
    app = open_app(Role.COORDINATOR, "map", language="en")

    assert not app.exception
    assert Words("en")("findings.what") in said(app)
    assert Words("en")("findings.repeat.title") not in said(app)
    assert looks(known) == 0


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_part_says_what_it_means_before_its_statistic(open_app: OpenApp, language: str):
    words = Words(language)

    app = ask(open_app(Role.COORDINATOR, "map", language=language))

    assert not app.exception
    text = said(app)
    for part in PARTS:
        assert f"**{words(f'findings.{part}.title')}**" in text
    assert words("findings.repeat.statistic", n=999) in text
    assert words("findings.groups.statistic") in text
    # Teams were at two places only, too few to compare; that is said as a result.
    assert words("findings.missing_units", n=28, have=2, needed=30) in text
    assert not any(button.key == "map_details_ask" for button in app.button)


def test_the_page_drawn_again_works_nothing_out_again(known: House, open_app: OpenApp):
    app = ask(open_app(Role.COORDINATOR, "map", language="en"))
    app.checkbox(key="map_layer_risk").check().run()

    assert Words("en")("findings.groups.statistic") in said(app)
    assert looks(known) == 1


def test_new_data_are_asked_for_anew(known: House, open_app: OpenApp):
    app = ask(open_app(Role.COORDINATOR, "map", language="en"))
    known.store.add({"visits": visits(["p0"]).assign(visit_id=["later"])})

    app.run()

    assert Words("en")("findings.groups.statistic") not in said(app)
    assert any(button.key == "map_details_ask" for button in app.button)


def test_too_few_cases_are_said_with_how_many_are_missing(house: House, open_app: OpenApp):
    fill(house, 12)

    app = ask(open_app(Role.COORDINATOR, "map", language="en"))

    assert not app.exception
    assert "18 cases are missing (12 of 30)" in said(app)
    assert "3 cases are missing (12 of 15)" in said(app)


@pytest.mark.usefixtures("known")
def test_the_agency_is_not_offered_them(open_app: OpenApp):
    app = open_app(Role.AGENCY, "map", language="en")
    app.selectbox(key="map_ground").set_value("AL0301").run()

    assert not app.exception
    assert not any(button.key == "map_details_ask" for button in app.button)
    assert Words("en")("findings.what") not in said(app)


@pytest.mark.usefixtures("known")
def test_groups_on_the_map_say_how_well_they_hold(open_app: OpenApp):
    app = open_app(Role.COORDINATOR, "map", language="en")
    before = drawn(app)

    app.checkbox(key="map_layer_clusters").check().run()

    assert not app.exception
    assert "redrawn from other cases" not in before
    assert "redrawn from other cases" in drawn(app)


def drawn(app: AppTest) -> str:
    """Return what the map's component is given."""
    return " ".join(str(part.proto) for part in app.get("component_instance"))
