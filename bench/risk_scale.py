"""What risk, places at risk and groups cost from a municipality's thousand cases to a million.

``python -m bench.risk_scale [--cases 1000 100000 1000000] [--seed 1]``

Simulated points. A thousand lie in one municipality; larger numbers over the
country. Each size runs in a process of its own, so that its peak of memory is
its own. Risk and hotspots read a visit for each case; groups are found on the
child-place-weeks, as `geo.clusters` finds them. `join_s`, beside the total, is what it
costs to find the places of cases that name none.

Between each size and the next `growth` says the exponent of the cost (the slope of
its logarithm over that of the number of cases) by step, the exponent of n log n there,
and how the total grew against n log n: at most 1 where it grows no faster.
"""

from __future__ import annotations

import argparse
import json
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from math import log
from typing import Any, Final, TypeVar

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from data import frames, reference
from data.nouns import TIRANE, Area
from geo.clusters import find_clusters
from geo.hotspots import find_hotspots
from geo.places import join_cases
from geo.risk import risk_surface

__all__ = ["growth", "invented", "main", "measured"]

#: Up to so many cases lie in one municipality.
MUNICIPAL: Final = 1000
CASES_A_PLACE: Final = 10
_MUNICIPALITY: Final = "AL1105"
_AS_OF: Final = datetime(2026, 7, 1, tzinfo=TIRANE)
_DAYS: Final = 730
_STEPS: Final = ("total_s", "risk_s", "hotspots_s", "clusters_s", "join_s")

Made = TypeVar("Made")


def invented(
    n_cases: int, area: Area, seed: int
) -> tuple[GeoDataFrame, pd.DataFrame, GeoDataFrame]:
    """Return invented cases, a visit for each, and the places of both, some busier than others."""
    rng = np.random.default_rng(seed)
    n_places = max(n_cases // CASES_A_PLACE, 1)
    spots = _spots(n_places, area, rng)
    ids = np.array([f"p{n:07d}" for n in range(n_places)], dtype=object)
    places = GeoDataFrame(
        {
            "place_id": ids,
            "name": "",
            "kind": "market",
            "municipality": _MUNICIPALITY,
            "unit": "",
            "awake_from": 1,
            "awake_to": 12,
            "synthetic": True,
        },
        geometry=shapely.points(spots),
        crs="EPSG:4326",
    )
    busy = rng.gamma(0.7, size=n_places)
    of = rng.choice(n_places, size=n_cases, p=busy / busy.sum())
    at = _moments(n_cases, rng)
    cases = GeoDataFrame(
        {
            "case_code": [f"c{n:07d}" for n in range(n_cases)],
            "place_id": ids[of],
            "municipality_found": _MUNICIPALITY,
            "municipality_home": _MUNICIPALITY,
            "identified_at": at,
            "identified_until": pd.Series(pd.to_datetime([None] * n_cases, utc=True)).dt.tz_convert(
                TIRANE
            ),
            "hour_known": rng.random(n_cases) < 0.8,  # noqa: PLR2004 - the rest know their day only
            "sector": "street",
            "risk_degree": "moderate",
            "engagement": "ongoing",
            "age_band": "6-11",
            "schooling": "attends",
            "source": "patrol",
            "referred_at": pd.Series(pd.to_datetime([None] * n_cases, utc=True)).dt.tz_convert(
                TIRANE
            ),
            "synthetic": True,
        },
        geometry=shapely.points(spots[of] + rng.normal(0, 3e-4, size=(n_cases, 2))),
        crs="EPSG:4326",
    )
    began = _moments(n_cases, rng)
    visits = pd.DataFrame(
        {
            "place_id": ids[rng.integers(0, n_places, size=n_cases)],
            "started_at": began,
            "ended_at": began + pd.Timedelta(hours=1),
            "outcome": "nobody",
        }
    )
    return frames.CASES.check(cases), visits, frames.PLACES.check(places)


def _moments(n: int, rng: np.random.Generator) -> pd.Series:
    first = _AS_OF - timedelta(days=_DAYS)
    minutes = rng.integers(0, _DAYS * 1440, size=n)
    return pd.Series(pd.Timestamp(first) + pd.to_timedelta(minutes, unit="min"))


def _spots(n: int, area: Area, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return points in an area, shape (n, 2)."""
    west, south, east, north = area.boundary.bounds
    shapely.prepare(area.boundary)
    kept = np.empty((0, 2))
    while len(kept) < n:
        tried = rng.uniform([west, south], [east, north], size=(2 * n, 2))
        kept = np.vstack([kept, tried[shapely.contains_xy(area.boundary, tried)]])
    return kept[:n]


def measured(n_cases: int, seed: int) -> Iterator[dict[str, float | int | str]]:
    """Yield seconds and the process's peak of memory at one size, more of them after each step."""
    if n_cases <= MUNICIPAL:
        area = reference.area_of(_MUNICIPALITY)
    else:
        area = Area(id="AL", name="", boundary=reference.country_outline().geometry.iloc[0])
    cases, visits, places = invented(n_cases, area, seed)
    found: dict[str, float | int | str] = {
        "cases": n_cases,
        "places": len(places),
        "over": "municipality" if n_cases <= MUNICIPAL else "country",
        "inputs_mb": _peak_mb(),
    }
    yield found
    surface, risk_s = _timed(lambda: risk_surface(cases, visits, places, area, as_of=_AS_OF))
    yield (found := {**found, "risk_s": risk_s, "peak_mb": _peak_mb()})
    hotspots, hotspots_s = _timed(lambda: find_hotspots(surface, places, cases, visits))
    found |= {"hotspots": len(hotspots), "hotspots_s": hotspots_s, "peak_mb": _peak_mb()}
    yield found
    groups, clusters_s = _timed(lambda: find_clusters(cases, area))
    found |= {"clusters": len(groups.frame), "clusters_s": clusters_s, "peak_mb": _peak_mb()}
    yield (found := {**found, "total_s": round(risk_s + hotspots_s + clusters_s, 3)})
    nameless = cases.assign(place_id="")
    _, join_s = _timed(lambda: join_cases(nameless, places.iloc[:0], area))
    yield {**found, "join_s": join_s}


def growth(sizes: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return how the cost grows from each size that was measured to its end to the next."""
    whole = sorted((size for size in sizes if "total_s" in size), key=lambda size: size["cases"])
    return [_grown(one, other) for one, other in pairwise(whole) if one["cases"] < other["cases"]]


def _grown(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    n, more = one["cases"], other["cases"]
    n_log_n = more * log(more) / (n * log(n))
    steps = [step for step in _STEPS if one.get(step) and other.get(step)]
    return {
        "from": n,
        "to": more,
        "exponents": {
            step: round(log(other[step] / one[step]) / log(more / n), 3) for step in steps
        },
        "n_log_n_exponent": round(log(n_log_n) / log(more / n), 3),
        "total_against_n_log_n": round(other["total_s"] / one["total_s"] / n_log_n, 3),
    }


def _timed(work: Callable[[], Made]) -> tuple[Made, float]:
    """Return what was made and its processor seconds: other work on the machine is not its own."""
    began = time.process_time()
    made = work()
    return made, round(time.process_time() - began, 3)


def _peak_mb() -> int:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure every size in a process of its own and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, nargs="+", default=[1000, 10_000, 100_000, 1_000_000])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit-s", type=int, default=900, help="processor seconds for a size")
    parser.add_argument("--here", action="store_true", help="in this process: one size only")
    options = parser.parse_args(arguments)
    if options.here:
        resource.setrlimit(resource.RLIMIT_CPU, (options.limit_s, options.limit_s + 5))
        for found in measured(options.cases[0], options.seed):
            print(json.dumps(found), flush=True)
        return
    sizes = [_apart(n, options.seed, options.limit_s) for n in options.cases]
    print(json.dumps({"seconds": "processor", "sizes": sizes, "growth": growth(sizes)}))


def _apart(n_cases: int, seed: int, limit_s: int) -> dict[str, object]:
    """Return one size measured in a process of its own, as far as it came."""
    command = [sys.executable, "-m", "bench.risk_scale", "--here", "--limit-s", str(limit_s)]
    command += ["--cases", str(n_cases), "--seed", str(seed)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own module
    lines = done.stdout.splitlines()
    found: dict[str, object] = json.loads(lines[-1]) if lines else {"cases": n_cases}
    if done.returncode == -signal.SIGXCPU:
        return {**found, "gave_up_after_s": limit_s}
    return {**found, "exit_code": done.returncode} if done.returncode else found


if __name__ == "__main__":
    main()
