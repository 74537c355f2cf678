"""Would an earlier map have found the later cases: a rolling backtest against simpler maps.

Before each month (or quarter, when cases are few) every method draws its map
from what was known by then, and is judged on the cases that came next. Simpler
maps are judged beside ours, and the best of them is chosen with hindsight: when
counting wins, counting is what is reported.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from itertools import pairwise

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from data.crs import to_lonlat, to_metres
from data.messages import Message
from data.nouns import TIRANE, Area
from geo.density import estimate_density, kernel_density
from geo.grid import Grid, grid_over
from geo.judging import Comparison, Round, Score, judge
from geo.places import join_cases
from geo.risk import risk_surface

__all__ = [
    "Evaluation",
    "EvaluationSettings",
    "Ground",
    "Known",
    "evaluate_hotspots",
    "inhabited_ground",
    "period_starts",
]

#: How densely a town is built, for the circle that its people fill.
_PEOPLE_PER_KM2 = 4000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationSettings:
    """How maps are judged.

    Parameters
    ----------
    cell_m
        Side of a cell, metres.
    reach_m
        A cell this near to a settlement or a known place is inhabited.
    shares
        Of the area, that somebody could search.
    bandwidths_m
        Of the single kernels that ours is judged against.
    min_train
        Below this many cases before a round there is no map to judge.
    min_test
        Below this many cases in all rounds together there is too little to say.
    monthly_cases
        With fewer cases a month than this, rounds are quarters.
    draws
        Of the bootstrap over the test cases.
    seed
        Of those draws: an evaluation is the same when it is done again.
    """

    cell_m: float = 250.0
    reach_m: float = 1000.0
    shares: tuple[float, ...] = (0.01, 0.05, 0.10)
    bandwidths_m: tuple[float, ...] = (250.0, 500.0, 1000.0, 2000.0)
    min_train: int = 12
    min_test: int = 30
    monthly_cases: float = 10.0
    draws: int = 1000
    seed: int = 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Known:
    """CASES, VISITS and PLACES of one area; cases without a place are joined to one here."""

    cases: GeoDataFrame
    visits: pd.DataFrame
    places: GeoDataFrame
    area: Area


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ground:
    """The cells every method is judged on: those of a grid that are inhabited, shape (cells,)."""

    grid: Grid
    inside: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What a rolling backtest says.

    Parameters
    ----------
    period
        ``month`` or ``quarter``.
    n_cases
        Of the municipality with a point and a day.
    n_outside
        Test cases outside the study area: no method can find them, and all are charged for them.
    methods
        The scores of each at every share of the area.
    verdict
        That there is too little to say, and how much is missing; or `None`.
    """

    period: str
    n_rounds: int
    n_cells: int
    n_cases: int
    n_test: int
    n_outside: int
    methods: Mapping[str, tuple[Score, ...]] = field(default_factory=dict)
    comparisons: tuple[Comparison, ...] = ()
    verdict: Message | None = None


def inhabited_ground(
    settlements: GeoDataFrame, places: GeoDataFrame, area: Area, settings: EvaluationSettings
) -> Ground | None:
    """Return the inhabited cells of an area, or `None` where nothing is known to be there.

    Parameters
    ----------
    settlements
        With `population`: a town fills a circle around its point.
    places
        PLACES of the area.
    """
    people = settlements["population"].fillna(0.0).to_numpy(dtype=np.float64)
    radius_m = 1000.0 * np.sqrt(people / _PEOPLE_PER_KM2 / np.pi)
    reach_m = np.concatenate(
        [np.maximum(radius_m, settings.reach_m), np.full(len(places), settings.reach_m)]
    )
    points = [*settlements.geometry, *places.geometry]
    if not points:
        return None
    xy_m = to_metres(shapely.get_coordinates(points), area.metric_crs)
    grid = grid_over(xy_m, settings.cell_m, margin_m=float(reach_m.max()))
    centres = grid.centres()
    inside = np.zeros(len(centres), dtype=bool)
    for reach in np.unique(reach_m):
        gap, _ = cKDTree(xy_m[reach_m == reach]).query(centres, distance_upper_bound=reach)
        inside |= np.isfinite(gap)
    degrees = to_lonlat(centres, area.metric_crs)
    shapely.prepare(area.boundary)
    inside &= shapely.contains_xy(area.boundary, degrees[:, 0], degrees[:, 1])
    return Ground(grid=grid, inside=inside) if inside.any() else None


def evaluate_hotspots(
    known: Known, ground: Ground | None, *, settings: EvaluationSettings
) -> Evaluation:
    """Return how well maps of the past found what came next; cases without a point count nowhere.

    Parameters
    ----------
    ground
        Of `inhabited_ground`.
    """
    there = known.cases.geometry.notna() & ~known.cases.geometry.is_empty
    cases = known.cases[there].sort_values(["identified_at", "case_code"])
    starts, period = period_starts(cases, settings)
    rounds: list[Round] = []
    for start, end in pairwise(starts):
        past = cases[cases["identified_at"] < start]
        after = (cases["identified_at"] >= start) & (cases["identified_at"] < end)
        if ground is None or len(past) < settings.min_train or not after.any():
            continue
        scores = _scores(replace(known, cases=past), ground, start, settings)
        rounds.append(Round(scores=scores, cells=_inside(cases[after], known.area, ground)))
    found = Evaluation(
        period=period,
        n_rounds=len(rounds),
        n_cells=int(ground.inside.sum()) if ground is not None else 0,
        n_cases=len(cases),
        n_test=sum(len(one.cells) for one in rounds),
        n_outside=sum(int((one.cells < 0).sum()) for one in rounds),
    )
    if found.n_test < settings.min_test:
        missing = {"n": found.n_test, "needed": settings.min_test, "before": settings.min_train}
        return replace(found, verdict=Message("evaluation.too_few", missing))
    methods, comparisons = judge(
        rounds, found.n_cells, settings.shares, draws=settings.draws, seed=settings.seed
    )
    return replace(found, methods=methods, comparisons=comparisons)


def period_starts(
    cases: GeoDataFrame, settings: EvaluationSettings, *, until: datetime | None = None
) -> tuple[list[datetime], str]:
    """Return the first moments of the periods that hold the cases and of the one after them.

    With `until` they go on to the period that holds that moment: nothing came there.
    """
    if cases.empty:
        return [], "quarter"
    days = cases["identified_at"].dt.tz_convert(TIRANE).dt.date
    first, last = days.min(), days.max()
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    period = "month" if len(cases) / months >= settings.monthly_cases else "quarter"
    step = 1 if period == "month" else 3
    month = first.year * 12 + (first.month - 1) // step * step
    last = last if until is None else max(last, until.astimezone(TIRANE).date())
    marks = range(month, last.year * 12 + last.month - 1 + step + 1, step)
    return [datetime.combine(date(m // 12, m % 12 + 1, 1), time(), TIRANE) for m in marks], period


def _scores(
    past: Known, ground: Ground, until: datetime, settings: EvaluationSettings
) -> dict[str, NDArray[np.float64]]:
    points = shapely.get_coordinates(past.cases.geometry.to_numpy())
    xy_m = to_metres(points, past.area.metric_crs)
    cells = ground.grid.cells_of(xy_m)
    found = {
        "density": estimate_density(xy_m, ground.grid, inside=ground.inside).share,
        "risk": _risk_scores(past, ground, until),
        "count": np.bincount(cells[cells >= 0], minlength=len(ground.inside)).astype(np.float64),
    }
    for bandwidth in settings.bandwidths_m:
        found[f"kde_{bandwidth:g}"] = kernel_density(xy_m, ground.grid, bandwidth)
    return {name: score[ground.inside] for name, score in found.items() if score is not None}


def _risk_scores(past: Known, ground: Ground, until: datetime) -> NDArray[np.float64] | None:
    """Return the expected cases an hour in each cell, or `None` where no visit was before.

    Only places that somebody had looked at or found a case at by then have a say:
    that a place is known today may be due to the very cases that came next.
    """
    area = past.area
    looked = past.visits[past.visits["ended_at"] < until]
    if looked.empty:
        return None
    by_then = {*looked["place_id"], *past.cases["place_id"]}
    places = past.places[past.places["place_id"].isin(by_then)]
    cases, places = join_cases(past.cases, places, area)
    rates = risk_surface(cases, looked, places, area, as_of=until).overall
    # Where nobody looked a plan goes by what is expected there; so does its judge.
    rate = rates["expected_per_hour"].to_numpy(dtype=np.float64)
    spots = shapely.get_coordinates(places.geometry.to_numpy())
    cells = ground.grid.cells_of(to_metres(spots, area.metric_crs))
    total = np.zeros(len(ground.inside))
    np.add.at(total, cells[cells >= 0], rate[cells >= 0])
    return total


def _inside(cases: GeoDataFrame, area: Area, ground: Ground) -> NDArray[np.int64]:
    """Return the position of each case's cell among those of the study area; -1 outside."""
    xy_m = to_metres(shapely.get_coordinates(cases.geometry.to_numpy()), area.metric_crs)
    position = np.where(ground.inside, np.cumsum(ground.inside) - 1, -1)
    cells = ground.grid.cells_of(xy_m)
    return np.where(cells >= 0, position[cells], -1)
