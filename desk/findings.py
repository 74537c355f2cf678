"""How sure the picture of a municipality is: comparisons of its cases and visits with chance.

Kept apart from the picture itself, because they take seconds and are for whoever
wants to know. They rest on single cases and are released like them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from data.access import Action, Purpose, release_cases, release_evidence, release_visits, require
from data.crs import to_metres
from data.messages import Message
from data.nouns import TIRANE, Area, Viewer
from desk.evidence import Evidence, Files, evidence_of
from desk.ground import area_of
from desk.wiring import House
from geo.clusters import ClusterSettings, child_place_weeks
from geo.features import Effect
from geo.guard import missing_cases
from geo.near_repeat import NearRepeat, near_repeat
from geo.risk import RiskSurface
from geo.scan import Happened, scan
from geo.significance import getis_ord
from geo.stability import stability
from geo.times import exposure_of, own_rates

__all__ = ["BAND_M", "SURE", "BurstFound", "Findings", "Listed", "find_out", "kept_at_once"]

#: Places nearer than this are each other's surroundings, metres.
BAND_M: Final = 1000.0
#: So rarely may chance give what is said to be found.
SURE: Final = 0.05
#: Chance is drawn anew from here each time: who asks twice gets one answer.
_SEED: Final = 1
#: So many child-place-weeks, redrawn so often, delay a map by less than 0.2 s.
_QUICK: Final = 300
_QUICK_REDRAWINGS: Final = 20
_WEEK_DAYS: Final = 7
_HOUR_S: Final = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Listed:
    """Rows, or why there are none."""

    rows: pd.DataFrame
    verdict: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BurstFound:
    """The strongest burst of cases, by the names of its places and the days of its span."""

    names: tuple[str, ...] = ()
    first: date = date.min
    last: date = date.min
    n: int = 0
    expected: float = 0.0
    strength: float = 0.0
    p: float = 1.0
    verdict: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Findings:
    """What comparing with chance gives.

    Parameters
    ----------
    standouts
        Places looked at, the farthest out first: `name`, `n_cases`, `z`, `q`.
    repeat
        Whether a case makes another one likelier nearby and soon.
    groups
        Groups of cases: `near` (their busiest place), `n_cases`, `kept`, `jaccard`.
    burst
        Where and when most more cases came than usual.
    effects
        By how much features of the ground multiply the rate of a place.
    scales
        How much a rate leans on each of what it borrows from, shares of one.
    """

    standouts: Listed
    repeat: NearRepeat
    groups: Listed
    burst: BurstFound
    effects: tuple[Effect, ...] = ()
    scales: Mapping[str, float] = field(default_factory=dict)

    @property
    def kept(self) -> dict[str, float]:
        """Return how well each group holds, by the id it has on the map."""
        return _by_group(self.groups.rows["kept"])


def find_out(
    house: House, viewer: Viewer, municipality: str, *, as_of: datetime | None = None
) -> Findings:
    """Return how the cases of a municipality compare with chance.

    Raises
    ------
    AccessDeniedError
        If the viewer may not open the cases there one by one.
    """
    require(viewer, Action.SEE_CASES, municipality)
    house.audit(viewer, "map.details", purpose=Purpose.MAP, scope=municipality)
    area, moment = area_of(municipality), as_of or datetime.now(TIRANE)
    known = evidence_of(house, area, Files(), until=moment)
    evidence = replace(
        known,
        cases=_with_point(release_cases(viewer, known.cases)),
        visits=release_visits(viewer, known.visits),
    )
    surface = evidence.surface(area, moment)
    standouts, groups = _standouts(evidence, area, surface), _groups(evidence, area)
    return Findings(
        standouts=Listed(rows=release_evidence(viewer, standouts.rows), verdict=standouts.verdict),
        repeat=_repeat(evidence, area),
        groups=Listed(rows=release_evidence(viewer, groups.rows), verdict=groups.verdict),
        burst=_burst(evidence, area),
        effects=surface.effects,
        scales=surface.scales,
    )


def kept_at_once(viewer: Viewer, municipality: str, cases: GeoDataFrame) -> dict[str, float]:
    """Return how well the groups on the map hold, by their id; nothing where it would take long.

    Few cases are redrawn while a map is drawn, if less often than for the findings.

    Parameters
    ----------
    cases
        All cases of the map that were released to the viewer.

    Raises
    ------
    AccessDeniedError
        If the viewer may not open the cases there one by one.
    """
    require(viewer, Action.SEE_CASES, municipality)
    settings, unique = ClusterSettings(), child_place_weeks(_with_point(cases))
    if not settings.min_cases <= len(unique) <= _QUICK:
        return {}
    found = stability(
        _metres(unique, area_of(municipality)),
        seed=_SEED,
        settings=settings,
        redrawings=_QUICK_REDRAWINGS,
    )
    return _by_group(pd.Series(found.kept))


def _by_group(kept: pd.Series) -> dict[str, float]:
    """Return values by the ids that `geo.clusters` gives groups: the largest is the first."""
    return {f"group-{n}": float(share) for n, share in enumerate(kept, start=1)}


def _with_point(cases: GeoDataFrame) -> GeoDataFrame:
    """Return the cases that can be compared: those with a point, which have a place as well."""
    return cases[cases.geometry.notna() & ~cases.geometry.is_empty & (cases["place_id"] != "")]


def _metres(frame: GeoDataFrame, area: Area) -> NDArray[np.float64]:
    return to_metres(shapely.get_coordinates(frame.geometry.to_numpy()), area.metric_crs)


def _days(moments: pd.Series, origin: date) -> NDArray[np.int64]:
    """Return the day of each moment in Tirana, counted from a day."""
    local = moments.dt.tz_convert(TIRANE).dt.tz_localize(None).dt.normalize()
    return (local - pd.Timestamp(origin)).dt.days.to_numpy(dtype=np.int64)


def _standouts(evidence: Evidence, area: Area, surface: RiskSurface) -> Listed:
    """Return the places that were looked at by how far their rate stands out.

    A rate that borrows from its surroundings would find itself in them: here each
    is drawn to the mean of all alone.
    """
    exposure = exposure_of(surface.ledger, surface.times).whole
    rates = surface.overall.assign(own=own_rates(surface.ledger, exposure))
    table = evidence.places.merge(rates[rates["known"]], on="place_id", how="inner")
    found = getis_ord(
        _metres(table, area),
        table["own"].to_numpy(dtype=np.float64),
        BAND_M,
        n_cases=len(evidence.cases),
    )
    columns = ["name", "n_cases", "z", "q"]
    if found.verdict is not None:
        return Listed(rows=pd.DataFrame(columns=columns), verdict=found.verdict)
    count = table["n_cases"].round().astype("int64")
    rows = pd.DataFrame(table[["name"]]).assign(n_cases=count, z=found.z, q=found.q)
    return Listed(rows=rows.sort_values(["z", "name"], ascending=[False, True])[columns])


def _repeat(evidence: Evidence, area: Area) -> NearRepeat:
    """Return the test for near repeats; children met at one place on one day are one event."""
    day = _days(evidence.cases["identified_at"], date(1970, 1, 1))
    events = evidence.cases.assign(day=day).drop_duplicates(["place_id", "day"])
    return near_repeat(_metres(events, area), events["day"].to_numpy(), seed=_SEED)


def _groups(evidence: Evidence, area: Area) -> Listed:
    """Return the groups that the map shows, with how well they hold."""
    settings, columns = ClusterSettings(), ["near", "n_cases", "kept", "jaccard"]
    unique = child_place_weeks(evidence.cases)
    nothing = pd.DataFrame(columns=columns)
    if len(unique) < settings.min_cases:
        return Listed(rows=nothing, verdict=missing_cases(len(unique), settings.min_cases))
    found = stability(_metres(unique, area), seed=_SEED, settings=settings)
    if not len(found.kept):
        return Listed(rows=nothing, verdict=Message("geo.no_groups"))
    names = evidence.places.set_index("place_id")["name"]
    members = [unique[found.labels == i] for i in range(len(found.kept))]
    rows = pd.DataFrame(
        {
            "near": [str(names.get(own["place_id"].mode().iloc[0], "")) for own in members],
            "n_cases": [len(own) for own in members],
            "kept": found.kept,
            "jaccard": found.jaccard,
        }
    )
    return Listed(rows=rows)


def _burst(evidence: Evidence, area: Area) -> BurstFound:
    """Return the strongest burst; weeks begin on Mondays."""
    cases, places = evidence.cases, evidence.places
    position = {str(place): i for i, place in enumerate(places["place_id"])}
    cases = cases[cases["place_id"].isin(position)]
    if cases.empty:
        return BurstFound(verdict=scan(_nothing(), seed=_SEED).verdict)
    first = cases["identified_at"].min().astimezone(TIRANE).date()
    monday = first - timedelta(days=first.weekday())
    week = _days(cases["identified_at"], monday) // _WEEK_DAYS
    happened = Happened(
        xy_m=_metres(places, area),
        place=cases["place_id"].map(position).to_numpy(dtype=np.int64),
        week=week,
        hours=_hours(evidence.visits, position, monday, int(week.max()) + 1),
    )
    found = scan(happened, seed=_SEED)
    names = places["name"].to_numpy(dtype=object)
    return BurstFound(
        names=tuple(str(names[i]) for i in found.places),
        first=monday + timedelta(weeks=found.first_week),
        last=monday + timedelta(weeks=found.last_week, days=_WEEK_DAYS - 1),
        n=found.n,
        expected=found.expected,
        strength=found.strength,
        p=found.p,
        verdict=found.verdict,
    )


def _nothing() -> Happened:
    none = np.empty(0, dtype=np.int64)
    return Happened(xy_m=np.empty((0, 2)), place=none, week=none)


def _hours(
    visits: pd.DataFrame, position: dict[str, int], monday: date, n_weeks: int
) -> NDArray[np.float64] | None:
    """Return the hours of presence by place and week, or `None` without visits.

    Of the weeks before the first visit nobody knows where teams were: a place's
    usual hours stand in.
    """
    hours = np.zeros((len(position), n_weeks))
    place = visits["place_id"].map(position)
    week = _days(visits["started_at"], monday) // _WEEK_DAYS
    within = (place.notna() & (week >= 0) & (week < n_weeks)).to_numpy()
    if not within.any():
        return None
    lasted = (visits["ended_at"] - visits["started_at"]).dt.total_seconds().to_numpy() / _HOUR_S
    at = place.to_numpy()[within].astype(np.int64)
    np.add.at(hours, (at, week[within]), np.maximum(lasted[within], 0.0))
    begun = int(week[within].min())
    hours[:, :begun] = hours[:, begun:].mean(axis=1)[:, None]
    return hours
