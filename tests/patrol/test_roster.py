"""A roster keeps every rule; when it cannot, it says which rules stand against which shifts."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import RosterError
from data.nouns import TIRANE, Absence, Roster, Shift, Team, Week, Worker
from data.vocabulary import Skill, TravelMode
from layers.words import LANGUAGES, Words
from patrol.roster import Demand, RosterSettings, break_min, make_demand, make_roster
from patrol.roster_problem import minutes, night_minutes
from patrol.roster_rules import RULES, rule_sentences
from patrol.roster_wishes import WISHES, wish_sentences
from tests.crews import PEOPLE, PROTECTION, WEEK, asked, shift, worker

NATIONAL_WEEK = Week(year=2026, number=48)  # 23 to 29 November: holidays on 23, 28, 29


def rules_named(caught: pytest.ExceptionInfo[RosterError]) -> set[str]:
    params = caught.value.message.params
    return {str(v).removeprefix("@roster.short.") for k, v in params.items() if k != "shifts"}


def refusal(demand: list[Demand], people: tuple[Worker, ...], **more: object) -> set[str]:
    absences = more.pop("absences", ())
    week = more.pop("week", WEEK)
    with pytest.raises(RosterError) as caught:
        make_roster(demand, people, absences, (week,), settings=RosterSettings(**more), seed=1)
    return rules_named(caught)


# --- one test a rule -------------------------------------------------------------------------


def test_every_shift_has_as_many_people_as_its_team_needs():
    roster = make_roster(asked(shift(0, 9, 6), size=3), PEOPLE, (), (WEEK,), seed=1)

    assert len(roster.shifts[0].workers) == 3
    assert "team_size" in refusal(asked(shift(0, 9, 6), size=5), PEOPLE)


def test_at_least_two_trained_people_are_in_every_team():
    novices = (PROTECTION, worker("N1", trained=False), worker("N2", trained=False))

    assert "trained" in refusal(asked(shift(0, 9, 6)), novices)
    roster = make_roster(asked(shift(0, 9, 6)), (*novices, worker("W1")), (), (WEEK,), seed=1)
    assert set(roster.shifts[0].workers) == {"P1", "W1"}


def test_a_child_protection_worker_is_in_the_team_or_on_call():
    outreach = (worker("W1"), worker("W2"), worker("W3"))
    pinned = [Demand(shift=make_pinned("W1", "W2"))]

    roster = make_roster(pinned, (*outreach, PROTECTION), (), (WEEK,), seed=1)

    assert roster.shifts[0].on_call == ("P1",)
    assert "protection" in refusal(asked(shift(0, 9, 6)), outreach)


def make_pinned(*workers: str) -> Shift:
    base = shift(0, 9, 6)
    return Shift(
        id=base.id,
        team=base.team,
        base=base.base,
        mode=base.mode,
        start=base.start,
        end=base.end,
        workers=workers,
    )


def test_who_is_in_a_team_needs_nobody_on_call():
    roster = make_roster(asked(shift(0, 9, 6)), PEOPLE, (), (WEEK,), seed=1)

    assert roster.shifts[0].on_call == ()


def test_on_call_while_out_with_another_team_can_be_forbidden():
    people = (PROTECTION, *(worker(f"W{i}") for i in range(3)))
    both = asked(shift(0, 9, 6, team="T1"), shift(0, 9, 6, team="T2"))

    assert len(make_roster(both, people, (), (WEEK,), seed=1).shifts) == 2
    assert "protection" in refusal(both, people, on_call_while_out=False)


def test_nobody_is_in_two_shifts_at_once():
    both = asked(shift(0, 9, 4, team="T1"), shift(0, 12, 4, team="T2"))

    assert "one_place" in refusal(both, PEOPLE[:2])


def test_nobody_works_more_than_eight_hours_a_day():
    assert "daily_hours" in refusal(asked(shift(0, 8, 5), shift(0, 14, 5)), PEOPLE[:2])
    assert refusal(asked(shift(0, 8, 9)), PEOPLE) == {"team_size", "daily_hours"}


def test_nobody_works_more_than_forty_hours_a_week():
    six_days = asked(*(shift(day, 8, 7) for day in range(6)))

    assert "weekly_hours" in refusal(six_days, PEOPLE[:2])


def test_a_contract_of_fewer_hours_counts():
    part_time = (PROTECTION, worker("W1", weekly_hours=10.0))

    assert "weekly_hours" in refusal(asked(shift(0, 8, 6), shift(1, 8, 6)), part_time)


def test_overtime_is_zero_unless_it_is_set():
    six_days = asked(*(shift(day, 8, 7) for day in range(6)))
    allowed = RosterSettings(overtime_h=2.0)

    assert "overtime" in refusal(six_days, PEOPLE[:2])
    roster = make_roster(six_days, PEOPLE[:2], (), (WEEK,), settings=allowed, seed=1)
    assert [n.params["hours"] for n in roster.notes if n.id == "roster.note.overtime"] == [4.0]


def test_eleven_hours_of_rest_lie_between_two_working_days():
    late_then_early = asked(shift(0, 16, 6), shift(1, 8, 6))

    assert "rest_between_days" in refusal(late_then_early, PEOPLE[:2])


def test_rest_is_counted_from_the_sunday_before():
    sunday = shift(-1, 16, 6)
    worked = Demand(
        shift=Shift(
            id="before",
            team="T1",
            base="B",
            mode=TravelMode.WALK,
            start=sunday.start,
            end=sunday.end,
            workers=("P1", "W1"),
        )
    )

    roster = make_roster([worked, *asked(shift(0, 8, 6))], PEOPLE, (), (WEEK,), seed=1)

    assert roster.shifts[0].workers == ("P2", "W2")
    assert len(roster.shifts) == 1


def test_a_weekly_rest_of_36_hours_is_kept():
    every_day = asked(*(shift(day, 9, 5) for day in range(7)))

    assert "weekly_rest" in refusal(every_day, PEOPLE[:2])
    assert len(make_roster(every_day, PEOPLE, (), (WEEK,), seed=1).shifts) == 7


def test_a_free_sunday_after_a_saturday_is_a_weekly_rest():
    six_days = asked(*(shift(day, 9, 6) for day in range(6)))

    assert len(make_roster(six_days, PEOPLE[:2], (), (WEEK,), seed=1).shifts) == 6


def test_night_hours_are_limited():
    nights = asked(*(shift(day, 22, 8) for day in range(3)))

    assert "night" in refusal(nights, PEOPLE[:2])
    assert "night" not in refusal(nights, PEOPLE[:2], max_night_h=30.0, max_weekly_h=16.0)


def test_nobody_works_on_a_day_of_absence():
    away = (Absence(worker="P1", first=WEEK.monday, last=WEEK.monday),)

    roster = make_roster(asked(shift(0, 9, 6)), PEOPLE, away, (WEEK,), seed=1)

    assert "P1" not in roster.shifts[0].workers
    assert "absences" in refusal(asked(shift(0, 9, 6)), PEOPLE[:2], absences=away)


def test_a_night_into_an_absence_is_not_worked():
    tuesday = WEEK.days[1]
    away = (Absence(worker="P1", first=tuesday, last=tuesday),)

    assert "absences" in refusal(asked(shift(0, 20, 6)), PEOPLE[:2], absences=away)


def test_nobody_works_on_a_public_holiday_unless_it_is_allowed():
    flag_day = asked(shift(5, 9, 6, week=NATIONAL_WEEK))

    assert "public_holidays" in refusal(flag_day, PEOPLE, week=NATIONAL_WEEK)
    allowed = RosterSettings(work_on_holidays=True)
    assert make_roster(flag_day, PEOPLE, (), (NATIONAL_WEEK,), settings=allowed, seed=1).shifts


def test_a_break_lies_in_a_shift_of_more_than_six_hours_and_counts_as_work():
    assert break_min(shift(0, 9, 6), RosterSettings()) == 0
    assert break_min(shift(0, 9, 6.5), RosterSettings()) == 30
    assert minutes(shift(0, 9, 8)) == 480


def test_the_night_is_counted_over_midnight_and_over_the_change_of_clocks():
    october = Week.of(date(2026, 10, 25))

    assert night_minutes(shift(0, 20, 8), RosterSettings()) == 6 * 60
    assert night_minutes(shift(0, 4, 4), RosterSettings()) == 2 * 60
    assert night_minutes(shift(0, 9, 8), RosterSettings()) == 0
    assert night_minutes(shift(5, 22, 9, week=october), RosterSettings()) == 9 * 60


# --- what it prefers -------------------------------------------------------------------------


def test_the_usual_members_go_out_with_their_team():
    demand = asked(*(shift(d, 9, 6) for d in range(5)), members=("P2", "W2"))

    roster = make_roster(demand, PEOPLE, (), (WEEK,), seed=1)

    assert {s.workers for s in roster.shifts} == {("P2", "W2")}
    assert roster.notes == ()


def test_hours_are_balanced():
    people = tuple(worker(f"P{i}", Skill.CHILD_PROTECTION) for i in range(6))
    roster = make_roster(asked(*(shift(d, 9, 8) for d in range(6))), people, (), (WEEK,), seed=3)

    assert {sum(w.id in s.workers for s in roster.shifts) for w in people} == {2}


def test_weekends_are_shared():
    demand = asked(*(shift(d, 9, 4) for d in range(7)))
    roster = make_roster(demand, PEOPLE, (), (WEEK,), seed=1)

    weekend = [s for s in roster.shifts if s.start.weekday() >= 5]

    assert [sum(w.id in s.workers for s in weekend) for w in PEOPLE] == [1, 1, 1, 1]
    assert "roster.note.sunday" in [n.id for n in roster.notes]


# --- what cannot be --------------------------------------------------------------------------


def test_an_impossible_roster_names_the_shift_and_the_rules_and_never_a_person():
    demand = asked(shift(0, 9, 6), shift(2, 16, 6))
    away = (Absence(worker="P1", first=WEEK.days[2], last=WEEK.days[2]),)

    with pytest.raises(RosterError) as caught:
        make_roster(demand, PEOPLE[:1] + PEOPLE[2:3], away, (WEEK,), seed=1)

    for language in LANGUAGES:
        sentence = Words(language).message(caught.value.message)
        assert "T1 08.07.2026 16:00\N{EN DASH}22:00" in sentence
        assert "06.07.2026" not in sentence
        assert not any(name in sentence for name in ("P1", "W1"))
    assert rules_named(caught) == {"team_size", "absences"}


def test_no_rule_of_a_conflict_could_be_left_away():
    late_then_early = asked(shift(0, 16, 6), shift(1, 8, 6))

    named = refusal(late_then_early, PEOPLE[:2])

    assert named == {"team_size", "rest_between_days"}


def test_without_workers_the_size_of_the_team_cannot_be_met():
    assert refusal(asked(shift(0, 9, 6)), ()) == {"team_size"}


def test_as_few_shifts_as_can_be_are_left_out_each_with_its_rule():
    seven = asked(*(shift(day, 9, 8) for day in range(7)))

    roster = make_roster(seven, PEOPLE[:2], (), (WEEK,), seed=1, allow_dropping=True)

    dropped = [note for note in roster.notes if note.id.startswith("roster.dropped.")]
    assert (len(roster.shifts), len(dropped)) == (5, 2)
    assert all("@roster.short.weekly_hours" in note.params.values() for note in dropped)
    for language in LANGUAGES:
        assert all(Words(language).message(note) for note in roster.notes)


def test_the_setting_to_leave_shifts_unstaffed_does_the_same():
    choice = RosterSettings(leave_unstaffed=True)

    assert make_roster(asked(shift(0, 9, 6)), (), (), (WEEK,), settings=choice, seed=1).shifts == ()


def test_a_week_without_shifts_is_an_empty_roster():
    assert make_roster((), PEOPLE, (), (WEEK,), seed=1) == Roster(weeks=(WEEK,), shifts=())


# --- determinism, demand, sentences ----------------------------------------------------------


def test_the_order_of_the_input_changes_nothing():
    demand = asked(*(shift(d, 9, 8, team=t) for d in range(5) for t in ("T1", "T2")))
    people = (*PEOPLE, worker("W3"), worker("W4"))

    first = make_roster(demand, people, (), (WEEK,), seed=7)
    again = make_roster(demand[::-1], people[::-1], (), (WEEK,), seed=7)

    assert first == again


def team(**changes: object) -> Team:
    fields = {
        "id": "T1",
        "name": "Ekipi 1",
        "municipality": "AL0301",
        "base": "B1",
        "mode": TravelMode.WALK,
        "start": time(16),
        "end": time(22),
        "weekdays": (0, 5, 6),
        "members": ("P1", "W1"),
    }
    return Team(**{**fields, **changes})


def test_the_usual_hours_of_a_team_make_its_shifts():
    demand = make_demand([team(), team(id="T0", start=time(20), end=time(2))], (WEEK,))

    assert [d.shift.id for d in demand][:2] == ["T0-2026-07-06", "T1-2026-07-06"]
    assert len(demand) == 6
    assert minutes(demand[0].shift) == minutes(demand[1].shift) == 360
    assert demand[1].members == ("P1", "W1")


def test_a_public_holiday_has_no_shift_unless_it_is_allowed():
    allowed = RosterSettings(work_on_holidays=True)

    assert make_demand([team()], (NATIONAL_WEEK,)) == ()  # Monday, Saturday and Sunday are holidays
    assert len(make_demand([team()], (NATIONAL_WEEK,), settings=allowed)) == 3


def test_every_rule_and_wish_has_a_sentence_in_both_languages():
    every = RosterSettings(
        need_driver=True, need_language=True, helpline_rota=True, work_on_holidays=True
    )
    sentences = (*rule_sentences(every), *wish_sentences())

    assert len(sentences) == len(RULES) + 1 + len(WISHES)
    for language in LANGUAGES:
        words = Words(language)
        assert all(words.message(sentence) for sentence in sentences)
        assert all(words(f"roster.short.{name}") for name in RULES)
    assert "8" in Words("sq").message(sentences[list(RULES).index("daily_hours")])


# --- any roster, checked by somebody who does not know the solver -----------------------------


def longest_rest(shifts: list[Shift]) -> timedelta:
    """Return the longest piece of rest that lies at least 24 hours inside the week."""
    start = datetime.combine(WEEK.monday, time(), TIRANE)
    end = start + timedelta(days=7)
    edges = [start - timedelta(days=7)]
    edges += [edge for s in shifts for edge in (s.start, s.end)]
    edges.append(end + timedelta(days=7))
    rests = [
        (a, b)
        for a, b in zip(edges[::2], edges[1::2], strict=True)
        if min(b, end) - max(a, start) >= timedelta(hours=24)
    ]
    return max((b - a for a, b in rests), default=timedelta(0))


def faults(roster: Roster, demand: list[Demand], people: tuple[Worker, ...]) -> list[str]:
    found = []
    size = {d.shift.id: d.size for d in demand}
    protectors = {w.id for w in people if Skill.CHILD_PROTECTION in w.skills}
    trained = {w.id for w in people if w.trained}
    for s in roster.shifts:
        found += ["size"] * (len(set(s.workers)) != size[s.id])
        found += ["trained"] * (len(trained & set(s.workers)) < 2)
        found += ["protection"] * (not protectors & {*s.workers, *s.on_call})
    for person in people:
        mine = sorted((s for s in roster.shifts if person.id in s.workers), key=lambda s: s.start)
        found += ["week"] * (sum(map(minutes, mine)) > person.weekly_hours * 60)
        found += ["night"] * (sum(night_minutes(s, RosterSettings()) for s in mine) > 16 * 60)
        found += ["rest"] * (longest_rest(mine) < timedelta(hours=36))
        for a, b in combinations(mine, 2):
            same_day = a.start.date() == b.start.date()
            found += ["two at once"] * (b.start < a.end)
            found += ["eleven"] * (not same_day and b.start - a.end < timedelta(hours=11))
        for day in WEEK.days:
            found += ["day"] * (sum(minutes(s) for s in mine if s.start.date() == day) > 480)
    return found


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    shifts=st.sets(
        st.tuples(
            st.integers(0, 6),
            st.sampled_from([6, 9, 14, 18, 21]),
            st.sampled_from([3, 5, 7]),
            st.sampled_from(["T1", "T2"]),
        ),
        min_size=1,
        max_size=12,
    ),
    hours=st.lists(st.sampled_from([20.0, 40.0]), min_size=2, max_size=6),
    size=st.integers(2, 3),
)
def test_no_roster_breaks_a_rule(
    shifts: set[tuple[int, int, int, str]], hours: list[float], size: int
):
    people = tuple(
        worker(f"P{i}", *([Skill.CHILD_PROTECTION] if i % 2 else []), weekly_hours=h)
        for i, h in enumerate(hours)
    )
    demand = asked(*(shift(d, at, h, team=t) for d, at, h, t in sorted(shifts)), size=size)

    roster = make_roster(demand, people, (), (WEEK,), seed=5, allow_dropping=True)

    assert faults(roster, demand, people) == []
    n_dropped = sum(note.id.startswith("roster.dropped.") for note in roster.notes)
    assert len(roster.shifts) + n_dropped == len(demand)
