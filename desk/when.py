"""When: the week at a place, the season on the coast and inland, and this year against the last.

Kept apart from the picture: it is worked out when somebody asks for it, the week
only of the place asked for. It rests on single cases and is released like them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import pandas as pd

from data.access import Action, Purpose, release_cases, release_evidence, release_visits, require
from data.messages import Message
from data.nouns import TIRANE, Viewer
from desk.evidence import Files, evidence_of
from desk.ground import area_of
from desk.wiring import House
from geo.risk import RiskSurface
from geo.slots import HOURS
from geo.week import DAWN, week_clocks
from geo.year import SideSeason, YearOnYear, season, year_on_year

__all__ = ["PlaceWeek", "When", "find_when", "place_week"]

_DAY = 24


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class When:
    """The times of a municipality: its seasons, its years, and what the weeks are made from."""

    municipality: str
    seasons: tuple[SideSeason, ...]
    years: YearOnYear
    surface: RiskSurface


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlaceWeek:
    """The week at one place.

    Parameters
    ----------
    rows
        One row an hour of the week: `day` (0 is Monday; a night is part of the day it
        begins on) and `hour` of the clock, `rate_per_hour` (empty where no team ever
        was), `hours` of presence, `found` and `reported` cases known to their hour, and
        whether it is a high hour (`high`).
    high
        The high hours in words.
    high_h, unseen_h
        How many hours these are, and in how many of them no team ever was.
    held
        Share of what is expected in a week that they hold.
    n_timed
        How many of the place's cases are known to their hour.
    of_kind
        The high hours are those of places of its kind.
    verdict
        Says what is missing to say anything, or `None`.
    """

    rows: pd.DataFrame
    high: tuple[Message, ...]
    high_h: int
    unseen_h: int
    held: float
    n_timed: int
    of_kind: bool
    verdict: Message | None = None


def find_when(
    house: House, viewer: Viewer, municipality: str, *, as_of: datetime | None = None
) -> When:
    """Return the times of a municipality.

    Raises
    ------
    AccessDeniedError
        If the viewer may not open the cases there one by one.
    """
    require(viewer, Action.SEE_CASES, municipality)
    house.audit(viewer, "map.when", purpose=Purpose.MAP, scope=municipality)
    area, moment = area_of(municipality), as_of or datetime.now(TIRANE)
    known = evidence_of(house, area, Files(), until=moment)
    cases, visits = release_cases(viewer, known.cases), release_visits(viewer, known.visits)
    surface = replace(known, cases=cases, visits=visits).surface(area, moment)
    seasons = tuple(
        replace(side, months=release_evidence(viewer, side.months)) for side in season(surface)
    )
    years = year_on_year(cases, visits, moment)
    return When(
        municipality=municipality,
        seasons=seasons,
        years=replace(years, years=release_evidence(viewer, years.years)),
        surface=surface,
    )


def place_week(viewer: Viewer, when: When, place_id: str) -> PlaceWeek | None:
    """Return the week at a place of the municipality; `None` for a place unknown to it.

    Raises
    ------
    AccessDeniedError
        If the viewer may not open the cases there one by one.
    """
    require(viewer, Action.SEE_CASES, when.municipality)
    if not when.surface.overall["place_id"].isin([place_id]).any():
        return None
    (clock,) = week_clocks(when.surface, [place_id])
    hour = pd.Series(range(HOURS))
    high = [int(h) for run in clock.high for h in run.of_week]
    rows = pd.DataFrame(
        {
            "day": (hour - DAWN) % HOURS // _DAY,
            "hour": hour % _DAY,
            "rate_per_hour": clock.rate_per_hour,
            "hours": clock.hours,
            "found": clock.found,
            "reported": clock.reported,
            "high": hour.isin(high),
        }
    )
    return PlaceWeek(
        rows=release_evidence(viewer, rows),
        high=tuple(run.message for run in clock.high),
        high_h=len(high),
        unseen_h=clock.unseen,
        held=clock.held,
        n_timed=round(clock.n_timed),
        of_kind=clock.of_kind,
        verdict=clock.verdict,
    )
