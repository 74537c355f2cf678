"""The year of a municipality week by week: which visits it needs, which the hours allow.

The week is the unit: a place wanted every 28 days is visited in every fourth week,
one wanted every seven in each. In a week the most overdue go first. What the hours
do not allow waits, and is counted as late rather than forgotten.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import pandas as pd
from geopandas import GeoDataFrame

from data.nouns import Team, Week
from data.vocabulary import PlaceKind, VisitPurpose
from geo.places import is_awake
from patrol.needs import INTERVAL_DAYS
from patrol.roster import RosterSettings, break_min, make_demand
from patrol.season import COAST_KINDS, Effect, Season, SeasonWeek

__all__ = [
    "GROUPS",
    "YearPlan",
    "YearSettings",
    "plan_year",
    "team_hours",
    "weeks_of_year",
]

#: What a visit belongs to, in the order in which a picture stacks them.
GROUPS: Final = ("areas", "places", "coast", "rounds")
_WEEK_DAYS: Final = 7
#: Rounding of the season's interval must not cost a whole week.
_EPS: Final = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class YearSettings:
    """What a visit costs and how often places are wanted.

    Parameters
    ----------
    service_min, between_min
        Minutes at a place, and on the way to it.
    interval_days
        Every place and every inhabited area is wanted at least this often, all year.
    """

    service_min: float = 30.0
    between_min: float = 20.0
    interval_days: int = INTERVAL_DAYS

    @property
    def visit_h(self) -> float:
        """Return the hours of a visit with its way."""
        return (self.service_min + self.between_min) / 60.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class YearPlan:
    """A year of one municipality.

    Parameters
    ----------
    weeks
        One row a week: `week`, `monday`, `strength` of the season, `hand_h` (hours of teams
        at hand), `needed_h` and by group `needed_areas` … (hours that the intervals and
        rounds of this week ask for, evenly), `n_planned`, `n_late` (places still waiting).
    visits
        One row a planned visit: `week`, `place_id`, `name`, `kind`, `group`, `purpose`,
        `evening` (whether it is wanted in the evening), `weeks_late`.
    """

    weeks: pd.DataFrame
    visits: pd.DataFrame


def weeks_of_year(year: int) -> tuple[Week, ...]:
    """Return the ISO weeks of a year, 52 or 53."""
    last = Week.of(date(year, 12, 28)).number
    return tuple(Week(year=year, number=number) for number in range(1, last + 1))


def team_hours(
    teams: Sequence[Team], weeks: Sequence[Week], settings: RosterSettings
) -> list[float]:
    """Return the hours of teams at work in each week, their breaks taken off."""
    found = []
    for week in weeks:
        demand = make_demand(teams, (week,), settings=settings)
        found.append(
            sum(
                (one.shift.end - one.shift.start).total_seconds() / 3600.0
                - break_min(one.shift, settings) / 60.0
                for one in demand
            )
        )
    return found


def plan_year(  # noqa: PLR0913 - what a year is planned from, each by its name
    places: GeoDataFrame,
    last_seen: Mapping[str, date],
    season: Season,
    hand_h: Sequence[float],
    year: int,
    *,
    settings: YearSettings | None = None,
) -> YearPlan:
    """Return the year of a municipality.

    Parameters
    ----------
    places
        PLACES, inhabited areas without a known place among them.
    last_seen
        When somebody was last at a place, before the year, by `place_id`.
    hand_h
        Hours of teams at work in each week of the year, in order.
    """
    settings = settings or YearSettings()
    weeks = weeks_of_year(year)
    if len(hand_h) != len(weeks):
        msg = "hours at hand are given for every week of the year"
        raise ValueError(msg)
    state = _State(places, last_seen, weeks[0], settings)
    rows, visits = [], []
    for number, (week, hours) in enumerate(zip(weeks, hand_h, strict=True)):
        calendar = season.week(week)
        wanted = state.wanted(number, calendar)
        done = wanted[: _room(hours, settings)]
        for one in done:
            state.visit(one, number)
            visits.append({"week": str(week), **one.row()})
        needed = {group: state.needed_h(group, calendar) for group in GROUPS}
        rows.append(
            {
                "week": str(week),
                "monday": week.monday,
                "strength": calendar.strength,
                "hand_h": hours,
                "needed_h": sum(needed.values()),
                **{f"needed_{group}": value for group, value in needed.items()},
                "n_planned": len(done),
                "n_late": len(wanted) - len(done),
            }
        )
    columns = ("week", "place_id", "name", "kind", "group", "purpose", "evening", "weeks_late")
    return YearPlan(weeks=pd.DataFrame(rows), visits=pd.DataFrame(visits, columns=columns))


def _room(hours: float, settings: YearSettings) -> int:
    return math.floor(hours / settings.visit_h + _EPS)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """A visit that is due in a week; `ratio` is the wait so far as a share of the interval."""

    position: int
    place: Any
    effect: Effect
    ratio: float
    weeks_late: int
    group: str

    def row(self) -> dict[str, object]:
        return {
            "place_id": str(self.place.place_id),
            "name": str(self.place.name),
            "kind": str(self.place.kind),
            "group": self.group,
            "purpose": str(self.effect.purpose),
            "evening": bool(self.effect.season_days),
            "weeks_late": self.weeks_late,
        }


class _State:
    """Which place was seen in which week of the year, and for which round."""

    def __init__(
        self,
        places: GeoDataFrame,
        last_seen: Mapping[str, date],
        first: Week,
        settings: YearSettings,
    ) -> None:
        self._places = list(places.sort_values("place_id").itertuples())
        self._settings = settings
        usual = settings.interval_days // _WEEK_DAYS
        self._seen: list[int] = []
        for position, place in enumerate(self._places):
            known = last_seen.get(str(place.place_id))
            # Those nobody knows of are spread over the first interval, and not all due at once.
            start = -1 - (usual - 1 - position % usual)
            if known is not None:
                start = math.floor((known - first.monday).days / _WEEK_DAYS)
            self._seen.append(min(start, -1))
        self._round: dict[int, VisitPurpose] = {}
        self._effects: dict[tuple[str, str, str], Effect] = {}

    def _effect(self, place: Any, calendar: SeasonWeek) -> Effect:  # noqa: ANN401 - a row of PLACES
        named = any(entry.places for entry, _ in calendar.on)
        key = (str(calendar.days[0]), str(place.kind), str(place.place_id) if named else "")
        if key not in self._effects:
            self._effects[key] = calendar.effect(str(place.place_id), PlaceKind(place.kind))
        return self._effects[key]

    def _interval(self, effect: Effect) -> int:
        days = effect.interval_days(self._settings.interval_days)
        return max(1, math.floor(days / _WEEK_DAYS + _EPS))

    def _awake(self, calendar: SeasonWeek) -> list[tuple[int, Any, Effect]]:
        months = {day.month for day in calendar.days}
        return [
            (position, place, self._effect(place, calendar))
            for position, place in enumerate(self._places)
            if any(is_awake(place.awake_from, place.awake_to, month) for month in months)
        ]

    def wanted(self, number: int, calendar: SeasonWeek) -> list[_Wanted]:
        """Return what is due in a week, the most overdue first; a round's visits after these."""
        found = []
        for position, place, effect in self._awake(calendar):
            every, wait = self._interval(effect), number - self._seen[position]
            is_round = effect.purpose is not VisitPurpose.IDENTIFICATION
            if not is_round:
                self._round.pop(position, None)
            for_round = is_round and self._round.get(position) is not effect.purpose
            if wait >= every or for_round:
                found.append(
                    _Wanted(
                        position=position,
                        place=place,
                        effect=effect,
                        ratio=wait / every,
                        weeks_late=max(wait - every, 0),
                        group=_group(place, effect),
                    )
                )
        return sorted(found, key=lambda one: (-one.ratio, -one.effect.factor, one.position))

    def visit(self, one: _Wanted, number: int) -> None:
        """Note that a place is visited in a week."""
        self._seen[one.position] = number
        if one.effect.purpose is not VisitPurpose.IDENTIFICATION:
            self._round[one.position] = one.effect.purpose

    def needed_h(self, group: str, calendar: SeasonWeek) -> float:
        """Return the hours that a week's intervals ask of a group, spread evenly."""
        return self._settings.visit_h * sum(
            1.0 / self._interval(effect)
            for _, place, effect in self._awake(calendar)
            if _group(place, effect) == group
        )


def _group(place: Any, effect: Effect) -> str:  # noqa: ANN401 - a row of PLACES
    if effect.purpose is not VisitPurpose.IDENTIFICATION:
        return "rounds"
    kind = PlaceKind(place.kind)
    if kind in COAST_KINDS and effect.strength:
        return "coast"
    return "areas" if kind is PlaceKind.SETTLEMENT else "places"
