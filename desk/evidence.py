"""What a plan is made from: the store's places, cases, visits and crew, or those of files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from pathlib import Path

import pandas as pd
import shapely
from geopandas import GeoDataFrame

from data import frames, reference
from data.duties import Wish
from data.nouns import Absence, Area, Base, Decision, Team, Worker
from data.readers import Rejection
from data.vocabulary import Skill, TravelMode
from desk.county import county_rate
from desk.import_ready import nothing_valid
from desk.wiring import House, read_cases, read_teams, read_visits
from geo.places import join_cases
from geo.register import merge_places, merged_roots
from geo.risk import RiskSurface, risk_surface

__all__ = ["Crew", "Evidence", "Files", "crew_of", "evidence_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """Files that stand in for what the store holds."""

    cases: Path | None = None
    visits: Path | None = None
    teams: Path | None = None
    streets: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Evidence:
    """Places, cases joined to them, visits, and the rows of the files that were refused.

    What was decided on places stands in `decisions`, also what was decided later than the
    evidence goes: it is what a coordinator wants now. Merged places are one here; `merged`
    says as which.
    """

    places: GeoDataFrame
    cases: GeoDataFrame
    visits: pd.DataFrame
    county_per_hour: float | None = None
    decisions: tuple[Decision, ...] = ()
    merged: Mapping[str, str] = field(default_factory=dict)
    rejected: tuple[Rejection, ...] = ()

    @property
    def synthetic(self) -> bool:
        """Say whether anything in it is invented."""
        return any(bool(f["synthetic"].any()) for f in (self.places, self.cases, self.visits))

    def surface(self, area: Area, as_of: datetime) -> RiskSurface:
        """Return the risk of the area at a moment."""
        return risk_surface(
            self.cases,
            self.visits,
            self.places,
            area,
            as_of=as_of,
            county_per_hour=self.county_per_hour,
        )

    def known_until(self, otherwise: datetime) -> datetime:
        """Return the last moment that the evidence speaks of."""
        last = (self.cases["identified_at"].max(), self.visits["ended_at"].max())
        moments = [moment.to_pydatetime() for moment in last if not pd.isna(moment)]
        return max(moments, default=otherwise).replace(microsecond=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """Who can work, in which teams, from where, and when not."""

    workers: tuple[Worker, ...]
    teams: tuple[Team, ...]
    bases: tuple[Base, ...]
    absences: tuple[Absence, ...] = ()
    wishes: tuple[Wish, ...] = ()
    rejected: tuple[Rejection, ...] = field(default=())


def evidence_of(house: House, area: Area, files: Files, *, until: datetime) -> Evidence:
    """Return what was known of an area at a moment: the files' where given, else the store's.

    A file of cases stands for the visits as well: hours that belong to other
    cases are no denominator for these, and what was decided on places rests on them too.

    Raises
    ------
    ContractError
        If a file cannot be read, or none of its rows is valid.
    """
    code = area.municipality
    places = frames.PLACES.empty() if code is None else house.store.places(code)
    rejected: tuple[Rejection, ...] = ()
    county: float | None = None
    cases, visits = frames.CASES.empty(), frames.VISITS.empty()
    decisions: tuple[Decision, ...] = ()
    if files.cases is None and code is not None:
        cases, visits = house.store.cases(code), house.store.visits(code)
        decisions = house.store.register.decisions(code)
        county = county_rate(house, code, until)
    towns = reference.municipalities()
    if files.cases is not None:
        read = read_cases(files.cases, files.cases.name, municipalities=towns)
        if read.frame.empty:
            raise nothing_valid(read.rejected)
        cases, rejected = _of_area(read.frame, area), read.rejected
    if files.visits is not None:
        met = read_visits(files.visits, files.visits.name, municipalities=towns)
        if met.frame.empty:
            raise nothing_valid(met.rejected)
        visits, rejected = met.frame, rejected + met.rejected
        places = _with_places(places, met.places, area)
    cases = cases[cases["identified_at"] < until].reset_index(drop=True)
    visits = visits[visits["ended_at"] < until]
    cases, places = join_cases(cases, places, area)
    visits = visits[visits["place_id"].isin(set(places["place_id"]))].reset_index(drop=True)
    merged = merged_roots(decisions, set(places["place_id"]))
    places, cases, visits = merge_places(places, cases, visits, merged)
    return Evidence(
        places=places,
        cases=cases,
        visits=visits,
        county_per_hour=county,
        decisions=decisions,
        merged=merged,
        rejected=rejected,
    )


def _of_area(cases: GeoDataFrame, area: Area) -> GeoDataFrame:
    """Return the cases found in the area: by their point, or by what they name without one."""
    shapely.prepare(area.boundary)
    there = cases.geometry.notna() & ~cases.geometry.is_empty
    inside = there & shapely.intersects(area.boundary, cases.geometry.to_numpy())
    named = ~there & (cases["municipality_found"] == (area.municipality or ""))
    return cases[inside | named]


def _with_places(known: GeoDataFrame, described: GeoDataFrame | None, area: Area) -> GeoDataFrame:
    """Return the known places and those that a file of visits describes inside the area."""
    if described is None or described.empty:
        return known
    inside = described[described.geometry.intersects(area.boundary)]
    new = inside[~inside["place_id"].isin(set(known["place_id"]))]
    if known.empty or new.empty:
        return new if known.empty else known
    return frames.PLACES.check(pd.concat([known, new], ignore_index=True))


def crew_of(house: House, area: Area, files: Files) -> Crew:
    """Return who can work: the file's, the store's, or two teams of two where nobody is known."""
    if files.teams is not None:
        read = read_teams(files.teams, files.teams.name, municipalities=reference.municipalities())
        return Crew(
            workers=read.workers,
            teams=read.teams,
            bases=read.bases,
            absences=read.absences,
            rejected=read.rejected,
        )
    code, store = area.municipality, house.store
    if code is not None and store.teams(code):
        return Crew(
            workers=store.workers(code),
            teams=store.teams(code),
            bases=store.bases(code),
            absences=store.absences(code),
            wishes=store.wishes.of(code),
        )
    return _usual_crew(area)


def _usual_crew(area: Area) -> Crew:
    """Return two teams of two, a child protection worker in each, on foot from the middle."""
    if area.municipality is None:
        middle = area.boundary.representative_point()
        lon, lat = middle.x, middle.y
    else:
        town = reference.municipality(area.municipality)
        lon, lat = town.seat_lon, town.seat_lat
    base = Base(id="base-1", name=area.name, municipality=area.municipality, lon=lon, lat=lat)
    workers = tuple(
        Worker(
            id=f"worker-{n}",
            name=f"{n}",
            municipality=area.municipality,
            skills=frozenset({Skill.OUTREACH} | ({Skill.CHILD_PROTECTION} if n % 2 else set())),
        )
        for n in range(1, 5)
    )
    hours = ((time(9), time(15)), (time(15), time(21)))
    teams = tuple(
        Team(
            id=f"team-{n}",
            name=f"{n}",
            municipality=area.municipality,
            base=base.id,
            mode=TravelMode.WALK,
            start=start,
            end=end,
            weekdays=(0, 1, 2, 3, 4),
            members=(f"worker-{2 * n - 1}", f"worker-{2 * n}"),
        )
        for n, (start, end) in enumerate(hours, start=1)
    )
    return Crew(workers=workers, teams=teams, bases=(base,))
