"""Teams: one sentence, what is lacking, and forms that keep, refuse and erase."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest
from streamlit.testing.v1 import AppTest

from data.nouns import Viewer
from data.vocabulary import Language, Role, Sex, Skill
from desk import crew
from desk.crew import Crew, WorkerForm
from desk.identity import DEMO
from desk.wiring import House
from layers.words import LANGUAGES, Words
from tests.ui.conftest import BASE, DURRES, TEAM, OpenApp

EN = Words("en")
#: As the demo's coordinator: what is entered stays invented, and the demo open.
COORDINATOR = Viewer(
    account=DEMO, name="", role=Role.COORDINATOR, municipalities=frozenset({DURRES})
)


def now(house: House) -> Crew:
    return crew.crew_of(house, COORDINATOR, DURRES)


def add_people(house: House, *names: str, **changes: object) -> None:
    for name in names:
        usual = WorkerForm(name=name, skills=frozenset({Skill.CHILD_PROTECTION}))
        crew.add_worker(house, COORDINATOR, now(house), replace(usual, **changes))


def said(app: AppTest) -> str:
    kinds = (app.markdown, app.warning, app.info, app.error, app.subheader)
    return "\n".join(element.value for kind in kinds for element in kind)


def test_the_answer_counts_people_teams_and_what_is_lacking(house: House, open_app: OpenApp):
    add_people(house, "Ana", "Ben")

    app = open_app(Role.COORDINATOR, "teams", language="en")

    assert "**2 people in 1 team.** 1 team lacks a child protection worker." in said(app)
    assert "somebody of another team is on call" in said(app)


def test_what_makes_a_roster_impossible_is_a_warning(open_app: OpenApp):
    app = open_app(Role.COORDINATOR, "teams", language="en")

    assert "Nobody here is a child protection worker" in app.warning[0].value


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_municipality_is_told_where_to_begin(
    house: House, open_app: OpenApp, language: str
):
    house.store.erase_team(TEAM.id)
    house.store.erase_base(BASE.id)

    app = open_app(Role.COORDINATOR, "teams", language=language)

    assert Words(language)("page_teams.nobody") in said(app)
    assert [button.key for button in app.button if button.key.startswith("open_")] == [
        "open_worker:",
        "open_base:",
    ]


def test_a_person_is_added(house: House, open_app: OpenApp):
    app = open_app(Role.COORDINATOR, "teams", language="en")

    app.button(key="open_worker:").click().run()
    app.text_input(key="worker_name").set_value("Ana")
    app.multiselect(key="worker_skills").set_value([Skill.CHILD_PROTECTION, Skill.DRIVER])
    app.checkbox(key="worker_trained").set_value(False)
    app.number_input(key="worker_hours").set_value(20.0)
    app.multiselect(key="worker_languages").set_value([Language.ROMANI])
    app.radio(key="worker_sex").set_value(Sex.FEMALE)
    app.time_input(key="worker_until").set_value(time(14))
    app.button(key="keep_form").click().run()

    assert not app.exception
    (kept,) = now(house).workers
    assert (kept.name, kept.trained, kept.weekly_hours) == ("Ana", False, 20.0)
    assert kept.skills == {Skill.CHILD_PROTECTION, Skill.DRIVER}
    assert (kept.languages, kept.sex) == ({Language.ROMANI}, Sex.FEMALE)
    assert (kept.available_from, kept.available_until) == (None, time(14))
    assert kept.available_days == tuple(range(7))
    assert EN("word.sex.female") not in said(app)
    assert "not trained yet" in said(app)
    assert not [field for field in app.text_input if field.key == "worker_name"]


def test_a_fault_keeps_the_form_open_and_says_what_to_mend(house: House, open_app: OpenApp):
    app = open_app(Role.COORDINATOR, "teams", language="en")

    app.button(key="open_worker:").click().run()
    app.button(key="keep_form").click().run()

    assert EN("record.name_length", n=60) in app.error[0].value.replace("\\", "")
    assert app.text_input(key="worker_name")
    assert now(house).workers == ()


def test_a_team_is_changed(house: House, open_app: OpenApp):
    add_people(house, "Ana", "Ben")
    members = [worker.id for worker in now(house).workers]
    app = open_app(Role.COORDINATOR, "teams", language="en")

    app.button(key=f"open_team:{TEAM.id}").click().run()
    app.text_input(key="team_name").set_value("Ekipi [x](y)")
    app.multiselect(key="team_members").set_value(members)
    app.number_input(key="team_size").set_value(3)
    app.button(key="keep_form").click().run()

    assert not app.exception
    (kept,) = now(house).teams
    assert (kept.id, kept.name, kept.size) == (TEAM.id, "Ekipi [x](y)", 3)
    assert set(kept.members) == set(members)
    assert r"Ekipi \[x\]\(y\)" in said(app)


def test_a_base_may_be_pasted_in_either_order(house: House, open_app: OpenApp):
    app = open_app(Role.COORDINATOR, "teams", language="en")

    app.button(key="open_base:").click().run()
    assert app.text_input(key="base_point").value == "41.32355, 19.45469"
    app.text_input(key="base_point").set_value("19.46 41.33")
    app.button(key="keep_form").click().run()

    assert not app.exception
    kept = next(base for base in now(house).bases if base.id != BASE.id)
    assert (kept.lon, kept.lat) == (19.46, 41.33)


@pytest.mark.parametrize(
    ("text", "message"),
    [("here", "record.point_malformed"), ("41.9, 20.4", "record.point_outside")],
)
def test_a_base_elsewhere_or_nowhere_is_refused(
    house: House, open_app: OpenApp, text: str, message: str
):
    app = open_app(Role.COORDINATOR, "teams", language="en")

    app.button(key="open_base:").click().run()
    app.text_input(key="base_point").set_value(text)
    app.button(key="keep_form").click().run()

    assert app.error[0].value.replace("\\", "") == EN(message)
    assert len(now(house).bases) == 1


def test_a_person_is_erased_after_a_second_question_only(house: House, open_app: OpenApp):
    add_people(house, "Ana")
    code = now(house).workers[0].id
    app = open_app(Role.COORDINATOR, "teams", language="en")

    app.button(key=f"open_worker:{code}:").click().run()
    assert "**Ana** is taken out of the teams" in said(app)
    assert now(house).workers
    app.button(key="erase_worker").click().run()

    assert not app.exception
    assert now(house).workers == ()


def test_a_base_in_use_is_not_erased(house: House, open_app: OpenApp):
    app = open_app(Role.COORDINATOR, "teams", language="en")

    app.button(key=f"open_base:{BASE.id}").click().run()
    app.button(key="erase_base").click().run()

    assert EN("crew.base_used") in said(app).replace("\\", "")
    assert now(house).bases


def test_a_form_of_what_somebody_else_erased_does_not_open(house: House, open_app: OpenApp):
    app = open_app(Role.COORDINATOR, "teams", language="en")
    app.button(key=f"open_team:{TEAM.id}").click().run()

    house.store.erase_team(TEAM.id)
    app.run()

    assert not app.exception
    assert not [field for field in app.text_input if field.key == "team_name"]


def test_the_units_telephone_reaches_the_emergency_line(open_app: OpenApp):
    app = open_app(Role.COORDINATOR, "teams", language="en")

    app.text_input(key="cpu_phone").set_value("052 22 33 44")
    app.button(key="keep_phone").click().run()

    unit = EN("app.our_unit", phone="[052 22 33 44](tel:052223344)")
    assert EN("app.emergency", unit=unit) in [element.value for element in app.markdown]


def test_what_is_no_telephone_is_refused_with_a_sentence(open_app: OpenApp):
    app = open_app(Role.COORDINATOR, "teams", language="en")

    app.text_input(key="cpu_phone").set_value("call Ana")
    app.button(key="keep_phone").click().run()

    assert EN("crew.phone") in said(app).replace("\\", "")


def test_an_absence_is_entered_where_the_people_are(house: House, open_app: OpenApp):
    add_people(house, "Ana")
    app = open_app(Role.COORDINATOR, "teams", language="en")

    app.button(key="absence_add").click().run()

    (kept,) = house.store.absences(DURRES)
    assert kept.worker == now(house).workers[0].id
    assert "Ana" in said(app)
