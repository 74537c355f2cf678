"""The backtest looks ahead only, says who wins on planted patterns, and when it is too early."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest
import shapely
from geopandas import GeoDataFrame

from data.crs import EDGE_CRS, METRIC_CRS, to_lonlat, to_metres
from data.nouns import TIRANE
from geo.evaluate import (
    Evaluation,
    EvaluationSettings,
    Known,
    evaluate_hotspots,
    inhabited_ground,
)
from tests.builders import CENTRE, cases, durres, places, visits

FIRST = datetime(2025, 1, 15, 12, tzinfo=TIRANE)
FEW = EvaluationSettings(draws=200)


def settlement(people: float) -> GeoDataFrame:
    return GeoDataFrame({"population": [people]}, geometry=[shapely.Point(CENTRE)], crs=EDGE_CRS)


def evaluated(
    xy_m: np.ndarray,
    *,
    days: float | np.ndarray = 10.0,
    people: float = 20_000,
    met: pd.DataFrame | None = None,
    settings: EvaluationSettings = FEW,
) -> Evaluation:
    """Return what is said of cases at points around the middle, so many days apart or after."""
    middle = to_metres(np.array([CENTRE]), METRIC_CRS)
    after = days * np.arange(len(xy_m)) if isinstance(days, float | int) else days
    when = [FIRST + timedelta(days=float(day)) for day in after]
    found = cases([""] * len(xy_m), when=when)
    points = shapely.points(to_lonlat(xy_m + middle, METRIC_CRS))
    known = Known(
        cases=found.set_geometry(points, crs=EDGE_CRS),
        visits=visits([]) if met is None else met,
        places=places(3),
        area=durres(),
    )
    ground = inhabited_ground(settlement(people), places(3), durres(), settings)
    return evaluate_hotspots(known, ground, settings=settings)


def corners(n: int) -> np.ndarray:
    """Return cases that repeat at four corners, each in a cell of its own."""
    rng = np.random.default_rng(2)
    spots = np.array([[-700.0, 300.0], [-100.0, 900.0], [600.0, -100.0], [900.0, 700.0]])
    return spots[rng.integers(0, 4, size=n)]


def round_a_market(n: int, seed: int = 3) -> np.ndarray:
    """Return cases scattered around one point, so that the same cell is seldom hit twice."""
    return np.random.default_rng(seed).normal([300.0, 500.0], 350.0, size=(n, 2))


def test_scattered_cases_are_found_by_smoothing_and_not_by_counting():
    found = evaluated(round_a_market(60))

    density, count = (found.methods[name][2] for name in ("density", "count"))
    assert density.hit_rate > count.hit_rate + 0.05
    assert density.pai > 1


def test_where_counting_knows_what_no_kernel_can_it_is_said_to_win():
    # A solid block with a case in each cell draws every kernel to itself; what comes next falls
    # on lone corners that had a case each as well, and to a count they are worth as much.
    step = 250.0 * np.arange(10)
    block = np.array([(400.0 + x, 400.0 + y) for x in step for y in step])
    lone = np.array([(3600.0 + 750 * x, -1900.0 + 750 * y) for x in range(2) for y in range(7)])
    hours = [2.0 * i for i in range(114)] + [24.0 * 17 + 8.0 * i for i in range(56)]

    found = evaluated(
        np.vstack([block, lone, np.repeat(lone, 4, axis=0)]), days=np.array(hours) / 24, people=4e5
    )

    assert (found.n_rounds, found.n_test, found.n_outside) == (1, 56, 0)
    tenth = found.comparisons[2]
    assert (tenth.simpler, tenth.verdict.id) == ("count", "evaluation.ours_worse")
    assert tenth.gain < -10


def test_too_few_cases_to_come_are_told_with_what_is_missing():
    found = evaluated(corners(30))

    assert found.verdict is not None
    assert found.verdict.id == "evaluation.too_few"
    assert found.verdict.params["needed"] == 30
    assert found.verdict.params["n"] == found.n_test < 30
    assert found.methods == {}
    assert found.comparisons == ()


def test_without_a_case_or_an_inhabited_cell_there_is_too_little_to_say():
    nothing = evaluated(np.empty((0, 2)))
    nowhere = evaluate_hotspots(
        Known(cases=cases([""] * 60), visits=visits([]), places=places(0), area=durres()),
        inhabited_ground(settlement(0).iloc[:0], places(0), durres(), FEW),
        settings=FEW,
    )

    for found in (nothing, nowhere):
        assert found.verdict is not None
        assert found.n_test == 0


@pytest.mark.parametrize(("days", "period"), [(2.0, "month"), (10.0, "quarter")])
def test_rounds_are_months_where_cases_are_many_and_quarters_where_they_are_few(
    days: float, period: str
):
    assert evaluated(corners(60), days=days).period == period


def test_no_round_knows_what_comes_after_it():
    early, late = corners(48), round_a_market(48, seed=9) + 200.0

    there = evaluated(np.vstack([early, late]), days=2)
    settings = EvaluationSettings(draws=200, min_test=1)
    first = evaluated(early, days=2, settings=settings)

    assert first.n_rounds < there.n_rounds
    moved = evaluated(np.vstack([early, late + 400.0]), days=2)
    assert moved.n_rounds == there.n_rounds
    same = evaluated(early, days=2, settings=settings)
    assert same == first


def test_hours_of_presence_are_judged_where_every_round_had_visits_before():
    ids = [f"p{i:03d}" for i in range(3)]
    before = visits(ids, hours=3.0, when=[FIRST - timedelta(days=20)] * 3)

    assert "risk" in evaluated(corners(60), met=before).methods
    assert "risk" not in evaluated(corners(60)).methods


def test_the_same_cases_are_judged_the_same_twice():
    assert evaluated(corners(60)) == evaluated(corners(60))


def test_a_town_is_inhabited_as_far_as_its_people_fill_it_and_never_beyond_the_boundary():
    small, large = (
        inhabited_ground(settlement(people), places(0), durres(), FEW) for people in (0, 200_000)
    )

    assert small is not None
    assert large is not None
    assert 30 < small.inside.sum() * 0.25**2 * 16 < 60
    assert large.inside.sum() > 3 * small.inside.sum()
    centres = to_lonlat(large.grid.centres()[large.inside], METRIC_CRS)
    assert shapely.contains_xy(durres().boundary, centres[:, 0], centres[:, 1]).all()
