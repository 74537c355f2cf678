"""Risk with effort as the denominator: expected cases per hour of presence.

Each place (and cell) borrows from its municipality as far as its own hours are
few: a Gamma prior fitted to the municipality's places, a Poisson count, and the
Gamma posterior's quantiles as intervals. Where nobody looked the rate is
unknown, never zero. Only place, time, effort and finds are read; the columns
are an allow-list, and a forbidden one is refused by name.

References
----------
Clayton and Kaldor (1987), Biometrics 43 (3): empirical Bayes estimates of rates.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray
from scipy import stats

from data.crs import EDGE_CRS, to_lonlat, to_metres
from data.errors import ContractError
from data.frames import RISK
from data.messages import Message
from data.nouns import TIRANE, Area
from geo.slots import PARTS, SLOT_IDS, presence_hours, slots_of

__all__ = ["FORBIDDEN", "RiskSettings", "RiskSurface", "refuse_forbidden", "risk_surface"]

#: What may never come near a score, and words that stand in for it.
FORBIDDEN = frozenset(
    {
        "ethnicity", "ethnic", "nationality", "language", "religion", "disability", "name_child",
        "family", "home_address", "address", "welfare", "minority", "roma", "egyptian", "tribe",
        "etnia", "kombesia", "gjuha", "feja", "aftesia_kufizuar",
        "age", "age_band", "sex", "gender", "sector", "mosha", "grupmosha", "gjinia", "sektori",
    }
)  # fmt: skip

#: Hours of the parts of a day, in the order of `SLOT_IDS`; spreads a case known to its day.
_PART_HOURS = np.array([(end - first) % 24 for first, end in PARTS.values()], dtype=np.float64)
_SATURDAY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskSettings:
    """How risk is computed.

    Parameters
    ----------
    cell_m
        Side of a cell, metres.
    min_cases
        Below this many cases with a place there is too little to say.
    inputs
        Columns of cases and visits that may be read; no other one is.
    """

    cell_m: float = 250.0
    min_cases: int = 12
    inputs: tuple[str, ...] = ("place_id", "identified_at", "hour_known", "started_at", "ended_at")

    def __post_init__(self) -> None:
        """Refuse inputs that may never come near a score."""
        refuse_forbidden(self.inputs)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RiskSurface:
    """Risk of an area.

    Parameters
    ----------
    frame
        RISK: one row a cell and slot.
    by_place
        The same a place and slot, with `place_id` for `cell_id` and no geometry, and
        `n_timed`: how many of its cases are known to their hour.
    overall
        One row a place over all slots, with `p_above_median`.
    verdict
        Says that there are too few cases to say anything, or `None`.
    """

    frame: GeoDataFrame
    by_place: pd.DataFrame
    overall: pd.DataFrame
    as_of: datetime
    settings: RiskSettings
    verdict: Message | None = field(default=None)


def refuse_forbidden(columns: tuple[str, ...]) -> None:
    """Raise `ContractError` naming a column that may never come near a score."""
    for column in columns:
        if column.lower() in FORBIDDEN:
            raise ContractError(Message("geo.forbidden_input", {"column": column}))


def risk_surface(  # noqa: PLR0913 - the four frames of the house and their area
    cases: GeoDataFrame,
    visits: pd.DataFrame,
    places: GeoDataFrame,
    area: Area,
    *,
    settings: RiskSettings | None = None,
    as_of: datetime,
) -> RiskSurface:
    """Return the risk of every place and cell.

    Parameters
    ----------
    cases
        CASES, joined to places; those without a place count nowhere here.
    visits
        VISITS: their hours are the denominator.
    places
        PLACES of the area.
    as_of
        Later evidence is not looked at.
    """
    settings = settings or RiskSettings()
    cases, visits = (
        frame[frame.columns.intersection(settings.inputs)] for frame in (cases, visits)
    )
    ids = places["place_id"].to_numpy(dtype=object)
    position = {place: i for i, place in enumerate(ids)}
    found = cases[(cases["identified_at"] < as_of) & cases["place_id"].isin(position)]
    looked = visits[(visits["ended_at"] < as_of) & visits["place_id"].isin(position)]
    timed, n = _counts(found, position, len(ids))
    hours = np.zeros((len(ids), len(SLOT_IDS)))
    rows = looked["place_id"].map(position).to_numpy(dtype=np.int64)
    np.add.at(hours, rows, presence_hours(looked["started_at"], looked["ended_at"]))
    prior = _prior(n.sum(axis=1), hours.sum(axis=1))
    cells, polygons = _cells(places, area, settings.cell_m)
    n_cells, hours_cells = _gather(n, cells, len(polygons)), _gather(hours, cells, len(polygons))
    names = np.array([f"cell-{i:05d}" for i in range(len(polygons))], dtype=object)
    table = _posterior(n_cells, hours_cells, prior, names, "cell_id")
    shapes = np.repeat(np.asarray(polygons, dtype=object), len(SLOT_IDS))
    too_few = len(found) < settings.min_cases
    return RiskSurface(
        frame=RISK.check(GeoDataFrame(table, geometry=shapes, crs=EDGE_CRS))
        if len(table)
        else RISK.empty(),
        by_place=_posterior(n, hours, prior, ids, "place_id").assign(n_timed=timed.ravel()),
        overall=_overall(n.sum(axis=1), hours.sum(axis=1), prior, ids),
        as_of=as_of,
        settings=settings,
        verdict=Message("geo.too_few_cases", {"n": len(found), "needed": settings.min_cases})
        if too_few
        else None,
    )


def _counts(
    cases: pd.DataFrame, position: dict[str, int], n: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return by place and slot the cases known to their hour, and all of them.

    A case known to its day only is spread over that day; it is kept at the
    day's first moment, which belongs to the night of the day before.
    """
    timed = np.zeros((n, len(SLOT_IDS)))
    if cases.empty:
        return timed, timed
    rows = cases["place_id"].map(position).to_numpy(dtype=np.int64)
    known = cases["hour_known"].to_numpy(dtype=bool)
    np.add.at(timed, (rows[known], slots_of(cases["identified_at"])[known]), 1.0)
    weekend = (cases["identified_at"].dt.tz_convert(TIRANE).dt.day_of_week >= _SATURDAY).to_numpy()
    counts = timed.copy()
    for row, is_weekend in zip(rows[~known], weekend[~known], strict=True):
        first = len(PARTS) * int(is_weekend)
        counts[row, first : first + len(PARTS)] += _PART_HOURS / 24.0
    return timed, counts


def _prior(n: NDArray[np.float64], hours: NDArray[np.float64]) -> tuple[float, float]:
    """Return shape and rate of the Gamma prior by moments over the places looked at."""
    seen = hours > 0
    if not seen.any() or n[seen].sum() == 0:
        return 0.5, 0.5 / 0.02  # a case in fifty hours, and hardly sure of it
    mean = n[seen].sum() / hours[seen].sum()
    spread = ((n[seen] - mean * hours[seen]) ** 2 - mean * hours[seen]).sum()
    variance = max(float(spread / (hours[seen] ** 2).sum()), 0.0)
    shape = float(np.clip(mean**2 / variance if variance > 0 else 4.0, 0.3, 4.0))
    return shape, shape / float(mean)


def _posterior(
    n: NDArray[np.float64],
    hours: NDArray[np.float64],
    prior: tuple[float, float],
    ids: NDArray[np.object_],
    name: str,
) -> pd.DataFrame:
    shape, rate = prior
    flat_n, flat_hours = n.ravel(), hours.ravel()
    known = flat_hours > 0
    # The prior is of a place over all hours: a slot of it has its eighth.
    slots = len(SLOT_IDS)
    posterior = stats.gamma(shape / slots + flat_n, scale=1.0 / (rate / slots + flat_hours))
    mean = posterior.mean()
    columns = {
        "rate_per_hour": mean,
        "low80": posterior.ppf(0.1),
        # So skewed where hardly anything is known that the mean can lie above nine tenths of it.
        "high80": np.maximum(posterior.ppf(0.9), mean),
        "low95": posterior.ppf(0.025),
        "high95": np.maximum(posterior.ppf(0.975), mean),
    }
    return pd.DataFrame(
        {
            name: np.repeat(ids, len(SLOT_IDS)),
            "slot": list(SLOT_IDS) * len(ids),
            "n_cases": flat_n,
            "hours": flat_hours,
            "known": known,
            **{key: np.where(known, value, np.nan) for key, value in columns.items()},
        }
    )


def _overall(
    n: NDArray[np.float64],
    hours: NDArray[np.float64],
    prior: tuple[float, float],
    ids: NDArray[np.object_],
) -> pd.DataFrame:
    shape, rate = prior
    known = hours > 0
    posterior = stats.gamma(shape + n, scale=1.0 / (rate + hours))
    mean = posterior.mean()
    median = float(np.median(mean[known])) if known.any() else float("nan")
    above = posterior.sf(median) if known.any() else np.full(len(ids), np.nan)
    return pd.DataFrame(
        {
            "place_id": ids,
            "n_cases": n,
            "hours": hours,
            "known": known,
            "rate_per_hour": np.where(known, mean, np.nan),
            "low80": np.where(known, posterior.ppf(0.1), np.nan),
            "high80": np.where(known, posterior.ppf(0.9), np.nan),
            "p_above_median": np.where(known, above, np.nan),
        }
    )


def _cells(
    places: GeoDataFrame, area: Area, cell_m: float
) -> tuple[NDArray[np.int64], list[object]]:
    """Return the cell of each place and the cells' squares in EPSG:4326."""
    if places.empty:
        return np.empty(0, dtype=np.int64), []
    xy_m = to_metres(shapely.get_coordinates(places.geometry.to_numpy()), area.metric_crs)
    corner, cell = np.unique(np.floor(xy_m / cell_m), axis=0, return_inverse=True)
    squares = shapely.box(
        corner[:, 0] * cell_m,
        corner[:, 1] * cell_m,
        (corner[:, 0] + 1) * cell_m,
        (corner[:, 1] + 1) * cell_m,
    )
    degrees = shapely.transform(squares, lambda xy: to_lonlat(xy, area.metric_crs))
    return cell.ravel().astype(np.int64), list(degrees)


def _gather(values: NDArray[np.float64], cells: NDArray[np.int64], n: int) -> NDArray[np.float64]:
    gathered = np.zeros((n, values.shape[1]))
    np.add.at(gathered, cells, values)
    return gathered
