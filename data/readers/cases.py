"""A file of cases as a frame that keeps the contract of cases."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.crs import EDGE_CRS
from data.frames import CASES
from data.messages import Message
from data.nouns import Municipality
from data.readers.codes import parse_id
from data.readers.ground import Points, n_abroad, read_municipalities, read_points
from data.readers.headers import CASE_HEADERS
from data.readers.reading import Field, Import, Reading
from data.readers.tables import Source, read_table
from data.vocabulary import AgeBand, Engagement, RiskDegree, Schooling, Sector
from data.vocabulary import Source as FoundBy

__all__ = ["read_cases"]

logger = logging.getLogger(__name__)

_REQUIRED = ("identified_at", "sector", "risk_degree", "source")


def read_cases(
    source: Source,
    filename: str,
    *,
    municipalities: Sequence[Municipality],
    as_of: datetime | None = None,
) -> Import:
    """Return the cases of a CSV or XLSX file in the schema of ``docs/schema.md``.

    Parameters
    ----------
    source
        Path of the file, or its bytes.
    filename
        Name of the file.
    municipalities
        The municipalities a row may name.
    as_of
        A case identified after this moment breaks a rule; no such rule without it.

    Returns
    -------
    Import
        `frame` keeps the contract CASES; a case without a point has none.

    Raises
    ------
    ContractError
        If the file cannot be read, has no row, or lacks a required column.
    """
    reading = Reading.of(read_table(source, filename), CASE_HEADERS, _REQUIRED)
    points = read_points(reading)
    columns = _columns(reading, municipalities)
    _check_clock(reading, columns, as_of)
    frame = reading.frame(columns)
    keep = reading.valid
    cases = gpd.GeoDataFrame(frame, geometry=points.geometry(keep), crs=EDGE_CRS)
    logger.info("cases: %d taken, %d refused", len(cases), len(reading.faults))
    return _import(reading, points, keep, cases)


def _columns(reading: Reading, municipalities: Sequence[Municipality]) -> dict[str, Any]:
    identified_at, hour_known = reading.moments("identified_at", "identified_time", required=True)
    until, until_hour = reading.moments("identified_until")
    # A day names all of it: the span ends where the next one begins.
    until = until.where(until_hour, until.dt.normalize() + pd.DateOffset(days=1))
    referred_at, referred_hour = reading.moments("referred_at", "referred_time")
    found, home = (
        read_municipalities(reading, name, municipalities)
        for name in ("municipality_found", "municipality_home")
    )
    return {
        "case_code": reading.codes("case_code"),
        "place_id": _texts(reading.parsed(Field(name="place_id", rule="id"), parse_id)),
        "municipality_found": _texts(found),
        "municipality_home": _texts(home),
        "identified_at": identified_at,
        "identified_until": until,
        "hour_known": hour_known & until.isna().to_numpy(),
        "sector": reading.words("sector", Sector),
        "risk_degree": reading.words("risk_degree", RiskDegree),
        "engagement": reading.words("engagement", Engagement, default=Engagement.UNKNOWN),
        "age_band": reading.words("age_band", AgeBand, default=AgeBand.UNKNOWN),
        "schooling": reading.words("schooling", Schooling, default=Schooling.UNKNOWN),
        "source": reading.words("source", FoundBy),
        "referred_at": referred_at,
        "synthetic": reading.flags("synthetic"),
        "referred_hour": referred_hour,
    }


def _texts(values: Sequence[str | None]) -> pd.Series:
    return pd.Series(values, dtype=object)


def _check_clock(reading: Reading, columns: dict[str, Any], as_of: datetime | None) -> None:
    """Refuse what has not happened yet, a span that ends before it begins, an early referral.

    A day without its hour counts as the whole day.
    """
    identified, referred = columns["identified_at"], columns["referred_at"]
    turned = (columns["identified_until"] <= identified).to_numpy()
    reading.reject(turned, Message("import.rule.until_before"))
    both_hours = columns["hour_known"] & columns.pop("referred_hour")
    early = np.where(
        both_hours, referred < identified, referred.dt.normalize() < identified.dt.normalize()
    )
    reading.reject(early, Message("import.rule.referred_before"))
    if as_of is not None:
        field = {"field": "@import.field.identified_at"}
        reading.reject((identified > as_of).to_numpy(), Message("import.rule.future", field))


def _import(
    reading: Reading, points: Points, keep: NDArray[np.bool_], cases: gpd.GeoDataFrame
) -> Import:
    counts = reading.counts
    counts["swapped"] = int((points.was_swapped & keep).sum())
    counts["without_coordinates"] = int((~points.there & keep).sum())
    counts["abroad"] = n_abroad(points, keep)
    return Import(
        frame=CASES.check(cases),
        rejected=reading.rejected,
        dropped_columns=counts["dropped_columns"],
        identifying_columns=counts["identifying_columns"],
        n_without_coordinates=counts["without_coordinates"],
        n_swapped=counts["swapped"],
        notes=reading.notes(),
        digest=reading.table.digest,
        rows=reading.rows(),
    )
