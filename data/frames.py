"""The contracts of the frames that floors hand up: named columns, kinds, one CRS.

A floor checks its frame once, at its exit; the floors above trust it. Every
faulty column and row is collected before anything is raised, and messages name
rows and rules, never values.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

import pandas as pd
from geopandas import GeoDataFrame
from pandas.api import types

from data.crs import EDGE_CRS
from data.errors import ContractError
from data.messages import Message
from data.vocabulary import (
    AgeBand,
    Engagement,
    PerimeterKind,
    PlaceKind,
    RiskDegree,
    Schooling,
    Sector,
    SegmentStatus,
    Source,
    VisitOutcome,
    VisitPurpose,
)

__all__ = [
    "CASES",
    "CHILD_COUNTS",
    "CLUSTERS",
    "CROSSINGS",
    "HOTSPOTS",
    "PERIMETERS",
    "PLACES",
    "RIGHTS_COUNTS",
    "RISK",
    "SEGMENTS",
    "VISITS",
    "Column",
    "Contract",
]


Frame = TypeVar("Frame", bound=pd.DataFrame)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: what it holds, and whether it may be empty.

    `kind` is ``text``, ``int``, ``float``, ``bool``, ``time`` (aware datetime)
    or ``object``; `words` is the closed set a text comes from.
    """

    kind: str
    empty: bool = False
    words: type[StrEnum] | None = None


_KINDS = {
    "text": lambda s: types.is_string_dtype(s) or types.is_object_dtype(s),
    "int": types.is_integer_dtype,
    "float": types.is_float_dtype,
    "bool": types.is_bool_dtype,
    "time": lambda s: isinstance(s.dtype, pd.DatetimeTZDtype),
    "object": lambda _: True,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """A frame's name, columns and kind of geometry (`None`: no geometry)."""

    name: str
    columns: dict[str, Column]
    geometry: str | None = None
    geometry_empty: bool = False

    def empty(self) -> pd.DataFrame:
        """Return a frame with no rows that keeps the contract."""
        dtypes = {
            "text": "object",
            "int": "int64",
            "float": "float64",
            "bool": "bool",
            "time": "datetime64[us, Europe/Tirane]",
            "object": "object",
        }
        data = {n: pd.Series([], dtype=dtypes[c.kind]) for n, c in self.columns.items()}
        if self.geometry is None:
            return pd.DataFrame(data)
        return GeoDataFrame(data, geometry=[], crs=EDGE_CRS)

    def check(self, frame: Frame) -> Frame:
        """Return the frame unchanged if it keeps the contract.

        Raises
        ------
        ContractError
            Naming every missing column, wrong kind and faulty row (never a value).
        """
        faults = [
            fault
            for name, column in self.columns.items()
            for fault in self._faults(frame, name, column)
        ]
        if self.geometry is not None:
            faults += self._geometry_faults(frame)
        if faults:
            raise ContractError(
                Message("error.contract", {"frame": self.name, "faults": "; ".join(faults)})
            )
        return frame

    def _faults(self, frame: pd.DataFrame, name: str, column: Column) -> list[str]:
        if name not in frame.columns:
            return [f"column {name} is missing"]
        values = frame[name]
        if len(values) and not _KINDS[column.kind](values):
            return [f"column {name} must hold {column.kind}"]
        faults = []
        missing = values.isna()
        if not column.empty and missing.any():
            faults.append(f"column {name} is empty in rows {_rows(missing)}")
        if column.words is not None:
            strange = ~values.isin([str(w) for w in column.words]) & ~missing
            if strange.any():
                faults.append(f"column {name} holds an unknown word in rows {_rows(strange)}")
        return faults

    def _geometry_faults(self, frame: pd.DataFrame) -> list[str]:
        if not isinstance(frame, GeoDataFrame) or frame.crs is None or frame.crs != EDGE_CRS:
            return [f"geometry must be in {EDGE_CRS}"]
        missing = frame.geometry.isna() | frame.geometry.is_empty
        faults = []
        if not self.geometry_empty and missing.any():
            faults.append(f"geometry is empty in rows {_rows(missing)}")
        allowed = [self.geometry, f"Multi{self.geometry}"]
        strange = ~missing & ~frame.geometry.geom_type.isin(allowed)
        if strange.any():
            faults.append(f"geometry must be {self.geometry} in rows {_rows(strange)}")
        return faults


def _rows(flags: pd.Series, most: int = 5) -> str:
    positions = [i + 1 for i, bad in enumerate(flags.to_list()) if bad]
    shown = ", ".join(str(p) for p in positions[:most])
    return shown if len(positions) <= most else f"{shown} and {len(positions) - most} more"


_TEXT = Column(kind="text")
_TEXT_OR_EMPTY = Column(kind="text", empty=True)
_FLAG = Column(kind="bool")
_COUNT = Column(kind="int")
_REAL = Column(kind="float")
_REAL_OR_EMPTY = Column(kind="float", empty=True)
_TIME = Column(kind="time")

PLACES = Contract(
    name="places",
    columns={
        "place_id": _TEXT,
        "name": _TEXT,
        "kind": Column(kind="text", words=PlaceKind),
        "municipality": _TEXT_OR_EMPTY,  # P-code; empty outside Albania
        "unit": _TEXT_OR_EMPTY,
        "awake_from": _COUNT,  # month 1..12; awake_from 1 and awake_to 12: all year
        "awake_to": _COUNT,
        "synthetic": _FLAG,
    },
    geometry="Point",
)

CASES = Contract(
    name="cases",
    columns={
        "case_code": _TEXT,
        "place_id": _TEXT_OR_EMPTY,  # empty until `geo.places` joins the case to a place
        "municipality_found": _TEXT_OR_EMPTY,
        "municipality_home": _TEXT_OR_EMPTY,
        "identified_at": _TIME,
        # A case known to a span only lies between `identified_at` and this; else empty.
        "identified_until": Column(kind="time", empty=True),
        "hour_known": _FLAG,
        "sector": Column(kind="text", words=Sector),
        "risk_degree": Column(kind="text", words=RiskDegree),
        "engagement": Column(kind="text", words=Engagement),
        "age_band": Column(kind="text", words=AgeBand),
        "schooling": Column(kind="text", words=Schooling),
        "source": Column(kind="text", words=Source),
        "referred_at": Column(kind="time", empty=True),
        "synthetic": _FLAG,
    },
    geometry="Point",
    geometry_empty=True,
)

#: Children of a visit who lack what is theirs by right: each has drives or rounds of its own.
RIGHTS_COUNTS: Final = (
    *("n_not_enrolled", "n_not_vaccinated"),
    *("n_without_health_card", "n_not_registered"),
)
#: What a visit counts in children; none is more than the first.
CHILD_COUNTS: Final = ("n_seen", "n_identified", *RIGHTS_COUNTS)

VISITS = Contract(
    name="visits",
    columns={
        "visit_id": _TEXT,
        "place_id": _TEXT,
        "municipality": _TEXT_OR_EMPTY,
        "team": _TEXT_OR_EMPTY,
        "started_at": _TIME,
        "ended_at": _TIME,
        "purpose": Column(kind="text", words=VisitPurpose),
        "outcome": Column(kind="text", words=VisitOutcome),
        **dict.fromkeys(CHILD_COUNTS, _COUNT),
        "synthetic": _FLAG,
    },
)

PERIMETERS = Contract(
    name="perimeters",
    columns={
        "perimeter_id": _TEXT,
        "name": _TEXT,
        "kind": Column(kind="text", words=PerimeterKind),
        "municipality": _TEXT_OR_EMPTY,
        "approximate": _FLAG,
        "danger_m": _REAL,  # width of the danger zone around the perimeter
        "synthetic": _FLAG,
    },
    geometry="Polygon",
)

SEGMENTS = Contract(
    name="segments",
    columns={
        "segment_id": _TEXT,
        "perimeter_id": _TEXT,
        "status": Column(kind="text", words=SegmentStatus),
        "length_m": _REAL,
    },
    geometry="LineString",
)

CROSSINGS = Contract(
    name="crossings",
    columns={
        "perimeter_id": _TEXT,
        "segment_id": _TEXT,
        "road_class": _TEXT,
    },
    geometry="Point",
)

#: One row a cell and time slot: expected cases per hour of presence.
RISK = Contract(
    name="risk",
    columns={
        "cell_id": _TEXT,
        "slot": _TEXT,
        "n_cases": _REAL,
        "hours": _REAL,  # team hours of presence: the denominator
        "known": _FLAG,  # False: nobody looked, and the rate is empty
        "rate_per_hour": _REAL_OR_EMPTY,
        "low80": _REAL_OR_EMPTY,
        "high80": _REAL_OR_EMPTY,
        "low95": _REAL_OR_EMPTY,
        "high95": _REAL_OR_EMPTY,
        "p_above_median": _REAL_OR_EMPTY,  # of the municipality's rates
    },
    geometry="Polygon",
)

#: One row a place whose risk stands out, or that a person knows to be at risk: its rates are
#: empty as long as nobody looked there, or too little is known to say.
HOTSPOTS = Contract(
    name="hotspots",
    columns={
        "place_id": _TEXT,
        "name": _TEXT,
        "municipality": _TEXT_OR_EMPTY,
        "n_cases": _COUNT,
        "hours": _REAL,
        "rate_per_hour": _REAL_OR_EMPTY,
        "low80": _REAL_OR_EMPTY,
        "high80": _REAL_OR_EMPTY,
        "p_above_median": _REAL_OR_EMPTY,
        "slots": Column(kind="object"),  # tuple of slot ids in which it is active
        "last_visit": Column(kind="time", empty=True),
        "expires": _TIME,
        "reason": Column(kind="object"),  # Message
        "synthetic": _FLAG,
    },
    geometry="Point",
)

#: One row a group of cases that belong together.
CLUSTERS = Contract(
    name="clusters",
    columns={
        "cluster_id": _TEXT,
        "n_cases": _COUNT,
        "n_places": _COUNT,
        "share": _REAL,  # of all cases in groups, 0..1
        "reason": Column(kind="object"),
        "synthetic": _FLAG,
    },
    geometry="Polygon",
)
