"""The side of a plan that asks what if: the usual scenarios, one's own, and what came of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time

import pytest
from streamlit.testing.v1 import AppTest

from data.messages import Message
from data.nouns import TIRANE, Week, Worker
from data.vocabulary import Role, Skill
from desk import cost, identity, what_if
from desk.jobs import JobState
from desk.wiring import House
from layers.words import LANGUAGES, Words
from patrol.cost_settings import CostSettings
from patrol.plan_reach import Reach
from patrol.scenarios import (
    Budget,
    CarLess,
    Holiday,
    MoreHours,
    MorePeople,
    MoreTeam,
    PersonLess,
    Scenario,
)
from patrol.what_if import Outcome
from tests.ui.conftest import DURRES, TEAM, OpenApp, plan_of
from tests.ui.plan_sides import open_side
from ui.views import what_if_found
from ui.widgets.text import plain

EN = Words("en")
NAME = "One more team like Ekipi 1, 00:00\N{EN DASH}23:59"
TODAY = datetime.now(TIRANE).date()
WEEK = Week.of(TODAY)
BEFORE = Reach(
    visits=20,
    places=18,
    times_met=12,
    times_wanted=60,
    worth=4.0,
    longest_gap_days=31.2,
    mean_gap_days=9.5,
    longest_wait_days=21.3,
    never=2,
    left_out=4,
    minutes=700,
    km=31.5,
    hours=60.0,
    lek=40_000,
    lek_by_kind={"ordinary": 30_000, "evening": 10_000},
    lek_by_line={"2.1.2": 40_000, "2.1.4": 0},
)
AFTER = replace(
    BEFORE,
    visits=29,
    places=27,
    longest_wait_days=12.0,
    worth=5.0,
    lek=101_000,
    lek_by_kind={"ordinary": 80_000, "evening": 20_000, "fuel": 1_000},
    lek_by_line={"2.1.2": 100_000, "2.1.4": 1_000},
)
OUTCOMES = (
    Outcome(scenario=MoreTeam(like=TEAM.id), before=BEFORE, after=AFTER),
    Outcome(
        scenario=Holiday(day=WEEK.days[2]),
        before=BEFORE,
        after=None,
        fault=Message("plan.no_shift"),
    ),
)


@pytest.fixture
def asked(house: House, monkeypatch: pytest.MonkeyPatch) -> list[Scenario]:
    """Return what is asked of the calculation, which is answered at once."""
    people = [Worker(id="w0", name="Arta", municipality=DURRES, skills=frozenset({Skill.OUTREACH}))]
    house.store.save_plan(replace(plan_of(TODAY), workers=tuple(people)))
    scenarios: list[Scenario] = []

    def start(*given: object) -> str:
        scenarios.extend(given[-1])  # type: ignore[arg-type]
        return "name"

    def found(*given: object) -> tuple[Outcome, ...]:
        return OUTCOMES if given[-1] == "name" else ()

    monkeypatch.setattr(what_if, "start", start)
    monkeypatch.setattr(what_if, "found", found)
    return scenarios


def side(open_app: OpenApp, language: str = "en") -> AppTest:
    app = open_app(Role.COORDINATOR, "plan", language=language)
    app = app.selectbox(key="plan_week").set_value(str(WEEK)).run()
    return open_side(app, "what_if")


def said(app: AppTest) -> str:
    kinds = (app.markdown, app.error)
    return "\n".join(one.value for kind in kinds for one in kind).replace("\\", "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_usual_scenarios_are_one_button_and_one_table(
    asked: list[Scenario], open_app: OpenApp, language: str
):
    words = Words(language)
    app = side(open_app, language)

    app = app.button(key="what_if_usual").click().run()

    assert not app.exception
    # The one team of the house goes on foot: there is no car to lose.
    assert asked == [MoreTeam(like=TEAM.id), Holiday(day=TODAY), MoreHours(hours=10)]
    frame = app.table[0].value
    assert list(frame[words("what_if.col.places")]) == [
        "18",
        "27\N{NO-BREAK SPACE}(+9)",
        "\N{EN DASH}",
    ]
    gap = frame[words("what_if.col.gap")].iloc[1]
    assert gap == "31\N{NO-BREAK SPACE}(=)"
    assert frame[words("what_if.col.lek_a_visit")].iloc[1] == words.number(6778)


def test_what_comes_of_a_scenario_is_said_in_plain_sentences(
    asked: list[Scenario], open_app: OpenApp
):
    app = side(open_app).button(key="what_if_usual").click().run()

    assert asked
    text = said(app)
    assert (
        f"{NAME}:** 9 more places reached, 9 more visits; the longest wait at the end of the "
        "plan falls from 21 to 12 days; 61,000 lek more a week."
    ) in text
    assert EN("what_if.impossible", why=EN("plan.no_shift")) in text


def test_one_scenario_has_its_own_numbers_and_what_its_money_goes_to(
    asked: list[Scenario], open_app: OpenApp
):
    app = side(open_app).button(key="what_if_usual").click().run()

    assert asked
    numbers, money = app.table[1].value, app.table[2].value
    rows = {row[0]: list(row[1:]) for t in (numbers, money) for row in t.itertuples(index=False)}
    assert rows["Worth of the visits, plan = 100"] == ["100", "125", "+25"]
    assert rows["Lek in all"] == ["40,000", "101,000", "+61,000"]
    assert rows["Fuel, lek"] == ["0", "1,000", "+1,000"]
    assert rows["Mean gap between visits, days"] == ["9.5", "9.5", "="]
    lines = [list(row[1:]) for row in app.table[3].value.itertuples(index=False)]
    assert lines == [["40,000", "100,000", "+60,000"], ["0", "1,000", "+1,000"]]
    assert app.selectbox(key="what_if_alone").options == [
        "One more team like Ekipi 1, 00:00\N{EN DASH}23:59"
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_several_weeks_it_is_said_that_all_counts_for_all_of_them(
    asked: list[Scenario], open_app: OpenApp, monkeypatch: pytest.MonkeyPatch, language: str
):
    months = [replace(one, weeks=4) for one in (BEFORE, AFTER)]
    outcome = Outcome(scenario=MoreTeam(like=TEAM.id), before=months[0], after=months[1])
    monkeypatch.setattr(what_if, "found", lambda *given: (outcome,) if given[-1] == "name" else ())
    words = Words(language)

    app = side(open_app, language).button(key="what_if_usual").click().run()

    assert asked
    assert words("what_if.weeks", n=4) in said(app)
    more = plain(words("what_if.lek_more_weeks", n=61_000, weeks=4))
    assert more in said(app)


def test_a_phone_gets_scenarios_as_cards(
    asked: list[Scenario], open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(what_if_found, "is_phone", lambda: True)

    app = side(open_app).button(key="what_if_usual").click().run()

    assert asked
    assert "Lek a visit more: 6,778" in said(app)
    assert "61,000 lek more a week" in said(app)


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        (
            "more_team",
            MoreTeam(like=TEAM.id, start=time(0), end=time(23, 59), weekdays=tuple(range(7))),
        ),
        ("holiday", Holiday(day=WEEK.days[0])),
        ("more_hours", MoreHours(hours=10, longer=True)),
        ("more_people", MorePeople(like="w0")),
        ("person_less", PersonLess(worker="w0")),
        ("budget", Budget(lek=100_000)),
    ],
)
def test_another_scenario_is_asked_for_by_its_own_fields(
    asked: list[Scenario], open_app: OpenApp, kind: str, wanted: Scenario
):
    app = side(open_app)
    app = app.selectbox(key="what_if_kind").set_value(kind).run()

    app = app.button(key="what_if_ask").click().run()

    assert not app.exception
    assert asked == [wanted]


def test_where_nobody_drives_there_is_no_car_to_lose(asked: list[Scenario], open_app: OpenApp):
    app = side(open_app)
    app = app.selectbox(key="what_if_kind").set_value("car_less").run()

    assert EN("what_if.no_car") in said(app)
    assert not [one for one in app.button if one.key == "what_if_ask"]
    assert not any(isinstance(one, CarLess) for one in asked)


def test_a_calculation_under_way_can_be_stopped(
    asked: list[Scenario], open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
):
    stopped: list[object] = []
    state = JobState(
        fraction=0.4,
        message=Message("what_if.progress", {"number": 2, "of": 5}),
        ended=False,
        failed=False,
    )
    monkeypatch.setattr(what_if, "stop", lambda *given: stopped.append(given[-1]))
    monkeypatch.setattr(what_if, "state", lambda *_: state)

    app = side(open_app)
    assert not [one for one in app.button if one.key == "what_if_usual"]
    app.button(key="what_if_stop").click().run()

    assert stopped == [WEEK]
    assert not asked


def test_results_at_other_prices_are_not_shown(
    asked: list[Scenario], house: House, open_app: OpenApp
):
    app = side(open_app).button(key="what_if_usual").click().run()
    assert app.table
    assert EN("what_if.assumed") in said(app)

    operator = identity.operator(Role.COORDINATOR)
    at = datetime.now(TIRANE)
    cost.keep_cost_settings(house, operator, DURRES, CostSettings(pay_lek=900), at)
    app = app.run()

    assert asked
    assert not app.table
    assert EN("what_if.assumed") not in said(app)
