"""How near risk comes to the truth: simulated municipalities whose rates are known.

``python -m bench.risk_truth [--seeds 20] [--scenario usual]``

Simulated throughout. Teams go to some places far more often than to others, at
the hours they keep; children are there at their own hours; some are found by the
teams and others reported. Ours (`geo.risk.risk_surface`) stands beside cases per
hour of presence, plain counts of cases, and one common prior for all places
(Gamma-Poisson, nothing else borrowed from). Nothing in the model is tuned on it.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray
from scipy import stats

from data.nouns import TIRANE, Area
from data.vocabulary import Source
from geo.pooling import pool
from geo.risk import risk_surface

__all__ = ["SCENARIOS", "Scenario", "Town", "judged", "main", "make_town"]

Floats = NDArray[np.float64]

_AS_OF: Final = datetime(2026, 7, 1, tzinfo=TIRANE)
_AREA: Final = Area(id="simulated", name="simulated", boundary=shapely.box(19.6, 41.1, 20.1, 41.6))
_WEEKS: Final = 26
_HOURS_A_WEEK: Final = 20.0
_VISIT_H: Final = 0.5
#: When teams are out, and how many children are about at each hour of the day.
_TEAM_HOURS: Final = (9, 10, 14, 15, 17, 18)
_ABOUT: Final = np.array(
    [2, 2, 2, 2, 2, 2, 2, 4, 5, 6, 7, 8, 8, 8, 10, 12, 16, 19, 20, 18, 14, 9, 5, 3], dtype=float
)
_KINDS: Final = ("market", "junction", "square", "shops", "settlement", "landfill")
_M_PER_DEG: Final = np.array([83_000.0, 111_000.0])
#: Share of the places that is looked at first.
_TENTH: Final = 0.1
_80: Final = (0.1, 0.9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A kind of municipality.

    Parameters
    ----------
    cases
        That are expected in half a year.
    reported
        Share of them that others report.
    spread
        Standard deviation of the logarithm of the rates.
    together
        Share of that spread that neighbours have in common.
    """

    places: int = 60
    cases: float = 60.0
    reported: float = 0.5
    spread: float = 1.0
    together: float = 0.7


SCENARIOS: Final[Mapping[str, Scenario]] = {
    "usual": Scenario(),
    "more_cases": Scenario(cases=300.0),
    "country": Scenario(places=300, cases=1000.0),
    "equal": Scenario(spread=0.0),
    "nothing_in_common": Scenario(places=100, spread=1.2, together=0.1),
    "hardly_any_reports": Scenario(reported=0.05),
    "mostly_reports": Scenario(cases=300.0, reported=0.9),
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Town:
    """A simulated municipality: what the program may know, and each place's true rate."""

    places: GeoDataFrame
    cases: GeoDataFrame
    visits: pd.DataFrame
    rate: Floats = field(repr=False)


def make_town(scenario: Scenario, seed: int) -> Town:
    """Return a simulated municipality; rates are of the hours that its teams keep."""
    rng = np.random.default_rng(seed)
    n = scenario.places
    lonlat = np.column_stack([rng.uniform(19.75, 19.9, n), rng.uniform(41.3, 41.4, n)])
    kinds = rng.choice(_KINDS, n)
    rate = _rates(rng, scenario, lonlat * _M_PER_DEG, kinds)
    # A sixth of the places nobody goes to, and some far more often than their rate deserves.
    drawn = rng.gamma(0.6, 1.0, n) * (rng.random(n) < 0.85)  # noqa: PLR2004 - share gone to
    times = rng.multinomial(round(_HOURS_A_WEEK * _WEEKS / _VISIT_H), drawn / drawn.sum())
    at = np.repeat(np.arange(n), times)
    hour = rng.choice(_TEAM_HOURS, len(at))
    when = _moments(rng.integers(0, 7 * _WEEKS - 1, len(at)), hour)
    usual = float((rate[at] * _ABOUT[hour]).sum() / rate[at].sum())
    met = rate[at] * _VISIT_H * _ABOUT[hour] / usual
    scale = (1.0 - scenario.reported) * scenario.cases / met.sum()
    found = rng.poisson(scale * met)
    told = rng.poisson(scenario.reported * scenario.cases * rate / rate.sum())
    reports = np.repeat(np.arange(n), told)
    told_hour = rng.choice(24, len(reports), p=_ABOUT / _ABOUT.sum())
    told_when = _moments(rng.integers(0, 7 * _WEEKS - 1, len(reports)), told_hour)
    ids = np.array([f"p{i:03d}" for i in range(n)], dtype=object)
    cases = GeoDataFrame(
        {
            "place_id": np.concatenate([np.repeat(ids[at], found), ids[reports]]),
            "identified_at": pd.concat([when.repeat(found), told_when], ignore_index=True),
            "identified_until": pd.NaT,
            "hour_known": True,
            "source": [Source.PATROL] * int(found.sum()) + [Source.POLICE] * len(reports),
        }
    )
    ended = when + pd.Timedelta(hours=_VISIT_H)
    visits = pd.DataFrame({"place_id": ids[at], "started_at": when, "ended_at": ended})
    frame = {"place_id": ids, "name": "", "kind": kinds, "municipality": "", "unit": ""}
    frame |= {"awake_from": 1, "awake_to": 12, "synthetic": True}
    places = GeoDataFrame(frame, geometry=shapely.points(lonlat), crs="EPSG:4326")
    return Town(places=places, cases=cases, visits=visits, rate=scale * rate)


def _rates(
    rng: np.random.Generator, scenario: Scenario, xy_m: Floats, kinds: NDArray[np.str_]
) -> Floats:
    """Return rates with a mean of one: partly of the neighbourhood, partly of kind and chance."""
    centres = xy_m[rng.integers(0, len(xy_m), 4)]
    gap_m = np.linalg.norm(xy_m[:, None] - centres[None, :], axis=2)
    smooth = np.exp(-0.5 * (gap_m / 1200.0) ** 2) @ rng.normal(0.0, 1.5, 4)
    smooth = (smooth - smooth.mean()) / max(float(smooth.std()), 1e-9)
    own = rng.normal(size=len(xy_m))
    mixed = np.sqrt(scenario.together) * smooth + np.sqrt(1.0 - scenario.together) * own
    of_kind = dict(zip(_KINDS, rng.normal(0.0, 0.35, len(_KINDS)), strict=True))
    kind = np.array([of_kind[str(k)] for k in kinds]) * (scenario.spread > 0)
    rate = np.exp(scenario.spread * mixed + kind)
    return np.asarray(rate / rate.mean())


def _moments(day: NDArray[np.int64], hour: NDArray[np.int64]) -> pd.Series:
    begun = pd.Timestamp(_AS_OF - timedelta(weeks=_WEEKS))
    # Wall time: a team's six o'clock is six o'clock in winter and in summer.
    naive = begun.tz_localize(None).normalize() + pd.to_timedelta(24 * day + hour, unit="h")
    return pd.Series(naive).dt.tz_localize(TIRANE, ambiguous=True, nonexistent="shift_forward")


def judged(town: Town) -> dict[str, dict[str, float]]:
    """Return how near each way comes to the truth at the places that somebody looked at.

    ``rank`` is Spearman's correlation with the true rates; ``found`` the true rate of
    the tenth of places put first, as a share of the best tenth's; ``held`` how often
    the 80 % interval holds the truth; ``level`` the mean rate over the true mean.
    """
    overall = risk_surface(town.cases, town.visits, town.places, _AREA, as_of=_AS_OF).overall
    seen = overall["known"].to_numpy()
    n, hours = (overall[name].to_numpy(dtype=np.float64)[seen] for name in ("n_cases", "hours"))
    truth = town.rate[seen]
    one = pool(n, hours, np.full((len(n), 1), max(n.sum(), 0.5) / hours.sum()))
    ours = {name: overall[name].to_numpy()[seen] for name in ("rate_per_hour", "low80", "high80")}
    ways = {
        "ours": (ours["rate_per_hour"], ours["low80"], ours["high80"]),
        "one_prior": (one.mean, *(one.quantile(q) for q in _80)),
        "cases_per_hour": (n / hours, None, None),
        "count": (n, None, None),
    }
    found = {name: _score(rate, low, high, truth) for name, (rate, low, high) in ways.items()}
    unseen = overall["expected_per_hour"].to_numpy()[~seen]
    if len(unseen) > 3 and np.ptp(town.rate[~seen]) > 0:  # noqa: PLR2004 - fewer have no ranks
        found["ours"]["rank_unseen"] = float(stats.spearmanr(unseen, town.rate[~seen])[0])
    return found


def _score(
    rate: Floats, low: Floats | None, high: Floats | None, truth: Floats
) -> dict[str, float]:
    first = np.argsort(-rate, kind="stable")[: max(round(_TENTH * len(rate)), 1)]
    score = {"found": float(truth[first].sum() / np.sort(truth)[::-1][: len(first)].sum())}
    if np.ptp(truth) > 1e-12 * truth.mean():
        score["rank"] = float(stats.spearmanr(rate, truth)[0])
    if low is not None and high is not None:
        score["held"] = float(((low <= truth) & (truth <= high)).mean())
        score["level"] = float(rate.mean() / truth.mean())
    return score


def main(arguments: Sequence[str] | None = None) -> None:
    """Simulate and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--scenario", choices=list(SCENARIOS), nargs="+", default=list(SCENARIOS))
    options = parser.parse_args(arguments)
    began = time.process_time()
    found = {}
    for name in options.scenario:
        years = [judged(make_town(SCENARIOS[name], seed)) for seed in range(options.seeds)]
        found[name] = {
            way: pd.DataFrame([year[way] for year in years]).mean().round(3).to_dict()
            for way in years[0]
        }
    seconds = round(time.process_time() - began, 1)
    print(json.dumps({"seeds": options.seeds, "scenarios": found, "processor_s": seconds}))


if __name__ == "__main__":
    main()
