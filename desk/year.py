"""The year of a municipality, a county or the whole coast: needed, at hand, lacking."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final, Literal

import pandas as pd

from data import reference
from data.access import (
    K_INTERNAL,
    Action,
    Purpose,
    release_calendar,
    release_loans,
    require,
)
from data.calendar import CalendarEntry
from data.errors import ContractError
from data.lending import Loan
from data.messages import Message
from data.nouns import TIRANE, Marks, Team, Viewer, Week
from data.vocabulary import CalendarKind, LoanState, Role
from desk.calendar import in_year
from desk.evidence import Crew, Files, evidence_of
from desk.ground import area_of
from desk.lending import crew_in
from desk.season import season_of, with_inhabited
from desk.wiring import House
from patrol.before_after import EffortSettings, PeriodEffort, compare_season
from patrol.history import place_history
from patrol.roster import RosterSettings
from patrol.season import COAST_KINDS, Season
from patrol.year_plan import GROUPS, plan_year, team_hours, weeks_of_year

__all__ = ["Scope", "TownYear", "YearPicture", "scope_codes", "scopes_of", "year_picture"]

#: Shifts of a week are as long as this where no team has any.
_USUAL_SHIFT_H: Final = 6.0
#: Whoever looks at the country learns no rate that one place makes.
_MOST_SHARE: Final = 0.85
_MARKED: Final = frozenset(CalendarKind) - {CalendarKind.OTHER, CalendarKind.SCHOOL_HOLIDAY}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What is looked at: a municipality or county by its code, or the whole coast."""

    kind: Literal["municipality", "county", "coast"]
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TownYear:
    """One municipality's year in a row: hours, and days of teams lacking and borrowed."""

    code: str
    name: str
    n_places: int
    needed_h: float
    hand_h: float
    weeks_short: int
    days_lacking: int
    days_lent: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class YearPicture:
    """A year as one picture.

    Parameters
    ----------
    weeks
        Of `patrol.year_plan.YearPlan`, summed over the municipalities, with `lacking_h`
        (hours that do not suffice, municipality by municipality).
    visits
        Planned visits with `municipality`; empty for whoever sees no place.
    spans
        Calendar entries with their days in the year.
    """

    scope: Scope
    year: int
    weeks: pd.DataFrame
    visits: pd.DataFrame
    towns: tuple[TownYear, ...]
    spans: tuple[tuple[date, date, CalendarEntry], ...]
    loans: tuple[Loan, ...]
    compared: tuple[PeriodEffort, ...]
    compared_year: int
    marks: Marks

    @property
    def short(self) -> pd.DataFrame:
        """Return the weeks in which the hours do not suffice somewhere."""
        return self.weeks[self.weeks["lacking_h"] > 0]

    @property
    def days_lacking(self) -> int:
        """Return how many days of teams are lacking in the year."""
        return sum(town.days_lacking for town in self.towns)

    @property
    def days_lent(self) -> int:
        """Return how many days of teams are lent to the municipalities in the year."""
        return sum(town.days_lent for town in self.towns)


def scopes_of(viewer: Viewer) -> tuple[Scope, ...]:
    """Return what a viewer may look at: own municipalities, or the coast and the counties."""
    if viewer.role is Role.COORDINATOR and not viewer.is_operator:
        own = sorted(viewer.municipalities)
        return tuple(Scope(kind="municipality", code=code) for code in own)
    counties = reference.counties()["code"]
    return (Scope(kind="coast"), *(Scope(kind="county", code=str(code)) for code in counties))


def scope_codes(scope: Scope) -> tuple[str, ...]:
    """Return the municipalities of a scope.

    Raises
    ------
    ContractError
        If there is no such municipality or county.
    """
    towns = reference.municipalities()
    codes = tuple(
        town.code
        for town in towns
        if (scope.kind == "coast" and town.coastal)
        or (scope.kind == "county" and town.county == scope.code)
        or (scope.kind == "municipality" and town.code == scope.code)
    )
    if not codes:
        name = "desk.municipality_unknown" if scope.kind == "municipality" else "season.no_county"
        raise ContractError(Message(name))
    return codes


def year_picture(
    house: House, viewer: Viewer, scope: Scope, year: int, *, as_of: datetime | None = None
) -> YearPicture:
    """Return the year of a scope; who looks at counties gets hours and counts, and no place.

    Raises
    ------
    AccessDeniedError
        If the viewer may not see the season of each of its municipalities.
    """
    codes = scope_codes(scope)
    for code in codes:
        require(viewer, Action.SEE_SEASON, code)
    audited = scope.code if scope.kind == "municipality" else ""
    house.audit(viewer, "season.see", purpose=Purpose.SEASON, scope=audited)
    now = (as_of or datetime.now(TIRANE)).replace(second=0, microsecond=0)
    weeks = weeks_of_year(year)
    made = [_town(house, code, year, weeks, now) for code in codes]
    compared_year = min(year, now.astimezone(TIRANE).year)
    exact = viewer.role is Role.COORDINATOR
    spans = in_year(release_calendar(viewer, _calendar(made)), year)
    return YearPicture(
        scope=scope,
        year=year,
        weeks=_summed([one.weeks for one in made]),
        visits=_visits(made) if exact else _visits([]),
        towns=tuple(one.row for one in made),
        spans=tuple(span for span in spans if span[2].kind in _MARKED),
        loans=_in_year(release_loans(viewer, house.store.loans.loans()), codes, year),
        compared=_compared(made, compared_year, exact=exact),
        compared_year=compared_year,
        marks=Marks(
            synthetic=any(one.synthetic for one in made),
            illustrative_streets=False,
            as_of=now,
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Town:
    code: str
    season: Season
    weeks: pd.DataFrame
    visits: pd.DataFrame
    seen: pd.DataFrame
    row: TownYear
    synthetic: bool


def _town(house: House, code: str, year: int, weeks: Sequence[Week], now: datetime) -> _Town:
    area = area_of(code)
    until = min(now, datetime.combine(weeks[0].monday, time(), TIRANE))
    # What was seen since is for the comparison; the plan of a year is made before it.
    known = with_inhabited(house, area, evidence_of(house, area, Files(), until=now), now)
    season = season_of(house, area, weeks)
    last = place_history(known.places["place_id"], known.visits, until)["last_visit"].dropna()
    seen = {str(place): moment.date() for place, moment in last.items()}
    hand = _hand(house, code, season, weeks)
    plan = plan_year(known.places, seen, season, hand.hours, year)
    lacking = (plan.weeks["needed_h"] - plan.weeks["hand_h"]).clip(lower=0.0)
    lacking = lacking.where(lacking > _NOISE_H, 0.0)
    town = reference.municipality(code)
    coast = set(map(str, COAST_KINDS))
    on_coast = known.places.loc[known.places["kind"].isin(coast), "place_id"]
    return _Town(
        code=code,
        season=season,
        weeks=plan.weeks.assign(lacking_h=lacking, lent_h=hand.lent),
        visits=plan.visits,
        seen=known.visits[known.visits["place_id"].isin(set(on_coast))],
        row=TownYear(
            code=code,
            name=town.name_sq,
            n_places=len(known.places),
            needed_h=round(float(plan.weeks["needed_h"].sum()), 1),
            hand_h=round(float(plan.weeks["hand_h"].sum()), 1),
            weeks_short=int((lacking > 0).sum()),
            days_lacking=sum(math.ceil(hours / hand.shift_h) for hours in lacking if hours > 0),
            days_lent=hand.days_lent,
        ),
        synthetic=known.synthetic,
    )


#: Less than a visit is lacking to nobody.
_NOISE_H: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hand:
    """Hours of teams by week, those lent to the municipality among them."""

    hours: list[float]
    lent: list[float]
    shift_h: float
    days_lent: int


def _hand(house: House, code: str, season: Season, weeks: Sequence[Week]) -> _Hand:
    store = house.store
    own = Crew(workers=(), teams=store.teams(code), bases=(), absences=())
    hours, lent, n_shifts, days_lent = [], [], 0.0, 0
    for week in weeks:
        crew, away = crew_in(house, code, own, [week])
        closed = season.closed(week.monday, week.days[-1])
        limits = RosterSettings(holidays=closed, away=away)
        guests = tuple(team for team in crew.teams if team not in own.teams)
        mine = team_hours(own.teams, [week], limits)[0]
        theirs = team_hours(guests, [week], limits)[0]
        hours.append(mine + theirs)
        lent.append(theirs)
        days_lent += sum(_days(team, week, limits) for team in guests)
        n_shifts += sum(_days(team, week, limits) for team in crew.teams)
    mean = sum(hours) / n_shifts if n_shifts else _USUAL_SHIFT_H
    return _Hand(hours=hours, lent=lent, shift_h=mean, days_lent=days_lent)


def _days(team: Team, week: Week, limits: RosterSettings) -> int:
    return sum(
        day.weekday() in team.weekdays
        and not limits.is_holiday(day)
        and not limits.is_away(team.id, day)
        for day in week.days
    )


def _summed(found: Sequence[pd.DataFrame]) -> pd.DataFrame:
    first = found[0]
    sums = ["hand_h", "lent_h", "needed_h", "lacking_h", "n_planned", "n_late"]
    sums += [f"needed_{group}" for group in GROUPS]
    total = sum((one[sums] for one in found[1:]), first[sums].copy())
    strength = sum((one["strength"] for one in found[1:]), first["strength"].copy()) / len(found)
    return first[["week", "monday"]].assign(
        strength=strength, **{name: total[name] for name in sums}
    )


def _visits(made: Sequence[_Town]) -> pd.DataFrame:
    found = [one.visits.assign(municipality=one.row.name) for one in made if len(one.visits)]
    if found:
        return pd.concat(found, ignore_index=True)
    columns = ("week", "place_id", "name", "kind", "group", "purpose", "evening", "weeks_late")
    return pd.DataFrame([], columns=[*columns, "municipality"])


def _calendar(made: Sequence[_Town]) -> tuple[CalendarEntry, ...]:
    """Return the entries of all municipalities, each once, and the drives that follow from them."""
    found: Mapping[str, CalendarEntry] = {}
    for one in made:
        year = one.weeks["monday"]
        drives = one.season.drives(year.iloc[0], one.weeks["monday"].iloc[-1])
        found = {**found, **{entry.id: entry for entry in (*one.season.entries, *drives)}}
    return tuple(found.values())


def _in_year(loans: Sequence[Loan], codes: Sequence[str], year: int) -> tuple[Loan, ...]:
    first, last = date(year, 1, 1), date(year, 12, 31)
    return tuple(
        one
        for one in loans
        if {one.lender, one.borrower} & set(codes)
        and one.first <= last
        and first <= one.last
        and one.state is LoanState.AGREED
    )


def _compared(made: Sequence[_Town], year: int, *, exact: bool) -> tuple[PeriodEffort, ...]:
    visits = pd.concat([one.seen for one in made], ignore_index=True)
    limits = (
        EffortSettings()
        if exact
        else EffortSettings(min_meetings=K_INTERNAL, most_share=_MOST_SHARE)
    )
    seasons = {one.code: one.season for one in made}
    return compare_season(visits, seasons, year, settings=limits)
