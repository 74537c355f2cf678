"""A roster is searched from below with its proof, and piece by piece where that does not end."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.roster_month import month
from patrol.roster_problem import Problem
from patrol.roster_search import Search, search
from patrol.roster_solve import ruled
from patrol.roster_wishes import wished_shifts, wishes

#: What the wishes cost in the best roster of a month, which was proven.
BEST = {1: 2_507_140, 2: 2_350_000, 3: 2_370_280, 6: 2_265_640}


def searched(problem: Problem, *, effort: float, seed: int) -> Search:
    settings = replace(problem.settings, effort=effort)
    draft = ruled(replace(problem, settings=settings), may_drop=False)
    draft.model.minimize(wishes(draft))
    return search(draft, seed)


def test_the_month_has_eight_people_28_days_three_teams_and_sixty_wishes() -> None:
    problem = month(1)

    assert len(problem.workers) == 8
    assert sum(len(week.days) for week in problem.weeks) == 28
    assert len({problem.demand[s].shift.team for s in problem.rounds}) == 3
    assert len({(wish.worker, wish.day) for wish in problem.wishes}) == 60
    assert all(wished_shifts(problem, wish) for wish in problem.wishes)


@pytest.mark.parametrize("seed", BEST)
def test_a_month_is_proven_best_within_the_usual_effort(seed: int) -> None:
    problem = month(seed)

    found = searched(problem, effort=problem.settings.effort, seed=seed)

    assert found.proven
    assert found.points == BEST[seed]


@pytest.mark.parametrize("seed", [2, 6])
def test_with_little_effort_the_pieces_bring_a_month_within_eight_percent_of_the_best(
    seed: int,
) -> None:
    problem = month(seed)

    first, again = (searched(problem, effort=0.2, seed=seed) for _ in range(2))

    assert first == again
    assert not first.proven
    assert first.bound <= BEST[seed] <= first.points
    assert first.points <= 1.08 * BEST[seed]  # the first rosters are 18 and 15 % above
