"""What a case, a visit or a place is when somebody enters it, and the rules it has to keep."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, Final

import pandas as pd
import shapely

from data import reference
from data.errors import ContractError
from data.frames import CHILD_COUNTS
from data.messages import Message
from data.nouns import TIRANE
from data.vocabulary import (
    AgeBand,
    Engagement,
    PlaceKind,
    RiskDegree,
    Schooling,
    Sector,
    Source,
    VisitOutcome,
    VisitPurpose,
)

__all__ = [
    "CaseForm",
    "PlaceForm",
    "VisitForm",
    "case_columns",
    "case_form_of",
    "moments",
    "place_columns",
    "place_form_of",
    "visit_columns",
    "visit_form_of",
]

_LONGEST_NAME: Final = 80
_LONGEST_VISIT_H: Final = 24
_MONTHS: Final = range(1, 13)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceForm:
    """A place as somebody enters it; months are 1 to 12, January to December being all year."""

    municipality: str
    name: str
    kind: PlaceKind
    lon: float
    lat: float
    awake_from: int = 1
    awake_to: int = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseForm:
    """A case as somebody enters it: at a known place, and never with a name.

    A moment whose hour is not known stands at midnight; `referred_at` is empty
    where the case was not referred yet.
    """

    municipality: str
    place_id: str
    identified_at: datetime
    hour_known: bool
    sector: Sector
    risk_degree: RiskDegree
    source: Source
    engagement: Engagement = Engagement.UNKNOWN
    age_band: AgeBand = AgeBand.UNKNOWN
    schooling: Schooling = Schooling.UNKNOWN
    municipality_home: str = ""
    referred_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitForm:
    """A visit as somebody enters it: a team, a place, from when to when, and what it met."""

    municipality: str
    place_id: str
    team: str
    started_at: datetime
    ended_at: datetime
    purpose: VisitPurpose
    outcome: VisitOutcome
    n_seen: int = 0
    n_identified: int = 0
    n_not_enrolled: int = 0
    n_not_vaccinated: int = 0
    n_without_health_card: int = 0
    n_not_registered: int = 0


def place_form_of(row: pd.Series) -> PlaceForm:
    """Return a kept place as a form would hold it."""
    return PlaceForm(
        municipality=row["municipality"],
        name=row["name"],
        kind=PlaceKind(row["kind"]),
        lon=row["geometry"].x,
        lat=row["geometry"].y,
        awake_from=int(row["awake_from"]),
        awake_to=int(row["awake_to"]),
    )


def case_form_of(row: pd.Series) -> CaseForm:
    """Return a kept case as a form would hold it."""
    referred = row["referred_at"]
    return CaseForm(
        municipality=row["municipality_found"],
        place_id=row["place_id"],
        identified_at=row["identified_at"].to_pydatetime(),
        hour_known=bool(row["hour_known"]),
        sector=Sector(row["sector"]),
        risk_degree=RiskDegree(row["risk_degree"]),
        source=Source(row["source"]),
        engagement=Engagement(row["engagement"]),
        age_band=AgeBand(row["age_band"]),
        schooling=Schooling(row["schooling"]),
        municipality_home=row["municipality_home"],
        referred_at=None if pd.isna(referred) else referred.to_pydatetime(),
    )


def visit_form_of(row: pd.Series) -> VisitForm:
    """Return a kept visit as a form would hold it."""
    return VisitForm(
        municipality=row["municipality"],
        place_id=row["place_id"],
        team=row["team"],
        started_at=row["started_at"].to_pydatetime(),
        ended_at=row["ended_at"].to_pydatetime(),
        purpose=VisitPurpose(row["purpose"]),
        outcome=VisitOutcome(row["outcome"]),
        **{name: int(row[name]) for name in CHILD_COUNTS},
    )


def moments(value: datetime | None) -> pd.Series:
    """Return one moment as a column in Europe/Tirane."""
    return pd.Series(pd.to_datetime([value], utc=True)).dt.tz_convert(TIRANE)


def place_columns(form: PlaceForm) -> dict[str, Any]:
    """Return a place's columns without its id, mark and point.

    Raises
    ------
    ContractError
        If the name is empty or too long, a month is none, or the point lies
        outside the municipality.
    """
    name = " ".join(form.name.split())
    if not 0 < len(name) <= _LONGEST_NAME:
        raise ContractError(Message("record.name_length", {"n": _LONGEST_NAME}))
    if form.awake_from not in _MONTHS or form.awake_to not in _MONTHS:
        raise ContractError(Message("record.month"))
    if not reference.area_of(form.municipality).boundary.intersects(
        shapely.Point(form.lon, form.lat)
    ):
        raise ContractError(Message("record.point_outside"))
    return {
        "name": name,
        "kind": str(form.kind),
        "municipality": form.municipality,
        "unit": _nearest_unit(form),
        "awake_from": form.awake_from,
        "awake_to": form.awake_to,
    }


def _nearest_unit(form: PlaceForm) -> str:
    stretch = 0.75  # a degree east over a degree north at Albania's latitude
    return min(
        reference.units(form.municipality),
        key=lambda u: (((u.lon - form.lon) * stretch) ** 2 + (u.lat - form.lat) ** 2, u.id),
    ).id


def case_columns(form: CaseForm) -> dict[str, Any]:
    """Return a case's columns without its code, mark and point.

    Raises
    ------
    ContractError
        If it lies in the future, was referred before it was identified, or the
        home is no municipality.
    """
    _refuse_future(form.identified_at)
    if form.referred_at is not None:
        _refuse_future(form.referred_at)
        if _is_before(form.referred_at, form):
            raise ContractError(Message("import.rule.referred_before"))
    home = form.municipality_home
    if home and home not in {town.code for town in reference.municipalities()}:
        raise ContractError(Message("desk.municipality_unknown"))
    return {
        "place_id": form.place_id,
        "municipality_found": form.municipality,
        "municipality_home": home,
        "hour_known": form.hour_known,
        "sector": str(form.sector),
        "risk_degree": str(form.risk_degree),
        "engagement": str(form.engagement),
        "age_band": str(form.age_band),
        "schooling": str(form.schooling),
        "source": str(form.source),
    }


def _is_before(referred: datetime, form: CaseForm) -> bool:
    """Say whether a referral lies before the case; where an hour is missing, by their days."""
    referred, found = referred.astimezone(TIRANE), form.identified_at.astimezone(TIRANE)
    if form.hour_known and referred.time() != time():
        return referred < found
    return referred.date() < found.date()


def visit_columns(form: VisitForm) -> dict[str, Any]:
    """Return a visit's columns without its id, mark and times.

    Raises
    ------
    ContractError
        If the times do not fit or lie in the future, or the counts do not fit.
    """
    hours = (form.ended_at - form.started_at).total_seconds() / 3600
    if not 0 < hours <= _LONGEST_VISIT_H:
        raise ContractError(Message("record.visit_times"))
    _refuse_future(form.ended_at)
    counts = {name: getattr(form, name) for name in CHILD_COUNTS}
    nobody = form.outcome is VisitOutcome.NOBODY
    identified = form.outcome is VisitOutcome.IDENTIFIED
    if (
        nobody != (form.n_seen == 0)
        or identified != (form.n_identified > 0)
        or not all(0 <= part <= form.n_seen for part in counts.values())
    ):
        raise ContractError(Message("record.counts"))
    return {
        "place_id": form.place_id,
        "municipality": form.municipality,
        "team": form.team,
        "purpose": str(form.purpose),
        "outcome": str(form.outcome),
        **counts,
    }


def _refuse_future(moment: datetime) -> None:
    if moment > datetime.now(TIRANE):
        raise ContractError(Message("record.future"))
