"""Schedule: the week by person, what is planned, who is absent, and the rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from data.duties import Wish
from data.nouns import TIRANE, Absence, Week, Worker
from data.vocabulary import Role, Skill, Wants
from desk.wiring import House
from layers.words import LANGUAGES, Words
from tests.ui.conftest import DURRES, TEAM, OpenApp, plan_of
from ui import session

EN = Words("en")
PEOPLE = [
    Worker(id=code, name=name, municipality=DURRES, skills=frozenset({Skill.CHILD_PROTECTION}))
    for code, name in (("w1", "Ana"), ("w2", "Ana"), ("w3", "Ben [1](x)"))
]


def today() -> date:
    return datetime.now(TIRANE).date()


def plan_week(house: House) -> None:
    """Let Ana go out today with another Ana, and Ben be on call."""
    house.store.put_crew(workers=PEOPLE, teams=[TEAM], synthetic=True)
    made = plan_of(today())
    (shift,) = made.shifts
    staffed = replace(shift, workers=("w1", "w2"), on_call=("w3",))
    house.store.save_plan(replace(made, shifts=(staffed,), workers=tuple(PEOPLE)))


def this_week(open_app: OpenApp, *, language: str = "en") -> AppTest:
    """Return the page on the week of today; it begins with the next one."""
    app = open_app(Role.COORDINATOR, "schedule", language=language)
    return app.selectbox(key="plan_week").set_value(str(Week.of(today()))).run()


def cells(app: AppTest) -> pd.DataFrame:
    return app.table[0].value


def said(app: AppTest) -> str:
    kinds = (app.markdown, app.warning, app.info, app.error)
    return "\n".join(element.value for kind in kinds for element in kind)


def test_without_a_plan_the_usual_hours_stand_by_team(open_app: OpenApp):
    app = open_app(Role.COORDINATOR, "schedule", language="en")

    assert "There is no plan for this week yet." in said(app)
    assert list(cells(app).index) == [f"**{TEAM.name}**".replace(" ", "\N{NO-BREAK SPACE}")]


def test_a_plan_is_shown_by_person_with_hours_and_on_call(house: House, open_app: OpenApp):
    plan_week(house)

    app = this_week(open_app)

    assert not app.exception
    assert "**1 shift for 2 people, 12 hours of work in all.**" in said(app)
    assert "those of a draft (version 2)" in said(app)
    rows = cells(app)
    day = rows.columns[today().weekday()]
    assert list(rows[day]) == [
        f"09:00\N{WORD JOINER}\N{EN DASH}\N{WORD JOINER}15:00 {TEAM.name}",
        f"09:00\N{WORD JOINER}\N{EN DASH}\N{WORD JOINER}15:00 {TEAM.name}",
        f"on call 09:00\N{WORD JOINER}\N{EN DASH}\N{WORD JOINER}15:00 {TEAM.name}",
    ]
    assert list(rows["Hours"]) == ["6/40", "6/40", "0/40"]


def test_a_name_from_a_file_never_becomes_a_link(house: House, open_app: OpenApp):
    plan_week(house)

    assert "](x)" not in "".join(cells(this_week(open_app)).index).replace(r"\]\(x\)", "")


def test_a_phone_gets_a_card_a_day(
    house: House, open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
):
    plan_week(house)
    monkeypatch.setattr(session, "is_phone", lambda: True)

    app = this_week(open_app)

    assert not app.exception
    assert len(app.table) == 0
    assert r"Ana, Ana · on call: Ben \[1\]\(x\)" in said(app)


def test_an_absence_is_added_marked_and_taken_back(house: House, open_app: OpenApp):
    plan_week(house)
    app = this_week(open_app)

    app.selectbox(key="absence_worker").set_value("w1")
    app.date_input(key="absence_first").set_value(today())
    app.date_input(key="absence_last").set_value(today())
    app.button(key="absence_add").click().run()

    assert not app.exception
    assert house.store.absences(DURRES) == (Absence(worker="w1", first=today(), last=today()),)
    assert "but stands in the plan of Ekipi 1" in app.warning[0].value
    assert cells(app).iloc[0, today().weekday()].startswith(":orange[**absent**]; ")

    app.button(key=f"take_back_w1_{today()}").click().run()

    assert house.store.absences(DURRES) == ()
    assert not app.warning


def test_the_smallest_repair_is_shown_and_taken_with_one_button(house: House, open_app: OpenApp):
    people = [*PEOPLE, replace(PEOPLE[0], id="w4", name="Dea")]
    house.store.put_crew(workers=people, teams=[TEAM], synthetic=True)
    soon = today() + timedelta(days=7)
    made = plan_of(soon)
    staffed = tuple(replace(shift, workers=("w1", "w3")) for shift in made.shifts)
    house.store.save_plan(
        replace(
            made,
            shifts=staffed,
            workers=tuple(people),
            settings={"roster": {"work_on_holidays": True}},
        )
    )
    house.store.put_crew(absences=[Absence(worker="w3", first=soon, last=soon)], synthetic=True)
    app = open_app(Role.COORDINATOR, "schedule", language="en")
    app.selectbox(key="plan_week").set_value(str(Week.of(soon))).run()

    assert r"Ben \[1\]\(x\) leaves" in said(app)
    before = house.store.plans(DURRES, Week.of(soon))[-1].version
    app.button(key="repair_take").click().run()

    assert not app.exception
    kept = house.store.plans(DURRES, Week.of(soon))[-1]
    assert kept.version == before + 1
    assert "w3" not in kept.shifts[0].workers
    assert not app.warning
    assert EN("plan.repaired", n=1) in said(app).replace("\\", "")


def test_a_wish_is_added_with_its_weight_and_says_whether_the_plan_keeps_it(
    house: House, open_app: OpenApp
):
    plan_week(house)
    app = this_week(open_app)

    app.selectbox(key="wish_worker").set_value("w1")
    app.date_input(key="wish_day").set_value(today())
    app.number_input(key="wish_weight").set_value(3)
    app.button(key="wish_add").click().run()

    assert not app.exception
    assert house.store.wishes.of(DURRES) == (Wish(worker="w1", day=today(), weight=3),)
    assert EN("page_schedule.wish_given_up") in said(app)
    app.button(key=f"wish_back_w1_{today()}").click().run()
    assert house.store.wishes.of(DURRES) == ()


def test_a_wish_to_work_may_name_the_team(house: House, open_app: OpenApp):
    plan_week(house)
    app = this_week(open_app)

    app.selectbox(key="wish_worker").set_value("w1")
    app.date_input(key="wish_day").set_value(today())
    app.selectbox(key="wish_wants").set_value(Wants.WORK)
    app.selectbox(key="wish_team").set_value(TEAM.id)
    app.button(key="wish_add").click().run()

    assert not app.exception
    wish = Wish(worker="w1", day=today(), wants=Wants.WORK, team=TEAM.id)
    assert house.store.wishes.of(DURRES) == (wish,)
    told = EN("page_schedule.wish_work_with", name="Ana", day=EN.weekday(today()), team=TEAM.name)
    assert told in said(app).replace("\\", "")


def test_an_absence_that_ends_before_it_begins_is_refused(house: House, open_app: OpenApp):
    plan_week(house)
    app = this_week(open_app)

    app.date_input(key="absence_first").set_value(today())
    app.date_input(key="absence_last").set_value(today() - timedelta(days=1))
    app.button(key="absence_add").click().run()

    assert EN("crew.absence_order") in said(app).replace("\\", "")
    assert house.store.absences(DURRES) == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_municipality_without_a_team_is_sent_to_the_teams(
    house: House, open_app: OpenApp, language: str
):
    house.store.clear_synthetic()
    house.store.put_crew(workers=PEOPLE, synthetic=True)

    app = open_app(Role.COORDINATOR, "schedule", language=language)

    assert not app.exception
    assert Words(language)("page_schedule.no_teams") in said(app)


def test_the_rules_of_working_time_are_there_to_read(open_app: OpenApp):
    app = open_app(Role.COORDINATOR, "schedule", language="en")

    assert "Nobody works more than 8 hours a day" in said(app).replace("\\", "")


def test_the_week_is_the_same_on_plan_and_schedule(open_app: OpenApp):
    app = this_week(open_app)

    app.switch_page("ui/pages/plan.py").run()

    assert app.selectbox(key="plan_week").value == str(Week.of(today()))
