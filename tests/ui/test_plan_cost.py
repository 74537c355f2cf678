"""The side of a plan that says what it costs, and the numbers that a coordinator confirms there."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from streamlit.testing.v1 import AppTest

from data.nouns import TIRANE, Week, Worker
from data.vocabulary import Role, Skill
from desk import cost, identity
from desk.wiring import House
from layers.words import LANGUAGES, Words
from patrol.cost_settings import BudgetLine
from tests.ui.conftest import DURRES, OpenApp, plan_of
from tests.ui.plan_sides import open_side

EN = Words("en")
TODAY = datetime.now(TIRANE).date()


@pytest.fixture
def staffed(house: House) -> House:
    """Return the house with two people in today's six hours from nine."""
    plan = plan_of(TODAY)
    people = tuple(
        Worker(id=f"w{n}", name=f"P{n}", municipality=DURRES, skills=frozenset({Skill.OUTREACH}))
        for n in range(2)
    )
    shifts = tuple(replace(shift, workers=("w0", "w1")) for shift in plan.shifts)
    house.store.save_plan(replace(plan, workers=people, shifts=shifts))
    return house


def side(open_app: OpenApp, language: str = "en") -> AppTest:
    app = open_app(Role.COORDINATOR, "plan", language=language)
    app = app.selectbox(key="plan_week").set_value(str(Week.of(TODAY))).run()
    return open_side(app, "cost")


def said(app: AppTest) -> str:
    return "\n".join(one.value for kind in (app.markdown, app.warning) for one in kind)


@pytest.mark.usefixtures("staffed")
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_plan_says_what_it_costs_and_that_its_numbers_are_assumptions(
    open_app: OpenApp, language: str
):
    words = Words(language)

    app = side(open_app, language)

    assert not app.exception
    assert words("cost.answer", lek=6000, hours=12, km=0) in said(app)
    assert words("cost.assumed") in said(app)
    lines = app.table[0].value
    assert list(lines[words("cost.col.lek")]) == [words.number(6000), "0"]


def test_numbers_that_are_confirmed_count_from_then_on(staffed: House, open_app: OpenApp):
    app = side(open_app)

    app.number_input(key=f"cost_{DURRES}_pay_lek").set_value(700)
    app.number_input(key=f"cost_{DURRES}_outreach").set_value(800)
    app.text_input(key=f"cost_{DURRES}_FIELD_TEAMS").set_value(" [10430](x) ")
    app = app.button(key="cost_keep").click().run()

    assert not app.exception
    kept = cost.cost_settings(staffed, identity.operator(Role.COORDINATOR), DURRES)
    assert kept.confirmed_at is not None
    assert (kept.settings.pay_lek, kept.settings.pay_by_skill[Skill.OUTREACH]) == (700, 800)
    assert kept.settings.budget_codes == {BudgetLine.FIELD_TEAMS: "[10430](x)"}
    assert EN("cost.answer", lek=9600, hours=12, km=0) in said(app)
    assert EN("cost.assumed") not in said(app)
    # What somebody typed is no link.
    assert r"\[10430\]\(x\)" in app.table[0].value.iloc[0, 0]
