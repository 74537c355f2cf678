"""The feedback bench plans as the house plans, and measures locking in where it is planted."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from bench.feedback import (
    CITIES,
    N_PLACES,
    VISITS_A_WEEK,
    Setup,
    Year,
    chosen,
    main,
    simulate,
    summary,
    true_rates,
)


def year(visits: np.ndarray) -> Year:
    kept_to = np.arange(N_PLACES) < 20
    return Year(visits=visits, found=np.zeros_like(visits), kept_to=kept_to)


def test_the_highest_prizes_are_taken_and_a_second_visit_is_worth_less():
    prizes = np.zeros(N_PLACES)
    prizes[:50] = np.linspace(2.0, 1.0, 50)

    taken = chosen(prizes, 2)

    assert taken.sum() == VISITS_A_WEEK
    assert (taken[:40] == 1).all()
    prizes[0] = 10.0
    assert chosen(prizes, 2)[0] == 2


def test_no_place_has_more_visits_than_a_week_may_hold():
    prizes = np.zeros(N_PLACES)
    prizes[:3] = 1000.0

    taken = chosen(prizes, 3)

    assert taken[:3].tolist() == [3, 3, 3]


def test_the_longest_wait_is_counted_in_whole_weeks_without_a_visit():
    visits = np.ones((10, N_PLACES), dtype=np.int64)
    visits[2:7, 4] = 0

    assert year(visits).longest_unlooked == 5


def test_places_that_nobody_ever_visits_are_counted():
    visits = np.ones((10, N_PLACES), dtype=np.int64)
    visits[:, 7:10] = 0

    assert summary([year(visits)], true_rates("equal", 0.3))["never_visited_mean"] == 3


def test_visits_that_follow_the_rates_are_deserved_and_those_that_do_not_are_not():
    rates = true_rates("unequal", 0.3)
    fair = np.tile(np.round(1000 * rates / rates.sum()).astype(np.int64), (20, 1))

    assert summary([year(fair)], rates)["within_20_percent"]
    assert not summary([year(np.ones_like(fair))], rates)["within_20_percent"]


def test_in_the_equal_city_the_last_fifth_is_where_the_first_data_come_from():
    visits = np.zeros((20, N_PLACES), dtype=np.int64)
    visits[:, :20] = 2

    assert summary([year(visits)], true_rates("equal", 0.3))["share"] == [0, 0, 0, 0, 1]


@pytest.mark.parametrize("city", CITIES)
def test_raw_counts_lock_in_and_the_plan_of_the_house_does_not(city: str):
    raw, ours = (
        simulate(Setup(city=city, planner=planner, weeks=10), 3)
        for planner in ("raw_counts", "ours")
    )

    assert (raw.kept_to == ours.kept_to).all()
    assert raw.longest_unlooked == 10
    assert ours.longest_unlooked <= 8
    assert ours.visits.sum() == raw.visits.sum() == 10 * VISITS_A_WEEK


@pytest.mark.parametrize(("city", "seed"), [("equal", 0), ("unequal", 0), ("unequal", 1)])
def test_in_a_whole_year_no_place_is_unlooked_for_more_than_eight_weeks(city: str, seed: int):
    ours = simulate(Setup(city=city, planner="ours"), seed)

    assert ours.visits.shape == (52, N_PLACES)
    assert ours.longest_unlooked <= 8


def test_a_place_that_may_be_visited_once_is_not_visited_twice_whatever_it_is_worth():
    prizes = np.ones(N_PLACES)
    prizes[:2] = 1000.0
    most = np.full(N_PLACES, 2)
    most[0] = 1

    assert chosen(prizes, most)[:2].tolist() == [1, 2]


def test_the_same_seed_is_the_same_year():
    first, second = (simulate(Setup(city="unequal", planner="ours", weeks=3), 5) for _ in range(2))

    assert (first.visits == second.visits).all()
    assert (first.found == second.found).all()


def test_the_last_line_has_both_cities_and_both_planners_and_the_chart_is_drawn(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    chart = tmp_path / "feedback.png"

    main(["--seeds", "2", "--weeks", "2", "--chart", str(chart)])

    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert found["simulated"] is True
    assert {city: set(one) for city, one in found["cities"].items()} == {
        city: {"ours", "raw_counts"} for city in CITIES
    }
    assert set(found["ours_found_more"]) == set(CITIES)
    assert chart.read_bytes().startswith(b"\x89PNG")
