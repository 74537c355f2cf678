"""The coordinator changes the plan on its page: by hand, today, and back again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from data.messages import Message
from data.nouns import TIRANE, LeftOut, Plan, Week, Worker
from data.vocabulary import ChangeKind, PlanStatus, Role, Skill
from desk.wiring import House
from layers.words import LANGUAGES, Words
from tests.ui.conftest import DURRES, NAMES, TEAM, OpenApp, plan_of
from tests.ui.plan_sides import turn_to
from ui.views import plan_change, plan_edit, plan_today, plan_why
from ui.widgets import timetable
from ui.widgets.timetable import TimetableData

EN = Words("en")
TODAY = datetime.now(TIRANE).date()
MONDAY = Week.of(TODAY + timedelta(weeks=1)).monday
NEXT = Week.of(MONDAY)
SHIFT = f"{TEAM.id}-{MONDAY}"


def week_plan(**more: object) -> Plan:
    """Return next week's plan, whose last place is left out though a round could serve it."""
    made = plan_of(MONDAY)
    (route,) = made.routes
    stops, last = route.stops[:3], route.stops[3].stop
    legs = (*route.legs[:3], replace(route.legs[-1], origin=stops[-1].stop.id))
    left = LeftOut(
        stop=last.id, place_id=last.place_id, name=last.name,
        reason=Message("left_out.others_first"), candidate=last,
    )  # fmt: skip
    ended = replace(made.shifts[0], end=made.shifts[0].end, workers=("w1", "w2"))
    return replace(
        made,
        shifts=(ended,),
        routes=(replace(route, stops=stops, legs=legs),),
        left_out=(left,),
        workers=(_worker(1), _worker(2)),
        **more,
    )


def _worker(n: int) -> Worker:
    skills = frozenset({Skill.OUTREACH, Skill.CHILD_PROTECTION})
    return Worker(id=f"w{n}", name=f"Punonjës {n}", municipality=DURRES, skills=skills)


@pytest.fixture
def planned(house: House) -> House:
    """Return the house with a plan for next week."""
    house.store.save_plan(week_plan())
    return house


def on_side(open_app: OpenApp, side: str, *, language: str = "en") -> AppTest:
    app = open_app(Role.COORDINATOR, "plan", language=language)
    turn_to(app, side)
    return app.run()


def said(app: AppTest) -> str:
    kinds = (app.markdown, app.warning, app.info, app.error, app.success)
    return "\n".join(element.value for kind in kinds for element in kind).replace("\\", "")


class Browser:
    """A timetable as a browser holds it: what is sent from it, and what it hears.

    `tests/browser/test_timetable.py` drags it with hands.
    """

    def __init__(self, *edits: dict[str, object]) -> None:
        usual = {"shift": SHIFT, "to": None, "at": None, "locked": False, "out": False}
        self.waiting = [[{"stop": "s0", **usual, **edit} for edit in edits]]
        self.refusal = ""

    def show(self, data: TimetableData) -> object:
        """Stand for `timetable.show`."""
        self.refusal = str(data["refusal"])
        return {**data, "edits": self.waiting.pop(), "orders": {}} if self.waiting else None


def send(app: AppTest, *edits: dict[str, object]) -> str:
    """Run the page as it runs when edits were sent from its timetable; return the refusal."""
    browser = Browser(*edits)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timetable, "show", browser.show)
        app.run()
    return browser.refusal


def newest(house: House) -> Plan:
    return house.store.plans(DURRES, NEXT)[-1]


def begins(plan: Plan) -> dict[str, datetime]:
    return {met.stop.id: met.arrive for route in plan.routes for met in route.stops}


@pytest.mark.usefixtures("planned")
@pytest.mark.parametrize("side", ["edit", "versions", "left_tab"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_side_for_deciding_opens(open_app: OpenApp, side: str, language: str):
    assert not on_side(open_app, side, language=language).exception


def test_a_time_that_is_dragged_is_kept_as_a_new_version_and_locked(
    planned: House, open_app: OpenApp
):
    later = begins(newest(planned))["s0"] + timedelta(minutes=40)

    app = on_side(open_app, "edit")
    refusal = send(app, {"at": 60 * later.hour + later.minute})

    assert not app.exception
    assert refusal == ""
    kept = newest(planned)
    assert (kept.version, kept.based_on) == (2, 1)
    assert begins(kept)["s0"] == later
    assert [(one.kind, one.stop) for one in kept.standing] == [(ChangeKind.LOCK, "s0")]
    assert EN("decide.kept", number=2) in said(app)
    assert app.selectbox(key="plan_version").value == 2


def test_what_cannot_be_had_says_why_and_keeps_nothing(planned: House, open_app: OpenApp):
    refusal = send(on_side(open_app, "edit"), {"at": 15 * 60})

    assert [plan.version for plan in planned.store.plans(DURRES, NEXT)] == [1]
    assert NAMES[0] in refusal
    assert refusal.endswith(".")


def test_a_place_that_the_plan_does_not_have_is_refused(planned: House, open_app: OpenApp):
    refusal = send(on_side(open_app, "edit"), {"stop": "s9"})

    assert [plan.version for plan in planned.store.plans(DURRES, NEXT)] == [1]
    assert refusal == EN("revise.unknown_visit")


def test_a_place_taken_out_comes_back_by_going_back(planned: House, open_app: OpenApp):
    app = on_side(open_app, "edit")
    send(app, {"out": True})
    assert "s0" not in begins(newest(planned))

    app.button(key="plan_undo").click().run()

    assert not app.exception
    assert [p.status for p in planned.store.plans(DURRES, NEXT)] == [
        PlanStatus.DRAFT,
        PlanStatus.UNDONE,
    ]
    assert app.selectbox(key="plan_version").value == 1
    assert EN("decide.undone", number=2) in said(app)


def test_a_version_that_was_undone_can_be_brought_back(planned: House, open_app: OpenApp):
    app = on_side(open_app, "edit")
    send(app, {"out": True})
    app.button(key="plan_undo").click().run()

    turn_to(app, "versions")
    app.run().button(key="bring_back_2").click().run()

    assert newest(planned).status is PlanStatus.DRAFT
    assert app.selectbox(key="plan_version").value == 2


@pytest.mark.usefixtures("planned")
def test_the_versions_say_who_changed_what_and_stand_beside_each_other(open_app: OpenApp):
    app = on_side(open_app, "edit")
    send(app, {"out": True})

    turn_to(app, "versions")
    app.run()

    table = app.table[0].value.astype(str)
    assert table.iloc[0, 1] == "Demo"
    assert NAMES[0] in table.iloc[0, 3].replace("\\", "")
    figures = app.table[1].value
    assert next(iter(figures.iloc[:, 0])) == EN("decide.figure.visits")
    assert EN("decide.only_one") in said(app)
    assert NAMES[0] in said(app)


@pytest.mark.usefixtures("planned")
def test_why_this_place_is_said_in_at_most_five_sentences(open_app: OpenApp):
    app = open_app(Role.COORDINATOR, "plan", language="en")

    app.selectbox(key=f"why_{SHIFT}").set_value("s0").run()

    assert not app.exception
    sentences = [m.value for m in app.markdown if m.value.startswith("- ")][-1].splitlines()
    assert 2 <= len(sentences) <= 5
    assert EN("why_stop.must") in said(app)


def test_why_not_names_the_price_and_puts_the_place_in(planned: House, open_app: OpenApp):
    app = on_side(open_app, "left_tab")

    app.selectbox(key="why_not").set_value("s3").run()
    assert EN("why_not.free") in said(app)
    app.button(key="put_in").click().run()

    assert "s3" in begins(newest(planned))
    assert not newest(planned).left_out


def test_a_rule_is_named_where_one_keeps_a_place_out(house: House, open_app: OpenApp):
    plan = week_plan()
    asleep = replace(
        plan.left_out[0], candidate=None,
        reason=Message("left_out.asleep", {"month": "@word.month.6"}),
    )  # fmt: skip
    house.store.save_plan(replace(plan, left_out=(asleep,)))
    app = on_side(open_app, "left_tab")

    app.selectbox(key="why_not").set_value("s3").run()

    assert EN("left_out.asleep", month="@word.month.6") in said(app)
    assert app.button(key="put_in").label == EN("decide.put_in_anyway")


# Today


@pytest.fixture
def at_ten(house: House, monkeypatch: pytest.MonkeyPatch) -> House:
    """Return the house at ten o'clock of a day whose round began at nine."""
    ten = datetime.combine(TODAY, time(10), TIRANE)
    for module in (plan_change, plan_edit, plan_today, plan_why):
        monkeypatch.setattr(module, "moment", lambda: ten)
    return house


def today(open_app: OpenApp) -> AppTest:
    app = open_app(Role.COORDINATOR, "plan", language="en")
    return app.selectbox(key="plan_week").set_value(str(Week.of(TODAY))).run()


def test_a_call_sends_the_first_team_and_the_team_sees_it(at_ten: House, open_app: OpenApp):
    app = today(open_app)
    app.text_input(key="call_name").set_value("Pazari")
    app.text_input(key="call_point").set_value("41.3215, 19.4420")

    app.button(key="call_yes").click().run()

    assert not app.exception
    kept = at_ten.store.plans(DURRES, Week.of(TODAY))[-1]
    (met,) = [m for r in kept.routes for m in r.stops if m.stop.name == "Pazari"]
    assert met.arrive.astimezone(TIRANE).hour == 10
    field = open_app(Role.FIELD, "today", language="en")
    assert "Pazari" in said(field)
    assert EN("decide.came_in", n=1, places="Pazari") in said(field)


@pytest.mark.usefixtures("at_ten")
def test_a_call_without_a_place_is_asked_for_one(open_app: OpenApp):
    app = today(open_app)

    app.button(key="call_yes").click().run()

    assert app.error[0].value.replace("\\", "") == EN("decide.which_place")


@pytest.mark.usefixtures("at_ten")
@pytest.mark.parametrize("kind", ["rain", "closed", "ill"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_other_action_of_today_opens(open_app: OpenApp, kind: str, language: str):
    app = open_app(Role.COORDINATOR, "plan", language=language)
    app.selectbox(key="plan_week").set_value(str(Week.of(TODAY))).run()

    app.segmented_control(key="today_kind").set_value(kind).run()

    assert not app.exception


def test_rain_takes_the_beach_out_of_the_day(at_ten: House, open_app: OpenApp):
    app = today(open_app)
    app.segmented_control(key="today_kind").set_value("rain").run()

    app.button(key="rain_yes").click().run()

    kept = at_ten.store.plans(DURRES, Week.of(TODAY))[-1]
    assert "s3" not in begins(kept)
    assert [one.reason.id for one in kept.left_out] == ["left_out.rain"]


def test_what_happens_today_goes_to_the_teams_at_once_where_the_plan_is_approved(
    at_ten: House, open_app: OpenApp
):
    (plan,) = at_ten.store.plans(DURRES, Week.of(TODAY))
    real = replace(plan, marks=replace(plan.marks, illustrative_streets=False), seed=9)
    number = at_ten.store.save_plan(real)
    at_ten.store.approve_plan(replace(real, version=number), by="Mira", at=datetime.now(TIRANE))
    app = today(open_app)
    assert "Mira" in said(app)
    app.segmented_control(key="today_kind").set_value("rain").run()

    app.button(key="rain_yes").click().run()

    assert at_ten.store.plans(DURRES, Week.of(TODAY))[-1].status is PlanStatus.APPROVED
    assert EN("decide.kept_approved") in said(app)


# What is printed is approved


def test_sheets_and_packs_of_a_real_plan_come_from_the_approved_version_only(
    house: House, open_app: OpenApp
):
    plan = week_plan()
    real = replace(plan, marks=replace(plan.marks, synthetic=False, illustrative_streets=False))
    house.store.save_plan(real)

    app = on_side(open_app, "files")
    names = {one.key for one in app.get("download_button")}
    assert names & {"plan_file_sheets", "plan_file_packs", "plan_file_gpx"} == set()
    assert EN("decide.files_draft") in said(app)

    house.store.approve_plan(real, by="Mira", at=datetime.now(TIRANE))
    app.run()
    assert {"plan_file_sheets", "plan_file_packs"} <= {
        one.key for one in app.get("download_button")
    }
