"""Plan: made in its own process, told in one sentence, shown from every side, and approved."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import folium
import pytest
from streamlit.testing.v1 import AppTest

from data.messages import Message
from data.nouns import TIRANE, LeftOut, Pace, Week, Worker
from data.vocabulary import PlanStatus, Role
from desk import jobs
from desk.choices import PlanChoices
from desk.jobs import JobState
from desk.wiring import House
from layers.words import LANGUAGES, Words
from tests.ui.conftest import DURRES, NAMES, TEAM, OpenApp, plan_of
from tests.ui.plan_sides import open_side
from ui.views import plan_rounds
from ui.widgets.text import together

EN = Words("en")
WEEK = Week.of(datetime.now(TIRANE).date())


def this_week(open_app: OpenApp, *, language: str = "en") -> AppTest:
    """Return the page on the week of today; it begins with the next one."""
    app = open_app(Role.COORDINATOR, "plan", language=language)
    return app.selectbox(key="plan_week").set_value(str(WEEK)).run()


def side(app: AppTest, name: str) -> AppTest:
    return open_side(app, name)


def said(app: AppTest) -> str:
    kinds = (app.markdown, app.warning, app.info, app.error, app.caption)
    return "\n".join(element.value for kind in kinds for element in kind).replace("\\", "")


def test_the_answer_counts_teams_rounds_visits_and_places(open_app: OpenApp):
    app = this_week(open_app)

    assert "**1 team makes 1 round with 4 visits to 4 places.** 0 places are left out" in said(app)
    assert EN("page_plan.approve_never") in said(app)


def test_a_round_is_a_table_of_times_places_and_reasons(open_app: OpenApp):
    app = this_week(open_app)

    frame = app.table[0].value
    assert list(frame.columns) == ["No.", "Time", "Place", "Why", "Way there, min"]
    assert frame["Place"].iloc[0].startswith(NAMES[0])
    assert list(frame["No."]) == ["1", "2", "3", "4"]


def test_a_phone_gets_a_round_as_cards(open_app: OpenApp, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(plan_rounds, "is_phone", lambda: True)

    app = this_week(open_app)

    assert not app.table
    hours = together("09:20\N{EN DASH}09:50")
    assert f"**1. {NAMES[0]} (must)** · {hours}" in said(app)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_map_draws_one_day_or_the_whole_week(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch, language: str
):
    shown: list[folium.Map] = []
    monkeypatch.setattr(plan_rounds, "show_map", lambda base, *_, **__: shown.append(base))

    app = side(this_week(open_app, language=language), "map")
    app.selectbox(key="plan_day").set_value("").run()

    assert not app.exception
    assert len(shown) == 2


SIDES = ("edit", "week_tab", "left_tab", "versions", "rhythm", "files", "details")


@pytest.mark.parametrize("name", SIDES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_side_of_a_plan_opens(open_app: OpenApp, name: str, language: str):
    assert not side(this_week(open_app, language=language), name).exception


def test_what_is_left_out_says_why(house: House, open_app: OpenApp):
    left = LeftOut(stop="s9", place_id="p9", name="[x](y)", reason=Message("plan.no_places"))
    house.store.save_plan(replace(plan_of(datetime.now(TIRANE).date()), left_out=(left,)))

    app = side(this_week(open_app), "left_tab")

    assert app.table[0].value.iloc[0, 0] == r"\[x\]\(y\)"


def test_a_long_list_of_what_is_left_out_is_no_markdown_and_shows_no_mark(
    house: House, open_app: OpenApp
):
    left = LeftOut(stop="s9", place_id="p9", name="[x](y)", reason=Message("plan.no_places"))
    many = tuple(replace(left, stop=f"s{n}") for n in range(20))
    house.store.save_plan(replace(plan_of(datetime.now(TIRANE).date()), left_out=many))

    app = side(this_week(open_app), "left_tab")

    assert set(app.dataframe[0].value.iloc[:, 0]) == {"[x](y)"}


def test_a_plan_on_real_streets_is_approved_after_a_second_question(
    house: House, open_app: OpenApp
):
    made = plan_of(datetime.now(TIRANE).date())
    house.store.save_plan(replace(made, marks=replace(made.marks, illustrative_streets=False)))
    app = this_week(open_app)

    assert EN("page_plan.approve_ask") in said(app)
    app.button(key="plan_approve").click().run()

    assert not app.exception
    kept = house.store.plans(DURRES, WEEK)
    assert [one.status for one in kept] == [PlanStatus.DRAFT, PlanStatus.APPROVED]
    assert app.success


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_version_breaks_is_said_and_has_to_be_answered_before_it_is_approved(
    house: House, open_app: OpenApp, language: str
):
    made = plan_of(datetime.now(TIRANE).date() + timedelta(weeks=1))
    (route,) = made.routes
    first = replace(
        route.stops[0].stop, pace=Pace(least_gap_days=9, rests_until=made.week.days[-1])
    )
    stops = (replace(route.stops[0], stop=first), *route.stops[1:])
    marks = replace(made.marks, illustrative_streets=False)
    house.store.save_plan(replace(made, routes=(replace(route, stops=stops),), marks=marks))
    words = Words(language)
    app = open_app(Role.COORDINATOR, "plan", language=language)
    app.selectbox(key="plan_week").set_value(str(made.week)).run()

    assert words("breaks.title", n=1) in said(app)
    assert app.button(key="plan_approve").disabled
    app.checkbox(key=f"plan_anyway_{made.id}_1").check().run()
    app.button(key="plan_approve").click().run()

    assert not app.exception
    assert [one.status for one in house.store.plans(DURRES, made.week)] == [PlanStatus.APPROVED]


def test_the_form_starts_a_calculation_with_what_was_chosen(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
):
    asked: list[PlanChoices] = []
    monkeypatch.setattr(jobs, "start", lambda *given: asked.append(given[-1]))
    app = this_week(open_app)

    app.number_input(key="plan_service").set_value(40)
    app.multiselect(key=f"plan_must_{DURRES}").set_value(["p1"])
    app.checkbox(key="plan_unstaffed").set_value(True)
    app.number_input(key="plan_seed").set_value(7)
    app.button(key="plan_make").click().run()

    assert asked == [PlanChoices(service_min=40, must_places=("p1",), leave_unstaffed=True, seed=7)]


def test_the_form_asks_for_weeks_variety_rhythms_and_promises(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
):
    asked: list[PlanChoices] = []
    monkeypatch.setattr(jobs, "start", lambda *given: asked.append(given[-1]))
    app = this_week(open_app)

    app.multiselect(key=f"plan_needs_{DURRES}").set_value(["p1"]).run()
    app.multiselect(key=f"plan_promises_{DURRES}").set_value(["p2"]).run()
    app.number_input(key="plan_weeks").set_value(4)
    app.number_input(key="plan_variety").set_value(2)
    app.number_input(key="plan_same_hour").set_value(4)
    app.number_input(key="plan_most_stops").set_value(6)
    app.number_input(key=f"plan_visits_{DURRES}_p1").set_value(2)
    app.selectbox(key=f"plan_span_{DURRES}_p1").set_value(28)
    app.number_input(key=f"plan_gap_{DURRES}_p1").set_value(5)
    app.selectbox(key=f"plan_promise_day_{DURRES}_p2").set_value(4)
    app.selectbox(key=f"plan_promise_hour_{DURRES}_p2").set_value(18)
    app.button(key="plan_make").click().run()

    assert asked == [
        PlanChoices(
            weeks=4,
            variety_pct=2,
            same_hour_in=4,
            most_stops=6,
            needs=(("p1", 2, 28, 5),),
            promises=(("p2", 4, 18),),
        )
    ]


def test_the_form_asks_for_the_time_of_children_met_and_the_rules_of_the_crew(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
):
    asked: list[PlanChoices] = []
    monkeypatch.setattr(jobs, "start", lambda *given: asked.append(given[-1]))
    app = this_week(open_app)

    app.number_input(key="plan_contact").set_value(45)
    app.number_input(key="plan_in_time").set_value(80)
    app.number_input(key="plan_casework").set_value(4)
    for what in ("helpline_rota", "need_driver", "need_language"):
        app.checkbox(key=f"plan_{what}").set_value(True)
    app.button(key="plan_make").click().run()

    chosen = PlanChoices(
        contact_min=45,
        in_time_pct=80,
        casework_h=4,
        helpline_rota=True,
        need_driver=True,
        need_language=True,
    )
    assert asked == [chosen]
    made = chosen.settings()
    assert (made.stops.contact_min, made.routes.overrun_percentile) == (45.0, 80.0)
    assert (made.roster.casework_h, made.roster.helpline_rota) == (4.0, True)
    assert (made.roster.need_driver, made.roster.need_language) == (True, True)


@contextmanager
def a_job(monkeypatch: pytest.MonkeyPatch, state: JobState) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setattr(jobs, "state", lambda *_: state)
        yield


def test_a_calculation_under_way_says_how_far_it_is_and_can_be_stopped(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
):
    stopped: list[Week] = []
    monkeypatch.setattr(jobs, "stop", lambda *given: stopped.append(given[-1]))
    state = JobState(
        fraction=0.4, message=Message("plan.progress.routes"), ended=False, failed=False
    )
    with a_job(monkeypatch, state):
        app = this_week(open_app)
        assert app.button(key="plan_stop")
        assert not [one for one in app.button if one.key == "plan_make"]

        app.button(key="plan_stop").click().run()

    assert stopped == [WEEK]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_calculation_that_failed_says_why_in_a_sentence(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch, language: str
):
    words = Words(language)
    rules = {"rule1": "@roster.short.team_size", "rule2": "@roster.short.absences"}
    why = Message("roster.impossible.2", {"shifts": "Ekipi 1 [x](y)", **rules})
    state = JobState(fraction=1.0, message=why, ended=True, failed=True)

    with a_job(monkeypatch, state):
        app = this_week(open_app, language=language)

    assert app.error[0].value.replace("\\", "") == (
        f"**{words('page_plan.failed')}** {words.message(why)}"
    )
    assert r"\[x\]\(y\)" in app.error[0].value
    assert words("roster.short.absences") in said(app)


def test_an_impossible_week_offers_mends_and_one_of_them_is_taken(
    house: House, open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
):
    alone = Worker(id="w1", name="Ana", municipality=DURRES, skills=frozenset())
    house.store.put_crew(workers=[alone], teams=[TEAM], synthetic=True)
    asked: list[PlanChoices] = []
    monkeypatch.setattr(jobs, "start", lambda *given: asked.append(given[-1]))
    why = Message("roster.impossible.1", {"shifts": "T1", "rule1": "@roster.short.team_size"})
    state = JobState(fraction=1.0, message=why, ended=True, failed=True)

    with a_job(monkeypatch, state):
        app = this_week(open_app)
        assert EN("page_plan.mends") in said(app)
        [button] = [one for one in app.button if (one.key or "").startswith("mend_")]
        button.click().run()

    assert asked == [PlanChoices(leave_unstaffed=True)]


def test_a_week_without_a_plan_begins_with_the_form_open(open_app: OpenApp):
    app = open_app(Role.COORDINATOR, "plan", language="en")

    assert EN("page_plan.none") in said(app)
    assert app.expander[0].label == EN("page_plan.settings_first")
