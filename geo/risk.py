"""Risk with effort as the denominator: expected cases per hour of presence.

Each place, cell and slot of the week borrows from several scales at once (its
surroundings, its kind, the municipality, the county) as far as its own hours are
few (`geo.pooling`), at the season of the moment. Where nobody looked the rate is
unknown, never zero. Only place, time, effort, finds and who reported them are
read; the columns are an allow-list, and a forbidden one is refused by name
(`geo.inputs`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from data.crs import EDGE_CRS, to_metres
from data.frames import RISK
from data.messages import Message
from data.nouns import Area
from geo.effort import Ledger, make_ledger
from geo.features import Effect
from geo.inputs import ALLOWED, refuse_forbidden
from geo.pooling import Gammas, pool
from geo.slots import SLOT_IDS
from geo.surroundings import rate_around
from geo.times import Times, learn_times, level_of
from geo.units import N_SLOTS, Units, cells_of, gathered, slot_sums, units_of

__all__ = ["RiskSettings", "RiskSurface", "risk_surface"]

Floats = NDArray[np.float64]

#: Means that a rate may be near, in the order of `Gammas.weights`.
_TOWN, _KIND, _COUNTY = "municipality", "kind", "county"


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskSettings:
    """How risk is computed.

    Parameters
    ----------
    cell_m
        Side of a cell, metres.
    around_m
        Bandwidths of the surroundings that a place may borrow from, metres.
    min_cases
        Below this many cases with a place there is too little to say.
    inputs
        Columns of cases, visits and places that may be read; no other one is.
    """

    cell_m: float = 250.0
    around_m: tuple[float, ...] = (300.0, 1000.0, 3000.0)
    min_cases: int = 12
    inputs: tuple[str, ...] = ALLOWED

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
        One row a place over all slots: the same columns, and `expected_per_hour`, which
        a place has where nobody looked too: for plans, and never shown as a rate; `shape`
        and `evidence_h` of the Gamma that is believed of it; `around`, `kind` and `season`:
        by how much its surroundings, its kind and the month raise it.
    cells
        The same a cell, with `cell_id` and its square.
    cell_of
        The cell of each place of `overall`, by its position among the cells.
    effects
        What features of the ground do.
    scales
        Share of the belief that each scale has.
    times, ledger
        The courses of week and year, and what they were learned from.
    verdict
        Says that there are too few cases to say anything, or `None`.
    """

    frame: GeoDataFrame
    by_place: pd.DataFrame
    overall: pd.DataFrame
    cells: GeoDataFrame
    cell_of: NDArray[np.int64]
    effects: tuple[Effect, ...]
    scales: Mapping[str, float]
    times: Times
    ledger: Ledger
    as_of: datetime
    settings: RiskSettings
    verdict: Message | None = field(default=None)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Believed:
    """What is believed of units over the week, and of each of their slots."""

    overall: Gammas
    slots: Gammas
    around: Floats
    town: Floats


def risk_surface(  # noqa: PLR0913 - the four frames of the house and their area
    cases: GeoDataFrame,
    visits: pd.DataFrame,
    places: GeoDataFrame,
    area: Area,
    *,
    settings: RiskSettings | None = None,
    as_of: datetime,
    county_per_hour: float | None = None,
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
        Later evidence is not looked at; rates are of its month.
    county_per_hour
        The rate of the county's other municipalities, where it is known.
    """
    settings = settings or RiskSettings()
    ids = places["place_id"]
    cases, visits, known = (
        frame[frame.columns.intersection(settings.inputs)] for frame in (cases, visits, places)
    )
    ledger = make_ledger(cases, visits, ids, as_of)
    kinds = known["kind"].to_numpy(dtype=object)
    xy_m = to_metres(shapely.get_coordinates(places.geometry.to_numpy()), area.metric_crs)
    times = learn_times(ledger, kinds, xy_m)
    units, effects = units_of(ledger, times, ids, kinds, xy_m, as_of)
    cell, squares = cells_of(xy_m, area, settings.cell_m)
    believed = _believe(units, settings, county_per_hour)
    by_cell = gathered(units, cell, len(squares))
    of_cells = _believe(by_cell, settings, county_per_hour)
    table = _by_slot(by_cell, of_cells, "cell_id")
    shapes = np.repeat(np.asarray(squares, dtype=object), N_SLOTS)
    n = round(float(ledger.case_share.sum()))
    too_few = Message("geo.too_few_cases", {"n": n, "needed": settings.min_cases})
    return RiskSurface(
        frame=RISK.check(GeoDataFrame(table, geometry=shapes, crs=EDGE_CRS))
        if len(table)
        else RISK.empty(),
        by_place=_by_slot(units, believed, "place_id").assign(n_timed=_timed(ledger)),
        overall=_overall(units, believed, "place_id"),
        cells=GeoDataFrame(_overall(by_cell, of_cells, "cell_id"), geometry=squares, crs=EDGE_CRS),
        cell_of=cell,
        effects=effects,
        scales=dict(
            zip(_scale_names(settings, county_per_hour), believed.overall.weights, strict=True)
        ),
        times=times,
        ledger=ledger,
        as_of=as_of,
        settings=settings,
        verdict=too_few if n < settings.min_cases else None,
    )


def _timed(ledger: Ledger) -> Floats:
    sure = ledger.case_timed
    return slot_sums(
        ledger.case_place[sure], ledger.case_hour[sure], ledger.case_share[sure], ledger.n_places
    ).ravel()


def _scale_names(settings: RiskSettings, county: float | None) -> list[str]:
    names = [_TOWN, _KIND, *(f"around_{scale:g}" for scale in settings.around_m)]
    return names if county is None else [*names, _COUNTY]


def _believe(units: Units, settings: RiskSettings, county: float | None) -> _Believed:
    """Return what is believed of units: first over the week, and from that of each slot."""
    n, whole = units.n.sum(axis=1), units.whole
    if not len(n):
        none = Gammas(
            shape=n, rate=n, weights=np.ones(len(_scale_names(settings, county))), prior=n
        )
        return _Believed(overall=none, slots=none, around=n, town=n)
    level = level_of(n.sum(), whole.sum())
    # Without the unit itself: half a case at the level of all keeps a lonely unit from nothing.
    town = (n.sum() - n + 0.5) / (whole.sum() - whole + 0.5 / level)
    due = (units.kind * whole).sum() - units.kind * whole + 0.5 / level
    kind = units.kind * (n.sum() - n + 0.5) / due
    around = [rate_around(units.xy_m, n, whole, scale, town) for scale in settings.around_m]
    means = [town, kind, *around]
    if county is not None:
        means.append(np.full(len(n), max(county, 1e-9)))
    overall = pool(n, whole, np.column_stack(means))
    return _Believed(
        overall=overall,
        slots=_believe_slots(units, overall),
        around=around[len(around) // 2] / town,
        town=town,
    )


def _believe_slots(units: Units, overall: Gammas) -> Gammas:
    """Return what is believed of each slot: near the unit's other slots, by their course."""
    held, prior = overall.held, overall.prior[:, None]
    n, due = units.n, units.exposure * units.week
    others = n.sum(axis=1, keepdims=True) - n, due.sum(axis=1, keepdims=True) - due
    own = (held + others[0]) / (held / prior + others[1])
    flat = np.ones_like(n)
    town = (n.sum(axis=0) + 1.0) / ((due * prior).sum(axis=0) + 1.0)
    means = [own * units.week, own * units.week * town, own * flat]
    return pool(n.ravel(), units.exposure.ravel(), np.column_stack([m.ravel() for m in means]))


def _columns(
    believed: Gammas, season: Floats, doubt: Floats, known: NDArray[np.bool_]
) -> dict[str, Floats]:
    """Return rate, intervals and how probably it is above the median, empty where unknown.

    What others' eyes are worth is the same doubt for every unit: it widens the
    intervals, and does not make one unit less sure to be above another.
    """
    mean = believed.mean * season
    median = float(np.median(mean[known])) if known.any() else 1.0
    wide = believed.widened(doubt)
    columns = {
        "rate_per_hour": mean,
        # So skewed where hardly anything is known that the mean can lie above nine tenths of it.
        "low80": np.minimum(wide.quantile(0.1) * season, mean),
        "high80": np.maximum(wide.quantile(0.9) * season, mean),
        "low95": np.minimum(wide.quantile(0.025) * season, mean),
        "high95": np.maximum(wide.quantile(0.975) * season, mean),
        "p_above_median": believed.above(median / season),
    }
    return {name: np.where(known, column, np.nan) for name, column in columns.items()}


def _by_slot(units: Units, believed: _Believed, name: str) -> pd.DataFrame:
    known = units.hours.ravel() > 0
    season = np.repeat(units.season, N_SLOTS)
    return pd.DataFrame(
        {
            name: np.repeat(units.ids, N_SLOTS),
            "slot": list(SLOT_IDS) * len(units.ids),
            "n_cases": units.n.ravel(),
            "hours": units.hours.ravel(),
            "known": known,
            **_columns(believed.slots, season, np.repeat(units.doubt, N_SLOTS), known),
        }
    )


def _overall(units: Units, believed: _Believed, name: str) -> pd.DataFrame:
    hours = units.hours.sum(axis=1)
    known = hours > 0
    return pd.DataFrame(
        {
            name: units.ids,
            "n_cases": units.n.sum(axis=1),
            "hours": hours,
            "known": known,
            **_columns(believed.overall, units.season, units.doubt, known),
            "expected_per_hour": believed.overall.mean * units.season,
            "shape": believed.overall.shape,
            "evidence_h": believed.overall.rate / units.season,
            "around": believed.around,
            "kind": units.kind,
            "season": units.season,
        }
    )
