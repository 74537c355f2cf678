"""A file of visits as a frame that keeps the contract of visits, and the places it describes."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.crs import EDGE_CRS
from data.frames import CHILD_COUNTS, PLACES, RIGHTS_COUNTS, VISITS
from data.messages import Message
from data.nouns import TIRANE, Municipality
from data.readers.codes import make_code, parse_id
from data.readers.ground import Points, n_abroad, read_municipalities, read_points
from data.readers.headers import VISIT_HEADERS
from data.readers.moments import Moment, is_month_first, parse_moment, parse_time
from data.readers.reading import BOTH, Field, Import, Reading, stamps
from data.readers.tables import Source, fold, read_table
from data.vocabulary import PlaceKind, VisitOutcome, VisitPurpose

__all__ = ["read_visits"]

logger = logging.getLogger(__name__)

_REQUIRED: Final = ("started_at", "ended_at")
_LONGEST: Final = timedelta(hours=24)
_DAY: Final = timedelta(days=1)


def read_visits(
    source: Source,
    filename: str,
    *,
    municipalities: Sequence[Municipality],
    as_of: datetime | None = None,
) -> Import:
    """Return the visits of a CSV or XLSX file in the schema of ``docs/schema.md``.

    A visit names its place by `place_id`, or by a point and a name: then
    `places` of the import holds the place.

    Parameters
    ----------
    source
        Path of the file, or its bytes.
    filename
        Name of the file.
    municipalities
        The municipalities a row may name.
    as_of
        A visit begun after this moment breaks a rule; no such rule without it.

    Returns
    -------
    Import
        `frame` keeps the contract VISITS and `places` the contract PLACES.

    Raises
    ------
    ContractError
        If the file cannot be read, has no row, or lacks a required column.
    """
    reading = Reading.of(read_table(source, filename), VISIT_HEADERS, _REQUIRED)
    points = read_points(reading)
    found = read_municipalities(reading, "municipality", municipalities)
    started, ended = _hours(reading, as_of)
    named = _place_named(reading, points)
    team = reading.parsed(Field(name="team", rule="id"), parse_id)
    columns = {
        "visit_id": reading.codes("visit_id"),
        "place_id": named.place_id,
        "municipality": pd.Series(found, dtype=object),
        "team": pd.Series(team, dtype=object),
        "started_at": started,
        "ended_at": ended,
        "purpose": reading.words("purpose", VisitPurpose, default=VisitPurpose.IDENTIFICATION),
        **_met(reading),
        "synthetic": reading.flags("synthetic"),
    }
    keep = reading.valid
    visits = reading.frame(columns)
    logger.info("visits: %d taken, %d refused", len(visits), len(reading.faults))
    places = _places(visits, named, points, keep)
    return _import(reading, points, VISITS.check(visits), places)


def _hours(reading: Reading, as_of: datetime | None) -> tuple[pd.Series, pd.Series]:
    """Return when visits began and ended, the rules about their order kept.

    A time of day alone takes the day of the column `date`, an end without one
    the day of its start; an end not after its start is past midnight.
    """
    days, starts, ends = (reading.texts(name) for name in ("date", "started_at", "ended_at"))
    reading.counts["month_first"] = int(is_month_first([*days, *starts]))
    begun = [d or s.partition(" ")[0] for d, s in zip(days, starts, strict=True)]
    started = _moments(reading, "started_at", begun)
    ended = _moments(reading, "ended_at", begun)
    past_midnight = np.array([_is_time(text) for text in ends]) & (ended <= started).to_numpy()
    ended = ended.where(~past_midnight, _next_day(ended))
    reading.reject((ended <= started).to_numpy(), Message("import.rule.ended_before"))
    reading.reject((ended - started > _LONGEST).to_numpy(), Message("import.rule.visit_too_long"))
    if as_of is not None:
        field = {"field": "@import.field.started_at"}
        reading.reject((started > as_of).to_numpy(), Message("import.rule.future", field))
    return started, ended


def _moments(reading: Reading, name: str, days: Sequence[str]) -> pd.Series:
    month_first = bool(reading.counts["month_first"])

    def parse(pair: str) -> Moment:
        day, _, text = pair.partition(BOTH)
        parts = (day, text) if _is_time(text) else (text, "")
        moment = parse_moment(*parts, month_first=month_first)
        if not moment.has_hour:
            msg = "a visit has hours"
            raise ValueError(msg)
        return moment

    texts = [f"{d}{BOTH}{t}" if t else "" for d, t in zip(days, reading.texts(name), strict=True)]
    found = reading.parsed(Field(name=name, rule="moment", required=True), parse, texts)
    moved = sum(bool(moment and moment.moved) for moment in found)
    reading.counts["clock_change"] = reading.counts.get("clock_change", 0) + moved
    return stamps([moment and moment.at for moment in found])


def _next_day(moments: pd.Series) -> pd.Series:
    """Return the same time of day a day later, on the days the clocks change too."""
    local = moments.dt.tz_localize(None) + _DAY
    return local.dt.tz_localize(TIRANE, ambiguous=True, nonexistent="shift_forward")


def _is_time(text: str) -> bool:
    try:
        parse_time(text)
    except ValueError:
        return False
    return True


def _met(reading: Reading) -> dict[str, Any]:
    """Return what the team met; where the outcome is not written, the counts say it."""
    counts = {name: np.array(reading.counts_of(name), dtype=np.int64) for name in CHILD_COUNTS}
    counted = np.array([bool(text) for text in reading.texts("n_seen")])
    identified = counts["n_identified"]
    asked = np.maximum.reduce([counts[name] for name in RIGHTS_COUNTS])
    met = np.maximum(identified, asked)
    seen = counts["n_seen"] = np.where(counted, counts["n_seen"], met)
    said = np.array(reading.words("outcome", VisitOutcome, default=""), dtype=object)
    unsaid = said == ""
    derived = np.select(
        [identified > 0, asked > 0, seen > 0],
        [VisitOutcome.IDENTIFIED.value, VisitOutcome.SPOKEN.value, VisitOutcome.SEEN.value],
        VisitOutcome.NOBODY.value,
    )
    silent = unsaid & ~counted & (met == 0)
    reading.reject(silent, Message("import.rule.missing", {"field": "@import.field.outcome"}))
    nobody_but_some = (said == VisitOutcome.NOBODY.value) & (seen > 0)
    reading.reject(nobody_but_some | (met > seen), Message("import.rule.outcome"))
    return {"outcome": np.where(unsaid, derived, said), **counts}


@dataclass(frozen=True, kw_only=True)
class _Named:
    """The place of each visit: its id, and what the file says of it."""

    place_id: pd.Series
    name: list[str]
    kind: list[str]


def _place_named(reading: Reading, points: Points) -> _Named:
    """Return each visit's place; one described but without an id gets one.

    The made id depends on the file and the first row of the place, never on
    where the place is: an id is shown to people who may not know that.
    """
    given = reading.parsed(Field(name="place_id", rule="id"), parse_id)
    names = reading.texts("place_name")
    kinds = reading.words("place_kind", PlaceKind, default=PlaceKind.OTHER)
    described = points.there & np.array([bool(name) for name in names])
    has_id = np.array([bool(code) for code in given])
    reading.reject(~has_id & ~described, Message("import.rule.place_needed"))
    made: dict[tuple[str, str, float, float], str] = {}
    ids = list(given)
    for i in np.flatnonzero(~has_id & described):
        lon, lat = round(float(points.lon[i]), 5), round(float(points.lat[i]), 5)
        row = reading.table.frame.index[i]
        key = (fold(names[i]), kinds[i], lon, lat)
        ids[i] = made.setdefault(key, f"P-{make_code(f'{reading.table.digest}:place:{row}')}")
    return _Named(place_id=pd.Series(ids, dtype=object), name=names, kind=kinds)


def _places(
    visits: pd.DataFrame, named: _Named, points: Points, keep: NDArray[np.bool_]
) -> gpd.GeoDataFrame:
    """Return every place that a valid visit describes, once, as its first visit describes it."""
    everything = pd.DataFrame(
        {
            "place_id": visits["place_id"],
            "name": pd.Series(named.name, dtype=object)[keep].to_numpy(),
            "kind": pd.Series(named.kind, dtype=object)[keep].to_numpy(),
            "municipality": visits["municipality"],
            "unit": pd.Series([None] * len(visits), dtype=object),
            "awake_from": 1,
            "awake_to": 12,
            "synthetic": visits["synthetic"],
        }
    )
    places = gpd.GeoDataFrame(everything, geometry=points.geometry(keep), crs=EDGE_CRS)
    described = (places["name"] != "") & points.there[keep]
    return PLACES.check(places[described].drop_duplicates("place_id").reset_index(drop=True))


def _import(
    reading: Reading, points: Points, visits: pd.DataFrame, places: gpd.GeoDataFrame
) -> Import:
    counts, keep = reading.counts, reading.valid
    counts["swapped"] = int((points.was_swapped & keep).sum())
    counts["abroad"] = n_abroad(points, keep)
    return Import(
        frame=visits,
        rejected=reading.rejected,
        dropped_columns=counts["dropped_columns"],
        identifying_columns=counts["identifying_columns"],
        n_swapped=counts["swapped"],
        notes=reading.notes(),
        places=places,
        digest=reading.table.digest,
        rows=reading.rows(),
    )
