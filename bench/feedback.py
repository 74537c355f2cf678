"""Does the plan chase its own tail: a year of planning on risk against planning on raw counts.

``python -m bench.feedback [--seeds 30] [--weeks 52] [--chart docs/feedback.png]``

Simulated throughout. A city of 100 places, where the first data come from patrols that kept to a
fifth of them; a team makes 40 visits of half an hour a week, and whom it meets is all that is
learned. Ours is the plan's own way: the rates of `geo.risk`, the prizes of `patrol.stops` and the
draw of `patrol.exploration`, from the highest down. The other takes the places with most children
found so far. Streets and rosters are left out, for both alike.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from datetime import time as clock
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from bench.feedback_chart import draw
from data.nouns import TIRANE, Area, Week
from data.vocabulary import Source
from geo.hotspots import HotspotSettings
from geo.risk import risk_surface
from patrol.exploration import Draft, explored_places, lifted
from patrol.history import place_history
from patrol.routes import RouteSettings
from patrol.stops import StopSettings, visit_worth

__all__ = ["Setup", "Year", "chosen", "main", "simulate", "summary", "true_rates"]

N_PLACES: Final = 100
VISITS_A_WEEK: Final = 40
VISIT_H: Final = 0.5
#: Share of a place's deserved visits by which it may miss them.
TOLERANCE: Final = 0.2
#: The last quarter of a year: what shares end at.
ENDING_WEEKS: Final = 13
CITIES: Final = ("equal", "unequal")
PLANNERS: Final = ("ours", "raw_counts")
#: Hours of the first data at the places that the patrols kept to.
_KEPT_TO_H: Final = 10.0
_FIRST: Final = Week.parse("2026-W01")
_SETTINGS: Final = StopSettings(service_min=60 * VISIT_H, hotspot_service_min=60 * VISIT_H)

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Year:
    """What happened under one planner and seed.

    Parameters
    ----------
    visits, found
        By week and place.
    kept_to
        The places where the first data come from.
    """

    visits: Ints
    found: Ints
    kept_to: NDArray[np.bool_]

    @property
    def longest_unlooked(self) -> int:
        """Return the most whole weeks in a row in which some place had no visit."""
        waited, longest = np.zeros(self.visits.shape[1], dtype=np.int64), 0
        for week in self.visits:
            waited = np.where(week > 0, 0, waited + 1)
            longest = max(longest, int(waited.max()))
        return longest


@dataclass(slots=True, kw_only=True, eq=False)
class _Diary:
    """What the planner may know: who was where when, and how many children they met."""

    place: list[int] = field(default_factory=list)
    start: list[datetime] = field(default_factory=list)
    n_found: list[int] = field(default_factory=list)

    def note(self, place: int, start: datetime, n_found: int) -> None:
        """Add a visit."""
        self.place.append(place)
        self.start.append(start.replace(tzinfo=None))
        self.n_found.append(n_found)

    def counts(self) -> Floats:
        """Return the children met at each place so far."""
        found = np.bincount(self.place, weights=self.n_found, minlength=N_PLACES)
        return found.astype(np.float64)

    def frames(self) -> tuple[pd.DataFrame, GeoDataFrame]:
        """Return visits, and a case for each child met."""
        ids = _PLACES["place_id"].to_numpy(dtype=object)[self.place]
        start = pd.Series(np.array(self.start, dtype="datetime64[us]")).dt.tz_localize(TIRANE)
        visits = pd.DataFrame(
            {
                "place_id": ids,
                "started_at": start,
                "ended_at": start + pd.Timedelta(hours=VISIT_H),
            }
        )
        cases = GeoDataFrame(
            {
                "place_id": np.repeat(ids, self.n_found),
                "identified_at": start.repeat(self.n_found).reset_index(drop=True),
                "identified_until": pd.NaT,
                "hour_known": True,
                "source": Source.PATROL,
            }
        )
        return visits, cases


def true_rates(city: str, finds_per_visit: float) -> Floats:
    """Return the children an hour at each place, the lowest first; the highest has four times it.

    All are equal in the equal city.
    """
    spread = np.ones(N_PLACES) if city == "equal" else np.geomspace(1.0, 4.0, N_PLACES)
    return finds_per_visit / VISIT_H * spread / spread.mean()


def chosen(prizes: Floats, most_visits: int | Ints) -> Ints:
    """Return the visits of a week by place: the highest prizes, another visit being worth less."""
    numbers = np.arange(np.max(most_visits))[:, np.newaxis]
    worth = np.where(numbers < most_visits, RouteSettings().repeat_factor ** numbers * prizes, -1.0)
    taken = np.argsort(-worth.ravel(), kind="stable")[:VISITS_A_WEEK]
    return np.bincount(taken % N_PLACES, minlength=N_PLACES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What is simulated, but for the seed.

    Parameters
    ----------
    finds_per_visit
        Children met in half an hour at the mean place.
    most_visits
        To a place in a week, for both planners.
    """

    city: str
    planner: str
    weeks: int = 52
    finds_per_visit: float = 0.3
    most_visits: int = 2


def simulate(setup: Setup, seed: int) -> Year:
    """Return a simulated year; the first data are the same for both planners."""
    weeks = setup.weeks
    rng = np.random.default_rng([seed, CITIES.index(setup.city)])
    rates = true_rates(setup.city, setup.finds_per_visit)
    kept_to = np.zeros(N_PLACES, dtype=bool)
    kept_to[rng.permutation(N_PLACES)[: N_PLACES // 5]] = True
    diary = _first_data(rates, kept_to, rng)
    plan = _PLANNERS[setup.planner]
    visits = np.zeros((weeks, N_PLACES), dtype=np.int64)
    found = np.zeros((weeks, N_PLACES), dtype=np.int64)
    for number in range(weeks):
        week = Week.of(_FIRST.monday + timedelta(weeks=number))
        visits[number] = chosen(*plan(diary, week, setup.most_visits, rng))
        for place in np.flatnonzero(visits[number]):
            for again in range(visits[number, place]):
                # Two days' rest between visits, at one of the hours when teams are out.
                day = (int(place) + 3 * again) % 7
                at = _moment(week, day, (9, 14, 18)[(number + again) % 3])
                met = int(rng.poisson(rates[place] * VISIT_H))
                diary.note(int(place), at, met)
                found[number, place] += met
    return Year(visits=visits, found=found, kept_to=kept_to)


def _first_data(rates: Floats, kept_to: NDArray[np.bool_], rng: np.random.Generator) -> _Diary:
    """Return the diary of patrols that kept to a fifth of the places, and hardly saw the rest."""
    diary = _Diary()
    glimpsed = rng.integers(0, 2, size=N_PLACES)
    for place in range(N_PLACES):
        hours = _KEPT_TO_H if kept_to[place] else VISIT_H * glimpsed[place]
        for n in range(round(hours / VISIT_H)):
            at = _moment(Week.of(_FIRST.monday - timedelta(weeks=1 + n % 4)), n % 7, 14)
            diary.note(place, at, int(rng.poisson(rates[place] * VISIT_H)))
    return diary


def _moment(week: Week, day: int, hour: int) -> datetime:
    return datetime.combine(week.days[day], clock(hour), TIRANE)


def _ours(
    diary: _Diary, week: Week, most_visits: int, rng: np.random.Generator
) -> tuple[Floats, Ints]:
    as_of = datetime.combine(week.monday, clock(), TIRANE)
    visits, cases = diary.frames()
    surface = risk_surface(cases, visits, _PLACES, _AREA, as_of=as_of).overall
    history = place_history(_PLACES["place_id"], visits, as_of)
    risky = _risky(surface, cases, as_of)
    rate = surface["expected_per_hour"].to_numpy()
    interval = np.where(risky, _SETTINGS.hotspot_interval_days, _SETTINGS.interval_days)
    overdue = history["days_since"].fillna(0.0).to_numpy() - interval
    overdue = np.where(history["days_since"].notna(), overdue, 0.0)
    prizes = visit_worth(rate, VISIT_H, overdue=overdue / interval)
    # What has to be visited comes before what is worth most.
    must = np.where(risky & (overdue > _SETTINGS.must_overdue_days), 1e6, 0.0)
    draft = Draft(
        minutes=60 * VISIT_H * VISITS_A_WEEK,
        visits=dict(zip(history.index, chosen(prizes + must, most_visits), strict=True)),
    )
    explored = explored_places(
        history[~risky],
        draft,
        _SETTINGS.exploration_share * draft.minutes / _SETTINGS.service_min,
        interval_days=_SETTINGS.interval_days,
        rng=rng,
    )
    most = np.array([explored.get(place, most_visits) for place in history.index])
    return lifted(prizes, history.index.isin(list(explored))) + must, most


def _risky(surface: pd.DataFrame, cases: GeoDataFrame, as_of: datetime) -> NDArray[np.bool_]:
    """Return which places `geo.hotspots.find_hotspots` calls at risk, without their hours."""
    settings = HotspotSettings()
    last = cases.groupby("place_id")["identified_at"].max().reindex(surface["place_id"])
    live = (pd.Timestamp(as_of) - last) <= pd.Timedelta(days=settings.lives_days)
    standing = (surface["p_above_median"] >= settings.min_p) & surface["known"]
    enough = surface["n_cases"] >= settings.min_cases
    found: NDArray[np.bool_] = (standing & enough).to_numpy() & live.to_numpy()
    return found


def _raw_counts(
    diary: _Diary, _: Week, most_visits: int, rng: np.random.Generator
) -> tuple[Floats, int]:
    # Places with equal counts come in an order drawn anew each week.
    return diary.counts() + 1e-6 * rng.random(N_PLACES), most_visits


_Planner = Callable[[_Diary, Week, int, np.random.Generator], tuple[Floats, Ints | int]]
_PLANNERS: Final[Mapping[str, _Planner]] = {
    "ours": _ours,
    "raw_counts": _raw_counts,
}


def _grid() -> GeoDataFrame:
    """Return the places a kilometre apart, shuffled so that neighbours have nothing in common."""
    order = np.random.default_rng(0).permutation(N_PLACES)
    points = shapely.points(19.8 + 0.012 * (order % 10), 41.3 + 0.009 * (order // 10))
    return GeoDataFrame(
        {
            "place_id": [f"p{n:03d}" for n in range(N_PLACES)],
            "name": "",
            "kind": "square",
            "municipality": "AL1105",
            "unit": "",
            "awake_from": 1,
            "awake_to": 12,
            "synthetic": True,
        },
        geometry=points,
        crs="EPSG:4326",
    )


_PLACES: Final = _grid()
_AREA: Final = Area(id="simulated", name="simulated", boundary=shapely.box(19.7, 41.2, 20.0, 41.5))


def summary(years: Sequence[Year], rates: Floats) -> dict[str, object]:
    """Return what the years of one city and planner have in common.

    Where all rates are equal, fifths are by the first data: the last one is the
    places that the patrols kept to, which a plan that chases its tail never leaves.
    """
    equal = bool(np.ptp(rates) == 0)
    deserved = rates.reshape(5, -1).sum(axis=1) / rates.sum()
    whole: list[Floats] = []
    ending: list[Floats] = []
    for year in years:
        order = np.argsort(year.kept_to, kind="stable") if equal else np.arange(N_PLACES)
        by_week = year.visits[:, order].reshape(len(year.visits), 5, -1).sum(axis=2)
        for kept, part in ((whole, by_week), (ending, by_week[-ENDING_WEEKS:])):
            kept.append(part.sum(axis=0) / part.sum())
    shares, last = np.mean(whole, axis=0), np.mean(ending, axis=0)
    found = np.array([year.found.sum() for year in years])
    unlooked = np.array([year.longest_unlooked for year in years])
    return {
        "fifths_by": "first_data" if equal else "true_rate",
        "deserved": _rounded(deserved),
        "share": _rounded(shares),
        "share_ending": _rounded(last),
        "share_to_deserved": _rounded(shares / deserved),
        "ending_to_deserved": _rounded(last / deserved),
        "within_20_percent": _fair(shares / deserved),
        "ending_within_20_percent": _fair(last / deserved),
        "longest_unlooked_weeks": int(unlooked.max()),
        "longest_unlooked_weeks_mean": round(float(unlooked.mean()), 2),
        "never_visited_mean": round(
            float(np.mean([(year.visits.sum(axis=0) == 0).sum() for year in years])), 1
        ),
        "found": round(float(found.mean()), 1),
        "found_se": _standard_error(found),
    }


def _fair(ratios: Floats) -> bool:
    return bool((np.abs(ratios - 1.0) <= TOLERANCE).all())


def _rounded(values: Floats) -> list[float]:
    return [round(float(v), 4) for v in values]


def _found_more(ours: Sequence[Year], raw: Sequence[Year]) -> dict[str, float]:
    """Return how many children more ours found than the other in the same city, by the year."""
    more = np.array([a.found.sum() - b.found.sum() for a, b in zip(ours, raw, strict=True)])
    return {
        "mean": round(float(more.mean()), 1),
        "se": _standard_error(more),
        "years": int((more > 0).sum()),
    }


def _standard_error(values: Ints) -> float:
    return round(float(values.std(ddof=1) / len(values) ** 0.5), 1) if len(values) > 1 else 0.0


def main(arguments: Sequence[str] | None = None) -> None:
    """Simulate and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=30)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--weeks", type=int, default=52)
    parser.add_argument("--finds-per-visit", type=float, default=0.3)
    parser.add_argument("--chart", type=Path)
    parser.add_argument("--most-visits", type=int, default=2)
    parser.add_argument("--workers", type=int, default=1, help="processes; the result is the same")
    options = parser.parse_args(arguments)
    began = time.perf_counter()
    setups = [
        Setup(
            city=city,
            planner=planner,
            weeks=options.weeks,
            finds_per_visit=options.finds_per_visit,
            most_visits=options.most_visits,
        )
        for city in CITIES
        for planner in PLANNERS
    ]
    seeds = range(options.first_seed, options.first_seed + options.seeds)
    todo = [(setup, seed) for setup in setups for seed in seeds]
    if options.workers > 1:
        with ProcessPoolExecutor(options.workers) as pool:
            years = list(pool.map(simulate, *zip(*todo, strict=True)))
    else:
        years = [simulate(setup, seed) for setup, seed in todo]
    own = {
        (setup.city, setup.planner): years[n * options.seeds : (n + 1) * options.seeds]
        for n, setup in enumerate(setups)
    }
    cities: dict[str, dict[str, dict[str, object]]] = {city: {} for city in CITIES}
    for (city, planner), simulated in own.items():
        rates = true_rates(city, options.finds_per_visit)
        cities[city][planner] = summary(simulated, rates)
    if options.chart is not None:
        note = f"Simulated data: {options.seeds} cities of {N_PLACES} places, {options.weeks} weeks"
        draw(options.chart, cities, note)
    result = {
        "simulated": True,
        "seeds": options.seeds,
        "first_seed": options.first_seed,
        "weeks": options.weeks,
        "finds_per_visit": options.finds_per_visit,
        "most_visits": options.most_visits,
        "cities": cities,
        "ours_found_more": {c: _found_more(*(own[c, p] for p in PLANNERS)) for c in CITIES},
        "seconds": round(time.perf_counter() - began, 1),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
