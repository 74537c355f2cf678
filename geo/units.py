"""Places and cells as units of risk: what was found there, in how many hours, and what they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from data.crs import to_lonlat
from data.nouns import TIRANE, Area
from geo.effort import Ledger
from geo.features import Effect, design, learn_features
from geo.slots import SLOT_IDS, SLOT_OF_HOUR
from geo.times import Times, exposure_of, level_of

__all__ = ["N_SLOTS", "Units", "cells_of", "gathered", "slot_sums", "units_of"]

Floats = NDArray[np.float64]

N_SLOTS: Final = len(SLOT_IDS)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Units:
    """Places or cells: what was found in how many hours, and what they may be like.

    Parameters
    ----------
    n, exposure, hours
        By slot, shape (units, 8); hours are those of teams alone.
    whole
        Exposure over the week, its hours weighed by their course, shape (units,).
    kind
        By which factor features raise the unit, shape (units,).
    week
        The course over the slots by the unit's kinds, shape (units, 8).
    season
        The factor of the month, shape (units,).
    doubt
        Variance, relative to the squared rate, of what others' eyes are worth, shape (units,).
    """

    ids: NDArray[np.object_]
    xy_m: Floats
    n: Floats
    exposure: Floats
    hours: Floats
    whole: Floats
    kind: Floats
    week: Floats
    season: Floats
    doubt: Floats


def units_of(  # noqa: PLR0913, PLR0917 - one step, its arrays in hand
    ledger: Ledger,
    times: Times,
    ids: pd.Series,
    kinds: NDArray[np.object_],
    xy_m: Floats,
    as_of: datetime,
) -> tuple[Units, tuple[Effect, ...]]:
    """Return places as units, at the season of a moment, and what features do."""
    exposure = exposure_of(ledger, times)
    n = slot_sums(ledger.case_place, ledger.case_hour, ledger.case_share, ledger.n_places)
    kind_week = _slot_means(times.week)
    level = level_of(n.sum(), exposure.whole.sum())
    due = level * exposure.slots * kind_week[times.kind_of]
    layer = learn_features(design(kinds, xy_m), n, due)
    # Where nobody could have met anybody a feature counts by the hours others are visited in.
    usual = due.sum(axis=0) if due.any() else np.ones(N_SLOTS)
    own = np.where(due.any(axis=1, keepdims=True), due, usual)
    factor = (layer.factor * own).sum(axis=1) / own.sum(axis=1)
    units = Units(
        ids=ids.to_numpy(dtype=object),
        xy_m=xy_m,
        n=n,
        exposure=exposure.slots,
        hours=slot_sums(ledger.seen_place, ledger.seen_hour, ledger.seen_h, ledger.n_places),
        whole=exposure.whole,
        kind=factor,
        week=kind_week[times.kind_of],
        season=times.year[times.side_of, as_of.astimezone(TIRANE).month - 1],
        # Their worth is known as well as teams' own finds are many.
        doubt=exposure.others**2 / (ledger.case_share[~ledger.case_reported].sum() + 1.0),
    )
    return units, layer.effects


def slot_sums(
    place: NDArray[np.int64], hour: NDArray[np.int64], value: Floats, places: int
) -> Floats:
    """Return sums of values by place and slot, shape (places, 8)."""
    at = place * N_SLOTS + SLOT_OF_HOUR[hour]
    return np.asarray(np.bincount(at, value, places * N_SLOTS), float).reshape(places, N_SLOTS)


def _slot_means(week: Floats) -> Floats:
    """Return the mean of hours of the week over each slot, shape (n, 8)."""
    return np.column_stack([week[:, s == SLOT_OF_HOUR].mean(axis=1) for s in range(N_SLOTS)])


def gathered(units: Units, cell: NDArray[np.int64], n_cells: int) -> Units:
    """Return cells as units: sums of their places, and means weighed by exposure."""

    def total(values: Floats) -> Floats:
        sums = np.zeros((n_cells, *values.shape[1:]))
        np.add.at(sums, cell, values)
        return sums

    weight = units.whole + 1e-9
    whole = total(weight)

    def mean(values: Floats) -> Floats:
        scale = weight.reshape(-1, *([1] * (values.ndim - 1)))
        return total(values * scale) / whole.reshape(-1, *([1] * (values.ndim - 1)))

    return Units(
        ids=np.array([f"cell-{i:05d}" for i in range(n_cells)], dtype=object),
        xy_m=mean(units.xy_m),
        n=total(units.n),
        exposure=total(units.exposure),
        hours=total(units.hours),
        whole=total(units.whole),
        kind=mean(units.kind),
        week=mean(units.week),
        season=mean(units.season),
        doubt=mean(units.doubt),
    )


def cells_of(xy_m: Floats, area: Area, cell_m: float) -> tuple[NDArray[np.int64], list[object]]:
    """Return the cell of each place and the cells' squares in EPSG:4326."""
    if not len(xy_m):
        return np.empty(0, dtype=np.int64), []
    corner, cell = np.unique(np.floor(xy_m / cell_m), axis=0, return_inverse=True)
    squares = shapely.box(
        corner[:, 0] * cell_m,
        corner[:, 1] * cell_m,
        (corner[:, 0] + 1) * cell_m,
        (corner[:, 1] + 1) * cell_m,
    )
    degrees = shapely.transform(squares, lambda xy: to_lonlat(xy, area.metric_crs))
    return cell.ravel().astype(np.int64), list(degrees)
