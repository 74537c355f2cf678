"""Safety in the browser: signs, help, skipped stops, who is out, the rules, and what was done."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from data.fieldwork import CheckIn, Contact
from data.nouns import TIRANE, Plan, Shift, Week
from data.vocabulary import CheckInState, Role, SkipReason
from desk.safety import rhythm_of, safety_of
from desk.wiring import House
from layers.words import Words
from patrol.checkins import CheckInSettings
from tests.ui.conftest import DURRES, NAMES, OpenApp, plan_of
from tests.ui.plan_sides import open_side

CHAIN = (Contact(name="Mira [1](x)", phone="069 111"), Contact(name="Roja", phone="069 222"))


def now() -> datetime:
    return datetime.now(TIRANE)


def begun(hours_ago: float) -> Plan:
    """Return today's plan with a shift that began so long ago and lasts for six hours."""
    plan = plan_of(now().date())
    start = (now().astimezone(UTC) - timedelta(hours=hours_ago)).astimezone(TIRANE)
    shift = replace(plan.shifts[0], start=start, end=start + timedelta(hours=6))
    return replace(plan, shifts=(shift,), seed=round(60 * hours_ago) + 2)


def chained(house: House) -> None:
    """Put a call chain behind the municipality's teams."""
    chain = [{"name": one.name, "phone": one.phone} for one in CHAIN]
    record = {"every_min": 60, "grace_min": 15, "chain": chain}
    house.store.set_setting(f"check_ins.demo.{DURRES}", json.dumps(record))


def real(house: House, plan: Plan) -> None:
    """Keep a plan as one that real people go by."""
    made = replace(plan, marks=replace(plan.marks, synthetic=False, illustrative_streets=False))
    kept = replace(made, version=house.store.save_plan(made))
    house.store.approve_plan(kept, by="c", at=now())


def out(house: House, hours_ago: float, *, invented: bool = False) -> Shift:
    """Send the team out so many hours ago, with a call chain behind it."""
    chained(house)
    plan = begun(hours_ago)
    if invented:
        house.store.save_plan(plan)
    else:
        real(house, plan)
    return plan.shifts[0]


def said(house: House) -> list[str]:
    noted = house.store.fieldwork.check_ins(DURRES, since=now() - timedelta(days=1))
    return [str(one.state) for one in noted]


def texts(app) -> str:
    kinds = (app.markdown, app.error, app.success, app.info, app.warning)
    return "\n".join(one.value for kind in kinds for one in kind)


@pytest.mark.parametrize("language", ["sq", "en"])
def test_a_team_says_that_it_is_well_with_one_touch(house: House, open_app: OpenApp, language: str):
    app = open_app(Role.FIELD, "today", language=language)

    app.button(key="we_are_well").click().run()

    assert not app.exception
    assert said(house) == ["well"]
    app.button(key="we_are_back").click().run()
    assert said(house) == ["well", "back"]


def test_help_shows_numbers_to_call_at_once_and_tells_the_coordinator(
    house: House, open_app: OpenApp
):
    chained(house)
    app = open_app(Role.FIELD, "today", language="en")
    app.button(key="tell_help").click().run()

    assert said(house) == ["help"]
    assert any("asked for help" in one.value for one in app.error)


def test_the_numbers_of_a_real_round_can_be_called_by_a_thumb(house: House, open_app: OpenApp):
    chained(house)
    real(house, plan_of(now().date()))

    app = open_app(Role.FIELD, "today", language="en")

    assert "tel:129" in texts(app)
    assert "tel:069111" in texts(app)
    assert "[1](x)" not in texts(app).replace("\\[1\\]\\(x\\)", "")


def test_a_stop_is_skipped_for_a_reason_and_taken_back(house: House, open_app: OpenApp):
    app = open_app(Role.FIELD, "today", language="en")

    app.button(key="skip_road_closed").click().run()

    assert app.header[0].value == f"2\\. {NAMES[1]}"
    assert house.store.fieldwork.skips(DURRES)[0].reason is SkipReason.ROAD_CLOSED
    assert "Road closed" in texts(app)
    app.button(key="unskip_s0").click().run()
    assert app.header[0].value == f"1\\. {NAMES[0]}"
    assert house.store.fieldwork.skips(DURRES) == ()


def test_a_round_that_was_skipped_to_its_end_does_not_claim_to_be_done(open_app: OpenApp):
    app = open_app(Role.FIELD, "today", language="en")
    for _ in NAMES:
        app.button(key="skip_other").click().run()

    assert "was skipped" in app.success[0].value


def test_a_coordinator_sees_who_has_to_be_called_and_by_whom_next(house: House, open_app: OpenApp):
    out(house, 2)

    app = open_app(Role.COORDINATOR, "schedule", language="en")

    assert "1 team has to be called" in texts(app)
    assert "tel:069111" in texts(app)


def test_when_the_chain_is_over_the_police_is_called(house: House, open_app: OpenApp):
    shift = out(house, 2)
    for minutes in (5, 4):
        house.store.fieldwork.check_in(
            CheckIn(
                shift=shift.id,
                team=shift.team,
                municipality=DURRES,
                at=now() - timedelta(minutes=minutes),
                state=CheckInState.TRIED,
            ),
            synthetic=True,
        )

    app = open_app(Role.COORDINATOR, "schedule", language="en")

    assert "call the police, 129" in texts(app)


def test_calls_are_tried_along_the_chain_to_its_end(house: House, open_app: OpenApp):
    shift = out(house, 2, invented=True)
    app = open_app(Role.COORDINATOR, "schedule", language="en")
    assert "Mira" in texts(app)

    app.button(key=f"call_tried_{shift.id}").click().run()
    assert "Call now: Roja" in texts(app)
    app.button(key=f"call_tried_{shift.id}").click().run()
    assert "Call now" not in texts(app)
    assert "call the police" not in texts(app)
    app.button(key=f"call_reached_{shift.id}").click().run()

    assert not app.exception
    assert "Call now" not in texts(app)
    assert said(house)[-1] == "reached"


def test_the_call_after_the_last_of_the_chain_is_not_offered(house: House, open_app: OpenApp):
    shift = out(house, 2, invented=True)
    app = open_app(Role.COORDINATOR, "schedule", language="en")
    for _ in CHAIN:
        app.button(key=f"call_tried_{shift.id}").click().run()

    offered = {button.key for button in app.button}

    assert f"call_reached_{shift.id}" in offered
    assert f"call_tried_{shift.id}" not in offered


@pytest.mark.parametrize(
    ("role", "page", "is_told"),
    [
        (Role.COORDINATOR, "map", True),
        (Role.COORDINATOR, "teams", True),
        (Role.FIELD, "today", False),
        (Role.AGENCY, "coverage", False),
    ],
)
def test_a_missed_sign_stands_above_every_page_of_the_coordinator_and_of_nobody_else(
    house: House, open_app: OpenApp, role: Role, page: str, *, is_told: bool
):
    out(house, 2)

    app = open_app(role, page, language="en")

    assert ("1 team has to be called" in texts(app)) is is_told


@pytest.mark.parametrize("language", ["sq", "en"])
def test_of_an_invented_round_nobody_is_called(house: House, open_app: OpenApp, language: str):
    shift, words = out(house, 2, invented=True), Words(language)

    board = open_app(Role.COORDINATOR, "schedule", language=language)

    assert words("check_in.board_invented", n=1) in texts(board)
    assert words("check_in.invented") in texts(board)
    assert words("check_in.state_missed") in texts(board)
    assert "069" not in texts(board)
    board.button(key=f"call_reached_{shift.id}").click().run()
    assert said(house) == ["reached"]
    team = open_app(Role.FIELD, "today", language=language)
    assert words("check_in.invented") in texts(team)
    assert "069" not in texts(team)


def test_with_nobody_out_the_schedule_says_so(house: House, open_app: OpenApp):
    out(house, -2)

    assert "No team is out now" in texts(open_app(Role.COORDINATOR, "schedule", language="en"))


def test_the_call_chain_is_kept_on_the_teams_page(house: House, open_app: OpenApp):
    app = open_app(Role.COORDINATOR, "teams", language="en")

    app.number_input(key="chain_every").set_value(45)
    app.text_input(key="chain_name_0").set_value("Mira")
    app.text_input(key="chain_phone_0").set_value("069 1")
    app.button(key="chain_keep").click().run()

    assert not app.error
    assert rhythm_of(house, DURRES) == CheckInSettings(
        every_min=45, chain=(Contact(name="Mira", phone="069 1"),)
    )


def side(open_app: OpenApp, name: str, language: str = "en"):
    app = open_app(Role.COORDINATOR, "plan", language=language)
    app.selectbox(key="plan_week").set_value(str(Week.of(now().date()))).run()
    open_side(app, name)
    assert not app.exception
    return app


@pytest.mark.parametrize("language", ["sq", "en"])
def test_the_rules_of_safety_stand_beside_the_plan_and_can_be_changed(
    house: House, open_app: OpenApp, language: str
):
    app = side(open_app, "safety", language)
    assert "12:00" in texts(app).replace("\\", "")

    app.multiselect(key=f"safety_escort_{DURRES}").set_value(["p1"])
    app.slider(key="safety_heat_hours").set_value((13, 17))
    app.button(key="safety_keep").click().run()

    assert not app.exception
    assert not app.error
    kept = safety_of(house, DURRES)
    assert (kept.escort_places, kept.heat_hours) == (("p1",), (13, 17))
    assert "13:00" in texts(app).replace("\\", "")


def test_a_heat_alert_is_given_and_taken_back_on_the_page(house: House, open_app: OpenApp):
    app = side(open_app, "safety")
    day = date.fromisoformat(app.selectbox(key="alert_day").value)

    app.button(key="alert_give").click().run()
    assert safety_of(house, DURRES).heat_alerts == (day,)
    app.button(key=f"alert_back_{day}").click().run()

    assert safety_of(house, DURRES).heat_alerts == ()


@pytest.mark.parametrize("language", ["sq", "en"])
def test_what_was_done_stands_beside_the_plan_the_missed_ones_first(
    open_app: OpenApp, language: str
):
    field = open_app(Role.FIELD, "today", language=language)
    field.button(key="arrived").click().run()
    field.button(key="outcome_nobody").click().run()
    field.button(key="skip_danger").click().run()

    app = side(open_app, "done", language)

    shown = app.table[0].value.astype(str).to_string()
    assert NAMES[1] in shown
    assert ("danger there" if language == "en" else "rrezik në vend") in shown
    # Two of four are due while the round goes on, all of them once it is over.
    assert "(50 %" in texts(app) or "(25 %" in texts(app)


def test_the_coverage_counts_planned_visits_without_a_name(open_app: OpenApp):
    field = open_app(Role.FIELD, "today")
    field.button(key="arrived").click().run()
    field.button(key="outcome_nobody").click().run()

    app = open_app(Role.AGENCY, "coverage", language="en")

    said_ = texts(app)
    assert "planned visit" in said_
    assert not [name for name in NAMES if name in said_]
