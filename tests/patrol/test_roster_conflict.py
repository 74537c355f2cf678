"""The rules that an impossible roster names are the fewest: without any of them it is possible."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from data.errors import RosterError
from data.nouns import TIRANE, Absence, Shift, Week, Worker
from data.vocabulary import Skill, TravelMode
from layers.words import LANGUAGES, Words
from patrol.roster import Demand, RosterSettings, make_roster
from patrol.roster_conflict import Conflict, _impossible, find_conflict
from patrol.roster_problem import Problem
from patrol.roster_rules import RULES

WEEK = Week(year=2026, number=28)


def demand(day: int, start: int, hours: int, team: str) -> Demand:
    begins = datetime.combine(WEEK.monday + timedelta(days=day), time(start), TIRANE)
    return Demand(
        shift=Shift(
            id=f"{team}-{day}-{start}",
            team=team,
            base="B",
            mode=TravelMode.DRIVE,
            start=begins,
            end=begins + timedelta(hours=hours),
        )
    )


def people(n: int, n_trained: int, n_protection: int) -> tuple[Worker, ...]:
    return tuple(
        Worker(
            id=f"W{i}",
            name=f"W{i}",
            municipality=None,
            skills=frozenset([Skill.CHILD_PROTECTION] if i < n_protection else []),
            trained=i < n_trained,
        )
        for i in range(n)
    )


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    asked=st.sets(
        st.tuples(
            st.integers(0, 6), st.sampled_from([7, 15, 21]), st.integers(4, 8),
            st.sampled_from(["T1", "T2"]),
        ),
        min_size=2,
        max_size=9,
    ),
    n=st.integers(1, 4),
    n_trained=st.integers(0, 4),
    n_protection=st.integers(0, 2),
)  # fmt: skip
def test_none_of_the_shifts_and_rules_named_can_be_left_away(
    asked: set[tuple[int, int, int, str]], n: int, n_trained: int, n_protection: int
):
    wanted = [demand(*shift) for shift in sorted(asked)]
    problem = Problem.of(wanted, people(n, n_trained, n_protection), (), (WEEK,), RosterSettings())
    assume(_impossible(problem, set(problem.own), tuple(RULES), 1))

    found = find_conflict(problem, problem.own, 1)

    assert _impossible(problem, set(found.shifts), found.rules, 1)
    for rule in found.rules:
        fewer = tuple(r for r in found.rules if r != rule)
        assert not _impossible(problem, set(found.shifts), fewer, 1)


def test_a_conflict_of_one_shift_is_named_before_one_of_many():
    wanted = [demand(day, 9, 8, "T1") for day in range(7)] + [demand(3, 9, 9, "T2")]
    problem = Problem.of(wanted, people(4, 4, 2), (), (WEEK,), RosterSettings())

    found = find_conflict(problem, problem.own, 1)

    assert [problem.demand[s].shift.id for s in found.shifts] == ["T2-3-9"]
    assert found.rules == ("team_size", "daily_hours")


def test_shifts_that_are_impossible_for_the_same_rules_are_named_together():
    wanted = [demand(day, 9, 8, "T1") for day in range(3)]
    away = tuple(
        Absence(worker=one.id, first=WEEK.days[0], last=WEEK.days[1]) for one in people(4, 4, 2)
    )
    problem = Problem.of(wanted, people(4, 4, 2), away, (WEEK,), RosterSettings())

    found = find_conflict(problem, problem.own, 1)

    assert [problem.demand[s].shift.id for s in found.shifts] == ["T1-0-9", "T1-1-9"]
    assert found.rules == ("team_size", "absences")


def test_shifts_that_are_impossible_for_different_rules_are_mended_one_after_the_other():
    wanted = [demand(0, 9, 9, "T1"), demand(1, 9, 8, "T1")]
    away = tuple(
        Absence(worker=one.id, first=WEEK.days[1], last=WEEK.days[1]) for one in people(4, 4, 2)
    )
    problem = Problem.of(wanted, people(4, 4, 2), away, (WEEK,), RosterSettings())

    found = find_conflict(problem, problem.own, 1)

    assert [problem.demand[s].shift.id for s in found.shifts] == ["T1-0-9"]
    assert found.rules == ("team_size", "daily_hours")


def test_a_sentence_calls_the_team_by_its_name():
    wanted = replace(demand(0, 9, 9, "AL0301-t-3f2a"), team_name="Ekipi 1")
    problem = Problem.of([wanted], people(4, 4, 2), (), (WEEK,), RosterSettings())

    sentence = find_conflict(problem, problem.own, 1).message("impossible", problem)

    assert sentence.params["shifts"] == "Ekipi 1 06.07.2026 09:00\N{EN DASH}18:00"


def test_a_sentence_names_a_few_shifts_and_says_that_there_are_more():
    wanted = [demand(day, 9, 9, "T1") for day in range(7)]
    problem = Problem.of(wanted, people(4, 4, 2), (), (WEEK,), RosterSettings())

    sentence = find_conflict(problem, problem.own, 1).message("impossible", problem)

    assert str(sentence.params["shifts"]).count("T1 ") == 4
    assert str(sentence.params["shifts"]).endswith("; …")


@pytest.mark.parametrize("n_rules", range(len(RULES) + 1))
@pytest.mark.parametrize("kind", ["impossible", "dropped"])
def test_every_number_of_rules_has_a_sentence_in_both_languages(kind: str, n_rules: int):
    problem = Problem.of([demand(0, 9, 8, "T1")], (), (), (WEEK,), RosterSettings())
    conflict = Conflict(shifts=(0,), rules=tuple(RULES)[:n_rules])

    for language in LANGUAGES:
        assert "T1 06.07.2026" in Words(language).message(conflict.message(kind, problem))


def test_a_search_without_any_effort_says_that_it_found_nothing():
    wanted = [demand(day, 9, 8, team) for day in range(5) for team in ("T1", "T2")]

    with pytest.raises(RosterError) as caught:
        make_roster(
            wanted, people(8, 8, 3), (), (WEEK,), settings=RosterSettings(safety_stop_s=0.0), seed=1
        )

    assert caught.value.message.id == "roster.not_found"


def test_a_short_search_says_that_it_did_not_prove_the_best():
    lengths = {"T1": 5, "T2": 7, "T3": 8}
    wanted = [demand(day, 9, hours, team) for day in range(6) for team, hours in lengths.items()]
    uneven = tuple(
        replace(who, weekly_hours=25.0 + 1.5 * n) for n, who in enumerate(people(9, 9, 3))
    )
    limits = RosterSettings(effort=0.1)

    first, again = (
        make_roster(wanted, uneven, (), (WEEK,), settings=limits, seed=1) for _ in range(2)
    )

    assert first == again
    assert not first.proven_optimal
    assert "roster.note.not_proven" in [note.id for note in first.notes]
