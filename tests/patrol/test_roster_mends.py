"""An impossible roster says what would make it possible, and each of that really does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from data.nouns import Absence, Worker
from data.vocabulary import Skill
from layers.words import LANGUAGES, Words
from patrol.roster import Demand, RosterSettings, make_roster
from patrol.roster_conflict import find_conflict
from patrol.roster_mends import Mends, find_mends
from patrol.roster_problem import Problem
from tests.crews import PEOPLE, WEEK, asked, shift, worker


def problem_of(
    demand: Sequence[Demand], people: Sequence[Worker], *absences: Absence, **limits: object
) -> Problem:
    return Problem.of(demand, people, absences, (WEEK,), RosterSettings(**limits))


def mended(problem: Problem) -> dict[str, dict[str, object]]:
    found = find_mends(problem, 1)
    assert isinstance(found, Mends)
    return {
        m.sentence.id.removeprefix("roster.mend."): dict(m.sentence.params) for m in found.mends
    }


def test_a_possible_roster_needs_no_mend():
    assert find_mends(problem_of(asked(shift(0, 9, 6)), PEOPLE), 1) is None


def test_for_too_many_hours_overtime_is_named_as_little_as_helps():
    six = asked(*(shift(day, 8, 7) for day in range(6)))

    found = mended(problem_of(six, PEOPLE[:2]))

    assert found["overtime"] == {"hours": 2}
    assert found["leave_unstaffed"]["n"] == 1
    assert "person" in found or "person_on" in found


def test_where_somebody_is_away_one_more_person_for_that_day_helps():
    away = Absence(worker="W1", first=WEEK.monday, last=WEEK.monday)
    people = (PEOPLE[0], worker("W1"))

    found = mended(problem_of(asked(shift(0, 9, 6), shift(2, 9, 6)), people, away))

    assert found["person_on"] == {"days": "06.07.2026"}
    assert "overtime" not in found


def test_where_nobody_protects_children_somebody_on_call_helps():
    found = mended(problem_of(asked(shift(0, 9, 6)), PEOPLE[2:]))

    assert set(found) == {"protection_on_call", "leave_unstaffed"}


def test_a_day_too_long_is_made_shorter_by_as_little_as_helps():
    found = mended(problem_of(asked(shift(0, 8, 10)), PEOPLE))

    assert found["shorter"]["hours"] == 2


def test_a_team_too_large_may_go_with_one_person_fewer():
    found = mended(problem_of(asked(shift(0, 9, 6), size=5), PEOPLE))

    assert found["smaller"]["shifts"] == "T1 06.07.2026 09:00\N{EN DASH}15:00"


@pytest.mark.parametrize("hours", [7, 8])
def test_a_mend_by_settings_makes_the_roster_possible(hours: int):
    demand = asked(*(shift(day, 8, hours) for day in range(6)))
    found = find_mends(problem_of(demand, PEOPLE[:2]), 1)

    assert found is not None
    by_setting = [mend for mend in found.mends if mend.settings]
    assert by_setting
    for mend in by_setting:
        limits = replace(RosterSettings(), **mend.settings)
        assert make_roster(demand, PEOPLE[:2], (), (WEEK,), settings=limits, seed=1).shifts


def test_every_mend_speaks_both_languages():
    found = find_mends(problem_of(asked(shift(0, 8, 10), size=5), PEOPLE), 1)

    assert found is not None
    for language in LANGUAGES:
        assert all(Words(language).message(mend.sentence) for mend in found.mends)


# --- the smallest set of rules, where it is known ----------------------------------------------


@pytest.mark.parametrize(
    ("demand", "people", "smallest"),
    [
        (asked(shift(0, 9, 6), size=5), PEOPLE, {"team_size"}),
        (asked(shift(0, 8, 9)), PEOPLE, {"team_size", "daily_hours"}),
        (asked(shift(0, 9, 6)), PEOPLE[2:], {"protection"}),
        (asked(shift(0, 16, 6), shift(1, 8, 6)), PEOPLE[:2], {"team_size", "rest_between_days"}),
        (
            asked(*(shift(day, 8, 7) for day in range(6))),
            PEOPLE[:2],
            {"team_size", "weekly_hours", "overtime"},
        ),
        (
            asked(shift(0, 9, 6)),
            (worker("N", Skill.CHILD_PROTECTION, trained=False), worker("W")),
            {"trained"},
        ),
    ],
)
def test_the_smallest_set_of_rules_is_named_where_it_is_known(
    demand: list[Demand], people: Sequence[Worker], smallest: set[str]
):
    problem = problem_of(demand, people)

    named = set(find_conflict(problem, problem.rounds, 1).rules)

    assert named == smallest
