"""What the calendar changes in a week: the coast in its season, drives, markets, closed days.

The season on the coast is counted by days: full between its first and last day,
and rising and falling by equal steps in the days before and after, so that teams
are there before the crowd and not gone with its first half. In the weeks before
school begins teams go for enrolment, unless the calendar says another time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final

from data.calendar import CalendarEntry, days_of, spans_of
from data.nouns import TIRANE, TimeWindow, Week
from data.vocabulary import CalendarKind, PlaceKind, VisitPurpose

__all__ = [
    "COAST_KINDS",
    "PURPOSES",
    "Effect",
    "Season",
    "SeasonSettings",
    "SeasonWeek",
    "kinds_of",
]

#: Where the season is: a beach and a promenade have it on a lake as well.
COAST_KINDS: Final = (PlaceKind.BEACH, PlaceKind.PROMENADE, PlaceKind.BUS_STATION)
#: What a team goes for while a drive or a round is on.
PURPOSES: Final[Mapping[CalendarKind, VisitPurpose]] = {
    CalendarKind.ENROLMENT_DRIVE: VisitPurpose.SCHOOL_ENROLMENT,
    CalendarKind.HEALTH_ROUND: VisitPurpose.HEALTH,
    CalendarKind.REGISTRATION_ROUND: VisitPurpose.REGISTRATION,
}
#: Which kinds of places an entry concerns unless it says so itself.
_USUAL_KINDS: Final[Mapping[CalendarKind, tuple[PlaceKind, ...]]] = {
    CalendarKind.SEASON: COAST_KINDS,
    CalendarKind.MARKET: (PlaceKind.MARKET,),
    CalendarKind.FERRY: (PlaceKind.BORDER, PlaceKind.PROMENADE),
    CalendarKind.PILGRIMAGE: (PlaceKind.WORSHIP,),
    CalendarKind.ENROLMENT_DRIVE: (PlaceKind.SETTLEMENT, PlaceKind.SCHOOL, PlaceKind.MARKET),
    CalendarKind.HEALTH_ROUND: (PlaceKind.SETTLEMENT, PlaceKind.MARKET),
    CalendarKind.REGISTRATION_ROUND: (PlaceKind.SETTLEMENT, PlaceKind.MARKET),
}
#: These close or mark days, or set the season; they send nobody anywhere by themselves.
_NO_PLACE: Final = frozenset(
    {
        CalendarKind.PUBLIC_HOLIDAY,
        CalendarKind.SCHOOL_YEAR,
        CalendarKind.SCHOOL_HOLIDAY,
        CalendarKind.SEASON,
    }
)
_WEEK_DAYS: Final = 7
_SATURDAY: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonSettings:
    """How strongly the calendar bears on a plan.

    Parameters
    ----------
    ramp_up_days, wind_down_days
        Days before and after the season in which it rises and falls.
    coast_factor
        By how much a visit on the coast is worth more in full season.
    coast_interval_days
        Every place of the coast is wanted at least this often in full season.
    enrolment_days
        Days before school begins in which teams go for enrolment.
    round_factor
        By how much a visit of a drive or a round is worth more, unless its entry says.
    """

    ramp_up_days: int = 14
    wind_down_days: int = 14
    coast_factor: float = 1.5
    coast_interval_days: int = 7
    enrolment_days: int = 28
    round_factor: float = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a week's calendar means for one place.

    Parameters
    ----------
    factor
        By how much a visit is worth more.
    strength
        Of the season there, 0 to 1, as the mean of the week's days.
    season_days
        Days on which the season is on there.
    purpose
        What teams go for.
    because
        Kind of the entry that weighs most, of those that are no season.
    only
        When that entry is on, where that is not the whole week; empty: as usual.
    coast_interval_days
        See `SeasonSettings`.
    """

    factor: float = 1.0
    strength: float = 0.0
    season_days: frozenset[date] = frozenset()
    purpose: VisitPurpose = VisitPurpose.IDENTIFICATION
    because: CalendarKind | None = None
    only: tuple[tuple[date, TimeWindow | None], ...] = ()
    coast_interval_days: int = 7

    def interval_days(self, usual: float) -> float:
        """Return how often the place is wanted: the season draws its visits together."""
        full = min(float(self.coast_interval_days), usual)
        return usual + (full - usual) * self.strength


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonWeek:
    """What is on in a week, and on which of its days."""

    days: tuple[date, ...]
    strengths: tuple[float, ...]
    season_factor: float
    on: tuple[tuple[CalendarEntry, tuple[date, ...]], ...]
    coastal: bool
    settings: SeasonSettings
    school: bool = True

    @property
    def strength(self) -> float:
        """Return the season's strength, as the mean of the days."""
        return sum(self.strengths) / len(self.strengths)

    def effect(self, place_id: str, kind: PlaceKind) -> Effect:
        """Return what the week's calendar means for a place."""
        entries = [
            (entry, days)
            for entry, days in self.on
            if _raises(entry) and _concerns(entry, place_id, kind)
        ]
        season = kind in COAST_KINDS and (kind is not PlaceKind.BUS_STATION or self.coastal)
        strength = self.strength if season else 0.0
        found = Effect(
            factor=1.0 + (self.season_factor - 1.0) * strength,
            strength=strength,
            season_days=frozenset(
                day
                for day, one in zip(self.days, self.strengths, strict=True)
                if season and one > 0
            ),
            coast_interval_days=self.settings.coast_interval_days,
        )
        if not entries:
            return found
        weight = {entry.id: self._factor(entry) for entry, _ in entries}
        entry, days = max(entries, key=lambda one: (weight[one[0].id], one[0].id))
        purposes = [PURPOSES[e.kind] for e, _ in entries if e.kind in PURPOSES]
        return replace(
            found,
            # What is worth more for two reasons is not worth more twice.
            factor=max(found.factor, weight[entry.id]),
            purpose=min(purposes, key=list(VisitPurpose).index) if purposes else found.purpose,
            because=entry.kind,
            only=_only(entry, days, self.days),
        )

    def _factor(self, entry: CalendarEntry) -> float:
        if entry.kind in PURPOSES and entry.factor == 1.0:
            return self.settings.round_factor
        return entry.factor


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    """The calendar of an area as plans use it.

    Parameters
    ----------
    entries
        Those that stand for the area (`data.calendar.standing`).
    coastal
        Whether the area lies on the sea.
    """

    entries: tuple[CalendarEntry, ...] = ()
    coastal: bool = False
    settings: SeasonSettings = field(default_factory=SeasonSettings)

    def strength(self, day: date) -> float:
        """Return how strong the season on the coast is on a day, 0 to 1."""
        return max((self._strength(e, day) for e in self._of(CalendarKind.SEASON)), default=0.0)

    def _strength(self, entry: CalendarEntry, day: date) -> float:
        up, down = self.settings.ramp_up_days, self.settings.wind_down_days
        near = spans_of(entry, day - timedelta(days=down), day + timedelta(days=up))
        return max((_ramp(day, *span, up, down) for span in near), default=0.0)

    def closed(self, first: date, last: date) -> tuple[date, ...]:
        """Return the public holidays of a period, in order."""
        holidays = self._of(CalendarKind.PUBLIC_HOLIDAY)
        return tuple(sorted({day for entry in holidays for day in days_of(entry, first, last)}))

    def is_school_day(self, day: date) -> bool:
        """Say whether there is school; where the calendar knows of none, there always is."""
        years = self._of(CalendarKind.SCHOOL_YEAR)
        if not years:
            return True
        free = (
            *self._of(CalendarKind.SCHOOL_HOLIDAY),
            *self._of(CalendarKind.PUBLIC_HOLIDAY),
        )
        in_term = any(days_of(entry, day, day) for entry in years)
        off = any(days_of(entry, day, day) for entry in free)
        return day.weekday() < _SATURDAY and in_term and not off

    def drives(self, first: date, last: date) -> tuple[CalendarEntry, ...]:
        """Return the enrolment drives before school begins that no entry of its own replaces."""
        length = timedelta(days=self.settings.enrolment_days)
        own = self._of(CalendarKind.ENROLMENT_DRIVE)
        found = []
        for school in self._of(CalendarKind.SCHOOL_YEAR):
            for begins, _ in spans_of(school, first, last + length):
                last_day = begins - timedelta(days=1)
                if any(days_of(one, begins - 2 * length, last_day) for one in own):
                    continue
                if begins - length <= last and first <= last_day:
                    found.append(_drive(school, begins - length, last_day))
        return tuple(found)

    def week(self, week: Week) -> SeasonWeek:
        """Return what is on in a week."""
        days = week.days
        first, last = days[0], days[-1]
        entries = (*self.entries, *self.drives(first, last))
        on = tuple((e, found) for e in entries if (found := days_of(e, first, last)))
        factors = [e.factor for e in self._of(CalendarKind.SEASON) if e.factor > 1.0]
        return SeasonWeek(
            days=days,
            strengths=tuple(self.strength(day) for day in days),
            season_factor=max(factors, default=self.settings.coast_factor),
            on=on,
            coastal=self.coastal,
            settings=self.settings,
            school=any(self.is_school_day(day) for day in days),
        )

    def _of(self, kind: CalendarKind) -> tuple[CalendarEntry, ...]:
        return tuple(entry for entry in self.entries if entry.kind is kind)


def kinds_of(entry: CalendarEntry) -> tuple[PlaceKind, ...]:
    """Return the kinds of places that an entry concerns."""
    return entry.place_kinds or _USUAL_KINDS.get(entry.kind, ())


def _ramp(day: date, first: date, last: date, up: int, down: int) -> float:
    """Return the strength by a straight line: whole from first to last, nought beyond the ramps."""
    if day < first:
        return max(0.0, 1.0 - (first - day).days / (up + 1))
    return max(0.0, 1.0 - max((day - last).days, 0) / (down + 1))


def _raises(entry: CalendarEntry) -> bool:
    return entry.kind not in _NO_PLACE and (entry.factor > 1.0 or entry.kind in PURPOSES)


def _concerns(entry: CalendarEntry, place_id: str, kind: PlaceKind) -> bool:
    return place_id in entry.places if entry.places else kind in kinds_of(entry)


def _only(
    entry: CalendarEntry, days: Sequence[date], week: Sequence[date]
) -> tuple[tuple[date, TimeWindow | None], ...]:
    """Return when an entry is on, where that is not all week; a round has no hours of its own."""
    start, end = entry.start, entry.end
    if start is None or end is None:
        return () if len(days) == len(week) else tuple((day, None) for day in days)
    spans = []
    for day in days:
        last = day + timedelta(days=int(end <= start))
        opens, closes = datetime.combine(day, start, TIRANE), datetime.combine(last, end, TIRANE)
        spans.append((day, TimeWindow(opens=opens, closes=closes)))
    return tuple(spans)


def _drive(school: CalendarEntry, first: date, last: date) -> CalendarEntry:
    return CalendarEntry(
        id=f"{school.id}-enrolment-{first.year}",
        municipality=school.municipality,
        kind=CalendarKind.ENROLMENT_DRIVE,
        first=first,
        last=last,
    )
