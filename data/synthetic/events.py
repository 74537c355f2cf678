"""Invented cases and visits, with the hours and the season of the domain."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from data import reference
from data.crs import EDGE_CRS
from data.frames import CASES, CHILD_COUNTS, VISITS
from data.nouns import TIRANE, Team
from data.readers.codes import make_code
from data.synthetic.crews import TEAMS_OF
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

__all__ = ["make_cases", "make_visits", "set_purposes", "tie_to_visits"]

#: Managed cases of 2021 and 2022.
CASES_A_YEAR = (228, 229)
_YEAR_DAYS = 365
#: Visits are written down since a year; of the year before only the cases are known.
_VISIT_DAYS = _YEAR_DAYS

#: What is found at a kind of place, with its weight there.
_SECTORS: Mapping[PlaceKind, dict[Sector, float]] = {
    PlaceKind.LANDFILL: {Sector.RECYCLING: 1.0},
    PlaceKind.MINE_HEAP: {Sector.MINING: 1.0},
    PlaceKind.FARMLAND: {Sector.AGRICULTURE: 0.8, Sector.FORESTRY: 0.2},
    PlaceKind.SETTLEMENT: {Sector.HOUSE: 0.4, Sector.CONSTRUCTION: 0.4, Sector.OTHER: 0.2},
    PlaceKind.BORDER: {Sector.STREET: 0.8, Sector.PROHIBITED: 0.2},
    PlaceKind.SCHOOL: {Sector.OTHER: 0.5, Sector.STREET: 0.5},
}
_STREET = {Sector.STREET: 0.9, Sector.RECYCLING: 0.1}
#: How much a kind of place draws.
_DRAW = {
    PlaceKind.SCHOOL: 0.15,
    PlaceKind.WORSHIP: 0.6,
    PlaceKind.SETTLEMENT: 0.4,
    PlaceKind.FARMLAND: 0.5,
    PlaceKind.BORDER: 0.6,
    PlaceKind.LANDFILL: 0.9,
    PlaceKind.MINE_HEAP: 2.5,
    PlaceKind.BEACH: 1.6,
    PlaceKind.PROMENADE: 1.6,
}
#: Weight of each month: summer outdoors and on the coast.
_MONTHS = np.array([5, 5, 6, 7, 9, 12, 14, 14, 10, 7, 5, 6], dtype=float)
_SUMMER = np.array([0, 0, 0, 0, 2, 18, 30, 30, 14, 1, 0, 0], dtype=float)
#: Weight of the hours 0 to 23: streets fill after school, heaps and fields by day.
_LATE = np.array([2, 1, 0, 0, 0, 0, 0, 1, 2, 4, 6, 7, 6, 5, 6, 8, 11, 13, 14, 13, 11, 8, 5, 3.0])
_BY_DAY = np.array([0, 0, 0, 0, 0, 1, 3, 7, 10, 12, 12, 11, 8, 8, 9, 8, 6, 4, 2, 1, 0, 0, 0, 0.0])
_DAY_SECTORS = frozenset(
    {Sector.MINING, Sector.AGRICULTURE, Sector.FORESTRY, Sector.RECYCLING, Sector.CONSTRUCTION}
)

#: In which month a drive or round is on, what for, and whom it counts.
_ROUNDS: Final = (
    (4, VisitPurpose.HEALTH, "n_without_health_card"),
    (8, VisitPurpose.SCHOOL_ENROLMENT, "n_not_enrolled"),
    (10, VisitPurpose.REGISTRATION, "n_not_registered"),
    (4, VisitPurpose.HEALTH, "n_not_vaccinated"),
)
#: Shares of children: of those talked to on a round, and of those identified anywhere.
_LACKING, _UNREGISTERED = 0.4, 0.08


def make_cases(rng: np.random.Generator, places: GeoDataFrame, until: date) -> GeoDataFrame:
    """Return two years of cases up to the day before `until`."""
    weights = _place_weights(rng, places)
    chosen = np.concatenate(
        [np.sort(rng.choice(len(places), size=n, p=weights)) for n in CASES_A_YEAR]
    )
    years_ago = np.repeat([2, 1], CASES_A_YEAR)
    rows = [
        _case(rng, places.iloc[int(k)], until - timedelta(days=int(_YEAR_DAYS * ago)))
        for k, ago in zip(chosen, years_ago, strict=True)
    ]
    points = [
        None if rng.random() < 0.03 else point  # noqa: PLR2004 - share without coordinates
        for point in _beside(rng, shapely.get_coordinates(places.geometry.to_numpy()[chosen]))
    ]
    frame = GeoDataFrame(rows, geometry=points, crs=EDGE_CRS)
    for column in ("identified_at", "identified_until", "referred_at"):
        frame[column] = pd.to_datetime(frame[column], utc=True).dt.tz_convert(TIRANE)
    return CASES.check(frame.sort_values("identified_at", ignore_index=True))


def _place_weights(rng: np.random.Generator, places: GeoDataFrame) -> NDArray[np.float64]:
    people = reference.settlements().groupby("municipality")["population"].sum()
    size = places.groupby("municipality")["place_id"].transform("size").to_numpy()
    town = people.reindex(places["municipality"]).fillna(0).to_numpy() + 4000.0
    looked = np.array([2.2 if code in TEAMS_OF else 0.8 for code in places["municipality"]])
    draw = np.array([_DRAW.get(PlaceKind(kind), 1.0) for kind in places["kind"]])
    few_stand_out = rng.lognormal(0.0, 1.1, size=len(places))
    weights = town**0.75 / size * looked * draw * few_stand_out
    return weights / weights.sum()


def _beside(rng: np.random.Generator, lonlat: NDArray[np.float64]) -> NDArray[np.object_]:
    return shapely.points((lonlat + rng.normal(0, 0.00015, size=lonlat.shape)).round(6))


def _pick(rng: np.random.Generator, weights: Mapping[Any, float]) -> str:
    shares = np.array(list(weights.values()))
    return str(list(weights)[int(rng.choice(len(shares), p=shares / shares.sum()))])


def _case(rng: np.random.Generator, place: pd.Series, first: date) -> dict[str, object]:
    kind, town = PlaceKind(place["kind"]), str(place["municipality"])
    sector = Sector(_pick(rng, _SECTORS.get(kind, _STREET)))
    at = _moment(rng, first, kind, sector)
    seasonal = kind is PlaceKind.BEACH or sector is Sector.AGRICULTURE
    degree = {RiskDegree.HIGH: 0.25, RiskDegree.MODERATE: 0.5, RiskDegree.LOW: 0.25}
    patrol = 0.6 if town in TEAMS_OF else 0.15
    return {
        "case_code": make_code(str(rng.integers(2**62))),
        "place_id": place["place_id"],
        "municipality_found": town,
        "municipality_home": _home(rng, town),
        "identified_at": at,
        "identified_until": None,
        "hour_known": bool(rng.random() < 0.85),  # noqa: PLR2004
        "sector": str(sector),
        "risk_degree": _pick(rng, degree),
        "engagement": str(Engagement.SEASONAL if seasonal else Engagement.ONGOING),
        "age_band": _pick(
            rng,
            {
                AgeBand.UNDER_6: 0.08,
                AgeBand.FROM_6: 0.38,
                AgeBand.FROM_12: 0.36,
                AgeBand.FROM_15: 0.18,
            },
        ),
        "schooling": _pick(
            rng,
            {
                Schooling.COMBINES: 0.4,
                Schooling.DROPPED_OUT: 0.25,
                Schooling.NEVER_ENROLLED: 0.15,
                Schooling.ATTENDS: 0.1,
                Schooling.UNKNOWN: 0.1,
            },
        ),
        "source": _pick(
            rng,
            {
                Source.PATROL: patrol,
                Source.POLICE: 0.12,
                Source.SCHOOL: 0.1,
                Source.CITIZEN: 0.1,
                Source.HELPLINE: 0.08,
                Source.HEALTH: 0.04,
                Source.INSPECTOR: 0.04,
            },
        ),
        "referred_at": at + timedelta(hours=float(rng.gamma(2.0, 7.0))),
        "synthetic": True,
    }


def _home(rng: np.random.Generator, town: str) -> str:
    """Return where the child lives: mostly where it was found."""
    if rng.random() < 0.85:  # noqa: PLR2004 - share found at home
        return town
    return str(rng.choice([m.code for m in reference.municipalities()]))


def _moment(rng: np.random.Generator, first: date, kind: PlaceKind, sector: Sector) -> datetime:
    months = _SUMMER if kind is PlaceKind.BEACH else _MONTHS
    days = [first + timedelta(days=i) for i in range(_YEAR_DAYS)]
    weights = np.array([months[day.month - 1] for day in days])
    day = days[int(rng.choice(_YEAR_DAYS, p=weights / weights.sum()))]
    hours = _BY_DAY if sector in _DAY_SECTORS else _LATE
    hour = int(rng.choice(24, p=hours / hours.sum()))
    minute = int(rng.integers(12)) * 5
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=TIRANE)


def make_visits(
    rng: np.random.Generator,
    places: GeoDataFrame,
    cases: GeoDataFrame,
    teams: tuple[Team, ...],
    until: date,
) -> pd.DataFrame:
    """Return a year of rounds in the usual hours; known places more often, mostly nobody."""
    found = cases[cases["source"] == Source.PATROL].groupby("place_id").size()
    fame = places["place_id"].map(found).fillna(0).to_numpy() + 0.4
    # Where no team ever found anybody, some places are never gone to.
    fame[(fame < 1.0) & (rng.random(len(places)) < 0.2)] = 0.0  # noqa: PLR2004 - share of them
    rows: list[dict[str, object]] = []
    for team in teams:
        own = np.flatnonzero((places["municipality"] == team.municipality).to_numpy())
        shares = fame[own] / fame[own].sum()
        for ago in range(1, _VISIT_DAYS + 1):
            day = until - timedelta(days=ago)
            if day.weekday() in team.weekdays and rng.random() < 0.8:  # noqa: PLR2004 - some fall out
                n = min(5, int((shares > 0).sum()))
                known = rng.choice(own, size=n, replace=False, p=shares)
                rows += _round(rng, team, day, places.iloc[known])
    for number, row in enumerate(rows, start=1):
        row["visit_id"] = f"visit-{number:06d}"
    frame = pd.DataFrame(rows)
    for column in ("started_at", "ended_at"):
        frame[column] = pd.to_datetime(frame[column], utc=True).dt.tz_convert(TIRANE)
    return VISITS.check(frame)


def _round(
    rng: np.random.Generator, team: Team, day: date, places: GeoDataFrame
) -> list[dict[str, object]]:
    """Return the visits of one outing, one after the other from the team's first hour."""
    at = datetime.combine(day, team.start, TIRANE) + timedelta(minutes=int(rng.integers(10, 40)))
    rows: list[dict[str, object]] = []
    for place_id in places["place_id"]:
        left = at + timedelta(minutes=int(rng.integers(15, 45)))
        rows.append(
            {
                **_met(rng),
                "place_id": place_id,
                "municipality": team.municipality,
                "team": team.id,
                "started_at": at,
                "ended_at": left,
                "purpose": str(VisitPurpose.IDENTIFICATION),
                "synthetic": True,
            }
        )
        at = left + timedelta(minutes=int(rng.integers(8, 25)))
    return rows


def _met(rng: np.random.Generator) -> dict[str, object]:
    """Return outcome and counts of a visit: mostly nobody, else children who are known already."""
    drawn = {VisitOutcome.NOBODY: 0.75, VisitOutcome.SEEN: 0.15, VisitOutcome.SPOKEN: 0.1}
    outcome = VisitOutcome(_pick(rng, drawn))
    return {
        "outcome": str(outcome),
        **dict.fromkeys(CHILD_COUNTS, 0),
        "n_seen": 0 if outcome is VisitOutcome.NOBODY else int(rng.integers(1, 4)),
    }


def tie_to_visits(
    rng: np.random.Generator, cases: GeoDataFrame, visits: pd.DataFrame, until: date
) -> tuple[GeoDataFrame, pd.DataFrame]:
    """Return cases and visits that tell one story: whom a team found, it found on a visit there.

    A find of the last year is moved to a visit at its place, rather one in the
    hours and the season in which children are there; where no team went, it was
    the police who found the child.
    """
    cases, visits = cases.copy(), visits.copy()
    begun = pd.Timestamp(until - timedelta(days=_VISIT_DAYS), tz=TIRANE)
    by_team = (cases["source"] == Source.PATROL) & (cases["identified_at"] >= begun)
    at = visits.groupby("place_id").indices
    start = visits["started_at"].dt.tz_convert(TIRANE)
    for row in np.flatnonzero(by_team):
        there = at.get(cases["place_id"].iloc[row])
        if there is None:
            cases.loc[cases.index[row], "source"] = str(Source.POLICE)
            continue
        was = cases["identified_at"].iloc[row].tz_convert(TIRANE)
        hours = _BY_DAY if cases["sector"].iloc[row] in _DAY_SECTORS else _LATE
        apart = np.abs((start.iloc[there] - was).dt.total_seconds().to_numpy()) / 86400.0
        weight = (hours[start.iloc[there].dt.hour] + 0.1) * np.exp(-apart / 10.0)
        visit = visits.index[int(rng.choice(there, p=weight / weight.sum()))]
        met = start[visit] + timedelta(minutes=5)
        case = cases.index[row]
        late = cases.loc[case, "referred_at"] - cases.loc[case, "identified_at"]
        cases.loc[case, ["identified_at", "referred_at"]] = [met, met + late]
        seen = max(int(visits.loc[visit, "n_seen"]), int(visits.loc[visit, "n_identified"]) + 1)
        visits.loc[visit, ["outcome", "n_seen"]] = [str(VisitOutcome.IDENTIFIED), seen]
        visits.loc[visit, "n_identified"] += 1
        for count in ("n_not_enrolled", "n_without_health_card"):
            visits.loc[visit, count] += int(rng.integers(0, 2))
    cases = cases.sort_values("identified_at", ignore_index=True)
    return CASES.check(cases), VISITS.check(visits)


def set_purposes(
    rng: np.random.Generator, visits: pd.DataFrame, places: GeoDataFrame
) -> pd.DataFrame:
    """Return visits of which those to settlements and markets are drives and rounds in their month.

    Of the children they talk to some lack what the round is for; of those that are
    identified on any visit a few are not in the civil register. Nothing else changes.
    """
    visits = visits.copy()
    kinds = visits["place_id"].map(places.set_index("place_id")["kind"])
    among_homes = kinds.isin([PlaceKind.SETTLEMENT, PlaceKind.MARKET])
    month = visits["started_at"].dt.tz_convert(TIRANE).dt.month
    talked = visits["outcome"].isin([VisitOutcome.SPOKEN, VisitOutcome.IDENTIFIED])
    visits["n_not_registered"] = rng.binomial(visits["n_identified"], _UNREGISTERED)
    for when, purpose, count in _ROUNDS:
        on = among_homes & (month == when)
        lacking = rng.binomial(visits["n_seen"].where(talked, 0)[on], _LACKING)
        visits.loc[on, "purpose"] = str(purpose)
        visits.loc[on, count] = np.maximum(visits.loc[on, count], lacking)
    return VISITS.check(visits)
