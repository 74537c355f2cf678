"""What a roster would like: one test a wish, and what it says of those it gave up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from data.duties import Wish
from data.nouns import Roster, Shift, Worker
from data.vocabulary import Language, Sex, Skill, TravelMode, Wants
from layers.words import LANGUAGES, Words
from patrol.roster import Demand, RosterSettings, make_duties, make_roster
from patrol.roster_wishes import WISHES
from tests.crews import PEOPLE, WEEK, asked, shift, worker

FREE = RosterSettings(need_protection_worker=False, min_trained=1)


def rostered(
    demand: list[Demand],
    people: tuple[Worker, ...],
    *,
    wishes: tuple[Wish, ...] = (),
    like: tuple[Shift, ...] = (),
    limits: RosterSettings = FREE,
) -> Roster:
    return make_roster(
        demand, people, (), (WEEK,), settings=limits, seed=1, wishes=wishes, like=like
    )


def noted(roster: Roster) -> dict[str, int]:
    return {note.id.removeprefix("roster.note."): note.params.get("n", 0) for note in roster.notes}


def off(name: str, day: date, weight: int = 1) -> Wish:
    return Wish(worker=name, day=day, weight=weight)


PAIR = (worker("A"), worker("B"))


def test_a_day_off_that_somebody_wishes_for_is_given():
    one = asked(shift(0, 9, 6), size=1)

    for name, other in (("A", "B"), ("B", "A")):
        roster = rostered(one, PAIR, wishes=(off(name, WEEK.monday),))
        assert roster.shifts[0].workers == (other,)
        assert roster.notes == ()


def test_a_shift_that_somebody_wishes_for_is_given_with_the_team_they_name():
    both = asked(shift(0, 9, 6, team="T1"), shift(0, 9, 6, team="T2"), size=1)

    for team in ("T1", "T2"):
        wish = Wish(worker="B", day=WEEK.monday, wants=Wants.WORK, team=team)
        [mine] = [s for s in rostered(both, PAIR, wishes=(wish,)).shifts if s.workers == ("B",)]
        assert mine.team == team


def test_of_two_wishes_that_cannot_both_be_kept_the_weightier_one_is():
    one = asked(shift(0, 9, 6), size=1)

    for heavy, light in (("A", "B"), ("B", "A")):
        wishes = (off(heavy, WEEK.monday, 3), off(light, WEEK.monday, 1))
        roster = rostered(one, PAIR, wishes=wishes)
        assert roster.shifts[0].workers == (light,)
        assert noted(roster) == {"wishes": 1}


def test_a_wish_weighs_one_to_three():
    for weight in (0, 4):
        with pytest.raises(ValueError, match="1 to 3"):
            off("A", WEEK.monday, weight)


def test_a_woman_and_a_man_go_out_together_where_it_is_known_and_possible():
    women = tuple(worker(f"F{i}", sex=Sex.FEMALE) for i in range(2))
    men = tuple(worker(f"M{i}", sex=Sex.MALE) for i in range(2))
    both = asked(shift(0, 9, 6, team="T1"), shift(0, 9, 6, team="T2"))

    mixed = rostered(both, (*women, *men))
    assert all({name[0] for name in s.workers} == {"F", "M"} for s in mixed.shifts)
    assert noted(rostered(both, (*women, worker("F2", sex=Sex.FEMALE), men[0]))) == {"one_sex": 1}


def test_nothing_is_said_of_a_woman_and_a_man_where_it_is_not_known():
    assert rostered(asked(shift(0, 9, 6)), PAIR).notes == ()


def test_a_driver_goes_with_a_team_that_drives():
    driven = asked(replace(shift(0, 9, 6), mode=TravelMode.DRIVE), size=1)

    for able in ("A", "B"):
        pair = tuple(replace(w, skills=frozenset({Skill.DRIVER})) if w.id == able
                     else w for w in PAIR)  # fmt: skip
        assert rostered(driven, pair).shifts[0].workers == (able,)


def test_somebody_who_speaks_the_language_goes_with_the_team_that_asks_for_it():
    [plain] = asked(shift(0, 9, 6), size=1)
    asking = [replace(plain, languages=frozenset({Language.ROMANI}))]

    for able in ("A", "B"):
        pair = tuple(
            replace(w, languages=frozenset({Language.ROMANI})) if w.id == able else w for w in PAIR
        )
        assert rostered(asking, pair).shifts[0].workers == (able,)
    assert noted(rostered(asking, PAIR)) == {"no_language": 1}


def test_people_stay_where_the_roster_before_had_them():
    demand = asked(*(shift(day, 9, 6) for day in range(4)), size=1)

    for pattern in ("ABAB", "BABA"):
        before = tuple(
            replace(one.shift, workers=(name,)) for one, name in zip(demand, pattern, strict=True)
        )
        roster = rostered(demand, PAIR, like=before)
        assert "".join(s.workers[0] for s in roster.shifts) == pattern


def test_the_week_before_counts_by_team_weekday_and_hour():
    demand = asked(*(shift(day, 9, 6) for day in range(4)), size=1)
    before = tuple(
        replace(
            one.shift,
            id=f"old-{i}",
            workers=(name,),
            start=one.shift.start - timedelta(days=7),
            end=one.shift.end - timedelta(days=7),
        )
        for i, (one, name) in enumerate(zip(demand, "BABA", strict=True))
    )

    assert [s.workers[0] for s in rostered(demand, PAIR, like=before).shifts] == list("BABA")


def test_the_usual_team_goes_out_before_hours_are_made_even():
    demand = asked(*(shift(day, 9, 6) for day in range(4)), size=1, members=("B",))

    assert {s.workers for s in rostered(demand, PAIR).shifts} == {("B",)}


def test_overtime_is_worked_only_where_nothing_else_helps():
    six = asked(*(shift(day, 8, 8) for day in range(6)), size=1)
    limits = replace(FREE, overtime_h=8.0)

    assert rostered(six, PAIR, limits=limits).notes == ()
    assert noted(rostered(six, PAIR[:1], limits=limits)) == {"overtime": 0}


def test_a_child_protection_worker_goes_with_the_team_rather_than_being_called():
    one = asked(shift(0, 9, 6), size=2)
    limits = replace(FREE, need_protection_worker=True)

    [made] = rostered(one, (*PAIR, PEOPLE[0]), limits=limits).shifts

    assert "P1" in made.workers
    assert made.on_call == ()


def test_who_is_on_call_for_a_team_is_at_rest_if_somebody_can_be():
    pinned = [
        Demand(shift=replace(shift(0, 9, 6, team="T1"), workers=("A", "B"))),
        Demand(shift=replace(shift(0, 9, 6, team="T2"), workers=("P1", "W1"))),
    ]
    limits = replace(FREE, need_protection_worker=True)

    made = rostered(pinned, (*PAIR, *PEOPLE), limits=limits).shifts

    assert made[0].on_call == ("P2",)


def test_nights_are_shared():
    nights = asked(*(shift(day, 20, 8) for day in (0, 2, 4, 6)), size=1)

    roster = rostered(nights, tuple(worker(name) for name in "ABCD"))

    assert sorted(s.workers[0] for s in roster.shifts) == list("ABCD")


def test_days_on_call_for_the_helpline_are_shared():
    limits = replace(FREE, helpline_rota=True, casework_h=0.0, max_rota_days=7)
    rota = list(make_duties(PAIR, (WEEK,), settings=limits))

    roster = rostered(rota, PAIR, limits=limits)

    assert sorted(sum(d.workers == (w.id,) for d in roster.duties) for w in PAIR) == [3, 4]


def test_few_people_work_on_sunday():
    halves = ((5, 8, "T1"), (5, 12, "T2"), (6, 8, "T1"), (6, 12, "T2"))
    weekend = asked(*(shift(day, at, 4, team=team) for day, at, team in halves), size=1)

    roster = rostered(weekend, PAIR)

    assert len({s.workers for s in roster.shifts[2:]}) == 1
    assert noted(roster) == {"sunday": 1}


def test_every_wish_was_tried_and_every_note_speaks_both_languages():
    assert {"weekends_shared", "casework_done", "hours_balanced"} < set(WISHES)
    [driven] = asked(replace(shift(6, 9, 6), mode=TravelMode.DRIVE), size=1)
    asking = replace(driven, languages=frozenset({Language.GREEK}))
    wishes = tuple(off(who.id, WEEK.days[6]) for who in PAIR)

    roster = rostered([asking], PAIR, wishes=wishes)

    assert set(noted(roster)) == {"sunday", "no_driver", "no_language", "wishes"}
    for language in LANGUAGES:
        assert all(Words(language).message(note) for note in roster.notes)
