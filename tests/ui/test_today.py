"""Today: a team's own round, marked with a few touches and never with a name."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import folium
import pytest

from data.errors import AccessDeniedError, ContractError
from data.frames import CHILD_COUNTS, RIGHTS_COUNTS
from data.messages import Message
from data.nouns import TIRANE, LeftOut, RouteStop, Viewer, Week
from data.vocabulary import Role, VisitOutcome
from desk import rounds
from desk.met import Met
from desk.wiring import House
from layers.words import Words
from patrol.rest_of_round import Rest
from tests.ui.conftest import DURRES, NAMES, TEAM, OpenApp, plan_of
from ui.views import today

FIELD = Viewer(
    account="f",
    name="f",
    role=Role.FIELD,
    municipalities=frozenset({DURRES}),
    teams=frozenset({TEAM.id}),
)


def now() -> datetime:
    return datetime.now(TIRANE)


def outing(house: House) -> rounds.Round:
    found = rounds.round_today(house, FIELD, TEAM, now().date())
    assert found is not None
    return found


def test_the_next_place_stands_first_and_large(open_app: OpenApp):
    app = open_app(Role.FIELD, "today")

    assert app.header[0].value == f"1\\. {NAMES[0]}"
    assert app.button(key="arrived")


def test_a_round_is_walked_by_arriving_and_saying_what_was_met(
    house: House, open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
):
    # Whether there is time left hangs on when the tests run.
    monkeypatch.setattr(rounds, "planned_again", lambda _house, _viewer, outing, _moment: outing)
    app = open_app(Role.FIELD, "today")

    app.button(key="arrived").click().run()
    app.button(key="outcome_nobody").click().run()
    assert app.header[0].value == f"2\\. {NAMES[1]}"

    app.button(key="arrived").click().run()
    app.button(key="outcome_identified").click().run()
    app.number_input(key="n_seen").set_value(3)
    app.number_input(key="n_identified").set_value(2)
    for name, n in zip(RIGHTS_COUNTS, (1, 2, 0, 2), strict=True):
        app.number_input(key=name).set_value(n)
    app.button(key="keep_counts").click().run()

    assert not app.exception
    assert not app.error
    visits = house.store.visits(DURRES).set_index("place_id")
    assert visits.loc["p0", "outcome"] == "nobody"
    assert visits.loc["p1", "outcome"] == "identified"
    assert visits.loc["p1", list(CHILD_COUNTS)].tolist() == [3, 2, 1, 2, 0, 2]
    mark = outing(house).mark_of(outing(house).route.stops[1].stop.id)
    assert mark
    assert list(mark.met.counts.values()) == [3, 2, 1, 2, 0, 2]
    assert (visits["ended_at"] > visits["started_at"]).all()
    assert app.header[0].value.startswith("3")


def test_counts_that_do_not_fit_are_refused_and_nothing_is_kept(house: House, open_app: OpenApp):
    app = open_app(Role.FIELD, "today", language="en")
    app.button(key="arrived").click().run()
    app.button(key="outcome_spoken").click().run()

    app.number_input(key="n_seen").set_value(1)
    app.number_input(key="n_not_enrolled").set_value(4)
    app.button(key="keep_counts").click().run()

    assert len(app.error) == 1
    assert not outing(house).done


def test_the_last_mark_can_be_undone(house: House, open_app: OpenApp):
    app = open_app(Role.FIELD, "today")
    app.button(key="arrived").click().run()
    app.button(key="outcome_nobody").click().run()

    app.button(key="undo").click().run()

    assert app.header[0].value == f"1\\. {NAMES[0]}"
    assert house.store.visits(DURRES).empty


def test_an_arrival_outlives_a_locked_phone_and_counts_no_effort(house: House, open_app: OpenApp):
    open_app(Role.FIELD, "today").button(key="arrived").click().run()

    again = open_app(Role.FIELD, "today")

    assert again.button(key="outcome_nobody")
    visit = house.store.visits(DURRES).iloc[0]
    assert visit["ended_at"] == visit["started_at"]


def test_marks_on_an_invented_plan_stay_invented(house: House, open_app: OpenApp):
    app = open_app(Role.FIELD, "today")
    app.button(key="arrived").click().run()
    app.button(key="outcome_nobody").click().run()

    assert house.store.visits(DURRES)["synthetic"].all()
    assert house.store.all_synthetic()


def test_a_finished_round_says_so(open_app: OpenApp):
    app = open_app(Role.FIELD, "today", language="en")

    for _ in NAMES:
        app.button(key="arrived").click().run()
        app.button(key="outcome_nobody").click().run()

    assert Words("en")("page_today.all_done") in [s.value for s in app.success]


def test_a_name_from_a_file_never_becomes_a_link(open_app: OpenApp):
    app = open_app(Role.FIELD, "today")

    assert any(r"Plazhi \[1\]\(x\)" in m.value for m in app.markdown)


def test_without_a_round_today_the_next_one_is_named(house: House):
    later = now().date() + timedelta(days=8)
    house.store.save_plan(plan_of(later))

    found = rounds.next_round(house, FIELD, TEAM, now().date())

    assert found is not None
    assert (found.shift.start.date(), found.n_stops) == (later, len(NAMES))


@pytest.mark.parametrize("role", [Role.FIELD, Role.COORDINATOR])
def test_a_day_without_a_plan_says_what_to_do(house: House, open_app: OpenApp, role: Role):
    house.store.clear_synthetic()
    house.store.put_crew(bases=[plan_of(now().date()).bases[0]], teams=[TEAM], synthetic=True)

    app = open_app(role, "today", language="en")

    assert not app.exception
    assert any("No round today" in m.value for m in app.markdown)


def test_a_field_worker_sees_no_other_teams_round(house: House):
    other = Viewer(
        account="g",
        name="g",
        role=Role.FIELD,
        municipalities=frozenset({DURRES}),
        teams=frozenset({"team-2"}),
    )

    assert rounds.teams_of(house, other) == ()
    with pytest.raises(AccessDeniedError):
        rounds.round_today(house, other, TEAM, now().date())


@pytest.mark.parametrize("role", [Role.AGENCY, Role.ADMINISTRATOR])
def test_nobody_else_opens_a_round(house: House, role: Role):
    viewer = Viewer(account="x", name="x", role=role, municipalities=frozenset({DURRES}))

    with pytest.raises(AccessDeniedError):
        rounds.round_today(house, viewer, TEAM, now().date())


def test_a_real_draft_is_nobodys_round_before_it_is_approved(house: House):
    house.store.clear_synthetic()
    house.store.save_plan(plan_of(now().date(), synthetic=False))

    assert rounds.round_today(house, FIELD, TEAM, now().date()) is None


def test_a_field_worker_gets_no_prize_and_no_evidence(house: House):
    stops = outing(house).route.stops

    assert {stop.stop.prize for stop in stops} == {0.0}
    assert outing(house).plan.left_out == ()


@pytest.mark.parametrize(
    ("outcome", "counts"),
    [
        (VisitOutcome.NOBODY, {"n_seen": 1}),
        (VisitOutcome.SEEN, {}),
        (VisitOutcome.IDENTIFIED, {"n_seen": 2}),
        (VisitOutcome.SPOKEN, {"n_seen": 2, "n_identified": 1}),
        (VisitOutcome.SPOKEN, {"n_seen": 2, "n_without_health_card": 3}),
        (VisitOutcome.SPOKEN, {"n_seen": 2, "n_not_registered": 3}),
        (VisitOutcome.NOBODY, {"n_not_registered": 1}),
    ],
)
def test_counts_fit_the_outcome_and_each_other(outcome: VisitOutcome, counts: dict[str, int]):
    with pytest.raises(ContractError):
        Met(outcome=outcome, at=now(), **counts)


def test_every_mark_leaves_a_line_in_the_audit_without_a_place(house: House):
    round_ = outing(house)
    stop = round_.route.stops[0]

    rounds.arrive(house, FIELD, round_, stop, now())
    rounds.mark_visit(house, FIELD, round_, stop, Met(outcome=VisitOutcome.NOBODY, at=now()))
    rounds.undo_mark(house, FIELD, round_, stop)

    lines = house.store.audit.last(3)
    assert [line.action for line in lines] == ["visit.undo", "visit.mark", "visit.arrive"]
    assert {line.scope for line in lines} == {DURRES}


@pytest.mark.parametrize("language", ["sq", "en"])
def test_the_round_is_drawn_on_a_map_with_what_is_done_ticked(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch, language: str
):
    shown: list[str] = []

    def show(base: folium.Map, groups: list[folium.FeatureGroup], **_: object) -> None:
        shown.append(page(base, groups))

    monkeypatch.setattr(today, "show_map", show)
    app = open_app(Role.FIELD, "today", language=language)
    app.button(key="arrived").click().run()
    app.button(key="outcome_nobody").click().run()

    app.segmented_control(key="today_view").set_value("map").run()

    assert not app.exception
    assert [button.key for button in app.button if button.key == "arrived"] == []
    words = Words(language)
    (drawn,) = shown
    for sentence in ("map.legend_done", "map.legend_base", "mark.illustrative"):
        assert words(sentence) in drawn, sentence
    assert "fitBounds" in drawn


def page(base: folium.Map, groups: list[folium.FeatureGroup]) -> str:
    for group in groups:
        group.add_to(base)
    written = str(base.get_root().render())
    return html.unescape(re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), written))


def test_the_card_of_the_first_contact_is_a_touch_away(open_app: OpenApp):
    app = open_app(Role.FIELD, "today", language="en")

    app.segmented_control(key="today_view").set_value("first_contact").run()

    assert Words("en")("page_help.first_contact") in [m.value for m in app.markdown]


def test_where_a_meeting_leaves_no_time_the_rest_is_planned_again(house: House):
    begins = outing(house).shift.start
    stops = outing(house).route.stops
    met = Met(
        outcome=VisitOutcome.IDENTIFIED, at=begins + timedelta(hours=4), n_seen=2, n_identified=1
    )
    rounds.arrive(house, FIELD, outing(house), stops[0], begins + timedelta(minutes=20))
    rounds.mark_visit(house, FIELD, outing(house), stops[0], met)
    walked = outing(house)

    again = rounds.planned_again(house, FIELD, walked, begins + timedelta(hours=4))

    # Two hours are left: three ways of ten minutes, the way home, and two visits of thirty.
    assert again.again is not None
    names = [stop.stop.name for stop in again.left]
    dropped = [one.name for one in again.again.dropped]
    assert sorted(names + dropped) == sorted(NAMES[1:])
    assert len(dropped) == 1
    assert all(stop.leave <= walked.shift.end for stop in again.left)
    assert all(stop.stop.prize == 0 for stop in again.left)
    assert Words("en").message(again.again.dropped[0].reason)


def to_the_minute(house: House) -> None:
    """Keep a version of the day's plan whose visits take the chance of a meeting into account."""
    plan = house.store.plans(DURRES, Week.of(now().date()))[-1]
    route, by = plan.routes[0], timedelta(minutes=1.4)
    stops = tuple(
        replace(
            met,
            arrive=met.arrive + by,
            leave=met.leave + by + timedelta(minutes=0.8),
            stop=replace(met.stop, service_min=30.8, chance=0.0267, contact_min=30.0),
        )
        for met in route.stops
    )
    house.store.save_plan(replace(plan, routes=(replace(route, stops=stops),)))


def minutes(stops: Iterable[RouteStop]) -> set[float]:
    return {at.minute + at.second / 60 for s in stops for at in (s.arrive, s.leave)}


def test_a_team_gets_its_hours_in_whole_five_minutes_also_when_they_are_planned_again(
    house: House, open_app: OpenApp
):
    to_the_minute(house)
    planned = outing(house)
    begins, first = planned.shift.start, planned.route.stops[0]
    assert {minute % 5 for minute in minutes(planned.route.stops)} == {0}
    shown = [m.value for m in open_app(Role.FIELD, "today").markdown]
    clocks = re.findall(r"\b(\d\d):(\d\d)\b", " ".join(shown))
    assert ("09", "20") in clocks
    assert {int(minute) % 5 for _, minute in clocks} == {0}

    met = Met(
        outcome=VisitOutcome.IDENTIFIED, at=begins + timedelta(hours=4), n_seen=2, n_identified=1
    )
    rounds.arrive(house, FIELD, planned, first, begins + timedelta(minutes=20))
    rounds.mark_visit(house, FIELD, outing(house), first, met)
    again = rounds.planned_again(house, FIELD, outing(house), begins + timedelta(minutes=243.7))

    assert again.again is not None
    assert {minute % 5 for minute in minutes(again.left)} == {0}


def test_where_the_rest_still_fits_or_nobody_was_met_it_stays_as_planned(house: House):
    begins = outing(house).shift.start
    stop = outing(house).route.stops[0]
    rounds.arrive(house, FIELD, outing(house), stop, begins + timedelta(minutes=20))
    nobody = Met(outcome=VisitOutcome.NOBODY, at=begins + timedelta(hours=4))
    rounds.mark_visit(house, FIELD, outing(house), stop, nobody)
    walked = outing(house)

    assert rounds.planned_again(house, FIELD, walked, begins + timedelta(hours=4)) is walked
    spoken = Met(outcome=VisitOutcome.SPOKEN, at=begins + timedelta(hours=1), n_seen=1)
    rounds.mark_visit(house, FIELD, outing(house), stop, spoken)
    walked = outing(house)
    assert rounds.planned_again(house, FIELD, walked, begins + timedelta(hours=1)) is walked
    assert rounds.planned_again(house, FIELD, walked, walked.shift.end) is walked


def test_what_was_dropped_is_named_with_its_reason(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
):
    reason = Message("left_out.rest_no_time")

    def planned_again(_house: House, _viewer: Viewer, outing: rounds.Round, _moment: datetime):
        last = outing.route.stops[-1].stop
        gone = LeftOut(stop=last.id, place_id=last.place_id, name=last.name, reason=reason)
        return replace(outing, again=Rest(stops=outing.left[1:-1], dropped=(gone,)))

    monkeypatch.setattr(rounds, "planned_again", planned_again)
    app = open_app(Role.FIELD, "today", language="en")

    assert app.header[0].value == f"2\\. {NAMES[1]}"
    assert Words("en")("page_today.planned_again") in [m.value for m in app.markdown]
    assert any(Words("en").message(reason) in m.value for m in app.markdown)
