"""Who goes out together, who is on call, who does casework: one test a rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from data.errors import RosterError
from data.nouns import Absence, Roster, Week, Worker
from data.vocabulary import DutyKind, Language, Skill, TravelMode
from patrol.roster import Demand, RosterSettings, make_duties, make_roster
from tests.crews import PEOPLE, WEEK, asked, shift, worker

INSPECTOR = worker("I1", Skill.INSPECTOR)
OFFICER = worker("O1", Skill.POLICE)
#: A Monday on which nobody works, and the week after it.
HOLIDAY_WEEKS = (Week.of(date(2026, 11, 23)), Week.of(date(2026, 11, 30)))


def rostered(demand: list[Demand], people: tuple[Worker, ...], **limits: object) -> Roster:
    return make_roster(demand, people, (), (WEEK,), settings=RosterSettings(**limits), seed=1)


def named(demand: list[Demand], people: tuple[Worker, ...], **limits: object) -> set[str]:
    with pytest.raises(RosterError) as caught:
        rostered(demand, people, **limits)
    params = caught.value.message.params
    return {str(v).removeprefix("@roster.short.") for k, v in params.items() if k != "shifts"}


def test_on_a_joint_round_one_of_those_it_asks_for_goes_along_beside_the_team():
    [plain] = asked(shift(0, 9, 6))
    joint = replace(plain, joint=frozenset({Skill.INSPECTOR}))

    [made] = rostered([joint], (*PEOPLE, INSPECTOR, OFFICER)).shifts

    assert "I1" in made.workers
    assert len(made.workers) == 3
    assert "joint" in named([joint], (*PEOPLE, OFFICER))


def test_either_police_or_an_inspector_may_go_along_where_both_were_asked_for():
    [plain] = asked(shift(0, 9, 6))
    joint = replace(plain, joint=frozenset({Skill.INSPECTOR, Skill.POLICE}))

    assert "O1" in rostered([joint], (*PEOPLE, OFFICER)).shifts[0].workers


def test_police_and_inspectors_go_out_on_joint_rounds_only():
    alone = (*PEOPLE[:1], OFFICER, INSPECTOR)

    assert "team_size" in named(asked(shift(0, 9, 6)), alone)
    pinned = replace(shift(0, 9, 6), workers=("O1",))
    assert "escorts" in named(asked(pinned), (*PEOPLE, OFFICER))


def test_a_team_that_drives_has_a_driver_where_the_settings_ask_for_it():
    driven = asked(replace(shift(0, 9, 6), mode=TravelMode.DRIVE))
    with_driver = (*PEOPLE, worker("D1", Skill.DRIVER))

    assert "driver" in named(driven, PEOPLE, need_driver=True)
    assert "D1" in rostered(driven, with_driver, need_driver=True).shifts[0].workers
    assert rostered(driven, PEOPLE).notes[0].id == "roster.note.no_driver"


def test_a_team_that_asks_for_a_language_has_a_speaker_where_the_settings_ask_for_it():
    [plain] = asked(shift(0, 9, 6))
    asking = [replace(plain, languages=frozenset({Language.ROMANI}))]
    speaker = worker("S1", languages=frozenset({Language.ROMANI, Language.ENGLISH}))

    assert "language" in named(asking, PEOPLE, need_language=True)
    assert "S1" in rostered(asking, (*PEOPLE, speaker), need_language=True).shifts[0].workers


def test_nobody_works_outside_their_weekdays_and_hours():
    mornings = worker("P1", Skill.CHILD_PROTECTION, available_until=time(14))
    tuesdays = worker("W1", available_days=(1,))

    assert "availability" in named(asked(shift(1, 10, 6)), (mornings, tuesdays))
    assert "availability" in named(asked(shift(0, 8, 6)), (mornings, tuesdays))
    assert rostered(asked(shift(1, 8, 6)), (mornings, tuesdays)).shifts


def test_who_can_work_at_night_may_work_past_midnight():
    late = tuple(
        replace(who, available_from=time(18), available_until=time(6)) for who in PEOPLE[:2]
    )

    assert rostered(asked(shift(0, 20, 8)), late).shifts
    assert "availability" in named(asked(shift(0, 16, 6)), late)


def test_the_helpline_has_one_trained_person_on_call_at_any_hour_and_nobody_too_often():
    limits = RosterSettings(helpline_rota=True, casework_h=0.0)
    rota = make_duties(PEOPLE, (WEEK,), settings=limits)

    roster = make_roster(rota, PEOPLE, (), (WEEK,), settings=limits, seed=1)

    assert len(roster.duties) == 7
    assert all(duty.kind is DutyKind.ON_CALL for duty in roster.duties)
    assert all(a.end == b.start for a, b in zip(roster.duties, roster.duties[1:], strict=False))
    days = [sum(duty.workers == (who.id,) for duty in roster.duties) for who in PEOPLE]
    assert sorted(days) == [1, 2, 2, 2]
    assert "helpline" in named(list(rota), PEOPLE[:2], helpline_rota=True)


def test_the_untrained_and_the_police_are_not_on_call_for_the_helpline():
    limits = RosterSettings(helpline_rota=True, casework_h=0.0, max_rota_days=7)
    people = (worker("N1", trained=False), OFFICER, PEOPLE[0])

    rota = make_duties(people, (WEEK,), settings=limits)
    roster = make_roster(rota, people, (), (WEEK,), settings=limits, seed=1)

    assert {duty.workers for duty in roster.duties} == {("P1",)}


def test_child_protection_workers_have_their_hours_of_casework_around_their_rounds():
    rounds = asked(*(shift(day, 12, 6) for day in range(5)))
    cases = make_duties(PEOPLE, (WEEK,))

    roster = make_roster([*rounds, *cases], PEOPLE, (), (WEEK,), seed=1)

    pieces = [(duty.workers, who) for duty in roster.duties for who in duty.workers]
    assert sorted(who for _, who in pieces) == ["P1", "P1", "P2", "P2"]
    for duty in roster.duties:
        for out in roster.shifts:
            clash = duty.start < out.end and out.start < duty.end
            assert not clash or not set(duty.workers) & set(out.workers)


def test_casework_is_at_most_one_piece_a_day_and_counts_as_work():
    limits = RosterSettings(casework_h=40.0)
    cases = make_duties(PEOPLE, (WEEK,), settings=limits)

    roster = make_roster(cases, PEOPLE[:1], (), (WEEK,), settings=limits, seed=1)

    assert len(roster.duties) == 5
    assert roster.notes[0].id == "roster.note.casework"
    assert roster.notes[0].params["hours"] == 20


def test_a_week_cut_short_by_leave_asks_for_less_casework():
    cases = make_duties(PEOPLE, (WEEK,))
    away = (Absence(worker="P1", first=WEEK.days[0], last=WEEK.days[1]),)

    roster = make_roster(cases, PEOPLE[:1], away, (WEEK,), seed=1)

    assert (len(roster.duties), roster.notes) == (1, ())


def test_who_works_on_a_holiday_has_another_day_off_for_it():
    monday = HOLIDAY_WEEKS[0].monday
    days = [monday + timedelta(days=i) for i in range(8)]
    rounds = asked(*(shift((day - monday).days, 9, 4, week=HOLIDAY_WEEKS[0]) for day in days))
    limits = RosterSettings(work_on_holidays=True, need_protection_worker=False)
    pair = (worker("A"), worker("B"))
    pinned = [replace(one, shift=replace(one.shift, workers=("A", "B"))) for one in rounds[:6]]

    with pytest.raises(RosterError) as caught:
        make_roster([*pinned, rounds[7]], pair, (), HOLIDAY_WEEKS, settings=limits, seed=1)

    assert "@roster.short.substitute_rest" in caught.value.message.params.values()
    free = replace(limits, substitute_rest=False)
    assert make_roster([*pinned, rounds[7]], pair, (), HOLIDAY_WEEKS, settings=free, seed=1).shifts
